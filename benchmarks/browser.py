"""An officer's browser as far as a load needs one: cookies, the token of forms, redirects; over HTTP or straight into WSGI."""

import http.client
import io
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

HOST = "127.0.0.1"
WALL, CPU = "X-Bench-Wall", "X-Bench-Cpu"  # what served.py adds to each answer
RESTED = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers in small letters, body, and what the server says it took, in seconds."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes

    @property
    def wall(self) -> float:
        """Give the seconds between the server's first and last line of work for this answer."""
        return float(self.headers.get(WALL.lower(), 0))

    @property
    def cpu(self) -> float:
        """Give the CPU seconds of the thread that answered."""
        return float(self.headers.get(CPU.lower(), 0))

    @property
    def location(self) -> str:
        """Give where the answer sends the browser, without the host."""
        parts = urlsplit(self.headers.get("location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Way(Protocol):
    """How a request reaches the application."""

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer: ...


def _cookies(lines: list[str]) -> dict[str, str]:
    first = (line.split(";", 1)[0].strip() for line in lines)
    return dict(pair.split("=", 1) for pair in first if "=" in pair)


class OverHttp:
    """One connection to the server that is kept open."""

    def __init__(self, port: int) -> None:
        self.port, self.connection, self.used = port, self._open(port), time.monotonic()

    @staticmethod
    def _open(port: int) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        connection.connect()
        # Head and body leave in two packets: without this the second waits for the other side's acknowledgement.
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send once, never twice; a connection that rested is opened anew first, since the server closes such after a while."""
        if self.connection.sock is None or time.monotonic() - self.used > RESTED:
            self.connection.close()
            self.connection = self._open(self.port)
        self.used = time.monotonic()
        self.connection.request(method, path, body or None, headers)
        got = self.connection.getresponse()
        text = got.read()
        pairs = got.getheaders()
        return Answer(
            got.status,
            {k.lower(): v for k, v in pairs},
            _cookies([v for k, v in pairs if k.lower() == "set-cookie"]),
            text,
        )


class InProcess:
    """Straight into a WSGI application of this process, for measuring what happens inside."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Call the application as a server would."""
        route, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": route, "QUERY_STRING": query, "SERVER_NAME": HOST, "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": HOST, "CONTENT_LENGTH": str(len(body)), "SCRIPT_NAME": "",
            "CONTENT_TYPE": headers.get("Content-Type", ""), "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        environ |= {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in headers.items() if k != "Content-Type"}
        kept: list[Any] = []
        made = self.application(environ, lambda status, pairs, *rest: kept.extend((status, pairs)))
        text = b"".join(made)
        if hasattr(made, "close"):
            made.close()
        status, pairs = kept
        return Answer(
            int(status.split()[0]),
            {k.lower(): v for k, v in pairs},
            _cookies([v for k, v in pairs if k.lower() == "set-cookie"]),
            text,
        )


@dataclass(slots=True)
class Officer:
    """One signed-in session of a member of the cast."""

    key: str
    way: Way
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send one request with the session's cookies."""
        headers = {
            "Host": "localhost",
            "Accept-Language": "id",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        body = b""
        if method == "POST":
            body = urlencode(form or {}).encode()
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
            }
        answer = self.way.send(method, path, body, headers)
        self.cookies.update(answer.cookies)
        return answer

    def sign_in(self) -> "Officer":
        """Sign in on the demo's page, as a person would: look at the page, press the button."""
        if self.ask("GET", "/demo/").status != 200:
            raise SystemExit("the server does not offer the demo's sign-in")
        answer = self.ask("POST", f"/demo/{self.key}/")
        if answer.status != 302 or "selaras_session" not in self.cookies:
            raise SystemExit(f"{self.key} cannot sign in: {answer.status}")
        return self
