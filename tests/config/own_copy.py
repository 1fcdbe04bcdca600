"""A copy of the portal of a test's own: its folder, its database, its supervised processes, and an officer who hands files in."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psycopg

from selaras.config.embedded import Embedded
from selaras.config.serve import free_port
from selaras.samples.enter import AGREEMENT
from tests.early import ROOT

PREPARE = """
from selaras.config.main import set_up
set_up("owner")
from selaras.ground.setting_up import prepare_database
from selaras.samples.enter import enter_cast, sign_the_agreement
prepare_database(lambda step: None)
enter_cast()
sign_the_agreement()
"""
TAKE_UP = """
from selaras.config.main import set_up
set_up("app")
from procrastinate.exceptions import AlreadyEnqueued
from selaras.ground.jobs import retry_stalled
try:
    retry_stalled.defer(timestamp=0)
except AlreadyEnqueued:
    pass
"""
# what the tests' own process was told about its own database
NOT_OURS = ("DATABASE_", "SELARAS_")


def wait_for(condition: Callable[[], Any], seconds: float = 60, pause: float = 0.05, tell: Callable[[], str] = str) -> Any:
    """Give the first true answer, or fail after `seconds` with what `tell` says."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, f"it did not come to that in time\n{tell()}"
        time.sleep(pause)
    return found


class Copy:
    """One copy under a folder; `serve` runs it as an operator does, with `selaras serve`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Embedded(folder / "pg")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(NOT_OURS)}
        self.environment = kept | {"SELARAS_VAR": str(folder), "SELARAS_DEMO_SIGN_IN": "yes", "DJANGO_SETTINGS_MODULE": "selaras.config.settings"}
        self.serving: subprocess.Popen[bytes] | None = None
        self.port = 0

    def run(self, script: str) -> None:
        """Run a piece of Python in this copy."""
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=self.environment, capture_output=True, timeout=200)
        assert done.returncode == 0, done.stderr.decode()[-2000:]

    def prepare(self) -> None:
        """Tables, locks, places, offices, cast, agreement."""
        self.run(PREPARE)
        self.owner = self.database.ensure().owner

    def serve(self) -> None:
        """Start the portal and wait until it answers."""
        self.port = free_port("127.0.0.1", 18_000 + os.getpid() % 10_000, search=True)
        command = [sys.executable, "-m", "selaras", "serve", "--port", str(self.port), "--workers", "1"]
        with (self.folder / "log").open("ab") as log:
            self.serving = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_for(self.healthy, 120, 0.3)

    def healthy(self) -> bool:
        """Whether the web server answers and has its database."""
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/health/", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def end(self) -> None:
        """Stop everything and leave nothing."""
        if self.serving is not None:
            self.serving.terminate()
            try:
                self.serving.wait(60)
            except subprocess.TimeoutExpired:
                self.serving.kill()
        self.database.remove()

    def child(self, what: str) -> int:
        """The process that the supervisor runs now: web, worker or database."""
        if what == "database":
            return wait_for(lambda: self.database.status().pid)
        assert self.serving is not None
        sign = " selaras.config.web " if what == "web" else " selaras worker "
        return wait_for(lambda: next((pid for pid in _children(self.serving.pid) if sign in _command(pid)), None))

    def ask(self, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask this copy's database, as its owner, whom no policy holds."""
        with psycopg.connect(self.owner, autocommit=True) as db:
            return db.execute(statement, params or None).fetchall()

    def tell(self, *statements: str) -> None:
        """Change something in this copy's database as its owner."""
        with psycopg.connect(self.owner, autocommit=True) as db:
            for statement in statements:
                db.execute(statement)

    def workers(self) -> list[int]:
        """The workers that the queue knows of, dead ones included."""
        return [row[0] for row in self.ask("select id from procrastinate_workers")]

    def an_hour_later(self, dead: Sequence[int]) -> None:
        """Let these workers have been silent for an hour, and let one that lives look after stalled jobs now, not at the full minute."""
        self.ask("update procrastinate_workers set last_heartbeat = now() - interval '1 hour' where id = any(%s) returning id", (list(dead),))
        self.run(TAKE_UP)

    def how_it_stands(self) -> str:
        """What somebody would look at first who wonders why it does not go on."""
        told = [
            str(self.ask(statement))
            for statement in (
                "select id, queue_name, task_name, status, attempts, worker_id from procrastinate_jobs where task_name not like '%seal%'",
                "select id, now() - last_heartbeat from procrastinate_workers",
                "select state, progress, fault from reconcile_delivery",
                "select pid, locktype, mode, objid, relation::regclass from pg_locks where not granted",
                "select state, progress, fault, started_at from reconcile_run",
            )
        ]
        return "\n".join([*told, *(self.folder / "log").read_text().splitlines()[-15:]])


class Visitor:
    """An officer of the cast at this copy's portal."""

    def __init__(self, copy: Copy, who: str) -> None:
        self.copy = copy
        self.base = f"http://localhost:{copy.port}"
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self._post(f"/demo/{who}/", f"csrfmiddlewaretoken={self._token('/demo/')}".encode(), "application/x-www-form-urlencoded")

    def _token(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        assert found, f"no form on {path}"
        return found[1]

    def _post(self, path: str, body: bytes, kind: str) -> str:
        asked = urllib.request.Request(self.base + path, body, {"Content-Type": kind, "Referer": self.base + path})
        with self.opener.open(asked, timeout=120) as answer:
            return str(answer.geturl())

    def _form(self, source: str, file: Path) -> tuple[bytes, str]:
        edge = "edge-of-the-parts"
        given = {"csrfmiddlewaretoken": self._token("/deliveries/hand-in/"), "source": source, "agreement": AGREEMENT, "whole": "on"}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in given.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\nContent-Type: text/csv\r\n\r\n'
        return b"".join([*parts, head.encode(), file.read_bytes(), f"\r\n--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"

    def hands_in(self, source: str, file: Path) -> str:
        """Hand a whole register in by the page; give the delivery's id."""
        url = self._post("/deliveries/hand-in/", *self._form(source, file))
        found = re.search(r"/deliveries/([0-9a-f-]{36})/", urllib.parse.urlsplit(url).path)
        assert found, url
        return found[1]

    def begins_to_hand_in(self, source: str, file: Path) -> socket.socket:
        """Send half of the form, and leave the line open."""
        body, kind = self._form(source, file)
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.jar)
        head = f"POST /deliveries/hand-in/ HTTP/1.1\r\nHost: localhost:{self.copy.port}\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\n"
        line = socket.create_connection(("127.0.0.1", self.copy.port), timeout=30)
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
        return line


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
