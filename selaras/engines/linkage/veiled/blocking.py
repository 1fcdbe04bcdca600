"""The keys of `linkage.blocking` on veiled rows: the same blocks, made of keyed hashes."""

from collections.abc import Iterator

import numpy as np

from selaras.engines.linkage.blocking import EXPECTED, WEAK_CAP, Candidates, Key, Progress, candidates_by
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.columns import Bool
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.mixing import U64, Whole, mix, runs, scramble_one
from selaras.engines.linkage.veiled.rows import VeiledRows
from selaras.engines.linkage.veiled.scheme import AT, WORDS


def candidates(c: VeiledRows, progress: Progress | None = None) -> Candidates:
    """Candidate pairs of all veiled rows that are somebody."""
    return candidates_by(_keys(c), len(c), progress)


def _keys(c: VeiledRows) -> Iterator[Key]:
    valid = c.valid
    birth, start, home, village = c.column("birth"), c.column("start"), c.part("home"), c.part("village")
    full = c.whole_name()

    def alone(name: str, refine: tuple[Whole, ...], cap: int | None = None, field: str | None = None) -> Key:
        value = c.column(field or name)
        return _of(name, valid & (value > 0), (value,), refine, cap)

    yield alone("nik", (full, birth), field="nik_but_last")
    yield alone("passport", (full, birth))
    yield _word_key(c, valid, (home, full, village))
    yield alone("birth_name", (home, village), field="joined")
    yield alone("name_mother", (birth, home))
    yield alone("phone", (start, full))
    born = valid & (birth > 0)
    yield _of("birth_home_sex", born & (home > 0), (birth, home), (start, full, village))
    yield alone("name_place", (village, birth), WEAK_CAP)
    yield alone("name_home", (village, birth), WEAK_CAP)
    yield _of("birth_start_sex", born & (start > 0), (start,), (full, home), WEAK_CAP)


def _of(name: str, usable: Bool, fields: tuple[Whole, ...], refine: tuple[Whole, ...], cap: int | None = None) -> Key:
    rows = np.flatnonzero(usable).astype(np.int32)
    value = mix(*(field[rows] for field in fields))
    return Key(name, rows, value, refine) if cap is None else Key(name, rows, value, refine, cap)


def _word_key(c: VeiledRows, valid: Bool, refine: tuple[Whole, ...]) -> Key:
    """Birth date with each word; where too many share both, with a second word, or the home."""
    at, by_nik = AT["words"], AT["nik_words"]
    words = np.concatenate([c.long[valid, at : at + WORDS], c.long[valid, by_nik : by_nik + WORDS]])
    rows = np.tile(np.flatnonzero(valid).astype(np.int32), 2)
    there = words[:, 0] > 0
    words, rows = words[there], rows[there]
    distinct, times = runs(words.ravel())
    crowded = distinct[(times > EXPECTED) & (distinct > 0)]
    often = np.isin(words, crowded)
    # A home is hashed with the row's own date: it says nothing beside the date inside its NIK.
    own = np.concatenate([np.ones(int(valid.sum()), dtype=bool), np.zeros(int(valid.sum()), dtype=bool)])[there]
    homed = np.where(own & (c.part("home")[rows] > 0), mix(c.part("home"))[rows], np.uint64(0))
    size = _word_values(words, often, rows, homed, np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint64))
    out_rows, out_value = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.uint64)
    _word_values(words, often, rows, homed, out_rows, out_value)
    return Key("birth_word", out_rows, out_value, refine)


@compiled
def _word_values(words: U64, often: Bool, rows: I32, homed: U64, out_rows: I32, out_value: U64) -> int:
    """Fill rows and values of the word keys; how many there are. Nothing is filled into empty arrays."""
    count, fills = 0, len(out_rows) > 0
    for at in range(len(words)):
        for first in range(words.shape[1]):
            word = words[at, first]
            if word == 0:
                break
            if not often[at, first]:
                if fills:
                    out_rows[count], out_value[count] = rows[at], word
                count += 1
                continue
            if homed[at] != 0:
                if fills:
                    out_rows[count], out_value[count] = rows[at], scramble_one(word ^ homed[at])
                count += 1
            for second in range(words.shape[1]):
                other = words[at, second]
                if other != 0 and second != first:
                    if fills:
                        pair = scramble_one(scramble_one(min(word, other)) ^ max(word, other))
                        out_rows[count], out_value[count] = rows[at], pair
                    count += 1
    return count
