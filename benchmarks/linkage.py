"""Link two register files in a fresh process and score them against the truth: wall, CPU, peak memory, F1, count error.

usage: python benchmarks/linkage.py DATA_DIR [--runs N]

DATA_DIR holds s.parquet, p.parquet, truth.parquet (rec_id, person_id; below 0 is nobody). One line of JSON per run.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from selaras.engines.linkage import country_iso3


def _run(data: Path, out: Path) -> dict[str, Any]:
    """Run the command as a user would; CPU and memory are the child's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = perf_counter()
    program = "from selaras.doors.cli.link import link; link()"
    command = [sys.executable, "-c", program, str(data / "s.parquet"), str(data / "p.parquet"), "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": round(wall, 1), "cpu_s": round(cpu, 1), "peak_mb": round(after.ru_maxrss / 1024)}


def _pairs(rows: pl.DataFrame, by: list[str]) -> tuple[int, int]:
    sizes = rows.group_by(by).agg(n=pl.len().cast(pl.Int64), s=pl.col("in_s").sum().cast(pl.Int64))
    cross = (pl.col("s") * (pl.col("n") - pl.col("s"))).sum()
    return sizes.select(cross, (pl.col("n") * (pl.col("n") - 1) // 2).sum().alias("all")).row(0)


def score(data: Path, out: Path) -> dict[str, Any]:
    """Pairwise precision, recall and F1 (between the registers, and all), and the headcount's error by country."""
    s = pl.read_parquet(data / "s.parquet", columns=["id_s", "negara_tujuan", "tgl_daftar"])
    p = pl.read_parquet(data / "p.parquet", columns=["id_p", "negara", "tgl_lapor"])
    names = ["rec_id", "country", "event"]
    rows = pl.concat(
        [s.rename(dict(zip(s.columns, names, strict=True))), p.rename(dict(zip(p.columns, names, strict=True)))]
    )
    spelt = rows["country"].drop_nulls().unique()
    rows = rows.with_columns(
        iso3=pl.col("country").replace_strict(
            spelt, pl.Series([country_iso3(c) or "XXX" for c in spelt]), default="XXX"
        ),
        in_s=pl.int_range(pl.len()) < len(s),
    )
    rows = rows.join(pl.read_parquet(data / "truth.parquet"), on="rec_id").join(
        pl.read_parquet(out / "clusters.parquet"), on="rec_id"
    )
    both, found, true = (
        _pairs(rows, ["cluster_id", "person_id"]),
        _pairs(rows, ["cluster_id"]),
        _pairs(rows, ["person_id"]),
    )
    result: dict[str, Any] = {}
    for at, kind in enumerate(("cross", "all")):
        precision, recall = both[at] / max(found[at], 1), both[at] / max(true[at], 1)
        f1 = 2 * both[at] / max(found[at] + true[at], 1)
        result[kind] = {"p": round(precision, 5), "r": round(recall, 5), "f1": round(f1, 5)}
    persons = rows.filter(pl.col("person_id") >= 0).sort("event", "rec_id").group_by("person_id")
    truth = persons.agg(pl.col("iso3").last()).group_by("iso3").agg(n=pl.len())
    count = truth.join(pl.read_csv(out / "headcount.csv"), on="iso3", how="full", coalesce=True).fill_null(0)
    large = count.filter(pl.col("n") >= 1000)
    error = (pl.col("expected") - pl.col("n")).abs()
    result["count_error"] = round(count.select(error.sum() / pl.col("n").sum()).item(), 5)
    result["worst_country"] = round(large.select((error / pl.col("n")).max()).item() or 0.0, 5)
    result["interval_covers"] = round(count.select(pl.col("n").is_between("low", "high").mean()).item(), 4)
    return result


def main() -> None:
    """Run and score, as often as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as folder:
            cost = _run(asked.data, Path(folder))
            run = json.loads((Path(folder) / "run.json").read_text())
            stages = {stage: spent["wall"] for stage, spent in run["stages"].items()}
            load = round(os.getloadavg()[0], 1)
            print(json.dumps({**cost, "load": load, **score(asked.data, Path(folder)), "stages": stages}))


if __name__ == "__main__":
    main()
