"""The comparisons of `linkage.comparing` on veiled rows: which keyed hashes agree, in the same levels.

What cannot be seen is missing: names of rows that share neither a date nor a number, and how far apart two birth
dates are unless the whole names agree. Letter pairs stand for what is nearly the same.
"""

from typing import Any

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.comparing import BITS, Progress
from selaras.engines.linkage.comparing_numbers import RENEWAL_YEARS
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.veiled import scheme
from selaras.engines.linkage.veiled.filters import shared_bits
from selaras.engines.linkage.veiled.keyed import U32
from selaras.engines.linkage.veiled.rows import VeiledRows
from selaras.engines.linkage.veiled.slips import slip_place
from selaras.engines.linkage.veiled.veiling import ENDS_IN_0, MOTHER_RARE

_L = scheme.AT
NIK, BUT_LAST, PASSPORT, PHONE = _L["nik"], _L["nik_but_last"], _L["passport"], _L["phone"]
BIRTH, NIK_BIRTH, WORDS, NIK_WORDS = _L["birth"], _L["nik_birth"], _L["words"], _L["nik_words"]
JOINED, LETTERS, NAME_MOTHER = _L["joined"], _L["letters"], _L["name_mother"]
NAME_PLACE, NAME_HOME, HEAD, PARTS = _L["name_place"], _L["name_home"], _L["nik_head"], _L["birth_parts"]
NIK_SLIPS, PASSPORT_SLIPS = _L["nik_slips"], _L["passport_slips"]
MOTHER, PLACE, HOME, VILLAGE = _L["mother"], _L["birth_place"], _L["home"], _L["village"]
# Shares of common letter pairs (Dice) from which names are held to be a typing slip apart, or alike.
SLIP, ALIKE = 0.75, 0.6
_BIRTH_PLACES = (6, 12)
_MOST_WORDS, _MOST_MOTHER = scheme.WORDS, scheme.MOTHER_WORDS
_NIK_PLACES, _PASSPORT_PLACES = scheme.NIK_PLACES, scheme.PASSPORT_PLACES


def compare(c: VeiledRows, left: I32, right: I32, progress: Progress | None = None) -> U64:
    """The pattern of levels of each pair, as `linkage.comparing.compare` gives it."""
    out = np.empty(len(left), dtype=np.uint64)
    in_parts(
        len(left),
        lambda i, j: _compare(c.rows, c.long, c.short, left[i:j], right[i:j], out[i:j]),
        (lambda done: progress("compare", done, len(left))) if progress else None,
    )
    return out


