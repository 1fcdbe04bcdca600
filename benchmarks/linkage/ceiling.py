"""What the candidates could give at best: a model trained on the truth (gradient boosting, two folds by person).

`python -m benchmarks linkage ceiling DATA_DIR`. It sees what the engine's weights see, the levels of each comparison and
which registers the rows are of; half of the persons teach the pairs of the other half. Its weights are resolved as
the engine's. Beside it: the share of true pairs that are candidates at all.
"""

from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from benchmarks.linkage import scoring
from benchmarks.linkage.parts import Parts, asked_parts
from benchmarks.linkage.running import percent, three
from benchmarks.machine import table
from selaras.engines.linkage.comparing import levels_of
from selaras.engines.linkage.resolving import MOST, resolve

F64 = npt.NDArray[np.float64]
U64 = npt.NDArray[np.uint64]
Make = Callable[[], Any]


def features(parts: Parts) -> U64:
    """Of each candidate the levels, and whether its rows are of the first, of both or of the second register, in one number."""
    source = parts.coded.rows["source"].astype(np.uint64)
    kind: U64 = source[parts.found.left] + source[parts.found.right]
    return parts.pattern << np.uint64(2) | kind


def apart(key: U64) -> npt.NDArray[np.uint8]:
    """The features that a number stands for, a column each."""
    return np.column_stack([levels_of(key >> np.uint64(2)), (key & np.uint64(3)).astype(np.uint8)])


def learnt_on_truth(parts: Parts, make: Make, seed: int = 0) -> F64:
    """Weight (ln odds) of each candidate by a model that saw no pair of the persons concerned.

    Pairs with the same features are one line with a weight: millions of pairs are some hundred thousand lines.
    """
    seen, true = features(parts), parts.true
    fold = np.random.default_rng(seed).random(int(parts.person.max()) + 2) < 0.5
    # Rows that are nobody have ids below 0, each its own.
    half = np.where(parts.person >= 0, fold[parts.person], parts.person % 2 == 0)
    left, right = half[parts.found.left], half[parts.found.right]
    odds = np.empty(len(true), dtype=np.float64)
    for side in (False, True):
        taught = (left == side) & (right == side)
        keys, at = np.unique(seen[taught], return_inverse=True)
        matches = np.bincount(at, weights=true[taught], minlength=len(keys))
        others = np.bincount(at, minlength=len(keys)) - matches
        model = make()
        weight = {f"{model.steps[-1][0]}__sample_weight" if hasattr(model, "steps") else "sample_weight": np.append(matches, others)}
        model.fit(np.tile(apart(keys), (2, 1)), np.repeat([True, False], len(keys)), **weight)
        # Pairs of one person of each half taught neither model.
        mine = (left != side) & (right != side) if side else (left != side) | (right != side)
        keys, at = np.unique(seen[mine], return_inverse=True)
        p = model.predict_proba(apart(keys))[:, 1]
        odds[mine] = (np.log(np.clip(p, 1e-12, 1)) - np.log(np.clip(1 - p, 1e-12, 1)))[at]
    return odds


def boosted() -> Any:
    """Gradient boosting over levels as categories."""
    return HistGradientBoostingClassifier(max_iter=200, learning_rate=0.1, categorical_features=list(range(features_wide())))


def features_wide() -> int:
    """How many features a pair has."""
    return levels_of(np.zeros(1, dtype=np.uint64)).shape[1] + 1


def additive() -> Any:
    """The engine's own form, a sum of one weight per level, taught by the truth."""
    return make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(C=10.0, max_iter=200))


def resolved(parts: Parts, odds: F64) -> dict[str, Any]:
    """Persons from weights by the engine's own resolving, scored."""
    weight = np.clip(odds, -MOST, MOST).astype(np.float32)
    found = parts.found
    label = resolve(len(parts.coded), found.left, found.right, weight, found.found).label
    clusters = pl.DataFrame({"rec_id": parts.coded.row_id, "cluster_id": parts.coded.row_id.gather(label)})
    rows = scoring.linked(parts.rows, clusters.with_columns(valid=pl.Series(parts.coded.valid)))
    said = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    listed = said >= 0.01
    return {
        **scoring.pairwise(rows), "links": scoring.by_links(rows),
        "calibration": scoring.calibration(said[listed], parts.true[listed]),
    }  # fmt: skip


def engine_odds(parts: Parts) -> F64:
    """The engine's own weights, learnt without truth."""
    kept: list[F64] = []
    parts.linked(keep=lambda c, found, weight, persons, model: kept.append(weight.astype(np.float64)))
    return kept[0]


def main() -> None:
    """Train, resolve, and print the table."""
    data, before, parts = asked_parts(__doc__)
    lines = []
    ways: dict[str, Callable[[], F64]] = {
        "the engine, without truth": lambda: engine_odds(parts),
        "one weight per level, taught by the truth": lambda: learnt_on_truth(parts, additive),
        "gradient boosting, taught by the truth": lambda: learnt_on_truth(parts, boosted),
        "a judge who knows every candidate": lambda: np.where(parts.true, MOST, -MOST).astype(np.float64),
    }
    for name, odds in ways.items():
        wall, cpu = perf_counter(), process_time()
        result = resolved(parts, odds())
        lines.append(
            {
                "weights": name, "across: P / R / F1": three(result["cross"], 4), "all: P / R / F1": three(result["all"], 4),
                "exact": percent(result["exact"]), "count by clusters, sum": percent(result["links"]["sum"]),
                "ECE, ECE of 5 to 95 %": f"{result['calibration']['ece']} / {result['calibration']['ece_doubtful']}",
                "wall, CPU s": f"{perf_counter() - wall:.0f} / {process_time() - cpu:.0f}",
            }
        )  # fmt: skip
    recall = parts.recall()
    print(f"`python -m benchmarks linkage ceiling {data.name}`: {before}\n")
    print(table(lines))
    print(f"\nCandidates: {len(parts.found):,}; true pairs among them: {recall['cross']:.4f} across, {recall['all']:.4f} of all.")


if __name__ == "__main__":
    main()
