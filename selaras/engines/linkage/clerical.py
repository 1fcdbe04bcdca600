"""Quality by a stratified sample drawn for reading by people, as statistical offices do: what is drawn, and what follows from it.

Strata are linked and not linked pairs by the model's probability. Precision: of the pairs that are linked, the share that are one
person. Recall: of the pairs that are one person, the share that are linked. Both are sums over strata of (pairs) x (share read as
one person). What it assumes: readers are right; pairs below `BEYOND` are not drawn, and as many of them are matches as their
probabilities say; pairs that no key put side by side are outside of it: the capture-recapture figure of `counting` covers them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.model import F32

F64 = npt.NDArray[np.float64]

LINKED_FROM = (0.0, 0.5, 0.9, 0.99, 0.999)
APART_FROM = (0.001, 0.01, 0.1, 0.5)
BEYOND = APART_FROM[0]
# So many pairs of each stratum are kept for whoever draws later.
POOL = 300
LEAST_A_STRATUM = 8
# Where the model is sure it may be wrong: no stratum is taken to vary less than one with this share of matches.
_LEAST_SHARE = 0.02
_Z = 1.96


@dataclass(frozen=True)
class Stratum:
    """`pairs` pairs that are `linked` or not, with probabilities from `low` to `high`; `expected` matches among them."""

    linked: bool
    low: float
    high: float
    pairs: int
    expected: float


@dataclass(frozen=True)
class Share:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """What the readings say, from how many."""

    precision: Share
    recall: Share
    read: int


@dataclass(frozen=True)
class Pool:
    """`at`: places of the pairs kept for drawing, `stratum` of each; `strata` in order; `beyond`: matches expected among
    pairs too unlikely to be drawn."""

    at: I64
    stratum: I64
    strata: tuple[Stratum, ...]
    beyond: float


def pool_of(label: I32, left: I32, right: I32, weight: F32, seed: int, most: int = POOL) -> Pool:
    """Draw up to `most` pairs of each stratum at random from all candidates; one pass, whatever their number.

    `label`: the person of each row; `weight`: ln odds of each pair.
    """
    edges = [np.log(low / (1 - low)) if low else -np.inf for low in (*LINKED_FROM, *APART_FROM)]
    many = len(edges)
    kept, count, sums = np.zeros((many, most), dtype=np.int64), np.zeros(many, dtype=np.int64), np.zeros(many + 1)
    _draw(label, left, right, weight, np.array(edges), len(LINKED_FROM), seed, kept, count, sums)
    highs = (*LINKED_FROM[1:], 1.0, *APART_FROM[1:], 1.0)
    strata = tuple(
        Stratum(at < len(LINKED_FROM), low, highs[at], int(count[at]), float(sums[at]))
        for at, low in enumerate((*LINKED_FROM, *APART_FROM))
    )
    taken = np.minimum(count, most)
    return Pool(
        np.concatenate([kept[at, : taken[at]] for at in range(many)]),
        np.repeat(np.arange(many), taken),
        strata,
        float(sums[many]),
    )


@compiled
def _draw(
    label: I32, left: I32, right: I32, weight: F32, edges: F64, linked: int, seed: int, kept: I64, count: I64, sums: F64
) -> None:
    """Keep a pair with the chance that its place among those of its stratum so far asks for (Vitter 1985, algorithm R)."""
    np.random.seed(seed)
    many, most = kept.shape
    for at in range(len(left)):
        w = weight[at]
        first, last = (0, linked) if label[left[at]] == label[right[at]] else (linked, many)
        chance = 1 / (1 + np.exp(-np.float64(w)))
        if w < edges[first]:
            sums[many] += chance
            continue
        own = first
        while own + 1 < last and w >= edges[own + 1]:
            own += 1
        sums[own] += chance
        if count[own] < most:
            kept[own, count[own]] = at
        else:
            place = np.random.randint(0, count[own] + 1)
            if place < most:
                kept[own, place] = at
        count[own] += 1


def allocate(strata: Sequence[Stratum], size: int, most: int = POOL) -> list[int]:
    """How many pairs to read of each stratum: some of each, the rest by its pairs times how much they vary (Neyman 1934)."""
    room = np.array([min(s.pairs, most) for s in strata], dtype=np.int64)
    given = np.minimum(room, min(LEAST_A_STRATUM, max(size // max(len(strata), 1), 1)))
    share = np.array([s.expected / s.pairs if s.pairs else 0.0 for s in strata])
    held = np.clip(share, _LEAST_SHARE, 1 - _LEAST_SHARE)
    worth = np.array([s.pairs for s in strata]) * np.sqrt(held * (1 - held))
    while (left := size - int(given.sum())) > 0 and (open_ones := given < room).any():
        wanted = left * np.where(open_ones, worth, 0) / worth[open_ones].sum()
        more = np.minimum(np.floor(wanted).astype(np.int64), room - given)
        if not more.any():
            more[int(np.argmax(np.where(open_ones, wanted, -1.0)))] = 1
        given = given + more
    return [int(n) for n in given]


def estimate(strata: Sequence[Stratum], read: Sequence[int], same: Sequence[int], beyond: float) -> Quality | None:
    """Precision and recall from readings; None while a stratum that has pairs has not been read at all.

    `read`, `same`: per stratum, how many pairs were read as one person or two, and how many as one. Each stratum's share
    has its Wilson interval, narrowed where a good part of the stratum was read; the distances to its ends add up as squares,
    each way for itself (Zou and Donner 2008), since shares near 0 and 1 are uncertain to one side.
    """
    pairs = np.array([s.pairs for s in strata], dtype=np.float64)
    n, m = np.array(read, dtype=np.float64), np.array(same, dtype=np.float64)
    if ((pairs > 0) & (n == 0)).any() or not n.sum():
        return None
    linked = np.array([s.linked for s in strata])
    share, low, high = _wilson(n, m)
    narrowed = np.sqrt(np.clip(1 - np.divide(n, pairs, out=np.ones_like(n), where=pairs > 0), 0, 1))
    down, up = ((pairs * narrowed * side) ** 2 for side in (share - low, high - share))
    true, missed = float((share * pairs)[linked].sum()), float((share * pairs)[~linked].sum()) + beyond
    there = max(float(pairs[linked].sum()), 1.0)
    precision = _share(true / there, down[linked].sum() ** 0.5 / there, up[linked].sum() ** 0.5 / there)
    whole = max(true + missed, 1e-9)
    by_true, by_missed = (missed / whole**2) ** 2, (true / whole**2) ** 2
    recall = _share(
        true / whole,
        (by_true * down[linked].sum() + by_missed * up[~linked].sum()) ** 0.5,
        (by_true * up[linked].sum() + by_missed * down[~linked].sum()) ** 0.5,
    )
    return Quality(precision, recall, int(n.sum()))


def _wilson(n: F64, m: F64) -> tuple[F64, F64, F64]:
    """Share and its 95 % interval (Wilson 1927) for m of n; nought for none."""
    some = np.maximum(n, 1)
    share = m / some
    middle = (share + _Z**2 / (2 * some)) / (1 + _Z**2 / some)
    reach = _Z * np.sqrt(share * (1 - share) / some + _Z**2 / (4 * some**2)) / (1 + _Z**2 / some)
    return share, np.minimum(middle - reach, share), np.maximum(middle + reach, share)


def _share(value: float, down: float, up: float) -> Share:
    return Share(value, max(value - float(down), 0.0), min(value + float(up), 1.0))
