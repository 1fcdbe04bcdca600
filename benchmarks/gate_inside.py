"""One decision at the gate in this process: CPU of application and database of each request, its statements, and a profile.

The requests go through every middleware without a socket or a second thread, so that what is seen is what the code costs: open the
journey, decide, the same button once more, and the page that the browser is sent to. `gate` measures the same under load.
"""

import argparse
import cProfile
import ctypes
import json
import pstats
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections

from benchmarks.before_gate import journeys, market
from benchmarks.browser import Answer, InProcess, Officer
from benchmarks.gate import FIELD, OFFICER
from benchmarks.machine import stamp, table
from benchmarks.place import prepare

REQUESTS = ("open the gate", "decide", "the second click", "the page after it")
WARM = 10


class Clock:
    """Two clocks, of this thread and of its connection's process, and the statements between two looks at them."""

    def __init__(self) -> None:
        self.number = 0
        self.told: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.asked: dict[str, list[list[str]]] = defaultdict(list)
        self.clocks: dict[int, int] = {}
        self.statements: list[str] | None = None

    def _database(self) -> float:
        """Add up the CPU seconds of every process that a connection of ours was seen with."""
        for one in connections.all(initialized_only=True):
            raw = one.connection
            if one.alias != "owner" and raw is not None and not raw.closed and raw.info.backend_pid not in self.clocks:
                number = ctypes.c_int()
                if not ctypes.CDLL(None).clock_getcpuclockid(raw.info.backend_pid, ctypes.byref(number)):
                    self.clocks[raw.info.backend_pid] = number.value
        return sum(time.clock_gettime(number) for number in self.clocks.values())

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.statements is not None:
            self.statements.append(sql)
        self._database()
        return execute(sql, params, many, context)

    def measure(self, name: str, call: Callable[[], Answer], counting: bool) -> Answer:
        """Send one request between two looks at the clocks; when statements are counted, its CPU is not told."""
        if counting:
            self.statements = []
            with ExitStack() as stack:
                for alias in ("default", "ledger"):
                    stack.enter_context(connections[alias].execute_wrapper(self._note))
                answer = call()
            self.asked[name].append(self.statements)
            self.statements = None
            return answer
        database, app = self._database(), time.thread_time()
        answer = call()
        self.told[name].append((time.thread_time() - app, self._database() - database))
        return answer


def decision(officer: Officer, journey: UUID, clock: Clock, counting: bool = False) -> None:
    """Open a journey, let the worker leave, press the button once more, and look at the page that follows."""
    page = clock.measure(REQUESTS[0], lambda: officer.ask("GET", f"/gate/{journey}/"), counting)
    form = {name.decode(): value.decode() for name, value in FIELD.findall(page.body)}
    form |= {"justification": "Semua baris diperiksa bersama pekerja", "once": str(uuid4())}
    for name in REQUESTS[1:3]:
        answer = clock.measure(name, lambda: officer.ask("POST", f"/gate/{journey}/decide/", form), counting)
        if answer.status != 302:
            raise SystemExit(f"{name}: {answer.status}")
    after = clock.measure(REQUESTS[3], lambda: officer.ask("GET", answer.location), counting)
    if after.status != 200:
        raise SystemExit(f"{REQUESTS[3]}: {after.status}")


def main() -> None:
    """Print CPU and statements by request, and with --profile where the application's time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--profile", default="", help="one of open, decide, second, after: profile it; all: every request")
    parser.add_argument("--lines", type=int, default=60, help="lines of the profile")
    parser.add_argument("--sort", default="tottime")
    parser.add_argument("--statements", action="store_true", help="print the statements of each request")
    asked = parser.parse_args()
    settings.SELARAS_HOURLY_LIMITS = False
    settings.SELARAS_DEMO_SIGN_IN = True
    call_command("collectstatic", interactive=False, verbosity=0)
    prepare()
    market()
    waiting = journeys(asked.count + 2 * WARM)
    officer = Officer(OFFICER, InProcess(get_wsgi_application())).sign_in()
    clock = Clock()
    for journey in waiting[:WARM]:
        decision(officer, journey, clock)
    for journey in waiting[WARM : 2 * WARM]:
        decision(officer, journey, clock, counting=True)
    clock.told.clear()
    if asked.profile:
        profile(officer, waiting[2 * WARM :], clock, asked)
        return
    for journey in waiting[2 * WARM :]:
        decision(officer, journey, clock)
    print(json.dumps(stamp()))
    rows: list[dict[str, Any]] = []
    for name in REQUESTS:
        apps, bases = zip(*clock.told[name], strict=True)
        rows.append(_row(name, median(apps), median(bases), median(len(one) for one in clock.asked[name])))
    for name, some in (("the first three", rows[:3]), ("open, decide, the page after it", [rows[0], rows[1], rows[3]])):
        rows.append({"request": name} | {key: round(sum(row[key] for row in some), 1) for key in rows[0] if key != "request"})
    print(f"\nmedian of {asked.count}, CPU ms\n\n{table(rows)}", flush=True)
    if asked.statements:
        for name in REQUESTS:
            print(f"\n{name}")
            for sql, many in Counter(s if len(s) < 220 else s[:110] + " … " + s[-110:] for s in clock.asked[name][-1]).items():
                print(f"  {many} × {sql}")


def _row(name: str, app: float, base: float, many: float) -> dict[str, Any]:
    app, base = round(1000 * app, 1), round(1000 * base, 1)
    return {"request": name, "application": app, "database": base, "both": round(app + base, 1), "statements": round(many)}


def profile(officer: Officer, waiting: list[UUID], clock: Clock, asked: argparse.Namespace) -> None:
    """Print where the application's time goes in one of the requests; a profile weighs on small functions, so its shares are rough."""
    chosen = {"open": REQUESTS[0], "decide": REQUESTS[1], "second": REQUESTS[2], "after": REQUESTS[3]}.get(asked.profile)
    profiler = cProfile.Profile(time.thread_time)
    measure = clock.measure

    def watched(name: str, call: Callable[[], Answer], counting: bool) -> Answer:
        return measure(name, (lambda: profiler.runcall(call)) if chosen in (None, name) else call, counting)

    clock.measure = watched  # type: ignore[method-assign]
    for journey in waiting:
        decision(officer, journey, clock)
    print(f"{chosen or 'all'}, {len(waiting)} times")
    pstats.Stats(profiler).strip_dirs().sort_stats(asked.sort).print_stats(asked.lines)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks gate_inside")
