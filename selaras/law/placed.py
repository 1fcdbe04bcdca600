"""A row together with where it stands, so that every refusal can say so."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from selaras.law.shapes import GateRow, Step, Term


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a table, and its file, row and line in words."""

    row: Any
    where: str

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Give under which names the row holds: its own, or its own in each of its schemes."""
        schemes = self.row.schemes if by_scheme(self.row) else ()
        return tuple((self.row.id, scheme) for scheme in schemes) or ((self.row.id, ""),)


def by_scheme(row: Any) -> bool:
    """Say whether rows of this kind hold for the schemes that they name, so that one id may stand once for each."""
    return isinstance(row, Step | GateRow | Term)


def turns(rows: list[Any], since: date, until: date | None) -> list[date]:
    """Give the days between two on which something begins or has ended: between them the law does not change."""
    days = {since}
    for row in rows:
        days.add(row.since)
        if row.until is not None:
            days.add(row.until + timedelta(days=1))
    return sorted(day for day in days if since <= day and (until is None or day <= until))
