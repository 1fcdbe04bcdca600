"""The published headcount: per country and capacity, with its parts, its interval, its date and its sources."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import ask, note
from selaras.ground.queries.offices import countries
from selaras.ground.scope import Actor, current
from selaras.insight.models import Figure, Publication

LAST_KNOWN, PRESENT = "persons_by_last_known_country", "estimated_present"
ALL = "*"
CAPACITIES = ("worker", "student", "spouse", "child", "crew", "other")
SEXES = ("women", "men", "sex_unknown")
SORTS = ("country", "count", "women", "men", "present", "matched", "stale")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: what was counted, the expectation with its interval, and its parts (None: the feed is missing)."""

    count: int
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountryRow:
    """One country with both figures; `iso3` is empty where the spelling of the country is not known."""

    iso3: str
    name: str
    name_en: str
    last_known: Cell
    present: Cell


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One register behind the figures: `state` is fine, late (no delivery for longer than promised) or never."""

    key: str
    name: str
    name_en: str
    owner: str
    rows: int
    state: str
    delivered_at: datetime | None
    latest_event: date | None


@dataclass(frozen=True, slots=True)
class Headcount:
    """What an officer sees of the current publication: `countries` names her own, or is empty for all."""

    publication_id: UUID
    run_id: UUID
    as_of: date
    at: datetime
    capacity: str
    countries: tuple[str, ...]
    districts: bool
    last_known: Cell
    present: Cell
    rows: tuple[CountryRow, ...]
    sources: tuple[SourceLine, ...]


def countries_of(actor: Actor) -> tuple[tuple[str, ...], bool]:
    """Give the countries that an actor looks after (none named: all), and whether she looks after parts of them only.

    Who looks after places abroad sees those; whoever else may see the headcount sees all countries, because a count
    holds nothing about a person.
    """
    if actor.national:
        return (), False
    places = {code.partition(":")[2] for code in actor.reach if code.startswith("abroad:")}
    return tuple(sorted({place.partition("-")[0] for place in places})), any("-" in place for place in places)


def latest(capacity: str = "", sort: str = "-count", only: tuple[str, ...] = (), districts: bool = False) -> Headcount | None:
    """Give the current publication, of one capacity or of all, for some countries or for all; None before the first."""
    publication = Publication.objects.filter(current=True).first()
    if publication is None:
        return None
    capacity = capacity if capacity in CAPACITIES else ""
    rows = Figure.objects.filter(publication=publication, capacity=capacity)
    if only:
        rows = rows.filter(country__in=only)
    cells: dict[str, dict[str, Cell]] = {}
    for f in rows:
        cells.setdefault(f.country, {})[f.indicator] = Cell(f.count, f.expected, f.low, f.high, f.parts)
    names = {iso3: (name, name_en) for iso3, name, name_en in countries()}
    lines = [
        CountryRow(iso3, *names.get(iso3, ("", "")), both.get(LAST_KNOWN, Cell(0)), both.get(PRESENT, Cell(0)))
        for iso3, both in cells.items()
        if iso3 != ALL
    ]
    total = cells.get(ALL, {})
    return Headcount(
        publication_id=publication.pk,
        run_id=publication.run,
        as_of=publication.as_of,
        at=publication.at,
        capacity=capacity,
        countries=only,
        districts=districts,
        last_known=total.get(LAST_KNOWN) or summed([line.last_known for line in lines]),
        present=total.get(PRESENT) or summed([line.present for line in lines]),
        rows=tuple(_sorted(lines, sort)),
        sources=tuple(_source(s) for s in publication.sources),
    )


def summed(cells: list[Cell]) -> Cell:
    """Add figures up; an interval is given for one country only, because intervals do not add."""
    if len(cells) == 1:
        return cells[0]
    parts: dict[str, float | None] = {}
    for cell in cells:
        for name, value in cell.parts.items():
            if name.endswith(("_low", "_high")):
                continue
            before = parts.get(name, 0)
            parts[name] = None if value is None or before is None else before + value
    expected = [cell.expected for cell in cells]
    whole = sum(e for e in expected if e is not None) if expected and None not in expected else None
    return Cell(sum(cell.count for cell in cells), whole, None, None, parts)


def _sorted(lines: list[CountryRow], sort: str) -> list[CountryRow]:
    key = sort.removeprefix("-")
    if key == "country" or key not in SORTS:
        return sorted(lines, key=lambda r: (not r.iso3, r.name), reverse=sort == "-country")
    value = {
        "count": lambda r: r.last_known.count,
        "present": lambda r: r.present.count,
        "women": lambda r: r.last_known.parts.get("women") or 0,
        "men": lambda r: r.last_known.parts.get("men") or 0,
        "matched": lambda r: r.last_known.parts.get("matched") or 0,
        "stale": lambda r: r.last_known.parts.get("stale") or 0,
    }[key]
    return sorted(lines, key=lambda r: ((-value(r)) if sort.startswith("-") else value(r), r.name))


def _source(told: dict[str, Any]) -> SourceLine:
    at = datetime.fromisoformat(told["delivered_at"]) if told["delivered_at"] else None
    event = date.fromisoformat(told["latest_event"]) if told["latest_event"] else None
    late = at is not None and timezone.now() - at > timedelta(days=told.get("every_days") or 31)
    state = "never" if at is None else "late" if late else "fine"
    return SourceLine(
        told["key"], told["name"], told.get("name_en") or told["name"], told["owner"], told["rows"], state, at, event
    )


@ask
def see_headcount(capacity: str = "", sort: str = "-count") -> Headcount | None:
    """Show the headcount of the countries that the officer looks after."""
    only, districts = countries_of(current())
    found = latest(capacity, sort, only, districts)
    note(count=len(found.rows) if found else 0, publication=str(found.publication_id) if found else "")
    return found


EXPORT = (
    "iso3", "country", "country_en", "capacity", "persons_by_last_known_country", "expected", "low", "high", "matched",
    "only_siskop2mi", "only_peduliwni", "only_others", "duplicate_rows", "under_review", "returned", "dead", "stale",
    "estimated_present", "estimated_present_expected", "estimated_present_low", "estimated_present_high", *(
        f"{sex}{bound}" for sex in SEXES for bound in ("", "_expected", "_low", "_high")
    ), "as_of",
)  # fmt: skip
_PARTS = (
    "matched", "only_siskop2mi", "only_peduliwni", "only_others", "duplicate_rows", "under_review", "returned", "dead", "stale",
)  # fmt: skip


def export_rows(found: Headcount) -> list[dict[str, Any]]:
    """Give exactly the lines that are shown, with EXPORT as columns; a missing feed is an empty cell, never 0."""
    return [
        {
            "iso3": r.iso3, "country": r.name, "country_en": r.name_en, "capacity": found.capacity or "all",
            LAST_KNOWN: r.last_known.count, "expected": r.last_known.expected, "low": r.last_known.low,
            "high": r.last_known.high, **{p: r.last_known.parts.get(p) for p in _PARTS},
            PRESENT: r.present.count, "estimated_present_expected": r.present.expected,
            "estimated_present_low": r.present.low, "estimated_present_high": r.present.high,
            **{name: r.last_known.parts.get(name) for name in EXPORT if name.startswith(SEXES)},
            "as_of": found.as_of.isoformat(),
        }
        for r in found.rows
    ]  # fmt: skip


@ask
def export_headcount(capacity: str = "", sort: str = "-count") -> list[dict[str, Any]]:
    """Hand out the lines that the officer sees, to be written as a file."""
    only, districts = countries_of(current())
    found = latest(capacity, sort, only, districts)
    rows = export_rows(found) if found else []
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    note(count=len(rows), content=f"sha256:{digest}", publication=str(found.publication_id) if found else "")
    return rows
