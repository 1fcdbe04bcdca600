"""Looks into a workbook's zip before it is decoded: how large it would become, and how many cells it spans."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

import numpy as np

from selaras.engines.reading.faults import Fault, Unreadable

MAX_WORKBOOK = 50 * 1024 * 1024  # bytes of the file
MAX_UNPACKED = 300 * 1024 * 1024  # bytes of all parts once unpacked
# The decoder holds a sheet as a full rectangle of 32 bytes a cell, so a lone cell far below would fill the memory;
# and it copies a shared text into every cell that shows it.
MAX_CELLS = 16_000_000
MAX_TEXT = 1024 * 1024 * 1024

_COLUMN = re.compile(rb'\sr="([A-Z]{1,3})[0-9]')
_WIDE_COLUMN = re.compile(rb'"([A-Z]{2,3})[0-9]')
_ROW = re.compile(rb'row\s(?:[^>]*?\s)?r="([0-9]{1,7})"')
_SHARED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,8})')
_SHARED_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_PIECE = 1024 * 1024
_OVERLAP = 256


def check_sizes(path: Path) -> None:
    """Refuse a workbook over `MAX_WORKBOOK`, or one whose zip directory announces more than `MAX_UNPACKED`."""
    size = path.stat().st_size
    if size > MAX_WORKBOOK:
        raise Unreadable(Fault("workbook.too_big", {"size": size, "limit": MAX_WORKBOOK}))
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            _limit("workbook.too_big_unpacked", sum(part.file_size for part in archive.infolist()), MAX_UNPACKED)


def check_spread(path: Path, kind: str) -> None:
    """Refuse a workbook whose sheets span more than `MAX_CELLS`; reads the parts as a stream.

    The directory of a zip may lie about sizes: what really comes out counts against `MAX_UNPACKED` too. Damaged parts
    raise whatever zipfile, zlib or expat raise: the caller turns that into a fault.
    """
    if kind == "xls":
        return  # at most 65,536 rows of 256 columns
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        shared = np.zeros(0, dtype=np.int64)
        cells = text = 0
        for part in parts:
            if part.filename == "xl/sharedStrings.xml":
                with archive.open(part) as stream:
                    shared = _shared_lengths(stream)
        for part in parts:
            with archive.open(part) as stream:
                if kind == "xlsx" and part.filename.startswith("xl/worksheets/"):
                    spread, size = _sheet_spread(stream, shared)
                    cells, text = cells + spread, text + size
                elif kind == "ods" and part.filename == "content.xml":
                    cells += _OdsSpread().measure(stream)
                else:
                    for _ in _pieces(stream):
                        pass
            _limit("workbook.too_many_cells", cells, MAX_CELLS)
            _limit("workbook.too_big_unpacked", text, MAX_TEXT)


def is_1904(path: Path) -> bool:
    """Whether an XLSX counts its days from 1904, as older Macs did."""
    with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as stream:
        return re.search(rb'date1904="(1|true)"', stream.read(_PIECE)) is not None


def _limit(code: str, found: int, limit: int) -> None:
    if found > limit:
        raise Unreadable(Fault(code, {"cells" if code.endswith("cells") else "size": found, "limit": limit}))


def _pieces(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(end of the piece before, piece) of a part, so that nothing is missed where two meet."""
    total, tail = 0, b""
    while piece := stream.read(_PIECE):
        total += len(piece)
        _limit("workbook.too_big_unpacked", total, MAX_UNPACKED)
        yield tail, piece
        tail = piece[-_OVERLAP:]


def _shared_lengths(stream: IO[bytes]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Bytes of each shared text, in order."""
    ends, at = [0], 0
    for tail, piece in _pieces(stream):
        joined = tail + piece
        ends.extend(at - len(tail) + m.end() for m in _SHARED_END.finditer(joined) if m.end() > len(tail))
        at += len(piece)
    borders = np.array(ends, dtype=np.int64)
    return borders[1:] - borders[:-1]


def _sheet_spread(stream: IO[bytes], shared: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[int, int]:
    """(cells of the rectangle that a sheet spans, bytes of shared text that its cells show).

    Rows are told by their own numbers, narrow columns by the first megabyte: a sheet made to deceive gets past this, and
    is then stopped by the limits of the decoder's process.
    """
    width, height, cells, text = 1, 1, 0, 0
    columns: set[bytes] = set()
    longest = int(shared.max()) if shared.size else 0
    for tail, piece in _pieces(stream):
        joined = tail + piece
        columns.update((_COLUMN if not tail else _WIDE_COLUMN).findall(joined))
        height = max(height, max(map(int, _ROW.findall(joined)), default=1))
        here = piece.count(b"<c>") + piece.count(b"<c ") + piece.count(b"<c/") + piece.count(b":c ")
        cells += here
        if longest * here <= MAX_TEXT // 1_000:  # however often the longest is shown
            text += longest * here
        else:
            index = np.array(_SHARED.findall(joined), dtype="S8").astype(np.int64)
            text += int(shared[index[index < shared.size]].sum())
    for column in columns:
        number = 0
        for letter in column:
            number = number * 26 + letter - 64
        width = max(width, number)
    return max(width * height, cells), text


class _OdsSpread:
    """Counts the rectangle that an ODS sheet spans with its repeats; padding up to the edge of the sheet is empty."""

    def __init__(self) -> None:
        self.others = self.spread = self.rows = self.last_row = self.widest = 0
        self.column = self.filled = self.times = 0
        self.in_cell = 0

    def measure(self, stream: IO[bytes]) -> int:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        for _, piece in _pieces(stream):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
        return self.others + self.spread

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.others += self.spread
            self.spread = self.rows = self.last_row = self.widest = 0
        elif name == "table:table-row":
            self.times = _repeats(attributes, "table:number-rows-repeated")
            self.column = self.filled = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.column += _repeats(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes or "table:formula" in attributes:
                self.filled = self.column
            self.in_cell += 1
        elif self.in_cell:
            self.filled = self.column

    def _end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self.in_cell -= 1
        elif name == "table:table-row":
            self.rows += self.times
            if self.filled:
                self.last_row, self.widest = self.rows, max(self.widest, self.filled)
                self.spread = self.last_row * self.widest


def _repeats(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1
