"""Questions about training: which courses have seats left, who is enrolled in one, in which a person is."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.people.models import Person
from selaras.people.queries.surviving import hers, surviving
from selaras.prepare.models import Course, Enrolment
from selaras.prepare.queries.earlier import Earlier, earlier_of
from selaras.prepare.queries.listing import note_list


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course as a list shows it."""

    id: UUID
    body: str
    kind: str
    title: str
    job: str
    language: str
    seats: int
    taken: int
    since: dt.date
    until: dt.date
    payer: str
    state: str
    office: str
    closed_by: str
    closed_words: str

    @property
    def left(self) -> int:
        """Give how many seats are left."""
        return self.seats - self.taken


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """One enrolment of one person, and how it ended. Its words are read on her own page, not in the list of a course."""

    id: UUID
    person_id: UUID
    name: str
    course: CourseLine
    state: str
    at: dt.datetime
    by: str
    ended_on: dt.date | None
    ended_by: str
    words: str
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Courses:
    """One page of courses, how many there are in all, and how many seats are left in those that still take somebody."""

    rows: tuple[CourseLine, ...]
    total: int
    left: int


@dataclass(frozen=True, slots=True)
class CoursePage:
    """One course, and who of those within reach is or was enrolled."""

    line: CourseLine
    enrolled: tuple[EnrolmentLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PersonTraining:
    """The courses of a person, and those into which she could be enrolled now."""

    person_id: UUID
    name: str
    enrolments: tuple[EnrolmentLine, ...]
    free: tuple[CourseLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_courses(*, kind: str = "", text: str = "", over: bool = False, offset: int = 0, limit: int = 50, file: str = "") -> Courses:
    """List the courses, those that begin soonest first; courses that are over or closed only when asked for."""
    today = timezone.localdate()
    rows = Course.objects.select_related("party").order_by("since", "title", "id")
    taking = Q(state=Course.State.OPEN, until__gte=today)
    free = sum(seats - taken for seats, taken in rows.filter(taking).values_list("seats", "taken"))
    rows = rows if over else rows.filter(taking)
    rows = rows.filter(kind=kind) if kind else rows
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(job__icontains=text) | Q(language__icontains=text) | Q(party__name__icontains=text))
    page = [_line(row) for row in rows[offset : offset + limit]]
    note_list([line.id for line in page], file)
    return Courses(tuple(page), rows.count(), free)


@ask
def see_course(course_id: UUID, *, offset: int = 0, limit: int = 50, file: str = "") -> CoursePage:
    """Open a course, with one page of those within reach who are enrolled."""
    row = Course.objects.select_related("party").filter(pk=course_id).first()
    if row is None:
        raise NotThere("not there")
    found = Enrolment.objects.filter(course=row).select_related("person", "course__party").defer("words", "earlier")
    lines = tuple(_enrolment(one) for one in found.order_by("person__name", "id")[offset : offset + limit])
    note(course=str(row.pk))
    note_list([line.id for line in lines], file, [line.person_id for line in lines])
    return CoursePage(_line(row), lines, found.count())


@ask
def see_training(person_id: UUID) -> PersonTraining:
    """Open the courses of a person within reach."""
    her = Person.objects.filter(id=surviving(person_id)).first()
    if her is None:
        raise NotThere("not there")
    rows = Enrolment.objects.filter(person_id__in=hers(her.id)).select_related("person", "course__party").order_by("-at")
    lines = tuple(_enrolment(row, opened=True) for row in rows)
    live = {line.course.id for line in lines if line.state in ("enrolled", "completed", "failed")}
    free = Course.objects.filter(state=Course.State.OPEN, until__gte=timezone.localdate(), taken__lt=F("seats")).exclude(pk__in=live)
    return PersonTraining(her.id, her.name, lines, tuple(_line(row) for row in free.select_related("party").order_by("since", "title")[:200]))


@ask
def see_enrolment(enrolment_id: UUID) -> EnrolmentLine:
    """Open one enrolment of a person within reach."""
    row = Enrolment.objects.select_related("person", "course__party").filter(id=enrolment_id).first()
    if row is None:
        raise NotThere("not there")
    note(subject=row.person_id, enrolment=str(row.id))
    return _enrolment(row, opened=True)


def _line(row: Course) -> CourseLine:
    return CourseLine(
        row.pk, row.party.name, row.kind, row.title, row.job, row.language, row.seats, row.taken, row.since, row.until, row.payer, row.state,
        row.office, row.closed_by_name, row.closed_words,
    )  # fmt: skip


def _enrolment(row: Enrolment, *, opened: bool = False) -> EnrolmentLine:
    return EnrolmentLine(
        row.id, row.person_id, row.person.name, _line(row.course), row.state, row.at, row.by_name, row.ended_on, row.ended_by_name,
        row.words if opened else "", earlier_of(row.earlier) if opened else (),
    )  # fmt: skip
