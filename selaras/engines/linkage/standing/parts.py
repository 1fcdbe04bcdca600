"""Some rows of a standing linkage as a problem of their own, small enough to be solved at once."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from selaras.engines.linkage.blocking import COPY, Candidates
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.columns import Columns, encode
from selaras.engines.linkage.comparing import compare
from selaras.engines.linkage.copying import mark_copies
from selaras.engines.linkage.grouping import groups_of
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.model import F32, Model, weigh
from selaras.engines.linkage.resolving import MOST, Persons, resolve
from selaras.engines.linkage.standing.graph import U16, Pairs
from selaras.engines.linkage.standing.index import Index
from selaras.engines.linkage.standing.sets import places_in
from selaras.engines.linkage.standing.touching import ends


@dataclass(frozen=True)
class Part:
    """Some rows, in order, taken out of an index as a problem of their own: pairs between them by their places."""

    rows: I32
    c: Columns | None
    found: Candidates
    weight: F32

    def resolved(self) -> Persons:
        """The persons among them."""
        decided = np.clip(self.weight, -MOST, MOST)
        return resolve(len(self.rows), self.found.left, self.found.right, decided, self.found.found)


def part_of(index: Index, rows: I32, pairs: Pairs, coded: bool = False, ids: bool = False) -> Part:
    """Rows (in order) and those of the pairs that lie between two of them; `coded`: with their coded columns; `ids`: and row ids."""
    left, right = places_in(rows, pairs.left), places_in(rows, pairs.right)
    inside = np.flatnonzero((left >= 0) & (right >= 0))
    order = inside[np.argsort(left[inside] << 32 | right[inside], kind="stable")]
    found = Candidates(left[order].astype(np.int32), right[order].astype(np.int32), pairs.found[order], 0)
    c = encode(index.registers(rows, ids), index.statistics) if coded else None
    return Part(rows, c, found, pairs.weight[order])


def scored(index: Index, c: Columns, found: Candidates) -> tuple[U64, npt.NDArray[np.int16], F32]:
    """Pattern, group and weight of pairs of coded rows, as a full run has them."""
    pattern = compare(c, found.left, found.right)
    # The number of a group depends on how many registers there are, also where these rows are of a few of them.
    source = np.append(c.rows["source"], np.uint16(len(index.sources) - 1)).astype(np.uint16)
    group = groups_of(source, replace(found, found=found.found & np.uint16(COPY - 1)), pattern)
    return pattern, group, weigh(Model.from_dict(index.model), pattern, group)


def compared(index: Index, code: U64, found: U16) -> Pairs:
    """Compare pairs of rows of the index."""
    left, right = ends(code)
    rows = index.ranked(np.concatenate([left, right]))
    part = part_of(index, rows, Pairs(left, right, found, np.zeros(len(code), dtype=np.float32)), coded=True)
    assert part.c is not None
    weight = scored(index, part.c, part.found)[2]
    marked = mark_copies(part.c.rows, part.found, weight)
    return Pairs(rows[marked.left], rows[marked.right], marked.found, weight)
