"""Quality against truth on the builders' shared registers: floors well above the best other tool measured there."""

import itertools
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from selaras.engines.linkage import headcount, link, register

REGISTERS = Path(os.environ.get("SELARAS_SHARED", "../shared")) / "data" / "registers"


@pytest.fixture(scope="module")
def run():
    data = REGISTERS / "100k"
    registers = [register(pl.read_parquet(data / f"{name}.parquet"), name) for name in "sp"]
    linkage = link(registers)
    truth = pl.read_parquet(data / "truth.parquet")
    return registers, linkage, linkage.clusters.join(truth, on="rec_id", how="left", maintain_order="left")


def _pairs(rows, by, cross):
    sizes = rows.group_by(by).agg(n=pl.len().cast(pl.Int64), s=(pl.col("source") == 0).sum().cast(pl.Int64))
    pairs = pl.col("s") * (pl.col("n") - pl.col("s")) if cross else pl.col("n") * (pl.col("n") - 1) // 2
    return sizes.select(pairs.sum()).item()


@pytest.mark.shared
@pytest.mark.parametrize(("cross", "floor"), [(True, 0.985), (False, 0.985)], ids=["cross", "all"])
def test_pairs_agree_with_the_truth(run, cross, floor):
    rows = run[2]
    both = _pairs(rows, ["cluster_id", "person_id"], cross)
    f1 = 2 * both / (_pairs(rows, "cluster_id", cross) + _pairs(rows, "person_id", cross))
    assert f1 > floor


@pytest.mark.shared
def test_nobody_is_told_from_somebody(run):
    rows = run[2]
    assert (rows["valid"] == (rows["person_id"] >= 0)).mean() > 0.9995


@pytest.mark.shared
def test_probabilities_mean_what_they_say(run):
    _, linkage, rows = run
    person = dict(rows.select("rec_id", "person_id").iter_rows())
    true = np.array([person[a] == person[b] for a, b in linkage.pairs.select("left", "right").iter_rows()])
    said = linkage.pairs["probability"].to_numpy()
    edges = np.array([0.0, 0.1, 0.5, 0.9, 1.01])
    gap = 0.0
    for low, high in itertools.pairwise(edges):
        mine = (said >= low) & (said < high)
        gap += abs(true[mine].mean() - said[mine].mean()) * mine.mean()
    assert gap < 0.02


@pytest.mark.shared
def test_persons_are_counted_by_country(run):
    registers, linkage, rows = run
    facts = pl.concat([r.rows.select("event", "country") for r in registers])
    true = (
        pl.concat([rows, facts], how="horizontal")
        .filter(pl.col("person_id") >= 0)
        .sort("event", "rec_id")
        .group_by("person_id")
        .agg(iso3=pl.col("country").last())
        .group_by("iso3")
        .agg(n=pl.len())
    )
    both = true.join(headcount(registers, linkage), on="iso3", how="full", coalesce=True).fill_null(0)
    error = (both["expected"] - both["n"]).abs().sum() / both["n"].sum()
    assert error < 0.003
    covered = ((both["n"] >= both["low"]) & (both["n"] <= both["high"])).mean()
    assert covered >= 0.9


@pytest.mark.shared
def test_every_country_of_the_shared_table_is_known(run):
    registers, _, _ = run
    assert not [code for r in registers for code in r.faults if code.startswith("country.unknown")]


@pytest.mark.shared
def test_review_stays_small(run):
    _, linkage, rows = run
    assert linkage.pairs.filter(pl.col("decision") == "review").height <= 0.01 * rows.height
