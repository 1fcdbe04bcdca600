"""Files in, files out: link two or more register files without any database."""

import json
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from selaras.engines.linkage import memory
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.counting import headcounts
from selaras.engines.linkage.layouts import columns_of, layout_of, own_layout
from selaras.engines.linkage.linking import Linkage, Progress, link
from selaras.engines.linkage.registers import ParquetColumns, Register, register
from selaras.engines.linkage.rowids import once, told_apart
from selaras.engines.linkage.standing.building import Builder
from selaras.engines.reading import (
    CANONICAL,
    Fault,
    Reject,
    Unreadable,
    read,
    sniff,
    write_rejects,
)


class UnreadableFile(ValueError):
    """A file that cannot be taken in: which one, and the fault that reading found."""

    def __init__(self, name: str, fault: Fault) -> None:
        super().__init__(f"{name}: {fault.code}")
        self.name = name
        self.fault = fault


def read_table(
    path: Path, today: date, layout: str | None = None
) -> tuple[pl.DataFrame | ParquetColumns, list[Reject], tuple[str, ...]]:
    """Read one register file of any form: its rows in canonical columns, the rows set aside, and its headings.

    A Parquet file in a known layout is taken as it is: its cells need no repair.
    """
    form = sniff(path)
    own = own_layout(layout)
    mapping, joined = columns_of(form.header, layout), own.parts(form.header) if own else {}
    if form.kind == "parquet" and mapping["row_id"] and mapping["name"]:
        chosen = {name: joined.get(name, (heading,)) for name, heading in mapping.items() if heading is not None}
        return ParquetColumns(path, chosen), [], form.header
    batches, rejects = [], []
    for batch in read(path, form, mapping, today=today, date_orders=own.dates if own else None, joined=joined):
        batches.append(batch.rows.select(CANONICAL))
        rejects += batch.rejects
    return pl.concat(batches), rejects, form.header


