"""Clocks: days, working days, months and years; stopped and run on; how they stand today."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from selaras.engines.deadlines import (
    KEPT,
    LATE,
    OVERDUE,
    RUNNING,
    SOON,
    STOPPED,
    Span,
    Stop,
    add_months,
    closed_in_indonesia,
    deadline,
    due,
    is_holiday,
    months_begun,
)  # fmt: skip
from selaras.engines.reason import Unfit

DAY = timedelta(days=1)
days = st.dates(date(2017, 1, 1), date(2032, 12, 31))
spans = st.one_of(
    st.integers(0, 400).map(lambda n: Span(days=n)), st.integers(0, 90).map(lambda n: Span(workdays=n)),
    st.integers(0, 40).map(lambda n: Span(months=n)), st.integers(0, 6).map(lambda n: Span(years=n)),
)  # fmt: skip
stops = st.lists(
    st.tuples(days, st.integers(0, 60)).map(lambda pair: Stop(pair[0], pair[0] + pair[1] * DAY)), max_size=3
)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        (date(2026, 11, 1), Span(days=30), date(2026, 12, 1)),
        (date(2026, 1, 31), Span(months=1), date(2026, 2, 28)),
        (date(2024, 2, 29), Span(years=1), date(2025, 2, 28)),
        (date(2026, 8, 14), Span(workdays=1), date(2026, 8, 18)),  # a Friday; Monday is Independence Day
        (date(2026, 3, 17), Span(workdays=1), date(2026, 3, 25)),  # Nyepi, then Eid al-Fitr with its joint leave
        (date(2026, 11, 20), Span(workdays=5), date(2026, 11, 27)),
        (date(2026, 11, 21), Span(workdays=0), date(2026, 11, 21)),
    ],
)
def test_when_something_is_due(start, span, end):
    assert due(start, span) == end


def test_holidays_of_2026_are_those_decreed():
    assert is_holiday(date(2026, 8, 17)) and is_holiday(date(2026, 3, 21)) and is_holiday(date(2026, 12, 24))
    assert not is_holiday(date(2026, 11, 23))


@given(days, st.integers(0, 90))
def test_a_working_day_is_never_a_holiday_and_none_is_skipped(start, count):
    end = due(start, Span(workdays=count))
    between = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert sum(not closed_in_indonesia(day) for day in between) == count
    assert not count or not closed_in_indonesia(end)


@given(days, spans, stops)
def test_a_clock_that_stood_ends_later_by_what_it_stood(start, span, standing):
    end, plain = due(start, span, standing), due(start, span)
    passed = [start + n * DAY for n in range(1, (end - start).days + 1)]
    stood = [day for day in passed if any(stop.since <= day < stop.until for stop in standing)]
    if span.workdays is None:
        assert end == plain + len(stood) * DAY
    else:
        running = [day for day in passed if day not in set(stood) and not closed_in_indonesia(day)]
        assert len(running) == span.workdays
    assert end >= plain


@given(days, spans, stops, st.integers(-30, 800))
def test_how_it_stands_agrees_with_when_it_is_due(start, span, standing, after):
    today = start + after * DAY
    found = deadline(start, span, today, stops=standing)
    assert found.due == due(start, span, standing)
    assert (found.state == OVERDUE) == (today > found.due)
    if found.state == SOON:
        assert 0 <= found.left <= 3
    if found.state == RUNNING:
        assert found.left > 3
    if found.state == OVERDUE:
        assert found.left <= 0


@given(days, st.integers(1, 100), st.integers(0, 200))
def test_a_clock_that_stands_without_end_has_no_day_and_keeps_what_is_left(start, length, at):
    since = start + at * DAY
    found = deadline(start, Span(days=length), since + 500 * DAY, stops=[Stop(since)])
    if at > length:
        assert found.state == OVERDUE, "it was over before it was stopped"
    else:
        assert (found.state, found.due) == (STOPPED, None)
        assert found.left == length - max(0, at - 1)
        restarted = since + 500 * DAY
        assert due(start, Span(days=length), [Stop(since, restarted)]) == restarted + (found.left - 1) * DAY


def test_states():
    start, span = date(2026, 11, 2), Span(days=10)  # due on the 12th
    assert deadline(start, span, date(2026, 11, 8)).state == RUNNING
    assert deadline(start, span, date(2026, 11, 9)).state == SOON
    assert deadline(start, span, date(2026, 11, 12)).left == 0
    late = deadline(start, span, date(2026, 11, 15))
    assert (late.state, late.left) == (OVERDUE, -3)
    assert deadline(start, span, date(2026, 12, 1), done=date(2026, 11, 12)).state == KEPT
    missed = deadline(start, span, date(2026, 12, 1), done=date(2026, 11, 14))
    assert (missed.state, missed.left) == (LATE, -2)
    standing = deadline(start, span, date(2026, 11, 5), stops=[Stop(date(2026, 11, 4), date(2026, 11, 9))])
    assert (standing.state, standing.due) == (STOPPED, date(2026, 11, 17))


@given(days, st.integers(0, 120))
def test_months_begun_is_the_other_side_of_adding_months(since, months):
    end = add_months(since, months)
    assume(end.day == since.day)
    assert months_begun(since, end) == max(1, months)
    assert months_begun(since, end + DAY) == months + 1


def test_what_cannot_be_a_clock_is_refused():
    for wrong in (
        lambda: Span(), lambda: Span(days=1, months=1), lambda: Span(days=-1), lambda: Span(years=101),
        lambda: Stop(date(2026, 2, 2), date(2026, 2, 1)), lambda: add_months(date(9999, 12, 1), 1),
        lambda: due(date(9999, 12, 31), Span(days=1)), lambda: due(date(9999, 12, 31), Span(workdays=1)),
        lambda: months_begun(date(2026, 2, 2), date(2026, 2, 1)),
    ):  # fmt: skip
        with pytest.raises(Unfit):
            wrong()
