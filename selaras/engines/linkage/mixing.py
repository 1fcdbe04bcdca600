"""64-bit keys from columns of whole numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
Whole = npt.NDArray[Any]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def scramble(values: U64) -> U64:
    """Splitmix64 of each value: small differences spread over all 64 bits."""
    v = values + _GOLDEN
    v = (v ^ (v >> np.uint64(30))) * _A
    v = (v ^ (v >> np.uint64(27))) * _B
    return v ^ (v >> np.uint64(31))


def distinct(values: U64) -> U64:
    """Sorted distinct values: a plain sort, which beats numpy's hash-based `unique` several times over at this size."""
    held = np.sort(values)
    return held[np.concatenate([[True], held[1:] != held[:-1]])] if len(held) else held


def mix(*columns: Whole) -> U64:
    """One 64-bit key per row from any number of whole-number columns (of equal length)."""
    key = scramble(columns[0].astype(np.uint64))
    for column in columns[1:]:
        key = scramble(key ^ column.astype(np.uint64))
    return key
