"""The blocks of all keys at rest, and which pairs come and go when rows do: a block that grows over its cap is split on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.blocking import KEYS, WINDOW, Key
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.mixing import U64, mix
from selaras.engines.linkage.standing.rows import Records
from selaras.engines.linkage.standing.sealing import permuted
from selaras.engines.linkage.standing.sets import among, distinct, union, without

Splits = Callable[[I32], Records]
# The fields of each key's refining, in its order; the whole of `blocking.keys_of` by name.
REFINED_BY: Mapping[str, tuple[str, ...]] = {
    "nik": ("full", "birth"), "passport": ("full", "birth"), "birth_word": ("home", "full", "village"),
    "birth_name": ("home", "village", "sex"), "name_place_year": ("day", "home"), "name_home_day": ("year",),
    "name_mother": ("year", "home"), "phone": ("initial", "full"), "birth_home_sex": ("initial", "full", "village"),
    "name_place": ("village", "day"), "name_home": ("village", "day"), "birth_start_sex": ("full", "home"),
}  # fmt: skip
# A row may stand in several blocks of these, so that a pair that one of them loses another may still hold.
SEVERAL = ("birth_word", "birth_name")
_LEVELS = 4
SECTIONS = len(KEYS) * _LEVELS
_NONE = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Entries:
    """Rows and the blocks (values of a key) that they stand in."""

    value: U64
    row: I32


@dataclass(frozen=True)
class Walk:
    """What a key found before and after a change in the blocks that it touches: pairs (first row << 32 | second), and the
    entries to take out of and put into each section."""

    before: U64
    after: U64
    out: dict[int, U64]
    into: dict[int, U64]


def entries_of(key: Key, bits: int) -> Entries:
    """The blocks of a key's rows, without repetition."""
    value = np.asarray(key.value >> np.uint64(bits))
    order = np.lexsort((key.rows, value))
    value, row = value[order], key.rows[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (value[1:] != value[:-1]) | (row[1:] != row[:-1])
    return Entries(value[first], row[first])


def field_of(splits: Records, name: str) -> npt.NDArray[Any]:
    """A field that splits blocks."""
    if name == "day":
        return np.asarray(splits["birth"] & 511)
    if name == "year":
        return np.asarray(splits["birth"] >> 9)
    return np.ascontiguousarray(splits[name])


@dataclass
class Blocks:
    """`base`: entries (permuted value << bits | row) of all sections one after another, each rising; `bounds`: where each
    section begins. `into`, `out`: by section, entries put in and taken out since, rising."""

    base: U64
    bounds: list[int]
    into: dict[int, U64]
    out: dict[int, U64]
    bits: int
    key: U64

    def _sealed(self, section: int, value: U64) -> U64:
        return permuted(value, 64 - self.bits, section, self.key)

    def _parts(self, section: int) -> tuple[U64, U64, U64]:
        at, to = self.bounds[section], self.bounds[section + 1]
        return self.base[at:to], self.into.get(section, _NONE), self.out.get(section, _NONE)

    def sizes(self, section: int, block: U64) -> I64:
        """How many rows stand in each block (permuted values)."""
        base, into, out = (np.subtract(*reversed(self._edges(part, block))) for part in self._parts(section))
        return np.asarray(base + into - out)

    def _edges(self, part: U64, block: U64) -> tuple[I64, I64]:
        low = block << np.uint64(self.bits)
        return (
            np.searchsorted(part, low),
            np.searchsorted(part, low | np.uint64((1 << self.bits) - 1), "right"),
        )

    def members(self, section: int, block: U64) -> tuple[I64, I32]:
        """Each row of the blocks (permuted values, rising), with the place of its block."""
        base, into, out = self._parts(section)
        found = []
        for part in (base, into):
            low, high = self._edges(part, block)
            sizes = high - low
            places = np.repeat(np.arange(len(block)), sizes)
            flat = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes)
            entry = np.asarray(part[flat])
            if part is base and len(out):
                stay = ~among(out, entry)
                places, entry = places[stay], entry[stay]
            found.append((places, (entry & np.uint64((1 << self.bits) - 1)).astype(np.int32)))
        return np.concatenate([places for places, _ in found]), np.concatenate([rows for _, rows in found])

    def walk(
        self, name: str, cap: int, gone: Entries, come: Entries, before: Splits, after: Splits, rank: Callable[[I32], I64]
    ) -> Walk:
        """Follow entries that go and come through the levels of a key.

        `before`, `after`: what splits blocks, of rows as they were and as they are. `rank`: the order of rows.
        """
        pairs_before: list[U64] = []
        pairs_after: list[U64] = []
        all_out, all_into = {}, {}
        fields = REFINED_BY[name]
        for level in range(len(fields) + 1):
            section = KEYS.index(name) * _LEVELS + level
            goes, comes = self._sealed(section, gone.value), self._sealed(section, come.value)
            block = distinct(np.concatenate([goes, comes]))
            raw = np.empty(len(block), dtype=np.uint64)
            if not len(block):
                break
            of_gone, of_come = np.searchsorted(block, goes), np.searchsorted(block, comes)
            raw[of_gone], raw[of_come] = gone.value, come.value
            was = self.sizes(section, block)
            now = was - np.bincount(of_gone, minlength=len(block)) + np.bincount(of_come, minlength=len(block))
            last = level == len(fields)
            seen = np.flatnonzero((was <= cap) | (now <= cap) | last)
            places, rows = self.members(section, block[seen])
            held = distinct(_coded(seen[places], rows))
            left = without(held, distinct(_coded(of_gone, gone.row)))
            wanted = np.zeros(len(block), dtype=bool)
            wanted[seen] = True
            new = union(left, _coded(of_come, come.row)[wanted[of_come]])
            for entries, size, pairs in ((held, was, pairs_before), (new, now, pairs_after)):
                pairs.append(_pairs(entries, np.where(size <= cap, size, WINDOW if last else 0), rank))
            shift = np.uint64(self.bits)
            all_out[section] = np.sort(goes << shift | gone.row.astype(np.uint64))
            all_into[section] = np.sort(comes << shift | come.row.astype(np.uint64))
            if last:
                break
            large_was, large_now = was > cap, now > cap
            gone = self._next(raw, held, large_was & ~large_now, of_gone, gone.row, large_was & large_now, before, fields[level])
            come = self._next(raw, new, large_now & ~large_was, of_come, come.row, large_was & large_now, after, fields[level])
        return Walk(_joined(pairs_before), _joined(pairs_after), all_out, all_into)

    def _next(
        self, raw: U64, members: U64, whole: npt.NDArray[np.bool_], of: I64, row: I32, part: npt.NDArray[np.bool_],
        splits: Splits, field: str,
    ) -> Entries:  # fmt: skip
        """Entries at the next level: all members of blocks that are new to it, and of the others what changed."""
        block, rows = _taken_apart(members)
        mine, own = whole[block], part[of]
        block, rows = np.concatenate([block[mine], of[own]]), np.concatenate([rows[mine], row[own]])
        value = mix(raw[block], field_of(splits(rows), field)) >> np.uint64(self.bits)
        order = np.lexsort((rows, value))
        return Entries(value[order], rows[order])

    def changed(self, out: Mapping[int, U64], into: Mapping[int, U64]) -> "Blocks":
        """The blocks with entries taken out and put in."""
        new_out, new_into = dict(self.out), dict(self.into)
        for section in {*out, *into}:
            going, coming = out.get(section, _NONE), into.get(section, _NONE)
            both = going[among(coming, going)]
            going, coming = without(going, both), without(coming, both)
            there, away = new_into.get(section, _NONE), new_out.get(section, _NONE)
            new_into[section] = union(without(there, going), without(coming, away))
            new_out[section] = union(without(away, coming), without(going, there))
        return Blocks(self.base, self.bounds, new_into, new_out, self.bits, self.key)


