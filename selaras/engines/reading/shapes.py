"""The shapes that reading hands over: the form of a file and the batches of its rows."""

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from selaras.engines.reading.faults import Fault, Note, Reject

Kind = Literal["csv", "xlsx", "xls", "ods", "parquet"]

# What a register row may hold, in this order; see the glossary for each name.
CANONICAL: tuple[str, ...] = (
    "row_id", "nik", "name", "birth_place", "birth_date", "sex", "mother", "passport", "phone",
    "regency", "village", "country", "city", "status", "agency", "sector", "event_date", "cause",
)  # fmt: skip
REQUIRED: tuple[str, ...] = ("row_id", "name")
DATES: tuple[str, ...] = ("birth_date", "event_date")
# Columns in which a value may be repaired; each has a companion `raw_<column>` with the value as handed over.
REPAIRED: tuple[str, ...] = ("row_id", "nik", "passport", "phone", "birth_date", "event_date")

ROW_SCHEMA: dict[str, pl.DataType] = {
    "line": pl.Int64(),
    **{name: pl.String() for name in CANONICAL},
    **{f"raw_{name}": pl.String() for name in REPAIRED},
}
SUPERSEDED_SCHEMA: dict[str, pl.DataType] = {"line": pl.Int64(), "by_line": pl.Int64(), "same": pl.Boolean()}


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, as found from its content; `read` needs nothing else to read it.

    `header` holds unique headings (a doubled one gets ` (2)`, an empty one `#5`). Lines count from 1: physical lines
    of a CSV, rows of a sheet, row numbers of a Parquet file (header_line 0). `lines` is the number of lines seen.
    `sample` holds up to five rows for the mapping screen: personal data, so never in `repr`.
    """

    kind: Kind
    size: int
    modified_ns: int
    sha256: str
    header: tuple[str, ...]
    header_line: int
    header_rows: int
    first_line: int
    lines: int
    encoding: str | None = None
    delimiter: str | None = None
    newline: Literal["lf", "cr"] = "lf"
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    epoch_1904: bool = False
    cut: bool = False
    notes: tuple[Fault, ...] = ()
    sample: tuple[tuple[str, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file in file order, what was set aside between them, and what was repaired.

    `rows`: `ROW_SCHEMA` (text or null; dates as YYYY-MM-DD). `superseded`: lines of earlier rows whose `row_id` comes
    again later (`by_line`; `same` = equal content); it comes after the last row, so whoever stores rows by `row_id` in
    order has already let the last one win. `done` of `total` bytes (CSV) or rows, for a progress bar.
    """

    rows: pl.DataFrame
    rejects: list[Reject]
    notes: tuple[Note, ...]
    superseded: pl.DataFrame
    done: int
    total: int
