"""Two loads: closed (each client waits for its answer) and open (requests come when they come, whether or not answers do)."""

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.browser import Officer, OverHttp
from benchmarks.doings import ALL, OFFICERS, WEIGHTS, Doing, Done, Officers, People
from benchmarks.machine import percentiles


@dataclass(frozen=True, slots=True)
class Took:
    """One operation with the seconds that the client waited: in the open load, from when it should have begun."""

    done: Done
    seconds: float


def sign_in(port: int, clients: int) -> list[Officers]:
    """Sign the cast in once for each client, over one connection each: sessions are written to, so none is shared."""
    found = []
    for _ in range(clients):
        way = OverHttp(port)
        found.append({key: Officer(key, way).sign_in() for key in OFFICERS})
    return found


def _together(work: Callable[[int], None], clients: int) -> None:
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:  # a client that falls silent would make the others look fast
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def closed(clients: Sequence[Officers], people: People, doing: Doing, each: int, seed: int) -> tuple[list[Took], float]:
    """Let every client do one thing `each` times, one after the other; give what happened and the seconds it took."""
    took: list[list[Took]] = [[] for _ in clients]

    def work(number: int) -> None:
        rng = random.Random(f"{seed}:{number}")
        for _ in range(each):
            began = time.perf_counter()
            done = doing(clients[number], people, rng)
            took[number].append(Took(done, time.perf_counter() - began))

    began = time.perf_counter()
    _together(work, len(clients))
    return [t for some in took for t in some], time.perf_counter() - began


def opened(
    clients: Sequence[Officers], people: People, rate: float, seconds: float, seed: int
) -> tuple[list[Took], float]:
    """Let operations of the mix arrive at `rate` a second, at random moments; whoever is free takes the next one.

    The latency counts from the moment of arrival, so that waiting for a free client or a slow server is never left out.
    """
    rng = random.Random(seed)
    names = rng.choices(list(WEIGHTS), list(WEIGHTS.values()), k=int(rate * seconds * 2) + 10)
    arrivals: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    at = 0.0
    for name in names:
        at += rng.expovariate(rate)
        if at > seconds:
            break
        arrivals.put((at, name))
    for _ in clients:
        arrivals.put(None)
    took: list[list[Took]] = [[] for _ in clients]
    began = time.perf_counter() + 0.2

    def work(number: int) -> None:
        mine = random.Random(f"{seed}:{number}")
        while (arrival := arrivals.get()) is not None:
            intended = began + arrival[0]
            if (wait := intended - time.perf_counter()) > 0:
                time.sleep(wait)
            done = ALL[arrival[1]](clients[number], people, mine)
            took[number].append(Took(done, time.perf_counter() - intended))

    _together(work, len(clients))
    return [t for some in took for t in some], time.perf_counter() - began


def by_operation(took: Sequence[Took]) -> list[dict[str, Any]]:
    """Give a line an operation: how many, how many went wrong, what the client waited, what the server says it took."""
    rows = []
    for name in dict.fromkeys(t.done.name for t in took):
        mine = [t for t in took if t.done.name == name]
        server = [sum(answer.wall for _, answer in t.done.steps) for t in mine]
        row = {"operation": name, "n": len(mine), "wrong": sum(not t.done.well for t in mine)}
        row |= {f"client {k} ms": v for k, v in percentiles(t.seconds for t in mine).items()}
        rows.append(row | {f"server {k} ms": v for k, v in percentiles(server).items() if k != "max"})
    return rows


def by_request(took: Sequence[Took]) -> list[dict[str, Any]]:
    """Give a line a request of the operations: server-side wall and CPU of the answering thread."""
    found: dict[str, list[tuple[float, float]]] = {}
    for t in took:
        for name, answer in t.done.steps:
            found.setdefault(name, []).append((answer.wall, answer.cpu))
    return [
        {"request": name, "n": len(some), **{f"server {k} ms": v for k, v in percentiles(w for w, _ in some).items()},
         "app CPU ms": round(1000 * sum(c for _, c in some) / len(some), 1)}
        for name, some in sorted(found.items())
    ]  # fmt: skip
