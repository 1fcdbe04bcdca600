"""The web server process: granian with threads, and access lines without addresses, query strings or agents."""

import argparse
import logging
import os
from tempfile import TemporaryDirectory
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

# The path is logged, the query string and the visitor's address never: paths hold opaque ids only. Status and time
# have names because bare numbers side by side would be scrubbed as a telephone number (logs.py).
ACCESS = "%(method)s %(path)s status=%(status)d ms=%(dt_ms).1f"


class WithoutTraceback(logging.Filter):
    """Cuts a traceback out of a message of granian's: the text of an error may quote a row of the database."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the first line, and the kind of the error from the last."""
        first, *rest = record.getMessage().strip().splitlines() or [""]
        if rest:
            record.msg, record.args = f"{first} ({rest[-1].partition(':')[0]})", ()
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "selaras.config.logs.Lines"}},
    "filters": {"short": {"()": "selaras.config.web.WithoutTraceback"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["short"]}},
    "loggers": {name: {"handlers": ["out"], "propagate": False} for name in ("_granian", "granian.access")},
}
LOGGING["loggers"]["granian.access"]["level"] = "INFO"


APPLICATION = "selaras.config.wsgi:application"
# A thread waits for the database about as long as it computes: with more than two a processor, each answer takes longer.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


def run(host: str, port: int, workers: int, threads: int, access: bool, application: str = APPLICATION) -> None:
    """Serve until a signal ends it; `workers` processes with `threads` threads each."""
    with TemporaryDirectory(prefix="selaras-metrics-") as counts:
        # Read when a worker first counts: with it, /metrics of any one process tells of all of them.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
        _serve(host, port, workers, threads, access, application)


def _serve(host: str, port: int, workers: int, threads: int, access: bool, application: str) -> None:
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_level=LogLevels.info if access else LogLevels.warning,
        log_access=access,
        log_access_format=ACCESS,
        log_dictconfig=LOGGING,
    ).serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--access", action="store_true")
    run(**vars(parser.parse_args()))
