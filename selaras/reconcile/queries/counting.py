"""The count of record: who is counted where, in which parts; each person once. Pure columns, one pass."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from selaras.law.load import law

PLACED = ("siskop2mi", "peduliwni", "imigrasi", "bpjs", "gtog")
"""Registers whose rows may put somebody abroad; the others only take people out of the estimate."""
LAST_KNOWN = "persons_by_last_known_country"
PRESENT = "estimated_present"
ALL = "*"
"""All countries; an empty country is one whose spelling no table knows."""
SEXES = {2: "women", 1: "men", 0: "sex_unknown"}
"""The part in which a person of each sex is counted, by the engine's number for it."""
BOUNDS = ("expected", "low", "high")
PARTS = (
    "matched", "only_siskop2mi", "only_peduliwni", "only_others", "duplicate_rows", "under_review", "returned", "dead", "stale",
    *SEXES.values(),
)  # fmt: skip
# Who said herself that she lives there is believed for longer than who was once placed, insured or seen leaving.
_CLOCKS = dict.fromkeys(PLACED, "stale_placement") | {"peduliwni": "stale_report"}


_RANKS, _LONG_AGO = 8, 1 << 30


def last_known(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One line a person: country, capacity, date and register of her latest dated row, and what else counts of her.

    `rows`: rec, source, person (null: nobody), iso3, capacity, on (Date), there (Boolean: the row puts her abroad), ended
    ("returned", "dead" or null), rank (of its register's events, among rows of one day; see the engine's `meaning`),
    reviewed (Boolean), sex (1 man, 2 woman, 0 unknown). Rows after `as_of` are left out. Ties go to the later rec. A person's
    sex is what most of those rows say; unknown where none does, or where they say both equally often.
    """
    counted = rows.filter(pl.col("person").is_not_null() & (pl.col("on").is_null() | (pl.col("on") <= as_of)))
    # A day and the rank of what happened on it, as one number that rises with time; a row without a day is the earliest.
    day = pl.col("on").cast(pl.Int32).cast(pl.Int64).fill_null(-_LONG_AGO)
    counted = counted.with_columns(at=day * _RANKS + pl.col("rank"))
    placed = counted.filter("there")
    ended = counted.filter(pl.col("ended").is_not_null())
    stale = {source: _months_before(as_of, law().clock(clock, as_of).months or 0) for source, clock in _CLOCKS.items()}
    persons = (
        placed.sort("at", "rec")
        .group_by("person")
        .agg(
            country=pl.col("iso3").last().fill_null(""),
            capacity=pl.col("capacity").last().fill_null(""),
            on=pl.col("on").last(),
            at=pl.col("at").last(),
            source=pl.col("source").last(),
            siskop2mi=(pl.col("source") == "siskop2mi").sum(),
            peduliwni=(pl.col("source") == "peduliwni").sum(),
            under_review=pl.col("reviewed").any(),
        )
    )
    out = ended.group_by("person").agg(
        dead=(pl.col("ended") == "dead").any(), home=pl.col("at").filter((pl.col("ended") == "returned") & pl.col("on").is_not_null()).max()
    )
    persons = persons.join(out, on="person", how="left").with_columns(pl.col("dead").fill_null(False))
    persons = persons.join(_sexes(counted), on="person", how="left")
    limit = pl.col("source").replace_strict(stale, return_dtype=pl.Date)
    # Home on the day of the latest row or later: a later row says that she left again.
    came = ~pl.col("dead") & (pl.col("home") >= pl.col("at")).fill_null(False)
    persons = persons.with_columns(returned=came)
    return persons.with_columns(
        stale=~pl.col("dead") & ~pl.col("returned") & (pl.col("on").is_null() | (pl.col("on") < limit)),
        matched=(pl.col("siskop2mi") > 0) & (pl.col("peduliwni") > 0),
        only_siskop2mi=(pl.col("siskop2mi") > 0) & (pl.col("peduliwni") == 0),
        only_peduliwni=(pl.col("siskop2mi") == 0) & (pl.col("peduliwni") > 0),
        only_others=(pl.col("siskop2mi") == 0) & (pl.col("peduliwni") == 0),
        duplicate_rows=(pl.col("siskop2mi").cast(pl.Int64) - 1).clip(0) + (pl.col("peduliwni").cast(pl.Int64) - 1).clip(0),
    )


def _sexes(rows: pl.DataFrame) -> pl.DataFrame:
    """Per person: women, men, sex_unknown (Boolean, one of them true)."""
    said = rows.filter(pl.col("person").is_not_null()).group_by("person").agg(w=(pl.col("sex") == 2).sum(), m=(pl.col("sex") == 1).sum())
    return said.select("person", women=pl.col("w") > pl.col("m"), men=pl.col("m") > pl.col("w"), sex_unknown=pl.col("w") == pl.col("m"))


def _months_before(day: date, months: int) -> date:
    found: date = pl.select(pl.lit(day).dt.offset_by(f"-{months}mo")).item()
    return found


def present(persons: pl.DataFrame) -> pl.DataFrame:
    """Those whom the estimate counts: not returned, not dead, not stale."""
    return persons.filter(~pl.col("returned") & ~pl.col("dead") & ~pl.col("stale"))


def cells(persons: pl.DataFrame, missing: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Every figure: per country and capacity, per country, per capacity, and all; for both indicators.

    `missing`: registers that never came; parts that would need them are null, never 0.
    """
    found = []
    for keys in (("country", "capacity"), ("country",), ("capacity",), ()):
        everyone = _grouped(persons, keys)
        here = {_key(row): row for row in _grouped(present(persons), keys)}
        for row in everyone:
            found.append(_cell(LAST_KNOWN, row, {p: row[p] for p in PARTS}, missing))
            mine = here.get(_key(row), dict.fromkeys(("count", *PARTS), 0))
            parts = {p: mine[p] for p in PARTS} | {p: row[p] for p in ("returned", "dead", "stale")}
            found.append(_cell(PRESENT, row | {"count": mine["count"]}, parts | {"persons": row["count"]}, missing))
    return found


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row.get("country", ALL), row.get("capacity", "")


def _grouped(persons: pl.DataFrame, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    sums = [pl.len().alias("count"), *(pl.col(part).sum().cast(pl.Int64) for part in PARTS)]
    if not keys:
        return persons.select(sums).to_dicts()
    frame = persons.filter(pl.col("capacity") != "") if keys == ("capacity",) else persons
    if keys == ("country", "capacity"):
        frame = frame.filter(pl.col("capacity") != "")
    return frame.group_by(keys).agg(sums).sort(keys).to_dicts()


def _cell(indicator: str, row: Mapping[str, Any], parts: dict[str, Any], missing: tuple[str, ...]) -> dict[str, Any]:
    country, capacity = _key(row)
    for part, told_by in _TOLD_BY.items():
        if all(source in missing for source in told_by):
            parts[part] = None
    for source in missing:
        for part in _NEEDS.get(source, ()):
            parts[part] = None
    return {
        "indicator": indicator, "country": country, "capacity": capacity, "count": row["count"],
        "expected": None, "low": None, "high": None, "parts": parts,
    }  # fmt: skip


# Parts that one register must have come for; and parts that any one of several can tell.
_NEEDS = {
    "siskop2mi": ("matched", "only_siskop2mi"),
    "peduliwni": ("matched", "only_peduliwni"),
}
_TOLD_BY = {
    "only_others": ("imigrasi", "bpjs", "gtog"),
    "returned": ("returns", "imigrasi"),
    "dead": ("returns", "dukcapil"),
}
