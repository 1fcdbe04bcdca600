"""The calibration curve tells sound probabilities from unsound ones without any truth."""

import dataclasses

import numpy as np

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.calibrating import calibration
from selaras.engines.linkage.model import starting_model
from selaras.engines.linkage.shifting import shift_groups
from tests.engines.linkage.test_shifting import MANY, drawn

GROUP = np.zeros(MANY, dtype=np.int16)


def drawn_with_slips(seed=1):
    """A tenth of the matches; one NIK in ten of a person is another one."""
    rng = np.random.default_rng(seed)
    pattern, same = drawn(0.3, lv.NIK_EQUAL, lv.NIK_DIFFERENT, passport_of_same=0.3)
    changed = same & (rng.random(MANY) < 0.1)
    slip = np.uint64(lv.NIK_EQUAL ^ lv.NIK_DIFFERENT) << np.uint64(4 * 12)
    return np.where(changed, pattern ^ slip, pattern), same


def gap(bins):
    return sum(b["pairs"] * abs(b["expected"] - b["observed"]) for b in bins) / sum(b["pairs"] for b in bins)


def test_it_lies_on_the_diagonal_when_the_weights_are_right_and_off_it_when_they_are_not():
    pattern, _ = drawn_with_slips()
    right = shift_groups(starting_model(), pattern, GROUP)
    bins = calibration(right, pattern, GROUP)
    assert sum(b["pairs"] for b in bins) == MANY and all(b["low"] <= b["expected"] <= b["high"] for b in bins)
    for error in (-6, -4, 4, 6):
        wrong = dataclasses.replace(right, intercepts={0: right.intercepts[0] + error})
        assert gap(calibration(wrong, pattern, GROUP)) > 4 * gap(bins)


def test_it_is_empty_where_nothing_tells():
    pattern, _ = drawn(0.3, lv.NIK_EQUAL, lv.NIK_DIFFERENT)
    assert calibration(starting_model(), pattern, GROUP) == []
    assert calibration(starting_model(), pattern[:0], GROUP[:0]) == []
