"""What a pair of the queue says that its judgement changes is what the judgement changes."""

import json

import polars as pl
import pytest

from selaras.engines.linkage import link, register
from selaras.reconcile.actions.linking.weighing import weigh_pairs
from selaras.samples.nation import make_nation


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation")
    make_nation(4_000, 31, folder)
    registers = [register(pl.read_parquet(folder / f"{name}.parquet"), name) for name in "sp"]
    facts = pl.concat([r.rows.select(rec="row_id", iso3="country", event="event") for r in registers])
    rows = facts.select(
        "rec", "iso3", record="rec", on=pl.col("event").cast(pl.String).str.to_date("%Y%m%d", strict=False)
    )
    return registers, rows


def counted(linkage, rows):
    """Persons by the country of their latest row."""
    whose = linkage.clusters.filter("valid").select("cluster_id", rec="rec_id")
    last = whose.join(rows, on="rec").sort("on", "rec", nulls_last=False).group_by("cluster_id", maintain_order=True).last()
    return dict(last.group_by("iso3").len().iter_rows())


def test_the_count_moves_as_the_pair_said(world):
    registers, rows = world
    linkage = link(registers)
    before = counted(linkage, rows)
    pairs, _ = weigh_pairs(linkage, rows)
    review = pairs.filter(pl.col("decision") == "review")
    assert review["matters"].min() > 0
    model = linkage.model
    tried = {True: 0, False: 0}
    for left, right, told in review.select("left", "right", "changes").iter_rows():
        changes = json.loads(told)
        if changes["rows"] != [1, 1] or tried[changes["joined"]] >= 4:
            continue
        tried[changes["joined"]] += 1
        verdict = "different" if changes["joined"] else "same"
        after = counted(link(registers, judged=[(left, right, verdict)], model=model), rows)
        moved = {c: after.get(c, 0) - before.get(c, 0) for c in before | after if after.get(c, 0) != before.get(c, 0)}
        assert moved == {changes["country"]: 1 if changes["joined"] else -1}
    assert min(tried.values()) > 0, tried


def test_a_pair_that_nobody_is_asked_about_says_nothing(world):
    registers, rows = world
    pairs, _ = weigh_pairs(link(registers), rows)
    told = pairs.filter(pl.col("decision") != "review")["changes"]
    assert len(told) > 0
    assert told.unique().to_list() == ["{}"]
