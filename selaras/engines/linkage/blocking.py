"""Which pairs of rows are worth comparing: several keys, sorted 64-bit runs, caps that refine a block before cutting it."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import memory
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.columns import Bool, Columns
from selaras.engines.linkage.compiled import CORES, compiled
from selaras.engines.linkage.mixing import U64, Whole, mix, mix_at, scramble_one

Progress = Callable[[str, int, int | None], None]

KEYS = (
    "nik", "passport", "birth_word", "birth_name", "name_place_year", "name_home_day", "name_mother", "phone",
    "birth_home_sex", "name_place", "name_home", "birth_start_sex",
)  # fmt: skip
# What finds two rows apart from one another: a number, the birth date, a name with a place, the mother. A match that the
# keys of only one family found tells how many no key found at all.
FAMILIES = ("nik", "passport", "phone", "birth", "name", "mother")
_FAMILY_OF = {"name_mother": "mother", "nik": "nik", "passport": "passport", "phone": "phone"}
NIK_KEY, PASSPORT_KEY = 1 << KEYS.index("nik"), 1 << KEYS.index("passport")
# Beside the keys among the bits of `Candidates.found`: the two rows are alike, see `copying`.
COPY = 1 << 15
# A block holds at most this many rows; cost is quadratic in it. Larger blocks are split by more fields.
CAP = 10
WEAK_CAP = 8
WINDOW = 6
# A word joins rows of one birth date by itself only while such a block is expected to hold no more rows than this.
EXPECTED = 6.0
_KEY_BITS = np.uint64(4)


@dataclass(frozen=True)
class Candidates:
    """Pairs `left` < `right` (row positions), sorted, distinct, and `found`: a bit per key in `KEYS` that found them."""

    left: I32
    right: I32
    found: npt.NDArray[np.uint16]
    skipped: int

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True)
class Key:
    """`rows` that have the key, its `value` for each, and the fields (of all rows) that split too large a block."""

    name: str
    rows: I32
    value: U64
    refine: tuple[Whole, ...]
    cap: int = CAP


def candidates(c: Columns, progress: Progress | None = None) -> Candidates:
    """Candidate pairs of all valid rows. Time and memory grow with the pairs, which the caps hold linear in the rows."""
    return candidates_by(keys_of(c), max(len(c), c.statistics.room), progress)


def candidates_by(keys: Iterable[Key], count: int, progress: Progress | None = None) -> Candidates:
    """Candidate pairs of at most `count` rows by keys that are given, one after another."""
    bits = max(count.bit_length(), 1)
    collected: list[U64] = []
    skipped = 0
    with ThreadPoolExecutor(CORES) as pool:
        waiting = []
        for done, key in enumerate(keys):
            waiting.append(pool.submit(_pairs, key, bits))
            if len(waiting) >= CORES:
                coded, cut = waiting.pop(0).result()
                collected.append(coded)
                skipped += cut
            if progress:
                progress("block", done + 1, None)
        for job in waiting:
            coded, cut = job.result()
            collected.append(coded)
            skipped += cut
    coded = _laid_together(collected)
    coded.sort()
    count = _distinct(coded)
    left, right = memory.empty(count, np.int32), memory.empty(count, np.int32)
    found = memory.empty(count, np.uint16)
    _fold(coded, np.uint64(bits), left, right, found)
    return Candidates(left, right, found, skipped)


def _laid_together(parts: list[U64]) -> U64:
    """All parts in one array; each is let go once it is copied, so that a nation's pairs are in memory once and not twice."""
    out = memory.empty(sum(len(part) for part in parts), np.uint64)
    stop = len(out)
    while parts:
        part = parts.pop()
        out[stop - len(part) : stop] = part
        stop -= len(part)
    return out


def families() -> npt.NDArray[np.uint8]:
    """For each set of keys (the bits of `found`) the set of their families."""
    own = [FAMILIES.index(_FAMILY_OF.get(key, "birth" if key.startswith("birth") else "name")) for key in KEYS]
    sets = np.arange(1 << len(KEYS))
    out = np.zeros(len(sets), dtype=np.uint8)
    for key, family in enumerate(own):
        out |= ((sets >> key & 1) << family).astype(np.uint8)
    return out


