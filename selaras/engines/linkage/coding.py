"""Columns of text as a dictionary and a code for each row, so that each distinct text is read once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Coded:
    """`codes`: per row a position in `values`, -1 for null; `values`: distinct texts."""

    codes: I32
    values: pl.Series

    def mapped(self, read: Callable[[pl.Series], pl.Series]) -> "Coded":
        """The column with each distinct text read anew; texts that read alike become one, unreadable ones null."""
        again = coded(read(self.values))
        turned = np.append(again.codes, np.int32(-1))
        return Coded(turned[self.codes], again.values)

    def numbers(self, read: Callable[[pl.Series], pl.Series], none: int = 0) -> npt.NDArray[Any]:
        """A number for each row, by what each distinct text reads as; `none` for null."""
        values = read(self.values)
        table = np.append(values.fill_null(none).to_numpy(), np.array([none], dtype=values.to_numpy().dtype))
        out: npt.NDArray[Any] = table[self.codes]
        return out

    def texts(self) -> pl.Series:
        """The column as texts again."""
        return self.values.gather(pl.Series(self.codes).replace(-1, None).cast(pl.UInt32))


def coded(column: pl.Series) -> Coded:
    """Code a column of texts in order of first appearance."""
    text = column.cast(pl.String).rechunk()
    if not len(text):
        return Coded(np.zeros(0, dtype=np.int32), text)
    found = text.to_arrow().dictionary_encode()
    # Arrow's own way to fill gaps would read in Pandas where that is installed, which takes a second.
    codes = pl.Series(pl.from_arrow(found.indices)).fill_null(-1).to_numpy()
    return Coded(np.asarray(codes, dtype=np.int32), pl.Series(pl.from_arrow(found.dictionary), dtype=pl.String))


def together(columns: list[Coded]) -> tuple[list[I32], pl.Series]:
    """Codes of several columns in one dictionary, -1 for null, and the dictionary."""
    union = coded(pl.concat([column.values for column in columns]))
    out, start = [], 0
    for column in columns:
        stop = start + len(column.values)
        out.append(np.append(union.codes[start:stop], np.int32(-1))[column.codes])
        start = stop
    return out, union.values


def read_apart(values: pl.Series, plain: pl.Series, quick: pl.Series, slow: Callable[[str], Any]) -> pl.Series:
    """`quick` where a text is plain, and each other text read on its own; null stays null."""
    odd = (~plain.fill_null(True)).arg_true()
    if not len(odd):
        return quick
    return quick.clone().scatter(odd, pl.Series([slow(text) for text in values.gather(odd)], dtype=quick.dtype))
