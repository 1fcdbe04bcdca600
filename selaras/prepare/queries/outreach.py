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
from selaras.prepare.queries.listing import note_list

RECENT = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OutreachLine:
    """One session as a list shows it; why it was taken back is read where it is opened."""

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
    taken_back_by: str
    taken_back_words: str


@dataclass(frozen=True, slots=True)
class CameLine:
    """One who came to a session, as she stands today."""

    id: UUID
    person_id: UUID
    name: str
    on: dt.date
    venue: str


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
    came: tuple[CameLine, ...]


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
def see_outreach(
    *, language: str = "", since: dt.date | None = None, text: str = "", offset: int = 0, limit: int = 50, file: str = ""
) -> Sessions:
    """List the sessions within reach, the newest first."""
    rows = Outreach.objects.defer("taken_back_words").order_by("-on", "-id")
    rows = rows.filter(language=language) if language else rows
    rows = rows.filter(on__gte=since) if since else rows
    rows = rows.filter(venue__icontains=text) if text else rows
    heads = list(rows.filter(taken_back_at__isnull=True).values_list("women", "men"))
    page = list(rows[offset : offset + limit])
    note_list([row.id for row in page], file)
    return Sessions(_lines(page), rows.count(), sum(women for women, _ in heads), sum(men for _, men in heads))


def _lines(rows: list[Outreach], *, opened: bool = False) -> tuple[OutreachLine, ...]:
    places = area_names(row.area_id for row in rows)
    return tuple(
        OutreachLine(
            r.id, r.on, places.get(r.area_id, r.area_id), r.venue, r.language, tuple(r.items), r.women, r.men, r.by_name, r.office,
            r.taken_back_by_name, (r.taken_back_words or "") if opened else "",
        )
        for r in rows
    )  # fmt: skip


@ask
def open_outreach(outreach_id: UUID) -> OpenOutreach:
    """Open one session within reach, with who of those within reach came."""
    row = Outreach.objects.filter(id=outreach_id).first()
    if row is None:
        raise NotThere("not there")
    came = _came(row)
    note(outreach=str(row.id), count=len(came))
    items = tuple((rule, rule.id in row.items) for rule in law().information_on(row.on))
    return OpenOutreach(_lines([row], opened=True)[0], items, tuple(came))


def _came(session: Outreach) -> list[CameLine]:
    """Name each person once, as she stands today: two who came may be one whose records were merged since."""
    rows = list(Attendance.objects.filter(outreach_id=session.id, taken_back_at__isnull=True).values_list("person_id", "id"))
    into = survivors([person_id for person_id, _ in rows])
    lines = {into.get(person_id, person_id): line_id for person_id, line_id in rows}
    names = Person.objects.filter(id__in=list(lines)).order_by("name", "id").values_list("id", "name")
    return [CameLine(lines[person_id], person_id, name, session.on, session.venue) for person_id, name in names]


@ask
def see_attendance(attendance_id: UUID) -> CameLine:
    """Open that a person within reach came to a session within reach."""
    row = Attendance.objects.select_related("person").filter(id=attendance_id).first()
    session = row and Outreach.objects.filter(id=row.outreach_id).first()
    if row is None or session is None:
        raise NotThere("not there")
    note(subject=row.person_id, outreach=str(session.id))
    return CameLine(row.id, row.person_id, row.person.name, session.on, session.venue)


@ask
def see_told(person_id: UUID) -> WhatToldTo:
    """Say what a person within reach was told and when, by the list of today's law."""
    her = Person.objects.filter(id=surviving(person_id)).first()
    if her is None:
        raise NotThere("not there")
    days: dict[str, list[dt.date]] = {}
    seen = Attendance.objects.filter(person_id__in=hers(her.id), taken_back_at__isnull=True)
    there = set()
    for session, on, items in seen.values_list("outreach_id", "on", "items"):
        there.add(session)
        for item in items:
            days.setdefault(item, []).append(on)
    today = timezone.localdate()
    recent = Outreach.objects.filter(on__gte=today - RECENT, taken_back_at__isnull=True).exclude(id__in=there).order_by("-on", "-id")
    rules = law().information_on(today)
    lines = tuple(ToldLine(r, min(days.get(r.id, []), default=None), max(days.get(r.id, []), default=None)) for r in rules)
    return WhatToldTo(her.id, her.name, lines, _lines(list(recent[:50])))
