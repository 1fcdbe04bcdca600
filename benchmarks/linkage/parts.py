"""The engine's stages on one folder, held apart so that single keys and comparisons can be left out or replaced."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.linkage import scoring
from benchmarks.machine import stamp
from selaras.engines.linkage import Linkage, Register, register
from selaras.engines.linkage import levels as lv
from selaras.engines.linkage.blocking import KEYS, Candidates, candidates
from selaras.engines.linkage.columns import Columns, encode
from selaras.engines.linkage.comparing import BITS, U64, WIDTH, compare
from selaras.engines.linkage.files import own_spellings, read_table
from selaras.engines.linkage.linking import link_coded

Keep = Callable[..., None]
Bool = npt.NDArray[np.bool_]
COMPARISONS = (lv.NIK.name, *(comparison.name for comparison in lv.COMPARISONS))


@dataclass(frozen=True)
class Parts:
    """One folder, standardised, coded, blocked and compared once. `person`: whose each coded row is."""

    registers: list[Register]
    coded: Columns
    found: Candidates
    pattern: U64
    person: npt.NDArray[np.int64]
    rows: pl.DataFrame

    @property
    def true(self) -> Bool:
        """Candidates whose two rows are one person's."""
        return np.asarray(self.person[self.found.left] == self.person[self.found.right])

    @property
    def cross(self) -> Bool:
        """Candidates of one row of each register."""
        source = self.coded.rows["source"]
        return np.asarray(source[self.found.left] != source[self.found.right])

    def recall(self, of: Bool | None = None) -> dict[str, float]:
        """Share of the true pairs, across registers and all, that are candidates (of those chosen)."""
        hit = self.true if of is None else self.true & of
        total = scoring.pairs_of(self.rows, ["person_id"])
        return {
            "cross": round(int((hit & self.cross).sum()) / max(total["cross"], 1), 5),
            "all": round(int(hit.sum()) / max(total["all"], 1), 5),
        }

    def linked(
        self, chosen: Bool | None = None, pattern: U64 | None = None, bits: int | None = None, keep: Keep | None = None
    ) -> Linkage:
        """Learn, resolve and list again: with some of the candidates, other patterns, or without keys (`bits` kept).

        `keep`: as of `link`.
        """
        some = slice(None) if chosen is None else chosen
        keys = self.found.found[some] if bits is None else self.found.found[some] & np.uint16(bits)
        part = Candidates(self.found.left[some], self.found.right[some], keys, self.found.skipped)
        levels = (self.pattern if pattern is None else pattern)[some]
        rows_of = {r.source: len(r) for r in self.registers}
        return link_coded(
            self.coded, lambda c, progress: part, lambda c, left, right, progress: levels, rows_of, {}, keep=keep
        )


def asked_parts(about: str | None) -> tuple[Path, dict[str, Any], Parts]:
    """Read the folder that the command line names; give it, the machine before the work, and its parts."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    before = stamp()
    return data, before, parts_of(data, datetime.now().astimezone().date())


def parts_of(data: Path, today: date) -> Parts:
    """Read a folder and do what comes before learning."""
    registers = []
    for name in ("s", "p"):
        table, _, _ = read_table(data / f"{name}.parquet", today)
        registers.append(register(table, name, "canonical", own_spellings(data)))
    coded = encode(registers)
    found = candidates(coded)
    pattern = compare(coded, found.left, found.right)
    rows = scoring.rows_of(data)
    truth = rows.select("rec_id", "person_id")
    person = pl.DataFrame({"rec_id": coded.row_id}).join(truth, on="rec_id", how="left", maintain_order="left")
    return Parts(registers, coded, found, pattern, person["person_id"].fill_null(-1).to_numpy(), rows)


def without(pattern: U64, names: tuple[str, ...]) -> U64:
    """Patterns in which some comparisons say nothing: their level is the missing one."""
    for name in names:
        shift = np.uint64(BITS * (WIDTH - 1 - COMPARISONS.index(name)))
        pattern = pattern & ~(np.uint64(15) << shift)
    return pattern


def without_key(parts: Parts, key: str) -> tuple[Bool, int]:
    """Candidates that remain when a key is left out, and the bits of the keys that remain."""
    bits = (1 << len(KEYS)) - 1 & ~(1 << KEYS.index(key))
    return np.asarray((parts.found.found & np.uint16(bits)) != 0), bits
