"""Two names in, one small level and the rarity of what they share out, in a compiled loop."""

from typing import Any

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.naming import F32
from selaras.engines.linkage.texts import U8, U64, begins, few_edits

_RARE_MOTHER = np.float32(6.0)
_EDGES = np.array(lv.RARITY_EDGES, dtype=np.float32)
_TYPING_FROM, _TWO_FROM = 3, 8


@compiled
def names_compared(
    table: I32, floats: F32, rarity: F32, spelt: U8, spelt_shape: U64, sounds: U8, sound_shape: U64, a: int, b: int
) -> tuple[int, Any]:
    """Level of two names (codes, -1 missing) and the rarity, in nats, of what they share.

    `table`, `floats`: the names, and the same memory read as floats; then by word: its rarity, letters and sound.
    """
    nothing = np.float32(0)
    if a < 0 or b < 0 or table[a, rc.HEARD] < 0 or table[b, rc.HEARD] < 0:
        return lv.NAME_MISSING, nothing
    if a == b:
        return lv.NAME_EQUAL, floats[a, rc.RARITY]
    met, exact, size_a, size_b = 0, 0, 0, 0
    met_a, met_b = 0, 0
    shared = nothing
    for y in range(rc.WORDS):
        size_b += table[b, rc.HEARD + y] >= 0
    for x in range(rc.WORDS):
        heard = table[a, rc.HEARD + x]
        if heard < 0:
            break
        size_a += 1
        for y in range(size_b):
            if table[b, rc.HEARD + y] == heard:
                met += 1
                met_a |= 1 << x
                met_b |= 1 << y
                exact += table[a, rc.SPELT + x] == table[b, rc.SPELT + y]
                shared += rarity[table[a, rc.SPELT + x]]
    rest_a, rest_b = size_a - met, size_b - met
    if rest_a == 0 and rest_b == 0:
        level = lv.NAME_EQUAL if exact == met else lv.NAME_PHONETIC
        return level, max(floats[a, rc.RARITY], floats[b, rc.RARITY])
    if table[a, rc.JOINED] == table[b, rc.JOINED] and table[a, rc.JOINED + 1] == table[b, rc.JOINED + 1]:
        return lv.NAME_PHONETIC, max(floats[a, rc.RARITY], floats[b, rc.RARITY])
    if rest_a == 0 or rest_b == 0:
        return (lv.NAME_PART_TWO if met > 1 else lv.NAME_PART_ONE if met else lv.NAME_DIFFERENT), shared
    near, cut = 0, 0
    gained = nothing
    for x in range(size_a):
        if met_a >> x & 1:
            continue
        left = table[a, rc.SPELT + x]
        for y in range(size_b):
            if met_b >> y & 1:
                continue
            right = table[b, rc.SPELT + y]
            if few_edits(sounds, sound_shape, left, right, _TYPING_FROM, _TWO_FROM):
                near += 1
                gained += min(rarity[left], rarity[right])
            elif begins(spelt, spelt_shape, left, right):
                cut += 1
            else:
                continue
            met_b |= 1 << y
            break
    fewer = min(rest_a, rest_b)
    if near >= fewer:
        return lv.NAME_TYPING, shared + gained
    if near + cut >= fewer:
        return lv.NAME_INITIAL, shared + gained
    return (lv.NAME_SOME_WORDS if met else lv.NAME_DIFFERENT), shared


@compiled
def rarity_level(name: int, info: float) -> int:
    """Grade of rarity: whole names and shared words have scales of their own; 0 where nothing is shared."""
    if name == lv.NAME_MISSING or name == lv.NAME_DIFFERENT:
        return 0
    grade = 1
    for edge in _EDGES:
        grade += info >= edge
    if name == lv.NAME_EQUAL or name == lv.NAME_PHONETIC:
        return grade
    return grade + len(_EDGES) + 1


@compiled
def mother_level(name: int, info: float) -> int:
    """Level of two mothers' names."""
    if name == lv.NAME_MISSING:
        return 0
    if name == lv.NAME_EQUAL or name == lv.NAME_PHONETIC:
        return 1 if info >= _RARE_MOTHER else 2
    if name == lv.NAME_TYPING or name == lv.NAME_PART_TWO or name == lv.NAME_INITIAL:
        return 3
    if name == lv.NAME_PART_ONE:
        return 4
    return 5 if name == lv.NAME_SOME_WORDS else 6
