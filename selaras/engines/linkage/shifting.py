"""The share of matches differs from group to group of pairs: each group's weights are shifted to its own."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import U64, level_of
from selaras.engines.linkage.grouping import I16, KINDS, NEIGHBOURS, NO_NIK, WITNESSES
from selaras.engines.linkage.model import F32, F64, Model, birth_agreement, weigh

_LEAST_PAIRS = 200
# A share that reproduces itself runs away on weights that are too sure; one that was seen does not.
_MOST_SHIFT, _MOST_SEEN_SHIFT = 2.0, 8.0
_BINS = np.linspace(-30, 30, 1201)
_MIDDLE = (_BINS[:-1] + _BINS[1:]) / 2
_ROUNDS = 300
_SETTLED = 1e-5
# Of pairs whose NIKs differ in the serial alone about one in eight was one person with two NIKs in the registers that were
# studied; as many pairs stand behind that. Where passports hardly ever agree they tell nothing.
_USUAL_NEIGHBOURS, _NEIGHBOURS_BEHIND, _LEAST_RATE = 0.13, 20.0, 0.02


def shift_groups(model: Model, pattern: U64, group: I16) -> Model:
    """Give each group of pairs (see `grouping`) the shift of all its weights that its own pairs call for.

    Pairs with witnesses: the shift at which the weights without the NIK expect as many matches as the NIKs find. Pairs without a NIK
    take it over: who lacks a NIK is as likely a match as who has one and looks alike. Pairs that only the NIK found
    start from it and move to the share that reproduces itself (Saerens, Latinne and Decaestecker, 2002). Neighbours' birth, home,
    sex and often mother agree whoever they are, so their share is read off the passports.
    """
    weight = weigh(model, pattern, group)
    shifts: dict[int, float] = {}
    groups = [int(g) for g in np.flatnonzero(np.bincount(group, minlength=1))]
    for own in sorted(groups, key=lambda g: g % KINDS != WITNESSES):
        mine, kind, anchor = group == own, own % KINDS, own - own % KINDS
        if kind == NEIGHBOURS:
            shifts[own] = _of_neighbours(weight, pattern, mine, group == anchor)
        elif kind == NO_NIK:
            shifts[own] = shifts.get(anchor, 0.0)
        elif mine.sum() >= _LEAST_PAIRS:
            begin = shifts.get(anchor, 0.0)
            shifts[own] = _of_witnesses(model, weight, pattern, mine) if kind == WITNESSES else _of_itself(weight[mine], begin)
    return replace(model, intercepts=shifts)


def _of_witnesses(model: Model, weight: F32, pattern: U64, mine: npt.NDArray[np.bool_]) -> float:
    """The shift at which the other columns expect as many matches as they and the NIK together find."""
    level, agrees = level_of(pattern[mine], lv.NIK.name), birth_agreement(pattern[mine])
    said = weight[mine] - model.nik[agrees.astype(np.int64), level]
    what = agrees * len(lv.NIK.levels) + level
    kinds = [int(k) for k in np.flatnonzero(np.bincount(what))]
    counts = {k: _histogram(said[what == k]) for k in kinds}
    nik = model.nik.ravel()
    every = np.sum(list(counts.values()), axis=0)
    shift = 0.0
    for _ in range(_ROUNDS):
        found = sum(float((_sigmoid(_MIDDLE + shift + nik[k]) * count).sum()) for k, count in counts.items())
        before, shift = shift, _shift_to(found / every.sum(), every, _MOST_SEEN_SHIFT)
        if abs(shift - before) < _SETTLED:
            break
    return shift


def _of_itself(weight: F32, begin: float) -> float:
    """The shift that reproduces its own share of matches, from `begin` on, at most `_MOST_SHIFT` away from it."""
    count = _histogram(weight + begin)
    first = share = float((_sigmoid(_MIDDLE) * count).sum() / count.sum())
    for _ in range(_ROUNDS):
        before, share = share, float((_sigmoid(_MIDDLE + _odds(share) - _odds(first)) * count).sum() / count.sum())
        if abs(share - before) < _SETTLED / 100:
            break
    return begin + float(np.clip(_odds(share) - _odds(first), -_MOST_SHIFT, _MOST_SHIFT))


def _of_neighbours(weight: F32, pattern: U64, mine: npt.NDArray[np.bool_], like: npt.NDArray[np.bool_]) -> float:
    """The shift to the share of matches that follows from how often passports agree, and how often those of a match do.

    `like`: pairs with witnesses. Two people do not share a passport. A few pairs of the share that is usual elsewhere
    stand behind it, for registers that hold few passports.
    """
    passport, belief = level_of(pattern, "passport"), _sigmoid(weight[like].astype(np.float64))
    there, agrees = passport != lv.PASSPORT_MISSING, (passport == lv.PASSPORT_EQUAL) | (passport == lv.PASSPORT_SLIP)
    among = float((belief * there[like]).sum())
    rate = float((belief * agrees[like]).sum()) / among if among else 0.0
    pairs = float((there & mine).sum())
    matches = float((agrees & mine).sum()) / rate if rate > _LEAST_RATE else _USUAL_NEIGHBOURS * pairs
    share = (matches + _NEIGHBOURS_BEHIND * _USUAL_NEIGHBOURS) / (pairs + _NEIGHBOURS_BEHIND)
    return _shift_to(min(share, 0.9), _histogram(weight[mine]), _MOST_SEEN_SHIFT)


def _shift_to(share: float, count: F64, most: float) -> float:
    """The shift of all weights at which the mean probability is the share: halving, since it rises with the shift."""
    low, high = -most, most
    for _ in range(40):
        shift = (low + high) / 2
        less = (_sigmoid(_MIDDLE + shift) * count).sum() < share * count.sum()
        low, high = (shift, high) if less else (low, shift)
    return low


def _histogram(weight: npt.NDArray[np.floating]) -> F64:
    return np.histogram(np.clip(weight, _BINS[0], _BINS[-1]), _BINS)[0].astype(np.float64)


def _sigmoid(x: F64) -> F64:
    out: F64 = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return out


def _odds(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(held / (1 - held)))
