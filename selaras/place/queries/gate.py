"""Questions at the gate: each line with value, rule, evidence, verifier and time; what may be decided and why; what was decided."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.engines.checklist import ALLOW, HOLD
from selaras.ground.act import NotThere, ask, job, note
from selaras.ground.fixed import Question, filled
from selaras.ground.scope import acting, current
from selaras.law.load import law
from selaras.law.shapes import Scheme, Step
from selaras.people.course import course_of
from selaras.people.models import Journey, Person
from selaras.people.queries.surviving import all_of
from selaras.place.actions.gate import VERB, content_of, was_held
from selaras.place.case import OWN_CONDITIONS, Looked, look
from selaras.place.models import Appeal, Condition, Decision
from selaras.place.written import lines_as_judged

NUMBER = 16  # signs of a record's number, its strokes included


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal and its answer."""

    id: UUID
    state: str
    words: str
    by: str
    office: str
    at: dt.datetime
    answer: str
    answered_by: str
    answered_office: str
    answered_at: dt.datetime | None
    mine: bool
    """The officer who asks may not answer it: she objected, or decided."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision as it was taken; `whole` says that its lines are still those that were hashed."""

    id: UUID
    number: str
    turn: int
    kind: str
    state: str
    on: dt.date
    words: str
    by: str
    office: str
    at: dt.datetime
    closed_by: str
    closed_at: dt.datetime | None
    closed_words: str
    proposed_by: str
    lines: tuple[dict[str, Any], ...]
    whole: bool
    mine: bool
    appeals: tuple[AppealLine, ...]


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """What was said of the condition of a row; `holds` is None when nobody has said anything."""

    name: str
    holds: bool | None
    words: str
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Gate:
    """A journey at the gate, judged now."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    state: str
    started_on: dt.date
    country: str
    agency: str
    job_order: str
    day: dt.date
    lines: tuple[dict[str, Any], ...]
    met: int
    seen: str
    version: int
    may_allow: bool
    may_hold: bool
    turns: bool
    """To allow now would turn a hold, and needs a second officer."""
    at_gate: bool
    before: tuple[Step, ...]
    mine: bool
    conditions: tuple[ConditionLine, ...]
    decisions: tuple[DecisionLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id

    @property
    def reasons(self) -> tuple[dict[str, Any], ...]:
        """Give the lines that keep her, without those that only repeat others."""
        return tuple(line for line in self.lines if line["speaks"])

    @property
    def standing(self) -> DecisionLine | None:
        """Give the decision that stands."""
        return next((one for one in self.decisions if one.state == Decision.State.STANDING), None)

    @property
    def proposal(self) -> DecisionLine | None:
        """Give the proposal that waits for a second officer."""
        return next((one for one in self.decisions if one.state == Decision.State.PROPOSED), None)


_journey = Question(lambda journey: Journey.objects.filter(id=journey).order_by())
_person = Question(lambda person: Person.objects.filter(id=person).order_by())
_decisions = Question(lambda journey: Decision.objects.filter(journey_id=journey).order_by("-turn"))
_appeals = Question(lambda decisions: Appeal.objects.filter(decision_id__in=decisions).order_by("-at", "-id"))


@ask
def judge(journey_id: UUID) -> Gate:
    """Judge a journey of a person within reach as it stands today, by the law of its own first day. Not in reach is not there."""
    found = _journey.objects(journey_id)
    if not found:
        raise NotThere("not there")
    journey: Journey = found[0]
    hers = all_of(journey.person_id)
    person = _person.objects(hers[0])[0]  # what was corrected after a merge stands with who is left
    course = course_of(journey.scheme, journey.started_on)
    if course is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    looked = look(journey, person, hers, timezone.localdate())
    rule = next((step for step in course.steps if step.verb == VERB), None)
    before = tuple(s for s in course.before(rule) if s.id not in looked.passed) if rule else ()
    actor, decisions = current(), decisions_of(journey.id)
    note(journey=str(journey.id), unmet=list(looked.judgement.list.unmet))
    lines = lines_as_judged(looked)
    return Gate(
        journey_id=journey.id, person_id=journey.person_id, name=person.name, scheme=course.scheme, state=journey.state,
        started_on=journey.started_on, country=journey.country_id or "", agency=journey.agency, job_order=journey.job_order,
        day=looked.case.day, lines=tuple(lines), met=sum(line["value"] == "met" for line in lines), seen=looked.judgement.fingerprint,
        version=decisions[0].turn if decisions else 0, may_allow=looked.judgement.list.against(ALLOW) is None,
        may_hold=looked.judgement.list.against(HOLD) is None, turns=was_held(hers), at_gate=rule is not None and not before,
        before=before, mine=rule is not None and bool({actor.kind, *actor.roles} & set(rule.by)) and journey.state == Journey.State.OPEN,
        conditions=_conditions(journey, looked), decisions=decisions,
    )  # fmt: skip


def _conditions(journey: Journey, looked: Looked) -> tuple[ConditionLine, ...]:
    asked = dict.fromkeys(one.row.when for one in looked.judgement.lines if one.row.when in OWN_CONDITIONS)
    said = {row.name: row for row in Condition.objects.filter(journey_id=journey.id).order_by("at", "id")} if asked else {}
    return tuple(
        ConditionLine(name, row.holds, row.words, row.by_name, row.at) if (row := said.get(name)) else ConditionLine(name, None, "", "", None)
        for name in asked
    )


def decisions_of(journey_id: UUID) -> tuple[DecisionLine, ...]:
    """List the decisions of a journey that was opened, the latest first, each with its appeals."""
    rows = _decisions.objects(journey_id)
    appeals: dict[UUID, list[Appeal]] = {}
    for found in _appeals.objects(filled([row.id for row in rows])) if rows else ():
        appeals.setdefault(found.decision_id, []).append(found)
    proposers = {row.id: row.by_name for row in rows}
    return tuple(_decision(row, appeals.get(row.id, []), proposers) for row in rows)


def _decision(row: Decision, appeals: list[Appeal], proposers: dict[UUID, str]) -> DecisionLine:
    me = current().address
    return DecisionLine(
        row.id, row.number, row.turn, row.kind, row.state, row.on, row.words, row.by_name, row.office, row.at, row.closed_by_name,
        row.closed_at, row.closed_words, proposers.get(row.proposal_id, "") if row.proposal_id else "", tuple(row.lines),
        content_of(row) == row.sha256, row.by == me,
        tuple(
            AppealLine(
                a.id, a.state, a.words, a.by_name, a.office, a.at, a.answer, a.answered_by_name, a.answered_office, a.answered_at,
                me in (a.by, row.by),
            )
            for a in appeals
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One decision for the worker to keep: who she is, what was decided and every line."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    country: str
    started_on: dt.date
    decision: DecisionLine

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def open_record(decision_id: UUID) -> Record:
    """Open one decision of a person within reach, to print it."""
    return _record(Decision.objects.filter(id=decision_id).first())


@ask
def check_record(number: str) -> Record:
    """Open the decision whose number stands on a printed record, within reach: is it real, is it whole, does it still stand?"""
    return _record(Decision.objects.filter(number=spelt(number)).first())


def spelt(number: str) -> str:
    """Give the number of a record in its one spelling, whatever its case, spaces and strokes."""
    tidy = "".join(sign for sign in number.upper() if sign.isalnum())
    return "-".join(tidy[i : i + 4] for i in range(0, len(tidy), 4))


@dataclass(frozen=True, slots=True)
class Printed:
    """What anybody may know of a printed record: that it is real, its day, its answer, and whether that answer still stands."""

    number: str
    kind: str
    on: dt.date
    state: str
    whole: bool

    @property
    def stands(self) -> bool:
        """Say whether nothing has changed since: it is the answer of today."""
        return self.state == Decision.State.STANDING


def printed_record(number: str) -> Printed | None:
    """Find a printed record for whoever holds it, signed in or not; none when there is no such number.

    It is read as a named job, and nothing leaves but these five fields: no name, no journey, no country, no officer. The number is drawn from
    2⁶⁰ and bound to what the record says, so nobody comes upon one by trying.
    """
    told = spelt(number)
    if len(told) > NUMBER:
        return None
    with acting(job("record")):
        row = Decision.objects.filter(number=told).first()
        return None if row is None else Printed(row.number, row.kind, row.on, row.state, content_of(row) == row.sha256)


def _record(row: Decision | None) -> Record:
    if row is None:
        raise NotThere("not there")
    journey = Journey.objects.get(id=row.journey_id)
    scheme = law().scheme(journey.scheme, journey.started_on)
    if scheme is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    person = Person.objects.get(id=row.person_id)
    found = next(one for one in decisions_of(journey.id) if one.id == row.id)
    note(number=row.number)
    return Record(journey.id, row.person_id, person.name, scheme, journey.country_id or "", journey.started_on, found)
