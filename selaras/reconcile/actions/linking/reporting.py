"""What a run reports beyond its counts: what changed, the largest persons, numbers that many share, and whose rows have faults."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from selaras.engines.linkage import Register
from selaras.engines.linkage.numbers import nik_columns, texts_of_signs
from selaras.reconcile.actions.linking.by_hand import SOURCE
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.actions.linking.keeping_ids import Kept
from selaras.reconcile.queries import counting

SHARED_BY = 3
"""Persons from whom on a number is suspicious: with two it may be a slip of one digit."""
AT_MISSION = frozenset({"peduliwni"})
"""Registers whose rows arise at the mission of a country; the rows of all others arise in a home regency."""
# What a page can show and a report may hold: each list is cut here, and its whole length is told beside it.
MOST_FAULTS, MOST_SHARED, MOST_MOVES, MOST_COUNTRIES, LARGEST, EXAMPLES = 2_000, 50, 20, 30, 20, 10


def changes(kept: Kept, links: pl.DataFrame, cells: Iterable[dict[str, Any]], before: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Say what is otherwise than before this run.

    Persons that appeared (of rows that were nobody's), were split off another, merged into another, or vanished (all
    their rows are nobody now), with the largest examples; links by what became of them; persons per country.
    `links`: as `laying.moves` gives them. `cells`, `before`: the figures of this run and of the run before.
    """
    stood, stands = kept.rows["was"].drop_nulls().unique(), kept.rows["person"].drop_nulls().unique()
    fresh = kept.rows.filter(pl.col("person").is_not_null() & ~pl.col("person").is_in(stood.implode()))
    came = fresh.group_by("person").agg(parent=pl.col("was").drop_nulls().mode().min(), rows=pl.col("was").is_not_null().sum())
    split = came.filter(pl.col("parent").is_not_null()).sort("rows", "person", descending=[True, False])
    lost = stood.filter(~stood.is_in(stands.implode()))
    sizes = dict(kept.rows.filter(pl.col("was").is_in(list(kept.gone))).group_by("was").len().iter_rows())
    merged = sorted(kept.gone.items(), key=lambda pair: (-sizes.get(pair[0], 0), pair))
    return {
        "appeared": len(came) - len(split),
        "split": len(split),
        "merged": len(merged),
        "vanished": len(lost) - len(merged),
        "splits": [list(row) for row in split.head(MOST_MOVES).select("parent", "person", "rows").iter_rows()],
        "merges": [[gone, keep, sizes.get(gone, 0)] for gone, keep in merged[:MOST_MOVES]],
        "links": _links(links),
        "countries": _countries(cells, before),
    }


def _links(links: pl.DataFrame) -> dict[str, int]:
    had, has = pl.col("former").is_not_null(), pl.col("person").is_not_null()
    after_merge = pl.col("how") == "merge"
    counted = links.select(
        first=(~had & has).sum(), moved=(had & has & ~after_merge).sum(), followed=(had & has & after_merge).sum(), ended=(had & ~has).sum()
    )
    return counted.row(0, named=True)


