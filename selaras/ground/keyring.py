"""The keys of this copy: for values and files, for indexes, for seals, for sessions; each with an id, so that they can turn."""

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from selaras.engines.sealing import index_of, key_id_of, open_value, seal_value


class KeyFault(RuntimeError):
    """A key ring that is missing, open to others, or incomplete."""


@dataclass(frozen=True)
class KeyRing:
    """All keys in memory: id → 32 bytes; the current one of each kind seals, the others still open."""

    data: dict[int, bytes]
    current: int
    index: bytes
    seal: dict[str, bytes]
    seal_current: str
    session: str
    made_for: str

    def seal_text(self, text: str, place: str) -> bytes:
        """Seal a text for one place under the current key."""
        return seal_value(text.encode(), key_id=self.current, key=self.data[self.current], place=place)

    def open_text(self, sealed: bytes, place: str) -> str:
        """Open a sealed text for its place."""
        return open_value(bytes(sealed), keys=self.data, place=place).decode()

    def derived(self, purpose: str) -> bytes:
        """Give a key for one purpose, made from the current data key: it changes when that key turns."""
        return hashlib.blake2b(purpose.encode(), key=self.data[self.current], digest_size=32).digest()

    def is_current(self, sealed: bytes) -> bool:
        """Say whether a value is sealed under the current key."""
        return key_id_of(bytes(sealed)) == self.current

    def index_of(self, kind: str, value: str) -> UUID:
        """Give the keyed index by which a number is found."""
        return index_of(kind, value, key=self.index)

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign a seal; give the key's id and the signature."""
        return self.seal_current, Ed25519PrivateKey.from_private_bytes(self.seal[self.seal_current]).sign(message)

    def seal_public(self, key_id: str) -> Ed25519PublicKey | None:
        """Give the public half of a seal key, or None when it is unknown."""
        raw = self.seal.get(key_id)
        return None if raw is None else Ed25519PrivateKey.from_private_bytes(raw).public_key()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def new_ring(made_for: str) -> dict[str, Any]:
    """Make a fresh key ring in the form in which it is stored."""
    return {
        "form": 1,
        "made_for": made_for,
        "current": 1,
        "data": {"1": _b64(os.urandom(32))},
        "index": _b64(os.urandom(32)),
        "seal_current": "s1",
        "seal": {"s1": _b64(Ed25519PrivateKey.generate().private_bytes_raw())},
        "session": secrets.token_urlsafe(50),
    }


def write_ring(path: Path, ring: dict[str, Any]) -> None:
    """Store a key ring for the owner's eyes only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(ring, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, path)


def make_ring_once(path: Path, made_for: str) -> None:
    """Make a key ring unless one is there; two processes that try at once end with one ring."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.new")
    write_ring(part, new_ring(made_for))
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def read_ring(path: Path) -> KeyRing:
    """Read a key ring; refuse one that others on the machine may read."""
    try:
        mode = path.stat().st_mode & 0o077
        raw = json.loads(path.read_text())
    except FileNotFoundError as fault:
        raise KeyFault(
            f"no key ring at {path}: make one with `selaras keys new`, or restore it from your backup"
        ) from fault
    except json.JSONDecodeError as fault:
        raise KeyFault(f"the key ring at {path} is not readable: restore it from your backup") from fault
    if mode:
        raise KeyFault(f"the key ring at {path} is open to others: run chmod 600 on it")
    return KeyRing(
        data={int(i): base64.b64decode(k) for i, k in raw["data"].items()},
        current=int(raw["current"]),
        index=base64.b64decode(raw["index"]),
        seal={i: base64.b64decode(k) for i, k in raw["seal"].items()},
        seal_current=raw["seal_current"],
        session=raw["session"],
        made_for=raw["made_for"],
    )


def add_data_key(path: Path) -> int:
    """Add a new key for values and files and make it the current one; give its id. Old values still open."""
    raw = json.loads(path.read_text())
    fresh = max(int(i) for i in raw["data"]) + 1
    raw["data"][str(fresh)] = _b64(os.urandom(32))
    raw["current"] = fresh
    write_ring(path, raw)
    return fresh


_held: dict[tuple[str, int, int], KeyRing] = {}


def ring() -> KeyRing:
    """Give the key ring of this copy, read anew when its file was changed: a key that another process turned is known at once."""
    path = str(settings.SELARAS_KEYS)
    try:
        now = os.stat(path)
        mark = (path, now.st_mtime_ns, now.st_ino)
    except OSError:
        # whoever takes the file away after the start leaves the keys in memory
        mark = next((m for m in list(_held) if m[0] == path), (path, 0, 0))
    held = _held.get(mark)
    if held is None:
        held = read_ring(Path(path))
        _held.clear()
        _held[mark] = held
    return held
