"""Rows about offices and their work: roles, clocks, figures, what may be shared, how often a thing may be done."""

from dataclasses import dataclass

from selaras.law.shapes.base import Row


@dataclass(frozen=True, slots=True)
class Role(Row):
    """What one kind of user may do: the addresses of verbs and sensitive questions."""

    label: str = ""
    label_en: str = ""
    may: tuple[str, ...] = ()
    home: str = ""
    at: tuple[str, ...] = ()
    """At which kinds of office somebody is posted in this role; a job's role is nobody's."""
    gives: tuple[str, ...] = ()
    """Which roles she may give to others."""
    everywhere: bool = False
    """She looks after the officers of every office, not of her own and those below it."""


@dataclass(frozen=True, slots=True)
class Clock(Row):
    """A number of days, working days, months or years that a rule counts."""

    days: int | None = None
    months: int | None = None
    years: int | None = None
    workdays: int | None = None
    label: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Indicator(Row):
    """A figure defined once: what is counted, in which words, with which rounding."""

    label: str = ""
    label_en: str = ""
    definition: str = ""
    definition_en: str = ""
    unit: str = "person"


@dataclass(frozen=True, slots=True)
class Sharing(Row):
    """What one register's owner may hand over, for which purpose and which columns."""

    source: str = ""
    purpose: str = ""
    columns: tuple[str, ...] = ()
    owner: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class Limit(Row):
    """How often one officer may do a thing in an hour; the id is the thing's address."""

    per_hour: int = 0
    unfit: bool = False
    """A form that was refused counts, too: its answer tells something, such as that a telephone is somebody's."""
