"""Rows that pairs connect, taken apart where the pairs between them contradict one another."""

import heapq
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled

F32 = npt.NDArray[np.float32]
# Two rows that share no key at all were never compared; that speaks against them, mildly, when a chain would join them.
NEVER_COMPARED = -1.0
# A component of more rows is rare, and is settled with a heap and not in a square table.
LARGEST_TABLE = 48


@compiled
def connected(rows: int, left: I32, right: I32, weight: F32) -> I32:
    """Per row, the lowest row that links (weights above 0) connect it with."""
    root = np.arange(rows).astype(np.int32)
    for at in range(len(left)):
        if weight[at] > 0:
            a, b = left[at], right[at]
            while root[a] != a:
                root[a] = root[root[a]]
                a = root[a]
            while root[b] != b:
                root[b] = root[root[b]]
                b = root[b]
            if a < b:
                root[b] = a
            elif b < a:
                root[a] = b
    for row in range(rows):
        root[row] = root[root[row]]
    return root


@compiled
def unsettled(root: I32, left: I32, right: I32, weight: F32) -> Any:
    """Per row that is a root: whether a pair inside its component speaks against, or two of its rows were never compared."""
    size, inside = np.zeros(len(root), dtype=np.int32), np.zeros(len(root), dtype=np.int64)
    opposed = np.zeros(len(root), dtype=np.bool_)
    for row in range(len(root)):
        size[root[row]] += 1
    for at in range(len(left)):
        if root[left[at]] == root[right[at]]:
            inside[root[left[at]]] += 1
            if weight[at] <= 0:
                opposed[root[left[at]]] = True
    for row in range(len(root)):
        n = np.int64(size[row])
        opposed[row] = n > 1 and (opposed[row] or inside[row] < n * (n - 1) // 2)
    return opposed


def agglomerate(root: I32, left: I32, right: I32, weight: F32) -> I32:
    """Join rows into persons while the summed weight between them, never-compared pairs included, is above 0.

    Best pair first; gives the lowest row of each row's person. `root`: the component of each row.
    """
    label = root.copy()
    open_root = unsettled(root, left, right, weight)
    mine = _contested(root, open_root, left, right)
    mine = mine[np.argsort(root[left[mine]], kind="stable")]
    one, two, w = left[mine], right[mine], weight[mine].astype(np.float64)
    own = root[one]
    edges = np.flatnonzero(np.concatenate([[True], own[1:] != own[:-1], [True]])) if len(mine) else mine[:0]
    members = np.flatnonzero(open_root[root]).astype(np.int32)
    label[members] = members
    large = _settle_small(edges, one, two, w, label)
    for component in np.flatnonzero(large):
        start, stop = edges[component], edges[component + 1]
        for row, owner in _settle_large(one[start:stop], two[start:stop], w[start:stop]).items():
            label[row] = owner
    return label


@compiled
def _contested(root: I32, open_root: Any, left: I32, right: I32) -> I64:
    """Pairs inside the components that are to be settled; found in two turns, for a nation's pairs leave no room for masks."""
    count = 0
    for at in range(len(left)):
        count += open_root[root[left[at]]] and root[left[at]] == root[right[at]]
    out = np.empty(count, dtype=np.int64)
    count = 0
    for at in range(len(left)):
        if open_root[root[left[at]]] and root[left[at]] == root[right[at]]:
            out[count] = at
            count += 1
    return out


@compiled
def _settle_small(edges: I64, left: I32, right: I32, weight: Any, label: I32) -> Any:
    """Settle each component in a square table; give those too large for it."""
    large = np.zeros(max(len(edges) - 1, 0), dtype=np.bool_)
    # One place more: a pair may bring two rows when one place is left.
    rows = np.empty(LARGEST_TABLE + 1, dtype=np.int32)
    total = np.empty((LARGEST_TABLE, LARGEST_TABLE))
    compared = np.empty((LARGEST_TABLE, LARGEST_TABLE))
    size = np.empty(LARGEST_TABLE)
    for component in range(len(edges) - 1):
        start, stop = edges[component], edges[component + 1]
        n = 0
        for at in range(start, stop):
            n = place_of(rows, n, left[at])
            n = place_of(rows, n, right[at])
            if n >= LARGEST_TABLE:
                break
        if n >= LARGEST_TABLE:
            large[component] = True
            continue
        for i in range(n):
            size[i] = 1
            for j in range(n):
                total[i, j] = 0
                compared[i, j] = 0
        for at in range(start, stop):
            i, j = 0, 0
            while rows[i] != left[at]:
                i += 1
            while rows[j] != right[at]:
                j += 1
            total[i, j] += weight[at]
            total[j, i] += weight[at]
            compared[i, j] += 1
            compared[j, i] += 1
        while True:
            best, first, second = 0.0, -1, -1
            for i in range(n):
                if size[i] == 0:
                    continue
                for j in range(i + 1, n):
                    if size[j] == 0 or compared[i, j] == 0:
                        continue
                    gain = total[i, j] + (size[i] * size[j] - compared[i, j]) * NEVER_COMPARED
                    if gain > best:
                        best, first, second = gain, i, j
            if first < 0:
                break
            for j in range(n):
                total[first, j] += total[second, j]
                total[j, first] = total[first, j]
                compared[first, j] += compared[second, j]
                compared[j, first] = compared[first, j]
            size[first] += size[second]
            size[second] = 0
            gone, kept = label[rows[second]], label[rows[first]]
            for i in range(n):
                if label[rows[i]] == gone:
                    label[rows[i]] = kept
    return large


@compiled
def place_of(rows: I32, count: int, row: int) -> int:
    """Put a row among the first `count`, which rise, unless it is there; gives their number."""
    at = count
    while at and rows[at - 1] > row:
        at -= 1
    if at and rows[at - 1] == row:
        return count
    for later in range(count, at, -1):
        rows[later] = rows[later - 1]
    rows[at] = row
    return count + 1


def _settle_large(left: I32, right: I32, weight: npt.NDArray[np.float64]) -> dict[int, int]:
    """The same with a heap, for any number of rows; row → lowest row of its person."""
    near: dict[int, dict[int, tuple[float, int]]] = {}
    heap: list[tuple[float, int, int]] = []
    for a, b, w in zip(left.tolist(), right.tolist(), weight.tolist(), strict=True):
        near.setdefault(a, {})[b] = (w, 1)
        near.setdefault(b, {})[a] = (w, 1)
        if w > 0:
            heap.append((-w, a, b))
    members = {row: [row] for row in near}
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or b not in near[a]:
            continue
        total, compared = near[a][b]
        gain = total + (len(members[a]) * len(members[b]) - compared) * NEVER_COMPARED
        if gain <= 0 or abs(gain + negative) > 1e-9:
            continue
        keep, gone = min(a, b), max(a, b)
        members[keep] += members.pop(gone)
        for other, (w, n) in near.pop(gone).items():
            if other == keep:
                continue
            del near[other][gone]
            old, had = near[keep].get(other, (0.0, 0))
            near[keep][other] = near[other][keep] = (old + w, had + n)
        near[keep].pop(gone, None)
        for other, (w, n) in near[keep].items():
            gain = w + (len(members[keep]) * len(members[other]) - n) * NEVER_COMPARED
            if gain > 0:
                heapq.heappush(heap, (-gain, min(keep, other), max(keep, other)))
    return {row: min(rows) for rows in members.values() for row in rows}
