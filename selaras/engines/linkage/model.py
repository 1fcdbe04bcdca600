"""Weights learnt without truth: the NIK is a noisy witness of the same person, everything else learns to agree with it.

Model: ln odds(same person | pair) = intercept + sum of level weights + ln(P(NIK level | same) / P(NIK level | other)).
The first part is a ridge logistic regression on one-hot levels whose weights are pulled towards the starting table of
`levels`; the second two tables, apart for pairs with and without an agreeing birth date. Both are fitted together by
expectation-maximisation on candidate pairs that have a NIK on both sides and were found by something else than it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import U8

F64 = npt.NDArray[np.float64]
VERSION = 1
_ROUNDS = 12
_NEWTON = 25
# Pseudo-pairs behind each starting value: few enough that a thousand pairs outvote them.
_RIDGE = 2.0
_NIK_PRIOR_PAIRS = 20.0
_FIRST_BELIEF = (0.5, 0.99, 0.95, 0.4, 0.1, 0.02, 0.02, 0.005)
_LEAST_PAIRS = 200
_MOST_SHIFT = 2.0
# A twin's or neighbour's NIK differs in the serial alone: whatever is learnt, it never speaks for the same person.
_TWIN_CEILING = -1.0

_SIZES = tuple(len(comparison.levels) for comparison in lv.COMPARISONS)
_OFFSETS = tuple(int(x) for x in np.concatenate([[0], np.cumsum(_SIZES)]))
_PRIOR = np.array([weight for comparison in lv.COMPARISONS for _, weight in comparison.levels])
_NIK_LEVELS = len(lv.NIK.levels)
_INTERCEPT = -3.0


@dataclass(frozen=True)
class Model:
    """Weights in natural log-odds. `weights`: one per level of `COMPARISONS` in order; `nik`: (2, NIK levels), row 1 for
    pairs whose birth dates agree; `intercepts`: one per group of pairs; `groups` says what each group is."""

    weights: F64
    nik: F64
    intercept: float
    intercepts: dict[int, float]
    silver_pairs: int

    def as_dict(self) -> dict[str, Any]:
        """The model as plain values that JSON can hold: readable, and enough to score again."""
        table = {
            comparison.name: {
                code: round(float(self.weights[_OFFSETS[at] + level]), 6)
                for level, (code, _) in enumerate(comparison.levels)
            }
            for at, comparison in enumerate(lv.COMPARISONS)
        }
        nik = {
            name: {code: round(float(w), 6) for (code, _), w in zip(lv.NIK.levels, row, strict=True)}
            for name, row in zip(("birth_differs", "birth_agrees"), self.nik, strict=True)
        }
        return {
            "version": VERSION,
            "weights": table,
            "nik": nik,
            "intercept": round(self.intercept, 6),
            "intercepts": {str(group): round(value, 6) for group, value in self.intercepts.items()},
            "silver_pairs": self.silver_pairs,
        }

    @staticmethod
    def from_dict(saved: Mapping[str, Any]) -> "Model":
        """Read a saved model; raises ValueError when it was made by another version of the comparisons."""
        if saved.get("version") != VERSION:
            raise ValueError(f"This model has version {saved.get('version')}; this engine reads version {VERSION}.")
        weights = [
            saved["weights"][comparison.name][code] for comparison in lv.COMPARISONS for code, _ in comparison.levels
        ]
        nik = [[saved["nik"][name][code] for code, _ in lv.NIK.levels] for name in ("birth_differs", "birth_agrees")]
        groups = {int(group): float(value) for group, value in saved["intercepts"].items()}
        return Model(np.array(weights), np.array(nik), float(saved["intercept"]), groups, int(saved["silver_pairs"]))


@dataclass(frozen=True)
class Patterns:
    """Distinct combinations of levels and group with the number of pairs of each; `at` leads from pair to pattern."""

    levels: U8
    group: npt.NDArray[Any]
    count: F64
    at: npt.NDArray[Any]


def patterns(levels: U8, group: npt.NDArray[Any]) -> Patterns:
    """Fold pairs into distinct patterns (4 bits per comparison, 12 for the group)."""
    key = group.astype(np.uint64)
    for column in range(levels.shape[1]):
        key = (key << np.uint64(4)) | levels[:, column].astype(np.uint64)
    distinct, at, count = np.unique(key, return_inverse=True, return_counts=True)
    unfolded = np.empty((len(distinct), levels.shape[1]), dtype=np.uint8)
    rest = distinct.copy()
    for column in reversed(range(levels.shape[1])):
        unfolded[:, column] = rest & np.uint64(15)
        rest >>= np.uint64(4)
    return Patterns(unfolded, rest.astype(np.int64), count.astype(np.float64), at)


def starting_model() -> Model:
    """The table before anything is learnt."""
    nik = np.array([[weight for _, weight in lv.NIK.levels]] * 2)
    return Model(_PRIOR.copy(), nik, _INTERCEPT, {}, 0)


def learn(p: Patterns, witness: npt.NDArray[np.bool_]) -> Model:
    """Fit the model on the patterns marked `witness` (a NIK on both sides, found without it); few of them: no change."""
    silver = np.flatnonzero(witness & (p.levels[:, 0] != lv.NIK_MISSING))
    if p.count[silver].sum() < _LEAST_PAIRS:
        return starting_model()
    levels, count = p.levels[silver], p.count[silver]
    nik_level, agrees = levels[:, 0].astype(np.int64), birth_agrees(levels)
    columns = _one_hot_columns(levels)
    belief = np.array(_FIRST_BELIEF)[nik_level]
    theta = np.concatenate([_PRIOR, [_INTERCEPT]])
    nik = starting_model().nik
    for _ in range(_ROUNDS):
        theta = _fit(columns, count, belief, theta)
        logit = _logit(columns, theta)
        nik = _nik_weights(nik_level, agrees, count, belief)
        belief = _sigmoid(logit + nik[agrees.astype(np.int64), nik_level])
    return Model(theta[:-1], nik, float(theta[-1]), {}, int(count.sum()))


def birth_agrees(levels: U8) -> npt.NDArray[np.bool_]:
    """Whether the birth dates of a pattern agree, in any order of day and month."""
    birth = levels[:, 1 + [c.name for c in lv.COMPARISONS].index("birth")]
    return (birth >= lv.BIRTH_EQUAL) & (birth <= lv.BIRTH_IN_NIK)


def _one_hot_columns(levels: U8) -> npt.NDArray[np.int64]:
    columns: npt.NDArray[np.int64] = levels[:, 1:].astype(np.int64) + np.array(_OFFSETS[:-1])
    return columns


def _logit(columns: npt.NDArray[np.int64], theta: F64) -> F64:
    total: F64 = theta[columns].sum(axis=1) + theta[-1]
    return total


def _sigmoid(x: F64) -> F64:
    out: F64 = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return out


def _fit(columns: npt.NDArray[np.int64], count: F64, belief: F64, theta: F64) -> F64:
    """Ridge logistic regression towards the starting table: Newton steps, halved until they help."""
    rows, width = columns.shape
    entries = np.concatenate([columns, np.full((rows, 1), len(theta) - 1)], axis=1).ravel()
    x = csr_matrix((np.ones(len(entries)), entries, np.arange(0, len(entries) + 1, width + 1)), (rows, len(theta)))
    target = np.concatenate([_PRIOR, [_INTERCEPT]])
    pull = np.full(len(theta), _RIDGE)
    pull[-1] = 1e-3

    def loss(candidate: F64) -> float:
        logit = x @ candidate
        likelihood = count * (belief * logit - np.logaddexp(0, logit))
        return float(-likelihood.sum() + (pull * (candidate - target) ** 2).sum() / 2)

    now = loss(theta)
    for _ in range(_NEWTON):
        mean = _sigmoid(x @ theta)
        gradient = x.T @ (count * (belief - mean)) - pull * (theta - target)
        curve = count * np.maximum(mean * (1 - mean), 1e-9)
        step = np.linalg.solve((x.T @ x.multiply(curve[:, None])).toarray() + np.diag(pull), gradient)
        size = 1.0
        while (then := loss(theta + size * step)) > now and size > 1e-4:
            size /= 2
        theta = theta + size * step
        gained, now = now - then, then
        if gained < 1e-3:
            break
    return theta


def _nik_weights(level: npt.NDArray[np.int64], agrees: npt.NDArray[np.bool_], count: F64, belief: F64) -> F64:
    """ln P(level | same) / P(level | other), apart by agreeing birth date, with pseudo-pairs from the starting table."""
    lean = np.exp(np.array([weight for _, weight in lv.NIK.levels]) / 2)
    pooled = np.bincount(level, weights=count, minlength=_NIK_LEVELS) + 1.0
    pooled[lv.NIK_MISSING] = 0
    pooled /= pooled.sum()
    # How a person's own NIKs differ is a matter of typing, not of her other columns: one table for both sides.
    same = np.bincount(level, weights=count * belief, minlength=_NIK_LEVELS)
    same += _NIK_PRIOR_PAIRS * pooled * lean / (pooled * lean).sum()
    out = np.zeros((2, _NIK_LEVELS))
    for side in (0, 1):
        mine = agrees == bool(side)
        other = np.bincount(level, weights=count * (1 - belief) * mine, minlength=_NIK_LEVELS)
        other += _NIK_PRIOR_PAIRS * pooled / lean / (pooled / lean).sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            out[side] = np.log((same / same.sum()) / (other / other.sum()))
    out[:, lv.NIK_MISSING] = 0
    out[:, lv.NIK_OTHER_SERIAL] = np.minimum(out[:, lv.NIK_OTHER_SERIAL], _TWIN_CEILING)
    out[:, lv.NIK_DIFFERENT] = np.minimum(out[:, lv.NIK_DIFFERENT], 0)
    return out


def weigh(model: Model, p: Patterns) -> F64:
    """Total weight (ln odds) of each pattern, groups included."""
    logit = _logit(_one_hot_columns(p.levels), np.concatenate([model.weights, [model.intercept]]))
    logit += model.nik[birth_agrees(p.levels).astype(np.int64), p.levels[:, 0].astype(np.int64)]
    shift = np.array([model.intercepts.get(int(group), 0.0) for group in range(int(p.group.max(initial=0)) + 1)])
    total: F64 = logit + shift[p.group]
    return total


def shift_groups(model: Model, p: Patterns, anchor: npt.NDArray[np.int64]) -> Model:
    """Correct the share of matches in groups of pairs that the weights were not learnt on.

    `anchor[g]` is the group that group g is like except for its share of matches (g itself for a group with witnesses).
    Anchored groups get an intercept that makes their mean probability reproduce itself; the others start from their
    anchor's share and move to the share that reproduces itself (Saerens, Latinne and Decaestecker, 2002).
    """
    base = weigh(Model(model.weights, model.nik, model.intercept, {}, model.silver_pairs), p)
    found: dict[int, float] = {}
    shares: dict[int, float] = {}
    groups = [int(g) for g in np.unique(p.group)]
    for group in sorted(groups, key=lambda g: anchor[g] != g):
        mine = p.group == group
        logit, count = base[mine], p.count[mine]
        if count.sum() < _LEAST_PAIRS:
            continue
        before = shares.get(int(anchor[group]), float((_sigmoid(logit) * count).sum() / count.sum()))
        share = before
        for _ in range(300):
            new = float((_sigmoid(logit + _odds(share) - _odds(before)) * count).sum() / count.sum())
            done = abs(new - share) < 1e-7
            share = new
            if done:
                break
        shares[group] = share
        if anchor[group] != group:
            found[group] = float(np.clip(_odds(share) - _odds(before), -_MOST_SHIFT, _MOST_SHIFT))
    return Model(model.weights, model.nik, model.intercept, found, model.silver_pairs)


def _odds(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(held / (1 - held)))
