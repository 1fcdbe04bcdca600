"""What every verb on a journey does: hold it as it was seen, say why a step is not possible, write the step, see what is open now."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from selaras.ground.act import NotThere, Refused, note
from selaras.ground.fixed import Question, insert, rewrite
from selaras.ground.scope import Actor, current
from selaras.law.load import law
from selaras.law.shapes import Step
from selaras.people.actions.indexing import rekey
from selaras.people.actions.writing import add_grants, widen
from selaras.people.course import Course, Paper, Reason, course_of
from selaras.people.models import Fact, Journey, JourneyStep, Person
from selaras.people.queries.surviving import all_of, surviving
from selaras.people.sight import abroad_grant

State = JourneyStep.State
PASSED = (State.DONE, State.SKIPPED)
REASON = 300


class NotYet(Refused):
    """A step that cannot be done now, with every reason; its code is that of the first."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        first = reasons[0]
        super().__init__(first.code, first.basis, **first.params)
        self.reasons = tuple(reasons)


class MovedOn(Refused):
    """A journey that somebody else changed after the officer had seen it: who, what, and the version that stands now."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(
            "changed_meanwhile", who=journey.changed_by_name, what=journey.changed_what, step=journey.changed_step,
            at=journey.changed_at, version=journey.version,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer to a verb on a journey: where it stands, and whether the same was answered before."""

    journey_id: UUID
    person_id: UUID
    version: int
    state: str
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(slots=True)
class Held:
    """A journey and its person, locked until this transaction ends, with its course and the rows that stand."""

    journey: Journey
    person: Person  # the record under which it was begun
    course: Course
    rows: list[JourneyStep]
    her: Person  # the record that stands for her today: corrections and her death are written there

    @property
    def passed(self) -> set[str]:
        """Give the steps that are done or skipped."""
        return {r.step for r in self.rows if r.state in PASSED}

    def now(self, step: str) -> JourneyStep | None:
        """Give the open row of a step."""
        return next((r for r in self.rows if r.step == step and r.state == State.NOW), None)

    def last(self, step: str) -> JourneyStep | None:
        """Give the row by which a step was last passed."""
        return max((r for r in self.rows if r.step == step and r.state in PASSED), key=lambda r: r.turn, default=None)

    def passed_on(self) -> dict[str, dt.date]:
        """Give the day on which each step was passed, the latest for one that was done several times."""
        rows = sorted((r for r in self.rows if r.state in PASSED), key=lambda r: r.turn)
        return {r.step: r.done_on for r in rows if r.done_on is not None}


def _lock(ids: Any) -> QuerySet[Person]:
    return Person.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id")


_locked = Question(_lock)
_person_of = Question(lambda journey: Journey.objects.filter(id=journey).order_by().values_list("person_id"))
_journey = Question(lambda journey: Journey.objects.filter(id=journey).order_by())
_standing = Question(lambda journey: JourneyStep.objects.filter(journey_id=journey, state__in=(*PASSED, State.NOW)).order_by())


def hold(journey_id: UUID) -> Held:
    """Give a journey within reach, locked: the person first, so that two verbs on one person never wait for each other."""
    found = _person_of.first(journey_id)
    if found is None:
        raise NotThere("not there")
    (person_id,) = found
    both = sorted({person_id, surviving(person_id)})  # a journey stays with the record under which it was begun
    locked = {p.id: p for p in _locked.objects(both)}
    person, her = locked[person_id], locked.get(surviving(person_id), locked[person_id])
    # read behind the lock: what another verb wrote meanwhile is seen
    journey = _journey.objects(journey_id)[0]
    course = course_of(journey.scheme, journey.started_on)
    if course is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    return Held(journey, person, course, _standing.objects(journey.id), her)


def check_seen(held: Held, version: int) -> None:
    """Refuse a verb on a journey that is no longer the one that was seen, and one on a journey that is over."""
    note(subject=held.person.id, journey=str(held.journey.id))
    if held.journey.version != version:
        raise MovedOn(held.journey)
    if held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)


def known_step(held: Held, step_id: str) -> Step:
    """Give a step of the journey's scheme."""
    step = held.course.step(step_id)
    if step is None:
        raise Refused("step_unknown", held.course.scheme.basis, step=step_id)
    return step


def kinds_of(actor: Actor) -> frozenset[str]:
    """Give the names under which the law may name an actor: what she is, and each of her roles."""
    return frozenset({actor.kind}) | actor.roles


def check_verb(step: Step) -> None:
    """Refuse a step that only another room's verb does, such as the decision at the gate."""
    if step.verb:
        raise Refused("step_by_verb", step.basis, step=step.id, verb=step.verb)


def check_hers(step: Step) -> None:
    """Refuse a step that the law gives to somebody else."""
    if kinds_of(current()).isdisjoint(step.by):
        raise Refused("not_your_step", step.basis, by=list(step.by))


def check_reason(text: str) -> str:
    """Give a reason with single spaces; refuse an empty one."""
    text = " ".join(text.split())[:REASON]
    if not text:
        raise Refused("no_reason")
    return text


