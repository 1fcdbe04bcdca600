"""Groups of pairs that differ in how many of them are matches: which registers, and how much their NIKs tell."""

from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.blocking import NIK_KEY, PASSPORT_KEY, Candidates
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.comparing import BITS, U64, WIDTH, level_of
from selaras.engines.linkage.compiled import compiled, in_parts

I16 = npt.NDArray[np.int16]
# Kinds of pairs: both rows have a NIK, one lacks it, only the NIK found the pair, the NIKs are those of neighbours or twins,
# one lacks a NIK and only the passport found them.
WITNESSES, NO_NIK, ONLY_NIK, NEIGHBOURS, ONLY_PASSPORT = range(5)
KINDS = 5
# Two registers and a kind are one small number: with more registers it would overflow.
MOST_REGISTERS = 80


def groups_of(source: npt.NDArray[np.uint16], found: Candidates, pattern: U64) -> I16:
    """Group of each pair, `group % KINDS` is its kind; `source`: register of each row."""
    group: I16 = np.empty(len(found), dtype=np.int16)
    own, many = np.ascontiguousarray(source), int(source.max(initial=0)) + 1

    def part(i: int, j: int) -> None:
        _group(own, many, found.left[i:j], found.right[i:j], found.found[i:j], pattern[i:j], group[i:j])

    in_parts(len(found), part, least=1 << 18)
    return group


@compiled
def _group(source: Any, many: int, left: I32, right: I32, found: Any, pattern: U64, group: I16) -> None:
    for at in range(len(left)):
        a, b = np.int64(source[left[at]]), np.int64(source[right[at]])
        nik = pattern[at] >> np.uint64(BITS * (WIDTH - 1)) & np.uint64(15)
        kind = ONLY_NIK if found[at] == NIK_KEY else NO_NIK if nik == lv.NIK_MISSING else WITNESSES
        if nik == lv.NIK_OTHER_SERIAL:
            kind = NEIGHBOURS
        if found[at] == PASSPORT_KEY and nik == lv.NIK_MISSING:
            kind = ONLY_PASSPORT
        group[at] = (min(a, b) * many + max(a, b)) * KINDS + kind


def witnesses(found: Candidates, group: I16) -> npt.NDArray[np.bool_]:
    """Pairs with a NIK on both sides that something else than the NIK found."""
    kind = group % KINDS
    return np.asarray((kind == WITNESSES) | ((kind == NEIGHBOURS) & (found.found != NIK_KEY)))


def passport_witnesses(found: Candidates, pattern: U64) -> npt.NDArray[np.bool_]:
    """Pairs with a passport on both sides that something else than the passport found."""
    return np.asarray((level_of(pattern, "passport") != lv.PASSPORT_MISSING) & (found.found != PASSPORT_KEY))
