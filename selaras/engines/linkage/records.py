"""How a row and a name lie in memory: one cache line a row, so that a pair costs two look-ups and not thirty."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.plain import BITS

I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]
U64 = npt.NDArray[np.uint64]
Bool = npt.NDArray[np.bool_]

# A row of a register. 0 means missing for numbers and dates, -1 for codes. 64 bytes.
ROW = np.dtype(
    [
        ("nik", np.int64),
        ("nik_signs", np.uint64),  # its last 16 digits, four bits each: numbers a slip apart differ in one place
        ("passport", np.uint64),  # its signs, six bits each
        ("phone", np.int32),
        ("nik_birth", np.int32),  # dates as year, month, day in bits: see `packed_date`
        ("birth", np.int32),
        ("name", np.int32),
        ("mother", np.int32),
        ("birth_place", np.int32),
        ("village", np.int32),
        ("home", np.int32),
        ("event_year", np.int16),
        ("country", np.int16),
        ("flags", np.uint16),
        ("source", np.uint16),
    ]
)
MAN, WOMAN, BIRTH_COMMON, PHONE_SHARED, NIK_DISAGREES, COUNTRY_RARE, PLACE_IS_PROVINCE, VALID, HOME_SAID = (
    1 << k for k in range(9)
)
SEX = MAN | WOMAN
NIK_BITS, NIK_PLACES = 4, 16
PASSPORT_BITS = BITS

# A distinct name, twelve whole numbers: up to four words by how they sound and by their codes, -1 for none; the whole
# name without vowels and spaces (64 bits); -ln(share of rows whose name sounds like this), as the bits of a float.
WORDS = 4
NAME_WIDTH = 12
HEARD, SPELT, JOINED, RARITY = 0, 4, 8, 10


@dataclass(frozen=True)
class Records:
    """The rows of all registers, as records that have `flags` (the bits above), and their ids."""

    row_id: pl.Series
    rows: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def valid(self) -> Bool:
        """Rows that are somebody."""
        return self.flag(VALID)

    def flag(self, bit: int) -> Bool:
        """Rows that have a flag."""
        return np.asarray((self.rows["flags"] & bit) > 0)


def packed_date(dates: I32) -> I32:
    """Dates yyyymmdd as year, month (4 bits) and day (5 bits), so that a part is a shift away; 0 stays 0."""
    out: I32 = (dates // 10000 << 9 | dates // 100 % 100 << 5 | dates % 100).astype(np.int32)
    return out


def order_free(packed: I32) -> I32:
    """The packed date with day and month in rising order, so that 3 April and 4 March agree."""
    day, month = packed & 31, packed >> 5 & 15
    return np.asarray(packed >> 9 << 9 | np.minimum(day, month) << 5 | np.maximum(day, month), dtype=np.int32)


@compiled
def nik_signs(niks: I64, out: U64) -> None:
    """The last 16 digits of each number, four bits each."""
    for at in range(len(niks)):
        rest = np.uint64(niks[at])
        signs = np.uint64(0)
        for place in range(NIK_PLACES):
            signs |= (rest % np.uint64(10)) << np.uint64(NIK_BITS * place)
            rest //= np.uint64(10)
        out[at] = signs
