"""Decodes a workbook in a process of its own: a damaged file can make the decoder end its process, never the caller's.

Run as a script (`decoder.py look PATH` or `decoder.py rows PATH SHEET COLUMN`), it writes lines of JSON: the sheets with
their height and first rows, or rows of text with the mask of numbers in one column; last `{"end": true}`. Imports nothing
of the product, so that it starts fast.
"""

import datetime
import json
import sys
from collections.abc import Iterator

import python_calamine as calamine

LOOK = 15  # rows shown of each sheet
MAX_MEMORY = 4 * 1024**3  # address space; the largest workbook that is let through needs about half
MAX_SECONDS = 900  # of processor time

_ROWS = 2_000

Cell = str | float | int | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta


def limit() -> None:
    """Bound the memory and the time of this process, where the system can do that."""
    try:
        import resource  # noqa: PLC0415 not on every system
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_SECONDS)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def look(path: str) -> Iterator[dict[str, object]]:
    """One object for each sheet: name, height (number of the last row with content), first rows as text."""
    book = calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        page = book.get_sheet_by_name(name)
        height = 0 if page.end is None else int(page.end[0]) + 1
        head = []
        for row in _rows(page):
            head.append([cell_text(cell) for cell in row])
            if len(head) == LOOK:
                break
        yield {"sheet": name, "height": height, "head": head}


def rows(path: str, sheet: str, column: int) -> Iterator[dict[str, object]]:
    """Objects with some rows each, from the first row of the sheet, and which cells of `column` (-1: none) were numbers."""
    page = calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    texts: list[list[str]] = []
    numbers: list[bool] = []
    for row in _rows(page):
        texts.append([cell_text(cell) for cell in row])
        numbers.append(0 <= column < len(row) and is_number(row[column]))
        if len(texts) == _ROWS:
            yield {"rows": texts, "numbers": numbers}
            texts, numbers = [], []
    yield {"rows": texts, "numbers": numbers}


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a fraction, dates as ISO, a time of midnight left out."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def is_number(cell: Cell) -> bool:
    """Whether the cell held a number, which keeps at most 15 digits in Excel."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _rows(page: calamine.CalamineSheet) -> Iterator[list[Cell]]:
    """Rows from the first of the sheet, with the empty columns at the left that the decoder leaves out."""
    if page.end is None:
        return
    left: list[Cell] = [""] * (page.start[1] if page.start else 0)
    for row in page.iter_rows():
        yield left + row


def main(arguments: list[str]) -> None:
    """Write what was asked for; a file that cannot be decoded ends with `{"fault": …}`."""
    limit()
    try:
        found = look(arguments[1]) if arguments[0] == "look" else rows(arguments[1], arguments[2], int(arguments[3]))
        for thing in found:
            sys.stdout.write(json.dumps(thing) + "\n")
        sys.stdout.write('{"end": true}\n')
    except calamine.PasswordError:
        sys.stdout.write('{"fault": "locked"}\n')
    except calamine.CalamineError:
        sys.stdout.write('{"fault": "broken"}\n')


if __name__ == "__main__":
    main(sys.argv[1:])
