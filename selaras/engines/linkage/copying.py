"""Rows handed over many times: alike in all that is compared, and settled as if each such crowd were one row.

A block compares only some pairs of a crowd that is larger than its cap, and pairs that were never compared speak against joining
what chains connect. Of rows that are alike that says nothing: if two of them are one person by their weight, all are. Rows
that carry too little have no such weight, and stay apart however many they are.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.agglomerating import connected
from selaras.engines.linkage.blocking import CAP, COPY, Candidates
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled, in_parts

Bool = npt.NDArray[np.bool_]
F32 = npt.NDArray[np.float32]
# Where and when a row was written is no trait of its person.
_NOT_COMPARED = frozenset({"source", "event_year", "country"})
_COMPARED = [
    start + at
    for name, (kind, start, *_) in (rc.ROW.fields or {}).items()
    if name not in _NOT_COMPARED
    for at in range(kind.itemsize)
]


def mark_copies(rows: npt.NDArray[Any], found: Candidates, weight: F32) -> Candidates:
    """The pairs, with `COPY` among their bits where the weight says same and the rows (records) are alike.

    Records that do not hold all that is compared (encoded rows, those at a Spark driver) are left as they are.
    """
    if rows.dtype != rc.ROW:
        return found
    places = np.array(_COMPARED, dtype=np.int64)
    raw = rows.view(np.uint8).reshape(len(rows), rc.ROW.itemsize)
    bits = found.found if found.found.flags.writeable else found.found.copy()

    def part(i: int, j: int) -> None:
        _mark(raw, places, found.left[i:j], found.right[i:j], weight[i:j], np.uint16(COPY), bits[i:j])

    in_parts(len(found), part, least=1 << 18)
    return replace(found, found=bits)


@compiled
def _mark(raw: Any, places: I64, left: I32, right: I32, weight: F32, bit: Any, bits: Any) -> None:
    for at in range(len(left)):
        if weight[at] <= 0:
            continue
        a, b = left[at], right[at]
        alike = True
        for place in places:
            if raw[a, place] != raw[b, place]:
                alike = False
                break
        if alike:
            bits[at] |= bit


def crowds(rows: int, left: I32, right: I32, weight: F32, copy: Bool) -> I32 | None:
    """The lowest row of each row's crowd, or the row itself; None when no crowd is too large for a block.

    `copy`: pairs of rows that are alike. A crowd in which any pair speaks against (a judgement) is none.
    """
    alike = np.flatnonzero(copy & (weight > 0))
    if len(alike) < CAP:
        return None
    head = connected(rows, left[alike], right[alike], weight[alike])
    large = np.bincount(head, minlength=rows) > CAP
    inside = np.flatnonzero((weight <= 0) & large[head[left]])
    inside = inside[head[left[inside]] == head[right[inside]]]
    large[head[left[inside]]] = False
    return np.where(large[head], head, np.arange(rows, dtype=np.int32)) if large.any() else None


def between_crowds(head: I32, left: I32, right: I32, weight: F32) -> tuple[I32, I32, F32]:
    """The pairs with each crowd as its lowest row: of several pairs between the same two the strongest, in order."""
    a, b = head[left], head[right]
    own = np.flatnonzero(a != b)
    low, high = np.minimum(a[own], b[own]), np.maximum(a[own], b[own])
    order = np.lexsort((-weight[own], high, low))
    own, low, high = own[order], low[order], high[order]
    first = np.flatnonzero(np.concatenate([[True], (low[1:] != low[:-1]) | (high[1:] != high[:-1])])) if len(own) else own
    return low[first], high[first], weight[own[first]]
