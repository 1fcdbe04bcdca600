"""Questions about outreach: the sessions within reach, one of them with who came, and what a person was told when."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.law.load import law
from selaras.law.shapes import Information
from selaras.people.models import Person
from selaras.people.places import area_names
from selaras.people.queries.surviving import hers, surviving, survivors
from selaras.prepare.models import Attendance, Outreach

RECENT = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OutreachLine:
    """One session as a list shows it."""

    id: UUID
    on: dt.date
    place: str
    venue: str
    language: str
    items: tuple[str, ...]
    women: int
    men: int
    by: str
    office: str


@dataclass(frozen=True, slots=True)
class Sessions:
    """One page of sessions, how many there are in all, and how many women and men came to all of them."""

    rows: tuple[OutreachLine, ...]
    total: int
    women: int
    men: int


@dataclass(frozen=True, slots=True)
class OpenOutreach:
    """One session, the items of its day's law, and who of those within reach came."""

    line: OutreachLine
    items: tuple[tuple[Information, bool], ...]
    came: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One item of information, and the first and the last day on which she was given it; None: never."""

    rule: Information
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class WhatToldTo:
    """What a person was told: each item of the law of today, and the sessions to which she may be written down."""

    person_id: UUID
    name: str
    lines: tuple[ToldLine, ...]
    sessions: tuple[OutreachLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_outreach(*, language: str = "", since: dt.date | None = None, text: str = "", offset: int = 0, limit: int = 50) -> Sessions:
    """List the sessions within reach, the newest first."""
    rows = Outreach.objects.order_by("-on", "-id")
    rows = rows.filter(language=language) if language else rows
    rows = rows.filter(on__gte=since) if since else rows
    rows = rows.filter(venue__icontains=text) if text else rows
    heads = list(rows.values_list("women", "men"))
    page = list(rows[offset : offset + limit])
    note(count=len(page))
    return Sessions(_lines(page), len(heads), sum(women for women, _ in heads), sum(men for _, men in heads))


def _lines(rows: list[Outreach]) -> tuple[OutreachLine, ...]:
    places = area_names(row.area_id for row in rows)
    return tuple(
        OutreachLine(
            r.id, r.on, places.get(r.area_id, r.area_id), r.venue, r.language, tuple(r.items), r.women, r.men, r.by_name, r.office,
        )
        for r in rows
    )  # fmt: skip


@ask
def open_outreach(outreach_id: UUID) -> OpenOutreach:
    """Open one session within reach, with who of those within reach came."""
    row = Outreach.objects.filter(id=outreach_id).first()
    if row is None:
        raise NotThere("not there")
    came = _came(list(Attendance.objects.filter(outreach_id=row.id).values_list("person_id", "person__name")))
    note(outreach=str(row.id), count=len(came))
    items = tuple((rule, rule.id in row.items) for rule in law().information_on(row.on))
    return OpenOutreach(_lines([row])[0], items, tuple(came))


def _came(rows: list[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    """Name each person once, as she stands today: two who came may be one whose records were merged since."""
    into = survivors([person_id for person_id, _ in rows])
    names = {person_id: name for person_id, name in rows if person_id not in into}
    names |= dict(Person.objects.filter(id__in=set(into.values()) - names.keys()).values_list("id", "name"))
    return sorted(names.items(), key=lambda one: (one[1], one[0]))


@ask
def see_told(person_id: UUID) -> WhatToldTo:
    """Say what a person within reach was told and when, by the list of today's law."""
    her = Person.objects.filter(id=surviving(person_id)).first()
    if her is None:
        raise NotThere("not there")
    days: dict[str, list[dt.date]] = {}
    seen = Attendance.objects.filter(person_id__in=hers(her.id))
    there = set()
    for session, on, items in seen.values_list("outreach_id", "on", "items"):
        there.add(session)
        for item in items:
            days.setdefault(item, []).append(on)
    today = timezone.localdate()
    recent = Outreach.objects.filter(on__gte=today - RECENT).exclude(id__in=there).order_by("-on", "-id")
    rules = law().information_on(today)
    lines = tuple(ToldLine(r, min(days.get(r.id, []), default=None), max(days.get(r.id, []), default=None)) for r in rules)
    return WhatToldTo(her.id, her.name, lines, _lines(list(recent[:50])))
