"""The typed shapes that the law tables load into."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """One instrument that other rows cite, such as a statute."""

    id: str
    title: str
    title_en: str
    status: str
    since: date
    until: date | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What every rule carries: a name, its basis in a source, and the days on which it holds."""

    id: str
    basis: str
    since: date
    until: date | None = None
    unsure: bool = False

    def holds_on(self, day: date) -> bool:
        """Say whether this row is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


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
    """A number of days, months or years that a rule counts."""

    days: int | None = None
    months: int | None = None
    years: int | None = None
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


@dataclass(frozen=True, slots=True)
class Law:
    """All tables of the law, each row checked against the others."""

    sources: tuple[Source, ...]
    roles: tuple[Role, ...]
    clocks: tuple[Clock, ...]
    indicators: tuple[Indicator, ...]
    sharing: tuple[Sharing, ...]
    limits: tuple[Limit, ...] = ()

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
