"""The share of matches differs from group to group of pairs: each group's weights are shifted to its own."""

from dataclasses import replace

import numpy as np

from selaras.engines.linkage.comparing import U64
from selaras.engines.linkage.grouping import I16, KINDS, NEIGHBOURS, NO_NIK, ONLY_PASSPORT, WITNESSES
from selaras.engines.linkage.lending import I8
from selaras.engines.linkage.model import F64, Model, passport_weights, weigh
from selaras.engines.linkage.tallying import MIDDLE, PASSPORT_LEVELS, Tally, by_levels, sigmoid, tallies

_LEAST_PAIRS = 200
# A share that reproduces itself runs away on weights that are too sure; one that was seen does not.
_MOST_SHIFT, _MOST_SEEN_SHIFT = 2.0, 8.0
_AT_ONCE = 64
_ROUNDS = 300
_PAIRS_BEHIND = 20.0
_SETTLED = 1e-5
# Of the candidates in the registers that were studied about one in four was a match: what the starting table is made for.
_USUAL_SHARE = 0.25
# Of pairs whose NIKs differ in the serial alone about one in eight was one person with two NIKs in the registers that were
# studied; as many pairs stand behind that. Where passports hardly ever agree they tell nothing.
_USUAL_NEIGHBOURS, _NEIGHBOURS_BEHIND, _LEAST_RATE = 0.13, 20.0, 0.02


def shift_groups(model: Model, pattern: U64, group: I16, lent: I8 | None = None) -> Model:
    """Give each group of pairs (see `grouping`) the shift of all its weights that its own pairs call for.

    Pairs with witnesses: the shift at which the weights without the NIK expect as many matches as the NIKs find. Pairs without a NIK
    take it over: who lacks a NIK is as likely a match as who has one and looks alike; where two registers hardly have a NIK in
    common those that passports lend their rows are the witnesses (`lent`, see `lending`), or else the passports. Pairs that only
    a number found start from it and move to the share that reproduces itself (Saerens, Latinne and Decaestecker, 2002). Neighbours'
    birth, home, sex and often mother agree whoever they are, so their share is read off the passports.
    """
    weight = weigh(model, pattern, group)
    nik, passport = by_levels(model)
    shifts: dict[int, float] = {}
    size = np.bincount(group, minlength=1)
    groups = [int(g) for g in np.flatnonzero(size)]
    passports: dict[int, F64] = {}
    anchored = {g - g % KINDS for g in groups if g % KINDS == WITNESSES and size[g] >= _LEAST_PAIRS}
    by_passport = {g for g in groups if g % KINDS == NO_NIK and g - g % KINDS not in anchored}
    # Anchors first; a chunk of groups a turn, for of many registers there are many groups.
    order = sorted(groups, key=lambda g: (g % KINDS != WITNESSES, g % KINDS != NO_NIK))
    for start in range(0, len(order), _AT_ONCE):
        chunk = order[start : start + _AT_ONCE]
        for own, tally in tallies(chunk, model, pattern, group, weight, by_passport, lent).items():
            kind, anchor = own % KINDS, own - own % KINDS
            begin = shifts.get(anchor, 0.0)
            if kind == WITNESSES:
                passports[own] = tally.passports
                shifts[own] = _of_witnesses(tally, nik)
            elif kind == NEIGHBOURS:
                shifts[own] = _of_neighbours(tally, passports.get(anchor, np.zeros(4)), nik)
            elif own in by_passport:
                shifts[own] = _without_niks(tally, nik, passport, begin)
            elif kind == NO_NIK or (kind == ONLY_PASSPORT and anchor in anchored):
                shifts[own] = begin
            elif tally.said.sum() >= _LEAST_PAIRS:
                shifts[own] = _of_itself(tally, nik, shifts.get(anchor + NO_NIK, begin) if kind == ONLY_PASSPORT else begin)
            elif kind == ONLY_PASSPORT:
                shifts[own] = shifts.get(anchor + NO_NIK, begin)
    return replace(model, intercepts=shifts)


