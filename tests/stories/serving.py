"""The portal on a port of this machine, and its worker, both inside the process of the tests."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from selaras.doors.cli.worker import worker


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the stories look at the answers themselves."""


class _Server(ThreadedWSGIServer):
    daemon_threads = False  # closing waits for every answer under way: none may still hold the database that is dropped next


@contextmanager
def portal() -> Iterator[str]:
    """Serve the portal on a free port against the tests' database; gives its address."""
    # Playwright keeps an event loop in this thread; without this Django would take every question to the database for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def work() -> None:
    """Let a worker do every job that waits, then end: what `selaras worker --until-empty` does."""
    faults: list[BaseException] = []

    def go() -> None:
        try:
            worker.callback(concurrency=1, queues=(), until_empty=True)
        except BaseException as fault:  # told to the story, which would otherwise wait for nothing
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=go)
    thread.start()
    thread.join(600)
    if thread.is_alive():
        raise TimeoutError("the worker did not end within ten minutes")
    if faults:
        raise faults[0]