def _coded(block: I64, row: I32) -> U64:
    return np.asarray(block.astype(np.uint64) << np.uint64(32) | row.astype(np.uint64))


def _taken_apart(coded: U64) -> tuple[I64, I32]:
    return (coded >> np.uint64(32)).astype(np.int64), (coded & np.uint64(0xFFFFFFFF)).astype(np.int32)


def _joined(parts: list[U64]) -> U64:
    return distinct(np.concatenate(parts)) if parts else _NONE


def _pairs(entries: U64, reach: I64, rank: Callable[[I32], I64]) -> U64:
    """Pairs within each block: every row with those up to `reach` places on, in the order of rows."""
    block, row = _taken_apart(entries)
    order = np.lexsort((rank(row), block))
    block, row = block[order], row[order]
    edges = np.flatnonzero(np.concatenate([[True], block[1:] != block[:-1], [True]])) if len(row) else np.zeros(1, np.int64)
    own = reach[block[edges[:-1]]] if len(row) else reach[:0]
    out = np.empty(_count_pairs(edges, own), dtype=np.uint64)
    _fill_pairs(edges, own, row, out)
    return out


@compiled
def _count_pairs(edges: I64, reach: I64) -> int:
    count = 0
    for block in range(len(edges) - 1):
        size = edges[block + 1] - edges[block]
        for at in range(size):
            count += max(min(at + reach[block], size) - at - 1, 0)
    return count


@compiled
def _fill_pairs(edges: I64, reach: I64, row: I32, out: U64) -> None:
    count = 0
    for block in range(len(edges) - 1):
        for at in range(edges[block], edges[block + 1]):
            for other in range(at + 1, min(at + reach[block], edges[block + 1])):
                out[count] = np.uint64(row[at]) << np.uint64(32) | np.uint64(row[other])
                count += 1


def laid(keys: Iterator[Key], splits: Mapping[str, npt.NDArray[Any]], bits: int, secret: U64) -> Iterator[tuple[int, U64]]:
    """All sections of all keys: (section, entries); `splits`: each field of `REFINED_BY` for all rows."""
    shift = np.uint64(bits)
    mask = ~np.uint64((1 << bits) - 1)
    for key in keys:
        value, rows = key.value, key.rows
        for level in range(len(REFINED_BY[key.name]) + 1):
            packed = distinct((value & mask) | rows.astype(np.uint64))
            section = KEYS.index(key.name) * _LEVELS + level
            entries = permuted(packed >> shift, 64 - bits, section, secret) << shift | (packed & ~mask)
            entries.sort()
            yield section, entries
            if level == len(REFINED_BY[key.name]):
                break
            packed = _large(packed, shift, key.cap)
            rows = (packed & ~mask).astype(np.int32)
            value = mix(packed >> shift, splits[REFINED_BY[key.name][level]][rows])


@compiled
def _large(packed: U64, shift: Any, cap: int) -> U64:
    """What lies in blocks over the cap."""
    keep = np.zeros(len(packed), dtype=np.bool_)
    start = 0
    while start < len(packed):
        stop = start + 1
        while stop < len(packed) and packed[stop] >> shift == packed[start] >> shift:
            stop += 1
        if stop - start > cap:
            keep[start:stop] = True
        start = stop
    return packed[keep]
