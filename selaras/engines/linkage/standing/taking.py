"""Take a delivery into a standing linkage: only what it touches is compared and resolved anew, as a full run would do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from selaras.engines.linkage.blocking import Candidates
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.linking import Watch, list_pairs, listed
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.resolving import MOST
from selaras.engines.linkage.standing.delivering import Delivery, delivery_of, with_rows
from selaras.engines.linkage.standing.events import events_of
from selaras.engines.linkage.standing.folder import part as new_part
from selaras.engines.linkage.standing.graph import Pairs
from selaras.engines.linkage.standing.graph import none as no_pairs
from selaras.engines.linkage.standing.index import Bool, Index
from selaras.engines.linkage.standing.parts import compared, part_of, scored
from selaras.engines.linkage.standing.rows import read_segment, splits_of, write_said, write_splits
from selaras.engines.linkage.standing.sets import among
from selaras.engines.linkage.standing.touching import Touched, changed_pairs
from selaras.engines.linkage.standing.tying import to_resolve

# A little below the weight (ln odds of 1 %) from which pairs are listed: which of them are is decided by all of them.
_MAY_BE_LISTED = -4.6


@dataclass(frozen=True)
class Taken:
    """What a delivery did. `clusters`: rec_id, source, cluster_id, valid of every row of a person that changed; `pairs`: of those
    rows, in the form of `Linkage.pairs`; `events`: see `events.events_of`; `segments`: folders with rows and their sources;
    `run`: stages and counts."""

    index: Index
    clusters: pl.DataFrame
    pairs: pl.DataFrame
    events: pl.DataFrame
    segments: list[tuple[str, int]]
    run: dict[str, Any]


@dataclass(frozen=True)
class Added:
    """An index with a delivery's rows, blocks and pairs in it, whose persons are still those of before.

    `new`: rows that came, also anew; `gone`: pairs (first row << 32 | second) that are no more, `pairs`: those
    compared anew.
    """

    index: Index
    new: I32
    gone: U64
    pairs: Pairs
    segments: list[tuple[str, int]]
    counts: dict[str, int]
    delivery: Delivery | None = None

    def touched(self, before: Index) -> I32:
        """The rows, in order, of every component in which rows or pairs changed."""
        return to_resolve(before.graph, self.index, self.gone, self.pairs, self.new)


def nothing_added(index: Index) -> Added:
    """The index as it is."""
    nothing = ("new", "updated", "unchanged", "withdrawn", "pairs_compared", "pairs_gone")
    return Added(index, np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint64), no_pairs(), [], dict.fromkeys(nothing, 0))


def add_rows(
    index: Index, folder: Path, generation: int, delivered: Sequence[Register], withdrawn: Mapping[str, pl.Series],
    watch: Watch | None = None,
) -> Added:  # fmt: skip
    """Add, update and withdraw rows without resolving anybody. What is written into the folder counts only when a generation
    names it."""
    watch = watch or Watch()
    delivery = delivery_of(index, delivered, withdrawn)
    watch.lap("look_up")
    segments = _write(index, folder, generation, delivery)
    opened = [
        read_segment(folder / name, name, source, np.load(folder / name / "positions.npy"), index.keys)
        for name, source in segments
    ]
    grown = with_rows(index, delivery, opened)
    watch.lap("store")
    touched = Touched(index, grown, delivery)
    walks = touched.walks()
    gone, anew, found = changed_pairs(index, walks, touched.rows)
    watch.lap("block")
    pairs = compared(grown, anew, found)
    blocks = index.blocks
    for walk in walks.values():
        blocks = blocks.changed(walk.out, walk.into)
    grown = replace(grown, graph=index.graph.changed(gone, pairs), blocks=blocks)
    watch.lap("compare")
    counts = {
        "new": len(delivery.new) - delivery.updated,
        "updated": delivery.updated,
        "unchanged": delivery.unchanged,
        "withdrawn": len(delivery.withdrawn),
        "pairs_compared": len(pairs),
        "pairs_gone": len(gone),
    }
    return Added(grown, delivery.new, gone, pairs, segments, counts, delivery)


def take_in(
    index: Index, folder: Path, generation: int, delivered: Sequence[Register], withdrawn: Mapping[str, pl.Series]
) -> Taken:
    """Add, update and withdraw rows. What is written into the folder counts only when a generation names it."""
    watch = Watch()
    added = add_rows(index, folder, generation, delivered, withdrawn, watch)
    delivery, grown = added.delivery, added.index
    assert delivery is not None
    rows = added.touched(index)
    near = grown.graph.around(rows)
    label = grown.label.copy()
    label[rows] = rows[part_of(grown, rows, near).resolved().label]
    label[delivery.withdrawn] = delivery.withdrawn
    after = replace(grown, label=label)
    watch.lap("resolve")
    changed = _changed(grown.label, label, rows, delivery)
    clusters, shown = _listed(after, changed)
    events = events_of(index, after, changed, delivery.withdrawn)
    watch.lap("list")
    run = {
        "stages": watch.stages,
        "counts": {
            **added.counts,
            "rows_resolved": len(rows),
            "rows_changed": len(changed),
            "events": dict(events["event"].value_counts().rows()),
        },
    }
    return Taken(after, clusters, shown, events, added.segments, run)


def _write(index: Index, folder: Path, generation: int, delivery: Delivery) -> list[tuple[str, int]]:
    """Write the rows that come, a segment for each source that has some."""
    written, at = [], 0
    for source, register in enumerate(delivery.registers):
        stop = at + len(register)
        if stop > at:
            name = f"rows-{generation}-{source}"
            path = new_part(folder, name)
            write_said(path, name, register, index.keys)
            write_splits(path, name, splits_of(delivery.c, delivery.new_at[at:stop]), index.keys)
            np.save(path / "positions.npy", delivery.new[at:stop])
            written.append((name, source))
        at = stop
    return written


def _changed(before: I32, after: I32, rows: I32, delivery: Delivery) -> I32:
    """Rows, in order, that came anew or whose person lost or won a row."""
    persons, codes = np.unique(np.concatenate([after[rows], before[rows], before[delivery.withdrawn]]), return_inverse=True)
    own, then, lost = np.split(codes, [len(rows), 2 * len(rows)])
    # Whoever was one person with any of these rows is among them or was withdrawn, so they alone say how many she had.
    size_now, size_then = (np.bincount(part, minlength=len(persons)) for part in (own, np.concatenate([then, lost])))
    left = np.zeros(len(persons), dtype=bool)
    left[lost] = True
    # A person is the same when all her rows were of one person and as many as that one had.
    first_then = np.full(len(persons), -1, dtype=np.int64)
    first_then[own] = then
    mixed = np.zeros(len(persons), dtype=bool)
    mixed[own[first_then[own] != then]] = True
    mixed[own[among(np.sort(delivery.new), rows)]] = True
    moved = mixed[own] | (size_now[own] != size_then[then]) | left[then]
    return np.asarray(rows[moved])


def _listed(index: Index, changed: I32) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clusters and pairs of the rows given, as a full run lists them."""
    around = index.graph.around(changed)
    likely = around.taken(around.weight >= _MAY_BE_LISTED)
    rows = index.connected(np.concatenate([changed, likely.left, likely.right]), index.graph)
    near = index.graph.around(rows)
    part = part_of(index, rows, near, coded=True, ids=True)
    assert part.c is not None
    persons = part.resolved()
    label = persons.label
    unjudged = np.zeros(len(part.found), dtype=np.int8)
    shown = listed(label, part.found, part.weight, unjudged)
    found = Candidates(part.found.left[shown], part.found.right[shown], part.found.found[shown], 0)
    pattern, group, weight = scored(index, part.c, found)
    pairs = list_pairs(part.c, found, pattern, group, weight, unjudged[shown], persons)
    mine: Bool = among(np.sort(changed), rows)
    order = np.lexsort((np.arange(len(shown)), -np.clip(weight, -MOST, MOST)))
    ids = part.c.row_id
    frame = pl.DataFrame({"rec_id": ids, "source": part.c.rows["source"].astype(np.int8), "label": label})
    clusters = frame.with_columns(cluster_id=pl.col("rec_id").min().over("label"), valid=pl.Series(part.c.valid))
    return (
        clusters.filter(pl.Series(mine)).select("rec_id", "source", "cluster_id", "valid"),
        pairs.filter(pl.Series((mine[found.left] | mine[found.right])[order])),
    )
