"""The share of matches differs from group to group of pairs: each group's weights are shifted to its own."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import BITS, U64, WIDTH
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.grouping import I16, KINDS, NEIGHBOURS, NO_NIK, WITNESSES
from selaras.engines.linkage.lending import I8, SAME
from selaras.engines.linkage.model import BIRTH_COLUMN, F32, F64, Model, weigh

_PASSPORT_COLUMN = 1 + [comparison.name for comparison in lv.COMPARISONS].index("passport")

_LEAST_PAIRS = 200
# A share that reproduces itself runs away on weights that are too sure; one that was seen does not.
_MOST_SHIFT, _MOST_SEEN_SHIFT = 2.0, 8.0
_LOWEST, _STEP, _BINS = -30.0, 0.05, 1200
_MIDDLE = _LOWEST + _STEP * (np.arange(_BINS) + 0.5)
_AT_ONCE = 64
_ROUNDS = 300
_PAIRS_BEHIND = 20.0
_SETTLED = 1e-5
_NOTHING_LENT = np.zeros(0, dtype=np.int8)
# Of pairs whose NIKs differ in the serial alone about one in eight was one person with two NIKs in the registers that were
# studied; as many pairs stand behind that. Where passports hardly ever agree they tell nothing.
_USUAL_NEIGHBOURS, _NEIGHBOURS_BEHIND, _LEAST_RATE = 0.13, 20.0, 0.02


@dataclass(frozen=True)
class _Tally:
    """Pairs of one group. `said`: by agreeing birth and NIK level (as `Model.nik`, in one row) a histogram of the weights without
    the NIK; `passports`: pairs in which both have one, in which they agree, and each of these by how likely the pairs are matches;
    `lent`: as `said`, of pairs without a NIK whose rows were lent one (see `lending`) and whose passports do not agree."""

    said: F64
    passports: F64
    lent: F64

    def by_lent(self) -> "_Tally":
        """The pairs whose rows were lent a NIK, as if it were their own."""
        return _Tally(self.lent, self.passports, self.lent)

    def matches(self, offsets: F64) -> float:
        """Expected matches when so much is added to the weights of each row of `said`."""
        return float((_sigmoid(_MIDDLE + offsets[:, None]) * self.said).sum())

    def share(self, offsets: F64) -> float:
        """Expected share of matches."""
        return self.matches(offsets) / float(self.said.sum())


def shift_groups(model: Model, pattern: U64, group: I16, lent: I8 | None = None) -> Model:
    """Give each group of pairs (see `grouping`) the shift of all its weights that its own pairs call for.

    Pairs with witnesses: the shift at which the weights without the NIK expect as many matches as the NIKs find. Pairs without a NIK
    take it over: who lacks a NIK is as likely a match as who has one and looks alike; where a register has no NIKs at all,
    those that passports lend its rows are the witnesses (`lent`, see `lending`). Pairs that only the NIK found start from it
    and move to the share that reproduces itself (Saerens, Latinne and Decaestecker, 2002). Neighbours' birth, home, sex and
    often mother agree whoever they are, so their share is read off the passports.
    """
    weight = weigh(model, pattern, group)
    nik = np.ascontiguousarray(model.nik.ravel())
    shifts: dict[int, float] = {}
    groups = [int(g) for g in np.flatnonzero(np.bincount(group, minlength=1))]
    passports: dict[int, F64] = {}
    # Anchors first; a chunk of groups a turn, for of many registers there are many groups.
    order = sorted(groups, key=lambda g: g % KINDS != WITNESSES)
    for start in range(0, len(order), _AT_ONCE):
        for own, tally in _tallies(order[start : start + _AT_ONCE], pattern, group, weight, nik, lent).items():
            kind, anchor = own % KINDS, own - own % KINDS
            begin = shifts.get(anchor, 0.0)
            if kind == WITNESSES:
                passports[own] = tally.passports
            if kind == NEIGHBOURS:
                shifts[own] = _of_neighbours(tally, passports.get(anchor, np.zeros(4)), nik)
            elif kind == NO_NIK and anchor not in shifts and tally.lent.sum() >= _LEAST_PAIRS:
                shifts[own] = _of_witnesses(tally.by_lent(), nik)
            elif kind == NO_NIK:
                shifts[own] = begin
            elif kind == WITNESSES:
                shifts[own] = _of_witnesses(tally, nik)
            elif tally.said.sum() >= _LEAST_PAIRS:
                shifts[own] = _of_itself(tally, nik, begin)
    return replace(model, intercepts=shifts)


def _of_witnesses(tally: _Tally, nik: F64) -> float:
    """The shift at which the other columns expect as many matches as they and the NIK together find.

    How often the NIKs of a person differ is these two registers' own: one of them may type them worse than all together do.
    A few pairs stand behind no shift at all.
    """
    unaided = _Tally(tally.said.sum(axis=0, keepdims=True), tally.passports, tally.lent)
    pairs = float(unaided.said.sum())
    usual = unaided.share(np.zeros(1))
    there = tally.said.sum(axis=1)
    own, shift = nik, 0.0
    for _ in range(_ROUNDS):
        same = (_sigmoid(_MIDDLE + shift + own[:, None]) * tally.said).sum(axis=1)
        own = _nik_among(same, there, nik)
        share = (float(same.sum()) + _PAIRS_BEHIND * usual) / (pairs + _PAIRS_BEHIND)
        before, shift = shift, _shift_to(share, unaided, np.zeros(1))
        if abs(shift - before) < _SETTLED:
            break
    return shift


def _nik_among(same: F64, there: F64, nik: F64) -> F64:
    """ln P(NIK level | same) / P(NIK level | other) from pairs counted by level, behind which stand some of the common weights."""
    behind = _PAIRS_BEHIND * (there + 1) / (there + 1).sum()
    likely = _sigmoid(nik)
    own, other = same + behind * likely, there - same + behind * (1 - likely)
    found: F64 = np.log(own / own.sum()) - np.log(other / other.sum())
    # What never speaks for the same person does not in these registers either.
    return np.where(nik <= 0, np.minimum(found, 0), found)


def _of_itself(tally: _Tally, nik: F64, begin: float) -> float:
    """The shift that reproduces its own share of matches, from `begin` on, at most `_MOST_SHIFT` away from it."""
    first = share = tally.share(begin + nik)
    for _ in range(_ROUNDS):
        before, share = share, tally.share(begin + nik + _odds(share) - _odds(first))
        if abs(share - before) < _SETTLED / 100:
            break
    return begin + float(np.clip(_odds(share) - _odds(first), -_MOST_SHIFT, _MOST_SHIFT))


def _of_neighbours(tally: _Tally, like: F64, nik: F64) -> float:
    """The shift to the share of matches that follows from how often passports agree, and how often those of a match do.

    `like`: the passports of pairs with witnesses. Two people do not share a passport. A few pairs of the share that is usual elsewhere
    stand behind it, for registers that hold few passports.
    """
    pairs, agree = tally.passports[:2]
    among, agreeing = like[2:]
    rate = agreeing / among if among else 0.0
    matches = agree / rate if rate > _LEAST_RATE else _USUAL_NEIGHBOURS * pairs
    share = (matches + _NEIGHBOURS_BEHIND * _USUAL_NEIGHBOURS) / (pairs + _NEIGHBOURS_BEHIND)
    return _shift_to(min(share, 0.9), tally, nik)


def _tallies(
    groups: list[int], pattern: U64, group: I16, weight: F32, nik: F64, lent: I8 | None
) -> dict[int, _Tally]:
    """The tally of each of these groups, in one turn over all pairs."""
    place = np.full(int(group.max(initial=0)) + 1, -1, dtype=np.int32)
    place[groups] = np.arange(len(groups))
    said, passports = np.zeros((len(groups), len(nik), len(_MIDDLE))), np.zeros((len(groups), 4))
    borrowed = np.zeros_like(said) if lent is not None else np.zeros((len(groups), 1, 1))
    _count(pattern, group, weight, place, nik, lent if lent is not None else _NOTHING_LENT, said, passports, borrowed)
    return {own: _Tally(said[at], passports[at], borrowed[at]) for at, own in enumerate(groups)}


@compiled
def _count(
    pattern: U64, group: I16, weight: F32, place: Any, nik: F64, lent: Any, said: F64, passports: F64, borrowed: F64
) -> None:
    """Add up what `_Tally` holds."""
    fifteen, levels, last = np.uint64(15), len(nik) // 2, said.shape[2] - 1
    for at in range(len(pattern)):
        own = place[group[at]]
        if own < 0:
            continue
        birth = (pattern[at] >> np.uint64(BITS * (WIDTH - 1 - BIRTH_COLUMN))) & fifteen
        level = np.int64((pattern[at] >> np.uint64(BITS * (WIDTH - 1))) & fifteen)
        agrees = levels if lv.BIRTH_EQUAL <= birth <= lv.BIRTH_IN_NIK else 0
        level += agrees
        bin_of = min(max(int((weight[at] - nik[level] - _LOWEST) / _STEP), 0), last)
        said[own, level, bin_of] += 1
        passport = (pattern[at] >> np.uint64(BITS * (WIDTH - 1 - _PASSPORT_COLUMN))) & fifteen
        apart = passport != lv.PASSPORT_EQUAL and passport != lv.PASSPORT_SLIP
        # Passports that agree lend both rows the same NIK: such a pair would bear itself out.
        if len(lent) and lent[at] and level == agrees + lv.NIK_MISSING and apart:
            borrowed[own, agrees + (lv.NIK_EQUAL if lent[at] == SAME else lv.NIK_DIFFERENT), bin_of] += 1
        if passport != lv.PASSPORT_MISSING:
            belief = 1 / (1 + np.exp(-np.float64(weight[at])))
            passports[own, 0] += 1
            passports[own, 2] += belief
            if passport == lv.PASSPORT_EQUAL or passport == lv.PASSPORT_SLIP:
                passports[own, 1] += 1
                passports[own, 3] += belief


def _shift_to(share: float, tally: _Tally, offsets: F64) -> float:
    """The shift of all weights at which the mean probability is the share: halving, since it rises with the shift."""
    low, high = -_MOST_SEEN_SHIFT, _MOST_SEEN_SHIFT
    for _ in range(40):
        shift = (low + high) / 2
        low, high = (shift, high) if tally.share(offsets + shift) < share else (low, shift)
    return low


def _sigmoid(x: F64) -> F64:
    out: F64 = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return out


def _odds(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(held / (1 - held)))