def families_of(found: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    """The families of the keys that found each pair, as bits."""
    out: npt.NDArray[np.uint8] = families()[found & np.uint16(COPY - 1)]
    return out


def keys_of(c: Columns) -> Iterator[Key]:
    """The keys one after another, so that only a few are in memory at a time."""
    n, r, valid = c.names, c.rows, c.valid
    name, mother = r["name"], r["mother"]
    full = n.full[name]
    named = valid & n.has_words(name)
    birth, nik_birth = rc.order_free(r["birth"]), rc.order_free(r["nik_birth"])
    day, year = birth & 511, birth >> 9
    sex = r["flags"] & rc.SEX
    says = c.place_says
    home, village, place = says[r["home"]], says[r["village"]], says[r["birth_place"]]
    placed = (r["birth_place"] >= 0) & ~c.flag(rc.PLACE_IS_PROVINCE)
    odd_nik = named & c.flag(rc.NIK_DISAGREES)
    has_place, has_home, born = named & placed, named & (r["home"] >= 0), named & (birth > 0)

    yield _of("nik", valid & (r["nik"] >= 10**15), (r["nik"] // 10,), (full, birth))
    yield _of("passport", valid & (r["passport"] > 0), (r["passport"],), (full, birth))
    # Rows with another date inside their NIK stand under both dates, and so meet the rows born on either.
    rows = np.concatenate([np.flatnonzero(born), np.flatnonzero(odd_nik)]).astype(np.int32)
    dates = np.concatenate([birth[born], nik_birth[odd_nik]])
    yield _word_key(c, rows, dates, (home, full, village))
    yield Key("birth_name", rows, mix(dates, n.joined(name[rows])), (home, village, sex))
    del rows, dates, nik_birth, odd_nik
    yield _of("name_place_year", has_place & (birth > 0), (full, place, year), (day, home))
    yield _of("name_home_day", has_home & (birth > 0), (full, home, day), (year,))
    has_mother = named & (mother >= 0)
    yield _of("name_mother", has_mother, (full, n.full[mother]), (year, home))
    initial = n.initial[name]
    yield _of("phone", valid & (r["phone"] > 0), (c.phones[r["phone"]],), (initial, full))
    yield _of("birth_home_sex", born & has_home, (birth, home, sex), (initial, full, village))
    yield _of("name_place", has_place, (full, place), (village, day), WEAK_CAP)
    yield _of("name_home", has_home, (full, home), (village, day), WEAK_CAP)
    yield _of("birth_start_sex", born, (birth, initial, sex), (full, home), WEAK_CAP)


def _of(name: str, usable: Bool, fields: tuple[Whole, ...], refine: tuple[Whole, ...], cap: int = CAP) -> Key:
    rows = np.flatnonzero(usable).astype(np.int32)
    return Key(name, rows, mix_at(rows, *fields), refine, cap)


def _word_key(c: Columns, rows: I32, dates: I32, refine: tuple[Whole, ...]) -> Key:
    """Birth date with each word of the name; a word too frequent for that goes with a second word or the home."""
    often = np.exp(-c.names.word_rarity) * c.statistics.a_day > EXPECTED
    size = _word_count(c.rows, rows, c.names.table, often)
    out_rows, out_value = memory.empty(size, np.int32), memory.empty(size, np.uint64)
    _word_values(c.rows, rows, dates, c.names.table, c.names.heard, c.place_says, often, out_rows, out_value)
    return Key("birth_word", out_rows, out_value, refine)


@compiled
def _word_count(records: Any, rows: I32, table: Any, often: Bool) -> int:
    """How many keys `_word_values` will make."""
    count = 0
    for row in rows:
        record = records[row]
        name = record.name
        there = 0
        for at in range(rc.WORDS):
            there += table[name, rc.HEARD + at] >= 0
        for at in range(there):
            count += ((record.home >= 0) + there - 1) if often[table[name, rc.SPELT + at]] else 1
    return count


@compiled
def _word_values(
    records: Any, rows: I32, dates: I32, table: Any, heard: U64, says: Any, often: Bool, out_rows: I32, out_value: U64
) -> None:
    """Fill rows and values of the word keys. `heard`, `says`: what each sound and each place is in every run."""
    count = 0
    for position in range(len(rows)):
        row = rows[position]
        record = records[row]
        name = record.name
        date = scramble_one(np.uint64(dates[position]))
        for at in range(rc.WORDS):
            word = table[name, rc.HEARD + at]
            if word < 0:
                break
            worded = scramble_one(date ^ heard[word])
            if not often[table[name, rc.SPELT + at]]:
                out_rows[count], out_value[count] = row, worded
                count += 1
                continue
            if record.home >= 0:
                homed = scramble_one(worded ^ np.uint64(says[record.home]))
                out_rows[count], out_value[count] = row, scramble_one(homed ^ np.uint64(record.flags & rc.SEX))
                count += 1
            for second in range(rc.WORDS):
                other = table[name, rc.HEARD + second]
                if other >= 0 and second != at:
                    low, high = min(heard[word], heard[other]), max(heard[word], heard[other])
                    paired = scramble_one(scramble_one(date ^ low) ^ high)
                    out_rows[count], out_value[count] = row, paired
                    count += 1


def _pairs(key: Key, bits: int) -> tuple[U64, int]:
    """All pairs within blocks up to the cap, coded; larger blocks are split by the next field, the rest by a window."""
    shift = np.uint64(bits)
    at = np.uint64(KEYS.index(key.name))
    mask = ~np.uint64((1 << bits) - 1)
    rows, value, coded = key.rows, key.value, []
    for level in range(len(key.refine) + 1):
        # Hash in the high bits, row in the low ones: one plain sort gives the blocks and their rows.
        packed = np.bitwise_and(value, mask, out=memory.empty(len(value), np.uint64))
        packed |= rows.astype(np.uint64)
        packed.sort()
        packed = packed[: _once(packed)]
        last = level == len(key.refine)
        pairs, large = _count(packed, shift, key.cap, WINDOW if last else 0)
        out, rest = memory.empty(pairs, np.uint64), memory.empty(0 if last else large, np.uint64)
        _emit(packed, shift, key.cap, WINDOW if last else 0, at, out, rest)
        coded.append(out)
        if last or not large:
            return _laid_together(coded), large
        rows = (rest & ~mask).astype(np.int32)
        value = mix(rest >> shift, key.refine[level][rows])
    raise AssertionError("the last level returns")


@compiled
def _once(values: U64) -> int:
    """Move distinct values of a sorted array to its front; give their number."""
    kept = 0
    for at in range(len(values)):
        if at == 0 or values[at] != values[at - 1]:
            values[kept] = values[at]
            kept += 1
    return kept


@compiled
def _count(packed: U64, shift: Any, cap: int, window: int) -> tuple[int, int]:
    """Pairs that `_emit` will give, and rows in blocks over the cap."""
    pairs, large, start = 0, 0, 0
    while start < len(packed):
        stop = _end(packed, shift, start)
        size = stop - start
        if size <= cap:
            pairs += size * (size - 1) // 2
        else:
            large += size
            for reach in range(1, window):
                pairs += size - reach
        start = stop
    return pairs, large


@compiled
def _end(packed: U64, shift: Any, start: int) -> int:
    """Where the block that begins at `start` ends."""
    block = packed[start] >> shift
    stop = start + 1
    while stop < len(packed) and packed[stop] >> shift == block:
        stop += 1
    return stop


@compiled
def _emit(packed: U64, shift: Any, cap: int, window: int, key: Any, out: U64, rest: U64) -> None:
    """Write the coded pairs of each block, and aside what lies in blocks over the cap; rows within a block rise."""
    mask = (np.uint64(1) << shift) - np.uint64(1)
    count, kept, start = 0, 0, 0
    while start < len(packed):
        stop = _end(packed, shift, start)
        size = stop - start
        reach = size if size <= cap else window
        if size > cap and window == 0:
            for at in range(start, stop):
                rest[kept] = packed[at]
                kept += 1
        for at in range(start, stop):
            left = (packed[at] & mask) << (shift + _KEY_BITS)
            for other in range(at + 1, min(at + reach, stop)):
                out[count] = left | ((packed[other] & mask) << _KEY_BITS) | key
                count += 1
        start = stop


@compiled
def _distinct(coded: U64) -> int:
    """How many distinct pairs of two different rows a sorted array holds."""
    count = 0
    for at in range(len(coded)):
        count += at == 0 or coded[at] >> _KEY_BITS != coded[at - 1] >> _KEY_BITS
    return count


@compiled
def _fold(coded: U64, bits: Any, left: I32, right: I32, found: Any) -> None:
    """Take coded pairs apart; pairs that several keys found become one with a bit for each."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    last = -1
    for at in range(len(coded)):
        pair = coded[at] >> _KEY_BITS
        bit = np.uint16(1) << np.uint16(coded[at] & np.uint64(15))
        if at and pair == coded[at - 1] >> _KEY_BITS:
            found[last] |= bit
            continue
        last += 1
        left[last] = np.int32(pair >> bits)
        right[last] = np.int32(pair & mask)
        found[last] = bit
