"""All rows of a standing linkage as one linkage: everybody's persons and all pairs worth listing, without comparing one again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.blocking import COPY, Candidates
from selaras.engines.linkage.clerical import pool_of
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.judged import Judged, with_judged
from selaras.engines.linkage.linking import Linkage, clusters_of, decided_pairs, drawable_pairs, levels_told, settled
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.model import F32, VERSION
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.standing.index import Index
from selaras.engines.linkage.standing.parts import compared, scored
from selaras.engines.linkage.standing.sets import places_in

_KEYS = np.uint16(COPY - 1)


class Drifted(ValueError):
    """The index does not hold the rows that it is asked about."""


@dataclass(frozen=True)
class _Ids:
    row_id: pl.Series


@dataclass(frozen=True)
class Whole:
    """`rows`: the position of each row, in the order asked for; `registers`: the rows in that order; `linkage`: as a full run with
    the same model gives it, but that `pairs` lack group and levels (see `detailed`)."""

    index: Index
    rows: I32
    registers: list[Register]
    linkage: Linkage
    found: Candidates
    shown: I64

    def detailed(self, at: npt.NDArray[Any]) -> pl.DataFrame:
        """Some lines of the pairs, by their places, with group and levels, as `Linkage.pairs` has them."""
        if not len(at):
            return self.linkage.pairs.head(0).with_columns(levels_told(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int16)))
        chosen = self.shown[at]
        left, right = self.rows[self.found.left[chosen]], self.rows[self.found.right[chosen]]
        mine = self.index.ranked(np.concatenate([left, right]))
        c = encode(self.index.registers(mine), self.index.statistics)
        one, other = places_in(mine, left), places_in(mine, right)
        low, high = np.minimum(one, other).astype(np.int32), np.maximum(one, other).astype(np.int32)
        pattern, group, _ = scored(self.index, c, Candidates(low, high, self.found.found[chosen], 0))
        return self.linkage.pairs[at].with_columns(levels_told(pattern, group))

    def settled(self) -> Index:
        """The index with these persons."""
        label = self.index.label.copy()
        label[self.rows] = self.rows[self.linkage.persons.label]
        away = np.flatnonzero(self.index.away)
        label[away] = away
        return replace(self.index, label=label)


def whole(index: Index, ids: Mapping[str, pl.Series], judged: Judged = (), held: Judged = (), seed: int = 0) -> Whole:
    """Everybody anew from the pairs at rest, as `link` does it after comparing.

    `ids`: the ids of all rows by register, in the order in which ties are settled. `judged` and `held` are held to and teach
    nothing: the model is frozen. Raises `Drifted` where `ids` are not just the rows of the index.
    """
    nothing = pl.Series([], dtype=pl.String)
    sizes = [len(ids.get(name, nothing)) for name in index.sources]
    rows = np.concatenate([index.find(at, ids.get(name, nothing)) for at, name in enumerate(index.sources)])
    stands = np.flatnonzero(~index.away).astype(np.int32)
    if set(ids) - set(index.sources) or len(rows) != len(stands) or not np.array_equal(np.sort(rows), stands):
        raise Drifted("The index does not hold these rows.")
    registers = index.registers(rows)
    row_id = pl.concat([r.rows["row_id"] for r in registers])
    valid = pl.concat([r.rows["valid"] for r in registers]).to_numpy()
    found, weight = _pairs(index, rows, stands)
    found, said = with_judged(_Ids(row_id), found, judged, held, ())
    found, weight = _with_weights(index, rows, found, weight)
    persons = settled(len(rows), found, weight, said.fixed)
    pairs, shown = decided_pairs(row_id, valid, found, weight, said.fixed, persons)
    pool = pool_of(persons.label, found.left, found.right, weight, seed)
    decided = dict(pairs["decision"].value_counts().rows())
    run = {
        "version": VERSION,
        "seed": seed,
        "strata": {"strata": [asdict(stratum) for stratum in pool.strata], "beyond": round(pool.beyond, 3)},
        "counts": {
            "rows": dict(zip(index.sources, sizes, strict=True)),
            "nobody": int((~valid).sum()),
            "candidates": len(found),
            "pairs": {decision: int(decided.get(decision, 0)) for decision in ("link", "review", "no")},
            "persons": int(np.count_nonzero(np.bincount(persons.label[valid]))),
        },
    }
    source = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
    linkage = Linkage(
        clusters_of(row_id, source, valid, persons), pairs, index.model, run, persons, seed,
        drawable=drawable_pairs(row_id, found, weight, pool),
    )  # fmt: skip
    return Whole(index, rows, registers, linkage, found, shown)


def _pairs(index: Index, rows: I32, stands: I32) -> tuple[Candidates, F32]:
    """All pairs at rest, by the places of their rows in the order asked for, and their weights."""
    place = np.full(len(index), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    pairs = index.graph.around(stands)
    one, other = place[pairs.left], place[pairs.right]
    if len(pairs) and min(int(one.min()), int(other.min())) < 0:
        raise Drifted("A pair of the index has a row that was withdrawn.")
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((high, low))
    return Candidates(low[order], high[order], pairs.found[order], 0), pairs.weight[order]


def _with_weights(index: Index, rows: I32, found: Candidates, weight: F32) -> tuple[Candidates, F32]:
    """Compare the pairs that only people's verdicts brought, and give all weights."""
    new = np.flatnonzero((found.found & _KEYS) == 0)
    if not len(new):
        return found, weight
    left, right = rows[found.left[new]], rows[found.right[new]]
    swap = index.rank(left) > index.rank(right)
    code = _coded(np.where(swap, right, left), np.where(swap, left, right))
    order = np.argsort(code)
    made = compared(index, code[order], np.zeros(len(code), dtype=np.uint16))
    by_code = np.argsort(made.code)
    all_weights, bits = np.empty(len(found), dtype=np.float32), found.found.copy()
    rest = np.ones(len(found), dtype=bool)
    rest[new] = False
    all_weights[rest] = weight
    all_weights[new[order]], bits[new[order]] = made.weight[by_code], made.found[by_code]
    return replace(found, found=bits), all_weights


def _coded(left: I32, right: I32) -> U64:
    return np.asarray(left.astype(np.uint64) << np.uint64(32) | right.astype(np.uint64))
