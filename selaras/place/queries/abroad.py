"""Questions after departure: did she report, where and for whom is she, what did an extension add, did she come home and why."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.engines.money import PremiumTable, premium_of_extension
from selaras.engines.reason import Unfit
from selaras.ground.act import NotThere, ask, note
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.law.shapes import Cause, Scheme
from selaras.people.models import Journey, JourneyStep, Person
from selaras.people.queries.parties import PartyLine, line_of, party_by_key
from selaras.place.deaths import DEATH
from selaras.place.models import Document, Report
from selaras.place.reporting import CHANGE, in_force, is_change, may_amend
from selaras.place.stays import ARRIVE, LEFT, RETURN


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
    corrected: bool
    """Whether another report took its place; one that ended without was taken back."""
    ended_by: str
    ended_at: dt.datetime | None
    ended_why: str
    may_amend: bool
    """Whether the one who asks may correct it or take it back."""
    died_on: dt.date | None
    party: PartyLine | None
    """The employer, where the register knows it."""


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
class Employed:
    """For whom she works: since a change of employer, or by her contract, or by the register of parties."""

    name: str
    place: str
    since: dt.date | None
    changed: bool
    """Whether she was changed to this employer after she left."""
    party: PartyLine | None = None
    """The party that the register knows, where it is one."""


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
    past: tuple[ReportLine, ...]
    """What was corrected or taken back."""
    employer: Employed | None
    may_change: bool
    """Whether the journey lets her employer be changed now."""
    has_contract: bool
    extensions: tuple[Extension, ...]
    causes: tuple[Cause, ...]
    died: bool
    """Whether her death ended the journey: her return home can still be written down."""

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id

    def last(self, kind: str) -> ReportLine | None:
        """Give the latest report of a kind."""
        return next((line for line in self.lines if line.kind == kind), None)


def employer_now(journey_id: UUID) -> Employed | None:
    """Say for whom somebody within reach works on a journey; None when nothing says so, and for a journey that is not there."""
    journey = Journey.objects.filter(id=journey_id).first()
    return employer_of(journey) if journey is not None else None


@ask
def see_after(journey_id: UUID) -> After:
    """Open what became of a journey of a person within reach after departure. Not in reach is not there."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        raise NotThere("not there")
    scheme = law().scheme(journey.scheme, journey.started_on)
    if scheme is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    asked = (ARRIVE, LEFT, CHANGE, RETURN)
    steps = JourneyStep.objects.filter(journey_id=journey.id, step__in=asked, state__in=("now", "done")).order_by("turn")
    rows = {row.step: row for row in steps}
    arrive, left = rows.get(ARRIVE), rows.get(LEFT)
    found = list(Report.objects.filter(journey_id=journey.id).select_related("party").order_by("-on", "-id"))
    reports = [row for row in found if row.ended_at is None]
    replaced = {row.corrects_id for row in found}
    is_open, died = journey.state == Journey.State.OPEN, journey.state == Journey.State.DIED
    # What ended the journey itself, her death, can be taken back; with it the journey goes on.
    lines = {row.id: _line(row, row.id in replaced, is_open or (died and row.cause == DEATH)) for row in found}
    today = timezone.localdate()
    reported = any(row.kind == Report.Kind.ARRIVAL for row in reports)
    due = arrive.due if arrive is not None and arrive.state == JourneyStep.State.NOW and not reported else None
    changes = _now(rows.get(CHANGE)) and not (RETURN in rows and not _now(rows[RETURN]))
    contract = Document.objects.filter(journey_id=journey.id, kind=Document.Kind.CONTRACT, current=True)
    note(journey=str(journey.id), count=len(reports))
    name = Person.objects.get(id=journey.person_id).name
    return After(
        journey.id, journey.person_id, name, scheme, journey.started_on, is_open,
        journey.country_id or "", left.done_on if left is not None and left.state == JourneyStep.State.DONE else None, due,
        due is not None and due < today, tuple(lines[row.id] for row in reports), tuple(line for line in lines.values() if line.ended_at),
        employer_of(journey), changes, contract.exists(), _extensions(journey), law().causes_on(today),
        died,
    )  # fmt: skip


def _now(row: JourneyStep | None) -> bool:
    return row is not None and row.state == JourneyStep.State.NOW


def _line(row: Report, corrected: bool, is_open: bool) -> ReportLine:
    cause = next((one for one in law().causes_on(row.on) if one.id == row.cause), None)
    return ReportLine(
        row.id, row.kind, row.state, row.on, row.country_id or "", row.district, cause, row.employer, row.place, row.words, row.by_name,
        row.office, row.at, row.taken_up_by_name, row.taken_up_at, corrected, row.ended_by_name, row.ended_at, row.ended_why or "",
        is_open and may_amend(row, current()), row.died_on, line_of(row.party) if row.party is not None else None,
    )  # fmt: skip


def employer_of(journey: Journey) -> Employed | None:
    """Say for whom she works by what is in force: the last change of employer, a contract signed after it, or the one with which she left."""
    changed = next((row for row in reversed(in_force(journey.id, Report.Kind.EMPLOYER)) if is_change(row)), None)
    contract = Document.objects.filter(journey_id=journey.id, kind=Document.Kind.CONTRACT, current=True).first()
    if changed is not None:
        later = contract is not None and contract.extends and bool(contract.employer) and (contract.signed_on or changed.on) > changed.on
        if contract is None or not later or contract.employer.casefold() == changed.employer.casefold():
            return Employed(changed.employer, changed.place, changed.on, True, line_of(changed.party) if changed.party else None)
        return Employed(contract.employer, contract.place, contract.signed_on, True)
    if contract is not None and contract.employer:
        return Employed(contract.employer, contract.place, None, False)
    party = party_by_key(journey.employer) if journey.employer else None
    return Employed(party.name, party.address, None, False, party) if party is not None else None


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
