"""The PostgreSQL programs as child processes, and the running server as its pid file tells it."""

import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from selaras.config.embedded.account import Account
from selaras.config.embedded.conf import PORT
from selaras.config.embedded.trouble import DatabaseTrouble

_PATIENCE = 5.0
_ENCRYPTED_QUESTION = 80877103


def run(command: Sequence[str | Path], account: Account, *, text: str = "") -> tuple[int, str]:
    """Run one program under the account and return its exit code and everything it said.

    Nothing of our environment goes along: a PGDATA or LD_LIBRARY_PATH of the caller would change what it does.
    The output goes through a file, because a server that the program leaves behind would hold a pipe open for ever.
    """
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        try:
            code = subprocess.run(  # noqa: S603
                command, stdin=given, stdout=output, stderr=output, cwd="/", env=clean, check=False, **account.child
            ).returncode
        except (PermissionError, FileNotFoundError) as problem:
            raise DatabaseTrouble(f"{command[0]} cannot be run: {problem.strerror}.") from None
        output.seek(0)
        return code, output.read().decode(errors="replace")


@dataclass(frozen=True)
class Postmaster:
    """A server as described by postmaster.pid in its data folder."""

    pid: int
    sockets: Path
    state: str

    @classmethod
    def of(cls, data: Path) -> "Postmaster | None":
        """Read the pid file; None when there is none, it is not yet complete, or its process is not our server."""
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError:
            raise DatabaseTrouble(f"{data} belongs to another user: run as that user, or set SELARAS_VAR.") from None
        if len(lines) < 8 or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        line = command_line(pid)
        return cls(pid, Path(lines[4]), lines[7].strip()) if "postgres" in line and str(data) in line else None

    def answers(self) -> bool:
        """Tell whether the server takes connections now."""
        return self.state == "ready" and self.probe() is True

    def probe(self) -> bool | None:
        """Knock at the socket: True if a server answers, None if it is slow or about to end, False if there is none.

        The knock is the protocol's question for encryption, which only a living server answers (with one letter):
        the kernel alone would accept a connection for a server that is being killed.
        """
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(_PATIENCE)
            try:
                knock.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
                knock.sendall(struct.pack("!II", 8, _ENCRYPTED_QUESTION))
                return True if knock.recv(1) else None
            except (FileNotFoundError, ConnectionRefusedError):
                return False
            except OSError:
                return None


class Logs:
    """What the server writes: its first words to one file, everything after that to files in a folder."""

    def __init__(self, data: Path) -> None:
        self.first = data / "start.log"
        self._folder = data / "log"
        self._sizes: dict[Path, int] = {}

    def mark(self) -> None:
        """Remember how far each file goes now."""
        self._sizes = {path: path.stat().st_size for path in self._files()}

    def since_mark(self) -> str:
        """Return what was added since `mark`."""
        return "".join(path.read_bytes()[self._sizes.get(path, 0) :].decode(errors="replace") for path in self._files())

    def _files(self) -> list[Path]:
        """List the files that exist."""
        return [path for path in (self.first, *sorted(self._folder.glob("*.log"))) if path.exists()]


def command_line(pid: int) -> str:
    """Return the command line of a living process; empty when it has ended, be it that nobody has buried it yet."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return ""
    asked = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, check=False)  # noqa: S603, S607
    return asked.stdout.decode(errors="replace")


def drop_stale_pid_file(data: Path) -> None:
    """Remove a pid file whose number now belongs to another program or to a dead process that nobody has buried.

    PostgreSQL clears a file whose process is gone, but takes any process of that number for a server. The file also
    guards against a second server while children of a killed one still write, so they are waited for first.
    """
    path = data / "postmaster.pid"
    try:
        first = path.read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return
    if first.isdigit() and "postgres" in (line := command_line(int(first))) and str(data) in line:
        return
    give_up = time.monotonic() + 60
    while _anybody_in(data):
        if time.monotonic() > give_up:
            raise DatabaseTrouble(f"Processes of a server that was killed still use {data}: end them, then try again.")
        time.sleep(0.1)
    path.unlink(missing_ok=True)


def _anybody_in(data: Path) -> bool:
    """Tell whether a process works in the data folder, as every process of a server does."""
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() == data:
                return True
        except OSError:  # it ended, or is another user's and so not our server
            continue
    return False
