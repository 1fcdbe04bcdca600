"""Pairs that people judged, put among the candidates: what is held to, and what teaches the weights."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.blocking import Candidates
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.comparing import U64, levels_of
from selaras.engines.linkage.grouping import I16
from selaras.engines.linkage.model import F32, Model
from selaras.engines.linkage.resolving import Persons
from selaras.engines.linkage.teaching import Verdicts

F64 = npt.NDArray[np.float64]
Judged = Iterable[tuple[str, str, str]]
Read = Iterable[tuple[str, str, str, float]]
_SAID = {"same": 1, "different": -1, "unsure": 0}


class HasIds(Protocol):
    """Rows with their ids."""

    @property
    def row_id(self) -> pl.Series:
        """The ids, in the order of the rows."""


@dataclass(frozen=True)
class Said:
    """`fixed`: per candidate 1 for same, -1 for different, 0 otherwise. `at`: the candidates whose verdict teaches, `same`: the
    verdict, `stands_for`: of a drawn pair, how many pairs it stands for; 0 for one that was asked because it is doubtful."""

    fixed: npt.NDArray[np.int8]
    at: I64
    same: npt.NDArray[np.bool_]
    stands_for: F64

    def verdicts(self, pattern: U64, group: I16, weight: F32) -> Verdicts:
        """What can be learnt from."""
        at = self.at
        return Verdicts(levels_of(pattern[at]), group[at].astype(np.int64), weight[at].astype(np.float64), self.same, self.stands_for)


def with_judged(rows: HasIds, found: Candidates, judged: Judged, held: Judged, read: Read) -> tuple[Candidates, Said]:
    """Candidates with the judged pairs among them, and what was said of which.

    `judged` is held to and teaches, `held` is held to only, `read` (with the number of pairs each stands for) teaches only.
    """
    said = [(*pair, True, 0.0) for pair in judged] + [(*pair, True, -1.0) for pair in held]
    said += [(left, right, verdict, False, stands) for left, right, verdict, stands in read]
    if not said:
        nothing = np.zeros(0, dtype=np.int64)
        return found, Said(np.zeros(len(found), dtype=np.int8), nothing, nothing.astype(bool), nothing.astype(np.float64))
    # Only the judged ids are read as texts, and only the few new pairs are put in: the rest is a nation's.
    ids = pl.Series([row_id for left, right, *_ in said for row_id in (left, right)], dtype=pl.String).unique()
    at = rows.row_id.is_in(ids.implode()).arg_true()
    first: dict[str, int] = {}
    for row, row_id in zip(at.to_list(), rows.row_id.gather(at), strict=True):
        first.setdefault(row_id, row)
    known = [
        ((min(first[a], first[b]), max(first[a], first[b])), _SAID[verdict], holds, stands)
        for a, b, verdict, holds, stands in said
        if a in first and b in first and first[a] != first[b]
    ]
    distinct = sorted({pair for pair, *_ in known})
    pairs = np.array(distinct, dtype=np.int32).reshape(-1, 2)
    place, there = _places_of(found, pairs)
    new = pairs[~there]
    left, right = (np.insert(side, place[~there], new[:, at]) for at, side in enumerate((found.left, found.right)))
    bits = np.insert(found.found, place[~there], 0)
    # Each new pair moves those behind it one place on.
    where = dict(zip(distinct, (place + np.cumsum(~there) - ~there).tolist(), strict=True))
    fixed = np.zeros(len(left), dtype=np.int8)
    for pair, verdict, holds, _ in known:
        if holds:
            fixed[where[pair]] = verdict
    # Of a pair that was both judged and drawn, what was drawn teaches: it is not there because it was doubtful.
    teaching = {where[pair]: (verdict > 0, stands) for pair, verdict, _, stands in known if verdict and stands >= 0}
    taught = sorted(teaching)
    return Candidates(left, right, bits, found.skipped), Said(
        fixed,
        np.array(taught, dtype=np.int64),
        np.array([teaching[at][0] for at in taught], dtype=bool),
        np.array([teaching[at][1] for at in taught], dtype=np.float64),
    )


def _places_of(found: Candidates, pairs: I32) -> tuple[I64, npt.NDArray[np.bool_]]:
    """Where each of `pairs` (sorted) stands among the candidates, or would stand, and whether it does."""
    starts = np.searchsorted(found.left, pairs[:, 0], "left")
    stops = np.searchsorted(found.left, pairs[:, 0], "right")
    place = np.array(
        [
            start + np.searchsorted(found.right[start:stop], other)
            for start, stop, other in zip(starts, stops, pairs[:, 1], strict=True)
        ],
        dtype=np.int64,
    )
    there = np.zeros(len(pairs), dtype=bool)
    inside = place < stops
    there[inside] = found.right[place[inside]] == pairs[inside, 1]
    return place, there


def told(
    said: Said,
    spread: float,
    before: tuple[Model, Persons],
    after: tuple[Model, Persons],
    pairs: pl.DataFrame,
    valid: npt.NDArray[np.bool_],
) -> dict[str, Any]:
    """What people's verdicts changed, for the report of a run.

    `before`: the model and the persons without them. verdicts, drawn (of which from a sample), held; spread (of the prior that was
    chosen, 0 when the weights stayed); persons and links (rows beyond the first of each person) before and after; weights:
    by comparison, the mean absolute change over the pairs listed.
    """
    weights = {}
    for comparison in (lv.NIK, *lv.COMPARISONS):
        mine = pairs[comparison.name].to_numpy()
        change = _table(after[0], comparison.name) - _table(before[0], comparison.name)
        weights[comparison.name] = round(float(np.abs(change[..., mine]).mean()), 4) if len(mine) else 0.0
    return {
        "verdicts": len(said.at),
        "drawn": int((said.stands_for > 0).sum()),
        "held": int((said.fixed != 0).sum()),
        "spread": spread,
        **{
            name: [count(persons.label[valid]) for _, persons in (before, after)]
            for name, count in (("persons", _distinct), ("links", lambda label: len(label) - _distinct(label)))
        },
        "weights": weights,
    }


def _distinct(label: I32) -> int:
    return len(np.unique(label))


def _table(model: Model, name: str) -> F64:
    """Weights of a comparison's levels; of the NIK one row for birth dates that differ and one for those that agree."""
    if name == lv.NIK.name:
        return model.nik
    saved = model.as_dict()["weights"][name]
    return np.array(list(saved.values()))
