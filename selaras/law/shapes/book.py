"""All tables of the law together, and the questions that rooms ask of them."""

from dataclasses import dataclass, field
from datetime import date

from selaras.law.shapes.base import Source
from selaras.law.shapes.citation import in_words
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
    shown: dict[tuple[str, date], tuple[GateRow, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Rows of the gate in their order, in the same way."""

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

    def cite(self, basis: str, language: str) -> str:
        """Say a basis in words for people, in Indonesian or ("en") English: "pasal 13 huruf b UU 18/2017"."""
        return in_words(basis, self.source(basis), language)

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
        key = scheme_id, day
        if key not in self.shown:
            if len(self.shown) >= MANY:
                self.shown.clear()
            open_ = self.scheme(scheme_id, day) is not None
            rows = [g for g in self.gate if open_ and scheme_id in g.schemes and g.holds_on(day)]
            self.shown[key] = tuple(sorted(rows, key=lambda g: (GROUPS.index(g.group), g.order, g.id)))
        return self.shown[key]

    def terms_of(self, scheme_id: str, day: date) -> tuple[Term, ...]:
        """Give what a contract of a scheme must say on a day, in the order of the article."""
        return tuple(t for t in self.terms if scheme_id in t.schemes and t.holds_on(day))

    def cost_rules(self, item: str, country: str, job: str, day: date, scheme: str = "") -> tuple[CostRule, ...]:
        """Give who may be asked to pay an item on a day: the first rule decides, as it names country, job or scheme most closely.

        None means that no rule was found; that is not a permission. A rule for named jobs or schemes asks for a job or scheme.
        """
        wanted = ("countries", country), ("jobs", job), ("schemes", scheme)
        rows = [
            r
            for r in self.payers
            if item in r.items and r.holds_on(day) and all(not getattr(r, key) or name in getattr(r, key) for key, name in wanted)
        ]
        return tuple(sorted(rows, key=lambda r: -r.closeness))

    def premiums_of(self, stage: str, day: date, scheme: str = "") -> tuple[Premium, ...]:
        """Give the premiums of one stage in force on a day that a scheme pays, the shortest contract first."""
        rows = [p for p in self.premiums if p.stage == stage and p.holds_on(day) and scheme not in p.not_for]
        return tuple(sorted(rows, key=lambda p: p.months))

    def credit(self, credit_id: str, day: date) -> Credit | None:
        """Give the terms of a credit in force on a day, or None."""
        return next((c for c in self.credits if c.id == credit_id and c.holds_on(day)), None)

    def causes_on(self, day: date) -> tuple[Cause, ...]:
        """Give the causes of return in force on a day."""
        return tuple(c for c in self.causes if c.holds_on(day))

    def information_on(self, day: date) -> tuple[Information, ...]:
        """Give the items of information that a candidate must be given on a day."""
        return tuple(i for i in self.information if i.holds_on(day))

    def signals_on(self, day: date) -> tuple[Signal, ...]:
        """Give the kinds of early warning that may be written down on a day."""
        return tuple(s for s in self.signals if s.holds_on(day))

    def rights_of(self, whose: str, day: date) -> tuple[Right, ...]:
        """Give the rights and duties of the worker, or what her family has a right to, on a day."""
        return tuple(r for r in self.rights if r.whose == whose and r.holds_on(day))
