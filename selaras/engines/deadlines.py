"""Clocks that rules start: when something is due, how it stands today, and clocks that are stopped and run on.

The day on which a clock starts is not counted: five days from the 1st end with the 6th, and the 6th is still in time. Months and
years end on the same day of the month, or on its last. Working days are Monday to Friday without Indonesia's national holidays and
joint leave. A due day that falls on a holiday stays where it is, because no rule that we know moves it.
"""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from selaras.engines.reason import Unfit

RUNNING, SOON, OVERDUE, STOPPED, KEPT, LATE = "running", "soon", "overdue", "stopped", "kept", "late"
LONGEST = 36525  # days; what is longer is a slip of the pen
ONE = timedelta(days=1)

Closed = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Span:
    """How long a clock runs, in one unit."""

    days: int | None = None
    workdays: int | None = None
    months: int | None = None
    years: int | None = None

    def __post_init__(self) -> None:
        """Refuse a span in no unit, in two, of less than nothing, or of more than a hundred years."""
        given = [n for n in (self.days, self.workdays, self.months, self.years) if n is not None]
        if len(given) != 1:
            raise Unfit("span.one_unit")
        longest = 100 if self.years is not None else 1200 if self.months is not None else LONGEST
        if not 0 <= given[0] <= longest:
            raise Unfit("span.length", given=given[0], longest=longest)

    @property
    def unit(self) -> str:
        """Name the unit in which what is left is counted: working days for a clock of working days, else days."""
        return "workday" if self.workdays is not None else "day"


@dataclass(frozen=True, slots=True)
class Stop:
    """A clock stands from one day on, until the day on which it runs again (not counted as standing)."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse a stop that ends before it begins."""
        if self.until is not None and self.until < self.since:
            raise Unfit("stop.ends_before", since=self.since, until=self.until)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How a clock stands: its state, the last day that is in time (none while it stands), and what is left of it."""

    state: str
    due: date | None
    left: int
    unit: str


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("ID", years=year, categories=("public", "government")))


def is_holiday(day: date) -> bool:
    """Say whether a day is a national holiday or joint leave in Indonesia; of coming years some are estimates."""
    return day in _holidays(day.year)


def closed_in_indonesia(day: date) -> bool:
    """Say whether Indonesia's offices are closed on a day."""
    return day.weekday() >= 5 or is_holiday(day)


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise Unfit("day.beyond", day=day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_begun(since: date, until: date) -> int:
    """Count the months of a term, a month begun as a whole one; the anniversary still belongs to the month before it."""
    if until < since:
        raise Unfit("term.ends_before", since=since, until=until)
    months = (until.year - since.year) * 12 + until.month - since.month
    return max(1, months if add_months(since, months) >= until else months + 1)


def _stands(stops: Sequence[Stop], day: date) -> bool:
    return any(stop.since <= day and (stop.until is None or day < stop.until) for stop in stops)


def due(start: date, span: Span, stops: Sequence[Stop] = (), closed: Closed = closed_in_indonesia) -> date | None:
    """Give the last day that is in time; None while the clock stands with something left of it."""
    return _walk(start, _units(start, span), stops, _counting(span, closed))


def _units(start: date, span: Span) -> int:
    """Give the length of a clock in what it counts: working days, or days."""
    if span.workdays is not None:
        return span.workdays
    if span.days is not None:
        return span.days
    return (add_months(start, span.months if span.months is not None else 12 * (span.years or 0)) - start).days


def _counting(span: Span, closed: Closed) -> Closed | None:
    return closed if span.workdays is not None else None


def _walk(start: date, units: int, stops: Sequence[Stop], closed: Closed | None) -> date | None:
    """Count units one day after another; a day on which the clock stands, or the office is closed, is none."""
    if closed is None and not stops:
        try:
            return start + timedelta(days=units)
        except OverflowError:
            raise Unfit("day.beyond", day=start) from None
    forever = _forever(stops)
    day = start
    while units:
        if day == date.max:
            raise Unfit("day.beyond", day=start)
        day += ONE
        if forever is not None and day >= forever:
            return None
        units -= _counts(day, stops, closed)
    return day


def _forever(stops: Sequence[Stop]) -> date | None:
    return min((stop.since for stop in stops if stop.until is None), default=None)


def _counts(day: date, stops: Sequence[Stop], closed: Closed | None) -> bool:
    return not _stands(stops, day) and not (closed is not None and closed(day))


def _between(first: date, last: date, stops: Sequence[Stop], closed: Closed | None) -> int:
    """Count the units after one day up to another."""
    if closed is None and not stops:
        return max(0, (last - first).days)
    return sum(_counts(first + n * ONE, stops, closed) for n in range(1, (last - first).days + 1))


def deadline(
    start: date, span: Span, today: date, *, stops: Sequence[Stop] = (), done: date | None = None, soon: int = 3,
    closed: Closed = closed_in_indonesia,
) -> Deadline:  # fmt: skip
    """Say how a clock stands today: `soon` is at how many days (or working days) left it is nearly due."""
    end, counting = due(start, span, stops, closed), _counting(span, closed)
    if end is None:
        if done is not None:
            return Deadline(KEPT, None, 0, span.unit)
        passed = _between(start, _forever(stops) or start, stops, counting)
        return Deadline(STOPPED, None, _units(start, span) - passed, span.unit)
    at = done or today
    if at > end:
        return Deadline(LATE if done else OVERDUE, end, -_between(end, at, stops, counting), span.unit)
    if done is not None:
        return Deadline(KEPT, end, 0, span.unit)
    left = _between(max(today, start), end, stops, counting)
    state = STOPPED if _stands(stops, today) else SOON if left <= soon else RUNNING
    return Deadline(state, end, left, span.unit)
