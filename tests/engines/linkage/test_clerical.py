"""A sample drawn for reading: strata, allocation, and intervals that cover the truth over many seeds."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.linkage import link
from selaras.engines.linkage.clerical import APART_FROM, BEYOND, LINKED_FROM, POOL, Stratum, allocate, estimate, pool_of
from tests.engines.linkage.test_link import two_registers


def invented(count=60_000, seed=0, wrong=0.0):
    """Pairs of rows, most of them two by two; the model's ln odds and the truth, which may differ by `wrong` nats."""
    rng = np.random.default_rng(seed)
    label = np.repeat(np.arange(count, dtype=np.int32), 2)
    linked = rng.random(count) < 0.4
    weight = np.where(linked, rng.normal(7, 3, count), rng.normal(-5, 2.5, count)).astype(np.float32)
    left = np.arange(0, 2 * count, 2, dtype=np.int32)
    right = np.where(linked, left + 1, (left + 2) % (2 * count)).astype(np.int32)
    true = rng.random(count) < 1 / (1 + np.exp(-(weight - wrong)))
    return label, left, right, weight, linked, true


def read(pool, true, size, seed):
    """Read a sample without fault: how many of each stratum, and how many are one person."""
    rng = np.random.default_rng(seed)
    some, same = [], []
    for stratum, n in enumerate(allocate(pool.strata, size)):
        mine = rng.permutation(pool.at[pool.stratum == stratum])[:n]
        some.append(len(mine))
        same.append(int(true[mine].sum()))
    return some, same


def test_every_pair_is_in_one_stratum_or_beyond():
    label, left, right, weight, linked, _ = invented()
    pool = pool_of(label, left, right, weight, 1)
    chance = 1 / (1 + np.exp(-weight.astype(float)))
    assert [s.low for s in pool.strata] == [*LINKED_FROM, *APART_FROM]
    beyond = ~linked & (chance < BEYOND)
    assert sum(s.pairs for s in pool.strata) + beyond.sum() == len(left)
    assert pool.beyond == pytest.approx(chance[beyond].sum(), rel=1e-4)
    for at, stratum in enumerate(pool.strata):
        mine = pool.at[pool.stratum == at]
        assert len(mine) == len(set(mine.tolist())) == min(stratum.pairs, POOL)
        assert (linked[mine] == stratum.linked).all()
        assert ((chance[mine] >= stratum.low - 1e-6) & (chance[mine] <= stratum.high + 1e-6)).all()
        assert stratum.expected == pytest.approx(
            chance[(linked == stratum.linked) & (chance >= stratum.low) & (chance < stratum.high)].sum(), rel=0.01, abs=2
        )


def test_each_pair_of_a_stratum_is_as_likely_to_be_kept():
    label, left, right, weight, _, _ = invented(3_000)
    times = np.zeros(len(left))
    for seed in range(300):
        pool = pool_of(label, left, right, weight, seed, most=20)
        times[pool.at] += 1
    wide = pool_of(label, left, right, weight, 0, most=5_000)
    assert np.array_equal(pool_of(label, left, right, weight, 7).at, pool_of(label, left, right, weight, 7).at)
    for at, stratum in enumerate(wide.strata):
        mine = wide.at[wide.stratum == at]
        if stratum.pairs > 100:
            half = len(mine) // 2
            early, late = times[np.sort(mine)[:half]].mean(), times[np.sort(mine)[half:]].mean()
            assert early == pytest.approx(late, rel=0.15)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 10_000), st.floats(0, 1)), min_size=1, max_size=12), st.integers(1, 2_000)
)
def test_the_allocation_reads_what_was_asked_for_and_never_more_than_there_is(given_strata, size):
    strata = [Stratum(linked, 0, 1, n, n * p) for linked, n, p in given_strata]
    found = allocate(strata, size)
    assert all(0 <= n <= min(s.pairs, POOL) for n, s in zip(found, strata, strict=True))
    room = sum(min(s.pairs, POOL) for s in strata)
    assert sum(found) <= max(size, len(strata))
    assert sum(found) >= min(size, room)
    assert all(n > 0 for n, s in zip(found, strata, strict=True) if s.pairs), "no stratum is left out"


@pytest.mark.parametrize("wrong", [0.0, 1.0], ids=["calibrated", "too sure"])
def test_intervals_cover_the_truth_over_many_seeds(wrong):
    covered = {"precision": 0, "recall": 0}
    runs = 120
    widths = []
    for seed in range(runs):
        label, left, right, weight, linked, true = invented(20_000, seed, wrong)
        pool = pool_of(label, left, right, weight, seed)
        found = estimate(pool.strata, *read(pool, true, 400, seed), pool.beyond)
        truth = {"precision": true[linked].mean(), "recall": true[linked].sum() / true.sum()}
        for name in covered:
            share = getattr(found, name)
            covered[name] += share.low <= truth[name] <= share.high
            widths.append(share.high - share.low)
        assert found.read == 400
    assert min(covered.values()) >= 0.9 * runs, covered
    assert np.mean(widths) < 0.07


def test_a_stratum_that_nobody_read_gives_no_estimate_and_a_whole_one_no_doubt():
    strata = [Stratum(True, 0.9, 1, 40, 39), Stratum(False, 0.1, 0.5, 20, 5)]
    assert estimate(strata, [10, 0], [10, 0], 0) is None
    whole = estimate(strata, [40, 20], [38, 2], 0)
    assert whole.precision.low == pytest.approx(38 / 40)
    assert whole.precision.value == whole.precision.high == pytest.approx(38 / 40)
    assert whole.recall.value == pytest.approx(38 / 40)
    assert estimate(strata, [40, 20], [38, 2], 10).recall.value == pytest.approx(38 / 50)


def test_a_run_keeps_pairs_for_drawing():
    linkage = link(two_registers())
    told = linkage.run["strata"]
    assert linkage.drawable.columns == ["stratum", "left", "right", "probability"]
    strata = [Stratum(**s) for s in told["strata"]]
    kept = dict(linkage.drawable.group_by("stratum").len().iter_rows())
    assert {at: min(s.pairs, POOL) for at, s in enumerate(strata) if s.pairs} == kept
    joined = linkage.pairs.filter("joined").height
    assert joined == sum(s.pairs for s in strata if s.linked)
    owner = dict(linkage.clusters.select("rec_id", "cluster_id").iter_rows())
    for stratum, left, right, _ in linkage.drawable.iter_rows():
        assert (owner[left] == owner[right]) == strata[stratum].linked
    assert linkage.drawable.filter(pl.col("probability").is_between(0, 1)).height == linkage.drawable.height
