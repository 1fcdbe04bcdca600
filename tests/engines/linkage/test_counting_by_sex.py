"""The headcount by sex: the same persons, each with the sex that most of her rows say, and intervals of its own."""

import polars as pl
import pytest

from selaras.engines.linkage import link, register
from selaras.engines.linkage.counting import headcounts
from tests.engines.linkage.people import persons, rows_of, table


def counted(rows_by_register):
    given = [register(table(rows), name) for name, rows in rows_by_register.items()]
    return headcounts(given, link(given))[:2]


def test_the_parts_are_the_whole():
    people = persons(300, 21)
    whole, parts = counted({kind: [row for p in people for row in rows_of(p, kind, 21)] for kind in "SP"})
    together = parts.group_by("iso3").agg(pl.col("expected").sum(), pl.col("low").sum(), pl.col("high").sum()).sort("iso3")
    assert together["iso3"].to_list() == whole["iso3"].to_list()
    assert together["expected"].to_list() == pytest.approx(whole["expected"].to_list())
    women = sum(p["sex"] == "P" for p in people)
    assert parts.filter(sex="woman")["expected"].sum() == pytest.approx(women, abs=3)
    # The doubts of men and of women are not one doubt: their intervals are not narrower together than the whole's.
    assert (together["high"] - together["low"] >= whole["high"] - whole["low"] - 1).all()


def test_who_has_no_sex_in_one_row_has_that_of_her_others():
    person = persons(1, 3)[0] | {"sex": "P", "country": "TAIWAN", "row_id": "S1", "event_date": "2020-01-01"}
    _, parts = counted({"s": [person], "p": [person | {"row_id": "P1", "sex": None, "event_date": "2021-01-01"}]})
    assert parts.select("iso3", "sex").rows() == [("TWN", "woman")]


def test_a_sex_that_nobody_said_or_that_rows_contradict_is_unknown():
    nobody_said = persons(1, 3)[0] | {"sex": None, "nik": None, "country": "TAIWAN", "row_id": "S1", "event_date": "2020-01-01"}
    _, parts = counted({"s": [nobody_said]})
    assert parts["sex"].to_list() == ["unknown"]
    woman = persons(1, 3)[0] | {"sex": "P", "country": "TAIWAN", "row_id": "S1", "event_date": "2020-01-01"}
    _, parts = counted({"s": [woman], "p": [woman | {"row_id": "P1", "sex": "L"}]})
    assert parts.filter(pl.col("expected") > 0.5)["sex"].to_list() == ["unknown"]
