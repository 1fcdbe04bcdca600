"""Sets of whole numbers as rising columns: by sorting and looking up, which for these sizes is quicker than hashing."""

from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.compiled import compiled

Column = npt.NDArray[Any]
Bool = npt.NDArray[np.bool_]


def distinct(values: Column) -> Column:
    """The values, rising, each once."""
    held = np.sort(values)
    if not len(held):
        return held
    first = np.ones(len(held), dtype=bool)
    first[1:] = held[1:] != held[:-1]
    return held[first]


def among(known: Column, asked: Column) -> Bool:
    """Which of the numbers asked for are in a set."""
    out = np.zeros(len(asked), dtype=np.bool_)
    if len(known) and len(asked):
        _among(known, asked, out)
    return out


@compiled
def _among(known: Column, asked: Column, out: Bool) -> None:
    """Each number is looked for from the place of the one before it, for most of what is asked rises, too."""
    place = 0
    for at in range(len(asked)):
        if at and asked[at] < asked[at - 1]:
            place = 0
        place = first_from(known, place, asked[at])
        out[at] = place < len(known) and known[place] == asked[at]


@compiled
def first_from(known: Column, place: int, least: Any) -> int:
    """The first place, not before the one given, of a number that is not less than `least`: by ever longer steps, then halving."""
    step, low, high = 1, place, place
    while high < len(known) and known[high] < least:
        low = high + 1
        high += step
        step *= 2
    high = min(high, len(known))
    while low < high:
        middle = (low + high) // 2
        if known[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


def without(one: Column, other: Column) -> Column:
    """What is in one set and not in the other."""
    return one[~among(other, one)]


def union(one: Column, other: Column) -> Column:
    """What is in either set."""
    return distinct(np.concatenate([one, other]))


def places_in(known: Column, asked: Column) -> npt.NDArray[np.int64]:
    """Where each number asked for stands among distinct ones in any order, -1 for not."""
    if not len(known):
        return np.full(len(asked), -1, dtype=np.int64)
    order = np.argsort(known)
    held = known[order]
    place = np.minimum(np.searchsorted(held, asked), len(held) - 1)
    return np.where(held[place] == asked, order[place], -1)
