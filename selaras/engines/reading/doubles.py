"""Finds row ids that come more than once in a file of any size, in memory that does not grow with it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.reading.shapes import SUPERSEDED_SCHEMA

_BUCKETS = 32
_HELD = 8_192  # entries held in memory per bucket before they go to disk
_ENTRY = np.dtype([("id", "<u8"), ("content", "<u8"), ("line", "<i8")])


class Doubles:
    """Keeps 24 bytes for each row (hash of id, hash of content, line) in unnamed files that vanish with the process.

    Hashes of 64 bits: two different ids are taken for one with a chance of 1 in a million at 6 million rows.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: list[list[npt.NDArray[np.void]]] = [[] for _ in range(_BUCKETS)]
        self._counts = [0] * _BUCKETS
        self._files: list[IO[bytes] | None] = [None] * _BUCKETS

    def add(self, ids: pl.Series, contents: pl.Series, lines: pl.Series) -> None:
        """Remember rows: ids as text, contents as 64-bit hashes, line numbers."""
        entries = np.empty(len(ids), dtype=_ENTRY)
        entries["id"], entries["content"] = ids.hash(7).to_numpy(), contents.to_numpy()
        entries["line"] = lines.to_numpy()
        bucket_of = entries["id"] % _BUCKETS
        for bucket in np.unique(bucket_of).tolist():
            part = entries[bucket_of == bucket]
            self._held[bucket].append(part)
            self._counts[bucket] += len(part)
            if self._counts[bucket] >= _HELD:
                self._spill(bucket)

    def superseded(self) -> Iterator[pl.DataFrame]:
        """Rows whose id comes again further down: line, line of the last one, whether the contents are the same."""
        for bucket in range(_BUCKETS):
            entries = self._take(bucket)
            if len(entries) < 2:
                continue
            entries = entries[np.lexsort((entries["line"], entries["id"]))]
            same_id = entries["id"][1:] == entries["id"][:-1]
            if not same_id.any():
                continue
            last_of_run = np.flatnonzero(np.append(~same_id, True))
            last = last_of_run[np.searchsorted(last_of_run, np.arange(len(entries)))]
            early = np.flatnonzero(last != np.arange(len(entries)))
            for start in range(0, len(early), 50_000):
                some = early[start : start + 50_000]
                yield pl.DataFrame(
                    {
                        "line": entries["line"][some],
                        "by_line": entries["line"][last[some]],
                        "same": entries["content"][some] == entries["content"][last[some]],
                    },
                    schema=SUPERSEDED_SCHEMA,
                ).sort("line")

    def close(self) -> None:
        """Forget everything and free the disk."""
        for file in self._files:
            if file is not None:
                file.close()
        self._held, self._files = [[] for _ in range(_BUCKETS)], [None] * _BUCKETS

    def _spill(self, bucket: int) -> None:
        file = self._files[bucket]
        if file is None:
            file = self._files[bucket] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 closed in close()
        file.write(np.concatenate(self._held[bucket]).tobytes())
        self._held[bucket], self._counts[bucket] = [], 0

    def _take(self, bucket: int) -> npt.NDArray[np.void]:
        parts = list(self._held[bucket])
        file = self._files[bucket]
        if file is not None:
            file.seek(0)
            parts.append(np.frombuffer(file.read(), dtype=_ENTRY))
        return np.concatenate(parts) if parts else np.empty(0, dtype=_ENTRY)
