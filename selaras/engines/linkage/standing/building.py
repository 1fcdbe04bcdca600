"""Make a standing linkage out of a full run, while it runs: rows as they are read, blocks and pairs at its end."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.blocking import COPY, Candidates, keys_of
from selaras.engines.linkage.columns import Columns
from selaras.engines.linkage.linking import Linkage
from selaras.engines.linkage.model import F32, Model
from selaras.engines.linkage.registers import Register
from selaras.engines.linkage.resolving import Persons
from selaras.engines.linkage.standing import folder as store
from selaras.engines.linkage.standing import frozen
from selaras.engines.linkage.standing.blocks import SECTIONS, laid
from selaras.engines.linkage.standing.events import told
from selaras.engines.linkage.standing.graph import starts_of
from selaras.engines.linkage.standing.rows import splits_of, write_said, write_splits
from selaras.engines.linkage.standing.sealing import Keys, WrongKey, hashed_ids

_SALT = 32


class Builder:
    """Takes a run's registers one after another and then its result; nothing counts before `keep` has ended.

    The caller holds the folder's lock. Raises ValueError for a register without rows or with a row id twice: a later
    delivery could not say which row it means. `beside`: what writes files of the caller's into the folder of the state.
    """

    def __init__(self, folder: Path, secret: bytes, beside: Callable[[Path], None] | None = None) -> None:
        self._folder, self._generation = folder, store.next_generation(folder)
        self._salt = os.urandom(_SALT)
        self._keys = Keys(secret, self._salt)
        self._segments: list[tuple[str, int]] = []
        self._sources: list[str] = []
        self._ids: list[Any] = []
        self._rows = 0
        self._before = _persons(folder, secret)
        self._beside = beside

    def events(self, linkage: Linkage) -> pl.DataFrame | None:
        """What became of the persons of the index that stood here before; None when there was none that this key opens."""
        if self._before is None:
            return None
        now = linkage.clusters.select(
            "source", id="rec_id", now=pl.Series(linkage.persons.label).cast(pl.Int32)
        ).with_columns(pl.Series("source", self._sources, dtype=pl.String).gather(linkage.clusters["source"]))
        return told(self._before.join(now, on=["source", "id"], how="full", coalesce=True))

    def register(self, register: Register) -> None:
        """Write the rows of one register."""
        if not len(register):
            raise ValueError(f"The register {register.source} has no rows; an index is made of registers with rows.")
        if register.rows["row_id"].n_unique() < len(register):
            raise ValueError(f"Row ids of {register.source} stand there twice; an index needs one row for each id.")
        if register.source in self._sources:
            raise ValueError(f"Two registers are called {register.source}; an index knows registers by their names.")
        source, name = len(self._sources), f"rows-{self._generation}-{len(self._sources)}"
        path = store.part(self._folder, name)
        write_said(path, name, register, self._keys)
        np.save(path / "positions.npy", np.arange(self._rows, self._rows + len(register), dtype=np.int32))
        self._ids.append(hashed_ids(register.rows["row_id"].rechunk().to_arrow(), source, self._keys.id))
        self._segments.append((name, source))
        self._sources.append(register.source)
        self._rows += len(register)

    def keep(self, c: Columns, found: Candidates, weight: F32, persons: Persons, model: Model) -> None:
        """Write blocks, pairs and persons, and make the index the current one.

        Pairs that only people's verdicts brought are left out: verdicts are the caller's to keep, and to give again.
        """
        statistics = c.frozen()
        by_keys = (found.found & np.uint16(COPY - 1)) > 0
        if not by_keys.all():
            found = Candidates(found.left[by_keys], found.right[by_keys], found.found[by_keys], found.skipped)
            weight = weight[by_keys]
        bits = max(len(c), statistics.room).bit_length()
        at = 0
        for (name, _), ids in zip(self._segments, self._ids, strict=True):
            splits = splits_of(c, np.arange(at, at + len(ids)))
            write_splits(self._folder / name, name, splits, self._keys)
            at += len(ids)
        base = store.part(self._folder, f"base-{self._generation}")
        (base / "statistics.sealed").write_bytes(self._keys.seal(frozen.written(statistics), "statistics"))
        bounds = self._blocks(base, c, bits)
        for field in ("left", "right", "found"):
            np.save(base / f"{field}.npy", getattr(found, field))
        np.save(base / "weight.npy", weight)
        np.save(base / "left_starts.npy", starts_of(found.left, len(c)))
        np.save(base / "right_starts.npy", starts_of(found.right, len(c)))
        np.save(base / "by_right.npy", np.argsort(found.right, kind="stable").astype(np.int32))
        ids = np.concatenate(self._ids)
        order = np.argsort(ids)
        np.save(base / "ids.npy", ids[order])
        np.save(base / "ids_at.npy", order.astype(np.int32))
        state = store.part(self._folder, f"state-{self._generation}")
        store.save_first_state(state, persons.label)
        if self._beside:
            self._beside(state)
        manifest = {
            "generation": self._generation,
            "base": base.name,
            "state": state.name,
            "segments": store.described(self._segments),
            "sources": self._sources,
            "salt": self._salt.hex(),
            "bits": bits,
            "bounds": bounds,
            "model": model.as_dict(),
        }
        store.commit(self._folder, manifest, self._keys)

    def _blocks(self, base: Path, c: Columns, bits: int) -> list[int]:
        """Write all sections one after another; where each begins."""
        names, r, says = c.names, c.rows, c.place_says
        birth = rc.order_free(r["birth"])
        fields = {
            "full": names.full[r["name"]], "initial": names.initial[r["name"]], "home": says[r["home"]],
            "village": says[r["village"]], "birth": birth, "day": birth & 511, "year": birth >> 9,
            "sex": r["flags"] & rc.SEX,
        }  # fmt: skip
        sizes = [0] * SECTIONS
        with (base / "blocks.raw").open("wb") as out:
            for section, entries in laid(keys_of(c), fields, bits, self._keys.block):
                out.write(entries.tobytes())
                sizes[section] = len(entries)
        return [0, *np.cumsum(sizes).tolist()]


def _persons(folder: Path, secret: bytes) -> pl.DataFrame | None:
    """Rows and persons of the index that stands in a folder."""
    try:
        index, _ = store.load(folder, secret)
    except (store.NoIndex, WrongKey):
        return None
    rows = np.flatnonzero(~index.away).astype(np.int32)
    source = pl.Series("source", index.sources, dtype=pl.String).gather(index.source_of[rows])
    return pl.DataFrame({"source": source, "id": index.row_ids(rows), "was": index.label[rows]})
