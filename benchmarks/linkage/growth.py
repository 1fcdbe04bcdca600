"""How cost grows: own samples at several sizes of the nation, linked in a fresh process each, with the stages' times.

`python -m benchmarks linkage growth [--sizes 0.1 0.3 1 2] [--runs 3] [--keep DIR]`. Size 1 is 5.2 million persons, 4,672,720 × 2,400,840
rows; all sizes are of seed 31. `--keep`: where nations are made and looked for again; size 2 needs 2 GB there.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.linkage import scoring
from benchmarks.linkage.running import middle, percent, three, warm
from benchmarks.linkage.versus import ours
from benchmarks.machine import stamp, table

NATION, SEED = 5_200_000, 31


def nation(size: float, keep: Path) -> Path:
    """Make a nation of a size, unless it lies there already."""
    folder = keep / f"nation_{size:g}"
    if not (folder / "truth.parquet").exists():
        options = ["--people", str(round(NATION * size)), "--seed", str(SEED), "--out", str(folder)]
        subprocess.run([sys.executable, "-m", "selaras", "samples", *options], check=True, stdout=sys.stderr)
    return folder


def measured(size: float, folder: Path, runs: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Link a nation as often as asked; one line of figures, one of stages."""
    rows = scoring.rows_of(folder)
    results = []
    with tempfile.TemporaryDirectory() as place:
        for at in range(runs):
            results.append(ours(folder, rows, Path(place) / str(at))[0])
    costs, last = [result["cost"] for result in results], results[-1]
    figures = {
        "size": f"{size:g}", "rows": rows.height, "wall, s": middle([c.wall_s for c in costs]),
        "CPU, s": middle([c.cpu_s for c in costs]), "MB": middle([c.peak_mb for c in costs], 0),
        "load": middle([c.load for c in costs]), "pairs": last["candidates"],
        "pairs a row": f"{last['candidates'] / rows.height:.2f}",
        "CPU µs a row": f"{1e6 * median(c.cpu_s for c in costs) / rows.height:.1f}",
        "across: P / R / F1": three(last["cross"]), "all: P / R / F1": three(last["all"]),
        "count: sum, worst of 1,000": f"{percent(last['count']['sum'])}, {percent(last['count']['worst'])}",
        "covered": percent(last["count"]["covered"], 0), "ECE": last["calibration"]["ece"], "review": percent(last["review"]),
    }  # fmt: skip
    stages = {stage: middle([result["stages"][stage] for result in results]) for stage in last["stages"]}
    return figures, {"size": f"{size:g}", **stages}


def main() -> None:
    """Make, link, print two tables; each size is said when it is done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[0.1, 0.3, 1, 2])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    figures, stages = [], []
    with tempfile.TemporaryDirectory() as place:
        keep = asked.keep or Path(place)
        folders = [(size, nation(size, keep)) for size in asked.sizes]
        warm([folders[0][1] / "s.parquet", folders[0][1] / "p.parquet"])
        before = stamp()
        for size, folder in folders:
            one, parts = measured(size, folder, asked.runs)
            figures.append(one)
            stages.append(parts)
            print(one, parts, file=sys.stderr, flush=True)
    sizes = " ".join(f"{size:g}" for size in asked.sizes)
    print(f"`python -m benchmarks linkage growth --sizes {sizes} --runs {asked.runs}`: {before}\n")
    print(f"{table(figures)}\n\nStages, wall seconds:\n\n{table(stages)}")


if __name__ == "__main__":
    main()
