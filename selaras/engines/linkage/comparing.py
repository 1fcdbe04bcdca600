"""Compare pairs column by column: two rows in, one small level per comparison out, all of a pair in one whole number."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import memory
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.columns import Columns
from selaras.engines.linkage.comparing_names import mother_level, names_compared, rarity_level
from selaras.engines.linkage.comparing_numbers import nik_level, passport_level
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.texts import few_edits

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
Progress = Callable[[str, int, int | None], None]
WIDTH = 1 + len(lv.COMPARISONS)
# Four bits a comparison, the NIK's highest: a pattern of levels is one number, and equal patterns are equal numbers.
BITS = 4
_PLACE_FROM, _PLACE_TWO_FROM = 4, 9
_NEW_YEAR = 1 << 5 | 1
# Pairs whose second rows and names are fetched together: one after another each would wait for memory by itself.
_FETCHED = 64


def compare(c: Columns, left: I32, right: I32, progress: Progress | None = None) -> U64:
    """The pattern of levels of each pair; `levels_of` takes it apart."""
    out = memory.empty(len(left), np.uint64)
    n = c.names
    shown = (lambda done: progress("compare", done, len(left))) if progress else None
    floats = n.table.view(np.float32)
    in_parts(
        len(left),
        lambda start, stop: _compare_fetched(
            c.rows, left[start:stop], right[start:stop], out[start:stop], n.table, floats, n.word_rarity, n.spelt.letters,
            n.spelt.shape, n.sounds.letters, n.sounds.shape, c.places.letters, c.places.shape,
        ),
        shown,
    )  # fmt: skip
    return out


def levels_of(pattern: U64) -> U8:
    """Levels (pairs, 1 + comparisons); column 0 is the NIK, then `COMPARISONS` in order."""
    out = np.empty((len(pattern), WIDTH), dtype=np.uint8)
    for at in range(WIDTH):
        out[:, at] = (pattern >> np.uint64(BITS * (WIDTH - 1 - at))) & np.uint64(15)
    return out


def level_of(pattern: U64, comparison: str) -> U8:
    """The level of one comparison."""
    at = 0 if comparison == lv.NIK.name else 1 + [c.name for c in lv.COMPARISONS].index(comparison)
    return ((pattern >> np.uint64(BITS * (WIDTH - 1 - at))) & np.uint64(15)).astype(np.uint8)


@compiled
def _compare_fetched(
    rows: Any, left: I32, right: I32, out: U64, table: I32, floats: Any, rarity: Any, spelt: U8, spelt_shape: U64,
    sounds: U8, sound_shape: U64, places: U8, place_shape: U64,
) -> int:  # fmt: skip
    """Compare a few pairs at a time, once their memory is near; what is given back only keeps the fetching from being left out."""
    names = np.empty((_FETCHED, 2), dtype=np.int32)
    seen = 0
    for start in range(0, len(left), _FETCHED):
        stop = min(start + _FETCHED, len(left))
        seen += _fetch(rows, right[start:stop], table, names)
        _compare(
            rows, left[start:stop], right[start:stop], out[start:stop], table, floats, rarity, spelt, spelt_shape, sounds,
            sound_shape, places, place_shape,
        )  # fmt: skip
    return seen


@compiled
def _fetch(rows: Any, right: I32, table: I32, names: I32) -> int:
    """Touch rows and both ends of their names. Left rows come in order, and are near already."""
    seen = 0
    for at in range(len(right)):
        row = rows[right[at]]
        names[at, 0], names[at, 1] = row.name, row.mother
    for at in range(len(right)):
        for kind in range(2):
            seen += table[names[at, kind], 0] + table[names[at, kind], rc.NAME_WIDTH - 1]
    return seen


@compiled
def _compare(
    rows: Any, left: I32, right: I32, out: U64, table: I32, floats: Any, rarity: Any, spelt: U8, spelt_shape: U64,
    sounds: U8, sound_shape: U64, places: U8, place_shape: U64,
) -> None:  # fmt: skip
    for at in range(len(left)):
        a, b = rows[left[at]], rows[right[at]]
        nik = nik_level(a, b)
        name, info = names_compared(
            table, floats, rarity, spelt, spelt_shape, sounds, sound_shape, a.name, b.name
        )  # fmt: skip
        mother, mother_info = names_compared(
            table, floats, rarity, spelt, spelt_shape, sounds, sound_shape, a.mother, b.mother
        )  # fmt: skip
        mother = mother_level(mother, mother_info)
        birth = _birth(a, b)
        # What a NIK says about home helps where the other NIK is missing; where both are there, the NIK comparison
        # has used it already, and using it twice would teach the weights to agree with themselves.
        both = a.nik > 0 and b.nik > 0
        unsaid = both and not (a.flags & b.flags & rc.HOME_SAID)
        home = 0 if unsaid else _place(places, place_shape, a.home, b.home)
        village = _place(places, place_shape, a.village, b.village)
        phone = 0
        if a.phone > 0 and b.phone > 0:
            phone = (2 if a.flags & rc.PHONE_SHARED else 1) if a.phone == b.phone else 3
        sex_a, sex_b = a.flags & rc.SEX, b.flags & rc.SEX
        country = 0
        if a.country >= 0 and b.country >= 0:
            country = (1 if a.flags & rc.COUNTRY_RARE else 2) if a.country == b.country else 3
        other_name = name == lv.NAME_SOME_WORDS or name == lv.NAME_DIFFERENT
        family = other_name and (1 <= mother <= 3 or village == 1 or phone == 1)
        kin = (2 if lv.BIRTH_EQUAL <= birth <= lv.BIRTH_IN_NIK else 1) if family else 0
        pattern = np.uint64(nik)
        for level in (
            name,
            rarity_level(name, info),
            birth,
            passport_level(a, b),
            0 if sex_a == 0 or sex_b == 0 else 1 if sex_a == sex_b else 2,
            _birth_place(places, place_shape, a, b),
            home,
            village,
            mother,
            phone,
            country,
            kin,
        ):
            pattern = (pattern << np.uint64(BITS)) | np.uint64(level)
        out[at] = pattern


@compiled
def _place(places: U8, shape: U64, a: int, b: int) -> int:
    if a < 0 or b < 0:
        return 0
    if a == b:
        return 1
    return 2 if few_edits(places, shape, a, b, _PLACE_FROM, _PLACE_TWO_FROM) else 3


@compiled
def _birth_place(places: U8, shape: U64, a: Any, b: Any) -> int:
    one, two = a.birth_place, b.birth_place
    if one < 0 or two < 0 or (a.flags | b.flags) & rc.PLACE_IS_PROVINCE:
        return 0
    level = _place(places, shape, one, two)
    if level == 3:
        return 3 if one == b.home or one == b.village or two == a.home or two == a.village else 4
    return level


@compiled
def _birth(a: Any, b: Any) -> int:
    one, two = a.birth, b.birth
    confirmed = (a.nik_birth > 0 and a.nik_birth == two) or (
        b.nik_birth > 0 and b.nik_birth == one and not (a.nik > 0 and b.nik > 0)
    )
    if one == 0 or two == 0:
        return lv.BIRTH_IN_NIK if confirmed else lv.BIRTH_MISSING
    if one == two:
        return lv.BIRTH_EQUAL_COMMON if a.flags & rc.BIRTH_COMMON else lv.BIRTH_EQUAL
    year_a, month_a, day_a = one >> 9, one >> 5 & 15, one & 31
    year_b, month_b, day_b = two >> 9, two >> 5 & 15, two & 31
    if year_a == year_b and month_a == day_b and month_b == day_a:
        return lv.BIRTH_SWAPPED
    if confirmed:
        return lv.BIRTH_IN_NIK
    new_year = one & 511 == _NEW_YEAR or two & 511 == _NEW_YEAR
    if year_a == year_b:
        if new_year:
            return lv.BIRTH_FIRST_JANUARY
        if month_a == month_b:
            return lv.BIRTH_OTHER_DAY
        return lv.BIRTH_OTHER_MONTH if day_a == day_b else lv.BIRTH_SAME_YEAR
    if month_a == month_b and day_a == day_b and not new_year:
        return lv.BIRTH_OTHER_YEAR
    return lv.BIRTH_NEAR if abs(year_a - year_b) <= 2 else lv.BIRTH_DIFFERENT
