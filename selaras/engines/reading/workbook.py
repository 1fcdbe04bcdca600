"""Rows of an XLSX, XLS or ODS sheet as text, with what was a number told apart."""

import datetime
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import python_calamine as calamine

from selaras.engines.reading import archives
from selaras.engines.reading.faults import Fault, Unreadable
from selaras.engines.reading.headers import find_header
from selaras.engines.reading.kinds import refuse
from selaras.engines.reading.shapes import Kind

Cell = str | float | int | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta

_LOOK = 15


class Workbook:
    """An opened workbook whose size has been checked. Holds a whole sheet in memory (limits: see `archives`)."""

    def __init__(self, path: Path, kind: Kind, *, checked: bool = False) -> None:
        """`checked`: this very file has been opened before, so that its spread need not be measured again."""
        self.kind = kind
        self._pages: dict[str, calamine.CalamineSheet] = {}
        try:
            with refuse("workbook.broken", kind=kind):
                archives.check_sizes(path)
                if not checked:
                    archives.check_spread(path, kind)
                self.epoch_1904 = kind == "xlsx" and archives.is_1904(path)
                self._book = calamine.CalamineWorkbook.from_path(str(path))
                self.sheets = tuple(self._book.sheet_names)
        except Unreadable as refused:
            if isinstance(refused.__context__, calamine.PasswordError):
                raise Unreadable(Fault("workbook.locked")) from None
            raise

    def rows(self, sheet: str) -> Iterator[list[Cell]]:
        """Every row of a sheet from the first, empty ones too; the row number is the position, from 1."""
        page = self._page(sheet)
        left: list[Cell] = [""] * (page.start[1] if page.start else 0)  # columns without any content
        with refuse("workbook.broken", kind=self.kind):
            rows = page.iter_rows()
        while True:
            with refuse("workbook.broken", kind=self.kind):
                row = next(rows, None)
            if row is None:
                return
            yield left + row

    def head(self, sheet: str) -> list[list[str]]:
        """The first rows of a sheet as text."""
        return [[cell_text(cell) for cell in row] for row in islice(self.rows(sheet), _LOOK)]

    def height(self, sheet: str) -> int:
        """The number of the last row that holds anything."""
        end = self._page(sheet).end
        return 0 if end is None else int(end[0]) + 1

    def _page(self, sheet: str) -> calamine.CalamineSheet:
        """A decoded sheet; decoding takes seconds, so each is kept (their cells together are limited)."""
        if sheet not in self._pages:
            with refuse("workbook.broken", kind=self.kind):
                self._pages[sheet] = self._book.get_sheet_by_name(sheet)
        return self._pages[sheet]

    def pick_sheet(self, sheet: str | None) -> str:
        """The sheet asked for, else the first with a header, else the first that holds anything."""
        if sheet is not None:
            if sheet not in self.sheets:
                raise Unreadable(Fault("workbook.no_sheet", {"sheet": sheet, "sheets": self.sheets}))
            return sheet
        filled = self.filled_sheets()
        if not filled:
            raise Unreadable(Fault("file.empty"))
        return next((name for name in filled if find_header(self.head(name))), filled[0])

    def filled_sheets(self) -> list[str]:
        """The sheets with at least two rows or columns of content, in order."""
        return [name for name in self.sheets if any(any(row) for row in self.head(name))]


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
