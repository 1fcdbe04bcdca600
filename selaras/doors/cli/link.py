"""`selaras link`: register files in, persons, pairs and a headcount out; no database, no settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.table import Table

from selaras.doors.cli import disk
from selaras.doors.cli.bars import bars
from selaras.doors.cli.both import in_each_language
from selaras.doors.cli.engine import SPARK, engine_options, on_spark
from selaras.doors.office.reject_sentences import sentence
from selaras.engines.linkage import Linkage, UnknownLayout, UnreadableFile, link_files, memory
from selaras.engines.linkage.spark.ready import NoSpark
from selaras.engines.linkage.standing import Builder, Taken, locked
from selaras.engines.linkage.standing.files import add_files
from selaras.engines.linkage.veiled.opening import VeiledRefused, link_veiled, veiled_among
from selaras.engines.reading import load_layouts

FOLDER = click.Path(path_type=Path, file_okay=False)


class BothLanguages(click.ClickException):
    """A file that is refused: one sentence in Indonesian, the same in English."""

    def __init__(self, name: str, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(f"{name}: {code}")
        self.name, self.code, self.params = name, code, params

    def show(self, file: IO[Any] | None = None) -> None:
        """Print both sentences; only the catalogues are set up for it, no database and no settings of a copy."""
        for _ in in_each_language():
            click.echo(f"{self.name}: {sentence(self.code, self.params)}", err=True)


class NamedOrOwn(click.ParamType):
    """A known layout's name, or a TOML file that describes a register of its own."""

    name = "NAME|FILE.toml"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the name or the path back; anything else is refused."""
        if value in load_layouts() or (value.endswith(".toml") and Path(value).is_file()):
            return value
        self.fail(f"{value!r} is neither a TOML file nor one of {', '.join(sorted(load_layouts()))}.", param, ctx)


class Size(click.ParamType):
    """A size as people write it: 800MB, 2GB."""

    name = "SIZE"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the bytes."""
        try:
            return value if isinstance(value, int) else memory.size_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option(
    "--layout", "layouts", multiple=True, type=NamedOrOwn(),
    help=f"One for each file, in order: {', '.join(sorted(load_layouts()))}, or a TOML file of your own.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Count rows dated up to this day.")
@click.option("--index", type=FOLDER, help="Keep the run in this folder, so that deliveries can be added to it.")
@click.option("--onto", type=FOLDER, help="Add the files to the run kept in this folder; results are what changed.")
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), help="The key of the kept run: a file of 16 bytes or more.")
@click.option("--as", "sources", multiple=True, help="With --onto: the register that each file belongs to, in order.")
@click.option(
    "--withdrawn", type=click.Path(path_type=Path, dir_okay=False),
    help="With --onto: rows to withdraw, a CSV or Parquet file with the columns register and row_id.",
)
@click.option("--headcount", is_flag=True, help="With --onto: count the whole nation anew, which takes longer.")
@click.option(
    "--memory", "most", type=Size(), metavar="SIZE",
    help="Hold no more than this (800MB, 2GB); the rest goes to files in OUT while the run lasts. Default: what the machine allows.",
)
@engine_options
def link(
    files: tuple[Path, ...], out: Path, layouts: tuple[str, ...], as_of: datetime | None, index: Path | None,
    onto: Path | None, key_file: Path | None, sources: tuple[str, ...], withdrawn: Path | None, headcount: bool,
    most: int | None, engine: str, master: str,
) -> None:  # fmt: skip
    """Link the rows of register FILES that are the same person; or FILES that `selaras encode` made, all of one key."""
    if index and onto:
        raise click.UsageError("--index keeps a whole run, --onto adds to one: name one of them.")
    if not onto and (sources or withdrawn or headcount):
        raise click.UsageError("--as, --withdrawn and --headcount go with --onto.")
    if engine == SPARK and (index or onto):
        raise click.UsageError("--index and --onto link in this process: leave --engine spark out.")
    if not files and not (onto and withdrawn):
        raise click.UsageError("Name at least one file.")
    secret = _key(key_file) if index or onto else b""
    day, today = as_of.date() if as_of else None, datetime.now().astimezone().date()
    with _refusals(out), memory.working_in(out) as work, memory.limited(work, most), bars(counted=False) as show:
        if veiled_among(files):
            if index or onto:
                raise VeiledRefused("veiled.no_index", files[0].name)
            said = _summary(link_veiled(files, out, show, day), out)
        elif onto:
            taken = add_files(
                files, onto, out, secret, sources, layouts, withdrawn, headcount, show, day, today=today
            )  # fmt: skip
            said = _changes(taken, out)
        elif engine == SPARK:
            link_there = on_spark("files", "link_files_on_spark")
            linkage = link_there(files, out, list(layouts) or None, show, day, today=today, master=master)
            said = _summary(linkage, out)
        else:
            with locked(index) if index else nullcontext():
                builder = Builder(index, secret) if index else None
                linkage = link_files(files, out, list(layouts) or None, show, day, today=today, index=builder)
            said = _summary(linkage, out)
    Console().print(said)


