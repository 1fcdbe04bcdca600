"""The system account under which the embedded database runs."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selaras.config.embedded.trouble import DatabaseTrouble

NAME = "selaras-pg"


@dataclass(frozen=True)
class Account:
    """A user and group id, and whether a child process has to step down from root to become them."""

    uid: int
    gid: int
    step_down: bool

    @property
    def child(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` run a child under this account, without root's other groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.step_down else {}

    def may_pass(self, path: Path) -> bool:
        """Tell whether every folder from the root down to `path` lets this account through."""
        for folder in (path, *path.parents):
            facts = folder.stat()
            shift = 6 if facts.st_uid == self.uid else 3 if facts.st_gid == self.gid else 0
            if not facts.st_mode >> shift & 0o1:
                return False
        return True


def choose(data: Path | None) -> Account:
    """Say who runs the server: ourselves; when we are root, the owner of existing data, else a system user of its own.

    PostgreSQL refuses to run as root, because whoever breaks into the server would own the machine.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), step_down=False)
    if data and data.exists() and (facts := data.stat()).st_uid != 0:
        return Account(facts.st_uid, facts.st_gid, step_down=True)
    entry = _find(NAME) or _create() or _find("nobody")
    if entry is None:
        raise DatabaseTrouble(
            f"PostgreSQL refuses to run as root and no other account could be made: create a user called {NAME}."
        )
    return Account(entry.pw_uid, entry.pw_gid, step_down=True)


def _find(name: str) -> pwd.struct_passwd | None:
    """Look an account up by name."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd | None:
    """Create the system user with whichever tool this system has; None when it has neither or refuses."""
    attempts = (
        ["useradd", "--system", "--user-group", "--no-create-home", "-d", "/nonexistent", "-s", "/bin/false"],
        ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/bin/false"],
    )
    for tool, *options in attempts:
        if path := shutil.which(tool, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin"):
            # Two first starts at the same moment: the slower one is refused, and finds the user all the same.
            subprocess.run([path, *options, NAME], capture_output=True, check=False)  # noqa: S603
            if entry := _find(NAME):
                return entry
    return None
