"""Two registers through `selaras reconcile` into a fresh copy: wall, CPU, peak memory, stages; scored when the truth is at hand.

`--then ROWS`: of two Parquet files (s, p) so many rows and some more come later: first all others are taken in and linked; then a
delivery of the new rows and a fifth as many updated ones; then both registers whole, in which a twentieth as many are withdrawn. At
the end all is linked anew with the model that stands, which must change nothing, and with a new one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.linkage.increment import split
from benchmarks.machine import Spent, memory, spent, stamp, table
from benchmarks.place import as_owner, here, postmaster, prepare


class Watch:
    """Looks every half second at how much memory a process and the database hold, and keeps the most."""

    def __init__(self, pid: int, base: int) -> None:
        self.pids = {"process": pid, "database": base}
        self.most = dict.fromkeys(self.pids, 0.0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            for name, pid in self.pids.items():
                self.most[name] = max(self.most[name], memory([pid]))

    def stop(self) -> dict[str, float]:
        """Give the megabytes at their peak."""
        self._over.set()
        self._thread.join()
        return self.most


def once(files: Sequence[Path], agreement: str, *more: str) -> dict[str, Any]:
    """Run the command as a user would; give what it cost."""
    return cost(["-m", "selaras", "reconcile", *map(str, files), "--agreement", agreement, *more])


def cost(asked: Sequence[str], *, heard: bool = False) -> dict[str, Any]:
    """Run Python in a process of its own; give what it cost. `heard`: let it speak."""
    base = postmaster()
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"} | {"SELARAS_VAR": str(here())}
    command = [sys.executable, *asked]
    before, load, began = spent([], base), os.getloadavg()[0], time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=None if heard else subprocess.DEVNULL)
    watch = Watch(child.pid, base)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    most, used = watch.stop(), spent([], base) - before
    if status:
        raise SystemExit(f"{' '.join(asked[1:3])} ended with {os.waitstatus_to_exitcode(status)}")
    return {
        "wall s": round(wall, 1), "CPU s": round(usage.ru_utime + usage.ru_stime, 1), **_database(used),
        "peak MB": round(usage.ru_maxrss / 1024), "database peak MB": round(most["database"]), "load before": round(load, 1),
    }  # fmt: skip


def _database(used: Spent) -> dict[str, float]:
    return {"database CPU s": round(used.database, 1), "database's background CPU s": round(used.background, 1)}


def stages(deliveries: int = 2) -> list[dict[str, Any]]:
    """List what the product wrote down itself: seconds of each of the last deliveries and of each stage of the last run."""
    rows = [
        {
            "stage": f"take in {name}",
            "s": round(float(seconds), 1),
            "what": f"{counts.get('rows', 0):,} rows, {counts.get('rejected', 0):,} set aside",
        }
        for name, seconds, counts in (
            (n, s, c if isinstance(c, dict) else json.loads(c))
            for n, s, c in as_owner(
                "select source_id, extract(epoch from taken_in_at - handed_in_at), counts from reconcile_delivery"
                " order by handed_in_at desc limit %s",
                [deliveries],
            )
        )
    ][::-1]
    ((found, counts),) = as_owner(
        "select stages, counts from reconcile_run where state = 'done' order by asked_at desc limit 1"
    )
    found, counts = (v if isinstance(v, dict) else json.loads(v) for v in (found, counts))
    rows += [{"stage": name, "s": seconds, "what": ""} for name, seconds in found.items()]
    told = {k: counts[k] for k in ("rows", "persons", "pairs", "nobody", "peak_memory_mb", "links_new", "persons_changed", "way")}
    engine = {k: v["wall"] for k, v in counts.get("engine_seconds", {}).items()}
    return [
        *rows,
        {"stage": "of link", "s": None, "what": json.dumps(engine)},
        {"stage": "counts", "s": None, "what": json.dumps(told)},
    ]


def day_by_day(files: Sequence[Path], agreement: str, rows: int) -> None:
    """Take in all but a delivery, then the delivery, then whole files; each linked onto what stands; then link all anew."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        split(files[0].parent, folder, rows)
        told = []
        for run, kind, more in (("first", "", ["--whole"]), ("delivery", "day_", []), ("whole files", "after_", ["--whole"])):
            told.append({"run": run, **once([folder / f"{kind}{name}.parquet" for name in "sp"], agreement, *more)})
            print(f"{run}\n{table(stages())}\n", flush=True)
    for run, kind in (("anew, same model", "frozen"), ("anew, new model", "fresh")):
        told.append({"run": run, **cost(["-m", "benchmarks", "anew", "--var", str(here()), kind], heard=True)})
        print(f"{table(stages(0))}\n", flush=True)
    print(table(told))


def main() -> None:
    """Prepare the copy, run, run again on the same files, score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs=2, type=Path)
    parser.add_argument("--var", required=True, help="the folder of the copy; it must be a fresh one")
    parser.add_argument(
        "--score", type=Path, help="a program that scores: called with --data and the folder of the results"
    )
    parser.add_argument("--data", type=Path, help="the folder of the truth (default: that of the first file)")
    parser.add_argument("--again", action="store_true", help="run once more: the same files change nothing")
    parser.add_argument("--then", type=int, metavar="ROWS", help="a delivery of so many new rows, linked onto the rest")
    asked = parser.parse_args()
    agreement = prepare()
    if as_owner("select 1 from reconcile_record limit 1"):
        raise SystemExit("this copy has taken registers in already: name a fresh folder with --var")
    out = here() / "out"
    print(stamp(), flush=True)
    if asked.then:
        day_by_day(asked.files, agreement, asked.then)
        return
    options = ("--whole", "--out", str(out))
    rows = [{"run": "first", **once(asked.files, agreement, *options)}]
    found = stages()
    if asked.again:
        rows.append({"run": "again", **once(asked.files, agreement, *options)})
    print(f"{table(rows)}\n\n{table(found)}")
    if asked.score:
        subprocess.run([sys.executable, asked.score, asked.data or asked.files[0].parent, out], check=True)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks reconcile")
