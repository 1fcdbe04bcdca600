"""Which pairs of rows are worth comparing: several keys, sorted 64-bit runs, caps that refine a block before cutting it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from selaras.engines.linkage.columns import I32, I64, Bool, Columns, order_free
from selaras.engines.linkage.mixing import U64, distinct, mix

Progress = Callable[[str, int, int | None], None]

KEYS = (
    "nik", "passport", "birth_word", "birth_name", "name_place_year", "name_home_day", "name_mother", "phone",
    "birth_home_sex", "name_place", "name_home", "birth_start_sex",
)  # fmt: skip
NIK_KEY = 1 << KEYS.index("nik")
# A block holds at most this many rows; cost is quadratic in it. Larger blocks are split by more fields.
CAP = 40
WEAK_CAP = 12
WINDOW = 6
# A word joins rows of one birth date by itself only while such a block is expected to hold no more rows than this.
EXPECTED = 6.0


@dataclass(frozen=True)
class Candidates:
    """Pairs `left` < `right` (row positions), sorted, distinct, and `found`: a bit per key in `KEYS` that found them."""

    left: I32
    right: I32
    found: I32
    skipped: int

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True)
class _Key:
    name: str
    rows: I64
    value: U64
    refine: tuple[U64, ...]
    cap: int = CAP


def candidates(c: Columns, progress: Progress | None = None) -> Candidates:
    """Candidate pairs of all valid rows. Time and memory grow with the pairs, which the caps hold linear in the rows."""
    bits = max(len(c).bit_length(), 1)
    collected: list[U64] = []
    skipped = 0
    for done, key in enumerate(_keys(c)):
        left, right, cut = _pairs(key, bits)
        skipped += cut
        low, high = np.minimum(left, right).astype(np.uint64), np.maximum(left, right).astype(np.uint64)
        coded = (low << np.uint64(bits + 4)) | (high << np.uint64(4)) | np.uint64(KEYS.index(key.name))
        collected.append(distinct(coded))
        if progress:
            progress("block", done + 1, None)
    coded = np.concatenate(collected) if collected else np.zeros(0, dtype=np.uint64)
    collected.clear()
    coded.sort()
    pair = coded >> np.uint64(4)
    starts = (
        np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if len(pair) else np.zeros(0, dtype=np.int64)
    )
    bit = (np.int32(1) << (coded & np.uint64(15)).astype(np.int32)).astype(np.int32)
    found = np.bitwise_or.reduceat(bit, starts) if len(starts) else bit
    pair = pair[starts]
    mask = np.uint64((1 << bits) - 1)
    return Candidates((pair >> np.uint64(bits)).astype(np.int32), (pair & mask).astype(np.int32), found, skipped)


def _keys(c: Columns) -> Iterator[_Key]:
    """The keys one after another, so that only one is in memory at a time."""
    n = c.names
    full, joined, initial = n.full[c.name], n.joined[c.name], n.initial[c.name]
    named = c.valid & (n.words[c.name][:, 0] >= 0)
    birth, nik_birth = order_free(c.birth), order_free(c.nik_birth)
    day = (birth % 10000).astype(np.uint64)
    year = (birth // 10000).astype(np.uint64)
    sex, home, village = c.sex.astype(np.uint64), c.home.astype(np.uint64), c.village.astype(np.uint64)
    place = (
        np.where((c.birth_place >= 0) & c.provinces[c.birth_place], -1, c.birth_place)
        if len(c.provinces)
        else c.birth_place
    )

    yield _of("nik", c.valid & (c.nik >= 10**15), mix(c.nik // 10), (full, birth.astype(np.uint64)))
    yield _of("passport", c.valid & (c.passport > 0), mix(c.passport), (full, birth.astype(np.uint64)))
    yield from _word_keys(c, birth, nik_birth, named)
    for date, usable in ((birth, named & (birth > 0)), (nik_birth, named & c.nik_disagrees)):
        if usable.any():
            yield _with_dates("birth_name", birth, date, named, usable, joined, (home, village, sex))
    has_place, has_home = named & (place >= 0), named & (c.home >= 0)
    yield _of("name_place_year", has_place & (birth > 0), mix(full, place, year), (day, home))
    yield _of("name_home_day", has_home & (birth > 0), mix(full, home, day), (year,))
    yield _of("name_mother", named & (c.mother >= 0), mix(full, n.full[c.mother]), (year, home))
    yield _of("phone", c.valid & (c.phone > 0), mix(c.phone), (initial, full))
    yield _of("birth_home_sex", named & (birth > 0) & (c.home >= 0), mix(birth, home, sex), (initial, full, village))
    yield _of("name_place", has_place, mix(full, place), (village, day), WEAK_CAP)
    yield _of("name_home", has_home, mix(full, home), (village, day), WEAK_CAP)
    yield _of("birth_start_sex", named & (birth > 0), mix(birth, initial, sex), (full, home), WEAK_CAP)


def _of(name: str, usable: Bool, value: U64, refine: tuple[U64, ...], cap: int = CAP) -> _Key:
    rows = np.flatnonzero(usable)
    return _Key(name, rows, value[rows], refine, cap)


def _with_dates(
    name: str, birth: I32, date: I32, named: Bool, usable: Bool, joined: U64, refine: tuple[U64, ...]
) -> _Key:
    """A key on a birth date; rows with another date inside their NIK meet the rows born on that date."""
    if date is birth:
        return _of(name, usable, mix(birth, joined), refine)
    own, other = np.flatnonzero(named & (birth > 0)), np.flatnonzero(usable)
    rows = np.concatenate([own, other])
    value = np.concatenate([mix(birth, joined)[own], mix(date, joined)[other]])
    return _Key(name, rows, value, refine)


def _word_keys(c: Columns, birth: I32, nik_birth: I32, named: Bool) -> Iterator[_Key]:
    """Birth date with each word of the name; a word too frequent for that goes with a second word or the home."""
    heard, words = c.names.heard[c.name], c.names.words[c.name]
    has_other = named & c.nik_disagrees
    rows_with = [(np.flatnonzero(named & (birth > 0)), birth), (np.flatnonzero(has_other), nik_birth)]
    days = max(len(np.unique(birth[birth > 0])), 1)
    a_day = int((birth > 0).sum()) / days
    rows_out, keys_out = [], []
    for rows, date in rows_with:
        for at in range(heard.shape[1]):
            mine = rows[heard[rows, at] >= 0]
            word = heard[mine, at].astype(np.uint64)
            rare = np.exp(-c.names.word_rarity[words[mine, at]]) * a_day <= EXPECTED
            rows_out.append(mine[rare])
            keys_out.append(mix(date[mine[rare]], word[rare]))
            often, often_word = mine[~rare], word[~rare]
            homed = c.home[often] >= 0
            rows_out.append(often[homed])
            keys_out.append(mix(date[often[homed]], often_word[homed], c.home[often[homed]], c.sex[often[homed]]))
            for second in range(heard.shape[1]):
                if second != at:
                    paired = heard[often, second] >= 0
                    one, two = often_word[paired], heard[often[paired], second].astype(np.uint64)
                    rows_out.append(often[paired])
                    keys_out.append(mix(date[often[paired]], np.minimum(one, two), np.maximum(one, two)))
    full = c.names.full[c.name]
    refine = (c.home.astype(np.uint64), full, c.village.astype(np.uint64))
    yield _Key("birth_word", np.concatenate(rows_out), np.concatenate(keys_out), refine)


def _pairs(key: _Key, bits: int) -> tuple[I64, I64, int]:
    """All pairs within blocks up to the cap; larger blocks are split by the next refining field, the rest by a window."""
    shift = np.uint64(bits)
    lefts, rights = [], []
    rows, value = key.rows, key.value
    for level in range(len(key.refine) + 1):
        # Hash in the high bits, row in the low ones: one plain sort gives the blocks and their rows.
        packed = distinct(((value >> shift) << shift) | rows.astype(np.uint64))
        block = packed >> shift
        rows = (packed & np.uint64((1 << bits) - 1)).astype(np.int64)
        edges = np.flatnonzero(np.concatenate([[True], block[1:] != block[:-1], [True]])) if len(block) else np.zeros(1)
        sizes: I64 = np.diff(edges.astype(np.int64)).astype(np.int64)
        size_at = np.repeat(sizes, sizes)
        fits = (size_at > 1) & (size_at <= key.cap)
        left, right = _runs(rows[fits], block[fits], key.cap)
        lefts.append(left)
        rights.append(right)
        large = size_at > key.cap
        rows, block = rows[large], block[large]
        if not len(rows):
            return np.concatenate(lefts), np.concatenate(rights), 0
        if level < len(key.refine):
            value = mix(block, key.refine[level][rows])
    left, right = _runs(rows, block, WINDOW)
    lefts.append(left)
    rights.append(right)
    return np.concatenate(lefts), np.concatenate(rights), len(rows)


def _runs(rows: I64, block: U64, reach: int) -> tuple[I64, I64]:
    """Pairs of positions at most `reach` apart within equal blocks of a sorted array."""
    at = np.arange(len(rows))
    lefts, rights = [rows[:0]], [rows[:0]]
    for step in range(1, reach):
        at = at[at + step < len(rows)]
        at = at[block[at] == block[at + step]]
        if not len(at):
            break
        lefts.append(rows[at])
        rights.append(rows[at + step])
    return np.concatenate(lefts), np.concatenate(rights)
