"""Row ids: each names one row, within a register and over all of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from selaras.engines.linkage.registers import Register


def once(whole: Register) -> Register:
    """The register with each row id once: of rows with one id the last wins, and rows without any are left out.

    Both are counted among its faults, as `row.id_again` and `row.no_id`.
    """
    ids = whole.rows["row_id"]
    # Numbers are sorted in a tenth of the time and memory that texts take; nearly always that is all there is to do.
    held = np.sort(ids.hash().to_numpy())
    if not (held[1:] == held[:-1]).any() and not (ids == "").any():
        return whole
    named = ids != ""
    kept = named & ids.is_last_distinct()
    counts = {"row.no_id": int((~named).sum()), "row.id_again": int((named & ~kept).sum())}
    return replace(whole, rows=whole.rows.filter(kept), faults=whole.faults | {code: n for code, n in counts.items() if n})


def told_apart(registers: Sequence[Register]) -> list[Register]:
    """The registers; where two of them use one id, with their names before all ids: 17 becomes siskop2mi:17."""
    held = np.sort(np.concatenate([one.rows["row_id"].hash().to_numpy() for one in registers] or [np.zeros(0, np.uint64)]))
    if not (held[1:] == held[:-1]).any():
        return list(registers)
    names = [one.source for one in registers]
    prefixes = [f"{name}:" if names.count(name) == 1 else f"{at}-{name}:" for at, name in enumerate(names, 1)]
    return [
        replace(one, rows=one.rows.with_columns(row_id=pl.lit(prefix) + pl.col("row_id")))
        for one, prefix in zip(registers, prefixes, strict=True)
    ]
