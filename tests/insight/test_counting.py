"""The count of record against the slow checker, on any rows; and what must hold whatever the rows are."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.reconcile.queries.counting import ALL, LAST_KNOWN, PARTS, PRESENT, cells, last_known, present
from tests.insight.checker import Row, count

AS_OF = date(2026, 11, 21)
days = st.one_of(
    st.none(), st.dates(date(2018, 1, 1), date(2027, 3, 1)),
    st.sampled_from([date(2023, 11, 21), date(2023, 11, 20), date(2021, 11, 21), date(2021, 11, 20), AS_OF]),
)  # fmt: skip
rows = st.lists(
    st.builds(
        Row,
        rec=st.uuids().map(str),
        source=st.sampled_from(["siskop2mi", "peduliwni", "returns"]),
        person=st.one_of(st.none(), st.sampled_from([f"p{n}" for n in range(6)])),
        iso3=st.sampled_from([None, "TWN", "HKG", "MYS"]),
        capacity=st.sampled_from(["", "worker", "student"]),
        on=days,
        cause=st.sampled_from(["", "HABIS KONTRAK", "MENINGGAL DUNIA"]),
        sex=st.sampled_from([0, 1, 2]),
    ),
    max_size=40,
    unique_by=lambda r: r.rec,
)
SHAPE = {
    "rec": pl.String, "source": pl.String, "person": pl.String, "iso3": pl.String, "capacity": pl.String, "on": pl.Date,
    "ended": pl.String, "there": pl.Boolean, "rank": pl.Int64, "reviewed": pl.Boolean, "sex": pl.Int8,
}  # fmt: skip


def frame(told: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "rec": r.rec, "source": r.source, "person": r.person, "iso3": r.iso3, "capacity": r.capacity, "on": r.on,
                "ended": None if r.source != "returns" else "dead" if "MENINGGAL" in r.cause else "returned",
                "there": r.source != "returns",
                "rank": ("siskop2mi", "peduliwni", "gtog", "returns", "imigrasi").index(r.source),
                "reviewed": False, "sex": r.sex,
            }
            for r in told
        ],
        schema=SHAPE,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rows)
def test_the_count_is_what_the_slow_checker_counts(told: list[Row]):
    expected = count(told, AS_OF)
    persons = last_known(frame(told), AS_OF)
    got = {(c["indicator"], c["country"], c["capacity"]): c for c in cells(persons)}
    for key, cell in expected.items():
        assert got[key]["count"] == cell["count"], key
        for part, value in cell["parts"].items():
            assert got[key]["parts"][part] == value, (key, part)
    assert {k for k, c in got.items() if c["count"]} <= set(expected)


@settings(max_examples=80, deadline=None)
@given(rows)
def test_countries_add_up_to_all_and_parts_to_the_whole(told: list[Row]):
    persons = last_known(frame(told), AS_OF)
    found = cells(persons)
    for indicator in (LAST_KNOWN, PRESENT):
        mine = [c for c in found if c["indicator"] == indicator and not c["capacity"]]
        whole = next(c for c in mine if c["country"] == ALL)
        assert whole["count"] == sum(c["count"] for c in mine if c["country"] != ALL)
        assert whole["count"] == sum(whole["parts"][p] for p in ("matched", "only_siskop2mi", "only_peduliwni"))
        assert whole["count"] == sum(whole["parts"][p] for p in ("women", "men", "sex_unknown"))
    assert len(present(persons)) <= len(persons) == persons["person"].n_unique()


def test_a_feed_that_never_came_leaves_its_parts_empty_and_never_zero():
    told = [Row("a", "siskop2mi", "p", "TWN", "worker", date(2026, 1, 1))]
    found = cells(last_known(frame(told), AS_OF), missing=("peduliwni", "returns", "imigrasi", "dukcapil"))
    for cell in found:
        for part in ("matched", "only_peduliwni", "returned", "dead"):
            assert cell["parts"][part] is None
        assert cell["parts"]["stale"] == 0


def test_a_part_that_two_feeds_can_tell_is_empty_only_when_neither_came():
    told = [Row("a", "siskop2mi", "p", "TWN", "worker", date(2026, 1, 1))]
    feeds = {"imigrasi", "bpjs", "gtog", "returns", "dukcapil"}
    for came, empty in (
        (set(), {"returned", "dead", "only_others"}), ({"imigrasi"}, {"dead"}), ({"dukcapil"}, {"returned", "only_others"}),
        ({"returns"}, {"only_others"}), ({"bpjs"}, {"returned", "dead"}), ({"imigrasi", "dukcapil"}, set()),
    ):  # fmt: skip
        for cell in cells(last_known(frame(told), AS_OF), missing=tuple(feeds - came)):
            assert {part for part in ("returned", "dead", "only_others") if cell["parts"][part] is None} == empty
            assert cell["parts"]["matched"] == 0


def test_no_rows_make_an_empty_count():
    found = cells(last_known(frame([]), AS_OF))
    assert [(c["country"], c["count"]) for c in found] == [(ALL, 0), (ALL, 0)]
    assert set(PARTS) <= set(found[0]["parts"])
