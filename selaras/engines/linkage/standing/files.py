"""Files in, changes out: add delivered files to a standing linkage."""

import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from selaras.engines.linkage.blocking import Candidates
from selaras.engines.linkage.counting import headcount
from selaras.engines.linkage.files import read_register, write_whole
from selaras.engines.linkage.linking import Linkage, Progress
from selaras.engines.linkage.standing.folder import (
    commit,
    described,
    load,
    locked,
    manifest_of,
    next_generation,
    part,
    save_state,
)
from selaras.engines.linkage.standing.index import Index
from selaras.engines.linkage.standing.parts import Part
from selaras.engines.linkage.standing.taking import Taken, take_in
from selaras.engines.linkage.waking import awake
from selaras.engines.reading import write_rejects

WITHDRAWN = ("register", "row_id")
# A row of a Parquet file; as text it is about three times as long.
_BYTES_A_ROW = 50


def add_files(
    paths: Sequence[Path],
    onto: Path,
    out: Path,
    secret: bytes,
    sources: Sequence[str] | None = None,
    layouts: Sequence[str] | None = None,
    withdrawn: Path | None = None,
    count: bool = False,
    progress: Progress | None = None,
    as_of: date | None = None,
    *,
    today: date,
) -> Taken:
    """Add register files to the index in `onto` and write what changed into `out`.

    `sources`: the register that each file belongs to; without it the file's name is the register's. `withdrawn`: a CSV or
    Parquet file with the columns register and row_id. `count`: also write headcount.csv, which reads the whole index.
    Writes clusters.parquet and pairs.parquet (of persons that changed), events.parquet and run.json; then makes the new
    generation the current one, so that a killed run can be given again. Raises `NoIndex`, `Busy`, `WrongKey`,
    UnreadableFile and ValueError.
    """
    began = perf_counter()
    tell = progress or (lambda stage, done, total: None)
    for given, what in ((sources, "registers"), (layouts, "layouts")):
        if given and len(given) != len(paths):
            raise ValueError(f"{len(given)} {what} are named for {len(paths)} files; name one for each.")
    tell("load", 0, None)
    manifest_of(onto, secret)
    with locked(onto), awake("adding") as woken:
        index, manifest = load(onto, secret)
        generation = next_generation(onto)
        index.at_hand(sum(path.stat().st_size for path in paths if path.exists()) // _BYTES_A_ROW)
        woken()
        loaded = perf_counter()
        tell("read", 0, len(paths))
        names = list(sources) if sources else [path.stem for path in paths]
        if unknown := set(names) - set(index.sources):
            raise ValueError(
                f"The index knows no register {min(unknown)}; say with --as which of {', '.join(index.sources)} each file is."
            )
        delivered, aside = [], []
        for at, path in enumerate(paths):
            crowd = index.statistics.crowds[names[at]]
            register, rejects, header = read_register(path, today, layouts[at] if layouts else None, names[at], crowd)
            delivered.append(register)
            if rejects:
                aside.append((path.stem, rejects, header))
        gone = _withdrawn(withdrawn) if withdrawn else {}
        read = perf_counter()
        tell("link", 0, None)
        taken = take_in(index, onto, generation, delivered, gone)
        out.mkdir(parents=True, exist_ok=True)
        (out / "run.json").unlink(missing_ok=True)
        for name, rejects, header in aside:
            write_whole(out / f"set_aside_{name}.csv", partial(write_rejects, rejects, header=header))
        write_whole(out / "clusters.parquet", taken.clusters.select("rec_id", "cluster_id", "valid").write_parquet)
        write_whole(out / "pairs.parquet", taken.pairs.write_parquet)
        write_whole(out / "events.parquet", taken.events.write_parquet)
        if count:
            tell("count", 0, None)
            table = counted(taken.index, as_of)
            write_whole(out / "headcount.csv", lambda path: table.write_csv(path, float_precision=2))
        tell("store", 0, None)
        state = part(onto, f"state-{generation}")
        save_state(state, taken.index)
        linked = perf_counter()
        stages = {
            "load": {"wall": round(loaded - began, 3)},
            "read": {"wall": round(read - loaded, 3)},
            **taken.run["stages"],
            "write": {"wall": round(linked - read - sum(s["wall"] for s in taken.run["stages"].values()), 3)},
        }
        report = {
            "generation": generation,
            "stages": stages,
            "wall_seconds": round(linked - began, 3),
            "counts": taken.run["counts"],
            "set_aside": {name: len(rejects) for name, rejects, _ in aside},
            "faults": {r.source: r.faults for r in delivered},
            "model": taken.index.model,
        }
        write_whole(out / "run.json", lambda path: path.write_text(json.dumps(report, indent=1)))
        segments = [*manifest["segments"], *described(taken.segments)]
        commit(onto, {**manifest, "generation": generation, "state": state.name, "segments": segments}, index.keys)
        taken.run["stages"] = {**stages, "commit": {"wall": round(perf_counter() - linked, 3)}}
    taken.run["wall_seconds"] = round(perf_counter() - began, 3)
    return taken


def _withdrawn(path: Path) -> dict[str, pl.Series]:
    """Row ids to withdraw, by register."""
    try:
        table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError):
        raise ValueError(f"{path.name} cannot be read; it is a CSV or Parquet file with {' and '.join(WITHDRAWN)}.") from None
    if not set(WITHDRAWN) <= set(table.columns):
        raise ValueError(f"{path.name} has no columns {' and '.join(WITHDRAWN)}.")
    return {str(name): rows["row_id"] for (name,), rows in table.cast(pl.String).drop_nulls().group_by("register")}


def counted(index: Index, as_of: date | None = None) -> pl.DataFrame:
    """The headcount of the whole index, as a full run gives it. Reads every row and every pair."""
    rows = index.ranked(np.flatnonzero(~index.away).astype(np.int32))
    pairs = index.graph.around(rows)
    place = np.full(len(index), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    left, right = place[pairs.left], place[pairs.right]
    order = np.lexsort((right, left))
    found = Candidates(left[order], right[order], pairs.found[order], 0)
    persons = Part(rows, None, found, pairs.weight[order]).resolved()
    nothing = pl.DataFrame()
    registers = [register.for_counting() for register in index.registers(rows)]
    return headcount(registers, Linkage(nothing, nothing, index.model, {}, persons), as_of)
