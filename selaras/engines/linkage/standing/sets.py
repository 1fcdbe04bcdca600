"""Sets of whole numbers as rising columns: by sorting and looking up, which for these sizes is quicker than hashing."""

from typing import Any

import numpy as np
import numpy.typing as npt

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
    if not len(known) or not len(asked):
        return np.zeros(len(asked), dtype=bool)
    place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.asarray(known[place] == asked)


def without(one: Column, other: Column) -> Column:
    """What is in one set and not in the other."""
    return one[~among(other, one)]


def union(one: Column, other: Column) -> Column:
    """What is in either set."""
    return distinct(np.concatenate([one, other]))
