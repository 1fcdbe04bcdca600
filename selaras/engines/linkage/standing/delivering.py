"""What a delivery changes: rows that come, rows that go, and those that are as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.columns import Columns, encode
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.standing.index import Index
from selaras.engines.linkage.standing.rows import Segment, together

_BESIDE = ("event", "means", "nik", "passport", "phone")


@dataclass(frozen=True)
class Delivery:
    """What a delivery changes: `old`: positions of rows that go (withdrawn, or updated and come again), `new`: of those that
    come; `c`: both coded together, old ones at `old_at`, new ones at `new_at`. `registers`: the new rows by source."""

    old: I32
    new: I32
    c: Columns
    old_at: I64
    new_at: I64
    registers: tuple[Register, ...]
    withdrawn: I32
    updated: int
    unchanged: int


def delivery_of(index: Index, delivered: Sequence[Register], withdrawn: Mapping[str, pl.Series]) -> Delivery:
    """Look up which rows are new, changed, unchanged and withdrawn.

    Of rows with one id the last counts. Raises ValueError for an unknown register, one given twice, and a row that is both
    delivered and withdrawn.
    """
    given = _by_source(index, delivered)
    gone = {name: ids.cast(pl.String).unique(maintain_order=True) for name, ids in withdrawn.items()}
    if unknown := set(gone) - set(index.sources):
        raise ValueError(f"The index knows no register {min(unknown)}; it knows {', '.join(index.sources)}.")
    parts, known_rows, away = [], [], []
    for source, name in enumerate(index.sources):
        register = given.get(name, index.registers(np.zeros(0, dtype=np.int32))[source])
        known = index.find(source, register.rows["row_id"])
        if name in gone:
            if register.rows["row_id"].is_in(gone[name].implode()).any():
                raise ValueError(f"A row of {name} is delivered and withdrawn at once.")
            left = index.find(source, gone[name])
            away.append(left[left >= 0])
        else:
            away.append(known[:0])
        stored = index.ranked(np.concatenate([known[known >= 0], away[-1]]))
        kept = index.registers(stored, ids=False)[source]
        parts.append(together([kept, register], name, np.arange(len(kept) + len(register))))
        known_rows.append((stored, known))
    c = encode(parts, index.statistics)
    # What coding leaves out and a count or a report still reads.
    beside = [np.concatenate([part.rows[name].to_numpy() for part in parts]) for name in _BESIDE]
    old, new, old_at, new_at, registers = [], [], [], [], []
    start, count, same_rows, updated = 0, len(index), 0, 0
    for (stored, known), part, left in zip(known_rows, parts, away, strict=True):
        hit = known >= 0
        mine = start + len(stored) + np.arange(len(known))
        there = np.searchsorted(stored, known)
        same = hit.copy()
        same[hit] = c.rows[mine[hit]] == c.rows[start + there[hit]]
        for said in beside:
            same[hit] &= said[mine[hit]] == said[start + there[hit]]
        changed, fresh = hit & ~same, np.flatnonzero(~hit)
        position = known.copy()
        position[fresh] = count + np.arange(len(fresh))
        count += len(fresh)
        comes = np.flatnonzero(~same)
        comes = comes[np.argsort(position[comes])]
        goes = np.concatenate([there[changed], np.searchsorted(stored, left)])
        old.append(stored[goes])
        old_at.append(start + goes)
        new.append(position[comes])
        new_at.append(mine[comes])
        registers.append(replace(part, rows=part.rows[len(stored) + comes]))
        start += len(stored) + len(known)
        same_rows += int(same.sum())
        updated += int(changed.sum())
    if count > index.statistics.room:
        raise ValueError("The index is full: link the whole registers with --index again, for a new model.")
    return Delivery(
        np.concatenate(old), np.concatenate(new), c, np.concatenate(old_at), np.concatenate(new_at), tuple(registers),
        np.concatenate(away), updated, same_rows,
    )  # fmt: skip


def _by_source(index: Index, delivered: Sequence[Register]) -> dict[str, Register]:
    given: dict[str, Register] = {}
    for register in delivered:
        if register.source not in index.sources:
            raise ValueError(f"The index knows no register {register.source}; it knows {', '.join(index.sources)}.")
        if register.source in given:
            raise ValueError(f"The register {register.source} is delivered twice at once.")
        last = register.rows.with_row_index("at").unique("row_id", keep="last", maintain_order=True)
        given[register.source] = replace(register, rows=last.drop("at"))
    return given


def with_rows(index: Index, delivery: Delivery, segments: Sequence[Segment]) -> Index:
    """The index with the delivered rows in place of those they update, the withdrawn ones away; pairs and persons as before."""
    count = max(len(index), int(delivery.new.max(initial=-1)) + 1)
    grown = count - len(index)
    source = np.concatenate([index.source_of, np.zeros(grown, dtype=np.uint16)])
    segment = np.concatenate([index.segment_of, np.zeros(grown, dtype=np.uint16)])
    offset = np.concatenate([index.offset_of, np.zeros(grown, dtype=np.int32)])
    for number, one in enumerate(segments, len(index.segments)):
        source[one.positions], segment[one.positions] = one.source, number
        offset[one.positions] = np.arange(len(one.positions), dtype=np.int32)
    away = np.concatenate([index.away, np.zeros(grown, dtype=bool)])
    away[delivery.withdrawn] = True
    label = np.concatenate([index.label, np.arange(len(index), count, dtype=np.int32)])
    return replace(
        index, segments=(*index.segments, *segments), source_of=source, segment_of=segment, offset_of=offset, away=away,
        label=label,
    )  # fmt: skip
