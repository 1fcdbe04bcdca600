"""Reads a sniffed file into batches of register rows, with rejects and notes, in file order."""

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from selaras.engines.reading.cells import CellReader
from selaras.engines.reading.delimited import Chunk, column_names, read_delimited
from selaras.engines.reading.doubles import Doubles
from selaras.engines.reading.faults import Fault, Notes, Reject, Unreadable
from selaras.engines.reading.headers import is_header_again
from selaras.engines.reading.layouts import DateOrder, recognise
from selaras.engines.reading.mapping import check_mapping, is_fatal
from selaras.engines.reading.parquet import read_parquet
from selaras.engines.reading.shapes import CANONICAL, ROW_SCHEMA, SUPERSEDED_SCHEMA, Batch, Form
from selaras.engines.reading.workbook import sheet_rows

_JOINED = "joined "


def read(
    path: Path,
    form: Form,
    mapping: Mapping[str, str | None],
    *,
    today: datetime.date,
    batch_rows: int = 20_000,
    date_orders: Mapping[str, DateOrder] | None = None,
    chosen: Collection[str] = (),
    joined: Mapping[str, Sequence[str]] | None = None,
    scratch: Path | None = None,
) -> Iterator[Batch]:
    """Batches of at most `batch_rows` rows of the file, in file order; the file must still be the one sniffed.

    `mapping`: canonical column -> heading of `form.header`; `chosen`: see `check_mapping`. `date_orders` overrules the
    order of the recognised layout per date column (default day first). `joined`: canonical column -> headings whose cells
    are put together with a space; `mapping` has one of them. `scratch`: folder for hashes of row ids (24
    bytes a row, unnamed files). Raises Unreadable: `file.changed` when size or time differ, a mapping fault, or damaged
    pages found on the way: what was yielded before must then be undone. A full disk or a lost mount stays an OSError.

    One row id twice: the last row wins, whoever stores rows in order need do nothing. The last batches have no rows,
    but `superseded` and the notes `row_id.doubled_same` (nothing new) and `row_id.doubled_other` (contents differ).
    """
    for fault in check_mapping(form.header, mapping, chosen=chosen):
        if is_fatal(fault):
            raise Unreadable(fault)
    _check_same(path, form)
    place = dict(zip(form.header, column_names(len(form.header)), strict=True))
    columns = {name: place[heading] for name in CANONICAL if (heading := mapping.get(name)) is not None}
    parts = {f"{_JOINED}{name}": [place[heading] for heading in headings] for name, headings in (joined or {}).items()}
    read_columns = columns | {part: part for parts_of in parts.values() for part in parts_of}
    columns |= {name: f"{_JOINED}{name}" for name in joined or {}}
    layout = recognise(form.header)
    orders: dict[str, DateOrder] = {**(layout.dates if layout else {}), **(date_orders or {})}
    notes = Notes()
    headings = {column: heading for heading, column in place.items()}
    if form.kind == "parquet":  # columns that nobody asked for are not decoded
        headings = {column: headings[column] for column in dict.fromkeys(read_columns.values())}
    reader = CellReader(columns, headings, today, orders, form.epoch_1904)
    doubles = Doubles(scratch)
    try:
        done = 0
        for chunk in _chunks(path, form, read_columns, notes, batch_rows):
            done = chunk.done
            yield from _batches(_put_together(chunk, parts), form, reader, doubles, notes, batch_rows)
        _check_same(path, form)
        for superseded in doubles.superseded():
            for code, same in (("row_id.doubled_same", True), ("row_id.doubled_other", False)):
                lines = superseded.filter(pl.col("same") == same)["line"].to_list()
                notes.add("row_id", code, lines)
            yield Batch(pl.DataFrame(schema=ROW_SCHEMA), [], notes.take(), superseded, done, _total(form))
    finally:
        doubles.close()


def _put_together(chunk: Chunk, parts: Mapping[str, Sequence[str]]) -> Chunk:
    """The chunk with a column more for each that is made of several; nothing of nothing stays missing."""
    if not parts:
        return chunk
    made = [
        pl.concat_str([pl.col(part) for part in own], separator=" ", ignore_nulls=True).replace("", None).alias(name)
        for name, own in parts.items()
    ]
    return replace(chunk, frame=chunk.frame.with_columns(made))


def _chunks(path: Path, form: Form, columns: Mapping[str, str], notes: Notes, batch_rows: int) -> Iterator[Chunk]:
    if form.kind == "csv":
        return read_delimited(path, form, notes, batch_rows)
    if form.kind == "parquet":
        return _parquet_chunks(path, form, columns, batch_rows)
    return _workbook_chunks(path, form, columns, batch_rows)


