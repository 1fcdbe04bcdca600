"""Weights learnt without truth: the NIK is a noisy witness of the same person, everything else learns to agree with it.
Where hardly any pair has NIKs the passport is the witness.

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

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import BITS, U8, U64, WIDTH, level_of, levels_of
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.mixing import runs

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
VERSION = 3
_ROUNDS = 30
_NEWTON = 25
# Pseudo-pairs behind each starting value: few enough that a thousand pairs outvote them.
_RIDGE = 2.0
_WITNESS_PRIOR_PAIRS = 20.0
_LEAST_PAIRS = 200
# Pairs with clearly different NIKs abound and teach alike; this many of them fix a hundred weights well enough.
_MOST_FAR_PAIRS = 300_000
_SETTLED = 1e-4
# A twin's or neighbour's NIK differs in the serial alone: whatever is learnt, it never speaks for the same person.
_TWIN_CEILING = -1.0

_SIZES = tuple(len(comparison.levels) for comparison in lv.COMPARISONS)
_OFFSETS = tuple(int(x) for x in np.concatenate([[0], np.cumsum(_SIZES)]))
_PRIOR = np.array([weight for comparison in lv.COMPARISONS for _, weight in comparison.levels])
_NAMES = [comparison.name for comparison in lv.COMPARISONS]
_NIK_LEVELS = len(lv.NIK.levels)
_INTERCEPT = -3.0
# A NIK typed for a relative is hers or his: what two of a family teach about kin is the opposite of the truth.
_KIN = slice(_OFFSETS[_NAMES.index("kin")], None)
_PASSPORT = slice(_OFFSETS[_NAMES.index("passport")], _OFFSETS[_NAMES.index("passport") + 1])
_HELD = 1e6
BIRTH_COLUMN, PASSPORT_COLUMN = 1 + _NAMES.index("birth"), 1 + _NAMES.index("passport")


@dataclass(frozen=True)
class Model:
    """Weights in natural log-odds. `weights`: one per level of `COMPARISONS` in order; `nik`: (2, NIK levels), row 1 for
    pairs whose birth dates agree; `intercepts`: one per group of pairs; `groups` says what each group is."""

    weights: F64
    nik: F64
    intercept: float
    intercepts: dict[int, float]
    silver_pairs: int

    @property
    def passport(self) -> F64:
        """The weights of the levels of the passport."""
        return self.weights[_PASSPORT]

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
class Silver:
    """Distinct combinations of levels among pairs that can teach, with the number of pairs that each stands for; `witness`:
    the column that bears witness, 0 (the NIK) or `PASSPORT_COLUMN`."""

    levels: U8
    count: F64
    pairs: int
    witness: int = 0


def silver_of(pattern: U64, by_nik: npt.NDArray[np.bool_], by_passport: npt.NDArray[np.bool_], seed: int) -> Silver:
    """Fold pairs with witnesses (NIKs, or passports where those are too few) into distinct combinations.

    Of pairs whose numbers clearly differ a drawn part stands for all.
    """
    nik = level_of(pattern, lv.NIK.name)
    by_nik = by_nik & (nik != lv.NIK_MISSING)
    if by_nik.sum() >= _LEAST_PAIRS:
        return _folded(pattern, by_nik, nik >= lv.NIK_OTHER_REGION, seed, 0)
    far = level_of(pattern, "passport") > lv.PASSPORT_SLIP
    return _folded(pattern, by_passport, far, seed, PASSPORT_COLUMN)


def _folded(
    pattern: U64, witness: npt.NDArray[np.bool_], far: npt.NDArray[np.bool_], seed: int, column: int
) -> Silver:
    kept_share = min(1.0, _MOST_FAR_PAIRS / max(int((witness & far).sum()), 1))
    keep = witness & ~far
    drawn = np.flatnonzero(witness & far)
    drawn = drawn[np.random.default_rng(seed).random(len(drawn)) < kept_share]
    folded, count = [], []
    for part, each in ((pattern[keep], 1.0), (pattern[drawn], 1 / kept_share)):
        distinct, times = runs(part)
        folded.append(distinct)
        count.append(times * each)
    return Silver(levels_of(np.concatenate(folded)), np.concatenate(count), int(witness.sum()), column)


def starting_model() -> Model:
    """The table before anything is learnt."""
    nik = np.array([[weight for _, weight in lv.NIK.levels]] * 2)
    return Model(_PRIOR.copy(), nik, _INTERCEPT, {}, 0)


def learn(silver: Silver) -> Model:
    """Fit the model on pairs with a witness on both sides that were found without it; too few of them change nothing."""
    if silver.pairs < _LEAST_PAIRS:
        return starting_model()
    levels, count = silver.levels, silver.count
    level = levels[:, silver.witness].astype(np.int64)
    columns = _one_hot_columns(levels)
    start, target = starting_model(), np.concatenate([_PRIOR, [_INTERCEPT]])
    held = [_KIN]
    by_passport = silver.witness == PASSPORT_COLUMN
    if by_passport:
        target[_PASSPORT] = 0
        held.append(_PASSPORT)
        # A passport number tells nothing of its bearer; who shares a birth date shares most of a NIK.
        side, table = np.zeros(len(level), dtype=np.int64), start.passport[None, :]
    else:
        side, table = birth_agrees(levels).astype(np.int64), start.nik
    theta = target.copy()
    # The whole table begins, not the witness alone: where numbers are typed badly, who differs in it alone is not given up.
    belief = _sigmoid(_logit(columns, theta) + table[side, level])
    for _ in range(_ROUNDS):
        theta = _fit(columns, count, belief, theta, target, held)
        if by_passport:
            same = np.bincount(level, weights=count * belief, minlength=table.shape[1]).astype(np.float64)
            table = passport_weights(same, start.passport)[None, :]
        else:
            table = _nik_weights(level, side, count, belief)
        before, belief = belief, _sigmoid(_logit(columns, theta) + table[side, level])
        if (count * np.abs(belief - before)).sum() < _SETTLED * (count * belief).sum():
            break
    weights = theta[:-1].copy()
    if by_passport:
        weights[_PASSPORT] = table[0]
    return Model(weights, start.nik if by_passport else table, float(theta[-1]), {}, silver.pairs)


def passport_weights(same: F64, usual: F64) -> F64:
    """Weights of the passport's levels from how many matches show which: `usual`, but for numbers that differ.

    How seldom two people share a number cannot be seen among pairs that nearly all are matches, so that is not learnt; how often
    one person has two numbers can.
    """
    apart = np.arange(len(usual)) > lv.PASSPORT_SLIP
    behind = _WITNESS_PRIOR_PAIRS * np.exp(usual[-1])
    share = (float(same[apart].sum()) + behind) / (float(same[1:].sum()) + _WITNESS_PRIOR_PAIRS)
    return np.where(apart, np.log(share), usual)


def birth_agrees(levels: U8) -> npt.NDArray[np.bool_]:
    """Whether the birth dates of a pattern agree, in any order of day and month."""
    birth = levels[:, BIRTH_COLUMN]
    return (birth >= lv.BIRTH_EQUAL) & (birth <= lv.BIRTH_IN_NIK)


def _one_hot_columns(levels: U8) -> npt.NDArray[np.int64]:
    columns: npt.NDArray[np.int64] = levels[:, 1:].astype(np.int64) + np.array(_OFFSETS[:-1])
    return columns


def _logit(columns: npt.NDArray[np.int64], theta: F64) -> F64:
    out = np.empty(len(columns))
    _logits(columns, theta, out)
    return out


@compiled
def _logits(columns: npt.NDArray[np.int64], theta: F64, out: F64) -> None:
    """Add up the weights of each row, the first eight two by two: in the order that NumPy adds in, so that nothing is rounded otherwise."""
    for row in range(len(out)):
        one = columns[row]
        total = (theta[one[0]] + theta[one[1]]) + (theta[one[2]] + theta[one[3]])
        total += (theta[one[4]] + theta[one[5]]) + (theta[one[6]] + theta[one[7]])
        for at in range(8, len(one)):
            total += theta[one[at]]
        out[row] = total + theta[-1]


def _sigmoid(x: F64) -> F64:
    out: F64 = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return out


def _fit(
    columns: npt.NDArray[np.int64], count: F64, belief: F64, theta: F64, target: F64, held: list[slice]
) -> F64:
    """Ridge logistic regression towards the `target`: Newton steps, halved until they help; `held` stays there."""
    pull = np.full(len(theta), _RIDGE)
    for weights in held:
        pull[weights] = _HELD
    pull[-1] = 1e-3

    def loss(candidate: F64) -> float:
        return _loss(columns, count, belief, candidate, logit) + float((pull * (candidate - target) ** 2).sum() / 2)

    logit = np.empty(len(count))
    now = loss(theta)
    enough = 1e-7 * count.sum()
    for _ in range(_NEWTON):
        slope, curve = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
        _slopes(columns, count, belief, logit, slope, curve)
        step = np.linalg.solve(curve + np.diag(pull), slope - pull * (theta - target))
        size = 1.0
        while (then := loss(theta + size * step)) > now and size > 1e-4:
            size /= 2
        theta = theta + size * step
        gained, now = now - then, then
        if gained < enough:
            break
    return theta


@compiled
def _loss(columns: npt.NDArray[np.int64], count: F64, belief: F64, theta: F64, logits: F64) -> float:
    """Negative log-likelihood of beliefs under weights, whose `logits` are filled in; the last weight is the intercept."""
    total = 0.0
    for row in range(len(count)):
        logit = theta[-1]
        for at in range(columns.shape[1]):
            logit += theta[columns[row, at]]
        logits[row] = logit
        softplus = max(logit, 0.0) + np.log1p(np.exp(-abs(logit)))
        total += count[row] * (softplus - belief[row] * logit)
    return total


@compiled
def _slopes(columns: npt.NDArray[np.int64], count: F64, belief: F64, logits: F64, slope: F64, curve: F64) -> None:
    """Add up the gradient of the log-likelihood at these logits and its curvature, one half of which mirrors the other."""
    last, width = len(slope) - 1, columns.shape[1]
    for row in range(len(count)):
        mean = 1 / (1 + np.exp(-min(max(logits[row], -40.0), 40.0)))
        miss = count[row] * (belief[row] - mean)
        bend = count[row] * max(mean * (1 - mean), 1e-9)
        slope[last] += miss
        curve[last, last] += bend
        for at in range(width):
            one = columns[row, at]
            slope[one] += miss
            curve[one, last] += bend
            for other in range(at, width):
                curve[one, columns[row, other]] += bend
    for one in range(last + 1):
        for other in range(one):
            curve[one, other] = curve[other, one]


def _nik_weights(level: npt.NDArray[np.int64], side: npt.NDArray[np.int64], count: F64, belief: F64) -> F64:
    """ln P(level | same) / P(level | other), apart by agreeing birth date, with pseudo-pairs from the starting table."""
    lean = np.exp(np.array([weight for _, weight in lv.NIK.levels]) / 2)
    pooled = np.bincount(level, weights=count, minlength=_NIK_LEVELS) + 1.0
    pooled[lv.NIK_MISSING] = 0
    pooled /= pooled.sum()
    # How a person's own NIKs differ is a matter of typing, not of her other columns: one table for both sides.
    same = np.bincount(level, weights=count * belief, minlength=_NIK_LEVELS)
    same += _WITNESS_PRIOR_PAIRS * pooled * lean / (pooled * lean).sum()
    out = np.zeros((2, _NIK_LEVELS))
    for at in (0, 1):
        other = np.bincount(level, weights=count * (1 - belief) * (side == at), minlength=_NIK_LEVELS)
        other += _WITNESS_PRIOR_PAIRS * pooled / lean / (pooled / lean).sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            out[at] = np.log((same / same.sum()) / (other / other.sum()))
    out[:, lv.NIK_MISSING] = 0
    out[:, lv.NIK_OTHER_SERIAL] = np.minimum(out[:, lv.NIK_OTHER_SERIAL], _TWIN_CEILING)
    out[:, lv.NIK_DIFFERENT] = np.minimum(out[:, lv.NIK_DIFFERENT], 0)
    return out


def weigh(model: Model, pattern: U64, group: npt.NDArray[np.int16]) -> F32:
    """Total weight (ln odds) of each pair: one table look-up per comparison, and the shift of its group."""
    table = np.zeros((WIDTH, 1 << BITS), dtype=np.float64)
    for at, (start, size) in enumerate(zip(_OFFSETS[:-1], _SIZES, strict=True), 1):
        table[at, :size] = model.weights[start : start + size]
    shift = np.full(max(int(group.max(initial=0)), *model.intercepts, 0) + 1, model.intercept)
    for own, value in model.intercepts.items():
        shift[own] += value
    nik = np.zeros((2, 1 << BITS))
    nik[:, :_NIK_LEVELS] = model.nik
    out = np.empty(len(pattern), dtype=np.float32)
    in_parts(len(out), lambda i, j: _weigh(pattern[i:j], group[i:j], table, nik, shift, out[i:j]), least=1 << 18)
    return out


@compiled
def _weigh(pattern: U64, group: Any, table: F64, nik: F64, shift: F64, out: F32) -> None:
    for at in range(len(pattern)):
        rest = pattern[at]
        total = shift[group[at]]
        agrees = 0
        for column in range(WIDTH - 1, 0, -1):
            level = rest & np.uint64(15)
            rest >>= np.uint64(BITS)
            total += table[column, level]
            if column == BIRTH_COLUMN:
                agrees = 1 if lv.BIRTH_EQUAL <= level <= lv.BIRTH_IN_NIK else 0
        out[at] = total + nik[agrees, rest]