@compiled
def _compare(rows: Any, long: U64, short: U32, left: I32, right: I32, out: U64) -> None:
    for at in range(len(left)):
        i, j = left[at], right[at]
        a, b = rows[i], rows[j]
        nik = _nik(long, short, a, b, i, j)
        dated = _same_date(long, i, j)
        name = _name(long, short, i, j, dated)
        mother = _mother(long, short, a, b, i, j, dated)
        birth = _birth(long, short, a, b, i, j)
        both = long[i, NIK] != 0 and long[j, NIK] != 0
        unsaid = both and not (a.flags & b.flags & rc.HOME_SAID)
        own = dated == 1
        home = 0 if unsaid else _place(short, HOME, HOME, i, j, own)
        if home != 1 and not unsaid and _equal(long, NAME_HOME, i, j):
            home = 1
        village = _place(short, VILLAGE, VILLAGE, i, j, own)
        place = _birth_place(short, i, j, own)
        if place != 1 and _equal(long, NAME_PLACE, i, j):
            place = 1
        phone = 0
        if long[i, PHONE] != 0 and long[j, PHONE] != 0:
            phone = (2 if (a.flags | b.flags) & rc.PHONE_SHARED else 1) if long[i, PHONE] == long[j, PHONE] else 3
        country = 0
        if a.country >= 0 and b.country >= 0:
            country = (1 if a.flags & rc.COUNTRY_RARE else 2) if a.country == b.country else 3
        other_name = name == lv.NAME_SOME_WORDS or name == lv.NAME_DIFFERENT
        family = other_name and (1 <= mother <= 3 or village == 1 or phone == 1)
        kin = (2 if lv.BIRTH_EQUAL <= birth <= lv.BIRTH_IN_NIK else 1) if family else 0
        pattern = np.uint64(nik)
        for level in (
            name,
            _rarity(name, a.grade, b.grade),
            birth,
            _passport(long, short, a, b, i, j),
            0,  # sex is not handed over: beside name, date and NIK it changes nothing
            place,
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
def _equal(table: Any, at: int, i: int, j: int) -> bool:
    return bool(table[i, at] != 0 and table[i, at] == table[j, at])


@compiled
def _date(long: U64, i: int) -> Any:
    """The date that a row's name is hashed with: its own, or else the one inside its NIK."""
    return long[i, BIRTH] if long[i, BIRTH] != 0 else long[i, NIK_BIRTH]


@compiled
def _same_date(long: U64, i: int, j: int) -> int:
    """Which hashes of two rows can be compared: 1 both by their own date, 2 the first's by the date inside its NIK,
    3 the second's, 4 both by that, 0 none."""
    one, two = _date(long, i), _date(long, j)
    if one == 0 or two == 0:
        return 0
    if one == two:
        return 1
    turned_one, turned_two = long[i, NIK_WORDS] != 0, long[j, NIK_WORDS] != 0
    if turned_one and long[i, NIK_BIRTH] == two:
        return 2
    if turned_two and long[j, NIK_BIRTH] == one:
        return 3
    return 4 if turned_one and turned_two and long[i, NIK_BIRTH] == long[j, NIK_BIRTH] else 0


@compiled
def _nik(long: U64, short: U32, a: Any, b: Any, i: int, j: int) -> int:
    one, two = long[i, NIK], long[j, NIK]
    if one == 0 or two == 0:
        return lv.NIK_MISSING
    if one == two:
        return lv.NIK_EQUAL
    if _equal(long, BUT_LAST, i, j) and (a.flags | b.flags) & ENDS_IN_0:
        return lv.NIK_LAST_DIGIT
    if short[i, HEAD] == short[j, HEAD]:
        return lv.NIK_OTHER_SERIAL
    place = slip_place(short, NIK_SLIPS, _NIK_PLACES, i, j)
    if _BIRTH_PLACES[0] <= place < _BIRTH_PLACES[1] or place == _NIK_PLACES:
        return lv.NIK_ONE_DIGIT
    if 0 <= place < _BIRTH_PLACES[0]:
        return lv.NIK_REGION_SLIP
    if _equal(long, NIK_BIRTH, i, j):
        return lv.NIK_OTHER_REGION
    doubtful = (a.flags | b.flags) & rc.NIK_DISAGREES or long[i, NIK_BIRTH] == 0 or long[j, NIK_BIRTH] == 0
    return lv.NIK_DOUBTFUL if doubtful else lv.NIK_DIFFERENT


@compiled
def _passport(long: U64, short: U32, a: Any, b: Any, i: int, j: int) -> int:
    one, two = long[i, PASSPORT], long[j, PASSPORT]
    if one == 0 or two == 0:
        return 0
    if one == two:
        return 1
    if slip_place(short, PASSPORT_SLIPS, _PASSPORT_PLACES, i, j) >= 0:
        return 2
    return 3 if abs(a.event_year - b.event_year) >= RENEWAL_YEARS else 4


@compiled
def _met(table: Any, one: int, two: int, most: int, i: int, j: int) -> tuple[int, int, int]:
    """Words that two names share, and how many each has."""
    met, size_a, size_b = 0, 0, 0
    for y in range(most):
        size_b += table[j, two + y] != 0
    for x in range(most):
        if table[i, one + x] == 0:
            break
        size_a += 1
        for y in range(size_b):
            met += table[i, one + x] == table[j, two + y]
    return met, size_a, size_b


@compiled
def _name(long: U64, short: U32, i: int, j: int, dated: int) -> int:
    whole = _equal(long, NAME_PLACE, i, j) or _equal(long, NAME_HOME, i, j) or _equal(long, NAME_MOTHER, i, j)
    if dated == 0:
        return lv.NAME_PHONETIC if whole else lv.NAME_MISSING
    one = NIK_WORDS if dated == 2 or dated == 4 else WORDS
    two = NIK_WORDS if dated == 3 or dated == 4 else WORDS
    met, size_a, size_b = _met(long, one, two, _MOST_WORDS, i, j)
    if size_a == 0 or size_b == 0:
        return lv.NAME_MISSING
    rest_a, rest_b = size_a - met, size_b - met
    if rest_a == 0 and rest_b == 0:
        return lv.NAME_PHONETIC
    if whole or (dated == 1 and _equal(long, JOINED, i, j)):
        return lv.NAME_PHONETIC
    if rest_a == 0 or rest_b == 0:
        return lv.NAME_PART_TWO if met > 1 else lv.NAME_PART_ONE
    likeness = similarity(long, i, j) if dated == 1 else 0.0
    if likeness >= SLIP:
        return lv.NAME_TYPING
    if likeness >= ALIKE:
        return lv.NAME_INITIAL
    return lv.NAME_SOME_WORDS if met else lv.NAME_DIFFERENT


@compiled
def similarity(long: U64, i: int, j: int) -> float:
    """How many letter pairs two names share (Dice, 0 to 1), with what chance alone sets together taken off."""
    both, one, two = shared_bits(long, LETTERS, i, j)
    chance = one * two / scheme.FILTER_BITS
    return float(2 * max(both - chance, 0.0) / max(one + two - 2 * chance, 1.0))


@compiled
def _mother(long: U64, short: U32, a: Any, b: Any, i: int, j: int, dated: int) -> int:
    rare = (a.flags | b.flags) & MOTHER_RARE
    if _equal(long, NAME_MOTHER, i, j):
        return 1 if rare else 2
    if dated != 1:
        return 0
    met, size_a, size_b = _met(short, MOTHER, MOTHER, _MOST_MOTHER, i, j)
    if size_a == 0 or size_b == 0:
        return 0
    if met == size_a and met == size_b:
        return 1 if rare else 2
    if met in (size_a, size_b):
        return 3 if met > 1 else 4
    return 5 if met else 6


@compiled
def _rarity(name: int, a: int, b: int) -> int:
    """Grade of rarity in the scale of `levels`: the rarer of whole names that agree, else the commoner of the two."""
    if name == lv.NAME_MISSING or name == lv.NAME_DIFFERENT or a == 0 or b == 0:
        return 0
    if name == lv.NAME_EQUAL or name == lv.NAME_PHONETIC:
        return int(max(a, b))
    return int(min(a, b)) + _GRADES_OF_WHOLE


_GRADES_OF_WHOLE = len(lv.RARITY_EDGES) + 1


@compiled
def _place(short: U32, at: int, other: int, i: int, j: int, own: bool) -> int:
    one, two = short[i, at], short[j, other]
    if not own or one == 0 or two == 0:
        return 0
    return 1 if one == two else 3


@compiled
def _birth_place(short: U32, i: int, j: int, own: bool) -> int:
    level = _place(short, PLACE, PLACE, i, j, own)
    if level < 3:
        return level
    one, two = short[i, PLACE], short[j, PLACE]
    if one == short[j, HOME] or one == short[j, VILLAGE] or two == short[i, HOME] or two == short[i, VILLAGE]:
        return 3
    return 4


@compiled
def _birth(long: U64, short: U32, a: Any, b: Any, i: int, j: int) -> int:
    one, two = long[i, BIRTH], long[j, BIRTH]
    both = long[i, NIK] != 0 and long[j, NIK] != 0
    inside_a, inside_b = long[i, NIK_BIRTH], long[j, NIK_BIRTH]
    confirmed = (inside_a != 0 and inside_a == two) or (inside_b != 0 and inside_b == one and not both)
    if one == 0 or two == 0:
        return lv.BIRTH_IN_NIK if confirmed else lv.BIRTH_MISSING
    if one == two:
        return lv.BIRTH_EQUAL_COMMON if a.flags & rc.BIRTH_COMMON else lv.BIRTH_EQUAL
    if confirmed:
        return lv.BIRTH_IN_NIK
    common = (a.flags | b.flags) & rc.BIRTH_COMMON
    if _equal(short, PARTS + 3, i, j):
        if common:
            return lv.BIRTH_FIRST_JANUARY
        if _equal(short, PARTS, i, j):
            return lv.BIRTH_OTHER_DAY
        return lv.BIRTH_OTHER_MONTH if _equal(short, PARTS + 1, i, j) else lv.BIRTH_SAME_YEAR
    if _equal(short, PARTS + 2, i, j) and not common:
        return lv.BIRTH_OTHER_YEAR
    return lv.BIRTH_DIFFERENT
