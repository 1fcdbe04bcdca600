"""Eight writers with and without the ledger being sealed beside them: throughput, latency, and what the sealing itself costs."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.machine import percentiles, stamp, table
from benchmarks.place import as_owner, here
from selaras.ground.act import as_job
from selaras.ground.actions.seals import seal_ledger

ROOT = Path(__file__).resolve().parents[1]
OFFICERS = ("dinas", "bp3mi", "ltsa", "hongkong", "taipei", "dinas", "bp3mi", "ltsa")
LINES = "select count(*) from ground_ledgerline where verb = 'people.register' and outcome = 'done'"
Writer = "subprocess.Popen[str]"


@contextmanager
def writers() -> Iterator[list[Writer]]:
    """Start eight processes that write when they are told to."""
    found = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks", "writer", "--var", str(here()), key], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for key in OFFICERS
    ]  # fmt: skip
    try:
        for writer in found:
            assert writer.stdout is not None
            if writer.stdout.readline().strip() != "ready":
                raise SystemExit("a writer did not start")
        yield found
    finally:
        for writer in found:
            if writer.stdin:
                writer.stdin.close()
            writer.wait(30)


def phase(found: list[Writer], seconds: float, pace: float, every: float) -> dict[str, Any]:
    """Let all write for some seconds, with the ledger sealed every so many seconds, or not at all."""
    before, at = int(as_owner(LINES)[0][0]), time.time() + 0.5
    for writer in found:
        assert writer.stdin is not None
        writer.stdin.write(json.dumps({"at": at, "seconds": seconds, "pace": pace}) + "\n")
        writer.stdin.flush()
    sealed, seals, cpu = 0, 0, time.process_time()
    while every and time.time() < at + seconds:
        time.sleep(every)
        with as_job("seal", reads_ledger=True):
            sealed += seal_ledger()
        seals += 1
    cpu = time.process_time() - cpu
    took = [t for writer in found for t in json.loads(writer.stdout.readline())]  # type: ignore[union-attr]
    stored = int(as_owner(LINES)[0][0]) - before
    if stored != len(took):
        raise SystemExit(f"{len(took)} registrations were answered and {stored} lines stored")
    return {
        "sealing": f"every {every:g} s" if every else "off", "a second": round(len(took) / seconds, 1), **percentiles(took),
        "seals": seals, "lines sealed": sealed, "app CPU of sealing ms a seal": round(1000 * cpu / seals, 1) if seals else None,
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Off and on in turn, first at a pace that the machine holds with ease, then as fast as it goes; print ratios of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--pace", type=float, default=1.5, help="registrations a second of each writer in the paced part"
    )
    parser.add_argument(
        "--every", type=float, default=1.0, help="seconds between two seals; the product seals every minute"
    )
    asked = parser.parse_args()
    print(stamp())
    with as_job("seal", reads_ledger=True):
        seal_ledger()  # what was there before is not this benchmark's
    with writers() as found:
        phase(found, 3, 0, 0)
        for pace in (asked.pace, 0.0):
            rows = []
            for turn in range(asked.rounds):
                for every in (0.0, asked.every) if turn % 2 else (asked.every, 0.0):
                    rows.append(phase(found, asked.seconds, pace, every))
            speed = f"{pace:g} a second each" if pace else "as fast as it goes"
            print(f"\neight writers, {speed}\n\n{table(rows)}")
            off, on = ([r for r in rows if (r["sealing"] == "off") == quiet] for quiet in (True, False))
            ratios = {
                k: round(statistics.median(r[k] for r in on) / statistics.median(r[k] for r in off), 3)
                for k in ("a second", "p50", "p95")
            }
            print(f"\nsealing on ÷ off, medians: {ratios}", flush=True)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks sealing")
