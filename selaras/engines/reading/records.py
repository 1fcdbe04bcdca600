"""One record of a delimited text, read with care: quotes, line ends inside quotes, quotes that never close."""

from collections.abc import Sequence
from dataclasses import dataclass

# A quoted cell may run over this many lines; past that its quote counts as never closed.
MAX_JOINED_LINES = 200


@dataclass(slots=True)
class Record:
    """The cells of one record, how many physical lines it took, and whether its quote stayed open or stood astray."""

    cells: list[str]
    lines: int
    open_quote: bool = False
    stray_quote: bool = False
    ran_out: bool = False  # the quote was still open at the end of the lines given: more lines may close it


def split_record(lines: Sequence[str], start: int, delimiter: str, expected: int | None = None) -> Record:
    """Split the record that begins at `lines[start]` (no line ends in them).

    RFC 4180, and leniently: a quote inside a bare cell, or followed by other text on the same line, is text
    (`stray_quote`). On a later line such a quote means that the first was never closed, and so does a swallowed line
    that has `expected` cells by itself: better one reject than many rows in one cell.
    """
    cells: list[str] = []
    line, at, used, stray = lines[start], 0, 1, False
    while True:
        if line.startswith('"', at):
            parts: list[str] = []
            at += 1
            while True:
                end = line.find('"', at)
                if end < 0:
                    parts.append(line[at:])
                    if start + used >= len(lines):
                        return Record(cells, 1, True, stray, used < MAX_JOINED_LINES)
                    line = lines[start + used]
                    row = expected is not None and '"' not in line and line.count(delimiter) >= expected - 1
                    if row or used >= MAX_JOINED_LINES:
                        return Record(cells, 1, True, stray)
                    parts.append("\n")
                    used, at = used + 1, 0
                    continue
                follows = line[end + 1 : end + 2]
                parts.append(line[at:end])
                if follows == '"':
                    parts.append('"')
                    at = end + 2
                elif follows in ("", delimiter):
                    at = end + 1
                    break
                elif used > 1:
                    return Record(cells, 1, True, stray)
                else:
                    stray = True
                    parts.append('"')
                    at = end + 1
            cells.append("".join(parts))
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            cell = line[at:end]
            stray = stray or '"' in cell
            cells.append(cell)
            at = end
        if at >= len(line):
            return Record(cells, used, False, stray)
        at += 1
