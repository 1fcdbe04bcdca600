"""Where the embedded database keeps its data, its passwords and its socket."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from selaras.config.embedded.account import Account
from selaras.config.embedded.binaries import roots_home
from selaras.config.embedded.conf import PORT
from selaras.config.embedded.process import command_line
from selaras.config.embedded.roles import APP, LEDGER, OWNER, ROOT
from selaras.config.embedded.trouble import DatabaseTrouble

# The kernel keeps a socket's path in 108 bytes (104 on some systems); the file name inside the folder counts too.
_LONGEST = 100 - len(f"/.s.PGSQL.{PORT}")
_PATIENCE = 300.0


def open_folder(folder: Path) -> None:
    """Make the folder, closed to everybody else; say so when it belongs to another user."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        facts = folder.stat()
        if os.geteuid() not in (0, facts.st_uid):
            raise DatabaseTrouble(
                f"{folder} belongs to another user: run as that user, or set SELARAS_VAR to a folder of your own."
            )
        if facts.st_mode & 0o067:
            folder.chmod(0o700 | facts.st_mode & 0o010)
    except OSError as problem:
        raise DatabaseTrouble(f"{folder} cannot be made or opened: {problem.strerror}.") from None


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone. The kernel lets go when the process ends, however it ends: no stale lock can remain."""
    with (folder / "lock").open("a") as handle:
        give_up = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise DatabaseTrouble(
                        f"Another process has been busy with the database in {folder} for too long: end it."
                    ) from None
                time.sleep(0.1)
        yield


def data_of(folder: Path) -> Path:
    """Return where the data is, or would be, without making anything: inside, or where the pointer says."""
    try:
        return Path(json.loads((folder / "place.json").read_text())["data"])
    except FileNotFoundError:
        return folder / "data"
    except (OSError, ValueError, KeyError) as problem:
        raise DatabaseTrouble(f"{folder / 'place.json'} cannot be read ({type(problem).__name__}).") from None


def settle(folder: Path, account: Account) -> Path:
    """Choose once where the data lives and return it: inside the folder whenever the server's account can get there.

    As root the server runs under another account. Then the folder lets that account's group pass, and nobody else.
    When a parent is closed to it (a clone under /root), the data goes to /var/lib/selaras and the folder keeps a
    pointer: opening the parent would show everything else that lies there.
    """
    data = data_of(folder)
    if data != folder / "data" or data.exists():
        return data
    if not account.step_down:
        return data
    if account.may_pass(folder.resolve().parent):
        os.chown(folder, -1, account.gid)
        folder.chmod(0o710)
        return data
    home = roots_home() / f"data-{secrets.token_hex(6)}"
    home.mkdir(mode=0o710)
    os.chown(home, -1, account.gid)
    home.chmod(0o710)
    (home / "belongs-to").write_text(f"{folder.resolve()}\n")
    _write_private(folder / "place.json", json.dumps({"data": str(home / "data")}))
    return home / "data"


def socket_folder(folder: Path, account: Account) -> Path:
    """Make a short private folder for the socket, named by a hash of `folder`, and return it.

    A folder of that name that somebody else put there first is left alone: a random name is used instead. So is one
    in which a server still listens whose data was deleted under it: when it ends, it will delete the socket it finds.
    """
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    for name in (f"selaras-{mark}", f"selaras-{mark}-{secrets.token_hex(3)}"):
        for base in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108
            place = Path(base).resolve() / name
            if len(str(place)) > _LONGEST or not place.parent.is_dir() or not account.may_pass(place.parent):
                continue
            with contextlib.suppress(OSError):
                place.mkdir(mode=0o700, exist_ok=True)
                facts = place.lstat()
                if stat.S_ISDIR(facts.st_mode) and facts.st_uid in (os.geteuid(), account.uid) and _cleared(place):
                    place.chmod(0o700)
                    if facts.st_uid != account.uid:
                        os.chown(place, account.uid, account.gid)
                    return place
    raise DatabaseTrouble("The database socket needs a temporary folder with a short path: set TMPDIR to /tmp.")


def _cleared(place: Path) -> bool:
    """Remove what a dead server left in its socket folder; False when a living one still uses it."""
    lock = place / f".s.PGSQL.{PORT}.lock"
    if lock.exists():
        first = lock.read_text().split("\n", 1)[0]
        if first.isdigit() and "postgres" in command_line(int(first)):
            return False
        lock.unlink()
    (place / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
    return True


def passwords(folder: Path, *, fresh: bool) -> dict[str, str]:
    """Return role → password from secrets.json; with `fresh`, make the file first if it is missing."""
    path = folder / "secrets.json"
    if fresh and not path.exists():
        made = {role: secrets.token_urlsafe(32) for role in (ROOT, OWNER, APP, LEDGER)}
        _write_private(path, json.dumps(made, indent=1))
    try:
        known = json.loads(path.read_text())
    except FileNotFoundError:
        raise DatabaseTrouble(
            f"{path} is missing, and without its passwords nobody can open the data: put it back from a backup."
        ) from None
    except (OSError, ValueError) as problem:
        raise DatabaseTrouble(f"{path} cannot be read ({type(problem).__name__}).") from None
    return {role: known[role] for role in (ROOT, OWNER, APP, LEDGER)}


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all, on the disk before anything relies on it."""
    try:
        handle = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(handle)
        path.with_suffix(".new").replace(path)
    except OSError as problem:
        raise DatabaseTrouble(f"{path} cannot be written: {problem.strerror}.") from None
