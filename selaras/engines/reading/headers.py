"""Finding the header among the first rows of a table: below titles, in two rows, or with a row of column numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from selaras.engines.reading.layouts import heading_key, is_known

MOST_COLUMNS = 1_000  # the widest register known has some sixty; a table turned on its side has one column a person
LOOKED_AT = 10  # the header must begin in one of the first ten rows

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"^\(?(\d{1,3})\)?$")


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """Where the header stands among the rows looked at: index of its first row, how many rows, unique headings."""

    index: int
    rows: int
    headings: tuple[str, ...]


def find_header(table: Sequence[Sequence[str]]) -> HeaderPlace | None:
    """The header among the first rows of a table, or None when no row looks like one.

    The row with most known headings wins (at least two); else the first row of distinct words without a digit that is
    as wide as the table. A second row counts as header too when it repeats the first, numbers the columns (`(1)`,
    `(2)`), holds known headings, or fills gaps below group titles. Of a row no more than `MOST_COLUMNS` cells and one are
    looked at: a header that is longer is too long to be one.
    """
    rows = [[_clean(cell) for cell in row[: MOST_COLUMNS + 1]] for row in table]
    looked = rows[:LOOKED_AT]
    known = [sum(is_known(cell) for cell in row) for row in looked]
    best = max(range(len(looked)), key=lambda i: (known[i], -i), default=None)
    if best is None or known[best] < 2:
        best = next((i for i in range(len(looked)) if _like_unknown_header(rows, i)), None)
    if best is None:
        return None
    width = max(len(rows[best]), Counter(len(row) for row in rows[best:]).most_common(1)[0][0])
    while width > 1 and not any(cell for row in rows[best:] for cell in row[width - 1 : width]):
        width -= 1  # spreadsheets save empty columns at the right
    headings, count = _pad(rows[best], width), 1
    for row in rows[best + 1 : best + 3]:
        below = _pad(row, width)
        if not any(below) or not _continues(headings, below):
            break
        headings, count = _join(headings, below), count + 1
    return HeaderPlace(best, count, _unique(headings))


def is_header_again(cells: Sequence[str | None], header: Sequence[str]) -> bool:
    """Whether a data row is the header once more, as when exports are pasted below one another."""
    pairs = [(cell, heading) for cell, heading in zip(cells, header, strict=False) if cell]
    return len(pairs) >= 2 and all(heading_key(cell) == heading_key(heading) for cell, heading in pairs)


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\x00", " ").replace("\ufeff", "").split())


def _pad(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _like_unknown_header(rows: Sequence[Sequence[str]], index: int) -> bool:
    filled = [cell for cell in rows[index] if cell]
    usual = Counter(sum(bool(cell) for cell in row) for row in rows).most_common(1)[0][0]
    if len(filled) < 2 or len(filled) < 0.6 * usual:
        return False
    return len(set(filled)) == len(filled) and not any(_DIGIT.search(cell) for cell in filled)


def _continues(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below a header row belongs to the header."""
    filled = [cell for cell in below if cell]
    if [heading_key(cell) for cell in above] == [heading_key(cell) for cell in below]:
        return True
    numbers = [int(match.group(1)) for cell in filled if (match := _NUMBER.match(cell))]
    if len(numbers) == len(filled) >= 3 and all(b - a == 1 for a, b in pairwise(numbers)):
        return True
    if any(_DIGIT.search(cell) for cell in filled):
        return False
    known = sum(is_known(cell) for cell in filled)
    if known >= 2 and known >= 0.5 * len(filled):
        return True
    fills_gap = any(b and not a for a, b in zip(above, below, strict=True))
    return fills_gap and len(filled) < 0.5 * len(above)


def _join(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """One heading for each column out of two rows; a group title reaches over the gaps to its right."""
    joined, group = [], ""
    for a, b in zip(above, below, strict=True):
        group = a or (group if b else "")
        if not b or _NUMBER.match(b) or heading_key(a) == heading_key(b):
            joined.append(a)
        elif is_known(f"{group} {b}"):
            joined.append(f"{group} {b}")
        elif a and is_known(a):
            joined.append(a)
        elif is_known(b) or not group:
            joined.append(b)
        else:
            joined.append(f"{group} {b}")
    return joined


def _unique(headings: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    unique: list[str] = []
    there = set(headings)
    for place, heading in enumerate(headings, 1):
        name = heading or f"#{place}"
        seen[name] += 1
        while seen[name] > 1 and f"{name} ({seen[name]})" in there:
            seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(unique)
