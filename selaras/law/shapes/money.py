"""Rows about money: placement costs and who may be asked to pay, premiums, credit."""

from dataclasses import dataclass
from typing import Literal

from selaras.law.shapes.base import Row

Payer = Literal["employer", "government", "worker", "agency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem(Row):
    """One item of what a placement costs."""

    label: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostJob(Row):
    """One job for which a rule frees the worker of placement costs."""

    label: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRule(Row):
    """Who may be asked to pay which items, for which jobs in which countries."""

    items: tuple[str, ...]
    jobs: tuple[str, ...] = ()
    """None means every job."""
    countries: tuple[str, ...] = ()
    """None means every country."""
    schemes: tuple[str, ...] = ()
    """None means every scheme."""
    payers: tuple[Payer, ...]

    @property
    def closeness(self) -> int:
        """Say how closely the rule names a case: a country weighs most, then a scheme, then a job."""
        return 4 * bool(self.countries) + 2 * bool(self.schemes) + bool(self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium(Row):
    """A premium of the workers' social security for one stage and one length of contract."""

    label: str
    label_en: str
    stage: Literal["before", "during", "excess", "old_age"]
    months: int = 0
    """The length of contract that the amount covers; zero means that it does not depend on it."""
    amount: int
    amount_max: int = 0
    """The upper end, where the worker chooses the amount."""
    not_for: tuple[str, ...] = ()
    """Schemes that do not pay this stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit(Row):
    """The terms of a subsidised credit for workers."""

    label: str
    label_en: str
    ceiling: int
    rate_percent: float
    """Effective, a year."""
    months_max: int
    grace_months: int
    tax_number_above: int = 0
    evidence: tuple[str, ...] = ()
