"""Her journey in plain words: what is done, what is open now and with whom, what comes next, and why not yet."""

from typing import Any
from uuid import UUID

from selaras.doors.office.journeys import words
from selaras.people.queries.journeys import JourneyView, StepLine, journeys_of, open_journey
from selaras.people.queries.surviving import surviving


def her_journey(person_id: UUID) -> UUID | None:
    """Give the id of the journey that is under way, else of the last one; none when she never began one."""
    lines = journeys_of(surviving(person_id))
    chosen = next((line for line in lines if line.state == "open"), lines[0] if lines else None)
    return chosen.id if chosen else None


def journey_of(person_id: UUID) -> dict[str, Any] | None:
    """Give the journey that is under way, else the last one; none when she never began one."""
    chosen = her_journey(person_id)
    if chosen is None:
        return None
    view = open_journey(chosen)
    return {
        "scheme": words.label(view.scheme),
        "state": words.say(words.STATES, view.state),
        "open": view.state == "open",
        "since": view.started_on,
        "ended": view.ended_on,
        "why": view.reason,
        "agency": view.agency_name,
        "now": [_now(line) for line in view.now] if view.state == "open" else [],
        "steps": [_step(view, line) for line in view.lines],
    }


def _now(line: StepLine) -> dict[str, Any]:
    return {
        "title": words.label(line.rule), "office": words.office(line.rule), "since": line.since, "due": line.due, "late": line.overdue,
    }  # fmt: skip


def _step(view: JourneyView, line: StepLine) -> dict[str, Any]:
    """Say how one step stands; what comes later says only what stands before it."""
    rule = line.rule
    told = [r for r in line.reasons if line.state != "next" or r.code == "step_before"]
    shown = view.state == "open" and not (rule.optional and line.state == "next")
    return {
        "title": words.label(rule),
        "state": {"skipped": "done", "now": "now", "done": "done", "next": "next"}.get(line.state, "ended"),
        "on": line.on, "by": ", ".join(filter(None, (line.by, line.office))),
        "office": words.office(rule), "since": line.since, "due": line.due, "late": line.overdue,
        "unsure": words.note(rule), "basis": words.article(rule.basis), "skipped": line.state == "skipped",
        "reasons": [words.reason(r, view.scheme.id, view.started_on) for r in told] if shown else [],
    }  # fmt: skip
