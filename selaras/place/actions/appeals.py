"""A worker who is held may object, herself or through an office; somebody who did not decide answers."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.people.actions.answering import form
from selaras.people.actions.stepping import Held, hold
from selaras.place.actions.gate import DecidedMeanwhile, words_of
from selaras.place.models import Appeal, Decision


@dataclass(frozen=True, slots=True)
class Appealed:
    """The answer about an appeal: its state, and whether it stood there before."""

    appeal_id: UUID
    decision_id: UUID
    person_id: UUID
    state: str
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def appeal(*, decision_id: UUID, words: str, once: str = "") -> Appealed:
    """Object to a hold that stands, as the worker or on her behalf. One appeal is open at a time."""
    sent = form("appeal", decision_id, once)
    decision, held = _held(decision_id)
    if before := sent.answered():
        return _answer(Appeal.objects.get(id=before), again=True)
    if decision.kind != Decision.Kind.HOLD:
        raise Refused("nothing_to_appeal", "UU18:70(2)")
    if decision.state != Decision.State.STANDING:
        raise DecidedMeanwhile(decision)
    words = words_of(words)
    there = Appeal.objects.filter(decision_id=decision.id, state=Appeal.State.OPEN).first()
    if there is not None:
        raise Refused("appeal_waits", who=there.by_name, at=there.at)
    actor = current()
    row = Appeal(
        decision=decision, person=held.person, words=words, by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now()
    )
    row.save(force_insert=True)
    sent.keep(held.person.id, row.id, "appealed")
    return _answer(row)


@act
def answer_appeal(*, appeal_id: UUID, grant: bool, words: str, once: str = "") -> Appealed:
    """Answer an appeal: the hold stays, or is set aside and the journey judged anew. Who held her, or objected, does not answer."""
    sent = form("answer_appeal", appeal_id, once)
    decision_id = Appeal.objects.filter(id=appeal_id).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise NotThere("not there")
    decision, _ = _held(decision_id)
    row = Appeal.objects.get(id=appeal_id)
    if sent.answered():
        return _answer(row, again=True)
    actor = current()
    if row.state != Appeal.State.OPEN:
        raise Refused("appeal_answered", who=row.answered_by_name, at=row.answered_at)
    if actor.address in (decision.by, row.by):
        raise Refused("not_in_own_case", "UU18:70(2)", who=actor.name)
    row.answer, row.state = words_of(words), Appeal.State.GRANTED if grant else Appeal.State.REFUSED
    row.answered_by, row.answered_by_name, row.answered_office, row.answered_at = actor.address, actor.name, actor.office, timezone.now()
    row.save(update_fields=["answer", "state", "answered_by", "answered_by_name", "answered_office", "answered_at"])
    if grant and decision.state == Decision.State.STANDING:
        decision.state, decision.closed_at, decision.closed_words = Decision.State.SET_ASIDE, row.answered_at, row.answer
        decision.closed_by, decision.closed_by_name = actor.address, actor.name
        decision.save(update_fields=["state", "closed_at", "closed_by", "closed_by_name", "closed_words"])
    sent.keep(row.person_id, row.id, row.state)
    return _answer(row)


def _held(decision_id: UUID) -> tuple[Decision, Held]:
    journey_id = Decision.objects.filter(id=decision_id).values_list("journey_id", flat=True).first()
    if journey_id is None:
        raise NotThere("not there")
    held = hold(journey_id)
    decision = Decision.objects.get(id=decision_id)
    note(subject=held.person.id, number=decision.number)
    return decision, held


def _answer(row: Appeal, *, again: bool = False) -> Appealed:
    note(subject=row.person_id, appeal=str(row.id), state=row.state, again=again)
    return Appealed(row.id, row.decision_id, row.person_id, row.state, again)
