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
from selaras.engines.linkage.standing.sets import among, distinct, first_from, union, without

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
# A block of more rows is sorted, a smaller one put in order row by row.
_MANY = 48
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


@dataclass(frozen=True)
class Spans:
    """Where blocks begin and end in the base of a section, in what was put into it since, and in what was taken out."""

    base: tuple[U64, I64, I64]
    into: tuple[U64, I64, I64]
    out: tuple[U64, I64, I64]

    def sizes(self) -> I64:
        """How many rows stand in each block."""
        base, into, out = (high - low for _, low, high in (self.base, self.into, self.out))
        return np.asarray(base + into - out)

    def members(self, block: I64, mask: np.uint64) -> U64:
        """The rows of some of the blocks, coded with the place of their block, rising; `mask`: the bits of a row."""
        coded = np.empty(int(self.sizes()[block].sum()), dtype=np.uint64)
        filled = _fill_members(block, *self.base, *self.into, *self.out, mask, coded)
        return coded[:filled]


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

    def spans(self, section: int, block: U64) -> Spans:
        """Where the rows of each block (permuted values, rising) stand."""
        found = []
        for part in self._parts(section):
            low, high = np.zeros(len(block), dtype=np.int64), np.zeros(len(block), dtype=np.int64)
            if len(part):
                _span(part, block, np.uint64(self.bits), low, high)
            found.append((part, low, high))
        return Spans(*found)

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
            spans = self.spans(section, block)
            was = spans.sizes()
            now = was - np.bincount(of_gone, minlength=len(block)) + np.bincount(of_come, minlength=len(block))
            last = level == len(fields)
            wanted = (was <= cap) | (now <= cap) | last
            held = spans.members(np.flatnonzero(wanted), np.uint64((1 << self.bits) - 1))
            goes_now, comes_now = distinct(_coded(of_gone, gone.row)), distinct(_coded(of_come, come.row)[wanted[of_come]])
            new = union(without(held, goes_now), comes_now)
            # Where a block stays below its cap, only pairs with a row that goes or comes do so, too.
            steady = (was <= cap) & (now <= cap)
            moved = union(goes_now, comes_now)
            for entries, size, pairs in ((held, was, pairs_before), (new, now, pairs_after)):
                reach = np.where(size <= cap, size, WINDOW if last else 0)
                pairs.append(_pairs(entries, reach, rank, among(moved, entries) | ~steady[_taken_apart(entries)[0]]))
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


def _pairs(entries: U64, reach: I64, rank: Callable[[I32], I64], asked: npt.NDArray[np.bool_]) -> U64:
    """Pairs within each block (`entries` rise) of which one is asked for: every row with those up to `reach` places on, in the
    order of rows."""
    if not len(entries):
        return _NONE
    block, row = _taken_apart(entries)
    edges = np.flatnonzero(np.concatenate([[True], block[1:] != block[:-1], [True]]))
    own = reach[block[edges[:-1]]]
    ordered = rank(row) << 1 | asked
    _in_order(edges, ordered)
    out = np.empty(_count_pairs(edges, own, ordered), dtype=np.uint64)
    _fill_pairs(edges, own, ordered, out)
    return out


@compiled
def _span(part: U64, block: U64, bits: Any, low: I64, high: I64) -> None:
    place = 0
    for at in range(len(block)):
        place = first_from(part, place, block[at] << bits)
        low[at] = place
        while place < len(part) and part[place] >> bits == block[at]:
            place += 1
        high[at] = place


@compiled
def _fill_members(
    block: I64, base: U64, base_low: I64, base_high: I64, into: U64, into_low: I64, into_high: I64, out: U64, out_low: I64,
    out_high: I64, mask: Any, coded: U64,
) -> int:
    """Merge what the base has of each block, but for what was taken out of it, with what was put into it."""
    count = 0
    for own in block:
        one, other, away = base_low[own], into_low[own], out_low[own]
        while one < base_high[own] or other < into_high[own]:
            if other == into_high[own] or (one < base_high[own] and base[one] < into[other]):
                entry = base[one]
                one += 1
                while away < out_high[own] and out[away] < entry:
                    away += 1
                if away < out_high[own] and out[away] == entry:
                    continue
            else:
                entry = into[other]
                other += 1
            coded[count] = np.uint64(own) << np.uint64(32) | entry & mask
            count += 1
    return count


@compiled
def _in_order(edges: I64, ordered: I64) -> None:
    """Put the rows of each block in order; most are already."""
    for block in range(len(edges) - 1):
        start, stop = edges[block], edges[block + 1]
        if stop - start > _MANY:
            ordered[start:stop] = np.sort(ordered[start:stop])
            continue
        for at in range(start + 1, stop):
            moving, place = ordered[at], at
            while place > start and ordered[place - 1] > moving:
                ordered[place] = ordered[place - 1]
                place -= 1
            ordered[place] = moving


@compiled
def _count_pairs(edges: I64, reach: I64, ordered: I64) -> int:
    count = 0
    for block in range(len(edges) - 1):
        for at in range(edges[block], edges[block + 1]):
            for other in range(at + 1, min(at + reach[block], edges[block + 1])):
                count += (ordered[at] | ordered[other]) & 1
    return count


@compiled
def _fill_pairs(edges: I64, reach: I64, ordered: I64, out: U64) -> None:
    count, row = 0, np.int64(0xFFFFFFFF)
    for block in range(len(edges) - 1):
        for at in range(edges[block], edges[block + 1]):
            for other in range(at + 1, min(at + reach[block], edges[block + 1])):
                if (ordered[at] | ordered[other]) & 1:
                    out[count] = np.uint64(ordered[at] >> 1 & row) << np.uint64(32) | np.uint64(ordered[other] >> 1 & row)
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
