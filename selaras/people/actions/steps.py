"""Verbs on the steps of a journey: do one, give one back, leave one out, say no to one; and the ways in which a journey ends early."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.law.shapes import Step
from selaras.people.actions.answering import form
from selaras.people.actions.stepping import (
    Held,
    Moved,
    MovedOn,
    NotYet,
    answer,
    change,
    check_hers,
    check_reason,
    check_seen,
    check_verb,
    close,
    hold,
    kinds_of,
    known_step,
    late_entry,
    papers_of,
    settle,
    write_down,
)
from selaras.people.models import Journey, JourneyStep

State = JourneyStep.State


@act
def do_step(*, journey_id: UUID, step: str, version: int, on: dt.date | None = None, once: str = "") -> Moved:
    """Do a step: only who the law names, only when all before it is done and each paper is there and holds on that day.

    `version` is that of the journey as the officer saw it. Pressing twice does it once; when another officer was quicker, it is refused
    with her name (MovedOn). Refused with every reason at once (NotYet): step_before, evidence_*.
    """
    sent = form("do_step", journey_id, step, once)
    held = hold(journey_id)
    if sent.answered():
        return answer(held, again=True)
    rule = known_step(held, step)
    done = held.last(step)
    if done is not None and held.now(step) is None:
        # the answer to a second press; to anybody else it is news
        if done.by == current().address and done.state == State.DONE:
            note(subject=held.person.id, journey=str(journey_id), again=True)
            return answer(held, again=True)
        raise MovedOn(held.journey) if held.journey.version != version else Refused("step_done_already", step=step)
    check_seen(held, version)
    check_hers(rule)
    check_verb(rule)
    day = late_entry(on, _earliest(held, rule))
    if reasons := held.course.why_not(rule, held.passed, papers_of(held), day):
        raise NotYet(reasons)
    row = held.now(step)
    assert row is not None, "what nothing stands before is open"
    write_down(row, State.DONE, day)
    settle(held)
    if rule.ends:
        close(held, Journey.State.FINISHED, day, "do_step", step)
    else:
        change(held, "do_step", step)
    sent.keep(held.person.id, journey_id, "done")
    return answer(held)


@act
def skip_step(*, journey_id: UUID, step: str, version: int, reason: str, once: str = "") -> Moved:
    """Leave out a step that the law lets be left out, with a reason."""
    sent = form("skip_step", journey_id, step, once)
    held = hold(journey_id)
    if sent.answered():
        return answer(held, again=True)
    check_seen(held, version)
    rule = known_step(held, step)
    check_hers(rule)
    check_verb(rule)
    reason = check_reason(reason)
    if not rule.optional:
        raise Refused("step_not_optional", rule.basis, step=step)
    write_down(_open_row(held, rule), State.SKIPPED, timezone.localdate(), reason)
    settle(held)
    change(held, "skip_step", step)
    sent.keep(held.person.id, journey_id, "skipped")
    return answer(held)


@act
def return_step(*, journey_id: UUID, step: str, version: int, reason: str, once: str = "") -> Moved:
    """Give a step back to the one who did it, with a reason; whoever has the next step may, or whoever may do it herself.

    What was done after it is given back first: nothing rests on a step that is open again.
    """
    sent = form("return_step", journey_id, step, once)
    held = hold(journey_id)
    if sent.answered():
        return answer(held, again=True)
    check_seen(held, version)
    rule = known_step(held, step)
    reason = check_reason(reason)
    followers = held.course.followers(rule)
    hers = {name for s in (rule, *followers) for name in s.by}
    if kinds_of(current()).isdisjoint(hers):
        raise Refused("not_your_step", rule.basis, by=sorted(hers))
    check_verb(rule)
    row = held.last(step)
    if row is None:
        raise Refused("step_not_done", step=step)
    if later := next((s.id for s in followers if s.id in held.passed), None):
        raise Refused("later_step_done", step=later)
    give_back(held, row, reason)
    settle(held)
    change(held, "return_step", step)
    sent.keep(held.person.id, journey_id, "returned")
    return answer(held)


def give_back(held: Held, row: JourneyStep, reason: str) -> None:
    """Keep what was done as history, with who gave it back and why, and open the step anew for who did it."""
    actor = current()
    if (again := held.now(row.step)) is not None:  # a further turn of a step that may be done again
        again.delete()
        held.rows.remove(again)
    fresh = JourneyStep(
        journey_id=row.journey_id, person_id=row.person_id, step=row.step, turn=row.turn, optional=row.optional, waits_for=row.waits_for,
        since=timezone.localdate(), back_to=row.by_name,
    )  # fmt: skip
    row.state = State.RETURNED
    row.reason, row.back_to = reason, actor.name  # on a returned row: who gave it back
    row.save(update_fields=["state", "reason", "back_to"])
    fresh.save(force_insert=True)
    held.rows.remove(row)
    held.rows.append(fresh)


@act
def refuse_step(*, journey_id: UUID, step: str, version: int, reason: str, once: str = "") -> Moved:
    """Say no at a step that waits for the officer; the journey ends there, and can be begun again."""
    sent = form("refuse_step", journey_id, step, once)
    held = hold(journey_id)
    if sent.answered():
        return answer(held, again=True)
    check_seen(held, version)
    rule = known_step(held, step)
    check_hers(rule)
    check_verb(rule)
    reason, today = check_reason(reason), timezone.localdate()
    row = _open_row(held, rule)
    write_down(row, State.REFUSED, today, reason)
    held.rows.remove(row)
    close(held, Journey.State.REFUSED, today, "refuse_step", step, reason)
    sent.keep(held.person.id, journey_id, "refused")
    return answer(held)


@act
def withdraw_journey(*, journey_id: UUID, version: int, reason: str, once: str = "") -> Moved:
    """End a journey because the person no longer wants it, with her reason."""
    return _end(journey_id, version, reason, once, Journey.State.WITHDRAWN, "withdraw_journey")


@act
def fail_journey(*, journey_id: UUID, version: int, reason: str, once: str = "") -> Moved:
    """End a journey that came to nothing: a visa that was cancelled, a departure that failed, an employer that is gone."""
    return _end(journey_id, version, reason, once, Journey.State.FAILED, "fail_journey")


def _end(journey_id: UUID, version: int, reason: str, once: str, state: str, what: str) -> Moved:
    sent = form(what, journey_id, once)
    held = hold(journey_id)
    if sent.answered():
        return answer(held, again=True)
    check_seen(held, version)
    close(held, state, timezone.localdate(), what, reason=check_reason(reason))
    sent.keep(held.person.id, journey_id, state)
    return answer(held)


@act
def expire_place(*, journey_id: UUID) -> Moved:
    """End a journey that waited in a queue longer than its place there holds; a job asks every night."""
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    today = timezone.localdate()
    over = [r.step for r in held.rows if r.state == State.NOW and r.place_until is not None and r.place_until < today]
    if held.journey.state != Journey.State.OPEN or not over:
        raise NotThere("no place that is over")
    close(held, Journey.State.EXPIRED, today, "expire_place", over[0])
    return answer(held)


def _open_row(held: Held, rule: Step) -> JourneyStep:
    """Give the open row of a step; refuse when it was done already, or when others come first."""
    row = held.now(rule.id)
    if row is not None:
        return row
    if held.last(rule.id) is not None:
        raise Refused("step_done_already", step=rule.id)
    reasons = held.course.why_not(rule, held.passed, (), timezone.localdate())
    raise NotYet([r for r in reasons if r.code == "step_before"])


def _earliest(held: Held, rule: Step) -> dt.date:
    """Give the first day on which a step can have been done: that of the journey, or of what was done before it."""
    dates = held.passed_on()
    return max([held.journey.started_on, *(dates[b.id] for b in held.course.before(rule) if b.id in dates)])