def read_register(
    path: Path, today: date, layout: str | None, source: str | None = None, crowd: I32 | None = None
) -> tuple[Register, list[Reject], tuple[str, ...]]:
    """One file as a standardised register, the rows set aside, and the file's headings; `crowd`: see `register`."""
    with plainly(path):
        rows, rejects, header = read_table(path, today, layout)
        spellings, kept = own_spellings(path.parent), layout_of(header, layout)
        return once(register(rows, source or path.stem, "canonical", spellings, crowd, kept)), rejects, header


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn whatever stops the reading of a file into UnreadableFile, which quotes nothing of it."""
    try:
        yield
    except Unreadable as refusal:
        raise UnreadableFile(path.name, refusal.fault) from None
    except pl.exceptions.PolarsError:
        # The parser's own words may quote a row, and rows hold personal numbers: neither text nor cause goes on.
        raise UnreadableFile(path.name, Fault("parquet.broken")) from None


def own_spellings(folder: Path) -> dict[str, str] | None:
    """Read the owner's own table of country spellings (countries.csv: variant, iso3), when one lies beside the files.

    Its codes win over ours: who hands over the rows says what their spellings mean.
    """
    path = folder / "countries.csv"
    if not path.exists():
        return None
    table = pl.read_csv(path, infer_schema=False)
    if not {"variant", "iso3"} <= set(table.columns):
        return None
    known = table.drop_nulls(["variant", "iso3"])
    return dict(zip(known["variant"].to_list(), known["iso3"].to_list(), strict=True))


def link_files(
    paths: Sequence[Path | str],
    out: Path | str,
    layouts: Sequence[str] | None = None,
    progress: Progress | None = None,
    as_of: date | None = None,
    *,
    today: date,
    index: Builder | None = None,
) -> Linkage:
    """Link register files and write clusters.parquet, pairs.parquet, headcount.csv, headcount_by_sex.csv, not_returned.csv and run.json
    into `out`.

    The counts are two figures: persons by last known country (also by sex), and those of them of whom no row says that she came
    home or died (see `counting.headcount`).

    `layouts`: a layout name per file, or a TOML file with a layout of its own (see `reading.read_layout`); without it each
    is recognised by its header. `today`: for dates that lie in the future. Rows that cannot be read go to
    set_aside_<file>.csv. Each file is written aside and renamed, run.json last: a folder with a run.json holds a whole
    result. `index`: makes a standing linkage of the run; where one stands already, events.parquet says what became of its
    persons. Of rows with one id the last wins; where two files use one id, ids are written with the file's name before them
    (s:17). Memory is held to the limit in force. Raises UnreadableFile, memory.TooLittle, and ValueError when the layouts do
    not match.
    """
    started = perf_counter()
    if layouts and len(layouts) != len(paths):
        raise ValueError(f"{len(layouts)} layouts are named for {len(paths)} files; name one for each.")
    memory.enough_for([_rows_in(Path(path)) for path in paths])
    counted: list[Register] = []
    aside: list[tuple[str, list[Reject], tuple[str, ...]]] = []

    def standardised() -> Iterator[Register]:
        """Give the registers; of each only what the count needs is kept."""
        read = []
        for at, path in enumerate(map(Path, paths)):
            if progress:
                progress("read", at, len(paths))
            whole, rejects, header = read_register(path, today, layouts[at] if layouts else None)
            if rejects:
                aside.append((path.stem, rejects, header))
            read.append(replace(whole, rows=memory.frame_aside(whole.rows)))
        apart = told_apart(read)
        if index and any(one is not other for one, other in zip(apart, read, strict=True)):
            raise ValueError("Two of these files use the same row ids. To add to them later each row needs an id of its own.")
        counted.extend(one.for_counting() for one in apart)
        read.clear()
        while apart:
            whole = apart.pop(0)
            if index:
                index.register(whole)
            yield whole

    linkage = link(standardised(), progress=progress, keep=index.keep if index else None)
    events = index.events(linkage) if index else None
    if events is not None:
        Path(out).mkdir(parents=True, exist_ok=True)
        write_whole(Path(out) / "events.parquet", events.write_parquet)
    write_linkage(Path(out), linkage, counted, aside, as_of, progress, started)
    return linkage


def _rows_in(path: Path) -> int:
    """How many rows a Parquet file has; 0 for other files, of which only reading tells."""
    try:
        return int(pq.read_metadata(path).num_rows)  # type: ignore[no-untyped-call]
    except (OSError, pa.ArrowException):
        return 0


def write_linkage(
    folder: Path,
    linkage: Linkage,
    counted: Sequence[Register],
    aside: Sequence[tuple[str, list[Reject], tuple[str, ...]]],
    as_of: date | None,
    progress: Progress | None,
    started: float,
) -> None:
    """Count, and write all result files; `started`: when the run began, on the clock of `perf_counter`."""
    if progress:
        progress("count", 0, None)
    began = perf_counter()
    count, by_sex, there = headcounts(counted, linkage, as_of)
    linkage.run["stages"]["count"] = {"wall": round(perf_counter() - began, 3)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").unlink(missing_ok=True)
    for name, rejects, header in aside:
        write_whole(folder / f"set_aside_{name}.csv", partial(write_rejects, rejects, header=header))
    linkage.run["set_aside"] = {name: len(rejects) for name, rejects, _ in aside}
    write_whole(folder / "clusters.parquet", linkage.clusters.select("rec_id", "cluster_id", "valid").write_parquet)
    write_whole(folder / "pairs.parquet", linkage.pairs.write_parquet)
    write_whole(folder / "headcount.csv", lambda path: count.write_csv(path, float_precision=2))
    write_whole(folder / "headcount_by_sex.csv", lambda path: by_sex.write_csv(path, float_precision=2))
    write_whole(folder / "not_returned.csv", lambda path: there.write_csv(path, float_precision=2))
    linkage.run.update(memory.told())
    linkage.run["wall_seconds"] = round(perf_counter() - started, 2)
    report = json.dumps({**linkage.run, "model": linkage.model}, indent=1)
    write_whole(folder / "run.json", lambda path: path.write_text(report))


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside the target and rename, so that a killed run leaves the old file or the new one, never a half."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        write(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
