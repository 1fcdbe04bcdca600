"""A checklist that explains itself: rules and what is known in, a line for each rule and what may be decided out.

Two decisions are open on a checklist, and both must be justified (UU 18/2017 article 70 punishes either mistake): allow is open
when each rule that applies and decides is met; hold is open when one of them is not. So exactly one of them is open at any time.
A rule whose text is unsure is shown with its value, and never opens or closes either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selaras.engines.reason import Reason, Unfit

MET, NOT_MET, NOT_APPLICABLE, NOT_YET = "met", "not_met", "not_applicable", "not_yet"
VALUES = (MET, NOT_MET, NOT_APPLICABLE, NOT_YET)
ALLOW, HOLD = "allow", "hold"

NOTHING_KNOWN = Reason("rule.nothing_known")
NOT_FOR_THIS = Reason("rule.not_for_this_scheme")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the list: whether it decides (a rule whose text is unsure does not), and whether it holds here at all."""

    id: str
    decisive: bool = True
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about one rule: met, not met, or not yet verifiable; and why."""

    value: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of one rule."""

    rule: str
    value: str
    reason: Reason
    decisive: bool

    @property
    def stops(self) -> bool:
        """Say whether this line alone keeps somebody from being allowed."""
        return self.decisive and self.value in (NOT_MET, NOT_YET)


@dataclass(frozen=True, slots=True)
class Checklist:
    """All lines, in the order of the rules."""

    lines: tuple[Line, ...]

    @property
    def unmet(self) -> tuple[str, ...]:
        """Name the rules that decide and are not met, or not verifiable yet."""
        return tuple(line.rule for line in self.lines if line.stops)

    @property
    def shown_only(self) -> tuple[str, ...]:
        """Name the unsure rules that are not met: to be read by whoever decides, without deciding."""
        return tuple(
            line.rule for line in self.lines if not line.decisive and line.value in (NOT_MET, NOT_YET)
        )  # fmt: skip

    @property
    def may_allow(self) -> bool:
        """Say whether each rule that decides is met."""
        return not self.unmet

    @property
    def may_hold(self) -> bool:
        """Say whether a rule that decides is not met."""
        return bool(self.unmet)

    def against(self, decision: str) -> Reason | None:
        """Say why a decision (allow or hold) is not open, or give None when it is."""
        if decision == ALLOW:
            return Reason("allow.unmet", {"rules": self.unmet}) if self.unmet else None
        if decision == HOLD:
            return None if self.unmet else Reason("hold.nothing_unmet", {"unsure": self.shown_only})
        raise Unfit("decision.unknown", decision=decision)

    def line(self, rule: str) -> Line:
        """Give the line of one rule."""
        return next(line for line in self.lines if line.rule == rule)


def judge(rules: Sequence[Rule], known: Mapping[str, Known]) -> Checklist:
    """Judge each rule by what is known of it; of what nothing is known is not yet verifiable, never met."""
    ids = [rule.id for rule in rules]
    if twice := next((name for name in ids if ids.count(name) > 1), None):
        raise Unfit("rule.twice", rule=twice)
    if strange := sorted(set(known) - set(ids)):
        raise Unfit("rule.unknown", rule=strange[0])
    return Checklist(tuple(_line(rule, known.get(rule.id)) for rule in rules))


def _line(rule: Rule, known: Known | None) -> Line:
    if not rule.applies:
        return Line(rule.id, NOT_APPLICABLE, NOT_FOR_THIS, rule.decisive)
    if known is None:
        return Line(rule.id, NOT_YET, NOTHING_KNOWN, rule.decisive)
    if known.value not in VALUES:
        raise Unfit("rule.value", rule=rule.id, value=known.value)
    return Line(rule.id, known.value, known.reason, rule.decisive)
