"""Rows that name what the law lists: contract terms, causes of return, information due, signals, rights."""

from dataclasses import dataclass
from typing import Literal

from selaras.law.shapes.base import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Row):
    """A row that is mostly its own name."""

    label: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Named):
    """One term that a contract must have, and how it is written down."""

    kind: Literal["text", "name", "address", "person_address", "money", "hours", "days", "months", "date", "choice"]
    letter: str
    """The letter of the article under which the term stands."""
    schemes: tuple[str, ...]
    least: int = 0
    most: int = 0
    """Bounds that the law itself sets, such as hours at sea; zero means none."""
    optional: bool = False
    """The contract names it where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Named):
    """One cause of return."""

    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Information(Named):
    """One item of information that a candidate must be given."""

    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Named):
    """One kind of early warning in a place; it never names a person."""

    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Named):
    """One right or duty of a worker, or one right of the family."""

    whose: Literal["worker", "family"]
    duty: bool = False
    letter: str
