"""Registers that hardly have a NIK in common: their passports bear witness, and without those nothing is made up."""

import numpy as np
import pytest

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import link, register
from selaras.engines.linkage.grouping import KINDS, NO_NIK, ONLY_PASSPORT
from selaras.engines.linkage.model import starting_model
from selaras.engines.linkage.shifting import shift_groups
from tests.engines.linkage.people import persons, rows_of, table
from tests.engines.linkage.test_shifting import believed, drawn


def registers_of(people, share, without):
    """Two registers of which the second holds a `share` of the people of the first, both without some columns."""
    half = len(people) // 2
    known = people[: half + int(share * half)]
    lists = [known[:half], known[half - int(share * half) :]] if share < 1 else [people, people]
    rows = ([row | dict.fromkeys(without) for p in chosen for row in rows_of(p, kind, 5)] for kind, chosen in zip("SP", lists, strict=True))
    return [register(table(list(each)), name) for each, name in zip(rows, "sp", strict=True)]


def found_and_true(linkage):
    """Pairs joined, pairs rightly joined, and pairs that are one person."""
    rows = linkage.clusters.with_columns(person=linkage.clusters["rec_id"].str.slice(1, 5))
    sizes = [rows.group_by(by).len()["len"].to_numpy() for by in ("cluster_id", ["cluster_id", "person"], "person")]
    return [int((n.astype(np.int64) * (n.astype(np.int64) - 1) // 2).sum()) for n in sizes]


@pytest.mark.parametrize("share", [0.1, 1.0], ids=["few in both", "all in both"])
def test_people_are_found_by_what_passports_teach(share):
    joined, rightly, true = found_and_true(link(registers_of(persons(1200, 3), share, ["nik"])))
    assert rightly / joined > 0.99
    assert rightly / true > 0.97


def test_without_any_number_nobody_is_joined_wrongly():
    joined, rightly, true = found_and_true(link(registers_of(persons(1200, 3), 1.0, ["nik", "passport", "phone"])))
    assert rightly / joined > 0.98
    assert rightly / true > 0.6


def test_the_model_learns_how_often_a_person_shows_two_passports():
    """Where all are matches a passport that agrees still speaks for one person, and one that differs against."""
    model = link(registers_of(persons(1200, 3), 1.0, ["nik"])).model["weights"]["passport"]
    assert model["passport.equal"] == pytest.approx(6.0)
    assert model["passport.different"] < -2


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_pairs_without_any_anchor_are_believed_as_far_as_their_passports_agree(share):
    pattern, same = drawn(share, lv.NIK_MISSING, lv.NIK_MISSING, passport_of_same=0.7)
    group = np.full(len(pattern), NO_NIK, dtype=np.int16)
    model = shift_groups(starting_model(), pattern, group)
    assert believed(model, pattern, group) == pytest.approx(same.mean(), abs=0.05)


def test_each_pair_of_registers_reads_its_own_passports():
    few, _ = drawn(0.03, lv.NIK_MISSING, lv.NIK_MISSING, passport_of_same=0.9)
    many, _ = drawn(0.6, lv.NIK_MISSING, lv.NIK_MISSING, passport_of_same=0.9, seed=3)
    group = np.repeat(np.array([NO_NIK, KINDS + NO_NIK], dtype=np.int16), len(few))
    model = shift_groups(starting_model(), np.concatenate([few, many]), group)
    assert model.intercepts[NO_NIK] + 2 < model.intercepts[KINDS + NO_NIK]


def test_pairs_that_only_the_passport_found_follow_the_others_of_their_registers():
    seen, _ = drawn(0.5, lv.NIK_MISSING, lv.NIK_MISSING, passport_of_same=0.9)
    group = np.full(len(seen), NO_NIK, dtype=np.int16)
    group[:20] = ONLY_PASSPORT
    model = shift_groups(starting_model(), seen, group)
    assert model.intercepts[ONLY_PASSPORT] == model.intercepts[NO_NIK]
