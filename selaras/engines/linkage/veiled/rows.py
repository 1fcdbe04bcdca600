"""Veiled registers side by side, as linking reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import coded
from selaras.engines.linkage.columns import RARE_COUNTRY, Bool
from selaras.engines.linkage.mixing import U64, mix
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.veiled.keyed import U32
from selaras.engines.linkage.veiled.scheme import AT, WORDS
from selaras.engines.linkage.wording import wording_of

ROW = np.dtype(
    [
        ("phone", np.uint64), ("event_year", np.int16), ("country", np.int16), ("flags", np.uint16), ("source", np.uint16),
        ("grade", np.uint8),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class VeiledRegister:
    """One register as its file holds it: `rows` has row_id, event (yyyymmdd, 0 none), country (ISO3 or null), valid."""

    source: str
    rows: pl.DataFrame
    long: U64
    short: U32
    flags: npt.NDArray[np.uint16]
    grade: npt.NDArray[np.uint8]
    faults: dict[str, int]
    shared_numbers: dict[str, int]

    def __len__(self) -> int:
        return self.rows.height

    def for_counting(self) -> Register:
        """The register as a headcount reads it."""
        nothing = wording_of(pl.Series([], dtype=pl.String))
        # Sex is not handed over: everybody's is unknown.
        rows = self.rows.with_columns(sex=pl.lit(0, dtype=pl.Int8))
        return Register(self.source, rows, nothing, nothing, {})


@dataclass(frozen=True)
class VeiledRows(rc.Records):
    """All rows of all registers; see `linking.Rows`."""

    long: U64
    short: U32
    shared_numbers: dict[str, int]

    def column(self, field: str, at: int = 0) -> U64:
        """One column of long numbers."""
        return np.ascontiguousarray(self.long[:, AT[field] + at])

    def part(self, field: str) -> U32:
        """One column of short numbers."""
        return np.ascontiguousarray(self.short[:, AT[field]])

    def whole_name(self) -> U64:
        """A number for the words that each row's name shares with its date, in no order; the same for the same words."""
        words = self.long[:, AT["words"] : AT["words"] + WORDS]
        spread = mix(words.ravel()).reshape(words.shape)
        return np.asarray(np.where(words > 0, spread, np.uint64(0)).sum(axis=1, dtype=np.uint64))


def together(registers: Sequence[VeiledRegister]) -> VeiledRows:
    """Lay veiled registers one after another."""
    rows = np.zeros(sum(map(len, registers)), dtype=ROW)
    long, short = (np.concatenate([getattr(r, kind) for r in registers]) for kind in ("long", "short"))
    rows["phone"] = long[:, AT["phone"]]
    rows["event_year"] = np.concatenate([r.rows["event"].to_numpy() for r in registers]) // 10000
    rows["country"] = coded(pl.concat([r.rows["country"] for r in registers])).codes
    rows["source"] = np.repeat(np.arange(len(registers)), [len(r) for r in registers])
    rows["grade"] = np.concatenate([r.grade for r in registers])
    flags = np.concatenate([r.flags for r in registers])
    rows["flags"] = flags | _rare(rows["country"]) * np.uint16(rc.COUNTRY_RARE)
    shared = {kind: sum(r.shared_numbers.get(kind, 0) for r in registers) for kind in ("nik", "passport")}
    return VeiledRows(pl.concat([r.rows["row_id"] for r in registers]), rows, long, short, shared)


def _rare(codes: npt.NDArray[np.int16]) -> Bool:
    """Rows of a rare country: -ln(share) among the rows that have one."""
    present = codes[codes >= 0]
    share = np.bincount(present, minlength=1) / max(len(present), 1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.append(-np.log(share) >= RARE_COUNTRY, False)[codes])
