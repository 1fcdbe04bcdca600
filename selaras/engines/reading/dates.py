"""What a cell says about a day, in the forms that registers use, and why it cannot be one."""

import datetime
import re

from selaras.engines.reading.layouts import DateOrder

# How many years before today a living person can be born; and the first year of any register.
OLDEST = 120
FIRST_EVENT_YEAR = 1950

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january", "feb februari pebruari peb february", "mar maret mrt march", "apr april",
            "mei may", "jun juni june", "jul juli july", "agu agustus ags agt aug august",
            "sep sept september", "okt oktober oct october", "nov november nop nopember", "des desember dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = re.compile(
    r"^(.*?\d)(?:T|\s+)\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?"
    r"\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|W[Ii][Bb]|[+-]\d{2}:?\d{2})?$"
)
_WEEKDAY = re.compile(r"^[A-Za-z'’]+\s*,\s*")
_YEAR_FIRST = re.compile(r"^(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})$")
_YEAR_LAST = re.compile(r"^(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})$")
_NAMED = re.compile(r"^(\d{1,2})[\s\-/.]*([A-Za-z]{3,10})[\s\-/.,]*(\d{4}|\d{2})$")
_NAMED_FIRST = re.compile(r"^([A-Za-z]{3,10})[\s.\-]*(\d{1,2})[\s,\-]+(\d{4})$")
_SERIAL = re.compile(r"^(\d{5})(?:[.,]\d+)?$")


def parse_date(
    text: str, today: datetime.date, order: DateOrder = "dmy", epoch_1904: bool = False
) -> tuple[datetime.date | None, str | None]:
    """(day, note code) of one cell without outer white space; the code tells the form, or why there is no day.

    ISO gives no code. `order` decides for numbers only: day first unless the layout or a person says otherwise; a value
    that is possible only in the other order is not guessed (`date.other_order`). A two-digit year is the latest one
    that is not after `today`. Five digits are an Excel day number (1900 system, or 1904 when told); four are a year.
    """
    text = _WEEKDAY.sub("", text.strip("'’` "))
    with_time = _TIME.match(text)
    if with_time:
        day, code = parse_date(with_time.group(1), today, order, epoch_1904)
        return day, (code or "date.time_dropped") if day else code
    if match := _YEAR_FIRST.match(text):
        year, month, number = map(int, match.groups())
        iso = len(text) == 10 and text[4] == text[7] == "-"
        return _day(year, month, number, None if iso else "date.year_first")
    if match := _YEAR_LAST.match(text):
        first, second, year = map(int, match.groups())
        code = "date.month_first" if order == "mdy" else "date.day_first"
        if len(match.group(3)) == 2:
            year, code = _century(year, today), "date.two_digit_year"
        month, number = (first, second) if order == "mdy" else (second, first)
        if year and month > 12 >= number >= 1 and month <= 31:
            return None, "date.other_order"
        return _day(year, month, number, code)
    named = _NAMED.match(text)
    if named:
        number, name, year_text = int(named.group(1)), named.group(2), named.group(3)
    elif named := _NAMED_FIRST.match(text):
        number, name, year_text = int(named.group(2)), named.group(1), named.group(3)
    if named:
        if name.lower() not in _MONTHS:
            return None, "date.unreadable"
        short = len(year_text) == 2
        year = _century(int(year_text), today) if short else int(year_text)
        return _day(year, _MONTHS[name.lower()], number, "date.two_digit_year" if short else "date.month_name")
    return _numeric(text, today, epoch_1904)


def _numeric(text: str, today: datetime.date, epoch_1904: bool) -> tuple[datetime.date | None, str | None]:
    if not text.isascii():
        return None, "date.unreadable"
    if len(text) == 8 and text.isdecimal():
        if 1800 <= int(text[:4]) <= 2199:
            return _day(int(text[:4]), int(text[4:6]), int(text[6:]), "date.compact")
        return _day(int(text[4:]), int(text[2:4]), int(text[:2]), "date.compact")
    if len(text) == 4 and text.isdecimal() and 1800 <= int(text) <= today.year:
        return None, "date.year_only"
    if match := _SERIAL.match(text):
        return from_serial(int(match.group(1)), epoch_1904), "date.serial"
    if not any(c.isalnum() for c in text) or set(text) <= set("0 .,-/"):
        return None, "date.placeholder"
    return None, "date.unreadable"


def from_serial(days: int, epoch_1904: bool) -> datetime.date:
    """The day of an Excel day number of five digits. Excel's 1900 system counts a 29 February 1900 that never was."""
    start = datetime.date(1904, 1, 1) if epoch_1904 else datetime.date(1899, 12, 30)
    return start + datetime.timedelta(days=days)


def _day(year: int, month: int, day: int, code: str | None) -> tuple[datetime.date | None, str | None]:
    if year == 0:
        return None, "date.year_zero"
    try:
        return datetime.date(year, month, day), code
    except ValueError:
        return None, "date.impossible"


def _century(year: int, today: datetime.date) -> int:
    return 2000 + year if 2000 + year <= today.year else 1900 + year
