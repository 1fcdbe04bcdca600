"""Which pairs come and go with a delivery, over all keys."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from selaras.engines.linkage.blocking import COPY, KEYS, Key, keys_of
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.compiled import CORES
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.standing.blocks import SEVERAL, Entries, Walk, entries_of
from selaras.engines.linkage.standing.delivering import Delivery
from selaras.engines.linkage.standing.graph import U16, Graph
from selaras.engines.linkage.standing.index import Bool, Index
from selaras.engines.linkage.standing.sets import without

_LOW = np.uint64(0xFFFFFFFF)


class Touched:
    """The blocks that a delivery touches, followed through all keys. `grown`: the index with its rows in place."""

    def __init__(self, index: Index, grown: Index, delivery: Delivery) -> None:
        self.index, self.grown, self.delivery = index, grown, delivery
        self.bits = index.blocks.bits
        self.position = np.full(len(delivery.c), -1, dtype=np.int32)
        self.position[delivery.old_at], self.position[delivery.new_at] = delivery.old, delivery.new
        self.goes, self.comes = np.zeros(len(delivery.c), dtype=bool), np.zeros(len(delivery.c), dtype=bool)
        self.goes[delivery.old_at], self.comes[delivery.new_at] = True, True
        self.rows = np.zeros(len(grown), dtype=bool)
        self.rows[delivery.old] = self.rows[delivery.new] = True

    def walks(self) -> dict[str, Walk]:
        """Each key's pairs before and after."""
        entries = {
            key.name: (key.cap, self._entries(key, self.goes), self._entries(key, self.comes))
            for key in keys_of(self.delivery.c)
        }
        walks = self._walked(entries)
        # A pair that one block lost may hold in another of the same key that nothing else touches: touch it, too.
        lost = {name: self._untouched(without(walks[name].before, walks[name].after)) for name in SEVERAL}
        rows = self.grown.ranked(np.concatenate(list(lost.values())))
        if len(rows):
            c = encode(self.grown.registers(rows, ids=False), self.grown.statistics)
            again = {}
            for key in keys_of(c):
                if key.name in SEVERAL:
                    found = entries_of(key, self.bits)
                    own = Entries(found.value, rows[found.row])
                    cap, gone, come = entries[key.name]
                    again[key.name] = (cap, _both(gone, own), _both(come, own))
            walks |= self._walked(again)
        return walks

    def _entries(self, key: Key, which: Bool) -> Entries:
        found = entries_of(key, self.bits)
        mine = which[found.row]
        return Entries(found.value[mine], self.position[found.row[mine]])

    def _walked(self, entries: Mapping[str, tuple[int, Entries, Entries]]) -> dict[str, Walk]:
        """Follow the entries (cap, gone, come) of some keys, a key on each core."""

        def walk(name: str) -> Walk:
            return self.index.blocks.walk(name, *entries[name], self.index.splits, self.grown.splits, self.grown.rank)

        with ThreadPoolExecutor(CORES) as pool:
            return dict(zip(entries, pool.map(walk, entries), strict=True))

    def _untouched(self, pairs: U64) -> I32:
        left, right = ends(pairs)
        own = ~(self.rows[left] | self.rows[right])
        return np.concatenate([left[own], right[own]])


def _both(one: Entries, other: Entries) -> Entries:
    return Entries(np.concatenate([one.value, other.value]), np.concatenate([one.row, other.row]))


def ends(pairs: U64) -> tuple[I32, I32]:
    """The two rows of coded pairs."""
    return (pairs >> np.uint64(32)).astype(np.int32), (pairs & _LOW).astype(np.int32)


def changed_pairs(index: Index, walks: Mapping[str, Walk], touched: Bool) -> tuple[U64, U64, U16]:
    """Pairs that are compared no more; pairs to compare; and by which keys these are found now."""
    codes, less, more = [], [], []
    for name, walk in walks.items():
        bit, nothing = np.uint16(1 << KEYS.index(name)), np.uint16(0)
        left, right = ends(walk.after)
        for pairs, minus, plus in (
            (without(walk.before, walk.after), bit, nothing),
            (without(walk.after, walk.before), nothing, bit),
            (walk.after[touched[left] | touched[right]], nothing, nothing),
        ):
            codes.append(pairs)
            less.append(np.full(len(pairs), minus))
            more.append(np.full(len(pairs), plus))
    code = np.concatenate(codes)
    order = np.argsort(code, kind="stable")
    code = code[order]
    if not len(code):
        return code, code, np.zeros(0, dtype=np.uint16)
    starts = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    lost, won = (np.bitwise_or.reduceat(np.concatenate(marks)[order], starts) for marks in (less, more))
    code = code[starts]
    before = _found_before(index.graph, code)
    now = (before & ~lost) | won
    left, right = ends(code)
    anew = (now > 0) & ((now != before) | touched[left] | touched[right])
    return code[(now == 0) & (before > 0)], code[anew], now[anew]


def _found_before(graph: Graph, code: U64) -> U16:
    """The keys that found each pair until now, 0 for a pair that was none."""
    base, own = graph.places(code)
    out = np.zeros(len(code), dtype=np.uint16)
    out[base >= 0] = graph.base.found[base[base >= 0]]
    out[own >= 0] = graph.own.found[own[own >= 0]]
    return out & np.uint16(COPY - 1)
