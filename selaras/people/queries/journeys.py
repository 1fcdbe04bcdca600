"""Opens one journey: what was done when and by whom, what is open now and who has it until when, what comes next, and why not yet."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, ask, note
from selaras.ground.scope import Actor, current
from selaras.law.shapes import Scheme, Step
from selaras.people.course import Course, Paper, Reason, course_of
from selaras.people.models import Fact, Journey, JourneyStep, Person, SideEntry
from selaras.people.queries.aims import agency_name
from selaras.people.queries.papers import PaperLine, lines_of
from selaras.people.queries.surviving import all_of, hers

State = JourneyStep.State
PASSED = (State.DONE, State.SKIPPED)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a step that came to an end: returned, or the one at which the journey ended."""

    state: str
    on: dt.date | None
    by: str
    office: str
    reason: str
    given_back_by: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a journey as it stands.

    `state`: done, skipped, now (it can be worked on), next, or the way in which the journey ended at it. `reasons` say why it cannot be
    done yet. `mine`: the law gives it to the officer who asks.
    """

    rule: Step
    state: str
    turn: int
    since: dt.date | None
    due: dt.date | None
    overdue: bool
    on: dt.date | None
    by: str
    office: str
    reason: str
    back_to: str
    place_until: dt.date | None
    mine: bool
    may_return: bool
    reasons: tuple[Reason, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """One journey in a list of a person's."""

    id: UUID
    scheme: Scheme
    state: str
    started_on: dt.date
    ended_on: dt.date | None
    country: str
    done: int
    steps: int


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry from the side."""

    kind: str
    on: dt.date
    country: str
    by: str
    office: str
    reason: str


@dataclass(frozen=True, slots=True)
class JourneyView:
    """One journey with all its steps and papers."""

    id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    state: str
    version: int
    started_on: dt.date
    started_by: str
    started_office: str
    country: str
    agency: str
    agency_name: str
    employer: str
    job_order: str
    ended_on: dt.date | None
    reason: str
    changed_at: dt.datetime
    changed_by: str
    earlier_id: UUID | None
    later_id: UUID | None
    lines: tuple[StepLine, ...]
    papers: tuple[PaperLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id

    @property
    def now(self) -> tuple[StepLine, ...]:
        """Give the steps that wait for somebody."""
        return tuple(line for line in self.lines if line.state == "now" and not (line.rule.optional or line.turn > 1))


@ask
def open_journey(journey_id: UUID) -> JourneyView:
    """Open a journey of a person within reach, judged by the law of its first day. Not in reach is not there."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        note(asked=str(journey_id))
        raise NotThere("not there")
    course = course_of(journey.scheme, journey.started_on)
    if course is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    note(journey=str(journey.id))
    papers = _papers(journey)
    rows = list(JourneyStep.objects.filter(journey_id=journey.id).order_by("turn", "id"))
    name = Person.objects.filter(id=journey.person_id).values_list("name", flat=True).first() or ""
    later = Journey.objects.filter(earlier_id=journey.id).values_list("id", flat=True).first()
    return JourneyView(
        id=journey.id, person_id=journey.person_id, name=name, scheme=course.scheme, state=journey.state, version=journey.version,
        started_on=journey.started_on, started_by=journey.started_by_name, started_office=journey.started_office,
        country=journey.country_id or "", agency=journey.agency, agency_name=agency_name(journey.agency) if journey.agency else "",
        employer=journey.employer, job_order=journey.job_order,
        ended_on=journey.ended_on, reason=journey.reason, changed_at=journey.changed_at, changed_by=journey.changed_by_name,
        earlier_id=journey.earlier_id, later_id=later,
        lines=step_lines(course, journey.state, rows, [_paper(f) for f in papers], timezone.localdate(), current()),
        papers=lines_of(papers, journey.started_on),
    )  # fmt: skip


