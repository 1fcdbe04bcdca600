"""What one worker does with a part of the rows, the block keys or the pairs: the engine's own loops on a table of Arrow."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from selaras.engines.linkage.blocking import KEYS, Key, candidates_by, keys_of
from selaras.engines.linkage.coding import I64
from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.comparing import U64, compare
from selaras.engines.linkage.mixing import Whole
from selaras.engines.linkage.spark.rows import SAID, register_of
from selaras.engines.linkage.statistics import Statistics

Known = Callable[[], Statistics]
REFINE = 3
ENTRIES = pa.schema(
    {"key": pa.int8(), "value": pa.int64(), "pos": pa.int64(), "cap": pa.int8(), **{f"r{k}": pa.int64() for k in range(REFINE)}}
)
# A pair of positions; `skipped` stands alone, in one line for each part: rows in blocks that were cut short.
FOUND = pa.schema({"left": pa.int64(), "right": pa.int64(), "found": pa.int32(), "skipped": pa.int64()})
COMPARED = pa.schema({"left": pa.int64(), "right": pa.int64(), "found": pa.int32(), "pattern": pa.int64()})


def packed(known: Statistics) -> bytes:
    """The statistics as one piece of bytes: an encrypted broadcast of Spark cannot take large arrays as they are."""
    return pickle.dumps(known, protocol=4)


def opened(sent: Any) -> Statistics:
    """The statistics that a broadcast brought, taken apart once in each worker."""
    return _opened(sent.value)


@lru_cache(maxsize=1)
def _opened(content: bytes) -> Statistics:
    found: Statistics = pickle.loads(content)  # noqa: S301  made by this run's own driver, and authenticated on its way
    return found


def entries(batches: Iterable[pa.RecordBatch], known: Known) -> Iterator[pa.RecordBatch]:
    """Block keys of rows: a line for each key of each row, with the fields by which too large a block is split."""
    for batch in batches:
        rows: Any = pl.from_arrow(batch)
        pos = rows["pos"].to_numpy()
        for key in keys_of(encode([register_of(rows)], known())):
            if not len(key.rows):
                continue
            refine = [_signed(key.refine[k][key.rows]) if k < len(key.refine) else None for k in range(REFINE)]
            count = len(key.rows)
            yield pa.record_batch(
                [
                    pa.array(np.full(count, KEYS.index(key.name), dtype=np.int8)),
                    pa.array(key.value.view(np.int64)),
                    pa.array(pos[key.rows]),
                    pa.array(np.full(count, key.cap, dtype=np.int8)),
                    *(pa.nulls(count, pa.int64()) if field is None else pa.array(field) for field in refine),
                ],
                schema=ENTRIES,
            )


def _signed(field: Whole) -> I64:
    """A field as block keys mix it, 64 bits, in a signed number."""
    out: I64 = field.astype(np.uint64).view(np.int64)
    return out


def blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pairs within the blocks of a part; all lines of a block are in it."""
    held = [batch for batch in batches if batch.num_rows]
    if not held:
        return
    table: Any = pl.from_arrow(pa.Table.from_batches(held))
    pos = table["pos"].unique().sort().to_numpy()
    keys = [_key(KEYS[at], own, pos) for (at,), own in table.group_by("key")]
    found = candidates_by(sorted(keys, key=lambda key: KEYS.index(key.name)), len(pos))
    none = pa.nulls(len(found), pa.int64())
    yield pa.record_batch(
        [pa.array(pos[found.left]), pa.array(pos[found.right]), pa.array(found.found.astype(np.int32)), none], schema=FOUND
    )
    yield pa.record_batch(
        [pa.nulls(1, pa.int64()), pa.nulls(1, pa.int64()), pa.nulls(1, pa.int32()), pa.array([found.skipped])], schema=FOUND
    )


def _key(name: str, own: pl.DataFrame, pos: I64) -> Key:
    """The lines of one key: rows are places in `pos`, which rise as positions do."""
    rows = np.searchsorted(pos, own["pos"].to_numpy()).astype(np.int32)
    refine = []
    for k in range(REFINE):
        if own[f"r{k}"].null_count():
            break
        field = np.zeros(len(pos), dtype=np.uint64)
        field[rows] = own[f"r{k}"].to_numpy().view(np.uint64)
        refine.append(field)
    return Key(name, rows, own["value"].to_numpy().view(np.uint64).copy(), tuple(refine), int(own["cap"][0]))


def liken(batches: Iterable[pa.RecordBatch], known: Known) -> Iterator[pa.RecordBatch]:
    """Compare pairs that bring both their rows along (`a`, `b`)."""
    for batch in batches:
        if not batch.num_rows:
            continue
        pairs: Any = pl.from_arrow(batch)
        one = pairs.select(pos="left", row="a").unnest("row")
        two = pairs.select(pos="right", row="b").unnest("row")
        rows = pl.concat([one, two]).unique("pos").sort("pos")
        pattern = likened(rows, pairs["left"].to_numpy(), pairs["right"].to_numpy(), known())
        yield pa.record_batch(
            [batch["left"], batch["right"], batch["found"], pa.array(pattern.view(np.int64))], schema=COMPARED
        )


def likened(rows: pl.DataFrame, left: I64, right: I64, known: Statistics) -> U64:
    """Patterns of pairs of positions, both among `rows` (`pos`, rising, and the columns `SAID`)."""
    pos = rows["pos"].to_numpy()
    one, two = (np.searchsorted(pos, side).astype(np.int32) for side in (left, right))
    return compare(encode([register_of(rows.select(SAID))], known), one, two)
