"""Verdicts teach the weights: simulated reviewers who err, over seeds and levels of error; a few verdicts swing nothing."""

import numpy as np
import polars as pl
import pytest

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage import link, register
from selaras.engines.linkage.model import starting_model
from selaras.engines.linkage.teaching import LEAST_EACH, LEAST_VERDICTS, Verdicts, teach
from selaras.samples.nation import make_nation
from tests.engines.linkage.test_link import two_registers


@pytest.fixture(scope="module", params=[(9_000, 41), (11_000, 42)], ids=["41", "42"])
def nation(request, tmp_path_factory):
    """Two registers, who is who, and the run without people."""
    people, seed = request.param
    folder = tmp_path_factory.mktemp("nation")
    make_nation(people, seed, folder)
    registers = [register(pl.read_parquet(folder / f"{name}.parquet"), name) for name in "sp"]
    who = dict(pl.read_parquet(folder / "truth.parquet").select("rec_id", "person_id").iter_rows())
    return registers, who, link(registers)


def same(pairs, who):
    left, right = (pairs[side].replace_strict(who, return_dtype=pl.Int64).to_numpy() for side in ("left", "right"))
    return (left == right) & (left >= 0)


def f1(linkage, who):
    whose = linkage.clusters["rec_id"].replace_strict(who, return_dtype=pl.Int64)
    rows = linkage.clusters.select("cluster_id", person=whose.zip_with(whose >= 0, -pl.int_range(1, len(whose) + 1, eager=True)))

    def pairs(*by):
        return rows.group_by(*by).len().select((pl.col("len") * (pl.col("len") - 1) // 2).sum()).item()

    return 2 * pairs("cluster_id", "person") / (pairs("cluster_id") + pairs("person"))


def surprise(linkage, asked, who):
    """Mean surprise at the truth of pairs that nobody judged, in nats: how good the probabilities are."""
    rest = asked.select("left", "right").join(linkage.pairs, on=["left", "right"], how="left").filter(~pl.col("judged").fill_null(False))
    p = rest["probability"].fill_null(0.005).clip(1e-6, 1 - 1e-6).to_numpy()
    return float(-np.log(np.where(same(rest, who), p, 1 - p)).mean())


@pytest.mark.parametrize("errs", [0.0, 0.05, 0.1])
def test_judged_pairs_make_the_links_better_and_the_probabilities_no_worse(nation, errs):
    registers, who, before = nation
    queue = before.pairs.filter(pl.col("decision") == "review")
    true = same(queue, who) ^ (np.random.default_rng(7).random(len(queue)) < errs)
    judged = [(a, b, "same" if t else "different") for a, b, t in zip(queue["left"], queue["right"], true, strict=True)]
    after = link(registers, judged)
    rest = before.pairs.join(queue, on=["left", "right"], how="anti")
    assert f1(after, who) > f1(before, who)
    assert surprise(after, rest, who) < surprise(before, rest, who) * 1.02
    told = after.run["judged"]
    assert told["verdicts"] == told["held"] == len(judged)
    assert told["persons"] == [
        before.clusters.filter("valid")["cluster_id"].n_unique(), after.clusters.filter("valid")["cluster_id"].n_unique()
    ]  # fmt: skip
    assert set(told["weights"]) == {comparison.name for comparison in (lv.NIK, *lv.COMPARISONS)}
    assert (told["spread"] > 0) == any(change > 0 for change in told["weights"].values())


def test_a_drawn_sample_teaches_how_many_are_matches_and_holds_nothing(nation):
    registers, who, before = nation
    biased = before.model | {"intercept": before.model["intercept"] + 1.0}
    leaning = link(registers, model=biased)
    drawn = leaning.pairs.filter(pl.col("weight").abs() < 4).sample(fraction=0.5, seed=3)
    verdicts = Verdicts(
        drawn.select(c.name for c in (lv.NIK, *lv.COMPARISONS)).to_numpy().astype(np.uint8),
        drawn["group"].to_numpy().astype(np.int64), drawn["weight"].to_numpy(), same(drawn, who), np.full(len(drawn), 2.0),
    )  # fmt: skip
    taught, spread = teach(starting_model(), verdicts)
    assert spread > 0
    moved = taught.intercept - starting_model().intercept + np.mean([taught.intercepts.get(g, 0.0) for g in verdicts.group])
    assert moved < 0, "the drawn pairs are matches less often than was said"
    read = [(a, b, "same" if t else "different", 2.0) for a, b, t in zip(drawn["left"], drawn["right"], verdicts.same, strict=True)]
    after = link(registers, read=read)
    assert after.run["judged"]["drawn"] == len(read)
    assert after.run["judged"]["held"] == 0
    assert not after.pairs["judged"].any()


def invented(count, seed, matter):
    """Verdicts about pairs whose birth place says more than the model holds; `matter` in nats."""
    rng = np.random.default_rng(seed)
    sizes = [len(c.levels) for c in (lv.NIK, *lv.COMPARISONS)]
    levels = np.stack([rng.integers(0, size, count) for size in sizes], axis=1).astype(np.uint8)
    place = 1 + [c.name for c in lv.COMPARISONS].index("birth_place")
    levels[:, place] = rng.choice([1, 4], count)
    weight = rng.normal(0, 1.5, count)
    chance = 1 / (1 + np.exp(-(weight + np.where(levels[:, place] == 1, matter, -matter))))
    verdicts = Verdicts(levels, np.zeros(count, dtype=np.int64), weight, rng.random(count) < chance, np.zeros(count))
    return verdicts, place


def test_a_comparison_that_is_worth_more_than_thought_is_given_more():
    verdicts, _ = invented(900, 1, 1.2)
    before = starting_model()
    after, spread = teach(before, verdicts)
    changed = np.array(list(after.as_dict()["weights"]["birth_place"].values())) - list(before.as_dict()["weights"]["birth_place"].values())
    assert spread > 0
    assert changed[1] > 0.3 > -0.3 > changed[4]
    others = np.abs(after.weights - before.weights)
    assert np.median(others) < 0.15
    assert after.intercept == before.intercept or abs(after.intercept - before.intercept) < 0.2


@pytest.mark.parametrize("seed", range(4))
def test_verdicts_that_bear_the_model_out_change_next_to_nothing(seed):
    verdicts, _ = invented(400, seed, 0.0)
    before = starting_model()
    after, _ = teach(before, verdicts)
    assert np.abs(after.weights - before.weights).max() < 0.6


def test_the_lean_of_the_queue_is_not_learnt():
    verdicts, _ = invented(900, 2, 0.0)
    leaning = Verdicts(verdicts.levels, verdicts.group, verdicts.weight + 1.5, verdicts.same, verdicts.stands_for)
    after, _ = teach(starting_model(), leaning)
    assert abs(after.intercept + after.intercepts.get(0, 0.0) - starting_model().intercept) < 0.3


def test_a_few_verdicts_change_no_weight_and_nor_do_verdicts_of_one_kind():
    few, _ = invented(LEAST_VERDICTS - 1, 3, 2.0)
    assert teach(starting_model(), few)[1] == 0
    many, _ = invented(800, 3, 2.0)
    alike = many.part(many.same | (np.cumsum(~many.same) < LEAST_EACH))
    model, spread = teach(starting_model(), alike)
    assert spread == 0
    assert model.as_dict() == starting_model().as_dict()
    registers = two_registers()
    free = link(registers)
    judged = [(row["left"], row["right"], "different") for row in free.pairs.head(3).iter_rows(named=True)]
    assert link(registers, judged).model == free.model


def test_what_is_only_held_teaches_nothing_and_a_frozen_model_stays(nation):
    registers, who, before = nation
    rows = before.pairs.filter(pl.col("weight").abs() < 5)
    judged = [(a, b, "same" if t else "different") for a, b, t in zip(rows["left"], rows["right"], same(rows, who), strict=True)]
    assert link(registers, held=judged).model == before.model
    assert link(registers, judged, model=before.model).model == before.model
