"""The calibration curve tells sound probabilities from unsound ones without any truth."""

import dataclasses

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.calibrating import calibration
from selaras.engines.linkage.model import starting_model
from selaras.engines.linkage.shifting import shift_groups
from tests.engines.linkage.test_shifting import MANY, drawn, patterns

GROUP = np.zeros(MANY, dtype=np.int16)


def hopeless(count):
    """Pairs in which nothing agrees."""
    levels = (lv.NIK_DIFFERENT, lv.NAME_DIFFERENT, lv.PASSPORT_MISSING)
    return patterns(*(np.full(count, level) for level in levels))


def drawn_with_slips(seed=1):
    """A fifth is hopeless, else names tell little; one NIK in fifty of a person is another one."""
    rng = np.random.default_rng(seed)
    pattern, same = drawn(0.3, lv.NIK_EQUAL, lv.NIK_DIFFERENT, passport_of_same=0.3, apart=lv.NAME_SOME_WORDS)
    changed = same & (rng.random(MANY) < 0.02)
    slip = np.uint64(lv.NIK_EQUAL ^ lv.NIK_DIFFERENT) << np.uint64(4 * 12)
    pattern = np.where(changed, pattern ^ slip, pattern)
    pattern[: MANY // 5] = hopeless(MANY // 5)
    return pattern, same


def silent_of(comparison):
    """The starting table, but for one comparison that says nothing."""
    names = [name for c in lv.COMPARISONS for name in [c.name] * len(c.levels)]
    model = starting_model()
    return dataclasses.replace(model, weights=np.where([n == comparison for n in names], 0.0, model.weights))


def gap(bins):
    return sum(b["pairs"] * abs(b["expected"] - b["observed"]) for b in bins) / sum(b["pairs"] for b in bins)


def test_it_lies_on_the_diagonal_when_the_weights_are_right_and_off_it_when_they_are_not():
    pattern, _ = drawn_with_slips()
    right = shift_groups(silent_of("passport"), pattern, GROUP)
    bins = calibration(right, pattern, GROUP)
    assert sum(b["pairs"] for b in bins) == MANY and all(b["low"] <= b["expected"] <= b["high"] for b in bins)
    for error in (-4, -2, 2, 4):
        wrong = dataclasses.replace(right, intercepts={0: right.intercepts[0] + error})
        assert gap(calibration(wrong, pattern, GROUP)) > 3 * gap(bins)


def test_it_is_empty_where_nothing_tells():
    pattern, _ = drawn(0.3, lv.NIK_EQUAL, lv.NIK_DIFFERENT)
    assert calibration(starting_model(), pattern, GROUP) == []
    assert calibration(starting_model(), pattern[:0], GROUP[:0]) == []
