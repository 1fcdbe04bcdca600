"""Each group of pairs is shifted to its own share of matches, and what has no witness follows what has."""

import numpy as np
import pytest

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import records as rc
from selaras.engines.linkage.blocking import Candidates
from selaras.engines.linkage.comparing import BITS, WIDTH
from selaras.engines.linkage.grouping import KINDS, NEIGHBOURS, NO_NIK, WITNESSES
from selaras.engines.linkage.lending import NOT_LENT, OTHER, SAME, lent_niks
from selaras.engines.linkage.model import starting_model, weigh
from selaras.engines.linkage.shifting import shift_groups

PASSPORT = [c.name for c in lv.COMPARISONS].index("passport") + 1
NAME = [c.name for c in lv.COMPARISONS].index("name") + 1
MANY = 20_000


def patterns(nik, name, passport):
    """Coded levels of pairs that tell only their NIK, name and passport; kin and the rest stand at their first level."""
    out = np.zeros(len(nik), dtype=np.uint64)
    for at, level in ((0, nik), (NAME, name), (PASSPORT, passport)):
        out |= level.astype(np.uint64) << np.uint64(BITS * (WIDTH - 1 - at))
    return out


def drawn(share, nik_of_same, nik_of_other, passport_of_same=0.0, seed=1, apart=lv.NAME_DIFFERENT):
    """Pairs of which `share` are matches: names agree by the table's own weight, NIKs as told, passports of matches at times."""
    rng = np.random.default_rng(seed)
    same = rng.random(MANY) < share
    weight = dict(enumerate(w for _, w in lv.COMPARISONS[NAME - 1].levels))
    agree = 1 / (1 + np.exp((weight[apart] - weight[lv.NAME_EQUAL]) / 2))
    equal = rng.random(MANY) < np.where(same, agree, 1 - agree)
    name = np.where(equal, lv.NAME_EQUAL, apart)
    nik = np.where(same, nik_of_same, nik_of_other)
    shown = same & (rng.random(MANY) < passport_of_same)
    return patterns(nik, name, np.where(shown, lv.PASSPORT_EQUAL, lv.PASSPORT_MISSING + 4)), same


def believed(model, pattern, group):
    return float((1 / (1 + np.exp(-weigh(model, pattern, group).astype(float)))).mean())


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5])
def test_pairs_without_a_nik_follow_those_whose_niks_witness(share):
    """Two pairs of registers: many matches in one, few in the other; their pairs without a NIK are believed accordingly."""
    seen, _ = drawn(share, lv.NIK_EQUAL, lv.NIK_DIFFERENT)
    blind, same = drawn(share, lv.NIK_MISSING, lv.NIK_MISSING, seed=2)
    pattern = np.concatenate([seen, blind])
    group = np.repeat(np.array([WITNESSES, NO_NIK], dtype=np.int16), MANY)
    model = shift_groups(starting_model(), pattern, group)
    assert model.intercepts[NO_NIK] == model.intercepts[WITNESSES]
    assert believed(model, blind, group[MANY:]) == pytest.approx(same.mean(), abs=0.03)


def test_registers_that_share_few_people_are_shifted_apart_from_those_that_share_many():
    few, _ = drawn(0.03, lv.NIK_EQUAL, lv.NIK_DIFFERENT)
    many, _ = drawn(0.6, lv.NIK_EQUAL, lv.NIK_DIFFERENT, seed=3)
    group = np.repeat(np.array([WITNESSES, KINDS + WITNESSES], dtype=np.int16), MANY)
    model = shift_groups(starting_model(), np.concatenate([few, many]), group)
    assert model.intercepts[WITNESSES] + 2 < model.intercepts[KINDS + WITNESSES]


@pytest.mark.parametrize("share", [0.02, 0.1, 0.4])
def test_neighbours_are_believed_as_far_as_their_passports_agree(share):
    """Whatever else agrees between them: a table that trusts names too far gives way to what passports say."""
    witness, _ = drawn(0.5, lv.NIK_EQUAL, lv.NIK_DIFFERENT, passport_of_same=0.6)
    near, same = drawn(share, lv.NIK_OTHER_SERIAL, lv.NIK_OTHER_SERIAL, passport_of_same=0.6, seed=4)
    group = np.repeat(np.array([WITNESSES, NEIGHBOURS], dtype=np.int16), MANY)
    model = shift_groups(starting_model(), np.concatenate([witness, near]), group)
    assert believed(model, near, group[MANY:]) == pytest.approx(same.mean(), abs=0.02)


