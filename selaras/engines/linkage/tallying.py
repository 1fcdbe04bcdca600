"""Pairs of each group counted by what they weigh without their witness: all that finding a group's share of matches reads."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import BITS, U64, WIDTH
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.grouping import I16
from selaras.engines.linkage.lending import I8, SAME
from selaras.engines.linkage.model import BIRTH_COLUMN, F32, F64, PASSPORT_COLUMN, Model

PASSPORT_LEVELS = len(lv.COMPARISONS[PASSPORT_COLUMN - 1].levels)
_LOWEST, _STEP, _BINS = -30.0, 0.05, 1200
MIDDLE = _LOWEST + _STEP * (np.arange(_BINS) + 0.5)
_NOTHING_LENT = np.zeros(0, dtype=np.int8)


@dataclass(frozen=True)
class Tally:
    """Pairs of one group. `said`: by agreeing birth and NIK level (as `Model.nik`, in one row) a histogram of the weights without
    the NIK, or by passport level of those without the passport; `passports`: pairs in which both have one, in which they agree,
    and each of these by how likely the pairs are matches; `lent`: as `said` by NIK, of pairs without a NIK whose rows were lent
    one (see `lending`) and whose passports do not agree."""

    said: F64
    passports: F64
    lent: F64

    def by_lent(self) -> "Tally":
        """The pairs whose rows were lent a NIK, as if it were their own."""
        return replace(self, said=self.lent)

    def matches(self, offsets: F64) -> float:
        """Expected matches when so much is added to the weights of each row of `said`."""
        return float((sigmoid(MIDDLE + offsets[:, None]) * self.said).sum())

    def share(self, offsets: F64) -> float:
        """Expected share of matches."""
        return self.matches(offsets) / float(self.said.sum())


def by_levels(model: Model) -> tuple[F64, F64]:
    """The weights of the NIK and of the passport, each in one row of the same length."""
    nik = np.ascontiguousarray(model.nik.ravel())
    passport = np.zeros_like(nik)
    passport[:PASSPORT_LEVELS] = model.passport
    return nik, passport


def tallies(
    groups: list[int], model: Model, pattern: U64, group: I16, weight: F32, by_passport: set[int], lent: I8 | None
) -> dict[int, Tally]:
    """The tally of each of these groups, in one turn over all pairs; those of `by_passport` are told by their passports."""
    place = np.full(int(group.max(initial=0)) + 1, -1, dtype=np.int32)
    place[groups] = np.arange(len(groups))
    told = np.array([own in by_passport for own in groups])
    nik, passport = by_levels(model)
    said, passports = np.zeros((len(groups), len(nik), len(MIDDLE))), np.zeros((len(groups), 4))
    borrowed = np.zeros_like(said) if lent is not None else np.zeros((len(groups), 1, 1))
    given = lent if lent is not None else _NOTHING_LENT
    _count(pattern, group, weight, place, nik, passport, told, given, said, passports, borrowed)
    return {own: Tally(said[at], passports[at], borrowed[at]) for at, own in enumerate(groups)}


@compiled
def _count(
    pattern: U64, group: I16, weight: F32, place: Any, nik: F64, passport: F64, told: Any, lent: Any, said: F64,
    passports: F64, borrowed: F64,
) -> None:  # fmt: skip
    """Add up what `Tally` holds."""
    fifteen, levels, last = np.uint64(15), len(nik) // 2, said.shape[2] - 1
    for at in range(len(pattern)):
        own = place[group[at]]
        if own < 0:
            continue
        birth = (pattern[at] >> np.uint64(BITS * (WIDTH - 1 - BIRTH_COLUMN))) & fifteen
        level = np.int64((pattern[at] >> np.uint64(BITS * (WIDTH - 1))) & fifteen)
        second = np.int64((pattern[at] >> np.uint64(BITS * (WIDTH - 1 - PASSPORT_COLUMN))) & fifteen)
        agrees = levels if lv.BIRTH_EQUAL <= birth <= lv.BIRTH_IN_NIK else 0
        equal = second == lv.PASSPORT_EQUAL or second == lv.PASSPORT_SLIP
        without = np.float64(weight[at]) - (passport[second] if told[own] else nik[agrees + level])
        bin_of = min(max(int((without - _LOWEST) / _STEP), 0), last)
        said[own, second if told[own] else agrees + level, bin_of] += 1
        # Passports that agree lend both rows the same NIK: such a pair would bear itself out.
        if len(lent) and lent[at] and level == lv.NIK_MISSING and not equal:
            bin_of = min(max(int((np.float64(weight[at]) - _LOWEST) / _STEP), 0), last)
            borrowed[own, agrees + (lv.NIK_EQUAL if lent[at] == SAME else lv.NIK_DIFFERENT), bin_of] += 1
        if second != lv.PASSPORT_MISSING:
            belief = 1 / (1 + np.exp(-np.float64(weight[at])))
            passports[own, 0] += 1
            passports[own, 2] += belief
            if equal:
                passports[own, 1] += 1
                passports[own, 3] += belief


def sigmoid(x: F64) -> F64:
    """The probability of ln odds."""
    out: F64 = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return out
