"""The rows of the registers behind one person, side by side, with who or what linked each, when and why."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from selaras.people.numbers import masked
from selaras.people.queries.surviving import hers
from selaras.reconcile.models import Judgement, Link, Record
from selaras.reconcile.queries.pairs import FIELDS, SEALED
from selaras.reconcile.sources import registers


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link of a record: how it came about, by whom, why, from when to when."""

    how: str
    deciders: tuple[str, ...]  # officers' names; empty when the linkage decided
    why: tuple[tuple[str, dict[str, Any], float], ...]
    since: datetime
    until: datetime | None
    pair_id: UUID | None
    run_id: UUID | None


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One row of one register; numbers are masked."""

    id: UUID
    source: str
    source_name: str
    row_id: str
    values: tuple[tuple[str, str], ...]  # field, text
    country: str
    capacity: str
    event_date: date | None
    changed_at: datetime
    withdrawn_at: datetime | None
    links: tuple[LinkLine, ...]  # the standing one first


def records_of(person_id: UUID) -> list[RecordLine]:
    """List the rows behind a person and behind those who were merged into her; the caller has opened her already."""
    persons = hers(person_id)
    rows = list(Record.objects.filter(person_id__in=persons).order_by("-event_date", "source_id", "row_id"))
    links: dict[UUID, list[Link]] = {}
    for link in Link.objects.filter(record__in=rows).order_by("-since", "-id"):
        links.setdefault(link.record_id, []).append(link)
    names = _deciders([link for group in links.values() for link in group])
    known = registers()
    return [
        RecordLine(
            row.pk, row.source_id, known[row.source_id].name if row.source_id in known else row.source_id, row.row_id,
            _shown(row.values), row.country, row.capacity, row.event_date, row.changed_at, row.withdrawn_at,
            tuple(_told(link, names) for link in links.get(row.pk, [])),
        )
        for row in rows
    ]  # fmt: skip


def _shown(values: str) -> tuple[tuple[str, str], ...]:
    said = json.loads(values)
    texts = ((field, str(said.get(field) or "")) for field in FIELDS)
    return tuple((field, masked(text) if field in SEALED else text) for field, text in texts if text)


def _deciders(links: list[Link]) -> dict[str, str]:
    officers = {address.strip() for link in links for address in link.decided_by.split(",")}
    asked = [o for o in officers if o.startswith("officer:")]
    return dict(Judgement.objects.filter(officer__in=asked).values_list("officer", "officer_name")) if asked else {}


def _told(link: Link, names: dict[str, str]) -> LinkLine:
    deciders = tuple(names[o.strip()] for o in link.decided_by.split(",") if o.strip() in names)
    why = tuple((code, params, weight) for code, params, weight in link.why)
    return LinkLine(link.how, deciders, why, link.since, link.until, link.judged_id, link.run_id)