def _papers(journey: Journey) -> list[Fact]:
    rows = Fact.objects.filter(person_id__in=all_of(journey.person_id), superseded_by__isnull=True).order_by("kind", "id")
    return [f for f in rows if f.journey_id in (None, journey.id)]


def _paper(f: Fact) -> Paper:
    return Paper(f.kind, f.journey_id is not None, f.issued_on, f.valid_until, f.value, f.verdict == Fact.Verdict.REFUSED)


def step_lines(
    course: Course, state: str, rows: list[JourneyStep], papers: list[Paper], today: dt.date, actor: Actor
) -> tuple[StepLine, ...]:
    """Put each step of the course beside its rows: the newest that stands speaks, the others are its history."""
    passed = {r.step for r in rows if r.state in PASSED}
    over = state != Journey.State.OPEN
    names = {actor.kind, *actor.roles}
    return tuple(
        _line(course, step, [r for r in rows if r.step == step.id], passed, papers, today, names, over=over) for step in course.steps
    )


def _line(
    course: Course, step: Step, rows: list[JourneyStep], passed: set[str], papers: list[Paper], today: dt.date, names: set[str],
    *, over: bool,
) -> StepLine:  # fmt: skip
    standing = [r for r in rows if r.state in (*PASSED, State.NOW)]
    ended = [r for r in rows if r.state not in (*PASSED, State.NOW, State.RETURNED)]
    # A step that may be done again is shown by what was done last; that it is open again shows in `mine` and its reasons.
    row = next(iter([*reversed([r for r in standing if r.state in PASSED]), *standing, *ended]), None)
    now = next((r for r in standing if r.state == State.NOW), None)
    followers = course.followers(step)
    hers = bool(names & set(step.by))
    waits = now is not None and not over
    return StepLine(
        rule=step, state=row.state if row else "next", turn=row.turn if row else 1, since=row.since if row else None,
        due=row.due if row else None, overdue=bool(row and row.state == State.NOW and row.due and row.due < today),
        on=row.done_on if row else None, by=row.by_name if row else "", office=row.office if row else "",
        reason=row.reason if row else "", back_to=row.back_to if row else "", place_until=row.place_until if row else None,
        mine=hers and waits,
        may_return=not over and step.id in passed and not any(f.id in passed for f in followers)
        and (hers or any(names & set(f.by) for f in followers)),
        reasons=() if over or (step.id in passed and not waits) else course.why_not(step, passed, papers, today),
        attempts=tuple(
            Attempt(r.state, r.done_on, r.by_name, r.office, r.reason, r.back_to) for r in rows if r.state == State.RETURNED
        ),
    )  # fmt: skip


def journeys_of(person_id: UUID) -> tuple[JourneyLine, ...]:
    """List the journeys of a person who was opened, those under records that were merged into hers included, the newest first."""
    found = []
    rows = Journey.objects.filter(person_id__in=hers(person_id)).order_by("-started_on", "-id")
    passed = JourneyStep.objects.filter(journey__in=[r.id for r in rows], state__in=PASSED).values_list("journey_id", "step").distinct()
    done: dict[UUID, int] = {}
    for journey_id, _step in passed:
        done[journey_id] = done.get(journey_id, 0) + 1
    for row in rows:
        course = course_of(row.scheme, row.started_on)
        if course is not None:
            found.append(
                JourneyLine(
                    row.id, course.scheme, row.state, row.started_on, row.ended_on, row.country_id or "", done.get(row.id, 0),
                    sum(not s.optional for s in course.steps),
                )
            )  # fmt: skip
    return tuple(found)


def entries_of(person_id: UUID) -> tuple[EntryLine, ...]:
    """List how a person who was opened came in from the side, the newest first."""
    rows = SideEntry.objects.filter(person_id__in=hers(person_id)).order_by("-on", "-id")
    return tuple(EntryLine(r.kind, r.on, r.country_id or "", r.by_name, r.office, r.reason) for r in rows)
