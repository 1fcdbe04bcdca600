"""What judged pairs teach the weights: people's verdicts as evidence beside the silver labels, held back by a prior.

The taught weight of a pair is (1 + stretch) x its weight + a change for each of its levels + one for its group + a common one, so
that weights stay a sum of small comparisons. All changes are pulled to 0 as by a normal prior, and how strongly is chosen by what
foretells judged pairs left out best; when nothing foretells them better than the weights learnt without people, nothing
changes. A verdict is taken to be wrong in `ERRS` of cases, so that one against strong evidence teaches little.

Pairs of the review queue were asked because they are doubtful: they say how comparisons differ in worth, but not how
many pairs are matches, so a lean of their own takes that up and is thrown away. Pairs of a drawn sample stand for all
pairs of their stratum, by the number that each stands for: they teach the common change and the stretch, too.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.comparing import U8
from selaras.engines.linkage.model import Model

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

ERRS = 0.05
# With fewer verdicts of either kind nothing is learnt from them.
LEAST_VERDICTS, LEAST_EACH = 60, 15
# Spreads of the prior that are tried, in nats per level; the widest still holds a level with ten verdicts near its place.
_SPREADS = (0.1, 0.2, 0.4)
_STRETCH_SPREAD = 0.25
_LEAN_SPREAD = 3.0
_FOLDS = 5
# A wider spread must foretell better by this part of the standard error of the gain, or chance would choose it.
_SURER = 1.0
_ROUNDS = 15
_MOST_CHANGE, _MOST_STRETCH = 2.0, 0.3
# No drawn pair may speak for more than this many times the usual one.
_MOST_SPEAKING = 5.0

_SIZES = tuple(len(comparison.levels) for comparison in (lv.NIK, *lv.COMPARISONS))
_OFFSETS = tuple(int(x) for x in np.concatenate([[0], np.cumsum(_SIZES)]))
_LEVELS = _OFFSETS[-1]


@dataclass(frozen=True)
class Verdicts:
    """Judged pairs: levels (NIK first), group, weight (ln odds before teaching), same, and how many pairs each stands for
    (0: it was asked because it is doubtful)."""

    levels: U8
    group: I64
    weight: F64
    same: npt.NDArray[np.bool_]
    stands_for: F64

    def __len__(self) -> int:
        return len(self.same)

    def part(self, at: npt.NDArray[np.bool_]) -> "Verdicts":
        """Some of them."""
        return Verdicts(self.levels[at], self.group[at], self.weight[at], self.same[at], self.stands_for[at])


def teach(model: Model, verdicts: Verdicts, seed: int = 0) -> tuple[Model, float]:
    """Give the model as judged pairs correct it, and the spread of the prior that was chosen (0: nothing was learnt)."""
    each = int(verdicts.same.sum())
    if len(verdicts) < LEAST_VERDICTS or min(each, len(verdicts) - each) < LEAST_EACH:
        return model, 0.0
    groups = np.unique(verdicts.group)
    spread = _chosen(verdicts, groups, seed)
    if not spread:
        return model, 0.0
    return _changed(model, _fit(verdicts, groups, spread), groups), spread


def _chosen(verdicts: Verdicts, groups: I64, seed: int) -> float:
    """The spread that foretells verdicts left out best; 0 when none does so clearly."""
    fold = np.random.default_rng(seed).permutation(len(verdicts)) % _FOLDS
    worth = _worth(verdicts)
    before = np.empty(len(verdicts))
    after = {spread: np.empty(len(verdicts)) for spread in _SPREADS}
    for one in range(_FOLDS):
        out, kept = verdicts.part(fold == one), verdicts.part(fold != one)
        # The lean of the queue is no part of the model: both sides of the comparison get it.
        before[fold == one] = _surprise(out, _design(out, groups), _fit(kept, groups, 1e-3))
        for spread in _SPREADS:
            after[spread][fold == one] = _surprise(out, _design(out, groups), _fit(kept, groups, spread))
    best, chosen = 0.0, 0.0
    for spread in _SPREADS:
        gain = worth * (before - after[spread])
        sure = gain.sum() - _SURER * np.sqrt(len(gain)) * gain.std()
        if sure > best:
            best, chosen = sure, spread
    return chosen


def _worth(verdicts: Verdicts) -> F64:
    """How much each verdict speaks: one for each of the queue; drawn ones by what they stand for, one on average."""
    drawn = verdicts.stands_for > 0
    out = np.ones(len(verdicts))
    if drawn.any():
        usual = verdicts.stands_for[drawn].mean()
        held = np.minimum(verdicts.stands_for[drawn], _MOST_SPEAKING * usual)
        out[drawn] = held / held.mean()
    return out


def _design(verdicts: Verdicts, groups: I64) -> F64:
    """What each pair's weight may change by: its levels, its group, all pairs, the stretch, the queue's lean."""
    many = len(verdicts)
    out = np.zeros((many, _LEVELS + len(groups) + 3))
    rows = np.arange(many)
    for at, start in enumerate(_OFFSETS[:-1]):
        out[rows, start + verdicts.levels[:, at]] = 1
    # What is missing says nothing by itself.
    out[:, lv.NIK_MISSING] = 0
    out[rows, _LEVELS + np.searchsorted(groups, verdicts.group)] = 1
    out[:, -3] = 1
    out[:, -2] = np.where(verdicts.stands_for > 0, verdicts.weight, 0)
    out[:, -1] = verdicts.stands_for == 0
    return out


def _fit(verdicts: Verdicts, groups: I64, spread: float) -> F64:
    """The most likely changes under the prior and some wrong verdicts: each round asks which verdicts are likely right."""
    design, worth = _design(verdicts, groups), _worth(verdicts)
    pull = np.full(design.shape[1], 1 / spread**2)
    pull[-2] = 1 / min(_STRETCH_SPREAD, spread) ** 2
    pull[-1] = 1 / _LEAN_SPREAD**2
    changes = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        now = _sigmoid(verdicts.weight + design @ changes)
        likely = np.where(verdicts.same, 1 - ERRS, ERRS) * now
        true = likely / (likely + np.where(verdicts.same, ERRS, 1 - ERRS) * (1 - now))
        bend = worth * np.maximum(now * (1 - now), 1e-6)
        slope = design.T @ (worth * (true - now)) - pull * changes
        step = np.linalg.solve((design * bend[:, None]).T @ design + np.diag(pull), slope)
        changes = changes + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-3:
            break
    held = np.clip(changes, -_MOST_CHANGE, _MOST_CHANGE)
    held[-2], held[-1] = np.clip(changes[-2], -_MOST_STRETCH, _MOST_STRETCH), changes[-1]
    return held


def _surprise(verdicts: Verdicts, design: F64, changes: F64) -> F64:
    """How unexpected each verdict is, in nats."""
    said = ERRS + (1 - 2 * ERRS) * _sigmoid(verdicts.weight + design @ changes)
    return np.asarray(-np.log(np.where(verdicts.same, said, 1 - said)))


def _changed(model: Model, changes: F64, groups: I64) -> Model:
    """The model with the changes taken into its tables."""
    stretch = 1 + changes[-2]
    nik = model.nik * stretch + changes[None, : _OFFSETS[1]]
    intercepts = {group: value * stretch for group, value in model.intercepts.items()}
    for group, change in zip(groups.tolist(), changes[_LEVELS : _LEVELS + len(groups)], strict=True):
        intercepts[group] = intercepts.get(group, 0.0) + float(change)
    return replace(
        model,
        weights=model.weights * stretch + changes[_OFFSETS[1] : _LEVELS],
        nik=nik,
        intercept=float(model.intercept * stretch + changes[-3]),
        intercepts=intercepts,
    )


def _sigmoid(x: F64) -> F64:
    out: F64 = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return out
