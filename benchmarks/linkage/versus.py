"""This engine and Splink 5 in the same run on one folder, each in a fresh process, in turn; a table of what came out.

`python -m benchmarks linkage versus DATA_DIR [--runs 3]`. Of five thresholds Splink is given the one with the best F1 across
registers, chosen on the truth; its headcount counts clusters, without and with the rows left out that this engine says
are nobody.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.linkage import scoring
from benchmarks.linkage.running import Cost, fresh, link_command, middle, percent, three, warm
from benchmarks.machine import stamp, table

# The names of the results that `splinking` writes; its module is not read here, as it needs the group `bench`.
THRESHOLDS = (0.8, 0.9, 0.95, 0.99, 0.999)


def ours(data: Path, rows: pl.DataFrame, out: Path) -> tuple[dict[str, Any], pl.Series]:
    """Run the command, score it; also which rows it holds for somebody."""
    cost = fresh(link_command([data / "s.parquet", data / "p.parquet"], out))
    return {"cost": cost, **scored(rows, out)}, somebody(rows, out)


def scored(rows: pl.DataFrame, out: Path) -> dict[str, Any]:
    """Everything that can be said about the results of `selaras link` in a folder."""
    linked = scoring.linked(rows, pl.read_parquet(out / "clusters.parquet"))
    pairs = pl.read_parquet(out / "pairs.parquet")
    judged = scoring.with_truth(pairs.select("left", "right", "probability"), rows)
    run = json.loads((out / "run.json").read_text())
    return {
        **scoring.pairwise(linked),
        "links": scoring.by_links(linked),
        "count": scoring.by_intervals(rows, pl.read_csv(out / "headcount.csv")),
        "calibration": scoring.calibration(judged["probability"].to_numpy(), judged["true"].to_numpy()),
        "review": (pairs["decision"] == "review").sum() / rows.height,
        "candidates": run["counts"]["candidates"],
        "stages": {stage: spent["wall"] for stage, spent in run["stages"].items()},
    }


def somebody(rows: pl.DataFrame, out: Path) -> pl.Series:
    """Which of the rows are somebody, in their order."""
    said = pl.read_parquet(out / "clusters.parquet", columns=["rec_id", "valid"])
    return rows.select("rec_id").join(said, on="rec_id", how="left", maintain_order="left")["valid"].fill_null(True)


def theirs(data: Path, rows: pl.DataFrame, known: pl.Series, out: Path) -> dict[str, Any]:
    """Run Splink, and score its best threshold."""
    load = fresh([sys.executable, "-m", "benchmarks.linkage.splinking", str(data), str(out)]).load
    cost = Cost(**json.loads((out / "cost.json").read_text()), load=load)
    tried = {}
    for threshold in THRESHOLDS:
        linked = scoring.linked(rows, pl.read_parquet(out / f"clusters_{threshold}.parquet"))
        tried[threshold] = {
            "threshold": threshold, **scoring.pairwise(linked), "links": scoring.by_links(linked),
            "links_known": scoring.by_links(linked, known),
        }  # fmt: skip
    best = max(tried.values(), key=lambda one: one["cross"]["f1"])
    judged = scoring.with_truth(pl.read_parquet(out / "pairs.parquet"), rows)
    said = scoring.calibration(judged["probability"].to_numpy(), judged["true"].to_numpy())
    return {"cost": cost, **best, "calibration": said, "tried": {t: one["cross"]["f1"] for t, one in tried.items()}}


def lines(runs: dict[str, list[dict[str, Any]]], rows: int) -> list[dict[str, Any]]:
    """One line per figure: ours, Splink's, and the ratio of costs."""
    mine, their = runs["selaras"], runs.get("splink", [])
    out: list[dict[str, Any]] = []

    def line(figure: str, own: str | None, other: str | None = None, ratio: str | None = None) -> None:
        out.append({"": figure, "Selaras": own, "Splink 5": other, "Splink ÷ Selaras": ratio})

    for name, field, digits in (("wall, s", "wall_s", 1), ("CPU, s", "cpu_s", 1), ("peak memory, MB", "peak_mb", 0)):
        own, other = ([getattr(run["cost"], field) for run in some] for some in (mine, their))
        ratio = middle([b / a for a, b in zip(own, other, strict=True)]) if other else None
        line(name, middle(own, digits), middle(other, digits) if other else None, ratio)
    line("load before each run", middle([r["cost"].load for r in mine]), middle([r["cost"].load for r in their]) if their else None)
    one, two = mine[-1], their[-1] if their else None
    if two:
        line("threshold", "none", f"{two['threshold']} (best of {len(THRESHOLDS)}, on the truth)")
    for name, kind in (("pairs across: P / R / F1", "cross"), ("all pairs: P / R / F1", "all")):
        ratio = None
        if two:
            ratio = f"errors (1 − F1) × {(1 - two[kind]['f1']) / max(1 - one[kind]['f1'], 1e-9):.1f}"
        line(name, three(one[kind]), three(two[kind]) if two else None, ratio)
    line("persons of several rows found exactly", percent(one["exact"]), percent(two["exact"]) if two else None)
    line("largest person, rows", str(one["largest"]), str(two["largest"]) if two else None)

    def errors(figures: dict[str, float]) -> str:
        return " / ".join(percent(figures[kind]) or "" for kind in ("sum", "worst", "worst_scaled"))

    count = "headcount error: sum / worst of 1,000 / worst of 1,000 scaled to the file"
    line(f"{count}, expected", errors(one["count"]))
    line(f"{count}, by clusters", errors(one["links"]), errors(two["links"]) if two else None)
    if two:
        line(f"{count}, by clusters less our rows that are nobody", errors(one["links"]), errors(two["links_known"]))
    line("countries that the 95 % interval holds / its width", f"{percent(one['count']['covered'], 0)} / {percent(one['count']['width'])}")
    for name, field in (("of pairs of 1 % and more", "ece"), ("of pairs of 5 to 95 %", "ece_doubtful")):
        values = [f"{run['calibration'][field]:.3f}" if run else None for run in (one, two)]
        line(f"calibration error (ECE) {name}", values[0], values[1])
    doubtful = [percent(run["calibration"]["doubtful"] / rows) if run else None for run in (one, two)]
    line("pairs of 5 to 95 %, as a share of rows", doubtful[0], doubtful[1])
    line("review queue, as a share of rows", percent(one["review"]))
    line("pairs compared", f"{one['candidates']:,}")
    return out


def main() -> None:
    """Run both in turn, as often as asked, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-splink", action="store_true", help="only this engine")
    asked = parser.parse_args()
    rows = scoring.rows_of(asked.data)
    runs: dict[str, list[dict[str, Any]]] = {"selaras": []}
    compiled = warm([asked.data / "s.parquet", asked.data / "p.parquet"])
    before = stamp()
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as folder:
            one, known = ours(asked.data, rows, Path(folder) / "ours")
            runs["selaras"].append(one)
            if not asked.no_splink:
                runs.setdefault("splink", []).append(theirs(asked.data, rows, known, Path(folder) / "splink"))
    print(f"`python -m benchmarks linkage versus {asked.data.name} --runs {asked.runs}`: {rows.height:,} rows, {before}\n")
    print(f"A first run on a few rows, which compiles the engine's loops when they are not kept yet: {compiled.cpu_s} CPU s\n")
    print(table(lines(runs, rows.height)))
    print("\nStages, wall seconds of the last run:", runs["selaras"][-1]["stages"])
    if "splink" in runs:
        print("Splink's F1 across by threshold:", runs["splink"][-1]["tried"])


if __name__ == "__main__":
    main()
