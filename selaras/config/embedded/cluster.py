"""One embedded PostgreSQL server that belongs to one folder: made, started, found, stopped."""

import contextlib
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from selaras.config.embedded import account, binaries, conf, place, roles
from selaras.config.embedded.account import Account
from selaras.config.embedded.process import Logs, Postmaster, drop_stale_pid_file, run
from selaras.config.embedded.trouble import DatabaseTrouble, explained

_RECOVERY_SECONDS = 900  # after a crash the server replays its log before it answers
_STARTED_HERE: set[Path] = set()


@dataclass(frozen=True)
class Urls:
    """How each role reaches the database: libpq addresses with passwords, so never print them."""

    app: str
    owner: str
    ledger: str


@dataclass(frozen=True)
class Status:
    """Whether the server runs, where its data is, and through which folder it is reached."""

    running: bool
    data: Path
    sockets: Path | None
    pid: int | None


class Embedded:
    """The database of one folder. Every method may be called by several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def ensure(self) -> Urls:
        """Make the database if there is none, start it if it does not run, leave it running; return its addresses."""
        place.open_folder(self.folder)
        server = self._answering()
        if server is None:
            with place.locked(self.folder):
                server = self._answering() or self._start()
        return self._urls(server)

    def start(self) -> Urls:
        """Start the server: another name for `ensure`, for the command line."""
        return self.ensure()

    def stop(self) -> bool:
        """Stop the server in good order, ending open connections; tell whether one ran."""
        if not self.folder.exists():
            return False
        place.open_folder(self.folder)
        with place.locked(self.folder):
            data = place.data_of(self.folder)
            if Postmaster.of(data) is None:
                return False
            who = account.choose(data)
            self._stop(data, who, binaries.programs(who))
            return True

    def status(self) -> Status:
        """Look without touching anything."""
        data = place.data_of(self.folder)
        server = Postmaster.of(data)
        running = server is not None and server.answers()
        return Status(running, data, server.sockets if server else None, server.pid if server else None)

    def remove(self) -> None:
        """Stop the server and delete data and passwords: nothing of the database is left."""
        self.stop()
        if not self.folder.exists():
            return
        with place.locked(self.folder):
            data = place.data_of(self.folder)
            shutil.rmtree(data.parent if data.parent != self.folder else data, ignore_errors=True)
            _sweep(data)
            for name in ("secrets.json", "place.json"):
                (self.folder / name).unlink(missing_ok=True)

    @property
    def started_here(self) -> bool:
        """Tell whether it was this process that started the server, and so may stop it again."""
        return self.folder in _STARTED_HERE

    def _answering(self) -> Postmaster | None:
        """Return the server if it takes connections now: the quick way of every command."""
        server = Postmaster.of(place.data_of(self.folder))
        return server if server and server.answers() else None

    def _urls(self, server: Postmaster) -> Urls:
        """Address the roles through the socket of the running server, refusing anything but SCRAM.

        Without `require_auth` a false server at the same socket could ask for the password in clear text.
        """
        known = place.passwords(self.folder, fresh=False)
        sockets = quote(str(server.sockets), safe="")
        tail = f"@/{roles.DATABASE}?host={sockets}&port={conf.PORT}&require_auth=scram-sha-256"
        return Urls(*(f"postgresql://{role}:{known[role]}{tail}" for role in (roles.APP, roles.OWNER, roles.LEDGER)))

    def _start(self) -> Postmaster:
        """Bring the server up, whatever state the last one left; the caller holds the lock."""
        who = account.choose(place.data_of(self.folder))
        programs = binaries.programs(who)
        data = place.settle(self.folder, who)
        if not (data / "PG_VERSION").exists():
            self._make(data, who, programs)
        self._check_version(data)
        place.passwords(self.folder, fresh=False)
        self._clear_the_way(data, who, programs)
        if server := self._answering():
            return server
        try:
            conf.write(data, place.socket_folder(self.folder, who), (who.uid, who.gid))
        except OSError as problem:
            raise explained(str(problem), str(data), "The database's settings cannot be written") from None
        self._launch(data, who, programs)
        server = self._answering()
        if server is None:
            raise DatabaseTrouble(f"The database stopped right after its start: see the log in {data / 'log'}.")
        _STARTED_HERE.add(self.folder)
        return server

    def _make(self, data: Path, who: Account, programs: Path) -> None:
        """Make a new database beside its final place, with roles and passwords, and move it there when it is whole.

        No server ever runs without passwords: the roles are made in single-user mode, which has no connections.
        The place has a name of its own each time: initdb outlives a start that was killed and still writes in its own.
        """
        making = data.with_name(f"{data.name}.making-{secrets.token_hex(6)}")
        _sweep(data)
        try:
            making.mkdir(mode=0o700)
            if who.step_down:
                shutil.chown(making, who.uid, who.gid)
        except OSError as problem:
            raise explained(str(problem), str(data.parent), "The database folder cannot be made") from None
        known = place.passwords(self.folder, fresh=True)
        code, said = run(
            [
                *(programs / "initdb", "--pgdata", making, "--username", roles.ROOT, "--auth", "reject"),
                *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                *("--data-checksums", "--no-instructions"),
            ],
            who,
        )
        if code != 0:
            raise explained(said, str(data.parent), "The database could not be made")
        literals = {role: f"'{password}'" for role, password in known.items()}  # URL-safe base64: no quotes in it
        sql = "\n".join(roles.statements(literals, embedded=True)) + "\n"
        quiet = ("-c", "password_encryption=scram-sha-256", "-c", "log_min_error_statement=panic")
        code, said = run([programs / "postgres", "--single", "-D", making, *quiet, "postgres"], who, text=sql)
        if code != 0 or "ERROR:" in said or "FATAL:" in said:
            raise explained(said, str(data.parent), "The database roles could not be made")
        making.rename(data)
        _sweep(data)

    def _check_version(self, data: Path) -> None:
        """Refuse data of another major version with advice, before the server refuses it with a riddle."""
        found = (data / "PG_VERSION").read_text().strip()
        if found != str(binaries.MAJOR):
            raise DatabaseTrouble(
                f"The data in {data} was made by PostgreSQL {found} and this copy brings {binaries.MAJOR}: make a"
                " backup with the version of Selaras that made it, then restore it here (docs/operations.md, Upgrade)."
            )

    def _clear_the_way(self, data: Path, who: Account, programs: Path) -> None:
        """Deal with what an earlier server left: still starting, ending, cut off from its socket, or only its pid file.

        A server that is merely slow is waited for and never stopped: a command run beside it must not end it.
        """
        drop_stale_pid_file(data)
        give_up = time.monotonic() + _RECOVERY_SECONDS
        cut_off = 0
        while server := Postmaster.of(data):
            knock = server.probe() if server.state == "ready" else None
            if knock:
                return
            cut_off = cut_off + 1 if knock is False else 0
            if cut_off > 10:  # alive, but its socket was swept away, as temporary folders sometimes are
                return self._stop(data, who, programs)
            if time.monotonic() > give_up:
                raise DatabaseTrouble(f"The database (process {server.pid}) does not answer: see {data / 'log'}.")
            time.sleep(0.1)

    def _launch(self, data: Path, who: Account, programs: Path) -> None:
        """Start the server in a session of its own, so that it outlives the command that needed it first."""
        logs = Logs(data)
        command: list[str | Path] = [
            programs / "pg_ctl",
            "start",
            "-D",
            data,
            "-l",
            logs.first,
            "-w",
            "-t",
            str(_RECOVERY_SECONDS),
            "-s",
        ]
        give_up = time.monotonic() + 30
        while True:
            logs.mark()
            code, said = run(command, who)
            if code == 0:
                return
            said += logs.since_mark()
            # After kill -9 of the server its children need a moment to notice; until then they hold the memory.
            if "shared memory block" not in said or time.monotonic() > give_up:
                raise explained(said, str(data), "The database did not start")
            time.sleep(0.3)

    def _stop(self, data: Path, who: Account, programs: Path) -> None:
        """Stop in good order, and at once if that takes too long; either way nothing committed is lost."""
        server = Postmaster.of(data)
        for mode, patience in (("fast", 60), ("immediate", 30)):
            command: list[str | Path] = [
                programs / "pg_ctl",
                "stop",
                "-D",
                data,
                "-m",
                mode,
                "-w",
                "-t",
                str(patience),
                "-s",
            ]
            code, said = run(command, who)
            if code == 0 or Postmaster.of(data) is None:
                _STARTED_HERE.discard(self.folder)
                if server:
                    with contextlib.suppress(OSError):  # not empty after a crash: the next start clears it
                        server.sockets.rmdir()
                return
        raise explained(said, str(data), "The database did not stop")


def _sweep(data: Path) -> None:
    """Delete what starts that were killed left half made; what an initdb still writes in goes with the next sweep."""
    for half in data.parent.glob(f"{data.name}.making*"):
        shutil.rmtree(half, ignore_errors=True)


def urls(folder: Path) -> Urls:
    """Start the embedded database of `folder` if it does not run and return how each role reaches it."""
    return Embedded(folder).ensure()
