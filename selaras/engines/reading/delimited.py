"""Records of a delimited text, in bulk where lines are clean and one by one with care where they are not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.reading.encodings import MAX_BLOCK, MAX_LINE, MAX_RAW, MIN_BLOCK, Block, read_blocks
from selaras.engines.reading.faults import Notes, Reject
from selaras.engines.reading.records import MAX_JOINED_LINES, split_record
from selaras.engines.reading.shapes import Form

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_NEWLINE, _QUOTE, _SPACE = 10, 34, 32
_CONTROLS = bytes(c for c in (*range(32), 127) if c != _NEWLINE)
_WIDE_ODD = (b'"', b"\xc2\xa0", b"\xe2\x80", b"\xef\xbb\xbf")  # quotes; no-break, zero-width and other spaces
_ODD_FIRST = np.isin(np.arange(256), list(b" '`=+@-"))


@dataclass(slots=True)
class Chunk:
    """Rows as they stand in the file: `line` and one text column per heading (`c0`, `c1`, …), in file order."""

    frame: pl.DataFrame
    rejects: list[Reject]
    done: int
    numbers: dict[str, pl.Series] = field(default_factory=dict)  # column -> mask of cells that were numbers
    plain: frozenset[str] = frozenset()  # columns without a cell that cleaning would change


def column_names(width: int) -> list[str]:
    """The names under which the columns of a file travel, whatever their headings hold."""
    return [f"c{place}" for place in range(width)]


def read_delimited(path: Path, form: Form, notes: Notes, batch_rows: int) -> Iterator[Chunk]:
    """The data rows of a text file as chunks of about `batch_rows` rows, within a few megabytes."""
    waiting: Block | None = None
    wanted = int(0.95 * batch_rows * form.size / max(form.lines, 1))
    for block in read_blocks(path, form, min(max(wanted, MIN_BLOCK), MAX_BLOCK)):
        if block.first_line + block.data.count(b"\n") <= form.first_line:
            continue  # titles and header only
        if waiting is not None:
            block.data = waiting.data + block.data
            block.first_line = waiting.first_line
            block.bad = waiting.bad | block.bad
        chunk, left_from = _BlockReader(block, form, notes).read()
        waiting = None
        if left_from is not None:
            at, line = left_from
            bad = {number: fault for number, fault in block.bad.items() if number >= line}
            waiting = Block(block.data[at:], line, block.done, bad)
        yield chunk


class _BlockReader:
    """Reads one block: finds the clean lines by counting marks, and gives the others to `split_record`."""

    def __init__(self, block: Block, form: Form, notes: Notes) -> None:
        self.block, self.form, self.notes = block, form, notes
        self.delimiter = form.delimiter or ","
        self.width = len(form.header)
        self.bytes = np.frombuffer(block.data, dtype=np.uint8)
        self.ends: Ints = np.flatnonzero(self.bytes == _NEWLINE)
        self.marks: Ints = np.flatnonzero(self.bytes == ord(self.delimiter))
        self.starts: Ints = np.concatenate((np.zeros(1, dtype=np.int64), self.ends[:-1] + 1))[: len(self.ends)]

    def read(self) -> tuple[Chunk, tuple[int, int] | None]:
        """The chunk, and (byte, line) from which lines must wait for the next block because a quote is still open."""
        clean = self._clean_lines()
        lines = self.block.first_line + np.arange(len(self.ends))
        before = lines < self.form.first_line
        clean &= ~before
        rejects: list[Reject] = []
        careful: list[list[str | None]] = []
        careful_lines: list[int] = []
        left: tuple[int, int] | None = None
        at, total = -1, len(self.ends)
        for place in np.flatnonzero(~clean & ~before).tolist():
            if place < at:
                continue  # taken by a record that began further up
            at = place + 1
            line = int(lines[place])
            if line in self.block.bad:
                code, params, shown = self.block.bad[line]
                rejects.append(Reject(line, None, None, code, params, raw_line=shown))
                continue
            record, taken, waits = self._careful(place, line, rejects)
            if waits:
                left = (int(self.starts[place]), line)
                clean[place:] = False
                total = place
                break
            if record is not None:
                careful.append(record)
                careful_lines.append(line)
                clean[place : place + taken] = False
                at = place + taken
        frame = self._bulk(clean[:total], lines[:total])
        if careful:
            columns = list(map(list, zip(*careful, strict=True)))
            names = column_names(self.width)
            extra = pl.DataFrame(
                [pl.Series("line", careful_lines, dtype=pl.Int64)]
                + [pl.Series(name, cells, dtype=pl.String) for name, cells in zip(names, columns, strict=True)]
            )
            frame = pl.concat([frame, extra]).sort("line")
        return Chunk(frame, rejects, self.block.done, plain=self._plain_columns()), left

    def _clean_lines(self) -> Flags:
        """Lines with the right number of cells whose quotes all open or close a cell, or are doubled inside one."""
        marks = self.marks
        quotes: Ints = np.flatnonzero(self.bytes == _QUOTE)
        wanted = self.width - 1
        if not len(quotes):
            even: Flags = np.diff(np.searchsorted(marks, self.ends), prepend=0) == wanted
            return even
        first_quote = np.searchsorted(quotes, self.starts)
        per_line = np.searchsorted(quotes, self.ends) - first_quote
        line_of_mark = np.searchsorted(self.ends, marks)
        inside = (np.searchsorted(quotes, marks) - first_quote[line_of_mark]) % 2 == 1
        cells: Flags = np.bincount(line_of_mark[~inside], minlength=len(self.ends)) == wanted
        line_of_quote = np.searchsorted(self.ends, quotes)
        opening = (np.arange(len(quotes)) - first_quote[line_of_quote]) % 2 == 0
        # The byte before an opening quote and the byte behind a closing one must be a border of the cell or a quote.
        beside = self.bytes[np.where(opening, quotes - 1, quotes + 1)]
        border = (beside == _NEWLINE) | (beside == ord(self.delimiter)) | (beside == _QUOTE) | (opening & (quotes == 0))
        astray = np.bincount(line_of_quote[~border], minlength=len(self.ends)) > 0
        result: Flags = cells & (per_line % 2 == 0) & ~astray
        return result

    def _plain_columns(self) -> frozenset[str]:
        """Columns that cleaning need not look at, found from the bytes at the borders of their cells.

        Only where that is certain: as many marks as cells, no quote, no control character and no space beyond ASCII.
        """
        data, wanted = self.block.data, self.width - 1
        controls = _CONTROLS.replace(self.delimiter.encode(), b"")
        if not len(self.ends) or len(self.marks) != wanted * len(self.ends) or any(odd in data for odd in _WIDE_ODD):
            return frozenset()
        marks = self.marks.reshape(-1, wanted)
        level = bool((marks[:, 0] >= self.starts).all() and (marks[:, -1] < self.ends).all())
        if not level or len(data.translate(None, controls)) < len(data):
            return frozenset()
        before = self.bytes[np.column_stack((marks, self.ends)) - 1]
        after = self.bytes[np.column_stack((self.starts, marks + 1))]
        odd = (_ODD_FIRST[after] & (after != ord(self.delimiter))).any(axis=0) | (before == _SPACE).any(axis=0)
        return frozenset(
            name for name, is_odd in zip(column_names(self.width), odd.tolist(), strict=True) if not is_odd
        )

    def _bulk(self, clean: Flags, lines: Ints) -> pl.DataFrame:
        names = column_names(self.width)
        schema: dict[str, pl.DataType] = {name: pl.String() for name in names}
        data = self.block.data
        count = int(clean.sum())
        if not count:
            return pl.DataFrame(schema={"line": pl.Int64(), **schema})
        if count < len(self.ends):
            lengths = self.ends - self.starts + 1
            mask = np.zeros(len(lengths), dtype=np.bool_)
            mask[: len(clean)] = clean
            data = self.bytes[: int(self.ends[-1]) + 1][np.repeat(mask, lengths)].tobytes()
        frame = self._parse(data, schema)
        if frame is None or frame.height != count:  # seen otherwise there: cell by cell, so that line numbers stay true
            cells = [split_record([text], 0, self.delimiter).cells for text in data.decode("utf-8").split("\n")[:-1]]
            frame = pl.DataFrame([[cell or None for cell in row] for row in cells], schema=schema, orient="row")
        return frame.insert_column(0, pl.Series("line", lines[clean], dtype=pl.Int64))

    def _parse(self, data: bytes, schema: dict[str, pl.DataType]) -> pl.DataFrame | None:
        try:
            return pl.read_csv(
                data,
                has_header=False,
                separator=self.delimiter,
                quote_char='"' if b'"' in data else None,
                schema=schema,
            )
        except pl.exceptions.PolarsError:
            return None

    def _line(self, place: int) -> str:
        return self.block.data[self.starts[place] : self.ends[place]].decode("utf-8").rstrip("\r")

    def _ahead(self, place: int, line: int) -> list[str]:
        """The lines that a record beginning at `place` may run over: no unreadable one, and a megabyte at most."""
        ahead: list[str] = []
        size = 0
        for k in range(place, min(len(self.ends), place + MAX_JOINED_LINES + 1)):
            size += int(self.ends[k] - self.starts[k])
            if size > MAX_LINE or line + k - place in self.block.bad:
                break
            ahead.append(self._line(k))
        return ahead

    def _careful(self, place: int, line: int, rejects: list[Reject]) -> tuple[list[str | None] | None, int, bool]:
        """(cells or None, lines taken, whether more lines are needed) of the record that begins at a line."""
        text = self._line(place)
        if not text.strip():
            self.notes.add(None, "row.blank", [line])
            return None, 1, False
        record = split_record([text], 0, self.delimiter, self.width)
        if record.open_quote:
            ahead = self._ahead(place, line)
            record = split_record(ahead, 0, self.delimiter, self.width)
            reached_end = place + len(ahead) == len(self.ends)
            if record.open_quote and record.ran_out and reached_end and not self.block.last:
                return None, 1, True
        got = len(record.cells)
        shown = text[:MAX_RAW]
        cut = self.block.last and self.block.open_end and place + record.lines == len(self.ends)
        if cut and (record.open_quote or got < self.width):
            params = {"got": got + record.open_quote, "expected": self.width}
            rejects.append(Reject(line, None, None, "line.cut", params, raw_line=shown))
        elif record.open_quote or (record.lines > 1 and got != self.width):
            rejects.append(Reject(line, None, None, "quote.unclosed", {}, raw_line=shown))
        elif got < self.width:
            params = {"got": got, "expected": self.width}
            rejects.append(Reject(line, None, None, "columns.few", params, raw_line=shown))
        elif any(cell.strip() for cell in record.cells[self.width :]):
            params = {"got": got, "expected": self.width}
            rejects.append(Reject(line, None, None, "columns.many", params, raw_line=shown))
        else:
            if got > self.width:
                self.notes.add(None, "columns.extra_empty", [line])
            if record.stray_quote:
                self.notes.add(None, "quote.stray", [line])
            return [cell or None for cell in record.cells[: self.width]], record.lines, False
        return None, 1, False
