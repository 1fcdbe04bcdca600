"""The gate decides: may leave, or held; each with a name and a justification, and neither against the law's own list (article 70)."""

import datetime as dt
import hashlib
import json
from base64 import b32encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.engines.checklist import ALLOW
from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.fixed import Question, filled, insert, rewrite
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.law.shapes import Step
from selaras.people.actions.answering import form
from selaras.people.actions.entrusted import pass_entrusted, reopen_entrusted, step_of
from selaras.people.actions.stepping import PASSED, Held, hold
from selaras.people.queries.surviving import hers
from selaras.place.case import OWN_CONDITIONS, Looked, look
from selaras.place.models import Appeal, Condition, Decision
from selaras.place.written import lines_as_judged

VERB = "place.decide"
WORDS = 500
State = Decision.State


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer of the gate: what stands now, its number, and whether the same was answered before."""

    decision_id: UUID
    journey_id: UUID
    person_id: UUID
    kind: str
    state: str
    number: str
    turn: int
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


class NotOpen(Refused):
    """A decision that the list does not leave open: for an allow, every line that is not met."""

    def __init__(self, code: str, basis: str, looked: Looked) -> None:
        reasons = [(one.row.id, one.line.reason.code, one.basis) for one in looked.judgement.reasons]
        super().__init__(code, basis, rules=[rule for rule, _, _ in reasons])
        self.reasons = tuple(reasons)
        self.looked = looked


class DecidedMeanwhile(Refused):
    """Another officer decided after this one had opened the page: who, what, when, under which number."""

    def __init__(self, last: Decision) -> None:
        super().__init__(
            "decided_meanwhile", who=last.closed_by_name or last.by_name, kind=last.kind, state=last.state, at=last.closed_at or last.at,
            number=last.number, version=last.turn,
        )  # fmt: skip


def words_of(text: str) -> str:
    """Give a justification with single spaces; refuse one that says nothing."""
    text = " ".join(text.split())[:WORDS]
    if len(text) < 5:
        raise Refused("no_justification")
    return text


@act
def decide(*, journey_id: UUID, decision: str, justification: str, version: int, seen: str = "", once: str = "") -> Decided:
    """Decide at the gate: allow or hold. To allow somebody who was held is a proposal, until a second officer confirms it.

    `version` is the number of decisions that the officer saw, `seen` the mark of the lines she saw. Refused: not_at_gate, decided_meanwhile,
    lines_changed, allow_unmet, hold_nothing_unmet, decision_stands, proposal_waits, no_justification, not_your_step, journey_over.
    """
    sent = form("decide", journey_id, once)
    held = hold(journey_id)
    if before := sent.answered():
        return _answer(_one.objects(before)[0], again=True)
    note(subject=held.person.id, journey=str(journey_id))
    rule = step_of(held, VERB)
    taken = _decisions.objects(journey_id)
    last = taken[0] if taken else None
    _check_version(last, version)
    if decision not in Decision.Kind.values:
        raise Refused("unknown_decision")
    justification = words_of(justification)
    if last is not None and last.state == State.PROPOSED:
        raise Refused("proposal_waits", rule.basis, who=last.by_name)
    standing = next((row for row in taken if row.state == State.STANDING), None)
    if standing is not None and standing.kind == decision:
        raise Refused("decision_stands", rule.basis, who=standing.by_name, at=standing.at, number=standing.number)
    if held.now(rule.id) is None and rule.id not in held.passed:
        raise Refused("not_at_gate", rule.basis, steps=[s.id for s in held.course.before(rule) if s.id not in held.passed])
    looked = checked(held, decision, seen)
    turned = decision == ALLOW and was_held(looked.hers)
    state = State.PROPOSED if turned else State.STANDING
    if state == State.STANDING:
        _replace(standing, justification)
    row = _write(held, rule, looked, decision, state, justification, last)
    if state == State.STANDING:
        _step(held, rule, row)
    sent.keep(held.person.id, row.id, row.kind)
    return _answer(row)


@act
def confirm_allow(*, decision_id: UUID, justification: str, seen: str = "", once: str = "") -> Decided:
    """Confirm, as a second officer, that somebody who was held may leave; the list is judged anew. Who proposed it cannot."""
    sent = form("confirm_allow", decision_id, once)
    proposal, held = _proposal(decision_id)
    if before := sent.answered():
        return _answer(Decision.objects.get(id=before), again=True)
    rule = _second(proposal, held)
    justification = words_of(justification)
    looked = checked(held, ALLOW, seen)
    standing = Decision.objects.filter(journey_id=held.journey.id, state=State.STANDING).first()
    _replace(standing, justification)
    _close(proposal, State.CONFIRMED, justification)
    row = _write(held, rule, looked, ALLOW, State.STANDING, justification, last_of(held.journey.id), proposal)
    _step(held, rule, row)
    sent.keep(held.person.id, row.id, "confirmed")
    return _answer(row)


@act
def decline_allow(*, decision_id: UUID, justification: str, once: str = "") -> Decided:
    """Say, as a second officer, that a proposal to let somebody leave is not confirmed; the hold stays as it was."""
    sent = form("decline_allow", decision_id, once)
    proposal, held = _proposal(decision_id)
    if sent.answered():
        return _answer(proposal, again=True)
    _second(proposal, held)
    _close(proposal, State.DECLINED, words_of(justification))
    sent.keep(held.person.id, proposal.id, "declined")
    return _answer(proposal)


@act
def say_condition(*, journey_id: UUID, condition: str, holds: bool, words: str, once: str = "") -> UUID:
    """Say whether the condition of a row holds for this journey, such as whether the port asks for a visa, and how one knows."""
    sent = form("say_condition", journey_id, condition, once)
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    if before := sent.answered():
        return before
    rule = step_of(held, VERB)
    rows = law().gate_of(held.journey.scheme, held.journey.started_on)
    if condition not in OWN_CONDITIONS or all(row.when != condition for row in rows):
        raise Refused("condition_not_here", rule.basis)
    actor = current()
    row = Condition(
        journey=held.journey, person=held.person, name=condition, holds=holds, words=words_of(words), by=actor.address, by_name=actor.name,
        office=actor.office, at=timezone.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    note(condition=condition, holds=holds)
    sent.keep(held.person.id, row.id, "kept")
    return row.id


_decisions = Question(lambda journey: Decision.objects.filter(journey_id=journey).order_by("-turn"))
_one = Question(lambda decision: Decision.objects.filter(id=decision).order_by())
_took = Question(
    lambda ids: Decision.objects.filter(person_id__in=ids, state__in=(State.STANDING, State.REPLACED, State.SET_ASIDE))
    .order_by("-at", "-turn")
    .values_list("kind")[:1]
)


def last_of(journey_id: UUID) -> Decision | None:
    """Give the latest decision of a journey, whatever became of it."""
    found: list[Decision] = _decisions.objects(journey_id)
    return found[0] if found else None


def was_held(ids: list[UUID]) -> bool:
    """Say whether the last word on a person, given by all her ids, was a hold; one that an appeal set aside still was one.

    On whichever journey: else ending it and starting anew, or another scheme beside it, would need no second officer.
    """
    last = _took.first(filled(ids))
    return last is not None and last[0] == Decision.Kind.HOLD


def checked(held: Held, decision: str, seen: str) -> Looked:
    """Judge the journey now; refuse a decision that the list does not leave open, and one on lines that changed since they were seen."""
    if held.her.died_on is not None:
        raise Refused("person_died")
    steps = [(r.step, r.state, r.done_on) for r in sorted(held.rows, key=lambda r: r.turn) if r.state in PASSED]
    looked = look(held.journey, held.her, hers(held.her.id), timezone.localdate(), steps)
    against = looked.judgement.list.against(decision)
    if against is not None:
        basis = "UU18:70(1)" if decision == ALLOW else "UU18:70(2)"
        raise NotOpen(against.code.replace(".", "_"), basis, looked)
    if seen and seen != looked.judgement.fingerprint:
        raise Refused("lines_changed")
    return looked


def _check_version(last: Decision | None, version: int) -> None:
    if last is not None and last.turn != version:
        raise DecidedMeanwhile(last)
    if last is None and version != 0:
        raise Refused("lines_changed")


def _proposal(decision_id: UUID) -> tuple[Decision, Held]:
    journey_id = Decision.objects.filter(id=decision_id).values_list("journey_id", flat=True).first()
    if journey_id is None:
        raise NotThere("not there")
    held = hold(journey_id)
    return Decision.objects.get(id=decision_id), held


def _second(proposal: Decision, held: Held) -> Step:
    """Let only another officer speak to a proposal that still waits."""
    note(subject=held.person.id, journey=str(held.journey.id), number=proposal.number)
    rule = step_of(held, VERB)
    if proposal.state != State.PROPOSED:
        raise DecidedMeanwhile(proposal)
    if proposal.by == current().address:
        raise Refused("second_person", rule.basis, who=proposal.by_name)
    return rule


def _write(
    held: Held, rule: Step, looked: Looked, kind: str, state: str, words: str, last: Decision | None, proposal: Decision | None = None
) -> Decision:
    actor, now = current(), timezone.now()
    row = Decision(
        journey=held.journey, person=held.person, turn=(last.turn if last else 0) + 1, kind=kind, state=state, on=looked.case.day,
        words=words, lines=lines_as_judged(looked), seen=looked.judgement.fingerprint, by=actor.address, by_name=actor.name,
        office=actor.office, at=now, proposal=proposal,
    )  # fmt: skip
    row.sha256 = content_of(row)
    row.number = number_of(row.id, row.sha256)
    insert([row])
    note(content=row.sha256, kind=kind, state=state, number=row.number, step=rule.id, unmet=list(looked.judgement.list.unmet))
    return row


def content_of(row: Decision) -> str:
    """Give the hash of all that was judged and decided; whoever changes a word of it changes the hash."""
    told: dict[str, Any] = {
        "journey": str(row.journey_id), "person": str(row.person_id), "turn": row.turn, "kind": row.kind, "on": row.on.isoformat(),
        "words": row.words, "lines": row.lines, "by": row.by, "by_name": row.by_name, "office": row.office,
        "at": row.at.astimezone(dt.UTC).isoformat(), "proposal": str(row.proposal_id or ""),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def number_of(row_id: UUID, content: str) -> str:
    """Give the number on the printed record: short enough to be read out, and bound to what the record says."""
    text = b32encode(hashlib.sha256(row_id.bytes + content.encode()).digest()).decode()[:12]
    return "-".join(text[i : i + 4] for i in (0, 4, 8))


def _replace(standing: Decision | None, words: str) -> None:
    if standing is None:
        return
    _close(standing, State.REPLACED, words)
    # Who appealed against a hold that is no more has what she asked for.
    Appeal.objects.filter(decision_id=standing.id, state=Appeal.State.OPEN).update(
        state=Appeal.State.GRANTED, answer=words, answered_by=standing.closed_by, answered_by_name=standing.closed_by_name,
        answered_office=current().office, answered_at=standing.closed_at,
    )  # fmt: skip


def _close(row: Decision, state: str, words: str) -> None:
    actor = current()
    row.state, row.closed_at, row.closed_words = state, timezone.now(), words
    row.closed_by, row.closed_by_name = actor.address, actor.name
    rewrite(row, ("state", "closed_at", "closed_by", "closed_by_name", "closed_words"))


def _step(held: Held, rule: Step, row: Decision) -> None:
    """Let the journey follow: who may leave has passed the gate, who is held stands before it again."""
    if row.kind == Decision.Kind.ALLOW:
        pass_entrusted(held, rule, row.on)
    else:
        reopen_entrusted(held, rule, row.words)


def _answer(row: Decision, *, again: bool = False) -> Decided:
    note(subject=row.person_id, again=again)
    return Decided(row.id, row.journey_id, row.person_id, row.kind, row.state, row.number, row.turn, again)


