"""Compare pairs column by column: two rows in, one small level per comparison out."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.columns import F32, I32, I64, Bool, Columns, Names
from selaras.engines.linkage.texts import few_edits

U8 = npt.NDArray[np.uint8]
Progress = Callable[[str, int, int | None], None]
CHUNK = 1 << 17
RENEWAL_YEARS = 4
_RARE_MOTHER = 6.0
_RARE_COUNTRY = 3.0
WIDTH = 1 + len(lv.COMPARISONS)


def compare(c: Columns, left: I32, right: I32, progress: Progress | None = None) -> U8:
    """Levels of each pair: an array (pairs, 1 + comparisons); column 0 is the NIK, then `COMPARISONS` in order."""
    out = np.empty((len(left), WIDTH), dtype=np.uint8)
    for start in range(0, len(left), CHUNK):
        stop = min(start + CHUNK, len(left))
        out[start:stop] = _chunk(c, left[start:stop], right[start:stop])
        if progress:
            progress("compare", stop, len(left))
    return out


def _chunk(c: Columns, i: I32, j: I32) -> U8:
    name, info = names_compared(c.names, c.name[i], c.name[j])
    birth = _birth(c, i, j)
    mother, mother_info = names_compared(c.names, c.mother[i], c.mother[j])
    mother = _mother(mother, mother_info)
    # What a NIK says about home and birth helps where the other NIK is missing; where both are there, the NIK comparison
    # has used it already, and using it twice would teach the weights to agree with themselves.
    home = np.where(_both_nik(c, i, j), _place(c, c.home_said, i, j), _place(c, c.home, i, j))
    village = _place(c, c.village, i, j)
    phone = _phone(c, i, j)
    other_name = (name == lv.NAME_SOME_WORDS) | (name == lv.NAME_DIFFERENT)
    family = other_name & (((mother > 0) & (mother <= 3)) | (village == 1) | (phone == 1))
    twin = family & (birth > 0) & (birth <= lv.BIRTH_IN_NIK)
    columns = {
        "name": name,
        "rarity": _rarity(name, info),
        "birth": birth,
        "passport": _passport(c, i, j),
        "sex": np.where((c.sex[i] == 0) | (c.sex[j] == 0), 0, np.where(c.sex[i] == c.sex[j], 1, 2)),
        "birth_place": _birth_place(c, i, j),
        "home": home,
        "village": village,
        "mother": mother,
        "phone": phone,
        "country": _country(c, i, j),
        "kin": np.where(twin, 2, np.where(family, 1, 0)),
    }
    stacked = [_nik(c, i, j)] + [columns[comparison.name] for comparison in lv.COMPARISONS]
    return np.stack([column.astype(np.uint8) for column in stacked], axis=1)


def names_compared(names: Names, a: I32, b: I32) -> tuple[U8, F32]:
    """Level of two names (codes, -1 missing) and the rarity, in nats, of what they share."""
    level = np.full(len(a), lv.NAME_MISSING, dtype=np.uint8)
    info = np.zeros(len(a), dtype=np.float32)
    there = (a >= 0) & (b >= 0) & (names.words[a, 0] >= 0) & (names.words[b, 0] >= 0)
    same = there & (a == b)
    level[same] = lv.NAME_EQUAL
    info[same] = names.rarity[a[same]]
    at = np.flatnonzero(there & ~same)
    if len(at):
        level[at], info[at] = _unequal_names(names, a[at], b[at])
    return level, info


def _unequal_names(names: Names, a: I32, b: I32) -> tuple[U8, F32]:
    words_a, words_b, heard_a, heard_b = names.words[a], names.words[b], names.heard[a], names.heard[b]
    there_a, there_b = heard_a >= 0, heard_b >= 0
    met_a, met_b = np.zeros_like(there_a), np.zeros_like(there_b)
    exact = np.zeros(len(a), dtype=np.int8)
    for x in range(heard_a.shape[1]):
        for y in range(heard_b.shape[1]):
            meet = (heard_a[:, x] == heard_b[:, y]) & there_a[:, x]
            met_a[:, x] |= meet
            met_b[:, y] |= meet
            exact += meet & (words_a[:, x] == words_b[:, y])
    rarity = np.where(met_a, names.word_rarity[words_a], 0).sum(axis=1, dtype=np.float32)
    met = met_a.sum(axis=1)
    rest_a, rest_b = there_a.sum(axis=1) - met, there_b.sum(axis=1) - met_b.sum(axis=1)
    level = np.full(len(a), lv.NAME_DIFFERENT, dtype=np.uint8)
    level[met > 0] = lv.NAME_SOME_WORDS
    inside = (np.minimum(rest_a, rest_b) == 0) & (met > 0)
    level[inside] = np.where(met[inside] > 1, lv.NAME_PART_TWO, lv.NAME_PART_ONE)
    whole = (rest_a == 0) & (rest_b == 0) & (met > 0)
    level[whole] = np.where(exact[whole] == met[whole], lv.NAME_EQUAL, lv.NAME_PHONETIC)
    joined = (names.joined[a] == names.joined[b]) & ~whole
    level[joined] = lv.NAME_PHONETIC
    rarity[whole | joined] = np.maximum(names.rarity[a], names.rarity[b])[whole | joined]
    at = np.flatnonzero((rest_a > 0) & (rest_b > 0) & ~joined)
    if len(at):
        left_a, left_b = there_a[at] & ~met_a[at], there_b[at] & ~met_b[at]
        near, cut, gained = _leftovers(names, words_a[at], words_b[at], left_a, left_b)
        fewer = np.minimum(rest_a, rest_b)[at]
        typing, initial = near >= fewer, (near + cut) >= fewer
        level[at[initial]] = lv.NAME_INITIAL
        level[at[typing]] = lv.NAME_TYPING
        rarity[at] += np.where(initial, gained, 0)
    return level, rarity


def _leftovers(names: Names, words_a: I32, words_b: I32, left_a: Bool, left_b: Bool) -> tuple[Any, Any, F32]:
    """Of the words that met no equal: how many are a typing error apart, how many an initial or a cut of the other."""
    n = len(words_a)
    near, cut, gained = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.float32)
    used_a, used_b = ~left_a, ~left_b
    for x in range(words_a.shape[1]):
        for y in range(words_b.shape[1]):
            at = np.flatnonzero(~used_a[:, x] & ~used_b[:, y])
            if not len(at):
                continue
            one, two = words_a[at, x], words_b[at, y]
            is_near, is_cut = _words_near(names, one, two)
            near[at] += is_near
            cut[at] += is_cut
            gained[at] += np.where(is_near, np.minimum(names.word_rarity[one], names.word_rarity[two]), 0)
            gone = at[is_near | is_cut]
            used_a[gone, x] = True
            used_b[gone, y] = True
    return near, cut, gained


def _words_near(names: Names, a: I32, b: I32) -> tuple[Bool, Bool]:
    """Whether two words are a typing error apart; whether one is an initial or the beginning of the other."""
    near = few_edits(names.sounds, a, b, 3, 8)
    return near, names.spelt.begins(a, b) & ~near


def _rarity(name: U8, info: F32) -> U8:
    grade = np.searchsorted(np.array(lv.RARITY_EDGES), info, side="right") + 1
    whole = (name == lv.NAME_EQUAL) | (name == lv.NAME_PHONETIC)
    none = (name == lv.NAME_MISSING) | (name == lv.NAME_DIFFERENT)
    return np.where(none, 0, np.where(whole, grade, grade + len(lv.RARITY_EDGES) + 1)).astype(np.uint8)


def _mother(level: U8, info: F32) -> U8:
    whole = (level == lv.NAME_EQUAL) | (level == lv.NAME_PHONETIC)
    out = np.full(len(level), 6, dtype=np.uint8)
    out[level == lv.NAME_MISSING] = 0
    out[whole] = np.where(info[whole] >= _RARE_MOTHER, 1, 2)
    out[(level == lv.NAME_TYPING) | (level == lv.NAME_PART_TWO) | (level == lv.NAME_INITIAL)] = 3
    out[level == lv.NAME_PART_ONE] = 4
    out[level == lv.NAME_SOME_WORDS] = 5
    return out


def _birth(c: Columns, i: I32, j: I32) -> U8:
    a, b, in_a, in_b = c.birth[i], c.birth[j], c.nik_birth[i], c.nik_birth[j]
    year_a, month_a, day_a = a // 10000, a // 100 % 100, a % 100
    year_b, month_b, day_b = b // 10000, b // 100 % 100, b % 100
    same_year, same_month, same_day = year_a == year_b, month_a == month_b, day_a == day_b
    new_year = (a % 10000 == 101) | (b % 10000 == 101)
    out = np.full(len(i), lv.BIRTH_DIFFERENT, dtype=np.uint8)
    out[np.abs(year_a - year_b) <= 2] = lv.BIRTH_NEAR
    out[same_year] = lv.BIRTH_SAME_YEAR
    out[same_month & same_day & ~new_year] = lv.BIRTH_OTHER_YEAR
    out[same_year & same_day & ~new_year] = lv.BIRTH_OTHER_MONTH
    out[same_year & same_month & ~new_year] = lv.BIRTH_OTHER_DAY
    out[same_year & new_year] = lv.BIRTH_FIRST_JANUARY
    confirmed = ((in_a > 0) & (in_a == b)) | ((in_b > 0) & (in_b == a) & ~_both_nik(c, i, j))
    out[confirmed] = lv.BIRTH_IN_NIK
    out[same_year & (month_a == day_b) & (month_b == day_a)] = lv.BIRTH_SWAPPED
    equal = a == b
    out[equal] = np.where(c.birth_common[i[equal]], lv.BIRTH_EQUAL_COMMON, lv.BIRTH_EQUAL)
    out[((a == 0) | (b == 0)) & ~confirmed] = lv.BIRTH_MISSING
    return out


def _signs_apart(signs: U8, i: I32, j: I32) -> tuple[Any, Any, Bool]:
    """How many signs of two numbers differ, the lowest place that differs, and whether it is one exchange of neighbours."""
    differs = signs[i] != signs[j]
    apart = differs.sum(axis=1, dtype=np.int8)
    lowest = np.argmax(differs[:, ::-1], axis=1)
    swapped = np.zeros(len(i), dtype=bool)
    two = np.flatnonzero(apart == 2)
    low = signs.shape[1] - 1 - lowest[two]
    a, b = i[two], j[two]
    swapped[two] = (signs[a, low] == signs[b, low - 1]) & (signs[b, low] == signs[a, low - 1]) & differs[two, low - 1]
    return apart, lowest, swapped


def _nik(c: Columns, i: I32, j: I32) -> U8:
    a, b = c.nik[i], c.nik[j]
    out = np.zeros(len(i), dtype=np.uint8)
    both = np.flatnonzero((a > 0) & (b > 0))
    a, b = a[both], b[both]
    if not len(both):
        return out
    doubtful = (
        c.nik_disagrees[i[both]] | c.nik_disagrees[j[both]] | (c.nik_birth[i[both]] == 0) | (c.nik_birth[j[both]] == 0)
    )
    level = np.where(doubtful, lv.NIK_DOUBTFUL, lv.NIK_DIFFERENT).astype(np.uint8)
    level[a // 10**4 % 10**6 == b // 10**4 % 10**6] = lv.NIK_OTHER_REGION
    apart, lowest, swapped = _signs_apart(c.nik_signs, i[both], j[both])
    level[((apart == 1) | swapped) & (lowest >= 4)] = lv.NIK_ONE_DIGIT
    level[_one_lost(a, b)] = lv.NIK_ONE_DIGIT
    level[a // 10**4 == b // 10**4] = lv.NIK_OTHER_SERIAL
    level[(a // 10 == b // 10) & ((a % 10 == 0) | (b % 10 == 0))] = lv.NIK_LAST_DIGIT
    level[a == b] = lv.NIK_EQUAL
    out[both] = level
    return out


def _one_lost(a: I64, b: I64) -> Bool:
    """Whether the longer number is the shorter one with one digit more."""
    short, long = np.minimum(a, b), np.maximum(a, b)
    lost = np.zeros(len(a), dtype=bool)
    at = np.flatnonzero(long // np.maximum(short, 1) >= 4)
    for k in at:
        x, y = str(short[k]), str(long[k])
        lost[k] = len(y) == len(x) + 1 and any(y[:p] + y[p + 1 :] == x for p in range(len(y)))
    return lost


def _passport(c: Columns, i: I32, j: I32) -> U8:
    a, b = c.passport[i], c.passport[j]
    out = np.zeros(len(i), dtype=np.uint8)
    both = np.flatnonzero((a > 0) & (b > 0))
    a, b = a[both], b[both]
    years = np.abs(c.event[i[both]] // 10000 - c.event[j[both]] // 10000)
    level = np.where(years >= RENEWAL_YEARS, 3, 4).astype(np.uint8)
    apart, _, swapped = _signs_apart(c.passport_signs, i[both], j[both])
    level[(apart == 1) | swapped | (a // 36 == b) | (b // 36 == a)] = 2
    level[a == b] = 1
    out[both] = level
    return out


def _similar_places(c: Columns, a: I32, b: I32) -> Bool:
    """Places that differ by a letter or two: typing errors of one place."""
    return few_edits(c.places, a, b, 4, 9)


def _both_nik(c: Columns, i: I32, j: I32) -> Bool:
    out: Bool = (c.nik[i] > 0) & (c.nik[j] > 0)
    return out


def _place(c: Columns, codes: I32, i: I32, j: I32) -> U8:
    a, b = codes[i], codes[j]
    out = np.full(len(i), 3, dtype=np.uint8)
    at = np.flatnonzero((a >= 0) & (b >= 0) & (a != b))
    if len(at):
        out[at[_similar_places(c, a[at], b[at])]] = 2
    out[a == b] = 1
    out[(a < 0) | (b < 0)] = 0
    return out


def _birth_place(c: Columns, i: I32, j: I32) -> U8:
    a, b = c.birth_place[i], c.birth_place[j]
    out = _place(c, c.birth_place, i, j)
    out[out == 3] = 4
    home = ((a == c.home[j]) | (a == c.village[j]) | (b == c.home[i]) | (b == c.village[i])) & (a >= 0) & (b >= 0)
    out[home & (out == 4)] = 3
    if len(c.provinces):
        out[((a >= 0) & c.provinces[a]) | ((b >= 0) & c.provinces[b])] = 0
    return out


def _phone(c: Columns, i: I32, j: I32) -> U8:
    a, b = c.phone[i], c.phone[j]
    out = np.where(a == b, np.where(c.phone_shared[i], 2, 1), 3).astype(np.uint8)
    out[(a == 0) | (b == 0)] = 0
    return out


def _country(c: Columns, i: I32, j: I32) -> U8:
    a, b = c.country[i], c.country[j]
    out = np.where(a == b, np.where(c.country_rarity[i] >= _RARE_COUNTRY, 1, 2), 3).astype(np.uint8)
    out[(a < 0) | (b < 0)] = 0
    return out
