"""Reads what was said before and taken back, with the reason: an answer, or how a course ended."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Earlier:
    """One answer or end that was taken back: what it said, who said it when, and who took it back when and why."""

    state: str
    words: str
    by: str
    on: dt.date
    taken_back_by: str
    taken_back_on: dt.date
    why: str


def earlier_of(told: list[dict[str, Any]] | None) -> tuple[Earlier, ...]:
    """Give what a row said earlier, the newest first."""
    days = ("on", "taken_back_on")
    return tuple(Earlier(**(one | {day: dt.date.fromisoformat(one[day]) for day in days})) for one in reversed(told or []))