def late_entry(on: dt.date | None, earliest: dt.date | None) -> dt.date:
    """Give the day on which something was done: today, or one that an officer writes down later; never to come, never before."""
    today = timezone.localdate()
    if on is None:
        return today
    if on > today:
        raise Refused("day_to_come")
    if earliest is not None and on < earliest:
        raise Refused("day_before_its_turn", earliest=earliest)
    return on


def latest_start(today: dt.date) -> dt.date:
    """Give the earliest first day that may still be written down: the law of a day long gone is not chosen by who writes."""
    return today - dt.timedelta(days=law().clock("late_entry", today).days or 0)


def papers_of(held: Held) -> list[Paper]:
    """List what stands of her papers: those about her, under whichever record they were written, and those of this journey."""
    hers = all_of(held.person.id)
    rows = Fact.objects.filter(person_id__in=hers, superseded_by__isnull=True).order_by("id")
    return [
        Paper(f.kind, f.journey_id is not None, f.issued_on, f.valid_until, f.value, f.verdict == Fact.Verdict.REFUSED)
        for f in rows
        if f.journey_id in (None, held.journey.id)
    ]


def write_down(row: JourneyStep, state: str, on: dt.date, reason: str = "") -> None:
    """Write who ended an open step, how and when."""
    actor = current()
    row.state, row.done_on, row.at, row.reason = state, on, timezone.now(), reason
    row.by, row.by_name, row.office = actor.address, actor.name, actor.office
    rewrite(row, ("state", "done_on", "at", "reason", "by", "by_name", "office"))


def change(held: Held, what: str, step: str = "", **more: Any) -> None:
    """Count the journey's version up and write who changed what; `more` are further columns.

    What a later room keeps beside a journey is brought in line in the same transaction: its refusal refuses the verb.
    """
    actor, journey = current(), held.journey
    journey.version += 1
    journey.changed_at, journey.changed_by, journey.changed_by_name = timezone.now(), actor.address, actor.name
    journey.changed_what, journey.changed_step = what, step
    for name, value in more.items():
        setattr(journey, name, value)
    rewrite(journey)
    if step:
        note(step=step)
    for keep in _kept_beside():
        keep(held, what, step)


@cache
def _kept_beside() -> tuple[Callable[[Held, str, str], None], ...]:
    """Give what later rooms keep beside a journey, such as the place of a job order; the settings name it, for nobody here may."""
    return tuple(import_string(name) for name in settings.SELARAS_KEPT_BESIDE)


def close(held: Held, state: str, on: dt.date, what: str, step: str = "", reason: str = "") -> None:
    """End a journey: what was open ends with it."""
    ended = {Journey.State.WITHDRAWN: State.WITHDRAWN, Journey.State.FAILED: State.FAILED, Journey.State.EXPIRED: State.EXPIRED}
    for row in [r for r in held.rows if r.state == State.NOW]:
        # An optional step that nobody waited for says nothing of how it ended.
        if state in ended and not row.optional:
            write_down(row, ended[state], on)
        else:
            row.delete()
    change(held, what, step, state=state, ended_on=on, reason=reason)


def settle(held: Held) -> None:
    """Bring the open rows in line with what is passed: each step that may be worked on has one, with its clock; no other has."""
    course, journey = held.course, held.journey
    dates = held.passed_on()
    opened = course.open(held.passed)
    wanted, new = {s.id: s for s in opened}, []
    for row in [r for r in held.rows if r.state == State.NOW and r.step not in wanted]:
        row.delete()
        held.rows.remove(row)
    for step in opened:
        turn = max((r.turn for r in held.rows if r.step == step.id and r.state in PASSED), default=0) + 1
        row = held.now(step.id)
        since = row.since if row else max([dates[b.id] for b in course.before(step) if b.id in dates], default=journey.started_on)
        due, until = (None, None) if turn > 1 else (ends(step, since, journey.started_on, dates) for ends in (course.due, course.place_until))
        if row is None:
            row = JourneyStep(
                journey_id=journey.id, person_id=held.person.id, step=step.id, turn=turn, optional=step.optional or turn > 1,
                waits_for=sorted(step.by), since=since, due=due, place_until=until,
            )  # fmt: skip
            held.rows.append(row)
            new.append(row)
        elif (row.due, row.place_until) != (due, until):
            row.due, row.place_until = due, until
            row.save(update_fields=["due", "place_until"])
    insert(new)
    if journey.country_id and any(s.stage == "protect" for s in opened):
        show_to(held.person, {abroad_grant(journey.country_id): "journey"})


def show_to(person: Person, reasons: dict[str, str]) -> None:
    """Let an office see a person from now on, and who stands for her since a merge; the caller holds the locks."""
    for her in Person.objects.filter(id__in={person.id, surviving(person.id)}):
        if not set(reasons) <= set(her.reach):
            add_grants(her.id, reasons)
            widen(her, reasons)
            her.save(update_fields=["reach", "changed_at"])
            rekey([her.id])


def answer(held: Held, *, again: bool = False) -> Moved:
    """Say where the journey stands."""
    journey = held.journey
    return Moved(journey.id, journey.person_id, journey.version, journey.state, again)
