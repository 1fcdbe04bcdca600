"""Standardised rows as a table that Spark can hold, and back: what a row says, without any code that only one process knows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32, I64, Coded, coded
from selaras.engines.linkage.naming import code_names
from selaras.engines.linkage.registers import Register, register
from selaras.engines.linkage.wording import Wording

PLACES = ("birth_place", "regency", "village")
# What encoding reads of a row. Spark has no unsigned numbers: a passport's 64 bits stand in a signed one.
SAID = (
    "row_id", "nik", "nik_valid", "passport", "phone", "birth", "event", "sex", "country", "valid", "name", "mother",
    *PLACES,
)  # fmt: skip
SCHEMA = pa.schema(
    {
        "pos": pa.int64(), "source": pa.int16(), "row_id": pa.string(), "nik": pa.int64(), "nik_valid": pa.bool_(),
        "passport": pa.int64(), "phone": pa.int64(), "birth": pa.int32(), "event": pa.int32(), "sex": pa.int8(),
        "country": pa.string(), "valid": pa.bool_(), "name": pa.string(), "mother": pa.string(),
        "birth_place": pa.string(), "regency": pa.string(), "village": pa.string(), "only_birth": pa.bool_(),
        "full": pa.int64(), "mother_full": pa.int64(), "heard": pa.list_(pa.int64()), "faults": pa.string(),
    }
)  # fmt: skip
# A register that was standardised row by row has not seen its own crowded dates; they are taken into account later.
_NO_CROWD = np.zeros(0, dtype=np.int32)


def standardise(
    batches: Iterable[pa.RecordBatch], source: int, countries: Mapping[str, str] | None
) -> Iterator[pa.RecordBatch]:
    """Rows as handed over (`pos` and canonical columns) → rows in `SCHEMA`, a batch at a time."""
    for batch in batches:
        if not batch.num_rows:
            continue
        given: Any = pl.from_arrow(batch)
        yield from laid_out(register(given.drop("pos"), "", "canonical", countries, _NO_CROWD), given["pos"], source)


def laid_out(r: Register, pos: pl.Series, source: int) -> Iterator[pa.RecordBatch]:
    """A standardised register as batches in `SCHEMA`; `pos`: the place of each row among the rows of all registers."""
    rows = r.rows
    names, (name, mother) = code_names([(rows["name"].to_numpy(), r.names), (rows["mother"].to_numpy(), r.mothers)])
    number = rows["nik_valid"] | (rows["passport"] > 0)
    kin = (rows["mother"] >= 0) | (rows["village"] >= 0) | (rows["regency"] >= 0)
    frame = pl.DataFrame(
        {
            "pos": pos.cast(pl.Int64),
            "source": pl.Series([source], dtype=pl.Int16).new_from_index(0, len(rows)),
            **{name: rows[name] for name in ("row_id", "nik", "nik_valid")},
            "passport": rows["passport"].to_numpy().view(np.int64),
            **{name: rows[name] for name in ("phone", "birth", "event", "sex", "country", "valid")},
            "name": _texts(r.names, rows["name"]),
            "mother": _texts(r.mothers, rows["mother"]),
            **{kind: Coded(rows[kind].to_numpy(), r.places[kind]).texts() for kind in PLACES},
            "only_birth": ~(number | kin | (rows["phone"] > 0)),
            "full": names.full[name].view(np.int64),
            "mother_full": names.full[mother].view(np.int64),
            "heard": _heard(names.table, names.heard, name, mother),
            "faults": [json.dumps(r.faults) if r.faults else None] + [None] * (len(rows) - 1) if len(rows) else [],
        },
        schema_overrides={"faults": pl.String, "sex": pl.Int8},
    )
    yield from frame.to_arrow().cast(SCHEMA).to_batches()


def _texts(wording: Wording, codes: pl.Series) -> pl.Series:
    return Coded(codes.to_numpy(), wording.texts()).texts()


def _heard(table: I32, heard: npt.NDArray[np.uint64], name: I32, mother: I32) -> pl.Series:
    """Per row, a number for each sound in its own and its mother's name, as often as it is counted."""
    sounds = np.concatenate([table[name, rc.HEARD : rc.HEARD + rc.WORDS], table[mother, rc.HEARD : rc.HEARD + rc.WORDS]], 1)
    there = sounds >= 0
    flat = heard[sounds[there]].view(np.int64)
    ends = np.cumsum(there.sum(axis=1))
    offsets = pa.array(np.concatenate([[0], ends]).astype(np.int32))
    listed = pa.ListArray.from_arrays(offsets, pa.array(flat))
    return pl.Series(pl.from_arrow(listed), dtype=pl.List(pl.Int64))


def register_of(rows: pl.DataFrame) -> Register:
    """Rows with the columns `SAID` as a register again."""
    codes = {kind: coded(rows[kind]) for kind in ("name", "mother", *PLACES)}
    frame = rows.select(SAID[: SAID.index("name")]).with_columns(
        passport=rows["passport"].to_numpy().view(np.uint64),
        **{kind: found.codes for kind, found in codes.items()},
    )
    return Register(
        "", frame, _worded(codes["name"].values), _worded(codes["mother"].values),
        {kind: codes[kind].values for kind in PLACES},
    )  # fmt: skip


def _worded(texts: pl.Series) -> Wording:
    """Texts of canonical words as a wording: the words are not read again."""
    words = texts.str.split(" ")
    found = coded(words.explode(empty_as_null=True))
    ends: I64 = np.cumsum(words.list.len().to_numpy(), dtype=np.int64)
    return Wording(ends, found.codes, found.values)
