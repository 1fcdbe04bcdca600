"""Judges a journey at the departure gate: the law's rows and what is known in, one line for each row out; no database, no clock."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from selaras.engines import checklist
from selaras.engines.checklist import MET, NOT_APPLICABLE, NOT_MET, NOT_YET, Checklist, Known, Line, Rule
from selaras.engines.deadlines import add_months
from selaras.engines.reason import Reason
from selaras.law.shapes import Evidence, GateRow
from selaras.people.course import UNFIT, last_day, years_between

VERIFIED, REFUSED, UNVERIFIABLE = "verified", "refused", "unverifiable"
PROVED = {"social_security_active": "social_security"}
"""Tests whose answer is a paper of that kind."""
WORST = (NOT_MET, NOT_YET, MET)
"""Of several lines the worst speaks; one that does not apply says nothing."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that stands, as the gate looks at it; `key` leads back to it."""

    key: str
    kind: str
    of_journey: bool = False
    issued_on: dt.date | None = None
    valid_until: dt.date | None = None
    value: str = ""
    verdict: str = "stated"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody else established for a test: its value, why, on which basis; an unsure answer decides nothing."""

    value: str
    code: str
    basis: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one journey on the day on which it is judged."""

    day: dt.date
    age_min: int
    birth: dt.date | None = None
    precision: str = "day"
    papers: tuple[Paper, ...] = ()
    used_on: Mapping[str, dt.date] = field(default_factory=dict)
    """Kind of paper → the day on which a step that asks for it was done: a paper that must be fresh is used then, not at the gate."""
    conditions: Mapping[str, bool] = field(default_factory=dict)
    """Condition of a row → whether it holds; of one that is missing nobody has said anything."""
    told: Mapping[str, Told] = field(default_factory=dict)
    """Test of a row → its answer; `age_min` is the gate's own."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One line: the law's row, its value and why, and the paper that speaks for or against it."""

    row: GateRow
    line: Line
    basis: str
    paper: str = ""

    @property
    def speaks(self) -> bool:
        """Say whether this line is a reason of its own why somebody may not leave; one met through others adds none."""
        return self.line.stops and not self.row.through


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every line in the law's order, and what may be decided."""

    list: Checklist
    lines: tuple[Judged, ...]

    @property
    def reasons(self) -> tuple[Judged, ...]:
        """Give the lines that stop, without those that only repeat others."""
        return tuple(one for one in self.lines if one.speaks)

    @property
    def fingerprint(self) -> str:
        """Give a short mark of every value and reason: an officer decides on what she saw."""
        told = [[one.row.id, one.line.value, one.line.reason.code, one.paper] for one in self.lines]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def judge(rows: Sequence[GateRow], evidence: Mapping[str, Evidence], case: Case) -> Judgement:
    """Judge every row of the gate; the checklist of the engines says what may be decided."""
    found = {row.id: _known(row, evidence, case) for row in rows if not row.through}
    rules = {row.id: _rule(row, found.get(row.id), case) for row in rows}
    for row in rows:
        if row.through:
            found[row.id], rules[row.id] = _worst(row, rows, found, rules)
    ruled = checklist.judge([rules[row.id] for row in rows], {name: one.known for name, one in found.items() if one is not None})
    lines = []
    for row, line in zip(rows, ruled.lines, strict=True):
        one = found[row.id]
        lines.append(Judged(row, line, (one.basis if one else "") or row.basis, one.paper if one and line.value != NOT_APPLICABLE else ""))
    return Judgement(ruled, tuple(lines))


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a row: its value, the article of the reason, the paper, and whether the answer is unsure."""

    known: Known
    basis: str = ""
    paper: str = ""
    unsure: bool = False


def _rule(row: GateRow, found: _Found | None, case: Case) -> Rule:
    applies = not row.when or case.conditions.get(row.when, True)
    return Rule(row.id, decisive=not row.unsure and not (found is not None and found.unsure), applies=applies)


def _known(row: GateRow, evidence: Mapping[str, Evidence], case: Case) -> _Found | None:
    if row.when and row.when not in case.conditions:
        return _Found(Known(NOT_YET, Reason("condition_unknown", {"condition": row.when})))
    if kind := row.evidence or PROVED.get(row.test, ""):
        rule = evidence.get(kind)
        return _paper(rule, case) if rule is not None else None
    if row.test == "age_min":
        return _age(case)
    told = case.told.get(row.test)
    return None if told is None else _Found(Known(told.value, Reason(told.code, dict(told.params))), told.basis, unsure=told.unsure)


def _worst(
    row: GateRow, rows: Sequence[GateRow], found: Mapping[str, _Found | None], rules: Mapping[str, Rule]
) -> tuple[_Found, Rule]:
    """Give a line that is met through others: the worst of those that apply and decide; where none decides, it does not either."""
    targets = [r for r in rows if not r.through and (r.id in row.through or r.group in row.through) and rules[r.id].applies]
    deciding = [r for r in targets if rules[r.id].decisive]
    values: list[tuple[str, str]] = []
    for target in deciding or targets:
        one = found[target.id]
        values.append((one.known.value if one is not None else NOT_YET, target.id))
    worst = next((value for value in WORST if any(v == value for v, _ in values)), NOT_APPLICABLE)
    those = [name for value, name in values if value == worst] if worst in (NOT_MET, NOT_YET) else []
    decisive = not row.unsure and (bool(deciding) or not targets)
    return _Found(Known(worst, Reason("through", {"rules": those}))), Rule(row.id, decisive=decisive, applies=bool(targets))


def _age(case: Case) -> _Found:
    """Judge the age on the day; of a birth known in part every day that it may mean counts."""
    least = case.age_min
    if case.birth is None:
        return _Found(Known(NOT_YET, Reason("birth_unknown", {"least": least})))
    first = last = case.birth
    if case.precision != "day":
        month = 12 if case.precision == "year" else first.month
        first = dt.date(first.year, 1 if case.precision == "year" else first.month, 1)
        last = dt.date(first.year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    if years_between(last, case.day) >= least:
        return _Found(Known(MET, Reason("age_enough", {"least": least})))
    if years_between(first, case.day) < least:
        return _Found(Known(NOT_MET, Reason("under_age", {"least": least})))
    return _Found(Known(NOT_YET, Reason("age_unclear", {"least": least})))


def _paper(rule: Evidence, case: Case) -> _Found:
    """Judge the papers of one kind: one that holds is enough; else the one that came nearest speaks."""
    there = [p for p in case.papers if p.kind == rule.id and (p.of_journey or rule.about == "person")]
    if not there:
        return _Found(Known(NOT_MET, Reason("evidence_missing", {"evidence": rule.id})))
    if rule.private:
        there = [_latest(there)]
    judged = [(_one_paper(rule, paper, case), paper) for paper in reversed(there)]
    for value in reversed(WORST):
        for known, paper in judged:
            if known.value == value:
                return _Found(known, paper=paper.key)
    raise AssertionError("a paper has one of the three values")


def _latest(papers: Sequence[Paper]) -> Paper:
    """Give the examination that speaks: the latest, so that nobody looks for a clinic until one says fit; a refused paper is none."""
    real = [p for p in papers if p.verdict != REFUSED] or list(papers)
    dated = all(p.issued_on is not None for p in real)
    return max(enumerate(real), key=lambda one: (one[1].issued_on or dt.date.min if dated else dt.date.min, one[0]))[1]


def _one_paper(rule: Evidence, paper: Paper, case: Case) -> Known:
    def because(value: str, code: str, **params: Any) -> Known:
        return Known(value, Reason(code, {"evidence": rule.id, **params}))

    if paper.verdict == REFUSED:
        return because(NOT_MET, "evidence_refused")
    if paper.value == UNFIT:
        return because(NOT_MET, "evidence_unfit")
    if paper.issued_on is not None and paper.issued_on > case.day:
        return because(NOT_MET, "evidence_to_come", on=paper.issued_on.isoformat())
    last = last_day(rule, paper.issued_on, paper.valid_until)
    if last is not None and last < case.day:
        return because(NOT_MET, "evidence_expired", on=last.isoformat())
    if rule.months_before:
        if paper.issued_on is None:
            return because(NOT_MET, "evidence_undated")
        if add_months(paper.issued_on, rule.months_before) < case.used_on.get(rule.id, case.day):
            return because(NOT_MET, "evidence_too_old", months=rule.months_before)
    if paper.verdict == UNVERIFIABLE:
        return because(NOT_YET, "evidence_unverifiable")
    if rule.verifiers and paper.verdict != VERIFIED:
        return because(NOT_YET, "evidence_unverified")
    return because(MET, "evidence_holds")
