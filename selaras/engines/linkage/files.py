"""Files in, files out: link two or more register files without any database."""

import json
import os
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from selaras.engines.linkage.counting import headcount
from selaras.engines.linkage.linking import Linkage, Progress, link
from selaras.engines.linkage.registers import Register, register


class UnreadableFile(ValueError):
    """A file that cannot be taken in; the text is one sentence for the person who gave it."""


def read_table(path: Path) -> pl.DataFrame:
    """A Parquet file, or a CSV file with comma, semicolon, tab or bar, all columns as text."""
    if not path.exists():
        raise UnreadableFile(f"There is no file {path.name}.")
    if path.stat().st_size == 0:
        raise UnreadableFile(f"The file {path.name} is empty.")
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        head = path.open("rb").read(1 << 16)
        line = head.split(b"\n", 1)[0]
        separator = max((b",", b";", b"\t", b"|"), key=line.count).decode()
        return pl.read_csv(
            path, separator=separator, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=False
        )
    except (pl.exceptions.PolarsError, OSError):
        # The parser's own words may quote a row, and rows hold personal numbers: neither text nor cause goes on.
        raise UnreadableFile(f"The file {path.name} cannot be read: it is damaged, cut off, or no table.") from None


def link_files(
    paths: Sequence[Path | str],
    out: Path | str,
    layouts: Sequence[str] | None = None,
    progress: Progress | None = None,
    as_of: date | None = None,
) -> Linkage:
    """Link register files and write clusters.parquet, pairs.parquet, headcount.csv and run.json into `out`.

    `layouts`: a layout name per file; without it each is recognised by its header. Each file is written aside and
    renamed, run.json last: a folder with a run.json holds a whole result.
    """
    started = perf_counter()
    if layouts and len(layouts) != len(paths):
        raise UnreadableFile(f"{len(layouts)} layouts are named for {len(paths)} files; name one for each.")
    registers: list[Register] = []
    for at, path in enumerate(paths):
        if progress:
            progress("read", at, len(paths))
        registers.append(register(read_table(Path(path)), Path(path).stem, layouts[at] if layouts else None))
    read_seconds = perf_counter() - started
    linkage = link(registers, progress=progress)
    if progress:
        progress("count", 0, None)
    count = headcount(registers, linkage, as_of)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").unlink(missing_ok=True)
    _write(folder / "clusters.parquet", linkage.clusters.select("rec_id", "cluster_id", "valid").write_parquet)
    _write(folder / "pairs.parquet", linkage.pairs.write_parquet)
    _write(folder / "headcount.csv", lambda path: count.write_csv(path, float_precision=2))
    linkage.run["stages"]["read"] = {"wall": round(read_seconds, 3)}
    linkage.run["wall_seconds"] = round(perf_counter() - started, 2)
    report = json.dumps({**linkage.run, "model": linkage.model}, indent=1)
    _write(folder / "run.json", lambda path: path.write_text(report))
    return linkage


def _write(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside the target and rename, so that a killed run leaves the old file or the new one, never a half."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        write(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