def _key(path: Path | None) -> bytes:
    """The secret key of an index; refuses one that others can read."""
    if path is None:
        raise click.UsageError("--index and --onto need --key-file. Make one: head -c 32 /dev/urandom > FILE; chmod 600 FILE")
    try:
        secret, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        raise click.ClickException(f"The key cannot be read from {path}: {error.strerror}.") from error
    if mode & 0o077:
        raise click.ClickException(f"Others can read the key in {path}: chmod 600 {path}")
    return secret


@contextmanager
def _refusals(out: Path) -> Iterator[None]:
    """What cannot be done becomes one clear sentence."""
    try:
        yield
    except UnreadableFile as error:
        raise BothLanguages(error.name, error.fault.code, error.fault.params) from error
    except VeiledRefused as error:
        raise BothLanguages(error.name, error.code, error.params) from None
    except NoSpark as error:
        raise BothLanguages("--engine spark", error.code, error.params) from None
    except memory.InUse:
        raise BothLanguages(str(out), "folder.in_use", {}) from None
    except memory.TooLittle as error:
        raise BothLanguages("--memory", "memory.too_little", {"limit": error.limit, "size": error.needed}) from None
    except MemoryError:
        raise BothLanguages("selaras link", "memory.gone", {}) from None
    except (UnknownLayout, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise disk.refused(error, out) from error


def _changes(taken: Taken, out: Path) -> Table:
    counts = taken.run["counts"]
    table = Table(title=f"Changes in {out}", show_header=False)
    for what, name in (
        ("New rows", "new"), ("Updated", "updated"), ("Unchanged", "unchanged"), ("Withdrawn", "withdrawn"),
        ("Pairs compared", "pairs_compared"), ("Rows of changed persons", "rows_changed"),
    ):  # fmt: skip
        table.add_row(what, f"{counts[name]:,}")
    for event, times in sorted(counts["events"].items()):
        table.add_row(f"Persons {event}", f"{times:,}")
    table.add_row("Time", f"{taken.run['wall_seconds']:,.1f} s")
    return table


def _summary(linkage: Linkage, out: Path) -> Table:
    counts = linkage.run["counts"]
    table = Table(title=f"Linked into {out}", show_header=False)
    for source, rows in counts["rows"].items():
        table.add_row(f"Rows in {source}", f"{rows:,}")
    table.add_row("Rows that are nobody", f"{counts['nobody']:,}")
    table.add_row("Pairs compared", f"{counts['candidates']:,}")
    table.add_row("Links / to review", f"{counts['pairs']['link']:,} / {counts['pairs']['review']:,}")
    table.add_row("Persons", f"{counts['persons']:,}")
    for source, faults in linkage.run["faults"].items():
        unknown = [code.partition(":")[2] for code in faults if code.startswith("country.unknown:")]
        if unknown:
            table.add_row(f"Unknown countries in {source}", ", ".join(unknown[:8]))
    seconds, memory = linkage.run["wall_seconds"], linkage.run["peak_memory_mb"]
    table.add_row("Time and memory", f"{seconds:,.1f} s, {memory:,.0f} MB")
    return table
