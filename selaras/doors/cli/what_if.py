"""Tells what a draft of rules would change, in lines for the screen."""

from collections.abc import Iterator
from typing import Any

from selaras.ground.act import as_job
from selaras.law.draft import Change
from selaras.law.load import law
from selaras.law.shapes import Law
from selaras.people.queries.weighing import Line, Weight, weigh_draft

SIGNS = {"added": "+", "removed": "-", "changed": "~"}
NAMES = {"step": "step {}", "gate": "line {} of the gate", "evidence": "evidence {}", "clock": "clock of step {}"}


def told(draft: Law) -> Iterator[str]:
    """Weigh a draft as its named job, and give the lines that say what it would change."""
    with as_job("what_if"):
        weights = weigh_draft(draft)
    if not weights:
        yield "This draft changes no step, line of the gate, evidence or clock of any scheme."
    for weight in weights:
        yield from _scheme(draft, weight)


def _scheme(draft: Law, weight: Weight) -> Iterator[str]:
    label = next(s.label_en for one in (law(), draft) for s in one.schemes if s.id == weight.scheme)
    yield f"{weight.scheme}: {label}"
    yield f"  {weight.changed:,} of {weight.open:,} open journeys would change; the others keep the rule of their first day, or are past it."
    for line in weight.lines:
        yield f"  {SIGNS[line.change.kind]} {NAMES[line.change.what].format(line.change.id)} ({draft.cite(line.change.basis, 'en')})"
        for key, was, is_ in line.change.keys:
            yield f"      {key}: {_value(was)} → {_value(is_)}"
        yield f"      {_counts(line)}"


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) and value else "yes" if value is True else str(value or "–")


def _counts(line: Line) -> str:
    change: Change = line.change
    done = "have done it already" if change.what != "gate" else "are past the gate"
    parts = (
        (line.now, "have it now"),
        (line.ahead, "still come to it"),
        (line.late, "are past its place and would have to come back to it"),
        (line.passed, f"{done}: nothing changes for them"),
    )
    said = [f"{number:,} {words}" for number, words in parts if number]
    return "; ".join(said) if said else "no open journey; who begins from then on meets it"
