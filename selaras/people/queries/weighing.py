"""What a draft of rules would mean: how many open journeys it would change, and at which of their steps. Counts only, nobody by name."""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet, Value

from selaras.ground.act import ask, note
from selaras.law.draft import Change, changes
from selaras.law.load import law
from selaras.law.placed import turns
from selaras.law.shapes import Law, Step
from selaras.people.models import Journey, JourneyStep

State = JourneyStep.State
NOW, AHEAD, LATE, PASSED = "now", "ahead", "late", "passed"
Standing = tuple[str, int, frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One difference, and how many journeys stand where towards it.

    `now`: they have the step open; `ahead`: it still comes; `late`: it is new, and they are past its place; `passed`: they have done it,
    and nothing changes for them.
    """

    change: Change
    now: int
    ahead: int
    late: int
    passed: int


@dataclass(frozen=True, slots=True)
class Weight:
    """What a draft means for one scheme: its open journeys, those that would change, and what would be different."""

    scheme: str
    open: int
    changed: int
    lines: tuple[Line, ...]


@ask
def weigh_draft(draft: Law) -> tuple[Weight, ...]:
    """Weigh a draft against the open journeys within reach, each by the law of its own first day; only schemes that it touches."""
    span = _Span(law(), draft)
    counted = {row["scheme"]: row["open"] for row in _open().values("scheme").annotate(open=Count("id"))}
    tallies: dict[str, Counter[tuple[Change, str]]] = {scheme: Counter() for scheme in span.touched}
    changed: Counter[str] = Counter()
    for (scheme, part, passed, now), number in _standings(span).items():
        met = [(change, _towards(change, span.steps(scheme, part), passed, now)) for change in span.changes(scheme, part)]
        tallies[scheme].update(dict.fromkeys(met, number))
        changed[scheme] += number if any(where != PASSED for _, where in met) else 0
    note(count=changed.total())
    return tuple(
        Weight(
            scheme,
            counted.get(scheme, 0),
            changed[scheme],
            tuple(
                Line(change, *(tallies[scheme][change, where] for where in (NOW, AHEAD, LATE, PASSED)))
                for change in span.touched[scheme]
            ),
        )
        for scheme in span.touched
    )


class _Span:
    """The time that two laws cover, in parts within which neither changes."""

    def __init__(self, before: Law, after: Law) -> None:
        rows = [row for one in (before, after) for row in (*one.schemes, *one.steps, *one.gate, *one.evidence, *one.clocks)]
        self.days = turns(rows, min(row.since for row in rows), None)
        self.after = after
        self.found: dict[tuple[str, int], tuple[Change, ...]] = {}
        self.touched: dict[str, tuple[Change, ...]] = {}
        for scheme in dict.fromkeys(s.id for one in (before, after) for s in one.schemes):
            for part, day in enumerate(self.days):
                if told := changes(before, after, scheme, day):
                    self.found[scheme, part] = told
                    self.touched[scheme] = tuple(dict.fromkeys((*self.touched.get(scheme, ()), *told)))

    def part(self, day: dt.date) -> int:
        return bisect_right(self.days, day) - 1

    def changes(self, scheme: str, part: int) -> tuple[Change, ...]:
        return self.found.get((scheme, part), ())

    def steps(self, scheme: str, part: int) -> Sequence[Step]:
        return self.after.steps_of(scheme, self.days[part])

    def first(self, scheme: str) -> dt.date:
        return min(self.days[part] for name, part in self.found if name == scheme)


def _open() -> QuerySet[Journey]:
    return Journey.objects.filter(state=Journey.State.OPEN).order_by()


def _standings(span: _Span) -> Counter[Standing]:
    """Count the open journeys that a change could touch by scheme, part, what they have passed and what they have open."""
    return Counter(_each(span))


def _each(span: _Span) -> Iterator[Standing]:
    def steps(*states: str) -> ArrayAgg:
        return ArrayAgg("steps__step", filter=Q(steps__state__in=states), distinct=True, default=Value([]))

    for scheme in span.touched:
        rows = _open().filter(scheme=scheme, started_on__gte=span.first(scheme))
        told = rows.annotate(passed=steps(State.DONE, State.SKIPPED), now=steps(State.NOW))
        for day, passed, now in told.values_list("started_on", "passed", "now").iterator(chunk_size=10_000):
            part = span.part(day)
            if span.changes(scheme, part):
                yield scheme, part, frozenset(passed), frozenset(now)


def _towards(change: Change, steps: Sequence[Step], passed: frozenset[str], now: frozenset[str]) -> str:
    """Say where a journey stands towards one change."""
    places = {"gate": ("gate",), "evidence": tuple(s.id for s in steps if change.id in s.evidence) or ("gate",)}.get(
        change.what, (change.id,)
    )
    if change.kind == "added" and change.what == "step":
        row = next(s for s in steps if s.id == change.id)
        if any(change.id in s.after and s.id in passed for s in steps) or ("gate" in passed and row.stage in ("prepare", "place")):
            return LATE
        return NOW if passed.issuperset(row.after) else AHEAD
    if passed.issuperset(places):
        return PASSED
    return NOW if now.intersection(places) else AHEAD
