"""What all registers together say about one row: frozen with a model, so that a row means the same on another day."""

from dataclasses import dataclass, field

import numpy as np

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.naming import Rarity

_ROOM = 2
_LEAST_ROOM = 1 << 12


@dataclass(frozen=True)
class Statistics:
    """Learnt from the rows of a run, or frozen and given to it.

    `niks`, `passports`, `phones`: numbers borne by many, rising; the first two are put aside. `births`: crowded birth dates of
    all registers, `crowds`: by register. `latest`: year of the latest event. `homes`: the usual regency by region of the NIK.
    `usual`: countries that are not rare. `a_day`: rows born on one day. `room`: rows that block keys leave room for.
    `rarity`: of names and words; taken out of the coded names only when it is to be kept.
    """

    niks: I64
    passports: U64
    phones: I64
    births: I32
    crowds: dict[str, I32]
    latest: int
    homes: dict[int, str]
    usual: tuple[str, ...]
    a_day: float
    room: int
    rarity: Rarity | None = field(default=None, repr=False)


def room_for(rows: int) -> int:
    """How many rows block keys leave room for, when they are made for `rows`."""
    return max(_ROOM * rows, _LEAST_ROOM)


def among(number: I64 | U64, values: I64 | U64) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Which numbers are one of the rising `values`."""
    if not len(values):
        return np.zeros(len(number), dtype=bool)
    place = np.minimum(np.searchsorted(values, number), len(values) - 1)
    return np.asarray(values[place] == number)
