"""The real server with one layer around it that tells, in a header, what each answer took: wall time and this thread's CPU."""

import argparse
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from benchmarks.browser import CPU, WALL
from selaras.config.web import run
from selaras.config.wsgi import application as served

# One desk may register 120 people an hour; here a handful of officers stand for the desks of a country.
settings.SELARAS_REGISTRATIONS_PER_HOUR = 100_000
settings.SELARAS_HOURLY_LIMITS = False


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the product does; Django has rendered the whole page when it starts its response."""
    wall, cpu = time.perf_counter(), time.thread_time()

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        took = [(WALL, f"{time.perf_counter() - wall:.6f}"), (CPU, f"{time.thread_time() - cpu:.6f}")]
        return start_response(status, headers + took, *rest)

    return served(environ, start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8)
    asked = parser.parse_args()
    run("127.0.0.1", asked.port, asked.workers, asked.threads, False, application="benchmarks.served:application")
