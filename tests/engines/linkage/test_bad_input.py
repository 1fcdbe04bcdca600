"""Registers spoilt as registers are spoilt: the run ends, and the rows that were not touched are linked as before."""

import numpy as np
import polars as pl
import pytest

from benchmarks.linkage.bad_input import CASES, Spoilt
from benchmarks.linkage.battery import agreed
from selaras.engines.linkage import headcount, link, register
from tests.engines.linkage.people import persons, rows_of, table

# 200 rows with one NIK, 800 more Siti Aminahs, a block of 200.
SCALE = 0.004
# How much of the pairs' F1 between untouched rows a case may take away; one that takes a column from all rows is told apart.
LOSS = {"nik_column_empty": 0.05, "birth_column_empty": 0.05, "first_of_january": 0.05}


@pytest.fixture(scope="module")
def registers():
    people = persons(400, 8)
    return {
        "s": table([r for p in people[:300] for r in rows_of(p, "S", 8)]).with_columns(cause=pl.lit(None, pl.String)),
        "p": table([r for p in people[100:] for r in rows_of(p, "P", 8)]).with_columns(cause=pl.lit(None, pl.String)),
    }


@pytest.fixture(scope="module")
def truth(registers):
    parts = [t.select(rec_id="row_id", person_id=pl.col("row_id").str.slice(1, 5).cast(pl.Int64)) for t in registers.values()]
    return pl.concat([part.with_columns(in_s=pl.lit(at == 0)) for at, part in enumerate(parts)])


def linked(spoilt):
    given = [register(rows, name) for name, rows in spoilt.registers.items()]
    linkage = link(given)
    return linkage, headcount(given, linkage)


@pytest.fixture(scope="module")
def undisturbed(registers):
    return linked(Spoilt(registers, set()))[0].clusters


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_what_was_not_touched_is_linked_as_before(case, registers, truth, undisturbed):
    spoilt = case(registers, np.random.default_rng(3), SCALE)
    linkage, count = linked(spoilt)
    assert linkage.clusters.height == sum(rows.height for rows in spoilt.registers.values())
    assert linkage.clusters["cluster_id"].null_count() == 0
    before, after = (agreed(truth, spoilt, clusters) for clusters in (undisturbed, linkage.clusters))
    assert after["all"]["f1"] >= before["all"]["f1"] - LOSS.get(case.__name__, 0.01)
    assert (count["low"] <= count["expected"]).all() and (count["expected"] <= count["high"]).all()


def test_a_number_that_many_bear_joins_nobody(registers):
    spoilt = next(c for c in CASES if c.__name__ == "one_nik")(registers, np.random.default_rng(3), SCALE)
    linkage, _ = linked(spoilt)
    assert linkage.run["counts"]["shared_numbers"]["nik"] == 1
    assert linkage.clusters.group_by("cluster_id").len()["len"].max() < 10


def test_women_of_one_name_stay_apart(registers):
    spoilt = next(c for c in CASES if c.__name__ == "siti_aminah")(registers, np.random.default_rng(3), SCALE)
    linkage, _ = linked(spoilt)
    own = linkage.clusters.filter(pl.col("rec_id").is_in(list(spoilt.added)))
    assert own["cluster_id"].n_unique() >= 0.99 * own.height


def test_a_register_given_twice_finds_itself(registers):
    spoilt = next(c for c in CASES if c.__name__ == "given_twice")(registers, np.random.default_rng(3), SCALE)
    linkage, _ = linked(spoilt)
    owner = dict(linkage.clusters.select("rec_id", "cluster_id").iter_rows())
    again = [row_id for row_id in spoilt.touched if owner[row_id] == owner[row_id.removeprefix("again ")]]
    assert len(again) >= 0.995 * len(spoilt.touched)


def test_noise_is_not_taken_for_a_person_of_another_register(registers):
    spoilt = next(c for c in CASES if c.__name__ == "junk")(registers, np.random.default_rng(3), SCALE)
    linkage, _ = linked(spoilt)
    noise = linkage.clusters.filter(pl.col("rec_id").is_in(list(spoilt.added)))
    with_real = linkage.clusters.join(noise.select("cluster_id").unique(), on="cluster_id", how="semi")
    assert with_real.height - noise.height <= 0.01 * noise.height
