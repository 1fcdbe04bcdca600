"""The order of the review queue: what hangs on a pair decides, and nothing is asked twice."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.linkage import link
from selaras.engines.linkage.linking import REVIEW_SHARE
from selaras.engines.linkage.resolving import JUDGED, resolve
from selaras.engines.linkage.reviewing import LEAST_EFFECT, LINKS, effects
from tests.engines.linkage.test_link import two_registers


def asked(rows, pairs, valid=None):
    """Effect, ln odds and rows of both sides for pairs {(left, right): weight}."""
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    left, right = (np.array([pair[0][side] for pair in ordered], dtype=np.int32) for side in (0, 1))
    weight = np.array([w for _, w in ordered], dtype=np.float32)
    by_place = np.lexsort((right, left))
    persons = resolve(rows, left[by_place], right[by_place], weight[by_place], np.ones(len(weight), dtype=np.uint8))
    found = effects(persons, left, right, weight, np.ones(rows, dtype=bool) if valid is None else np.array(valid))
    return {
        pair: (float(e), float(o), int(a), int(b))
        for (pair, _), e, o, a, b in zip(ordered, found.effect, found.odds, found.left_rows, found.right_rows, strict=True)
    }


def formula(odds, one, other, heads=1):
    return 4 / (1 + np.exp(odds)) / (1 + np.exp(-odds)) * (heads + LINKS * np.log2(1 + one * other))


def test_the_formula_is_the_documented_one():
    found = asked(4, {(0, 1): 1.0, (2, 3): -0.5})
    assert found[0, 1] == pytest.approx((formula(1.0, 1, 1), 1.0, 1, 1))
    assert found[2, 3] == pytest.approx((formula(-0.5, 1, 1), -0.5, 1, 1))
    nobody = asked(4, {(0, 1): 1.0, (2, 3): -0.5}, valid=[True, False, True, True])
    assert nobody[0, 1][0] == pytest.approx(formula(1.0, 1, 1, heads=0)), "no head is gained or lost with a row that is nobody"


def test_the_pair_that_holds_two_groups_together_comes_before_one_between_two_rows():
    found = asked(6, {(0, 1): 9.0, (2, 3): 9.0, (1, 2): 0.5, (4, 5): 0.5})
    assert found[1, 2] == pytest.approx((formula(0.5, 2, 2), 0.5, 2, 2))
    assert found[1, 2][0] > found[4, 5][0]


def test_of_pairs_between_the_same_two_sides_only_the_best_is_asked():
    apart = asked(4, {(0, 1): 9.0, (2, 3): 9.0, (0, 2): -0.4, (1, 2): -0.6, (1, 3): -0.5})
    assert [pair for pair, (effect, *_) in apart.items() if effect > 0.1] == [(0, 2)]
    assert apart[0, 2][1:] == pytest.approx((-1.5, 2, 2)), "all pairs between them speak together"
    within = asked(3, {(0, 1): 9.0, (0, 2): 8.0, (1, 2): 0.1})
    assert within[1, 2][0] == 0, "two firmer pairs have said it already"


def test_what_speaks_against_a_tie_makes_it_doubtful():
    found = asked(3, {(0, 1): 9.0, (1, 2): 5.0, (0, 2): -4.5})
    assert found[1, 2] == pytest.approx((formula(0.5, 2, 1), 0.5, 2, 1))


def test_what_was_judged_is_not_asked_again():
    assert asked(2, {(0, 1): -JUDGED})[0, 1][0] == 0
    assert asked(2, {(0, 1): JUDGED})[0, 1][0] < 1e-9


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]), st.floats(-8, 8, width=32), max_size=30
    )
)
@settings(max_examples=60, deadline=None)
def test_each_person_is_a_tree_of_questions_and_each_two_persons_are_asked_about_once(pairs):
    if not pairs:
        return
    found = asked(10, pairs)
    left, right = (np.array([p[side] for p in sorted(pairs)], dtype=np.int32) for side in (0, 1))
    weight = np.array([pairs[p] for p in sorted(pairs)], dtype=np.float32)
    label = resolve(10, left, right, weight, np.ones(len(weight), dtype=np.uint8)).label
    ties = [p for p, (effect, *_) in found.items() if effect > 0 and label[p[0]] == label[p[1]]]
    assert len(ties) == 10 - len(set(label.tolist())), "as many ties as rows that are not the first of their person"
    between = [tuple(sorted((label[a], label[b]))) for (a, b), (e, *_) in found.items() if e > 0 and label[a] != label[b]]
    assert len(between) == len(set(between))
    for (a, b), (effect, odds, one, other) in found.items():
        if effect > 0 and label[a] != label[b]:
            assert (one, other) == ((label == label[a]).sum(), (label == label[b]).sum())
        if effect > 0:
            assert effect == pytest.approx(formula(odds, one, other), rel=1e-3)
            assert one + other <= 10


def test_the_queue_of_a_run_is_short_ordered_and_without_repetition():
    linkage = link(two_registers(count=900, seed=5))
    pairs = linkage.pairs
    review = pairs.filter(pl.col("decision") == "review")
    assert 0 < review.height <= REVIEW_SHARE * linkage.clusters.height
    assert review["effect"].min() >= LEAST_EFFECT
    assert review["effect"].min() >= pairs.filter(pl.col("decision") != "review")["effect"].max() - 1e-6 or (
        review.height < int(REVIEW_SHARE * linkage.clusters.height)
    )
    owner = dict(linkage.clusters.select("rec_id", "cluster_id").iter_rows())
    between = [
        tuple(sorted((owner[a], owner[b]))) for a, b, joined in review.select("left", "right", "joined").iter_rows() if not joined
    ]
    assert len(between) == len(set(between))
    judged = [(a, b, "different") for a, b in review.select("left", "right").iter_rows()]
    again = link(two_registers(count=900, seed=5), judged=judged).pairs
    assert again.filter((pl.col("decision") == "review") & pl.col("judged")).is_empty()
