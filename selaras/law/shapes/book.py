"""All tables of the law together, and the questions that rooms ask of them."""

from dataclasses import dataclass, field
from datetime import date

from selaras.law.shapes.base import Source
from selaras.law.shapes.journey import Evidence, Feed, GateRow, Scheme, Step
from selaras.law.shapes.money import CostItem, CostJob, CostRule, Credit, Premium
from selaras.law.shapes.office import Clock, Indicator, Limit, Role, Sharing
from selaras.law.shapes.order import in_order
from selaras.law.shapes.words import Cause, Information, Right, Signal, Term

MANY = 10_000
GROUPS = ("requirement", "document", "permit", "state")


@dataclass(frozen=True, slots=True)
class Law:
    """All tables of the law, each row checked against the others."""

    sources: tuple[Source, ...]
    roles: tuple[Role, ...] = ()
    clocks: tuple[Clock, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    sharing: tuple[Sharing, ...] = ()
    limits: tuple[Limit, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    feeds: tuple[Feed, ...] = ()
    gate: tuple[GateRow, ...] = ()
    terms: tuple[Term, ...] = ()
    costs: tuple[CostItem, ...] = ()
    jobs: tuple[CostJob, ...] = ()
    payers: tuple[CostRule, ...] = ()
    premiums: tuple[Premium, ...] = ()
    credits: tuple[Credit, ...] = ()
    causes: tuple[Cause, ...] = ()
    information: tuple[Information, ...] = ()
    signals: tuple[Signal, ...] = ()
    rights: tuple[Right, ...] = ()
    walked: dict[tuple[str, date], tuple[Step, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Steps that were put in order before, for a scheme and a day; not a table."""

    def role(self, role_id: str, day: date) -> Role | None:
        """Give the role in force on a day, or None."""
        return next((r for r in self.roles if r.id == role_id and r.holds_on(day)), None)

    def clock(self, clock_id: str, day: date) -> Clock:
        """Give the clock in force on a day; a missing clock is a fault of the tables."""
        return next(c for c in self.clocks if c.id == clock_id and c.holds_on(day))

    def limit(self, address: str, day: date) -> Limit | None:
        """Give the limit in force on a day for a verb or question, or None."""
        return next((row for row in self.limits if row.id == address and row.holds_on(day)), None)

    def indicator(self, indicator_id: str, day: date) -> Indicator:
        """Give the definition of a figure in force on a day."""
        return next(i for i in self.indicators if i.id == indicator_id and i.holds_on(day))

    def source(self, basis: str) -> Source:
        """Give the instrument that a basis names, as "UU18:13b" names the first of "UU18"."""
        return next(s for s in self.sources if s.id == basis.partition(":")[0])

    def scheme(self, scheme_id: str, day: date) -> Scheme | None:
        """Give the scheme in force on a day, or None."""
        return next((s for s in self.schemes if s.id == scheme_id and s.holds_on(day)), None)

    def schemes_on(self, day: date) -> tuple[Scheme, ...]:
        """Give every scheme in force on a day, as the table orders them."""
        return tuple(s for s in self.schemes if s.holds_on(day))

    def steps_of(self, scheme_id: str, day: date) -> tuple[Step, ...]:
        """Give the steps of a scheme in force on a day, each behind what must come before it; none before the scheme began."""
        key = scheme_id, day
        if key not in self.walked:
            if len(self.walked) >= MANY:
                self.walked.clear()
            open_ = self.scheme(scheme_id, day) is not None
            self.walked[key] = in_order([s for s in self.steps if open_ and scheme_id in s.schemes and s.holds_on(day)])
        return self.walked[key]

    def step(self, scheme_id: str, step_id: str, day: date) -> Step | None:
        """Give one step of a scheme in force on a day, or None."""
        return next((s for s in self.steps_of(scheme_id, day) if s.id == step_id), None)

    def evidence_of(self, evidence_id: str, day: date) -> Evidence | None:
        """Give the kind of evidence in force on a day, or None."""
        return next((e for e in self.evidence if e.id == evidence_id and e.holds_on(day)), None)

    def feed(self, feed_id: str, day: date) -> Feed | None:
        """Give the partner system in use on a day, or None."""
        return next((f for f in self.feeds if f.id == feed_id and f.holds_on(day)), None)

    def gate_of(self, scheme_id: str, day: date) -> tuple[GateRow, ...]:
        """Give the lines of the departure gate that hold for a scheme on a day, in the order in which they are shown."""
        open_ = self.scheme(scheme_id, day) is not None
        rows = [g for g in self.gate if open_ and scheme_id in g.schemes and g.holds_on(day)]
        return tuple(sorted(rows, key=lambda g: (GROUPS.index(g.group), g.order, g.id)))
