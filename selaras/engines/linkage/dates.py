"""Dates as registers write them, as whole numbers yyyymmdd; 0 for none."""

import re
from datetime import date, timedelta

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "JAN JANUARI JANUARY", "FEB FEBRUARI FEBRUARY PEB PEBRUARI", "MAR MARET MARCH", "APR APRIL", "MEI MAY",
            "JUN JUNI JUNE", "JUL JULI JULY", "AGU AGS AGT AGUSTUS AUG AUGUST", "SEP SEPT SEPTEMBER",
            "OKT OKTOBER OCT OCTOBER", "NOV NOVEMBER NOP NOPEMBER", "DES DESEMBER DEC DECEMBER",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ].*)?$")
_WORDS = re.compile(r"^(\d{1,2})[-/. ]+([A-Z]+)[-/. ,]+(\d{4})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SERIAL = re.compile(r"^\d{4,5}(?:\.0+)?$")
_EXCEL_DAY_0 = date(1899, 12, 30)


def standardise_date(text: str | date | None) -> int:
    """A date as handed over → yyyymmdd, or 0 when it is missing or no day of the calendar (31 February, year 0).

    Day before month, as Indonesia writes, unless only the other order is a date. Excel serials from 1910 to 2064.
    """
    if text is None:
        return 0
    if isinstance(text, date):
        return text.year * 10000 + text.month * 100 + text.day
    said = text.strip().upper()
    if match := _ISO.match(said):
        return _number(*(int(part) for part in match.groups()))
    if match := _DAY_FIRST.match(said):
        day, month, year = (int(part) for part in match.groups())
        return _number(year, month, day) or _number(year, day, month)
    if match := _WORDS.match(said):
        return _number(int(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
    if match := _COMPACT.match(said):
        return _number(*(int(part) for part in match.groups()))
    if _SERIAL.match(said) and 3653 <= float(said) <= 60000:
        day_of = _EXCEL_DAY_0 + timedelta(days=int(float(said)))
        return day_of.year * 10000 + day_of.month * 100 + day_of.day
    return 0


def _number(year: int, month: int, day: int) -> int:
    try:
        date(year, month, day)
    except ValueError:
        return 0
    return year * 10000 + month * 100 + day if year >= 1850 else 0
