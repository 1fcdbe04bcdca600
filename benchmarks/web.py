"""The portal under load: the real server, real sign-ins, one line a request; rows stored are counted, not answers."""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command

from benchmarks.browser import OverHttp
from benchmarks.doings import ALL, OFFICERS, WEIGHTS, People
from benchmarks.load import Took, by_operation, by_request, closed, opened, sign_in
from benchmarks.machine import Spent, memory, spent, stamp, table
from benchmarks.pairs import open_pairs
from benchmarks.place import as_owner, cast_actor, here, postmaster
from benchmarks.population import known

ROOT = Path(__file__).resolve().parents[1]
STORED = {
    "registrations": "select count(*) from people_event where kind in ('registered', 'joined')",
    "persons": "select count(*) from people_person where source = 'officer'",
    "joined": "select count(*) from people_event where kind = 'joined'",
    # who was registered by the same office in an earlier run is answered with her record, and nothing is stored
    "answered as here": "select count(*) from ground_ledgerline where verb = 'people.register' and detail ->> 'outcome' = 'here'",
    "judgements": "select count(*) from reconcile_judgement",
    "ledger lines of registrations": "select count(*) from ground_ledgerline where verb = 'people.register' and outcome = 'done'",
    "ledger lines of judgements": "select count(*) from ground_ledgerline where verb = 'reconcile.judge' and outcome = 'done'",
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(workers: int) -> Iterator[tuple[int, int]]:
    """Run web server and queue worker as the product does, without the owner's credentials; give process id and port."""
    call_command("collectstatic", interactive=False, verbosity=0)
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"}
    environment |= {
        "SELARAS_DEMO_SIGN_IN": "yes",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "selaras.config.settings",
    }
    port = _free_port()
    log = (here() / "bench-web.log").open("ab")
    web = [sys.executable, "-m", "benchmarks.served", "--port", str(port), "--workers", str(workers)]
    children = [
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        for command in (web, [sys.executable, "-m", "selaras", "worker"])
    ]
    try:
        _await(port, children[0])
        yield children[0].pid, port
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
        log.close()


def _await(port: int, child: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < give_up:
        try:
            if OverHttp(port).send("GET", "/health/", b"", {"Host": "localhost"}).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the server does not answer: see {here() / 'bench-web.log'}")


def stored() -> dict[str, int]:
    """Count what is stored, as the owner: behind every policy."""
    return {name: int(as_owner(question)[0][0]) for name, question in STORED.items()}


def expected(took: Sequence[Took], here: int = 0) -> dict[str, int]:
    """Say what must have been stored after these answers, of which so many found a known person here; else it is a fault."""
    well = Counter(t.done.name for t in took if t.done.well)
    new, known, judged = (well[n] for n in ("register a new person", "register a known person", "judge a pair"))
    return {
        "registrations": new + known - here, "persons": new, "joined": known - here, "answered as here": here, "judgements": judged,
        "ledger lines of registrations": new + known, "ledger lines of judgements": judged,
    }  # fmt: skip


def compare(before: dict[str, int], took: Sequence[Took]) -> list[dict[str, Any]]:
    """Set what was answered beside what is stored; ids that two answers gave are doubled."""
    after = stored()
    here = after["answered as here"] - before["answered as here"]
    wrote = Counter(t.done.wrote for t in took if t.done.wrote and t.done.well)
    rows = [
        {"what": name, "answered": n, "stored": after[name] - before[name], "same": n == after[name] - before[name]}
        for name, n in expected(took, here).items()
    ]
    return [
        *rows,
        {
            "what": "ids answered twice",
            "answered": sum(n > 1 for n in wrote.values()),
            "same": not any(n > 1 for n in wrote.values()),
        },
    ]


def cost(before: Spent, after: Spent, operations: int) -> dict[str, float]:
    """Give the CPU milliseconds that one operation cost."""
    took = after - before
    each = {
        "app": took.app,
        "database": took.database,
        "app + database": took.app + took.database,
        "database's background": took.background,
    }
    return {f"{name} CPU ms": round(1000 * seconds / operations, 1) for name, seconds in each.items()}


def run(asked: argparse.Namespace) -> bool:
    """Closed loads for each operation, then open loads; give whether every row was stored once."""
    wanted = [asked.only] if asked.only else list(ALL)
    pairs = open_pairs(asked.pairs if "judge a pair" in wanted or not asked.only else 0)
    if not pairs:
        wanted = [name for name in wanted if name != "judge a pair"]
        WEIGHTS.pop("judge a pair")
    # Other people in each run: who was registered by an earlier one would be answered as known, and nothing stored.
    salt = int(time.time())
    people = People.read(known(), {key: cast_actor(key).reach for key in OFFICERS}, pairs, seed=salt)
    with server(asked.workers) as (web, port):
        everyone, base = sign_in(port, asked.clients), postmaster()
        for doing in (ALL[name] for name in wanted):
            closed(everyone, people, doing, 2, seed=salt)  # caches of the server, of the database, of every connection
        before, all_took, rows = stored(), [], []
        requests: dict[int, list[Took]] = {1: [], min(8, asked.clients): []}
        for clients, count in ((1, asked.each), (min(8, asked.clients), asked.each // 2)):
            for name in wanted:
                cpu = spent([web], base)
                took, seconds = closed(everyone[:clients], people, ALL[name], count, seed=salt + clients)
                line = {"clients": clients, **by_operation(took)[0], "a second": round(len(took) / seconds, 1)}
                rows.append(line | cost(cpu, spent([web], base), len(took)))
                all_took += took
                requests[clients] += took
        print(f"\nClosed load, {stamp()}\n\n{table(rows)}")
        for clients, some in requests.items():
            print(f"\nBy request, clients: {clients}\n\n{table(by_request(some))}")
        counted = compare(before, all_took)
        print(f"\nWhat was answered and what is stored:\n\n{table(counted)}", flush=True)
        right = all(row["same"] for row in counted)
        for rate in asked.rates:
            before = stored()
            cpu = spent([web], base)
            took, seconds = opened(everyone, people, rate, asked.seconds, seed=salt + 100 + int(rate * 10))
            used = spent([web], base) - cpu
            busy = (used.app + used.database + used.background) / seconds
            print(
                f"\nOpen load, {rate:g} a second for {asked.seconds:g} s: {len(took)} operations, {busy:.2f} cores; {stamp()}\n"
            )
            print(
                f"{table(by_operation(took))}\n\nBy request:\n\n{table(by_request(took))}\n\n{table(counted := compare(before, took))}",
                flush=True,
            )
            right = right and all(row["same"] for row in counted)
        print(f"\nmemory: web server {memory([web]):,.0f} MB, database {memory([base]):,.0f} MB")
    return right


def main() -> None:
    """Measure; end with 1 when a row was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
    parser.add_argument("--clients", type=int, default=24, help="clients of the open load; of the closed one eight of them")
    parser.add_argument(
        "--each", type=int, default=200, help="operations of each kind at one client; half of it per client at eight (or --clients)"
    )
    parser.add_argument(
        "--rates", type=float, nargs="*", default=[5, 15, 30], help="operations a second of the open load"
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pairs", type=int, default=1_000, help="doubtful pairs to be judged by two")
    parser.add_argument("--only", choices=list(ALL), help="this operation alone")
    raise SystemExit(0 if run(parser.parse_args()) else 1)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks web")
