"""Every fault that reading can find, listed once; engines know no language, so a fault is a code with parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["fatal", "mapping", "row", "note"]
Param = str | int | float | bool | None | tuple[str, ...] | tuple[int, ...]
Params = Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class FaultCode:
    """What a code means for the file, and the names of the parameters that every fault with this code carries."""

    severity: Severity
    params: tuple[str, ...] = ()


def _codes(severity: Severity, table: dict[str, tuple[str, ...]]) -> dict[str, FaultCode]:
    return {code: FaultCode(severity, params) for code, params in table.items()}


_NOTE_CODES = (
    "row.blank", "header.repeated", "header.two_rows", "header.below_titles", "sheet.others",
    "columns.extra_empty", "quote.stray", "text.control_removed", "text.apostrophe", "text.formula",
    "number.float", "row_id.doubled_same", "row_id.doubled_other", "nik.scientific", "nik.unfolded",
    "nik.zero_restored", "nik.excel_rounded", "nik.decorated", "nik.placeholder", "nik.length",
    "nik.letters", "nik.structure", "phone.scientific", "date.day_first", "date.month_first",
    "date.year_first", "date.month_name", "date.compact", "date.serial", "date.time_dropped",
    "date.two_digit_year", "date.impossible", "date.other_order", "date.year_zero", "date.year_only",
    "date.placeholder", "date.unreadable", "date.implausible", "date.future", "date.birth_after_event",
)  # fmt: skip

# fatal: the file is refused as a whole (`Unreadable`).  mapping: the columns must be chosen again.
# row: the row is set aside as a `Reject`.  note: the row is kept; what was read or repaired is counted.
FAULT_CODES: dict[str, FaultCode] = {
    **_codes(
        "fatal",
        {
            "file.missing": (),
            "file.empty": (),
            "file.no_rows": ("header_line",),
            "file.growing": ("before", "after"),
            "file.changed": (),
            "file.cut": ("line", "got", "expected"),
            "kind.unsupported": ("kind",),
            "encoding.unsupported": ("encoding",),
            "delimiter.unknown": ("tried",),
            "header.missing": ("looked_at",),
            "header.too_wide": ("most",),
            "workbook.locked": (),
            "workbook.broken": ("kind",),
            "workbook.too_big": ("size", "limit"),
            "workbook.too_big_unpacked": ("size", "limit"),
            "workbook.too_many_cells": ("cells", "limit"),
            "workbook.no_sheet": ("sheet", "sheets"),
            "parquet.broken": (),
            "parquet.nested": ("heading",),
        },
    ),
    **_codes(
        "mapping",
        {
            "column.missing": ("canonical", "known_as", "required", "nearest"),
            "column.renamed": ("canonical", "heading", "nearest"),
            "column.doubled": ("canonical", "heading", "positions"),
            "column.shared": ("heading", "canonicals"),
            "column.unknown": ("canonical",),
        },
    ),
    **_codes(
        "row",
        {
            "row_id.missing": (),
            "name.missing": (),
            "columns.few": ("got", "expected"),
            "columns.many": ("got", "expected"),
            "quote.unclosed": (),
            "encoding.undecodable": ("position",),
            "line.too_long": ("length", "limit"),
            "cell.too_long": ("length", "limit"),
            "line.cut": ("got", "expected"),
        },
    ),
    **_codes(
        "note",
        dict.fromkeys(_NOTE_CODES, ()),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file or of its columns: a code of `FAULT_CODES` and its parameters (never a personal value)."""

    code: str
    params: Params = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much of the file the fault takes with it."""
        return FAULT_CODES[self.code].severity


class Unreadable(Exception):
    """The file, or its mapping, is refused as a whole. The text holds the code only, so that logs stay clean."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Reject:
    """One row set aside: its line, the canonical column at fault (None = the whole line), its value and the reason.

    `row` holds the cells by source heading when they could be told apart, `raw_line` the line as text when they could
    not (cut after 64 KB). Values are personal data, so they are kept out of `repr`.
    """

    line: int
    column: str | None
    value: str | None = field(repr=False)
    code: str
    params: Params = field(default_factory=dict)
    row: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    raw_line: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """Something read or repaired in many rows: how often within this batch, and the first twenty lines."""

    column: str | None
    code: str
    count: int
    lines: tuple[int, ...]


class Notes:
    """Counts notes per column and code while a batch is read."""

    KEPT_LINES = 20

    def __init__(self) -> None:
        self._counts: dict[tuple[str | None, str], int] = {}
        self._lines: dict[tuple[str | None, str], list[int]] = {}

    def add(self, column: str | None, code: str, lines: list[int], count: int | None = None) -> None:
        """Count `code` for `column` at `lines`; `count` when the lines given are only the first of them."""
        if not lines:
            return
        key = (column, code)
        self._counts[key] = self._counts.get(key, 0) + (len(lines) if count is None else count)
        kept = self._lines.setdefault(key, [])
        kept.extend(lines[: self.KEPT_LINES - len(kept)])

    def take(self) -> tuple[Note, ...]:
        """The notes counted so far, and start again from none."""
        notes = tuple(
            Note(column, code, count, tuple(self._lines[column, code]))
            for (column, code), count in sorted(self._counts.items(), key=lambda item: (item[0][0] or "", item[0][1]))
        )
        self._counts, self._lines = {}, {}
        return notes
