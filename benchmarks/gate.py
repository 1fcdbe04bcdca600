"""Decisions at the gate a minute: officers open a journey, decide, and press the button twice; what is stored is counted."""

import argparse
import json
import queue
import re
import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from benchmarks.before_gate import journeys, market
from benchmarks.browser import Officer, OverHttp
from benchmarks.doings import Done, Step
from benchmarks.load import Took, by_request
from benchmarks.machine import memory, percentiles, spent, stamp, table
from benchmarks.place import as_owner, postmaster, prepare
from benchmarks.web import server

OFFICER = "bp3mi"
FIELD = re.compile(rb'<input[^>]*name="(decision|version|seen)"[^>]*value="([^"]*)"')
STORED = {
    "decisions": "select count(*) from place_decision where state = 'standing' and kind = 'allow'",
    "ledger lines": "select count(*) from ground_ledgerline where verb = 'place.decide' and outcome = 'done'"
    " and detail ->> 'number' is not null",
    "journeys with two": "select count(*) from (select 1 from place_decision group by journey_id having count(*) > 1) doubled",
}


class Seat:
    """One officer's place of work: one session over two connections, for the second click comes while the first is under way."""

    def __init__(self, port: int) -> None:
        self.first = Officer(OFFICER, OverHttp(port)).sign_in()
        self.second = Officer(OFFICER, OverHttp(port), self.first.cookies)

    def decide(self, journey: UUID) -> Done:
        """Open a journey at the gate, let the worker leave, and press the button twice at once."""
        page = self.first.ask("GET", f"/gate/{journey}/")
        steps: list[Step] = [("open the gate", page)]
        form = {name.decode(): value.decode() for name, value in FIELD.findall(page.body)}
        if page.status != 200 or form.get("decision") != "allow":
            return Done("decide", steps, False)
        form |= {"justification": "Semua baris diperiksa bersama pekerja", "once": str(uuid4())}
        clicks: list[Step] = []

        def click(officer: Officer) -> None:
            clicks.append(("decide", officer.ask("POST", f"/gate/{journey}/decide/", form)))

        both = [threading.Thread(target=click, args=(officer,)) for officer in (self.first, self.second)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        well = len(clicks) == 2 and all(answer.status == 302 for _, answer in clicks)
        return Done("decide", [*steps, *clicks], well, str(journey))


def stored() -> dict[str, int]:
    """Count what is stored, as the owner: behind every policy."""
    return {name: int(as_owner(question)[0][0]) for name, question in STORED.items()}


def decide_all(seats: Sequence[Seat], waiting: Sequence[UUID], rate: float = 0) -> tuple[list[Took], float]:
    """Let every seat take the next journey until none is left; give what happened and the seconds it took.

    With a `rate` a worker comes every so many seconds, and what is told counts from then; without, each seat takes the next at once.
    """
    left: queue.SimpleQueue[tuple[int, UUID]] = queue.SimpleQueue()
    for number, journey in enumerate(waiting):
        left.put((number, journey))
    took: list[list[Took]] = [[] for _ in seats]

    def work(number: int) -> None:
        while True:
            try:
                turn, journey = left.get_nowait()
            except queue.Empty:
                return
            came = began + turn * 60 / rate if rate else time.perf_counter()
            time.sleep(max(0.0, came - time.perf_counter()))
            took[number].append(Took(seats[number].decide(journey), time.perf_counter() - came))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(seats))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [t for some in took for t in some], time.perf_counter() - began


def run(asked: argparse.Namespace) -> bool:
    """Measure at one seat, at all, and with workers who come at the asked rate; give whether every decision was stored once."""
    prepare()
    market()
    waiting = journeys(asked.alone + asked.decisions + asked.paced)
    loads = ((1, asked.alone, 0), (asked.clients, asked.decisions, 0), (asked.clients, asked.paced, asked.rate))
    people = int(as_owner("select count(*) from people_person")[0][0])
    right = True
    with server(asked.workers) as (web, port):
        seats, base = [Seat(port) for _ in range(asked.clients)], postmaster()
        for count, many, rate in (load for load in loads if load[1]):
            some, waiting = waiting[:many], waiting[many:]
            before, cpu = stored(), spent([web], base)
            took, seconds = decide_all(seats[:count], some, rate)
            used, after = spent([web], base) - cpu, stored()
            well = sum(t.done.well for t in took)
            new = {name: after[name] - before[name] for name in STORED}
            right = right and well == len(some) == new["decisions"] and not new["journeys with two"]
            cores = (used.app + used.database + used.background) / seconds
            line: dict[str, Any] = {
                "seats": count, "asked a minute": rate or "any", "journeys": len(some), "well": well,
                "a minute": round(60 * len(took) / seconds), "cores": round(cores, 2),
                "all three p95 ms": percentiles(t.seconds for t in took)["p95"],
                "app CPU ms": round(1000 * used.app / len(took), 1), "database CPU ms": round(1000 * used.database / len(took), 1), **new,
            }  # fmt: skip
            print(f"\n{people:,} people, {json.dumps(stamp())}\n\n{table([line])}\n\n{table(by_request(took))}", flush=True)
        print(f"\nmemory: web server {memory([web]):,.0f} MB, database {memory([base]):,.0f} MB")
    return right


def main() -> None:
    """Measure; end with 1 when a decision was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
    parser.add_argument("--clients", type=int, default=16, help="seats that decide at the same time")
    parser.add_argument("--decisions", type=int, default=1_000)
    parser.add_argument("--alone", type=int, default=100, help="decisions of one seat alone, before")
    parser.add_argument("--rate", type=float, default=1_000, help="workers a minute who come to the seats in the last part")
    parser.add_argument("--paced", type=int, default=1_000, help="how many come in the last part")
    raise SystemExit(0 if run(parser.parse_args()) else 1)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks gate")
