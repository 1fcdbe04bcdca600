"""What every row of the law carries: its source, its days, and whether somebody must still ask a lawyer."""

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
    short: str = ""
    short_en: str = ""
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What every rule carries: a name, its basis in a source, and the days on which it holds."""

    id: str
    basis: str
    since: date
    until: date | None = None
    unsure: bool = False
    note: str = ""
    """What is not known, or how the row came about, in one sentence."""
    note_en: str = ""

    def holds_on(self, day: date) -> bool:
        """Say whether this row is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)
