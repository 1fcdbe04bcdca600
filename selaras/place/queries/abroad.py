"""Questions after departure: did she report, where and for whom is she, what did an extension add, did she come home and why."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.engines.money import PremiumTable, premium_of_extension
from selaras.engines.reason import Unfit
from selaras.ground.act import NotThere, ask, note
from selaras.law.load import law
from selaras.law.shapes import Cause, Scheme
from selaras.people.models import Journey, JourneyStep, Person
from selaras.place.models import Document, Report
from selaras.place.stays import ARRIVE, LEFT


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report as it was told, and who took it up."""

    id: UUID
    kind: str
    state: str
    on: dt.date
    country: str
    district: str
    cause: Cause | None
    employer: str
    place: str
    words: str
    by: str
    office: str
    at: dt.datetime
    taken_up_by: str
    taken_up_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Extension:
    """What one extension of a contract added: months, and the premium for them in rupiah; None where it cannot be told."""

    version: int
    before: dt.date | None
    until: dt.date | None
    months: int | None
    premium: int | None
    basis: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class After:
    """A journey after departure."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    started_on: dt.date
    open: bool
    country: str
    left_on: dt.date | None
    due: dt.date | None
    overdue: bool
    lines: tuple[ReportLine, ...]
    extensions: tuple[Extension, ...]
    causes: tuple[Cause, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id

    def last(self, kind: str) -> ReportLine | None:
        """Give the latest report of a kind."""
        return next((line for line in self.lines if line.kind == kind), None)


@ask
def see_after(journey_id: UUID) -> After:
    """Open what became of a journey of a person within reach after departure. Not in reach is not there."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        raise NotThere("not there")
    scheme = law().scheme(journey.scheme, journey.started_on)
    if scheme is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    steps = JourneyStep.objects.filter(journey_id=journey.id, step__in=(ARRIVE, LEFT), state__in=("now", "done")).order_by("turn")
    rows = {row.step: row for row in steps}
    arrive, left = rows.get(ARRIVE), rows.get(LEFT)
    reports = list(Report.objects.filter(journey_id=journey.id).order_by("-on", "-id"))
    today = timezone.localdate()
    reported = any(row.kind == Report.Kind.ARRIVAL for row in reports)
    due = arrive.due if arrive is not None and arrive.state == JourneyStep.State.NOW and not reported else None
    note(journey=str(journey.id), count=len(reports))
    name = Person.objects.get(id=journey.person_id).name
    return After(
        journey.id, journey.person_id, name, scheme, journey.started_on, journey.state == Journey.State.OPEN,
        journey.country_id or "", left.done_on if left is not None and left.state == JourneyStep.State.DONE else None, due,
        due is not None and due < today, tuple(_line(row) for row in reports), _extensions(journey), law().causes_on(today),
    )  # fmt: skip


def _line(row: Report) -> ReportLine:
    cause = next((one for one in law().causes_on(row.on) if one.id == row.cause), None)
    return ReportLine(
        row.id, row.kind, row.state, row.on, row.country_id or "", row.district, cause, row.employer, row.place, row.words, row.by_name,
        row.office, row.at, row.taken_up_by_name, row.taken_up_at,
    )  # fmt: skip


def _extensions(journey: Journey) -> tuple[Extension, ...]:
    found, before = [], None
    for row in Document.objects.filter(journey_id=journey.id, kind="contract").order_by("version"):
        if row.extends:
            found.append(_extension(row, before, journey.scheme))
        before = row.until or before
    return tuple(found)


def _extension(row: Document, before: dt.date | None, scheme: str) -> Extension:
    day = timezone.localdate(row.at)
    months = months_added(before, row.until) if before is not None and row.until is not None else None
    excess = law().premiums_of("excess", day, scheme)
    cost = None
    if months and excess:
        during = {one.months: one.amount for one in law().premiums_of("during", day, scheme)}
        first = next(iter(law().premiums_of("before", day, scheme)), None)
        try:
            cost = premium_of_extension(PremiumTable(first.amount if first else 0, during, excess[0].amount), months).total
        except Unfit:
            cost = None
    return Extension(row.version, before, row.until, months, cost, excess[0].basis if excess else "", bool(excess and excess[0].unsure))


def months_added(before: dt.date, until: dt.date) -> int:
    """Count the months from one last day to a later one; a month that has begun counts whole, for its premium is paid whole."""
    whole = (until.year - before.year) * 12 + until.month - before.month
    return max(0, whole + (until.day > before.day))
