"""The headcount done slowly and obviously, row by row, to hold the fast one against."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass
class Row:
    """One row as the count sees it."""

    rec: str
    source: str
    person: str | None
    iso3: str | None
    capacity: str
    on: date | None
    cause: str = ""
    sex: int = 0


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def _sex(mine: list[Row]) -> dict[str, int]:
    women, men = sum(r.sex == 2 for r in mine), sum(r.sex == 1 for r in mine)
    return {"women": int(women > men), "men": int(men > women), "sex_unknown": int(men == women)}


def count(rows: list[Row], as_of: date, placement: int = 36, report: int = 60) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(indicator, country, capacity) → count and parts, for each country and for all ("*")."""
    theirs: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.person is not None and (row.on is None or row.on <= as_of):
            theirs[row.person].append(row)
    cells: dict[tuple[str, str, str], dict[str, Any]] = {}

    def add(indicator: str, country: str, capacity: str, parts: dict[str, int], one: int) -> None:
        places = [(country, ""), ("*", "")] + ([(country, capacity), ("*", capacity)] if capacity else [])
        for place in places:
            cell = cells.setdefault((indicator, *place), {"count": 0, "parts": defaultdict(int)})
            cell["count"] += one
            for name, value in parts.items():
                cell["parts"][name] += value

    for mine in theirs.values():
        placed = [r for r in mine if r.source in ("siskop2mi", "peduliwni")]
        if not placed:
            continue
        last = max(placed, key=lambda r: (r.on or date.min, r.source == "peduliwni", r.rec))
        s = sum(r.source == "siskop2mi" for r in placed)
        p = len(placed) - s
        dead = any(r.source == "returns" and "MENINGGAL" in r.cause for r in mine)
        homes = [r.on for r in mine if r.source == "returns" and "MENINGGAL" not in r.cause and r.on]
        returned = not dead and bool(homes) and max(homes) >= (last.on or date.min)
        limit = months_before(as_of, placement if last.source == "siskop2mi" else report)
        stale = not dead and not returned and (last.on is None or last.on < limit)
        parts = {
            "matched": int(s > 0 and p > 0), "only_siskop2mi": int(p == 0), "only_peduliwni": int(s == 0),
            **_sex(mine),
            "duplicate_rows": max(0, s - 1) + max(0, p - 1),
        }  # fmt: skip
        gone = {"returned": int(returned), "dead": int(dead), "stale": int(stale)}
        here = not (dead or returned or stale)
        add("persons_by_last_known_country", last.iso3 or "", last.capacity, parts | gone, 1)
        kept = {name: value if here else 0 for name, value in parts.items()}
        add("estimated_present", last.iso3 or "", last.capacity, kept | gone | {"persons": 1}, int(here))
    return cells
