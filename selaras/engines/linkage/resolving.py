"""From weighed pairs to persons, and what about them is uncertain."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.agglomerating import agglomerate, connected
from selaras.engines.linkage.blocking import COPY, families_of
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.copying import between_crowds, crowds
from selaras.engines.linkage.mixing import runs

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
# A judgement outweighs every sum of weights.
JUDGED = 1e6
# No other sum of weights says more than this, so that a chain of weaker doubts can still outweigh it.
MOST = 25.0
# Below this weight two persons are two: ten thousand such pairs change a count by one.
_HOPELESS = -9.0


@dataclass(frozen=True)
class Persons:
    """`label`: per row, the lowest row position of its person. `doubts`: pairs of rows whose joining is uncertain:
    (row, other, weight, joined); for a joined doubt `row` leaves its person when it is wrong. `found`: per row, the families
    of keys that found it beside another row of its person, as bits."""

    label: I32
    doubt_row: I32
    doubt_other: I32
    doubt_weight: F64
    doubt_joined: npt.NDArray[np.bool_]
    found: npt.NDArray[np.uint8]


def resolve(rows: int, left: I32, right: I32, weight: F32, found_by: npt.NDArray[np.uint16]) -> Persons:
    """Persons as sets of rows. A weight above 0 says same, below 0 other; contradictions are settled best pair first.

    `found_by`: the bits of `Candidates.found`.
    """
    head = crowds(rows, left, right, weight, (found_by & np.uint16(COPY)) > 0)
    one, two, w = (left, right, weight) if head is None else between_crowds(head, left, right, weight)
    label = agglomerate(connected(rows, one, two, w), one, two, w)
    if head is not None:
        label = label[head]
    found = np.zeros(rows, dtype=np.uint8)
    _found_within(label, left, right, families_of(found_by), found)
    return Persons(label, *_doubts(label, left, right, weight), found)


def _doubts(label: I32, left: I32, right: I32, weight: F32) -> tuple[I32, I32, F64, Any]:
    """What could be otherwise: each row's hold on its person, and persons that may be one."""
    hold, other = _holds(label, left, right, weight)
    held = np.flatnonzero((label != np.arange(len(label))) & np.isfinite(hold)).astype(np.int32)
    code = runs(_between(label, left, right, weight))[0]
    strongest, summed = np.full(len(code), -np.inf), np.zeros(len(code))
    size = np.int64(max(len(label), 1))
    first, second = (code // size).astype(np.int32), (code % size).astype(np.int32)
    begins = np.full(len(label), -1, dtype=np.int32)
    begins[first[::-1]] = np.arange(len(code), dtype=np.int32)[::-1]
    _sum_between(label, left, right, weight, begins, first, second, strongest, summed)
    return (
        np.concatenate([held, first]),
        np.concatenate([other[held], second]),
        np.concatenate([hold[held].astype(np.float64), np.minimum(strongest, summed)]),
        np.concatenate([np.ones(len(held), dtype=bool), np.zeros(len(first), dtype=bool)]),
    )


@compiled
def _found_within(label: I32, left: I32, right: I32, family: Any, found: Any) -> None:
    for at in range(len(left)):
        if label[left[at]] == label[right[at]]:
            found[left[at]] |= family[at]
            found[right[at]] |= family[at]


@compiled
def _holds(label: I32, left: I32, right: I32, weight: F32) -> tuple[F32, I32]:
    """Per row, the strongest weight that ties it to another row of its person, and that row; -inf and -1 for none."""
    hold = np.full(len(label), -np.inf, dtype=np.float32)
    other = np.full(len(label), -1, dtype=np.int32)
    for at in range(len(left)):
        a, b = left[at], right[at]
        if label[a] == label[b]:
            if weight[at] >= hold[a]:
                hold[a], other[a] = weight[at], b
            if weight[at] >= hold[b]:
                hold[b], other[b] = weight[at], a
    return hold, other


@compiled
def _between(label: I32, left: I32, right: I32, weight: F32) -> I64:
    """Codes of two persons (lower x rows + higher) for each pair of rows that might make them one."""
    count = 0
    for at in range(len(left)):
        count += weight[at] > _HOPELESS and label[left[at]] != label[right[at]]
    out = np.empty(count, dtype=np.int64)
    count = 0
    for at in range(len(left)):
        a, b = label[left[at]], label[right[at]]
        if weight[at] > _HOPELESS and a != b:
            out[count] = np.int64(min(a, b)) * len(label) + max(a, b)
            count += 1
    return out


@compiled
def _sum_between(
    label: I32, left: I32, right: I32, weight: F32, begins: I32, first: I32, second: I32, strongest: F64, summed: F64
) -> None:
    """Strongest weight and sum of all pairs of rows between two persons, hopeless ones included.

    `first`, `second`: the persons, in rising order; `begins`: where those of each first one begin, -1 for none.
    """
    for at in range(len(left)):
        a, b = label[left[at]], label[right[at]]
        if a == b:
            continue
        low, high = min(a, b), max(a, b)
        place = begins[low]
        if place < 0:
            continue
        while place < len(first) and first[place] == low and second[place] < high:
            place += 1
        if place < len(first) and first[place] == low and second[place] == high:
            strongest[place] = max(strongest[place], weight[at])
            summed[place] += weight[at]
