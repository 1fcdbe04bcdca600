"""Runs the portal: the web server, the queue's worker and, where it is ours, the database, under one supervisor."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable

import click
from django.conf import settings
from django.core.management import call_command

from selaras.config.embedded import Embedded
from selaras.config.supervisor import Child, Supervisor


class PortTaken(click.ClickException):
    """The port cannot be had; the text says why and what to do."""


def free_port(host: str, port: int, *, search: bool = False) -> int:
    """Return `port` if it can be had on `host`, with `search` the next free one; PortTaken says why not."""
    for candidate in range(port, port + (20 if search else 1)):
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, candidate, type=socket.SOCK_STREAM, family=_family(host))[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except socket.gaierror:
            raise PortTaken(f"There is no address called {host} on this machine.") from None
        except PermissionError:
            raise PortTaken(f"Port {candidate} is reserved for root: choose one above 1023 with --port.") from None
        except OSError as problem:
            reason = problem
        else:
            return candidate
    if search:
        raise PortTaken(f"The ports {port} to {port + 19} on {host} are all in use: choose another with --port.")
    raise PortTaken(
        f"Port {port} on {host} cannot be used ({reason.strerror}): stop the other program or choose one with --port."
    )


def hold_port(host: str, port: int, *, search: bool = False) -> tuple[int, socket.socket | None]:
    """Take a port for this process, with `search` the next free one; the socket given back holds it until it is closed.

    The web server shares its port among its processes, so a second portal could take the same port a moment later, and each would
    get half of the visitors. A name in the kernel's abstract space is one process's alone, and gone with it however it ends.
    """
    candidate, last = port, port + (20 if search else 1)
    while candidate < last and (free := free_port(host, candidate, search=search)) < last:
        if sys.platform != "linux":
            return free, None
        address = socket.getaddrinfo(host, free, type=socket.SOCK_STREAM, family=_family(host))[0][4][0]
        holder = socket.socket(socket.AF_UNIX)
        try:
            holder.bind(f"\0selaras-portal-{address}-{free}")
        except OSError:
            holder.close()
            candidate = free + 1
        else:
            return free, holder
    if search:
        raise PortTaken(f"The ports {port} to {port + 19} on {host} are all in use: choose another with --port.")
    raise PortTaken(f"Another portal takes port {port} on {host}: stop it or choose one with --port.")


def run(
    host: str = "localhost",
    port: int = 8000,
    workers: int | None = None,
    *,
    next_port: bool = False,
    access: bool = False,
    ready: Callable[[str], None] | None = None,
) -> int:
    """Serve until a signal ends it and return the exit code; `ready` gets the address once the portal answers."""
    port, holder = hold_port(host, port, search=next_port)
    # Pages name their files by hash; a copy that was just upgraded would otherwise answer every page with an error.
    call_command("collectstatic", interactive=False, verbosity=0)
    # granian takes numbers only; a browser that asks for localhost tries this one too
    number = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=_family(host))[0][4][0]
    python = [sys.executable, "-m"]
    web = [*python, "selaras.config.web", "--host", str(number), "--port", str(port)]
    web += ["--workers", str(workers or min(4, os.cpu_count() or 1)), *(["--access"] if access else [])]
    children = [Child("web", web, vital=3.0), Child("worker", [*python, "selaras", "worker"])]
    embedded = Embedded(settings.VAR / "pg") if settings.SELARAS_EMBEDDED else None
    if ready:
        threading.Thread(target=_announce, args=(str(number), port, host, ready), daemon=True).start()
    try:
        return Supervisor(children, every=_keeper(embedded) if embedded else None).run()
    finally:
        if holder:
            holder.close()
        if embedded and embedded.started_here:
            embedded.stop()


def _family(host: str) -> int:
    """Prefer IPv4 for `localhost`, whatever order the system's table gives."""
    return socket.AF_INET if host == "localhost" else 0


def _keeper(embedded: Embedded) -> Callable[[], dict[str, str]]:
    """Return the regular duty: start the database again if it was killed, and say where it is now."""

    def keep() -> dict[str, str]:
        """Look, and start if need be."""
        urls = embedded.ensure()
        return {"DATABASE_URL": urls.app, "DATABASE_LEDGER_URL": urls.ledger}

    return keep


def _announce(number: str, port: int, host: str, ready: Callable[[str], None]) -> None:
    """Wait until the port takes connections, then call `ready` once."""
    give_up = time.monotonic() + 120
    while time.monotonic() < give_up:
        try:
            with socket.create_connection((number, port), timeout=1):
                return ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        except OSError:
            time.sleep(0.1)
    return None


@click.command()
@click.option("--host", default="localhost", show_default=True, help="Name or number of the interface to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Web processes; as many as cores, at most four, by default."
)
@click.option("--next-port", is_flag=True, help="Take the next free port when this one is in use.")
@click.option("--access", is_flag=True, help="Log one line for each request, without query strings or addresses.")
def serve(host: str, port: int, workers: int | None, next_port: bool, access: bool) -> None:
    """Run the portal: web server and worker; Ctrl-C ends both."""
    sys.exit(
        run(
            *(host, port, workers),
            next_port=next_port,
            access=access,
            ready=lambda address: click.echo(f"The portal answers at {address}"),
        )
    )
