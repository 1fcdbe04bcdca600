"""Chooses what the register of persons says of each person, from what her rows say."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from selaras.engines.linkage import Register
from selaras.engines.reading import USUAL_TRUST, load_layouts
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.sources import registers as registers_known

# Which kind of presence a register's row states: a registration is not a report, and neither is being there.
STATES = {"siskop2mi": "placement", "bpjs": "placement", "gtog": "placement", "peduliwni": "report", "returns": "return"}
_TEXTS = ("name", "birth_place", "mother", "regency", "village")
_OWN = "_rank"
AUTHORITY = 90
_CANONICAL = {"birth": "birth_date", "sex_said": "sex", "home": "village"}


@dataclass(frozen=True)
class Composed:
    """Four frames in the form that the bulk verb of the register takes."""

    persons: pl.DataFrame
    names: pl.DataFrame
    numbers: pl.DataFrame
    presences: pl.DataFrame


def compose(rows: pl.DataFrame, registers: list[Register], trust: Mapping[str, int], homes: Homes) -> Composed:
    """Compose the persons of these rows.

    `rows`: as read, with `person` for every row; `registers`: the same rows standardised. Chosen are: the fullest form
    of the name; the birth date that most rows give, among equals one that a NIK bears out; the sex that most give; the
    home, village and mother that most give. A register whose own column it is (its layout's trust is 90 or more) wins over
    any number of others. Between equals the register that is trusted more decides, then the later row.
    """
    told = _told(rows, registers, trust, homes)
    persons = told.select("person").unique(maintain_order=True)
    for chosen in (
        _fullest(told, "name"),
        _most(told, "birth", bears_out="birth_in_nik"),
        _most(told, "sex_said"),
        _most(told, "birth_place"),
        _fullest(told, "mother"),
        _most(told, "home"),
        _most(told, "regency"),
    ):
        persons = persons.join(chosen, on="person", how="left", maintain_order="left")
    best = told.sort("person", _OWN).unique("person", keep="first", maintain_order=True)
    persons = persons.join(best.select("person", "source"), on="person", how="left")
    return Composed(
        persons.select(
            person_id="person",
            name=pl.col("name").fill_null(""),
            sex=pl.col("sex_said").fill_null(""),
            birth_date="birth",
            birth_precision=pl.lit("day"),
            birth_place=pl.col("birth_place").fill_null("").str.slice(0, 80),
            mother="mother",
            home_area="home",
            home_text=pl.col("regency").fill_null("").str.slice(0, 120),
            source="source",
        ),
        _names(told),
        _numbers(told),
        _presences(told),
    )


def _told(rows: pl.DataFrame, registers: list[Register], trust: Mapping[str, int], homes: Homes) -> pl.DataFrame:
    """One line a row: what it says, tidied, and its rank (the most trusted and latest first)."""
    standard = pl.concat(
        [
            r.rows.select("nik", "nik_valid", "phone", "birth", "sex", rec="row_id").with_columns(passport=r.passports())
            for r in registers
        ]
    )
    told = rows.filter(pl.col("person").is_not_null()).join(standard, on="rec", how="left", maintain_order="left")
    told = told.with_columns(
        pl.col(f"said_{name}").str.strip_chars().str.replace_all(r"\s+", " ").replace("", None).alias(name)
        for name in _TEXTS
    )
    told = told.with_columns(
        pl.col("name").str.slice(0, 160),
        pl.col("mother").str.slice(0, 160),
        birth=_day("birth"),
        sex_said=pl.col("sex").replace_strict([1, 2], ["M", "F"], default=None, return_dtype=pl.String),
        trust=pl.col("source").replace_strict(dict(trust), default=50, return_dtype=pl.Int64),
        birth_in_nik=pl.when("nik_valid").then(
            (pl.col("nik") // 10**8 % 100 % 40 == pl.col("birth") % 100)
            & (pl.col("nik") // 10**6 % 100 == pl.col("birth") // 100 % 100)
            & (pl.col("nik") // 10**4 % 100 == pl.col("birth") // 10000 % 100)
        ).fill_null(False),
    )
    regency = homes.regency_codes(told["regency"])
    village = homes.village_codes(regency, told["village"])
    told = told.with_columns(home=pl.Series("home", village).fill_null(regency))
    order = told.sort("trust", "on", "rec", descending=[True, True, False], nulls_last=True)
    return order.with_row_index(_OWN)


def _day(column: str) -> pl.Expr:
    """A yyyymmdd number as a date; null for 0."""
    number = pl.col(column)
    return pl.when(number > 0).then(pl.date(number // 10000, number // 100 % 100, number % 100))


def _its_own(column: str) -> pl.Expr:
    """Whether a row's register is the authority on a column: the population register on a birth date, the border on nothing of it."""
    canonical = _CANONICAL.get(column, column)
    sources = [r.key for r in registers_known().values() if load_layouts()[r.layout].trust.get(canonical, USUAL_TRUST) >= AUTHORITY]
    return pl.col("source").is_in(sources)


def _most(told: pl.DataFrame, column: str, bears_out: str | None = None) -> pl.DataFrame:
    """What most rows of a person say; among equals what is borne out, then what the best row says."""
    borne = pl.col(bears_out).any() if bears_out else pl.lit(False)
    counted = (
        told.filter(pl.col(column).is_not_null())
        .group_by("person", column)
        .agg(n=pl.len(), borne=borne, rank=pl.col(_OWN).min(), its_own=_its_own(column).any())
    )
    ordered = counted.sort("person", "its_own", "n", "borne", "rank", descending=[False, True, True, True, False])
    return ordered.unique("person", keep="first", maintain_order=True).select("person", column)


def _fullest(told: pl.DataFrame, column: str) -> pl.DataFrame:
    """The form with most words, then most letters; a word of one letter stands for a name that others write out."""
    text = pl.col(column)
    ranked = told.filter(text.is_not_null()).select(
        "person", column, _OWN,
        words=text.str.count_matches(r"\b\w{2,}"),
        letters=text.str.len_chars(),
        its_own=_its_own(column),
    )
    ordered = ranked.sort("person", "its_own", "words", "letters", _OWN, descending=[False, True, True, True, False])
    return ordered.unique("person", keep="first", maintain_order=True).select("person", column)


def _names(told: pl.DataFrame) -> pl.DataFrame:
    forms = told.filter(pl.col("name").is_not_null()).unique(["person", "name", "source"], maintain_order=True)
    return forms.select(person_id="person", text="name", kind=pl.lit("written"), source="source")


def _numbers(told: pl.DataFrame) -> pl.DataFrame:
    """Each number once a person, from the register that is trusted most."""
    parts = [
        told.filter(pl.col("nik") > 0).select(
            "person", "source", "trust", _OWN, kind=pl.lit("nik"), value=pl.col("nik").cast(pl.String), sound="nik_valid"
        ),
        told.filter(pl.col("passport").is_not_null()).select(
            "person", "source", "trust", _OWN, kind=pl.lit("passport"), value="passport",
            sound=pl.col("passport").str.contains(r"^[A-Z]{1,2}\d{6,7}$"),
        ),
        told.filter(pl.col("phone") > 0).select(
            "person", "source", "trust", _OWN, kind=pl.lit("phone"), value="+" + pl.col("phone").cast(pl.String),
            sound=pl.lit(True),
        ),
    ]
    ordered = pl.concat(parts).sort("person", "kind", _OWN)
    once = ordered.unique(["person", "kind", "value"], keep="first", maintain_order=True)
    return once.select(
        "kind", "value", "source", "sound", person_id="person", confidence=pl.col("trust").cast(pl.Int64)
    )


def _presences(told: pl.DataFrame) -> pl.DataFrame:
    known = told.filter(pl.col("iso3").is_not_null())
    return known.select(
        "capacity", "source",
        person_id="person",
        country="iso3",
        kind=pl.col("source").replace_strict(STATES, default="stated", return_dtype=pl.String),
        since="on",
        until=pl.lit(None, dtype=pl.Date),
        source_row="row_id",
        confidence=pl.col("trust").cast(pl.Int64),
    )
