"""From weighed pairs to persons: connected rows, taken apart where pairs inside contradict one another."""

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from selaras.engines.linkage.columns import I32, I64

F64 = npt.NDArray[np.float64]
# Two rows that share no key at all were never compared; that speaks against them, mildly, when a chain would join them.
NEVER_COMPARED = -1.0
# A judgement outweighs every sum of weights.
JUDGED = 1e6
_MOST = 25.0


@dataclass(frozen=True)
class Persons:
    """`label`: per row, the lowest row position of its person. `doubts`: pairs of rows whose joining is uncertain:
    (row, other, weight, joined); for a joined doubt `row` leaves its person when it is wrong."""

    label: I32
    doubt_row: I32
    doubt_other: I32
    doubt_weight: F64
    doubt_joined: npt.NDArray[np.bool_]


def resolve(rows: int, left: I32, right: I32, weight: F64) -> Persons:
    """Persons as sets of rows. A weight above 0 says same, below 0 other; contradictions are settled best pair first."""
    held = np.where(np.abs(weight) >= JUDGED, weight, np.clip(weight, -_MOST, _MOST))
    link = held > 0
    component = _components(rows, left[link], right[link])
    size = np.bincount(component, minlength=1)
    inside = component[left] == component[right]
    pairs_inside = np.bincount(component[left[inside]], minlength=len(size))
    opposed = np.bincount(component[left[inside & ~link]], minlength=len(size))
    unsettled = (opposed > 0) | (pairs_inside < size * (size - 1) // 2)
    label: I64 = component.astype(np.int64)
    mine = inside & unsettled[component[left]]
    for row, owner in _agglomerate(left[mine], right[mine], held[mine]).items():
        label[row] = len(size) + owner
    person = _lowest(label)
    return Persons(person, *_doubts(rows, person, left, right, held))


def _components(rows: int, left: I32, right: I32) -> I32:
    ones = np.ones(len(left), dtype=np.int8)
    graph = coo_matrix((ones, (left, right)), (rows, rows))  # type: ignore[no-untyped-call]
    found: I32 = connected_components(graph, directed=False)[1]
    return found


def _lowest(label: I64) -> I32:
    """Rename each label to the lowest row position that bears it."""
    _, first, back = np.unique(label, return_index=True, return_inverse=True)
    return first[back].astype(np.int32)


def _agglomerate(left: I32, right: I32, weight: F64) -> dict[int, int]:
    """Join clusters while the summed weight between them, never-compared pairs included, is above 0; row → cluster."""
    near: dict[int, dict[int, tuple[float, int]]] = {}
    size: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    heap: list[tuple[float, int, int]] = []
    for a, b, w in zip(left.tolist(), right.tolist(), weight.tolist(), strict=True):
        near.setdefault(a, {})[b] = (w, 1)
        near.setdefault(b, {})[a] = (w, 1)
        if w > 0:
            heap.append((-w, a, b))
    for row in near:
        size[row], members[row] = 1, [row]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or b not in near[a]:
            continue
        total, compared = near[a][b]
        gain = total + (size[a] * size[b] - compared) * NEVER_COMPARED
        if gain <= 0 or abs(gain + negative) > 1e-9:
            continue
        keep, gone = (a, b) if len(near[a]) >= len(near[b]) else (b, a)
        members[keep] += members.pop(gone)
        size[keep] += size.pop(gone)
        for other, (w, n) in near.pop(gone).items():
            if other == keep:
                continue
            del near[other][gone]
            old, had = near[keep].get(other, (0.0, 0))
            near[keep][other] = near[other][keep] = (old + w, had + n)
        near[keep].pop(gone, None)
        for other, (w, n) in near[keep].items():
            gain = w + (size[keep] * size[other] - n) * NEVER_COMPARED
            if gain > 0:
                heapq.heappush(heap, (-gain, keep, other))
    return {row: min(rows) for rows in members.values() for row in rows}


def _doubts(rows: int, label: I32, left: I32, right: I32, weight: F64) -> tuple[Any, Any, Any, Any]:
    """What could be otherwise: each row's hold on its person, and persons that may be one."""
    joined = label[left] == label[right]
    hold = np.full(rows, -np.inf)
    other = np.full(rows, -1, dtype=np.int32)
    a = np.concatenate([left[joined], right[joined]])
    b = np.concatenate([right[joined], left[joined]])
    w = np.concatenate([weight[joined], weight[joined]])
    order = np.argsort(w, kind="stable")
    hold[a[order]] = w[order]
    other[a[order]] = b[order]
    held = np.flatnonzero((label != np.arange(rows)) & np.isfinite(hold))
    apart = ~joined
    low, high = label[left[apart]], label[right[apart]]
    code = np.minimum(low, high).astype(np.int64) * rows + np.maximum(low, high)
    distinct, back = np.unique(code, return_inverse=True)
    strongest = np.full(len(distinct), -np.inf)
    np.maximum.at(strongest, back, weight[apart])
    summed = np.bincount(back, weights=weight[apart], minlength=len(distinct))
    between = np.minimum(strongest, summed)
    first, second = (distinct // max(rows, 1)).astype(np.int32), (distinct % max(rows, 1)).astype(np.int32)
    return (
        np.concatenate([held.astype(np.int32), first]),
        np.concatenate([other[held], second]),
        np.concatenate([hold[held], between]),
        np.concatenate([np.ones(len(held), dtype=bool), np.zeros(len(first), dtype=bool)]),
    )