def _batches(
    chunk: Chunk, form: Form, reader: CellReader, doubles: Doubles, notes: Notes, batch_rows: int
) -> Iterator[Batch]:
    """The chunk in pieces of at most `batch_rows`; rejects of whole lines go with the first."""
    empty = pl.DataFrame(schema=SUPERSEDED_SCHEMA)
    rejects = chunk.rejects
    pieces = max(1, -(-chunk.frame.height // batch_rows))
    size = max(1, -(-chunk.frame.height // pieces))  # even pieces: a small last one costs as much as a full one
    for start in range(0, max(chunk.frame.height, 1), size):
        piece = chunk.frame.slice(start, size)
        keep = _rows_of_data(piece, reader.headings, form, notes)
        numbers = {name: mask.slice(start, size) for name, mask in chunk.numbers.items()}
        if keep is not None:
            piece, numbers = piece.filter(keep), {name: mask.filter(keep) for name, mask in numbers.items()}
        rows, more = reader.read(piece, notes, numbers, chunk.plain)
        if rows.height:
            contents = rows.select(CANONICAL).hash_rows(11)
            doubles.add(rows["row_id"], contents, rows["line"])
        both = sorted([*rejects, *more], key=lambda reject: reject.line)
        rejects = []
        taken = notes.take()
        if rows.height or both or taken:
            yield Batch(rows, both, taken, empty, chunk.done, _total(form))


def _rows_of_data(frame: pl.DataFrame, headings: Mapping[str, str], form: Form, notes: Notes) -> pl.Series | None:
    """Which rows are neither blank nor the header once more; None: all."""
    if not frame.height:
        return None
    names = list(headings)
    blank, seen = frame.select(
        pl.all_horizontal(pl.col(name).is_null() for name in names).alias("blank"),
        pl.any_horizontal(pl.col(name) == headings[name] for name in names).fill_null(False).alias("seen"),
    )
    again = blank & ~blank
    if seen.any():
        header = [headings[name] for name in names]
        hits = [at for at in seen.arg_true().to_list() if is_header_again(frame[names].row(at), header)]
        again = again.scatter(hits, True)
    if not (blank.any() or again.any()):
        return None
    notes.add(None, "row.blank", frame["line"].filter(blank).to_list())
    notes.add(None, "header.repeated", frame["line"].filter(again).to_list())
    return ~(blank | again)


def _parquet_chunks(path: Path, form: Form, columns: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
    by_name = dict(zip(column_names(len(form.header)), form.header, strict=True))
    wanted = [by_name[column] for column in dict.fromkeys(columns.values())]
    back = {heading: column for column, heading in by_name.items() if heading in wanted}
    line = 1
    for texts, broken in read_parquet(path, wanted, batch_rows):
        frame = texts.rename(back).insert_column(
            0, pl.int_range(line, line + texts.height, eager=True, dtype=pl.Int64).alias("line")
        )
        rejects = []
        if broken.any():
            for row in frame.filter(broken).iter_rows(named=True):
                cells = {by_name[name]: value for name, value in row.items() if name != "line"}
                rejects.append(Reject(row["line"], None, None, "encoding.undecodable", {"position": None}, cells))
            frame = frame.filter(~broken)
        line += texts.height
        yield Chunk(frame, rejects, line - 1)


def _workbook_chunks(path: Path, form: Form, columns: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
    width = len(form.header)
    names = column_names(width)
    nik = names.index(columns["nik"]) if "nik" in columns else -1
    lines: list[int] = []
    rows: list[list[str | None]] = []
    numbers: list[bool] = []

    def flush(done: int) -> Chunk:
        data = list(map(list, zip(*rows, strict=True))) if rows else [[] for _ in names]
        series = [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(names, data, strict=True)]
        frame = pl.DataFrame([pl.Series("line", lines, dtype=pl.Int64), *series])
        return Chunk(frame, [], done, {"nik": pl.Series(numbers, dtype=pl.Boolean)} if nik >= 0 else {})

    found = sheet_rows(path, form.kind, form.sheet or "", nik)
    for number, (cells, is_number) in enumerate(found, 1):
        if number < form.first_line:
            continue
        lines.append(number)
        rows.append([cell or None for cell in (*cells[:width], *[""] * (width - len(cells)))])
        numbers.append(is_number)
        if len(rows) >= batch_rows:
            yield flush(number)
            lines, rows, numbers = [], [], []
    if rows:
        yield flush(lines[-1])


def _check_same(path: Path, form: Form) -> None:
    try:
        now = path.stat()
    except FileNotFoundError:
        raise Unreadable(Fault("file.missing")) from None
    if (now.st_size, now.st_mtime_ns) != (form.size, form.modified_ns):
        raise Unreadable(Fault("file.changed"))


def _total(form: Form) -> int:
    return form.size if form.kind == "csv" else form.lines
