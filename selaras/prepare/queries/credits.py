"""Questions about the placement credit: the requests within reach with the lender's clock, and those of one journey."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.people.course import course_of
from selaras.people.models import Fact, Journey, Person
from selaras.people.queries.surviving import all_of
from selaras.prepare.credit import terms_on
from selaras.prepare.models import CreditRequest
from selaras.prepare.queries.earlier import Earlier, earlier_of

State = CreditRequest.State
OVERDUE = "overdue"
STEP = "credit"


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One request as it stands; overdue when the lender has not answered in time. Its words are read where it is opened, not in a list."""

    id: UUID
    journey_id: UUID
    person_id: UUID
    name: str
    lender: str
    amount: int
    months: int
    instalments: int
    tax_number: bool
    state: str
    asked_on: dt.date
    due: dt.date
    overdue: bool
    by: str
    office: str
    answered_on: dt.date | None
    answered_by: str
    words: str
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Credits:
    """One page of requests, how many there are in all, and how many lenders are overdue."""

    rows: tuple[CreditLine, ...]
    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class JourneyCredit:
    """The requests of a journey, which papers are lacking, and whether one may be made: the scheme has it and none is live."""

    journey_id: UUID
    person_id: UUID
    name: str
    rows: tuple[CreditLine, ...]
    lacking: tuple[str, ...]
    possible: bool

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_credits(*, state: str = "", text: str = "", offset: int = 0, limit: int = 50) -> Credits:
    """List the requests within reach: those that wait first, by the day on which the lender's answer is due."""
    today = timezone.localdate()
    rows = CreditRequest.objects.select_related("person", "lender").defer("words", "earlier")
    late = rows.filter(state=State.ASKED, due__lt=today)
    overdue = late.count()
    rows = late if state == OVERDUE else rows.filter(state=state) if state else rows
    rows = rows.filter(person__name__icontains=text) if text else rows
    page = [_line(row, today) for row in rows.order_by("due", "id")[offset : offset + limit]]
    note(count=len(page))
    return Credits(tuple(page), rows.count(), overdue)


@ask
def see_credit(journey_id: UUID) -> JourneyCredit:
    """Open the requests of a journey of a person within reach."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        raise NotThere("not there")
    today = timezone.localdate()
    rows = CreditRequest.objects.filter(journey_id=journey.id).select_related("person", "lender").order_by("-at")
    lines = tuple(_line(row, today, opened=True) for row in rows)
    there = Fact.objects.filter(person_id__in=all_of(journey.person_id), superseded_by__isnull=True).exclude(verdict=Fact.Verdict.REFUSED)
    kinds = {kind for kind, of in there.values_list("kind", "journey_id") if of in (None, journey.id)}
    course = course_of(journey.scheme, journey.started_on)
    possible = journey.state == Journey.State.OPEN and course is not None and course.step(STEP) is not None
    live = any(line.state in (State.ASKED, State.GRANTED) for line in lines)
    name = Person.objects.filter(id=journey.person_id).values_list("name", flat=True).first() or ""
    note(journey=str(journey.id))
    lacking = tuple(kind for kind in terms_on(today).evidence if kind not in kinds)
    return JourneyCredit(journey.id, journey.person_id, name, lines, lacking, possible and not live)


@ask
def see_credit_request(request_id: UUID) -> CreditLine:
    """Open one request of a person within reach."""
    row = CreditRequest.objects.select_related("person", "lender").filter(id=request_id).first()
    if row is None:
        raise NotThere("not there")
    note(subject=row.person_id, credit=str(row.id))
    return _line(row, timezone.localdate(), opened=True)


def _line(row: CreditRequest, today: dt.date, *, opened: bool = False) -> CreditLine:
    return CreditLine(
        row.id, row.journey_id, row.person_id, row.person.name, row.lender.name, row.amount, row.months, row.instalments, row.tax_number,
        row.state, row.asked_on, row.due, row.state == State.ASKED and row.due < today, row.by_name, row.office, row.answered_on,
        row.answered_by_name, row.words if opened else "", earlier_of(row.earlier) if opened else (),
    )  # fmt: skip
