"""Which rows a delivery makes doubtful: those whose component won or lost a pair; what lies between components says nothing."""

from typing import Any

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.standing.graph import F32, Graph, Pairs
from selaras.engines.linkage.standing.index import Bool, Index
from selaras.engines.linkage.standing.sets import among, distinct
from selaras.engines.linkage.standing.touching import ends

# A component of more rows is resolved anew without asking whether the pair lies inside it.
_MOST = 64


def to_resolve(before: Graph, grown: Index, gone: U64, pairs: Pairs, new: I32) -> I32:
    """The rows, in order, of every component in which rows or pairs changed.

    `before`: the pairs as they were; `grown`: the index with its pairs as they are. A component is what links (weights above 0)
    connect. Links that came, went or changed tell where components did; any other pair counts only inside one of them.
    """
    linked_gone = before.weights(gone) > 0
    linked = (pairs.weight > 0) | (before.weights(pairs.code) > 0)
    seeds = distinct(np.concatenate([*ends(gone[linked_gone]), pairs.left[linked], pairs.right[linked], new]))
    rows = grown.connected(seeds[~grown.away[seeds]], grown.graph)
    gone_left, gone_right = ends(gone[~linked_gone])
    left = np.concatenate([gone_left, pairs.left[~linked]])
    right = np.concatenate([gone_right, pairs.right[~linked]])
    held = np.sort(rows)
    elsewhere = ~(among(held, left) | among(held, right) | grown.away[left] | grown.away[right])
    left, right = left[elsewhere], right[elsewhere]
    inside = same_component(grown.graph, left, right)
    if not inside.any():
        return rows
    others = grown.connected(distinct(left[inside]), grown.graph)
    return grown.ranked(np.concatenate([rows, others]))


def same_component(graph: Graph, left: I32, right: I32) -> Bool:
    """Which pairs of rows are connected by links, or may be: where the first row's component is large it is not followed."""
    links = graph.own.weight > 0
    one, other = graph.own.left[links], graph.own.right[links]
    row, tied = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.argsort(row, kind="stable")
    out = np.zeros(len(left), dtype=np.bool_)
    base = graph.base
    _meet(
        left, right, graph.left_starts, graph.right_starts, graph.by_right, base.left, base.right, base.weight, graph.dead,
        row[order], tied[order], out,
    )  # fmt: skip
    return out


@compiled
def _meet(
    left: I32, right: I32, left_starts: I64, right_starts: I64, by_right: I32, base_left: I32, base_right: I32,
    weight: F32, dead: I64, own_row: I32, own_tied: I32, out: npt.NDArray[np.bool_],
) -> None:
    """Follow the links of each first row until the second one, the end of its component or too many rows are met."""
    known = np.empty(_MOST, dtype=np.int64)
    for at in range(len(left)):
        known[0] = left[at]
        count, seen, met = 1, 0, left[at] == right[at]
        while seen < count and not met:
            row = known[seen]
            seen += 1
            low, middle, stop = 0, 0, 0
            if row + 1 < len(left_starts):
                low, middle = left_starts[row], left_starts[row + 1]
                stop = middle + right_starts[row + 1] - right_starts[row]
            begin = np.searchsorted(own_row, row)
            finish = begin
            while finish < len(own_row) and own_row[finish] == row:
                finish += 1
            for step in range(low, stop + finish - begin):
                near: Any = 0
                if step >= stop:
                    near = own_tied[begin + step - stop]
                else:
                    pair: Any = step
                    if step >= middle:
                        pair = by_right[right_starts[row] + step - middle]
                    if weight[pair] <= 0:
                        continue
                    place = np.searchsorted(dead, pair)
                    if place < len(dead) and dead[place] == pair:
                        continue
                    near = base_left[pair] if step >= middle else base_right[pair]
                new = True
                for other in range(count):
                    new = new and known[other] != near
                if new:
                    if near == right[at] or count == _MOST:
                        met = True
                        break
                    known[count] = near
                    count += 1
        out[at] = met
