"""A day's delivery against a standing linkage: what adding it takes, each time in a fresh process, and whether it is right.

`python -m benchmarks linkage increment DIR [--rows 10000] [--runs 3] [--check] [--keep FOLDER]`. DIR holds s.parquet and p.parquet.
Two thirds of the delivery's new rows are of the first register; besides, a fifth as many rows are updated (another name) and a
twentieth withdrawn. All others are linked once with `--index`; the delivery is added to a copy of it in each run. `--check`: also
link everything with the frozen model and compare the persons. `--keep`: where the index is made, and looked for again.
"""

import argparse
import json
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.linkage.running import Cost, fresh, link_command, middle, warm
from benchmarks.machine import stamp, table
from selaras.engines.linkage import link
from selaras.engines.linkage.files import read_register
from selaras.engines.linkage.standing import load

KEY = b"the key of a benchmark: 32 bytes"
SEED = 5


def split(data: Path, folder: Path, rows: int) -> None:
    """Write what is there before the delivery, the delivery, and what stands after it, for both registers."""
    rng = np.random.default_rng(SEED)
    gone = []
    for name, share in (("s", 2 / 3), ("p", 1 / 3)):
        whole = pl.read_parquet(data / f"{name}.parquet")
        row_id = whole.columns[0]
        drawn = rng.permutation(len(whole))
        new, updated, withdrawn = (round(share * rows * part) for part in (1, 1 / 5, 1 / 20))
        edges = np.cumsum([new, updated, withdrawn])
        kinds = np.zeros(len(whole), dtype=np.int8)
        for kind, part in enumerate(np.split(drawn[: edges[-1]], edges[:-1]), 1):
            kinds[part] = kind
        kind = pl.Series(kinds)
        other = whole.with_columns(pl.col("nama") + " WATI")
        whole.filter(kind != 1).write_parquet(folder / f"{name}.parquet")
        pl.concat([whole.filter(kind == 1), other.filter(kind == 2)]).write_parquet(folder / f"day_{name}.parquet")
        gone.append(whole.filter(kind == 3).select(pl.lit(name).alias("register"), pl.col(row_id).alias("row_id")))
        after = pl.when(kind == 2).then(pl.col("nama") + " WATI").otherwise(pl.col("nama")).alias("nama")
        stays = whole.with_columns(after).filter((kind != 1) & (kind != 3))
        pl.concat([stays, whole.filter(kind == 1)]).write_parquet(folder / f"after_{name}.parquet")
    pl.concat(gone).write_csv(folder / "withdrawn.csv")
    if (data / "countries.csv").exists():
        shutil.copy(data / "countries.csv", folder)


def built(folder: Path) -> Cost:
    """Link what is there before the delivery, and keep it."""
    (folder / "key").write_bytes(KEY)
    (folder / "key").chmod(0o600)
    options = ("--index", str(folder / "index"), "--key-file", str(folder / "key"))
    return fresh(link_command([folder / "s.parquet", folder / "p.parquet"], folder / "full", *options))


def added(folder: Path, out: Path) -> tuple[Cost, dict[str, Any]]:
    """Add the delivery to a copy of the index; what the process cost and what it says of itself."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    # No file of an index is ever changed in its place, so links will do.
    shutil.copytree(folder / "index", copy, copy_function=os.link)
    options = ["--onto", str(copy), "--key-file", str(folder / "key"), "--withdrawn", str(folder / "withdrawn.csv")]
    days = [folder / "day_s.parquet", folder / "day_p.parquet"]
    cost = fresh(link_command(days, out, *options, "--as", "s", "--as", "p"))
    return cost, json.loads((out / "run.json").read_text())


def differs(folder: Path) -> int:
    """How many rows have another person in the copy than in a full run of the same rows with the frozen model."""
    index, _ = load(folder / "copy", KEY)
    today = date(2026, 11, 22)
    registers = (
        read_register(folder / f"after_{name}.parquet", today, None, name, index.statistics.crowds[name])[0] for name in "sp"
    )
    full = link(registers, model=index.model, statistics=index.statistics).clusters
    rows = index.ranked(np.flatnonzero(~index.away).astype(np.int32))
    mine = pl.DataFrame({"rec_id": index.row_ids(rows), "label": index.label[rows]})
    mine = mine.with_columns(pl.col("rec_id").min().over("label").alias("cluster_id"))
    if not mine["rec_id"].equals(full["rec_id"]):
        raise ValueError("The index and the full run hold other rows, or hold them in another order.")
    return int((mine["cluster_id"] != full["cluster_id"]).sum())


def main() -> None:
    """Build, add, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = asked.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        before = stamp()
        if not (folder / "index" / "CURRENT").exists():
            split(asked.data, folder, asked.rows)
            warm([folder / "s.parquet", folder / "p.parquet"])
            cost = built(folder)
            size = sum(path.stat().st_size for path in (folder / "index").rglob("*")) / 1e6
            print(table([{"building": "link --index", "wall, s": cost.wall_s, "CPU, s": cost.cpu_s, "MB": cost.peak_mb,
                          "index, MB": round(size), "load": cost.load}]))  # fmt: skip
        # The first addition compiles what only additions need.
        added(folder, folder / "day")
        runs = [added(folder, folder / "day") for _ in range(asked.runs)]
        walls = {stage: [run["stages"][stage]["wall"] for _, run in runs] for stage in runs[0][1]["stages"]}
        loading = [run["stages"]["load"]["wall"] for _, run in runs]
        line = {
            "whole process, s": middle([c.wall_s for c, _ in runs]), "CPU, s": middle([c.cpu_s for c, _ in runs]),
            "MB": middle([c.peak_mb for c, _ in runs], 0), "with loading, s": middle([run["wall_seconds"] for _, run in runs], 2),
            "loading, s": middle(loading, 2),
            "after it, s": middle([run["wall_seconds"] - run["stages"]["load"]["wall"] for _, run in runs], 2),
            "load": middle([c.load for c, _ in runs]),
        }  # fmt: skip
        print(table([line]))
        print(table([{stage: middle(values, 2) for stage, values in walls.items()}]))
        print(table([{name: value for name, value in runs[-1][1]["counts"].items() if name != "events"}]))
        if asked.check:
            print(f"Rows with another person than in a full run with the frozen model: {differs(folder)}")
        print(before)


if __name__ == "__main__":
    main()
