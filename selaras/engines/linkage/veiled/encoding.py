"""A register file in, a veiled file out: run by whoever holds the register, on their own machine, with their own key."""

import json
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.files import read_register
from selaras.engines.linkage.registers import Register, register
from selaras.engines.linkage.texts import content_of
from selaras.engines.linkage.veiled.keyed import Key, keyed
from selaras.engines.linkage.veiled.opening import CLEAR, MARK, VeiledRefused, description, width_of
from selaras.engines.linkage.veiled.scheme import FILTER_BITS, FILTER_SETS, LONG, SCHEME, SHORT, Domain
from selaras.engines.linkage.veiled.veiling import GRADES, Veiled, veil

Progress = Callable[[str, int, int | None], None]
_SAMPLE = {
    "row_id": ["1", "2", "3", "4"],
    "nik": ["3212044505900001", "3502010101850003", None, "5202011203790002"],
    "name": ["Hj. Sitti Noerhajati, S.Pd", "M. Djoko Soetjipto", "NI LUH PT AYU", "عبد الرحمن"],
    "birth_place": ["KAB. INDRAMAYU", "Ponorogo, Jawa Timur", "Denpasar", None],
    "birth_date": ["1990-05-05", "01/01/1985", "12 MARET 1979", None],
    "mother": ["Aminah", "Siti Moenah", None, "Fatimah"],
    "passport": ["B1234568", "x 987654", None, "AT 1O45678"],
    "phone": ["0812-3456-7891", "+62 813 1111 2222", None, None],
    "regency": ["Kabupaten Indramayu", None, "KOTA DENPASAR", "LOMBOK TENGAH"],
    "village": ["Desa Sukahaji", None, None, None],
}


@dataclass(frozen=True)
class Encoded:
    """What was written: rows, rows set aside as unreadable, rows that are nobody, the key's id."""

    rows: int
    set_aside: int
    nobody: int
    key: str


def encode_file(
    path: Path, out: Path, key: Key, layout: str | None = None, progress: Progress | None = None, *, today: date,
    ids: Path | None = None,
) -> Encoded:  # fmt: skip
    """Write the veiled rows of a register file to `out`, in an order that says nothing.

    `ids`: also write which row has which id in `out`, to read results with; it stays with the register. Written aside and
    renamed. Raises UnreadableFile, UnknownLayout and VeiledRefused; messages hold no value of any row.
    """
    if description(path) is not None:
        raise VeiledRefused("veiled.twice", path.name)
    if progress:
        progress("read", 0, None)
    whole, rejects, _ = read_register(path, today, layout)
    c = encode([whole])
    row_ids, order = _row_ids(whole, key)
    said = {
        "scheme": SCHEME, "rules": rules_id(), "key": key.id, "rows": len(whole), "faults": whole.faults,
        "shared_numbers": c.shared_numbers,
        "parameters": {
            "hash": "HMAC-SHA-256, 64 or 32 bits kept", "filter_bits": FILTER_BITS, "bits_a_pair": FILTER_SETS,
            "pairs": "letters of the sound, word ends included", "salt": "birth date", "grades": GRADES,
        },
    }  # fmt: skip
    schema = _schema(said)
    aside = out.with_name(f".{out.name}.{uuid.uuid4().hex}")
    try:
        with pq.ParquetWriter(aside, schema, compression="zstd", use_dictionary=["country"]) as writer:  # type: ignore[no-untyped-call]
            done = 0
            for veiled in veil(c, key, order):
                part = order[done : done + len(veiled.flags)]
                writer.write_table(_table(veiled, whole, row_ids, part, schema))
                done += len(part)
                if progress:
                    progress("encode", done, len(whole))
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)
    if ids is not None:
        pl.DataFrame({"row_id": whole.rows["row_id"], "id": row_ids}).write_csv(ids)
        ids.chmod(0o600)
    return Encoded(len(whole), len(rejects), int((~whole.rows["valid"]).sum()), key.id)


def _row_ids(whole: Register, key: Key) -> tuple[pl.Series, Any]:
    """An id for each row that only the key's holders can trace, and the order of those ids."""
    own, source = content_of(whole.rows["row_id"]), content_of(pl.Series([whole.source]))[0]
    numbers = keyed(key, Domain.ROW_ID, own, source)
    return pl.Series([f"{number:016x}" for number in numbers.tolist()], dtype=pl.String), np.argsort(numbers)


def _schema(said: dict[str, Any]) -> pa.Schema:
    hashed = [pa.field(field.name, pa.binary(width_of(field)), nullable=False) for field in (*LONG, *SHORT)]
    return pa.schema([*CLEAR, *hashed], metadata={MARK: json.dumps(said).encode()})


def _table(veiled: Veiled, whole: Register, row_ids: pl.Series, part: Any, schema: pa.Schema) -> pa.Table:
    rows = whole.rows
    clear = [
        row_ids.gather(part).to_arrow().cast(pa.string()),
        rows["country"].gather(part).to_arrow().cast(pa.string()),
        # The month is enough to tell which row is the latest; a day in a small country would name somebody.
        pa.array(_month(rows["event"].to_numpy()[part]), pa.int32()),
        pa.array(veiled.flags, pa.uint16()),
        pa.array(veiled.grade, pa.uint8()),
    ]
    hashed = []
    for field in (*LONG, *SHORT):
        table = veiled.long if field.long else veiled.short
        block = np.ascontiguousarray(table[:, field.at : field.at + field.count]).astype(f"<u{table.itemsize}")
        kind = pa.binary(width_of(field))
        hashed.append(pa.FixedSizeBinaryArray.from_buffers(kind, len(part), [None, pa.py_buffer(block.tobytes())]))
    return pa.Table.from_arrays([*clear, *hashed], schema=schema)


def _month(days: Any) -> Any:
    return np.where(days > 0, days // 100 * 100 + 1, 0).astype(np.int32)


@lru_cache(maxsize=1)
def rules_id() -> str:
    """How names, places and numbers are read, as one text: two versions that read a few telling rows alike agree."""
    c = encode([register(pl.DataFrame(_SAMPLE), "rules", "canonical")])
    names = c.rows["name"], c.rows["mother"]
    told = [
        *(c.names.full[codes] for codes in names), *(c.names.joined(codes) for codes in names),
        *(c.names.initial[codes] for codes in names),
        *(c.place_says[c.rows[place]] for place in ("birth_place", "home", "village")),
        *(np.ascontiguousarray(c.rows[number]) for number in ("nik", "passport", "birth", "nik_birth")),
        c.phones[c.rows["phone"]], c.names.sounds.letters,
    ]  # fmt: skip
    return sha256(b"".join(np.ascontiguousarray(column).tobytes() for column in told)).hexdigest()[:16]

