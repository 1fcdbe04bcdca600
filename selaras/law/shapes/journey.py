"""Rows about a journey: the schemes, their steps, what proves a step, and the rows of the departure gate."""

from dataclasses import dataclass
from typing import Literal

from selaras.law.shapes.base import Row

Placing = Literal["p3mi", "government", "company", "self"]
EmployerKind = Literal["legal_entity", "individual", "principal"]
Stage = Literal["prepare", "place", "protect", "return"]
About = Literal["person", "journey"]
Scan = Literal["none", "optional", "required"]
Group = Literal["requirement", "document", "permit", "state"]
Test = Literal[
    "",
    "age_min",
    "agency_licensed",
    "country_open",
    "employer_legal_entity",
    "job_open",
    "job_order_current",
    "opp_done",
    "partner_named",
    "registered",
    "sip2mi_active",
    "social_security_active",
]
When = Literal["", "employer_individual", "seafarer_id_required", "visa_required"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Row):
    """One lawful way to work abroad: who places, with which employers, where to, and who may start it."""

    label: str
    label_en: str
    placing: Placing
    employer_kinds: tuple[EmployerKind, ...]
    countries: tuple[str, ...] = ()
    """ISO 3166 codes of three letters; none means any country that is open."""
    age_min: int
    age_max: int = 0
    """Zero means that the law names none."""
    started_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Row):
    """One step of one or more schemes: who does it, after what, with which evidence, within which clock."""

    label: str
    label_en: str
    schemes: tuple[str, ...]
    stage: Stage
    after: tuple[str, ...] = ()
    """Steps that come before; one that a scheme does not have asks nothing of it."""
    by: tuple[str, ...]
    office: str
    """Who has it while it is open, in words."""
    office_en: str
    evidence: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Evidence that offices collect although no rule makes the step wait for it: shown, never required."""
    clock: str = ""
    clock_from: str = ""
    """The step whose last day starts the clock, or "start" for the first day of the journey."""
    expires: str = ""
    """The clock after which a place in a queue ends."""
    ends: bool = False
    optional: bool = False
    """It may be left out with a reason; nothing waits for it."""
    repeats: bool = False
    """It may be done more than once, such as an extension."""
    verb: str = ""
    """The verb of another room that alone does this step, such as the decision at the gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Row):
    """One kind of proof: what it is about, how long it holds, and who can say that it is real."""

    label: str
    label_en: str
    about: About
    number: bool = False
    dated: bool = True
    ends: bool = False
    """It bears a last day of its own; without it nobody can say that it still holds."""
    valid_months: int = 0
    """Zero means its own last day, or none."""
    months_before: int = 0
    """How many months old it may be when it is used; zero means that no rule says."""
    file: Scan = "optional"
    verifiers: tuple[str, ...] = ()
    feed: str = ""
    """The partner system that can verify it, as feeds.toml names it."""
    manual: str = ""
    """What an officer does while that system is down."""
    manual_en: str = ""
    private: bool = False
    """Only the result leaves who examined; the papers stay there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Row):
    """A partner's system that can say whether a piece of evidence is real."""

    label: str
    label_en: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow(Row):
    """One line of the departure gate: met by evidence, by a test, or through other lines."""

    label: str
    label_en: str
    group: Group
    schemes: tuple[str, ...]
    evidence: str = ""
    test: Test = ""
    through: tuple[str, ...] = ()
    """Lines, or a whole group of lines: this line shows the worst value of those that are sure, and adds no reason of its own."""
    when: When = ""
    """The condition without which the line is not applicable."""
    order: int
    hold_basis: str = ""
    """What a hold for this line rests on, where that differs from the line's own basis."""
