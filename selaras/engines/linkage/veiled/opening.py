"""Veiled register files: what stands in them, and reading them for linking."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from selaras.engines.linkage.files import write_linkage
from selaras.engines.linkage.linking import Linkage, Progress, link_coded
from selaras.engines.linkage.meaning import STANDARD
from selaras.engines.linkage.records import VALID
from selaras.engines.linkage.veiled.blocking import candidates
from selaras.engines.linkage.veiled.comparing import compare
from selaras.engines.linkage.veiled.rows import VeiledRegister, together
from selaras.engines.linkage.veiled.scheme import LONG, LONGS, SCHEME, SHORT, SHORTS, Field

MARK = b"selaras.veiled"
CLEAR = pa.schema(
    [
        pa.field("row_id", pa.string(), nullable=False),
        pa.field("country", pa.string()),
        pa.field("event", pa.int32(), nullable=False),
        pa.field("flags", pa.uint16(), nullable=False),
        pa.field("grade", pa.uint8(), nullable=False),
    ]
)
# What two files must have alike to be linked, and why not when it differs.
_ALIKE = {"scheme": "veiled.other_scheme", "rules": "veiled.other_rules", "key": "veiled.other_key"}


class VeiledRefused(ValueError):
    """Files that are not linked together, or a file that is not what it says: a code, and the file it is about.

    Codes: veiled.broken, veiled.twice, veiled.mixed, veiled.no_index, veiled.other_scheme, veiled.other_rules,
    veiled.other_key (with `other`, a file).
    """

    def __init__(self, code: str, name: str, **params: str) -> None:
        super().__init__(f"{name}: {code}")
        self.code, self.name, self.params = code, name, params


def width_of(field: Field) -> int:
    """Bytes of one row in a field's column."""
    return field.count * (8 if field.long else 4)


def description(path: Path) -> dict[str, Any] | None:
    """What a veiled file says of itself: scheme, rules, key (its id), source, rows, faults; None for any other file."""
    try:
        found = pq.read_schema(path).metadata or {}  # type: ignore[no-untyped-call]
    except (OSError, pa.ArrowException):
        return None
    if MARK not in found:
        return None
    try:
        said: dict[str, Any] = json.loads(found[MARK])
    except ValueError:
        raise VeiledRefused("veiled.broken", path.name) from None
    return said


def veiled_among(paths: Sequence[Path]) -> bool:
    """Whether the files are veiled; files of which only some are, or whose keys or schemes differ, are refused."""
    said = [description(path) for path in paths]
    there = [what for what in said if what is not None]
    if not there:
        return False
    if len(there) < len(said):
        raise VeiledRefused("veiled.mixed", paths[said.index(None)].name)
    for path, what in zip(paths, there, strict=True):
        if what.get("scheme") != SCHEME:
            raise VeiledRefused("veiled.other_scheme", path.name)
        for part, code in _ALIKE.items():
            if what.get(part) != there[0].get(part):
                raise VeiledRefused(code, path.name, other=paths[0].name)
    return True


def open_veiled(path: Path) -> VeiledRegister:
    """Read one veiled file, a row group at a time; raises `VeiledRefused` when it is damaged."""
    said = description(path) or {}
    try:
        with pq.ParquetFile(path) as file:  # type: ignore[no-untyped-call]
            rows = file.metadata.num_rows
            long, short = np.zeros((rows, LONGS), dtype=np.uint64), np.zeros((rows, SHORTS), dtype=np.uint32)
            clear, at = [], 0
            for batch in file.iter_batches(batch_size=1 << 16):
                for field in (*LONG, *SHORT):
                    table = long if field.long else short
                    table[at : at + batch.num_rows, field.at : field.at + field.count] = _numbers(batch, field)
                clear.append(pl.DataFrame(pa.Table.from_batches([batch.select(CLEAR.names)])))
                at += batch.num_rows
    except (OSError, KeyError, pa.ArrowException, ValueError):
        # A library's own words could quote what it read.
        raise VeiledRefused("veiled.broken", path.name) from None
    given = pl.concat(clear) if clear else pl.DataFrame(CLEAR.empty_table())
    flags = given["flags"].to_numpy()
    counted = given.select("row_id", "event", "country").with_columns(
        valid=pl.Series((flags & VALID) > 0), means=pl.lit(STANDARD, pl.UInt8)
    )
    return VeiledRegister(
        path.stem, counted, long, short, flags, given["grade"].to_numpy(), said.get("faults", {}),
        said.get("shared_numbers", {}),
    )  # fmt: skip


def _numbers(batch: pa.RecordBatch, field: Field) -> npt.NDArray[Any]:
    column = batch.column(field.name)
    start, size = column.offset, len(column)
    kind = "<u8" if field.long else "<u4"
    whole = np.frombuffer(column.buffers()[1], dtype=kind).reshape(-1, field.count)
    if column.null_count or column.type.byte_width != width_of(field):
        raise ValueError(field.name)
    return whole[start : start + size]


def link_veiled(
    paths: Sequence[Path], out: Path, progress: Progress | None = None, as_of: date | None = None
) -> Linkage:
    """Link veiled files by the same stages as clear ones, and write the same results into `out`; see `link_files`.

    Rows are dated by their month. Raises `VeiledRefused` for files that do not go together or are damaged.
    """
    started = perf_counter()
    veiled_among(paths)
    registers = []
    for at, path in enumerate(paths):
        if progress:
            progress("read", at, len(paths))
        registers.append(open_veiled(path))
    rows_of, faults = {r.source: len(r) for r in registers}, {r.source: r.faults for r in registers}
    counted = [r.for_counting() for r in registers]
    rows = together(registers)
    registers.clear()
    linkage = link_coded(rows, candidates, compare, rows_of, faults, progress=progress)
    write_linkage(out, linkage, counted, [], as_of, progress, started)
    return linkage
