"""All compared pairs at rest, found by either of their rows; what changed since lies beside."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.standing.sets import among, distinct, union

U16 = npt.NDArray[np.uint16]
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows, the first before the second in the order of rows; `found`: the keys that found each; its weight."""

    left: I32
    right: I32
    found: U16
    weight: F32

    def __len__(self) -> int:
        return len(self.left)

    @property
    def code(self) -> U64:
        """Each pair as one number."""
        return np.asarray(self.left.astype(np.uint64) << np.uint64(32) | self.right.astype(np.uint64))

    def taken(self, at: npt.NDArray[Any]) -> "Pairs":
        """Some of them."""
        return Pairs(self.left[at], self.right[at], self.found[at], self.weight[at])


def none() -> Pairs:
    """No pairs."""
    rows = np.zeros(0, dtype=np.int32)
    return Pairs(rows, rows, np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.float32))


def concatenated(*parts: Pairs) -> Pairs:
    """Pairs one after another."""
    return Pairs(
        np.concatenate([p.left for p in parts]),
        np.concatenate([p.right for p in parts]),
        np.concatenate([p.found for p in parts]),
        np.concatenate([p.weight for p in parts]),
    )


@dataclass(frozen=True)
class Graph:
    """`base`: sorted by left and right; `left_starts`, `right_starts`: where the pairs of a row begin, there and in `by_right`,
    which orders them by right. `dead`: places in `base` that hold no more, rising; `own`: pairs put in since, by code."""

    base: Pairs
    left_starts: I64
    right_starts: I64
    by_right: I32
    dead: I64
    own: Pairs

    def around(self, rows: I32) -> Pairs:
        """All pairs that have one of the rows (distinct), each once."""
        old = rows[rows < len(self.left_starts) - 1]
        at = np.concatenate([_slices(self.left_starts, old), np.asarray(self.by_right[_slices(self.right_starts, old)])])
        at = distinct(at)
        at = at[~among(self.dead, at)]
        mine = np.zeros(len(self.own), dtype=bool)
        if len(self.own):
            known = np.sort(rows)
            mine = among(known, self.own.left) | among(known, self.own.right)
        return concatenated(self.base.taken(at), self.own.taken(mine))

    def places(self, code: U64) -> tuple[I64, I64]:
        """Where each pair stands in `base` and in `own`, -1 for not."""
        base, own = np.full(len(code), -1, dtype=np.int64), np.full(len(code), -1, dtype=np.int64)
        left, right = (code >> np.uint64(32)).astype(np.int64), (code & np.uint64(0xFFFFFFFF)).astype(np.int64)
        _find(self.left_starts, self.base.right, left, right, base)
        base[among(self.dead, base)] = -1
        codes = self.own.code
        if len(codes):
            place = np.minimum(np.searchsorted(codes, code), len(codes) - 1)
            own = np.where(codes[place] == code, place, -1)
        return base, own

    def weights(self, code: U64) -> F32:
        """The weight of each pair, -inf for one that is none."""
        base, own = self.places(code)
        out = np.full(len(code), -np.inf, dtype=np.float32)
        out[base >= 0] = self.base.weight[base[base >= 0]]
        out[own >= 0] = self.own.weight[own[own >= 0]]
        return out

    def changed(self, gone: U64, new: Pairs) -> "Graph":
        """The graph without some pairs and with others; what is new replaces what was there."""
        base, own = self.places(np.concatenate([gone, new.code]))
        dead = union(self.dead, base[base >= 0])
        stays = np.ones(len(self.own), dtype=bool)
        stays[own[own >= 0]] = False
        together = concatenated(self.own.taken(stays), new)
        together = together.taken(np.argsort(together.code))
        return Graph(self.base, self.left_starts, self.right_starts, self.by_right, dead, together)


def starts_of(rows: I32, count: int) -> I64:
    """Where each row begins in a sorted column of rows."""
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))]).astype(np.int64)


def _slices(starts: I64, rows: I32) -> I64:
    low, high = np.asarray(starts[rows]), np.asarray(starts[rows + 1])
    sizes = high - low
    return np.asarray(np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes))


@compiled
def _find(starts: I64, rights: I32, left: I64, right: I64, out: I64) -> None:
    for at in range(len(left)):
        if left[at] + 1 >= len(starts):
            continue
        low, stop = starts[left[at]], starts[left[at] + 1]
        high = stop
        while low < high:
            middle = (low + high) // 2
            if rights[middle] < right[at]:
                low = middle + 1
            else:
                high = middle
        if low < stop and rights[low] == right[at]:
            out[at] = low
