"""Rows of a Parquet file as text columns, streamed page by page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from selaras.engines.reading.faults import Fault, Unreadable
from selaras.engines.reading.headers import MOST_COLUMNS
from selaras.engines.reading.kinds import refuse


def parquet_shape(path: Path) -> tuple[tuple[str, ...], int]:
    """(column names, number of rows); raises Unreadable for a cut or damaged file, and for one without rows."""
    with refuse("parquet.broken"), pq.ParquetFile(path) as file:  # type: ignore[no-untyped-call]
        names, rows = tuple(str(name) for name in file.schema_arrow.names), int(file.metadata.num_rows)
    if not rows:
        raise Unreadable(Fault("file.no_rows", {"header_line": 0}))
    if len(names) > MOST_COLUMNS:
        raise Unreadable(Fault("header.too_wide", {"most": MOST_COLUMNS}))
    if len(names) < 2 or len(set(names)) != len(names):
        raise Unreadable(Fault("parquet.broken"))
    return names, rows


def read_parquet(path: Path, headings: Sequence[str], batch_rows: int) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
    """Batches of the given columns as text, each with a mask of rows whose bytes are no UTF-8 text (then null).

    Numbers lose an empty fraction; dates become ISO text. Raises Unreadable for nested columns and damaged pages.
    """
    with refuse("parquet.broken"):
        # Without buffering a whole column chunk would be held: with one row group that is the whole column.
        file = pq.ParquetFile(path, pre_buffer=False, buffer_size=1024 * 1024)  # type: ignore[no-untyped-call]
        schema = file.schema_arrow
    for heading in headings:
        if schema.field(heading).type.num_fields:
            raise Unreadable(Fault("parquet.nested", {"heading": heading}))
    with file:
        batches = file.iter_batches(batch_size=batch_rows, columns=list(headings), use_threads=False)  # type: ignore[no-untyped-call]
        while True:
            with refuse("parquet.broken"):
                batch = next(batches, None)
                if batch is None:
                    return
                frame, broken = _as_text(batch, headings)
            yield frame, broken


def _as_text(batch: Any, headings: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
    broken = pl.Series("broken", [False]).new_from_index(0, batch.num_rows)
    columns = []
    for heading in headings:
        column = batch.column(batch.schema.get_field_index(heading))
        try:
            column.validate(full=True)
        except pa.lib.ArrowInvalid:  # bytes that are no UTF-8 would break whatever takes the column for text
            column = column.cast(pa.lib.binary())
            column.validate(full=True)
        values = pl.Series(heading, pl.from_arrow(column))
        if values.dtype == pl.Binary:  # also a text column written without its logical type
            texts = [_decode(value) for value in values.to_list()]
            decoded = pl.Series(heading, texts, dtype=pl.String)
            broken = broken | (decoded.is_null() & values.is_not_null())
            values = decoded
        columns.append(_column_text(values).alias(heading))
    return pl.DataFrame(columns), broken


def _decode(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _column_text(values: pl.Series) -> pl.Series:
    kind = values.dtype
    if kind.is_float():
        whole = values.is_finite() & (values == values.round()) & (values.abs() < 1e18)
        return pl.select(
            pl.when(whole).then(values.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(values.cast(pl.String))
        ).to_series()
    if isinstance(kind, pl.Datetime):
        text = values.dt.to_string("%Y-%m-%d %H:%M:%S")
        return text.str.strip_suffix(" 00:00:00")
    if kind == pl.Date:
        return values.dt.to_string("%Y-%m-%d")
    return values.cast(pl.String)
