"""The keys that sign cards, credentials and status lists: read from a file of their own, never from the database."""

import json
import os
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from selaras.engines.passes.keys import USES, Keys, fresh_keys, read_keys
from selaras.engines.reason import Unfit
from selaras.ground.keyring import KeyFault, write_ring

ADDRESS = "/check/card/"
"""Where the public door speaks of cards; what cards and credentials name must stay where it is."""

_held: dict[tuple[str, int, int], Keys] = {}
_making = threading.Lock()


def card_keys() -> Keys:
    """Give the keys that sign, read anew when their file was changed; the demo and tests make their own file."""
    path = Path(settings.SELARAS_CARD_KEYS)
    if settings.SELARAS_MODE != "production" and not path.exists():
        _make_once(path)
    try:
        now = path.stat()
    except OSError as fault:
        raise KeyFault(f"no keys that sign cards at {path}: make them with `selaras pass new-keys`, or restore your backup") from fault
    mark = (str(path), now.st_mtime_ns, now.st_ino)
    found = _held.get(mark)
    if found is None:
        found = read_card_keys(path)
        _held.clear()
        _held[mark] = found
    return found


def keys_there() -> bool:
    """Say whether this copy issues cards at all: a production without keys that sign them leaves their step to be done by hand."""
    return settings.SELARAS_MODE != "production" or Path(settings.SELARAS_CARD_KEYS).exists()


def read_card_keys(path: Path, on: date | None = None) -> Keys:
    """Read a file of signing keys; refuse one that others may read, and with a day one in which no key signs for a use on it."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFault(f"the keys that sign cards at {path} are open to others: run chmod 600 on them")
        keys = read_keys(json.loads(path.read_text()))
        for use in USES if on else ():
            keys.signer(use, on or date.min)
    except OSError as fault:
        raise KeyFault(f"no keys that sign cards at {path}: make them with `selaras pass new-keys`, or restore your backup") from fault
    except Unfit as fault:
        raise KeyFault(f"the keys that sign cards at {path} cannot be used: {fault}") from fault
    except ValueError as fault:
        raise KeyFault(f"the keys that sign cards at {path} are not readable: restore them from your backup") from fault
    return keys


def made_for(path: Path) -> str:
    """Say for which kind of copy a file of signing keys was made; one that `selaras pass new-keys` made says nothing."""
    return str(json.loads(path.read_text()).get("made_for", ""))


def public_keys() -> Keys:
    """Give the keys as verifiers get them, with the issuer for whom they speak."""
    return Keys(card_keys().public().keys, issuer=issuer())


def issuer() -> str:
    """Name this copy as credentials name their issuer."""
    return str(settings.SELARAS_PUBLIC_URL).rstrip("/")


def list_address(name: str) -> str:
    """Give the address at which a status list is fetched; its last part is the name that cards carry."""
    return f"{issuer()}{ADDRESS}status/{name}"


def verifier_address() -> str:
    """Give the address that stands before the code on paper: the verifier's page, which any camera opens."""
    return f"{issuer()}{ADDRESS}here/"


def _make_once(path: Path) -> None:
    """Make keys unless they are there; two threads or processes that try at once end with one file."""
    with _making:
        if not path.exists():
            _make(path)


def _make(path: Path) -> None:
    # Lists are dated in UTC, where the day begins later than in Jakarta.
    since = datetime.now(UTC).date() - timedelta(days=1)
    part = path.with_name(f"{path.name}.{os.getpid()}.new")
    write_ring(part, fresh_keys(since).as_json() | {"made_for": settings.SELARAS_MODE})
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
