"""What a judgement of a pair would change: the order in which people are asked.

Two sides X and Y hang on a pair: of a pair inside a person, the parts that firmer pairs hold together and that this one
joins; of a pair between two persons, the two persons. Its effect is

    4 p (1 - p) x (heads + LINKS x log2(1 + |X| x |Y|))

where p is the chance that X and Y are one (from the strongest pair between them, or from the sum of all of them where
that is less), so that 4 p (1 - p) is 1 at even odds and, as the variance of a headcount is, next to nothing for what is
nearly sure; heads is 1 when both sides are counted, for then one person more or less is counted in one country, and 0
when one of them is nobody; |X| x |Y| is the number of pairs of rows that the verdict makes or unmakes, in logarithm, so that
one large tangle does not fill the queue. Of several pairs between the same two sides only the best has an effect: the
others would ask the same thing again.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.resolving import Persons

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

LINKS = 0.5
# What a pair of two single rows weighs at ln odds of 3 (95 in 100): below this nobody is asked.
LEAST_EFFECT = 0.27
_SURE = 40.0


@dataclass(frozen=True)
class Effect:
    """Of each pair given: its effect (0: nothing to ask), the ln odds that its two sides are one, and their rows."""

    effect: F32
    odds: F32
    left_rows: I32
    right_rows: I32


def effects(persons: Persons, left: I32, right: I32, weight: F32, valid: Bool) -> Effect:
    """Say what a judgement of each pair would change.

    `left`, `right`, `weight`: from the strongest to the weakest, judged ones with the weight of their verdict; all pairs
    within a person must be among them. `valid`: per row, whether it is somebody.
    """
    label = persons.label
    count = len(left)
    odds = np.full(count, -np.inf)
    one, other = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
    heads = np.zeros(count)
    size = np.bincount(label, minlength=len(label)).astype(np.int32)
    counted = np.bincount(label, weights=valid, minlength=len(label)) > 0
    _within(label, left, right, weight, valid, odds, one, other, heads)
    apart = np.flatnonzero(label[left] != label[right])
    a, b = label[left[apart]].astype(np.int64), label[right[apart]].astype(np.int64)
    code = np.minimum(a, b) * len(label) + np.maximum(a, b)
    best = np.unique(code, return_index=True)[1]
    first = apart[best]
    odds[first] = _between(persons, code[best])
    one[first], other[first] = size[a[best]], size[b[best]]
    heads[first] = counted[a[best]] & counted[b[best]]
    held = np.clip(odds, -_SURE, _SURE)
    open_to_doubt = 4 / (1 + np.exp(held)) / (1 + np.exp(-held))
    pairs = one.astype(np.float64) * other
    effect = np.where(np.isfinite(odds), open_to_doubt * (heads + LINKS * np.log2(1 + pairs)), 0)
    return Effect(effect.astype(np.float32), odds.astype(np.float32), one, other)


def _between(persons: Persons, code: I64) -> F64:
    """Ln odds that two persons (lower x rows + higher) are one: what resolving noted; nothing for what it gave up."""
    noted = ~persons.doubt_joined
    size = len(persons.label)
    known = persons.doubt_row[noted].astype(np.int64) * size + persons.doubt_other[noted]
    weight = persons.doubt_weight[noted]
    if not len(known):
        return np.full(len(code), -np.inf)
    place = np.minimum(np.searchsorted(known, code), len(known) - 1)
    found: F64 = np.where(known[place] == code, weight[place], -np.inf)
    return found


@compiled
def _within(
    label: I32, left: I32, right: I32, weight: F32, valid: Bool, odds: F64, one: I32, other: I32, heads: F64
) -> None:
    """The pairs that tie a person's rows together, from the firmest on; what the others between the same parts add or take.

    A part is a tree of rows, the smaller always hung below the larger, so that the way up is short. `joint`: the pair
    that hung a row's part below its owner; the weakest on the way between two rows is the pair that joins their parts.
    """
    owner = np.arange(len(label)).astype(np.int32)
    joint = np.full(len(label), -1, dtype=np.int32)
    size = np.ones(len(label), dtype=np.int32)
    somebody = valid.copy()
    summed = np.zeros(len(left))
    for at in range(len(left)):
        if label[left[at]] != label[right[at]]:
            continue
        a, b = left[at], right[at]
        while owner[a] != a:
            a = owner[a]
        while owner[b] != b:
            b = owner[b]
        if a == b:
            summed[_weakest(owner, joint, left[at], right[at])] += weight[at]
            continue
        one[at], other[at] = (size[a], size[b])
        heads[at] = 1.0 if somebody[a] and somebody[b] else 0.0
        odds[at] = weight[at]
        summed[at] += weight[at]
        if size[a] < size[b]:
            a, b = b, a
        owner[b], joint[b] = a, at
        size[a] += size[b]
        somebody[a] |= somebody[b]
    for at in range(len(left)):
        if odds[at] > summed[at]:
            odds[at] = summed[at]


@compiled
def _weakest(owner: I32, joint: I32, a: int, b: int) -> int:
    """The last pair on the way between two rows of one part."""
    last = 0
    while a != b:
        # The earlier joint is climbed first: a row's own always comes before that of its owner; the top has none.
        if joint[b] < 0 or 0 <= joint[a] < joint[b]:
            a, last = owner[a], max(last, joint[a])
        else:
            b, last = owner[b], max(last, joint[b])
    return last
