"""Groups of pairs that differ in how many of them are matches: which registers, and how much their NIKs tell."""

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.blocking import NIK_KEY, PASSPORT_KEY, Candidates
from selaras.engines.linkage.comparing import U64, level_of

I16 = npt.NDArray[np.int16]
# Kinds of pairs: both rows have a NIK, one lacks it, only the NIK found the pair, the NIKs are those of neighbours or twins,
# one lacks a NIK and only the passport found them.
WITNESSES, NO_NIK, ONLY_NIK, NEIGHBOURS, ONLY_PASSPORT = range(5)
KINDS = 5
# Two registers and a kind are one small number: with more registers it would overflow.
MOST_REGISTERS = 80


def groups_of(source: npt.NDArray[np.uint16], found: Candidates, pattern: U64) -> I16:
    """Group of each pair, `group % KINDS` is its kind; `source`: register of each row."""
    a, b = source[found.left].astype(np.int16), source[found.right].astype(np.int16)
    many = int(source.max(initial=0)) + 1
    nik = level_of(pattern, lv.NIK.name)
    kind = np.where(found.found == NIK_KEY, np.int16(ONLY_NIK), (nik == lv.NIK_MISSING).astype(np.int16))
    kind[nik == lv.NIK_OTHER_SERIAL] = NEIGHBOURS
    kind[(found.found == PASSPORT_KEY) & (nik == lv.NIK_MISSING)] = ONLY_PASSPORT
    group: I16 = (np.minimum(a, b) * np.int16(many) + np.maximum(a, b)) * np.int16(KINDS) + kind
    return group


def witnesses(found: Candidates, group: I16) -> npt.NDArray[np.bool_]:
    """Pairs with a NIK on both sides that something else than the NIK found."""
    kind = group % KINDS
    return np.asarray((kind == WITNESSES) | ((kind == NEIGHBOURS) & (found.found != NIK_KEY)))


def passport_witnesses(found: Candidates, pattern: U64) -> npt.NDArray[np.bool_]:
    """Pairs with a passport on both sides that something else than the passport found."""
    return np.asarray((level_of(pattern, "passport") != lv.PASSPORT_MISSING) & (found.found != PASSPORT_KEY))
