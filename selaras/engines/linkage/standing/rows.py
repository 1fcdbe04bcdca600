"""Standardised rows at rest: enciphered records, the words and places that they point to, and their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32, I64, coded
from selaras.engines.linkage.columns import Columns
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.standing.sealing import Keys
from selaras.engines.linkage.wording import Wording

_CODED = ("name", "mother", "birth_place", "regency", "village")
_PLACES = ("birth_place", "regency", "village")
_SAID = np.dtype(
    [
        ("nik", np.int64), ("passport", np.uint64), ("phone", np.int64), ("birth", np.int32), ("event", np.int32),
        *((kind, np.int32) for kind in _CODED), ("country", np.int16), ("sex", np.int8), ("nik_valid", np.bool_),
        ("valid", np.bool_), ("means", np.uint8), ("rest", np.uint8, 6),
    ]
)  # fmt: skip
# What splits a block that is too large.
SPLITS = np.dtype(
    [
        ("full", np.uint64), ("initial", np.uint64), ("home", np.uint32), ("village", np.uint32), ("birth", np.int32),
        ("sex", np.uint8), ("rest", np.uint8, 3),
    ]
)  # fmt: skip
Records = npt.NDArray[Any]
# A column of texts as Arrow holds it.
Texts = Any


@dataclass(frozen=True)
class Segment:
    """Rows of one source that came together: `positions` of each in the index, rising; enciphered `said` and `splits`."""

    name: str
    source: int
    positions: I32
    said: Records
    splits: Records
    ids: Texts
    countries: Texts
    words: tuple[tuple[I64, I32, Texts], tuple[I64, I32, Texts]]
    places: tuple[Texts, Texts, Texts]

    def taken(self, offsets: I64, keys: Keys, ids: bool = True) -> Register:
        """The rows at offsets of the segment as a register; `ids`: with their row ids."""
        said = keys.cover(np.asarray(self.said[offsets]), offsets, f"said {self.name}")
        columns: dict[str, Any] = {"row_id": texts(self.ids, offsets) if ids else _unsaid(len(offsets))}
        for kind in ("nik", "nik_valid", "passport", "phone", "birth", "event", "sex", "valid", "means"):
            columns[kind] = np.ascontiguousarray(said[kind])
        columns["country"] = texts(self.countries, said["country"].astype(np.int64))
        worded = []
        for kind, words in zip(("name", "mother"), self.words, strict=True):
            columns[kind], wording = _fewer_words(said[kind], *words)
            worded.append(wording)
        places = {}
        for kind, known in zip(_PLACES, self.places, strict=True):
            columns[kind], places[kind] = _fewer(said[kind], known)
        return Register("", pl.DataFrame(columns), worded[0], worded[1], places)

    def split_by(self, offsets: I64, keys: Keys) -> Records:
        """What splits blocks, of the rows at offsets."""
        return keys.cover(np.asarray(self.splits[offsets]), offsets, f"splits {self.name}")


def _unsaid(rows: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, rows)


def texts(known: Texts, codes: I64) -> pl.Series:
    """The text of each code, null for -1."""
    taken = known.take(pl.Series(np.maximum(codes, 0)).to_arrow()) if len(known) else pa.nulls(len(codes), pa.string())
    column = pl.Series(pl.from_arrow(taken), dtype=pl.String)
    missing = np.flatnonzero(codes < 0)
    return column.scatter(missing, None) if len(missing) else column


def _fewer(codes: I32, known: Texts) -> tuple[I32, pl.Series]:
    """Codes anew among only the texts that they use."""
    used, again = _used(codes, len(known))
    return again, texts(known, used)


def _used(codes: I32, size: int) -> tuple[I64, I32]:
    """Which codes below `size` are used, rising, and the place of each code among them, -1 for -1: by a table, for sorting takes longer."""
    there = np.zeros(size + 1, dtype=bool)
    there[codes] = True
    used = np.flatnonzero(there[:-1])
    place = np.full(size + 1, -1, dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return used, place[codes]


def _fewer_words(codes: I32, ends: I64, words: I32, spelt: Texts) -> tuple[I32, Wording]:
    """The same for names, which are lists of words."""
    used, again = _used(codes, len(ends))
    stops = np.asarray(ends[used])
    starts = np.where(used > 0, ends[np.maximum(used - 1, 0)], 0) if len(used) else stops
    sizes = stops - starts
    new_ends = np.cumsum(sizes)
    flat = np.arange(int(sizes.sum())) - np.repeat(new_ends - sizes, sizes) + np.repeat(starts, sizes)
    fewer, values = _fewer(np.asarray(words[flat]), spelt)
    return again, Wording(new_ends.astype(np.int64), fewer, values)


def together(parts: Sequence[Register], source: str, order: I64) -> Register:
    """Several parts of one source as one register, its rows in the order given."""
    rows, at = [], dict.fromkeys(_CODED, 0)
    for part in parts:
        moved = {kind: part.rows[kind].to_numpy() for kind in _CODED}
        rows.append(
            part.rows.with_columns(
                **{kind: pl.Series(np.where(codes < 0, -1, codes + at[kind]).astype(np.int32)) for kind, codes in moved.items()}
            )
        )
        for kind in _CODED:
            at[kind] += len(part.names if kind == "name" else part.mothers if kind == "mother" else part.places[kind])
    table = pl.concat([part.select(rows[0].columns) for part in rows])[order]
    places = {kind: pl.concat([part.places[kind] for part in parts]) for kind in _PLACES}
    return Register(
        source, table, _wordings([part.names for part in parts]), _wordings([part.mothers for part in parts]), places
    )


def _wordings(parts: Sequence[Wording]) -> Wording:
    ends, words, flat, spelt = [], [], 0, 0
    for part in parts:
        ends.append(part.ends + flat)
        words.append(part.words + np.int32(spelt))
        flat += len(part.words)
        spelt += len(part.spelt)
    return Wording(np.concatenate(ends), np.concatenate(words).astype(np.int32), pl.concat([p.spelt for p in parts]))


def splits_of(c: Columns, rows: npt.NDArray[Any]) -> Records:
    """What splits blocks, of coded rows."""
    out = np.zeros(len(rows), dtype=SPLITS)
    r = c.rows[rows]
    out["full"], out["initial"] = c.names.full[r["name"]], c.names.initial[r["name"]]
    out["home"], out["village"] = c.place_says[r["home"]], c.place_says[r["village"]]
    out["birth"], out["sex"] = rc.order_free(r["birth"]), r["flags"] & rc.SEX
    return out


def write_said(folder: Path, name: str, register: Register, keys: Keys) -> None:
    """Write a register's rows, words, places and ids."""
    rows = register.rows
    country = coded(rows["country"])
    said = np.zeros(len(rows), dtype=_SAID)
    for kind in ("nik", "passport", "phone", "birth", "event", *_CODED, "sex", "nik_valid", "valid", "means"):
        said[kind] = rows[kind].to_numpy()
    said["country"] = country.codes
    np.save(folder / "said.npy", keys.cover(said, np.arange(len(said)), f"said {name}"))
    for kind, wording in (("name", register.names), ("mother", register.mothers)):
        np.save(folder / f"{kind}_ends.npy", wording.ends)
        np.save(folder / f"{kind}_words.npy", wording.words)
    known = {kind: register.places[kind] for kind in _PLACES} | {
        "name": register.names.spelt, "mother": register.mothers.spelt, "country": country.values, "id": rows["row_id"]
    }  # fmt: skip
    for kind, values in known.items():
        sink = pa.BufferOutputStream()
        table = pa.table({"t": values.cast(pl.String).rechunk().to_arrow()})
        with pa.RecordBatchFileWriter(sink, table.schema) as writer:  # type: ignore[no-untyped-call]
            writer.write_table(table)
        (folder / f"{kind}.sealed").write_bytes(keys.seal(sink.getvalue().to_pybytes(), f"{name} {kind}"))


