"""Finds how a file is written: kind, encoding, delimiter, header, size and fingerprint, all from its content."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from selaras.engines.reading.encodings import MAX_LINE, Block, Census, find_encoding, read_blocks, take_census
from selaras.engines.reading.faults import Fault, Unreadable
from selaras.engines.reading.headers import LOOKED_AT, MOST_COLUMNS, HeaderPlace, find_header
from selaras.engines.reading.kinds import SAMPLE_BYTES, find_kind, looks_like_text
from selaras.engines.reading.parquet import parquet_shape
from selaras.engines.reading.records import split_record
from selaras.engines.reading.shapes import Form
from selaras.engines.reading.tails import is_cut
from selaras.engines.reading.workbook import Workbook

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 60
_SAMPLE_ROWS = 5


def sniff(
    path: Path,
    *,
    pause: Callable[[], None] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    allow_cut: bool = False,
) -> Form:
    """The form of the file at `path`; raises Unreadable with the fault when it cannot be read as a table.

    `pause` is called between two looks at size and time: a file that grows meanwhile is still being written
    (`file.growing`). `delimiter`, `encoding` and `sheet` overrule what would be found. A text whose last line stops in
    the middle is refused (`file.cut`), since rows are missing behind it, unless `allow_cut`. A full disk or a lost
    mount stays an OSError. Reads a CSV or Parquet file once as a stream; holds a workbook in memory.
    """
    try:
        first = path.stat()
        if pause is not None:
            pause()
        with path.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
        if not head:
            raise Unreadable(Fault("file.empty"))
        kind = find_kind(path, head)
        census = take_census(path, text=kind == "csv")
        last = path.stat()
    except (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError):
        raise Unreadable(Fault("file.missing")) from None
    if (first.st_size, first.st_mtime_ns) != (last.st_size, last.st_mtime_ns) or census.size != last.st_size:
        raise Unreadable(Fault("file.growing", {"before": first.st_size, "after": max(last.st_size, census.size)}))
    blank = Form(kind, census.size, last.st_mtime_ns, census.sha256, (), 0, 0, 1, 0)
    if kind == "parquet":
        header, rows = parquet_shape(path)
        return replace(blank, header=header, lines=rows)
    if kind == "csv":
        return _sniff_text(path, head, census, blank, delimiter, encoding, allow_cut)
    return _sniff_workbook(path, blank, sheet)


def _sniff_workbook(path: Path, blank: Form, sheet: str | None) -> Form:
    book = Workbook(path, blank.kind)
    chosen = book.pick_sheet(sheet)
    rows = book.heads[chosen]
    place = _place(rows)
    others = tuple(name for name in book.filled_sheets() if name != chosen)
    first = place.index + place.rows
    height = book.heights[chosen]
    if height <= first:
        raise Unreadable(Fault("file.no_rows", {"header_line": place.index + 1}))
    return replace(
        blank,
        header=place.headings,
        header_line=place.index + 1,
        header_rows=place.rows,
        first_line=first + 1,
        lines=height,
        sheet=chosen,
        sheets=book.sheets,
        epoch_1904=book.epoch_1904,
        notes=(*_notes(place), *((Fault("sheet.others"),) if others else ())),
        sample=_sample(rows[first:], len(place.headings)),
    )


def _sniff_text(
    path: Path,
    head: bytes,
    census: Census,
    blank: Form,
    delimiter: str | None,
    encoding: str | None,
    allow_cut: bool,
) -> Form:
    found = encoding or find_encoding(head, census)
    if not found.startswith("utf-16") and not looks_like_text(head):
        raise Unreadable(Fault("kind.unsupported", {"kind": "binary"}))
    newline: Literal["lf", "cr"] = "cr" if census.returns and not census.line_feeds else "lf"
    form = replace(blank, encoding=found, newline=newline)
    block = next(read_blocks(path, form, block_bytes=2 * MAX_LINE), Block(b"", 1, 0))
    whole = block.done >= census.size
    text = block.data.decode("utf-8", "replace").replace("\x00", "")
    lines = [line.rstrip("\r") for line in text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]]
    while lines and not lines[-1].strip():
        lines.pop()
    if not any(line.strip() for line in lines) and not block.bad and whole:
        raise Unreadable(Fault("file.empty"))
    named = lines[0].strip().lower() if lines else ""
    if delimiter is None and named.startswith("sep=") and len(named) == 5:  # Excel's own hint
        delimiter = named[4]
    tried = (delimiter,) if delimiter else DELIMITERS
    chosen, table, starts, ends = max((_cut_sample(lines, mark) for mark in tried), key=lambda cut: _fit(cut[1]))
    if max((len(row) for row in table), default=0) < 2:
        raise Unreadable(Fault("delimiter.unknown", {"tried": tried}))
    place = _place(table)
    after = place.index + place.rows
    first = ends[after - 1] + 1
    total = (census.returns if newline == "cr" else census.line_feeds) + (not census.ends_with_line)
    if found.startswith("utf-16"):
        total = max(total, first)
    if after >= len(table) and whole:
        raise Unreadable(Fault("file.no_rows", {"header_line": starts[place.index]}))
    form = replace(
        form,
        header=place.headings,
        header_line=starts[place.index],
        header_rows=place.rows,
        first_line=first,
        lines=total,
        delimiter=chosen,
        notes=_notes(place),
        sample=_sample(table[after:], len(place.headings)),
    )
    return is_cut(path, form, refuse=not allow_cut)


def _cut_sample(lines: Sequence[str], delimiter: str) -> tuple[str, list[list[str]], list[int], list[int]]:
    """(delimiter, records, first line of each, last line of each) of the first lines; broken records are left out."""
    table, starts, ends, at = [], [], [], 0
    while at < len(lines):
        record = split_record(lines, at, delimiter)
        if not record.open_quote and any(cell.strip() for cell in record.cells):
            table.append(record.cells)
            starts.append(at + 1)
            ends.append(at + record.lines)
        at += record.lines
    return delimiter, table, starts, ends


def _fit(table: Sequence[Sequence[str]]) -> tuple[int, float]:
    """How well a delimiter fits: headings it makes known, then how even and how wide the rows come out."""
    if not table:
        return (-1, 0.0)
    widths = [len(row) for row in table]
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    known = find_header(table)
    headings = len(known.headings) if known else 0
    even = widths.count(usual) / len(widths)
    return (1 if known and headings > 1 else 0, even * (usual - 1))


def _place(table: Sequence[Sequence[str]]) -> HeaderPlace:
    place = find_header(table)
    if place is None:
        raise Unreadable(Fault("header.missing", {"looked_at": min(LOOKED_AT, len(table))}))
    if len(place.headings) > MOST_COLUMNS:
        raise Unreadable(Fault("header.too_wide", {"most": MOST_COLUMNS}))
    return place


def _notes(place: HeaderPlace) -> tuple[Fault, ...]:
    below = (Fault("header.below_titles"),) if place.index else ()
    return below + ((Fault("header.two_rows"),) if place.rows > 1 else ())


def _sample(rows: Sequence[Sequence[str]], width: int) -> tuple[tuple[str, ...], ...]:
    return tuple((*row[:width], *[""] * (width - len(row))) for row in rows[:_SAMPLE_ROWS])
