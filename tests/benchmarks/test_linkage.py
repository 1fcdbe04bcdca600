"""The linkage's benchmarks measure what they say: on two thousand rows, with figures worked out by hand."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from benchmarks.linkage import scoring
from benchmarks.linkage.ablation import line, scored
from benchmarks.linkage.growth import measured
from benchmarks.linkage.parts import COMPARISONS, parts_of, without, without_key
from benchmarks.linkage.versus import lines, ours
from selaras.engines.linkage.blocking import KEYS
from selaras.engines.linkage.comparing import level_of
from tests.engines.linkage.people import persons, rows_of, table

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("registers")
    people = persons(1200, 12)
    ids = []
    for kind, some in (("s", people[:800]), ("p", people[400:])):
        rows = table([r for p in some for r in rows_of(p, kind.upper(), 12)])
        rows.write_parquet(place / f"{kind}.parquet")
        ids += rows["row_id"].to_list()
    truth = pl.DataFrame({"rec_id": ids}).with_columns(person_id=pl.col("rec_id").str.slice(1, 5).cast(pl.Int64))
    truth.write_parquet(place / "truth.parquet")
    return place


@pytest.fixture(scope="module")
def parts(folder):
    return parts_of(folder, TODAY)


def test_agreement_by_hand():
    rows = pl.DataFrame(
        {"rec_id": list("abcdef"), "in_s": [True, True, False, False, True, False], "person_id": [1, 1, 1, 2, 2, -1]}
    )
    clusters = pl.DataFrame({"rec_id": list("abcd"), "cluster_id": ["x", "x", "y", "y"]})
    found = scoring.pairwise(scoring.linked(rows, clusters))
    # True pairs: ab, ac, bc, de; found: ab, cd. Across: ac, bc, de are true, none found of two rows of unlike registers.
    assert found["all"] == {"p": 0.5, "r": 0.25, "f1": 0.33333}
    assert found["cross"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert found["exact"] == 0.0 and found["largest"] == 2


def test_the_count_by_hand():
    day = ["2020-01-01", "2021-01-01", "2020-05-05", "2020-06-06"]
    rows = pl.DataFrame(
        {"rec_id": list("abcd"), "event": day, "iso3": ["TWN", "MYS", "MYS", "MYS"], "person_id": [1, 1, 2, -1], "in_s": [True] * 4}
    )
    apart = scoring.linked(rows, pl.DataFrame({"rec_id": list("abcd"), "cluster_id": list("abcd")}))
    # Truth: two persons, both last in Malaysia. Apart: one in Taiwan and three in Malaysia, the one that is nobody among them.
    assert scoring.by_links(apart)["sum"] == 1.0
    assert scoring.by_links(apart, rows["person_id"] >= 0)["sum"] == 0.5
    held = scoring.by_intervals(rows, pl.DataFrame({"iso3": ["MYS"], "expected": [2.2], "low": [2.0], "high": [3.0]}))
    assert held["sum"] == pytest.approx(0.1) and held["covered"] == 1.0


def test_calibration_by_hand():
    said = np.array([0.9] * 10 + [0.2] * 10)
    came = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    assert scoring.calibration(said, came)["ece"] == pytest.approx(0.05)


def test_a_comparison_left_out_says_nothing_and_others_stay(parts):
    pattern = without(parts.pattern, ("passport",))
    for name in COMPARISONS:
        expected = 0 if name == "passport" else level_of(parts.pattern, name)
        assert (level_of(pattern, name) == expected).all()


def test_a_key_left_out_takes_only_what_it_alone_had_found(parts):
    alone = {key: parts.found.found == 1 << at for at, key in enumerate(KEYS)}
    key = max(KEYS, key=lambda one: alone[one].sum())
    chosen, bits = without_key(parts, key)
    assert (chosen == ~alone[key]).all() and alone[key].any()
    linkage = parts.linked(chosen, bits=bits)
    assert linkage.run["counts"]["candidates"] == int(chosen.sum())


def test_the_stages_held_apart_link_as_the_command_does(folder, parts, tmp_path):
    rows = scoring.rows_of(folder)
    result, known = ours(folder, rows, tmp_path / "out")
    assert known.all()
    mine = scored(parts, parts.linked())
    assert mine["cross"] == result["cross"] and mine["all"] == result["all"]
    assert line("nothing", parts, mine, mine, np.ones(len(parts.found), dtype=bool))["true pairs less"] == 0
    figures, stages = measured(0.1, folder, 1)
    assert figures["rows"] == rows.height and float(stages["block"]) >= 0
    assert parts.recall()["all"] > 0.95
    shown = {row[""]: row["Selaras"] for row in lines({"selaras": [result]}, rows.height)}
    assert shown["pairs compared"] == f"{result['candidates']:,}"


def test_a_model_taught_by_the_truth_sees_no_pair_of_its_own_persons(parts):
    pytest.importorskip("sklearn")
    from benchmarks.linkage.ceiling import additive, learnt_on_truth, resolved

    odds = learnt_on_truth(parts, additive)
    assert np.isfinite(odds).all()
    assert resolved(parts, odds)["all"]["f1"] > 0.97
