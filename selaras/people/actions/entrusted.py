"""Steps that the law gives to a verb of another room, such as the decision at the gate: done and opened again only within that verb."""

import datetime as dt

from selaras.ground.act import Refused
from selaras.law.shapes import Step
from selaras.people.actions.stepping import Held, change, check_hers, settle, write_down
from selaras.people.actions.steps import give_back
from selaras.people.models import Journey, JourneyStep


def step_of(held: Held, verb: str) -> Step:
    """Give the step of a journey that a verb does; refuse a journey that is over, and an actor to whom the law does not give it."""
    if held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)
    rule = next((step for step in held.course.steps if step.verb == verb), None)
    if rule is None:
        raise Refused("step_unknown", held.course.scheme.basis, step=verb)
    check_hers(rule)
    return rule


def pass_entrusted(held: Held, rule: Step, on: dt.date) -> None:
    """Write the step down as done, and open what comes next; nothing happens when it is done already."""
    row = held.now(rule.id)
    if row is None:
        return
    write_down(row, JourneyStep.State.DONE, on)
    settle(held)
    change(held, rule.verb.partition(".")[2], rule.id)


def reopen_entrusted(held: Held, rule: Step, reason: str) -> None:
    """Open the step again; refuse when something that came after it is done already."""
    row = held.last(rule.id)
    if row is None:
        return
    if later := next((s.id for s in held.course.followers(rule) if s.id in held.passed), None):
        raise Refused("later_step_done", rule.basis, step=later)
    give_back(held, row, reason)
    settle(held)
    change(held, rule.verb.partition(".")[2], rule.id)
