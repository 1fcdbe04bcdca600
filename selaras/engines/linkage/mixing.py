"""64-bit keys from columns of whole numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.compiled import compiled

U64 = npt.NDArray[np.uint64]
Whole = npt.NDArray[Any]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@compiled
def scramble_one(value: Any) -> Any:
    """Splitmix64 of one value, so that small differences spread over all 64 bits; for compiled loops."""
    v = np.uint64(value) + _GOLDEN
    v = (v ^ (v >> np.uint64(30))) * _A
    v = (v ^ (v >> np.uint64(27))) * _B
    return v ^ (v >> np.uint64(31))


def mix(*columns: Whole) -> U64:
    """One 64-bit key per row from any number of whole-number columns (of equal length)."""
    key = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        _mix_in(key, column)
    return key


@compiled
def _mix_in(key: U64, column: Any) -> None:
    for at in range(len(key)):
        key[at] = scramble_one(key[at] ^ np.uint64(column[at]))


def mix_at(rows: npt.NDArray[np.int32], *columns: Whole) -> U64:
    """`mix` of the columns at these rows."""
    key = np.zeros(len(rows), dtype=np.uint64)
    for column in columns:
        _mix_in_at(key, column, rows)
    return key


@compiled
def _mix_in_at(key: U64, column: Any, rows: Any) -> None:
    for at in range(len(key)):
        key[at] = scramble_one(key[at] ^ np.uint64(column[rows[at]]))


def runs(values: Whole) -> tuple[Whole, npt.NDArray[np.int64]]:
    """Sorted distinct values, and how often each stands there."""
    held = np.sort(values)
    if not len(held):
        return held, np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([[True], held[1:] != held[:-1]]))
    return held[starts], np.diff(np.append(starts, len(held)))
