"""Where a journey stands by the law of its own day: pure, from the steps that were passed and the papers that are there."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from selaras.engines.deadlines import Span, add_months, due
from selaras.law.load import law
from selaras.law.shapes import Evidence, Law, Scheme, Step

START = "start"
FIT, UNFIT = "fit", "unfit"
RESULTS = (FIT, UNFIT)
"""All that leaves a clinic."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as a course looks at it: which kind, of this journey or of the person, its days, its result, what a verifier said."""

    kind: str
    of_journey: bool = False
    issued_on: dt.date | None = None
    valid_until: dt.date | None = None
    value: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is not possible yet: a code with parameters, and the article on which it rests."""

    code: str
    basis: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """The way through one scheme by the law of one day: its steps in their order, and what each asks for."""

    scheme: Scheme
    steps: tuple[Step, ...]
    evidence: Mapping[str, Evidence]
    tables: Law
    day: dt.date

    def step(self, step_id: str) -> Step | None:
        """Give a step of this way, None when the scheme has no such step."""
        return next((s for s in self.steps if s.id == step_id), None)

    def before(self, step: Step) -> tuple[Step, ...]:
        """Give the steps that must be passed first; nothing waits for an optional one, only for what stands before it."""
        found: dict[str, Step] = {}
        for name in step.after:
            one = self.step(name)
            if one is not None:
                found.update({s.id: s for s in (self.before(one) if one.optional else (one,))})
        return tuple(found.values())

    def followers(self, step: Step) -> tuple[Step, ...]:
        """Give the steps that come directly after one."""
        return tuple(s for s in self.steps if step.id in s.after or step in self.before(s))

    def open(self, passed: Collection[str]) -> tuple[Step, ...]:
        """Give the steps that can be worked on: not passed yet, or one that may be done again, and all before it passed."""
        if any(s.ends and s.id in passed for s in self.steps):
            return ()
        return tuple(
            s for s in self.steps if (s.id not in passed or s.repeats) and all(b.id in passed for b in self.before(s))
        )

    def why_not(self, step: Step, passed: Collection[str], papers: Iterable[Paper], on: dt.date) -> tuple[Reason, ...]:
        """Say why a step cannot be done on a day: what stands before it, then each paper that it lacks."""
        papers = list(papers)
        reasons = [Reason("step_before", step.basis, {"step": b.id}) for b in self.before(step) if b.id not in passed]
        lacking = (self.lacks(kind, papers, on) for kind in step.evidence)
        return (*reasons, *(reason for reason in lacking if reason is not None))

    def lacks(self, kind: str, papers: Iterable[Paper], on: dt.date) -> Reason | None:
        """Say what is wrong with the papers of one kind on a day; None when one of them holds."""
        row = self.evidence.get(kind)
        if row is None:
            return None  # the law of that day did not know this paper
        there = [p for p in papers if p.kind == kind and (p.of_journey or row.about == "person")]
        if row.private and there:
            # Of several examinations the latest speaks: nobody looks for a clinic until one says fit.
            there = [max(enumerate(there), key=lambda p: (p[1].issued_on or dt.date.min, p[0]))[1]]
        faults = [_fault(row, p, on) for p in there]
        if None in faults:
            return None
        # The one that came last says it best: the others were tried before.
        return faults[-1] if faults else Reason("evidence_missing", row.basis, {"evidence": kind})

    def due(self, step: Step, opened: dt.date, started: dt.date, passed_on: Mapping[str, dt.date]) -> dt.date | None:
        """Say until when a step must be done; None when no clock runs."""
        return self._ends(step.clock, step.clock_from, opened, started, passed_on)

    def place_until(self, step: Step, opened: dt.date, started: dt.date, passed_on: Mapping[str, dt.date]) -> dt.date | None:
        """Say until when the place in a queue holds in which a step waits; None when it is no such place."""
        return self._ends(step.expires, step.clock_from, opened, started, passed_on)

    def _ends(
        self, clock_id: str, clock_from: str, opened: dt.date, started: dt.date, passed_on: Mapping[str, dt.date]
    ) -> dt.date | None:
        if not clock_id:
            return None
        since = started if clock_from == START else passed_on.get(clock_from) if clock_from else opened
        clock = self.tables.clock(clock_id, self.day)
        span = Span(days=clock.days, workdays=clock.workdays, months=clock.months, years=clock.years)
        return None if since is None else due(since, span)


def _fault(row: Evidence, paper: Paper, on: dt.date) -> Reason | None:
    def because(code: str, **params: Any) -> Reason:
        return Reason(code, row.basis, {"evidence": row.id, **params})

    if paper.refused:
        return because("evidence_refused")
    if paper.issued_on is not None and paper.issued_on > on:
        return because("evidence_to_come", on=paper.issued_on)
    last = last_day(row, paper.issued_on, paper.valid_until)
    if last is not None and last < on:
        return because("evidence_expired", on=last)
    if row.months_before:
        if paper.issued_on is None:
            return because("evidence_undated")
        if add_months(paper.issued_on, row.months_before) < on:
            return because("evidence_too_old", months=row.months_before)
    return because("evidence_unfit") if paper.value == UNFIT else None


def last_day(row: Evidence, issued_on: dt.date | None, valid_until: dt.date | None) -> dt.date | None:
    """Give the last day on which a paper holds: its own, or the months that the law gives it, whichever comes first."""
    by_law = add_months(issued_on, row.valid_months) if row.valid_months and issued_on else None
    days = [day for day in (valid_until, by_law) if day is not None]
    return min(days) if days else None


def years_between(birth: dt.date, day: dt.date) -> int:
    """Give the age in whole years on a day; who was born on 29 February has a birthday on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def course_by(tables: Law, scheme_id: str, day: dt.date) -> Course | None:
    """Give the way through a scheme by given tables; None when no such scheme is in force that day."""
    scheme = tables.scheme(scheme_id, day)
    if scheme is None:
        return None
    steps = tables.steps_of(scheme_id, day)
    known = (tables.evidence_of(kind, day) for s in steps for kind in (*s.evidence, *s.asked))
    return Course(scheme, steps, {row.id: row for row in known if row is not None}, tables, day)


@lru_cache(maxsize=4096)
def course_of(scheme_id: str, day: dt.date) -> Course | None:
    """Give the way through a scheme by the law in force on a day; None when no such scheme is in force that day."""
    return course_by(law(), scheme_id, day)
