"""Files in, files out, with Spark in between: the same result files as `linkage.files` writes."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from selaras.engines.linkage.files import own_spellings, plainly, read_table, write_linkage
from selaras.engines.linkage.layouts import layout_of
from selaras.engines.linkage.linking import Linkage, Progress
from selaras.engines.linkage.registers import ParquetColumns, Register, register
from selaras.engines.linkage.rowids import once
from selaras.engines.linkage.spark.linking import InParquet, link_on_spark
from selaras.engines.linkage.spark.session import session
from selaras.engines.reading import Reject


def link_files_on_spark(
    paths: Sequence[Path | str],
    out: Path | str,
    layouts: Sequence[str] | None = None,
    progress: Progress | None = None,
    as_of: date | None = None,
    *,
    today: date,
    master: str,
) -> Linkage:
    """`files.link_files` on Spark. Parquet files are read by the workers, from a folder that all of them see under the
    same name; other files by this process. Raises what that raises, and NoSpark when Spark gives up."""
    started = perf_counter()
    if layouts and len(layouts) != len(paths):
        raise ValueError(f"{len(layouts)} layouts are named for {len(paths)} files; name one for each.")
    given: list[Register | InParquet] = []
    aside: list[tuple[str, list[Reject], tuple[str, ...]]] = []
    for at, path in enumerate(map(Path, paths)):
        if progress:
            progress("read", at, len(paths))
        with plainly(path):
            table, rejects, header = read_table(path, today, layouts[at] if layouts else None)
            if rejects:
                aside.append((path.stem, rejects, header))
            own, kept = own_spellings(path.parent), layout_of(header, layouts[at] if layouts else None)
            given.append(
                InParquet(path.stem, table, own, kept)
                if isinstance(table, ParquetColumns)
                else once(register(table, path.stem, "canonical", own, kept=kept))
            )
    with session(master) as spark:
        linkage, counted = link_on_spark(spark, given, progress=progress)
    write_linkage(Path(out), linkage, counted, aside, as_of, progress, started)
    return linkage
