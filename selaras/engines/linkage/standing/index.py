"""A standing linkage in use: its rows, blocks, pairs and persons, most of them on disk and read where they are needed."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.blocking import KEYS
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.compiled import CORES
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.standing.blocks import Blocks
from selaras.engines.linkage.standing.graph import Graph
from selaras.engines.linkage.standing.rows import Records, Segment, texts, together
from selaras.engines.linkage.standing.sealing import Keys, hashed_ids
from selaras.engines.linkage.standing.sets import distinct
from selaras.engines.linkage.statistics import Statistics

Bool = npt.NDArray[np.bool_]
# How much Linux maps at once around what is asked for.
_AROUND = 1 << 16
_MANY = 1 << 20


@dataclass(frozen=True)
class Index:
    """Rows have positions: those of the full run first, in its order, then every new row in the order of arrival.

    `segments`: rows that came together; of a position that several hold the last one counts. `label`: per position the
    position of its person's first row. `away`: withdrawn. `ids`, `ids_at`: keyed row ids of the full run, rising, and where
    they stand. `source_of`, `segment_of`, `offset_of`: by position.
    """

    keys: Keys
    sources: tuple[str, ...]
    model: dict[str, Any]
    statistics: Statistics
    segments: tuple[Segment, ...]
    blocks: Blocks
    graph: Graph
    label: I32
    away: Bool
    ids: U64
    ids_at: I32
    source_of: npt.NDArray[np.uint16]
    segment_of: npt.NDArray[np.uint16]
    offset_of: I32

    def __len__(self) -> int:
        return len(self.label)

    def rank(self, rows: I32) -> I64:
        """The order of rows: by source, then by arrival, as the registers of a full run have them."""
        return np.asarray(self.source_of[rows].astype(np.int64) << 32 | rows)

    def ranked(self, rows: I32) -> I32:
        """Distinct rows in order."""
        rows = distinct(rows)
        return np.asarray(rows[np.argsort(self.rank(rows), kind="stable")])

    def find(self, source: int, ids: pl.Series) -> I32:
        """Position of each row id of a source, -1 where it is not there or was withdrawn."""
        asked = hashed_ids(ids.cast(pl.String).rechunk().to_arrow(), source, self.keys.id)
        out = np.full(len(asked), -1, dtype=np.int32)
        _look_up(self.ids, self.ids_at, asked, out)
        for segment in self.segments[len(self.sources) :]:
            if segment.source == source:
                known = hashed_ids(segment.ids, source, self.keys.id)
                order = np.argsort(known)
                _look_up(known[order], segment.positions[order], asked, out)
        out[(out >= 0) & self.away[np.maximum(out, 0)]] = -1
        return out

    def registers(self, rows: I32, ids: bool = True) -> list[Register]:
        """The rows, which are in order (`ranked`), as a register for each source; `ids`: with their row ids."""
        source_of = self.source_of[rows]
        # One after another where side by side they would need memory twice.
        with ThreadPoolExecutor(CORES if len(rows) < _MANY else 1) as pool:
            sources = range(len(self.sources))
            return list(pool.map(lambda source: self._register(source, rows[source_of == source], ids), sources))

    def _register(self, source: int, rows: I32, ids: bool) -> Register:
        own = self.segment_of[rows]
        parts, at = [], []
        # A source without rows is an empty part of its first segment.
        for number in np.flatnonzero(np.bincount(own)) if len(rows) else [source]:
            mine = np.flatnonzero(own == number)
            parts.append(self.segments[number].taken(self.offset_of[rows[mine]].astype(np.int64), self.keys, ids))
            at.append(mine)
        return together(parts, self.sources[source], np.argsort(np.concatenate(at)))

    def row_ids(self, rows: I32) -> pl.Series:
        """The id of each row."""
        out = pl.Series("row_id", [None], dtype=pl.String).new_from_index(0, len(rows))
        own = self.segment_of[rows]
        for number in np.flatnonzero(np.bincount(own)):
            mine = np.flatnonzero(own == number)
            out = out.scatter(mine, texts(self.segments[number].ids, self.offset_of[rows[mine]].astype(np.int64)))
        return out

    def at_hand(self, rows: int) -> None:
        """Have the whole index mapped where a delivery of so many rows will look into most of it, page by page.

        The system maps a few pages around the one that is asked for, which costs about the same as mapping one.
        """
        held = [self.blocks.base, *vars(self.graph.base).values(), self.graph.left_starts, self.graph.right_starts]
        held += [self.graph.by_right, *(part for one in self.segments for part in (one.said, one.splits))]
        if rows * len(KEYS) < sum(part.nbytes for part in held) // _AROUND:
            return
        for part in held:
            np.max(np.asarray(part).reshape(-1).view(np.uint8)[::_AROUND], initial=0)

    def splits(self, rows: I32) -> Records:
        """What splits blocks, of each row."""
        own = self.segment_of[rows]
        out = np.zeros(len(rows), dtype=self.segments[0].splits.dtype)
        for number in np.flatnonzero(np.bincount(own)):
            mine = np.flatnonzero(own == number)
            out[mine] = self.segments[number].split_by(self.offset_of[rows[mine]].astype(np.int64), self.keys)
        return out

    def connected(self, rows: I32, graph: Graph) -> I32:
        """The rows and all that links (weights above 0) connect them with, directly or not, in order."""
        reached = np.zeros(len(self), dtype=bool)
        reached[rows] = True
        front = distinct(rows)
        while len(front):
            near = graph.around(front)
            tied = near.weight > 0
            ends = distinct(np.concatenate([near.left[tied], near.right[tied]]))
            front = ends[~reached[ends]]
            reached[front] = True
        return self.ranked(np.flatnonzero(reached).astype(np.int32))


def _look_up(known: U64, at: I32, asked: U64, out: I32) -> None:
    """Fill in where what is asked for stands, if it is known."""
    if len(known):
        place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        hit = known[place] == asked
        out[hit] = at[place[hit]]


def places(segments: Sequence[Segment], count: int) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16], I32]:
    """By position: its source, its segment and its offset there."""
    source, segment = np.zeros(count, dtype=np.uint16), np.zeros(count, dtype=np.uint16)
    offset = np.zeros(count, dtype=np.int32)
    for number, one in enumerate(segments):
        if not len(one.positions):
            continue
        first, last = int(one.positions[0]), int(one.positions[-1])
        whole = last - first + 1 == len(one.positions)
        at: Any = slice(first, last + 1) if whole else one.positions
        source[at], segment[at], offset[at] = one.source, number, np.arange(len(one.positions), dtype=np.int32)
    return source, segment, offset