def _of_witnesses(tally: Tally, nik: F64) -> float:
    """The shift at which the other columns expect as many matches as they and the NIK together find.

    How often the NIKs of a person differ is these two registers' own: one of them may type them worse than all together do.
    A few pairs stand behind no shift at all.
    """
    unaided = replace(tally, said=tally.said.sum(axis=0, keepdims=True))
    pairs = float(unaided.said.sum())
    usual = unaided.share(np.zeros(1))
    there = tally.said.sum(axis=1)
    own, shift = nik, 0.0
    for _ in range(_ROUNDS):
        same = (sigmoid(MIDDLE + shift + own[:, None]) * tally.said).sum(axis=1)
        own = _nik_among(same, there, nik)
        share = (float(same.sum()) + _PAIRS_BEHIND * usual) / (pairs + _PAIRS_BEHIND)
        before, shift = shift, _shift_to(share, unaided, np.zeros(1))
        if abs(shift - before) < _SETTLED:
            break
    return shift


def _of_passports(tally: Tally, passport: F64) -> float:
    """The shift at which the other columns expect as many matches as they and the passports together find.

    How often a person shows two passports is these two registers' own: one may be years older than the other.
    """
    said = tally.said[1:PASSPORT_LEVELS]
    unaided = replace(tally, said=said.sum(axis=0, keepdims=True))
    pairs, usual, own, shift = float(said.sum()), passport[:PASSPORT_LEVELS], passport[:PASSPORT_LEVELS], 0.0
    for _ in range(_ROUNDS):
        same = (sigmoid(MIDDLE + shift + own[1:, None]) * said).sum(axis=1)
        own = passport_weights(np.append(0.0, same), usual)
        share = (float(same.sum()) + _PAIRS_BEHIND * unaided.share(np.zeros(1))) / (pairs + _PAIRS_BEHIND)
        before, shift = shift, _shift_to(share, unaided, np.zeros(1))
        if abs(shift - before) < _SETTLED:
            break
    return shift


def _without_niks(tally: Tally, nik: F64, passport: F64, begin: float) -> float:
    """The shift of pairs of which one lacks a NIK, in registers that hardly share a NIK: by NIKs lent or passports, if they have them."""
    if tally.lent.sum() >= _LEAST_PAIRS:
        return _of_witnesses(tally.by_lent(), nik)
    with_passports = tally.said[1:].sum()
    if with_passports >= _LEAST_PAIRS:
        return _of_passports(tally, passport)
    return _of_itself(tally, passport, begin, _USUAL_SHARE) if tally.said.sum() >= _LEAST_PAIRS else begin


def _nik_among(same: F64, there: F64, nik: F64) -> F64:
    """ln P(NIK level | same) / P(NIK level | other) from pairs counted by level, behind which stand some of the common weights."""
    behind = _PAIRS_BEHIND * (there + 1) / (there + 1).sum()
    likely = sigmoid(nik)
    own, other = same + behind * likely, there - same + behind * (1 - likely)
    found: F64 = np.log(own / own.sum()) - np.log(other / other.sum())
    # What never speaks for the same person does not in these registers either.
    return np.where(nik <= 0, np.minimum(found, 0), found)


def _of_itself(tally: Tally, weights: F64, begin: float, usual: float | None = None) -> float:
    """The shift that reproduces its own share of matches, from `begin` on, at most `_MOST_SHIFT` away from it.

    `usual`: the share that the weights were made for, else what they give at `begin`.
    """
    share = tally.share(begin + weights)
    first = share if usual is None else usual
    for _ in range(_ROUNDS):
        before, share = share, tally.share(begin + weights + _odds(share) - _odds(first))
        if abs(share - before) < _SETTLED / 100:
            break
    return begin + float(np.clip(_odds(share) - _odds(first), -_MOST_SHIFT, _MOST_SHIFT))


def _of_neighbours(tally: Tally, like: F64, nik: F64) -> float:
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


def _shift_to(share: float, tally: Tally, offsets: F64) -> float:
    """The shift of all weights at which the mean probability is the share: halving, since it rises with the shift."""
    low, high = -_MOST_SEEN_SHIFT, _MOST_SEEN_SHIFT
    for _ in range(40):
        shift = (low + high) / 2
        low, high = (shift, high) if tally.share(offsets + shift) < share else (low, shift)
    return low


def _odds(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(held / (1 - held)))