def test_a_handful_of_neighbours_is_believed_as_usual():
    near, _ = drawn(0.9, lv.NIK_OTHER_SERIAL, lv.NIK_OTHER_SERIAL)
    model = shift_groups(starting_model(), near[:3], np.full(3, NEIGHBOURS, dtype=np.int16))
    assert believed(model, near[:3], np.full(3, NEIGHBOURS, dtype=np.int16)) == pytest.approx(0.13, abs=0.03)


def test_a_few_witnesses_shift_less_than_many():
    seen, _ = drawn(0.9, lv.NIK_EQUAL, lv.NIK_DIFFERENT)
    few, many = (shift_groups(starting_model(), seen[:n], np.zeros(n, dtype=np.int16)).intercepts[0] for n in (5, MANY))
    assert 0 < few < many / 2


def test_registers_that_type_the_nik_worse_are_not_thought_to_share_fewer_people():
    """A third of one person's NIKs are another number there; the other columns say that they are hers all the same."""
    seen, same = drawn(0.6, lv.NIK_EQUAL, lv.NIK_DIFFERENT, passport_of_same=0.9)
    other = same & (np.random.default_rng(7).random(MANY) < 0.35)
    slip = np.uint64(lv.NIK_EQUAL ^ lv.NIK_DIFFERENT) << np.uint64(BITS * (WIDTH - 1))
    pattern = np.where(other, seen ^ slip, seen)
    model = shift_groups(starting_model(), pattern, np.zeros(MANY, dtype=np.int16))
    blind = shift_groups(starting_model(), seen, np.zeros(MANY, dtype=np.int16))
    assert abs(model.intercepts[0] - blind.intercepts[0]) < 1.5


@pytest.mark.parametrize("share", [0.05, 0.3, 0.7])
def test_a_register_without_niks_is_shifted_by_those_that_passports_lend(share):
    """The table trusts names too far or too little; what a third register knows of both passports says how far."""
    blind, same = drawn(share, lv.NIK_MISSING, lv.NIK_MISSING, seed=5)
    group = np.full(MANY, NO_NIK, dtype=np.int16)
    lent = np.where(np.arange(MANY) % 2, np.where(same, SAME, OTHER), NOT_LENT).astype(np.int8)
    model = shift_groups(starting_model(), blind, group, lent)
    assert believed(model, blind, group) == pytest.approx(share, abs=0.03)


def test_pairs_that_the_passport_itself_found_bear_nothing_out():
    blind, _ = drawn(0.5, lv.NIK_MISSING, lv.NIK_MISSING, passport_of_same=1.0, seed=6)
    agree = (blind >> np.uint64(BITS * (WIDTH - 1 - PASSPORT)) & np.uint64(15)) == lv.PASSPORT_EQUAL
    group, lent = np.full(MANY, NO_NIK, dtype=np.int16), np.where(agree, SAME, NOT_LENT).astype(np.int8)
    assert shift_groups(starting_model(), blind, group, lent).intercepts == shift_groups(starting_model(), blind, group).intercepts


def test_a_passport_lends_the_nik_that_most_rows_with_it_give():
    rows = np.zeros(8, dtype=rc.ROW)
    rows["passport"] = [1, 1, 1, 1, 2, 2, 2, 3]
    rows["nik"] = [70, 70, 71, 0, 80, 81, 0, 70]
    left, right = np.array([3, 3, 3, 6], dtype=np.int32), np.array([7, 4, 6, 7], dtype=np.int32)
    found = Candidates(left, right, np.ones(4, dtype=np.uint16), 0)
    group = np.full(4, NO_NIK, dtype=np.int16)
    # The first passport lends 70; the second names two numbers equally often and lends none.
    assert lent_niks(rows, found, group).tolist() == [SAME, OTHER, NOT_LENT, NOT_LENT]


def test_nothing_is_lent_where_every_two_registers_have_niks():
    found = Candidates(np.array([0, 0], dtype=np.int32), np.array([1, 1], dtype=np.int32), np.ones(2, dtype=np.uint16), 0)
    assert lent_niks(np.zeros(2, dtype=rc.ROW), found, np.array([WITNESSES, NO_NIK], dtype=np.int16)) is None
