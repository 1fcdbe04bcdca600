"""HMAC-SHA-256 (RFC 2104, FIPS 180-4) of short messages of four whole numbers, in a compiled loop.

A message is 32 bytes: what it is about, and up to three whole numbers, 64 bits each, highest byte first. One message
costs two rounds of SHA-256, as the key's own two rounds are done once.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.compiled import compiled, in_parts

U64 = npt.NDArray[np.uint64]
U32 = npt.NDArray[np.uint32]

KEY_BYTES = 32
_MARK = "selaras-linkage-key-1"
_ROOTS = (
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5, 0xD807AA98,
    0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786,
    0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8,
    0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13,
    0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819,
    0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A,
    0x5B9CCA4F, 0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7,
    0xC67178F2,
)  # fmt: skip
_K = np.array(_ROOTS, dtype=np.uint32)
_START = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19], dtype=np.uint32
)
# The key's block and a message or digest of 32 bytes: 96 bytes, in bits.
_LENGTH = np.uint32(96 * 8)


class BadKey(ValueError):
    """A key that is not used: key.missing, key.unreadable, key.length, key.open or key.there, without any of it."""


@dataclass(frozen=True, repr=False)
class Key:
    """A key as the two states that it leaves SHA-256 in; `id` names it without telling it."""

    inner: U32
    outer: U32
    id: str

    @staticmethod
    def of(secret: bytes) -> "Key":
        """The key of 32 secret bytes."""
        if len(secret) != KEY_BYTES:
            raise BadKey("key.length")
        states = []
        for pad in (0x36, 0x5C):
            state = _START.copy()
            block = bytes(b ^ pad for b in secret.ljust(64, b"\0"))
            _round(state, np.frombuffer(block, dtype=">u4").astype(np.uint32), np.empty(64, dtype=np.uint32))
            states.append(state)
        return Key(states[0], states[1], hmac.digest(secret, b"which key is this", "sha256").hex()[:16])


def read_key(path: Path) -> Key:
    """The key that a file holds; raises `BadKey`, also for a file that others can read."""
    try:
        if path.stat().st_mode & 0o077:
            raise BadKey("key.open")
        mark, _, secret = path.read_text(encoding="ascii").strip().partition(" ")
    except FileNotFoundError:
        raise BadKey("key.missing") from None
    except (OSError, UnicodeDecodeError):
        raise BadKey("key.unreadable") from None
    if mark != _MARK:
        raise BadKey("key.unreadable")
    try:
        secret_bytes = base64.b64decode(secret, validate=True)
    except ValueError:
        # The decoder's own words could quote the key.
        raise BadKey("key.unreadable") from None
    return Key.of(secret_bytes)


def make_key(path: Path) -> Key:
    """Make a new random key in a file that only its owner can read; an existing file is never overwritten."""
    secret = secrets.token_bytes(KEY_BYTES)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(f"{_MARK} {base64.b64encode(secret).decode()}\n", encoding="ascii")
    return Key.of(secret)


def keyed(key: Key, domain: int, a: Any, b: Any = 0, c: Any = 0) -> U64:
    """The first 64 bits of the HMAC of each message (domain, a, b, c); columns of whole numbers, or one for all."""
    columns = np.broadcast_arrays(*(np.asarray(column).astype(np.uint64) for column in (a, b, c)))
    one, two, three = (np.ascontiguousarray(column) for column in columns)
    out = np.empty(len(one), dtype=np.uint64)
    in_parts(
        len(out),
        lambda i, j: _keyed(key.inner, key.outer, np.uint64(domain), one[i:j], two[i:j], three[i:j], out[i:j]),
        least=1 << 12,
    )
    return out


@compiled
def _keyed(inner: U32, outer: U32, domain: Any, a: U64, b: U64, c: U64, out: U64) -> None:
    room, digest = np.empty(64, dtype=np.uint32), np.empty(8, dtype=np.uint32)
    for at in range(len(out)):
        digest_of(inner, outer, domain, a[at], b[at], c[at], room, digest)
        out[at] = np.uint64(digest[0]) << np.uint64(32) | np.uint64(digest[1])


@compiled
def digest_of(inner: U32, outer: U32, domain: Any, a: Any, b: Any, c: Any, room: U32, digest: U32) -> None:
    """The whole HMAC of one message into `digest`; `room` is 64 numbers to work in."""
    room[0], room[1] = np.uint32(domain >> np.uint64(32)), np.uint32(domain & np.uint64(0xFFFFFFFF))
    room[2], room[3] = np.uint32(a >> np.uint64(32)), np.uint32(a & np.uint64(0xFFFFFFFF))
    room[4], room[5] = np.uint32(b >> np.uint64(32)), np.uint32(b & np.uint64(0xFFFFFFFF))
    room[6], room[7] = np.uint32(c >> np.uint64(32)), np.uint32(c & np.uint64(0xFFFFFFFF))
    digest[:] = inner
    _finish(digest, room)
    room[:8] = digest
    digest[:] = outer
    _finish(digest, room)


@compiled
def _finish(state: U32, room: U32) -> None:
    """One last block: the 32 bytes that lie in `room`, the end mark and the length."""
    room[8] = np.uint32(0x80000000)
    room[9:15] = np.uint32(0)
    room[15] = _LENGTH
    _round(state, room, room)


@compiled
def _turned(x: Any, by: int) -> Any:
    return np.uint32((x >> np.uint32(by)) | (x << np.uint32(32 - by)))


@compiled
def _round(state: U32, block: U32, w: U32) -> None:
    """SHA-256 of one block of sixteen numbers into `state`; `w` is 64 numbers to work in, `block` may be its start."""
    for t in range(16):
        w[t] = block[t]
    for t in range(16, 64):
        x, y = w[t - 15], w[t - 2]
        low = _turned(x, 7) ^ _turned(x, 18) ^ np.uint32(x >> np.uint32(3))
        high = _turned(y, 17) ^ _turned(y, 19) ^ np.uint32(y >> np.uint32(10))
        w[t] = np.uint32(w[t - 16] + low + w[t - 7] + high)
    a, b, c, d, e, f, g, h = state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
    for t in range(64):
        big = _turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)
        first = np.uint32(h + big + ((e & f) ^ (~e & g)) + _K[t] + w[t])
        small = _turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)
        second = np.uint32(small + ((a & b) ^ (a & c) ^ (b & c)))
        h, g, f, e, d, c, b, a = g, f, e, np.uint32(d + first), c, b, a, np.uint32(first + second)
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e
    state[5] += f
    state[6] += g
    state[7] += h
