"""Bad input: what each kind costs, and what it does to the rows that it did not touch.

`python -m benchmarks linkage battery DATA_DIR [--scale 1] [--case NAME …]`. Each case is linked in a fresh process; agreement is that of the
rows which are the same in both, beside the agreement of those rows when nothing is spoilt. `--scale` makes the added rows fewer.
"""

import argparse
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.linkage import scoring
from benchmarks.linkage.bad_input import CASES, Registers, Spoilt
from benchmarks.linkage.running import Cost, Failed, fresh, link_command, percent, three, warm
from benchmarks.machine import stamp, table
from selaras.engines.linkage.files import read_table
from selaras.engines.reading import CANONICAL


def registers_of(data: Path) -> Registers:
    """Both registers in canonical columns, all text."""
    today = datetime.now().astimezone().date()
    out = {}
    for name in ("s", "p"):
        given, _, _ = read_table(data / f"{name}.parquet", today)
        columns = {column: given[column].cast(pl.String) for column in given.columns}
        empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(columns["row_id"]))
        out[name] = pl.DataFrame({column: columns.get(column, empty) for column in CANONICAL})
    return out


def link(spoilt: Spoilt, folder: Path, countries: Path) -> tuple[Cost, pl.DataFrame]:
    """Write the files, link them in a fresh process, give the cost and the clusters."""
    folder.mkdir()
    if countries.exists():
        (folder / "countries.csv").write_bytes(countries.read_bytes())
    files = []
    for name, rows in spoilt.registers.items():
        files.append(folder / f"{name}.parquet")
        rows.write_parquet(files[-1])
    cost = fresh(link_command(files, folder / "out"))
    return cost, pl.read_parquet(folder / "out" / "clusters.parquet")


def agreed(truth: pl.DataFrame, spoilt: Spoilt, clusters: pl.DataFrame) -> dict[str, Any]:
    """Agreement of the rows that were not touched."""
    rows = truth.filter(~pl.col("rec_id").is_in(list(spoilt.touched)))
    return scoring.pairwise(scoring.linked(rows, clusters))


def largest(clusters: pl.DataFrame) -> int:
    """Rows of the largest person."""
    return int(clusters.group_by("cluster_id").len()["len"].max() or 0)


def main() -> None:
    """Spoil, link, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--case", action="append", choices=[case.__name__ for case in CASES])
    asked = parser.parse_args()
    truth = scoring.rows_of(asked.data)
    registers = registers_of(asked.data)
    lines = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm([asked.data / "s.parquet", asked.data / "p.parquet"])
        before = stamp()
        untouched = Spoilt(registers, set())
        cost, plain = link(untouched, folder / "undisturbed", asked.data / "countries.csv")
        lines.append(_line("undisturbed", cost, agreed(truth, untouched, plain), None, untouched, plain))
        for case in CASES:
            if asked.case and case.__name__ not in asked.case:
                continue
            spoilt = case(registers, np.random.default_rng(7), asked.scale)
            about = (case.__doc__ or "").strip().rstrip(".")
            try:
                cost, clusters = link(spoilt, folder / case.__name__, asked.data / "countries.csv")
            except Failed as failed:
                lines.append({"case": about, "wall, s": f"FAILED: {str(failed)[-200:]}"})
                continue
            then = agreed(truth, spoilt, plain)
            lines.append(_line(about, cost, agreed(truth, spoilt, clusters), then, spoilt, clusters))
    print(f"`python -m benchmarks linkage battery {asked.data.name} --scale {asked.scale:g}`: {before}\n")
    print(table(lines))


def _line(
    about: str, cost: Cost, now: dict[str, Any], then: dict[str, Any] | None, spoilt: Spoilt, clusters: pl.DataFrame
) -> dict[str, Any]:
    line = {
        "case": about,
        "rows": sum(rows.height for rows in spoilt.registers.values()),
        "touched or added": len(spoilt.touched),
        "wall, s": cost.wall_s,
        "CPU, s": cost.cpu_s,
        "MB": cost.peak_mb,
        "untouched rows, across: P / R / F1": three(now["cross"]),
        "undisturbed": three(then["cross"]) if then else None,
        "all: P / R / F1": three(now["all"]),
        "undisturbed ": three(then["all"]) if then else None,
        "largest person": largest(clusters),
    }
    added = pl.DataFrame({"rec_id": list(spoilt.added)}, schema={"rec_id": pl.String})
    if added.height:
        own = clusters.join(added, on="rec_id")
        sizes = clusters.group_by("cluster_id").len()
        alone = own.join(sizes, on="cluster_id").select((pl.col("len") == 1).mean()).item()
        line["added rows that stay alone"] = percent(alone)
        line["held for nobody"] = percent(1 - float(own["valid"].mean() or 0.0))  # type: ignore[arg-type]
    return line


if __name__ == "__main__":
    main()