def write_splits(folder: Path, name: str, splits: Records, keys: Keys) -> None:
    """Write what splits blocks, of the rows of a segment."""
    np.save(folder / "splits.npy", keys.cover(splits, np.arange(len(splits)), f"splits {name}"))


def read_segment(folder: Path, name: str, source: int, positions: I32, keys: Keys) -> Segment:
    """Open a segment: records stay on disk until asked for."""

    def column(kind: str) -> Texts:
        content = keys.open(folder / f"{kind}.sealed", f"{name} {kind}")
        reader = pa.RecordBatchFileReader(pa.BufferReader(content))  # type: ignore[no-untyped-call]
        found = reader.read_all().column(0)
        # Putting chunks together copies them, even where there is one.
        return found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()

    def held(kind: str) -> Any:
        return mapped(folder / f"{kind}.npy")

    def worded(kind: str) -> tuple[I64, I32, Texts]:
        return held(f"{kind}_ends"), held(f"{kind}_words"), column(kind)

    birth_place, regency, village = (column(kind) for kind in _PLACES)
    return Segment(
        name, source, positions, held("said"), held("splits"), column("id"), column("country"),
        (worded("name"), worded("mother")), (birth_place, regency, village),
    )  # fmt: skip


def mapped(path: Path) -> Any:
    """An array on disk, read where it is used; an empty one cannot be mapped and is read."""
    array = np.load(path, mmap_mode="r") if path.stat().st_size > 256 else np.load(path)
    return array
