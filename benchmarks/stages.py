"""Register a person, stage by stage: CPU of the application's thread and of its database connection, and wall time.

Timers stand around the functions of each stage; what a stage calls of another stage counts for that other one. The CPU clock of the
connection's process is read at the same moments. The request goes through every middleware, in this process, without a socket; what
the socket and the server's Rust part cost is seen in the benchmark `web`, which reads the CPU of whole processes.
"""

import argparse
import cProfile
import ctypes
import os
import pstats
import random
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth_middleware
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from benchmarks.browser import InProcess, Officer
from benchmarks.doings import OFFICERS, Doing, People, open_person, register_known, register_new
from benchmarks.machine import percentiles, stamp, table
from benchmarks.place import cast_actor
from benchmarks.population import known
from selaras.doors import guard
from selaras.doors.office.people import enter
from selaras.ground import act, ledger, scope
from selaras.people.actions import joining, registering

STAGES = ("http", "form", "session", "reach", "rules", "writes", "ledger", "commit")
# stage: (where the name is looked up, the name)
WATCHED: dict[str, list[tuple[Any, str]]] = {
    "form": [(enter.Register, "__init__"), (enter.Register, "is_valid"), (enter.Register, "home_area"), (enter, "_own_place")],
    "session": [
        (SessionStore, "load"), (SessionStore, "save"), (auth_middleware, "get_user"),
        (SessionMiddleware, "process_request"), (SessionMiddleware, "process_response"),
    ],
    "reach": [
        (guard, "posts_of"), (guard, "actor_of"), (guard, "may"), (act, "may"), (scope, "_tell_database"),
        (joining, "reach_of"), (joining, "widen"), (joining, "add_grants"),
    ],
    "rules": [(enter, "register"), (joining, "_judged")],
    "writes": [(registering, "join_reach")],
    "ledger": [(ledger, "write"), (ledger, "write_apart")],
    "commit": [(BaseDatabaseWrapper, "commit")],
}  # fmt: skip


class Clocks:
    """Three clocks, charged to the stage that runs: this thread's CPU, the connection's CPU, wall."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        self.calls: dict[str, int] = defaultdict(int)
        self.last, self.pid = (0.0, 0.0, 0.0), 0
        self._clock: dict[int, int] = {}

    def _database(self) -> tuple[int, float]:
        """Give the process behind the connection and its CPU seconds; the pool may hand out another one each request."""
        raw = connection.connection
        if raw is None or raw.closed:
            return 0, 0.0
        pid = raw.info.backend_pid
        if pid not in self._clock:
            number = ctypes.c_int()
            if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(number)):
                return 0, 0.0
            self._clock[pid] = number.value
        return pid, time.clock_gettime(self._clock[pid])

    def _charge(self) -> None:
        pid, database = self._database()
        now = (time.thread_time(), database, time.perf_counter())
        if self.open:
            for at, (a, b) in enumerate(zip(now, self.last, strict=True)):
                if at != 1 or (pid and pid == self.pid):
                    self.spent[self.open[-1]][at] += a - b
        self.last, self.pid = now, pid

    def enter(self, stage: str) -> None:
        """Charge what ran until now, and begin a stage."""
        self._charge()
        self.open.append(stage)
        self.calls[stage] += 1

    def leave(self) -> None:
        """Charge the stage, and go back to the one around it."""
        self._charge()
        self.open.pop()

    def watch(self, holder: Any, name: str, stage: str) -> None:
        """Put the timer around a function."""
        real = getattr(holder, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            if not self.open:
                return real(*args, **kwargs)
            self.enter(stage)
            try:
                return real(*args, **kwargs)
            finally:
                self.leave()

        setattr(holder, name, timed)


def run(doing: Doing, count: int, people: People, officers: dict[str, Officer], clocks: Clocks) -> dict[str, Any]:
    """Do it `count` times under the clocks; give milliseconds each, by stage."""
    rng = random.Random(os.urandom(8))
    for _ in range(10):
        doing(officers, people, rng)
    clocks.spent.clear()
    walls = []
    for _ in range(count):
        began = time.perf_counter()
        clocks.enter("http")
        done = doing(officers, people, rng)
        clocks.leave()
        walls.append(time.perf_counter() - began)
        if not done.well:
            raise SystemExit(f"{done.name} went wrong: {done.steps[-1][1].status}")
    return {stage: [1000 * x / count for x in clocks.spent[stage]] for stage in STAGES} | {"walls": walls}


def main() -> None:
    """Print CPU by stage, and with --profile where the application's time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--profile", type=int, default=0, help="print so many lines of a profile of registering")
    asked = parser.parse_args()
    settings.SELARAS_HOURLY_LIMITS = False
    settings.SELARAS_DEMO_SIGN_IN, settings.SELARAS_REGISTRATIONS_PER_HOUR = True, 100_000
    call_command("collectstatic", interactive=False, verbosity=0)
    way = InProcess(get_wsgi_application())
    officers = {key: Officer(key, way).sign_in() for key in OFFICERS}
    people = People.read(known(), {key: cast_actor(key).reach for key in OFFICERS}, [], seed=os.getpid())
    doings: dict[str, Doing] = {
        "register a new person": register_new,
        "register a known person": register_known,
        "open person": open_person,
    }
    if asked.profile:
        profile(register_new, asked.count, people, officers, asked.profile)
        return
    clocks = Clocks()
    for stage, functions in WATCHED.items():
        for holder, name in functions:
            clocks.watch(holder, name, stage)
    print(stamp())
    for name, doing in doings.items():
        found = run(doing, asked.count, people, officers, clocks)
        walls = found.pop("walls")
        rows = [
            {
                "of": what,
                **{s: round(v[at], 2) for s, v in found.items()},
                "all": round(sum(v[at] for v in found.values()), 2),
            }
            for at, what in enumerate(("app CPU ms", "database CPU ms", "wall ms"))
        ]
        both = {s: round(v[0] + v[1], 2) for s, v in found.items()}
        rows.insert(2, {"of": "app + database CPU ms", **both, "all": round(sum(both.values()), 2)})
        print(f"\n{name}, {asked.count} times, wall {percentiles(walls)}\n\n{table(rows)}", flush=True)


def profile(doing: Callable[..., Any], count: int, people: People, officers: dict[str, Officer], lines: int) -> None:
    """Print where the application's time goes; a profile weighs on small functions, so its shares are rough."""
    rng = random.Random(os.urandom(8))
    for _ in range(10):
        doing(officers, people, rng)
    profiler = cProfile.Profile(time.thread_time)
    profiler.enable()
    for _ in range(count):
        doing(officers, people, rng)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(lines)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks stages")
