"""Hides small cells of a table with totals, and as few others as keep a hidden one from being computed.

A count of 1 to `least` - 1 is hidden. Whoever knows the totals could subtract, so each hidden cell is put on a ring of hidden cells:
along the ring counts can rise and fall in turn by `least` - 1 without any shown figure changing, so that a reader cannot tell the small
one from one that is not small. Totals are hidden only where nothing else makes a ring. A count of nothing is shown: it is about nobody.

The table has two marks, and totals over each and both; a total's key has None for the mark that it runs over. Method: cell suppression
with network flows (Cox 1995, "Network models for complementary cell suppression"), here by shortest paths.
"""

import heapq
from collections.abc import Collection, Mapping, Set

Key = tuple[str | None, str | None]
Open = Set[Key]
Node = tuple[int, str | None]  # (0, row) or (1, column); None is the line of totals

ROW, COLUMN = 0, 1


def with_totals(counts: Mapping[Key, int]) -> dict[Key, int]:
    """Add the totals over each mark and over both."""
    out: dict[Key, int] = {}
    for (row, column), count in counts.items():
        for key in ((row, column), (row, None), (None, column), (None, None)):
            out[key] = out.get(key, 0) + count
    return out


def open_cells(counts: Mapping[Key, int], least: int, also: Collection[Key] = ()) -> Open:
    """Give the cells and totals that may be shown; `also` names further ones to hide, whatever their count."""
    table = with_totals(counts)
    hidden = {key for key, count in table.items() if 0 < count < least} | {key for key in also if table.get(key)}
    lines = _lines(table)
    safe: set[Key] = set()
    for key in sorted(hidden, key=lambda k: (table[k], str(k))):
        if key not in safe:  # else it lies on another's ring: a small one only ever rises there, so it may be large
            safe |= {key} | _ring(table, lines, hidden, key, least)
            hidden |= safe
    return set(table) - hidden


def open_in_line(counts: Mapping[str, int], least: int) -> tuple[Set[str], bool]:
    """Give the cells of one line that may be shown, and whether its total may be."""
    hidden = {key for key, count in counts.items() if 0 < count < least}
    if not hidden:
        return set(counts), True
    rest = sorted((count, key) for key, count in counts.items() if count >= least)
    if rest:
        hidden.add(rest[0][1])
    return set(counts) - hidden, bool(rest)


def _lines(table: Mapping[Key, int]) -> dict[Node, list[Key]]:
    """Each row and column, the line of totals among them, with its cells that are not nothing."""
    lines: dict[Node, list[Key]] = {}
    for key, count in table.items():
        if count:
            lines.setdefault((ROW, key[0]), []).append(key)
            lines.setdefault((COLUMN, key[1]), []).append(key)
    return lines


def _sign(key: Key, side: int) -> int:
    """In the sum of a line that must be nothing, a line's own total counts against its cells."""
    return -1 if key[1 - side] is None else 1


def _ring(table: Mapping[Key, int], lines: Mapping[Node, list[Key]], hidden: Collection[Key], key: Key, least: int) -> set[Key]:
    """Find the cheapest cells that close a ring with a hidden one: a shortest path from its row to its column.

    A cell that must fall along the ring has to be `least` or more; one that must rise can be any. Hidden cells cost nothing.
    """
    # A place on the way is a line, and what the next cell must add to its sum; the hidden cell itself rises by one.
    first: tuple[Node, int] = ((ROW, key[0]), -_sign(key, ROW))
    goal: tuple[Node, int] = ((COLUMN, key[1]), _sign(key, COLUMN))
    best: dict[tuple[Node, int], int] = {first: 0}
    came: dict[tuple[Node, int], tuple[tuple[Node, int], Key]] = {}
    queue: list[tuple[int, int, tuple[Node, int]]] = [(0, 0, first)]
    pushed = 0
    while queue:
        cost, _, at = heapq.heappop(queue)
        node, adds = at
        if cost > best[at]:
            continue
        if at == goal:
            return _cells(came, at, first)
        for cell in lines[node]:
            if cell == key:
                continue
            side = node[0]
            direction = adds * _sign(cell, side)
            if direction < 0 and table[cell] < least:
                continue
            other: Node = (1 - side, cell[1 - side])
            following = (other, -direction * _sign(cell, 1 - side))
            price = cost + (0 if cell in hidden else table[cell])
            if price < best.get(following, price + 1):
                best[following], came[following] = price, (at, cell)
                pushed += 1
                heapq.heappush(queue, (price, pushed, following))
    return set()


def _cells(came: Mapping[tuple[Node, int], tuple[tuple[Node, int], Key]], at: tuple[Node, int], first: tuple[Node, int]) -> set[Key]:
    found: set[Key] = set()
    while at != first:
        at, cell = came[at]
        found.add(cell)
    return found
