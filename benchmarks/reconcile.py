"""Two registers through `selaras reconcile` into a fresh copy: wall, CPU, peak memory, stages; scored when the truth is at hand."""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

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


def once(files: list[Path], agreement: str, out: Path) -> dict[str, Any]:
    """Run the command as a user would; give what it cost."""
    base = postmaster()
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"} | {"SELARAS_VAR": str(here())}
    command = [
        sys.executable,
        "-m",
        "selaras",
        "reconcile",
        *map(str, files),
        "--agreement",
        agreement,
        "--whole",
        "--out",
        str(out),
    ]
    before, load, began = spent([], base), os.getloadavg()[0], time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    watch = Watch(child.pid, base)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    most, used = watch.stop(), spent([], base) - before
    if status:
        raise SystemExit(f"selaras reconcile ended with {os.waitstatus_to_exitcode(status)}")
    return {
        "wall s": round(wall, 1), "CPU s": round(usage.ru_utime + usage.ru_stime, 1), **_database(used),
        "peak MB": round(usage.ru_maxrss / 1024), "database peak MB": round(most["database"]), "load before": round(load, 1),
    }  # fmt: skip


def _database(used: Spent) -> dict[str, float]:
    return {"database CPU s": round(used.database, 1), "database's background CPU s": round(used.background, 1)}


def stages() -> list[dict[str, Any]]:
    """List what the product wrote down itself: seconds of each delivery and of each stage of the last run."""
    rows = [
        {
            "stage": f"take in {name}",
            "s": round(float(seconds), 1),
            "what": f"{counts.get('rows', 0):,} rows, {counts.get('rejected', 0):,} set aside",
        }
        for name, seconds, counts in (
            (n, s, c if isinstance(c, dict) else json.loads(c))
            for n, s, c in as_owner(
                "select source_id, extract(epoch from taken_in_at - handed_in_at), counts from reconcile_delivery order by handed_in_at"
            )
        )
    ]
    ((found, counts),) = as_owner(
        "select stages, counts from reconcile_run where state = 'done' order by asked_at desc limit 1"
    )
    found, counts = (v if isinstance(v, dict) else json.loads(v) for v in (found, counts))
    rows += [{"stage": name, "s": seconds, "what": ""} for name, seconds in found.items()]
    told = {k: counts[k] for k in ("rows", "persons", "pairs", "nobody", "peak_memory_mb") if k in counts}
    engine = {k: v["wall"] for k, v in counts.get("engine_seconds", {}).items()}
    return [
        *rows,
        {"stage": "of link", "s": None, "what": json.dumps(engine)},
        {"stage": "counts", "s": None, "what": json.dumps(told)},
    ]


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
    asked = parser.parse_args()
    agreement = prepare()
    if as_owner("select 1 from reconcile_record limit 1"):
        raise SystemExit("this copy has taken registers in already: name a fresh folder with --var")
    out = here() / "out"
    print(stamp())
    rows = [{"run": "first", **once(asked.files, agreement, out)}]
    found = stages()
    if asked.again:
        rows.append({"run": "again", **once(asked.files, agreement, out)})
    print(f"{table(rows)}\n\n{table(found)}")
    if asked.score:
        subprocess.run([sys.executable, asked.score, asked.data or asked.files[0].parent, out], check=True)


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks reconcile")
