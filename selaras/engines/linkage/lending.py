"""NIKs lent through passports, so that registers without any NIK have witnesses: a third register knows both numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.blocking import Candidates
from selaras.engines.linkage.coding import I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.grouping import I16, KINDS, NO_NIK, WITNESSES

I8 = npt.NDArray[np.int8]
NOT_LENT, OTHER, SAME = range(3)


def lent_niks(rows: npt.NDArray[Any], found: Candidates, group: I16) -> I8 | None:
    """Of each pair whether the NIKs that passports lend its rows are the same, others, or not known.

    A passport lends the NIK that most rows with it give. None when every two registers have pairs with a NIK on both sides, or when
    rows hold no plain numbers (`rows`: records).
    """
    present = set(np.flatnonzero(np.bincount(group, minlength=1)).tolist())
    alone = any(g % KINDS == NO_NIK and g - NO_NIK + WITNESSES not in present for g in present)
    if not alone or not {"nik", "passport"} <= set(rows.dtype.names or ()):
        return None
    lent = _lent(rows["nik"], rows["passport"])
    out = np.zeros(len(found), dtype=np.int8)
    _alike(lent, found.left, found.right, out)
    return out


def _lent(nik: I64, passport: npt.NDArray[np.uint64]) -> I64:
    """The NIK of each row, or the one that its passport lends it; 0 for none, and where two are named equally often."""
    both = pl.DataFrame({"p": passport, "n": nik}).filter((pl.col("p") > 0) & (pl.col("n") > 0))
    counted = both.group_by("p", "n").len().with_columns(most=pl.col("len").max().over("p"))
    named = counted.filter(pl.col("len") == pl.col("most")).group_by("p").agg(pl.col("n").first(), times=pl.len())
    known: Mapping[str, pl.Series] = named.filter(pl.col("times") == 1).sort("p").to_dict()
    if not len(known["p"]):
        return nik
    given = known["p"].to_numpy()
    place = np.minimum(np.searchsorted(given, passport), len(given) - 1)
    there = (given[place] == passport) & (nik == 0)
    out: I64 = np.where(there, known["n"].to_numpy()[place], nik)
    return out


@compiled
def _alike(lent: I64, left: Any, right: Any, out: I8) -> None:
    """Fill `out` for each pair."""
    for at in range(len(left)):
        a, b = lent[left[at]], lent[right[at]]
        if a > 0 and b > 0:
            out[at] = SAME if a == b else OTHER
