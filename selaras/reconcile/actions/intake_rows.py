"""Turns canonical rows into what is stored: sealed JSON, a keyed hash, and the few plain values that counting needs."""

import datetime
import json
import os
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import polars as pl

from selaras.engines.linkage.countries import country_iso3
from selaras.engines.reading import CANONICAL, DATES, REPAIRED, Note, Reject
from selaras.ground.keyring import ring
from selaras.reconcile.sources import capacities

PLACE = "reconcile_record.values"
LONGEST_ROW_ID = 40
KEPT_LINES = 20

# Columns that slipped by one put numbers and names where a country should stand; a text with digits is not kept in plain.
_DIGITS = re.compile(r"\d")


@dataclass(slots=True)
class Tally:
    """What was counted while a delivery was read; it becomes Delivery.counts."""

    rows: int = 0
    rejected: int = 0
    nameless: int = 0  # set aside without a row id: nobody knows whose line it was
    notes: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def add(self, column: str, code: str, count: int, lines: Collection[int]) -> None:
        """Count a note, and keep the first lines of it."""
        entry = self.notes.setdefault((column, code), [0, []])
        entry[0] += count
        entry[1].extend(list(lines)[: KEPT_LINES - len(entry[1])])

    def take(self, notes: Collection[Note]) -> None:
        """Count what the reading engine noted."""
        for note in notes:
            self.add(note.column or "", note.code, note.count, note.lines)

    def as_json(self) -> dict[str, Any]:
        """Give the counts in the form in which they are stored."""
        notes = [[column, code, *entry] for (column, code), entry in sorted(self.notes.items())]
        return {"rows": self.rows, "rejected": self.rejected, "notes": notes}


@dataclass(slots=True)
class Sealer:
    """Seals the rows of one delivery: which source, and which columns may be kept."""

    source: str
    columns: tuple[str, ...]
    tally: Tally

    @classmethod
    def of(cls, source: str, columns: Collection[str], tally: Tally) -> "Sealer":
        """Make one for the columns that are mapped and allowed."""
        return cls(source, tuple(name for name in CANONICAL if name in columns), tally)

    def rows(self, frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
        """Give each row as record id, row id, line, content, values, country, country text, capacity, day."""
        keys = ring()
        raws = [name for name in REPAIRED if name in self.columns and frame[f"raw_{name}"].null_count() < frame.height]
        width = len(self.columns)
        capacity_of = capacities(self.source)
        places = {name: place for place, name in enumerate(self.columns)}
        country_at, day_at = places.get("country"), places.get("event_date")
        capacity_at = places.get(capacity_of.column)
        row_at = places["row_id"]
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        strange: dict[tuple[str, str], list[int]] = {}
        picked = frame.select("line", *self.columns, *(f"raw_{name}" for name in raws))
        for record_id, (line, *cells) in zip(_new_ids(picked.height), picked.iter_rows(), strict=True):
            said = {name: cell for name, cell in zip(self.columns, cells[:width], strict=True) if cell is not None}
            text = cells[country_at] if country_at is not None else None
            country = country_iso3(text) or ""
            if text and not country:
                strange.setdefault(("country", _shown("country.unknown", text)), []).append(line)
            kept_text = text[:80] if text and not country and not _DIGITS.search(text) else ""
            word = cells[capacity_at] if capacity_at is not None else None
            capacity, known = capacity_of.read(word)
            if not known:
                strange.setdefault((capacity_of.column, _shown("capacity.unknown", word or "")), []).append(line)
            day = cells[day_at] if day_at is not None else None
            canonical = encode(said)
            content = keys.index_of("record", f"{canonical}\0{country}\0{capacity}").bytes
            if raws:
                raw = {name: cell for name, cell in zip(raws, cells[width:], strict=True) if cell is not None}
                for name in DATES:  # a date that was read is only written in another way
                    if name in said:
                        raw.pop(name, None)
                if raw:
                    canonical = encode({**said, "raw": raw})
            yield (
                record_id, cells[row_at], line, content, keys.seal_text(canonical, PLACE), country, kept_text, capacity,
                datetime.date.fromisoformat(day) if day else None,
            )
        for (column, code), lines in strange.items():
            self.tally.add(column, code, len(lines), lines[:KEPT_LINES])


def too_long(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Reject]]:
    """Part the rows whose id is longer than any register's; such a file has its columns mixed up."""
    bad = frame["row_id"].str.len_chars() > LONGEST_ROW_ID
    if not bad.any():
        return frame, []
    rejects = [
        Reject(
            row["line"], "row_id", row["row_id"], "cell.too_long", {"length": len(row["row_id"]), "limit": LONGEST_ROW_ID},
            {name: row[name] for name in CANONICAL if row[name] is not None},
        )
        for row in frame.filter(bad).iter_rows(named=True)
    ]
    return frame.filter(~bad), rejects


def marker(row_id: str, line: int) -> tuple[Any, ...]:
    """Give the staging row that only says: this row id stands in the file, though its row was set aside."""
    return (UUID(int=0), row_id, line, b"", b"", "", "", "", None)


def _new_ids(count: int) -> Iterator[UUID]:
    """Make UUIDv7 in bulk: one look at the clock and one draw for all, ten times as fast as one by one (RFC 9562)."""
    moment = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | 0b10 << 62
    drawn = os.urandom(10 * count)
    for start in range(0, 10 * count, 10):
        random = int.from_bytes(drawn[start : start + 10], "big") & ~(0xF << 76 | 0b11 << 62)
        yield UUID(int=moment | random)


def _shown(code: str, text: str) -> str:
    """Name the unknown text in the note's code when it cannot be a person's number."""
    return code if _DIGITS.search(text) else f"{code}:{text[:60].upper()}"
