"""Two NIKs or two passports in, one small level out, in a compiled loop."""

from typing import Any

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.compiled import compiled

RENEWAL_YEARS = 4
# Digits of a NIK below this place are its serial: a slip there is a neighbour's or twin's number as well.
_SERIAL = 4
# Places 4 to 9 hold the birth date.
_BIRTH_SIGNS = np.uint64(0xFFFFFF0000)
_ONE = np.uint64(1)
# The least number of sixteen digits, as nearly all are: two of them have lost none, and need no division.
_SIXTEEN = 10**15


@compiled
def a_slip_apart(a: Any, b: Any, bits: int, from_place: int) -> bool:
    """Whether numbers held sign by sign differ in one sign, or by one exchange of neighbours, not below `from_place`."""
    differs = a ^ b
    width = np.uint64(bits)
    mask = (_ONE << width) - _ONE
    place = 0
    while differs & mask == 0:
        differs >>= width
        a >>= width
        b >>= width
        place += 1
    if place < from_place:
        return False
    rest = differs >> width
    if rest == 0:
        return True
    return bool(rest <= mask and a & mask == (b >> width) & mask and b & mask == (a >> width) & mask)


@compiled
def one_lost(a: int, b: int) -> bool:
    """Whether the longer number is the shorter one with one digit more."""
    short, long = min(a, b), max(a, b)
    # A digit less halves a number at least: 18… without its 1 is 8….
    if long // 2 < short or (short >= _SIXTEEN and long < 10 * _SIXTEEN):
        return False
    # The digit left out at place p: what stands above it moves one place down.
    power = 1
    while power <= long:
        if long // (power * 10) * power + long % power == short:
            digits = 0
            while long:
                long //= 10
                digits += 1
            while short:
                short //= 10
                digits -= 1
            return digits == 1
        power *= 10
    return False


@compiled
def one_sign_lost(a: Any, b: Any, bits: int) -> bool:
    """Whether the longer of two numbers held sign by sign is the shorter one with one sign more."""
    short, long = min(a, b), max(a, b)
    width, below = np.uint64(bits), np.uint64(0)
    above_all = _ONE
    while above_all <= short:
        above_all <<= width
    if long < above_all:  # as many signs
        return False
    while long >> below:
        above = below + width
        if ((long >> above) << below) | (long & ((_ONE << below) - _ONE)) == short:
            return True
        below = above
    return False


@compiled
def nik_level(a: Any, b: Any) -> int:
    """Level of two NIKs."""
    one, two = a.nik, b.nik
    if one <= 0 or two <= 0:
        return lv.NIK_MISSING
    if one == two:
        return lv.NIK_EQUAL
    signs_a, signs_b = a.nik_signs, b.nik_signs
    differs = signs_a ^ signs_b
    if differs != 0 and differs <= np.uint64(15) and (signs_a & np.uint64(15) == 0 or signs_b & np.uint64(15) == 0):
        return lv.NIK_LAST_DIGIT
    if differs != 0 and differs <= np.uint64(0xFFFF):
        return lv.NIK_OTHER_SERIAL
    slip = differs != 0 and a_slip_apart(signs_a, signs_b, rc.NIK_BITS, _SERIAL)
    if (slip and differs & _BIRTH_SIGNS != 0) or one_lost(one, two):
        return lv.NIK_ONE_DIGIT
    if slip:
        # Whoever was first of her day in the next district bears the same digits but one: a slip, or a neighbour.
        return lv.NIK_REGION_SLIP
    if differs & _BIRTH_SIGNS == 0:
        return lv.NIK_OTHER_REGION
    doubtful = (a.flags | b.flags) & rc.NIK_DISAGREES or a.nik_birth == 0 or b.nik_birth == 0
    return lv.NIK_DOUBTFUL if doubtful else lv.NIK_DIFFERENT


@compiled
def passport_level(a: Any, b: Any) -> int:
    """Level of two passports: equal, a slip apart, or another one, which years apart is a renewal."""
    one, two = a.passport, b.passport
    if one == 0 or two == 0:
        return 0
    if one == two:
        return 1
    if a_slip_apart(one, two, rc.PASSPORT_BITS, 0) or one_sign_lost(one, two, rc.PASSPORT_BITS):
        return 2
    return 3 if abs(a.event_year - b.event_year) >= RENEWAL_YEARS else 4