def _countries(cells: Iterable[dict[str, Any]], before: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """Country, persons before and now, the greatest differences first; all countries together stand in front."""
    then, now = _by_country(before), _by_country(cells)
    if not then:
        return []
    moved = [[c, then.get(c, 0), now.get(c, 0)] for c in then.keys() | now.keys() if then.get(c, 0) != now.get(c, 0)]
    moved.sort(key=lambda row: (row[0] != counting.ALL, -abs(row[2] - row[1]), row[0]))
    return moved[: MOST_COUNTRIES + 1]


def _by_country(cells: Iterable[dict[str, Any]]) -> dict[str, int]:
    return {c["country"]: c["count"] for c in cells if c["indicator"] == counting.LAST_KNOWN and not c["capacity"]}


def largest(standing: pl.DataFrame) -> list[list[Any]]:
    """List the persons with most rows: person, rows, rows by register, countries.

    `standing`: source, person, iso3, one line a row of a register.
    """
    top = standing.group_by("person").len("rows").sort("rows", "person", descending=[True, False]).head(LARGEST)
    found = []
    for person, rows in top.filter(pl.col("rows") > 1).iter_rows():
        hers = standing.filter(pl.col("person") == person)
        by_source = dict(hers.group_by("source").len().sort("source").iter_rows())
        found.append([person, rows, by_source, hers["iso3"].drop_nulls().n_unique()])
    return found


def shared(standing: pl.DataFrame, registers: Iterable[Register]) -> list[dict[str, Any]]:
    """List NIKs and passports that rows of several persons give, those of most persons first.

    Each: kind, number, rows, persons, sources (rows by register), sound (whether the structure holds). The numbers are in
    plain: whoever keeps this seals it. `standing`: rec, source, person.
    """
    found: list[dict[str, Any]] = []
    given = [r.rows for r in registers]
    for kind, sound in (("nik", pl.col("nik_valid")), ("passport", pl.lit(True))):
        # Counted as the whole numbers that they are: only the few that many share are written out.
        rows = pl.concat([r.select(rec="row_id", number=kind, sound=sound).filter(pl.col("number") > 0) for r in given])
        often = rows.group_by("number").len().filter(pl.col("len") >= SHARED_BY)
        mine = rows.join(often.select("number"), on="number", how="semi").join(standing, on="rec", how="inner")
        per = mine.group_by("number").agg(rows=pl.len(), persons=pl.col("person").n_unique(), sound=pl.col("sound").all())
        top = per.filter(pl.col("persons") >= SHARED_BY).sort("persons", "rows", "number", descending=[True, True, False]).head(MOST_SHARED)
        if top.is_empty():
            continue
        texts = top["number"].cast(pl.String) if kind == "nik" else texts_of_signs(top["number"].to_numpy())
        sources = mine.join(top.select("number"), on="number", how="semi").group_by("number", "source").len()
        by_number: dict[int, dict[str, int]] = {}
        for number, source, n in sources.sort("number", "source").iter_rows():
            by_number.setdefault(number, {})[source] = n
        found += [
            {"kind": kind, **row, "number": text, "sources": by_number[row["number"]]}
            for row, text in zip(top.iter_rows(named=True), texts, strict=True)
        ]
    found.sort(key=lambda row: (-row["persons"], -row["rows"], row["kind"], row["number"]))
    return found[:MOST_SHARED]


def faults(rows: pl.DataFrame, registers: Iterable[Register], homes: Homes) -> dict[str, Any]:
    """Count what could not be used, by register, kind of fault and the place where the row arose, with the first row ids.

    Gives `faults` (source, code, place, rows, of: all rows of that place, examples), the commonest first, and `left_out`:
    how many such lines were too many. A place is `area:3212` (the regency that a row names), `abroad:TWN` (the country whose
    mission entered it), or empty. `rows`: as read; `registers`: the same rows standardised.
    """
    found, totals = [], []
    heard = rows.select("source", "row_id", "iso3", "said_regency", *(f"said_{name}" for name in _READ))
    for register in registers:
        if register.source != SOURCE:
            told = _placed(heard.filter(pl.col("source") == register.source), register, homes)
            totals.append(told.group_by("source", "place").len("of"))
            found += [told.filter(holds).select(*_LINE, code=pl.lit(code)) for code, holds in _KINDS.items()]
            found.append(_niks(told))
    if not found:
        return {"faults": [], "left_out": 0}
    lines = (
        pl.concat(found)
        .group_by("source", "code", "place")
        .agg(rows=pl.len(), examples=pl.col("row_id").sort().head(EXAMPLES))
        .join(pl.concat(totals), on=["source", "place"], how="left")
        .sort("rows", "source", "code", "place", descending=[True, False, False, False])
    )
    listed = lines.head(MOST_FAULTS).select("source", "code", "place", "rows", "of", "examples")
    return {"faults": listed.to_dicts(), "left_out": max(0, len(lines) - MOST_FAULTS)}


def _said(name: str) -> pl.Expr:
    return pl.col(f"said_{name}").str.strip_chars().fill_null("") != ""


_LINE = ("source", "place", "row_id")
_READ = ("nik", "birth_date", "event_date", "passport", "country")
_KINDS = {
    "nik.empty": ~_said("nik"),
    "birth.empty": ~_said("birth_date"),
    "birth.unreadable": _said("birth_date") & (pl.col("birth") == 0),
    "event.unreadable": _said("event_date") & (pl.col("event") == 0),
    "passport.unusable": _said("passport") & (pl.col("passport") == 0),
    "country.unknown": _said("country") & pl.col("known").is_null(),
    "row.nobody": ~pl.col("valid"),
}


def _placed(mine: pl.DataFrame, register: Register, homes: Homes) -> pl.DataFrame:
    """Beside each row what became of its values, and where it arose; the rows of both stand in the same order."""
    if register.source in AT_MISSION:
        places = mine.select(place="abroad:" + pl.col("iso3"))["place"]
    else:
        places = "area:" + homes.regency_codes(mine["said_regency"])
    heard = mine.select("source", "row_id", *(f"said_{name}" for name in _READ), place=places.fill_null(""))
    read = register.rows.select("nik_valid", "birth", "event", "passport", "valid", known="country")
    return pl.concat([heard, read], how="horizontal")


def _niks(told: pl.DataFrame) -> pl.DataFrame:
    """What is wrong with each NIK that is not sound: only those few are read once more."""
    doubtful = told.filter(_said("nik") & ~pl.col("nik_valid"))
    named = doubtful.with_columns(code=nik_columns(doubtful["said_nik"])["nik_fault"])
    return named.filter(pl.col("code").is_not_null()).select(*_LINE, "code")


def measured(calibration: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Keep of the engine's calibration what the page draws: low, high, pairs, expected, observed of each bin."""
    names = ("low", "high", "pairs", "expected", "observed")
    return [{name: bin_.get(name) for name in names} for bin_ in calibration]
