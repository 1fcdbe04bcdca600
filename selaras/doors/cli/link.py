"""`selaras link`: register files in, persons, pairs and a headcount out; no database, no settings."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click
import django
from django.conf import settings
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from selaras.doors.office.reject_sentences import sentence
from selaras.engines.linkage import Linkage, UnknownLayout, UnreadableFile, link_files
from selaras.engines.reading import load_layouts

LOCALE = Path(__file__).resolve().parents[2] / "locale"


class BothLanguages(click.ClickException):
    """A file that is refused: one sentence in Indonesian, the same in English."""

    def __init__(self, name: str, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(f"{name}: {code}")
        self.name, self.code, self.params = name, code, params

    def show(self, file: IO[Any] | None = None) -> None:
        """Print both sentences; only the catalogues are set up for it, no database and no settings of a copy."""
        if not settings.configured:
            settings.configure(USE_I18N=True, LANGUAGE_CODE="id", LOCALE_PATHS=[LOCALE])
            django.setup()
        for language in ("id", "en"):
            with translation.override(language):
                click.echo(f"{self.name}: {sentence(self.code, self.params)}", err=True)


class NamedOrOwn(click.ParamType):
    """A known layout's name, or a TOML file that describes a register of its own."""

    name = "NAME|FILE.toml"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the name or the path back; anything else is refused."""
        if value in load_layouts() or (value.endswith(".toml") and Path(value).is_file()):
            return value
        self.fail(f"{value!r} is neither a TOML file nor one of {', '.join(sorted(load_layouts()))}.", param, ctx)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the results.")
@click.option(
    "--layout", "layouts", multiple=True, type=NamedOrOwn(),
    help=f"One for each file, in order: {', '.join(sorted(load_layouts()))}, or a TOML file of your own.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Count rows dated up to this day.")
def link(files: tuple[Path, ...], out: Path, layouts: tuple[str, ...], as_of: object) -> None:
    """Link the rows of register FILES that are the same person."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description:<8}"), BarColumn(), TimeElapsedColumn(), console=console,
        transient=True,
    )  # fmt: skip
    stages: dict[str, object] = {}

    def show(stage: str, done: int, total: int | None) -> None:
        if stage not in stages:
            stages[stage] = bar.add_task(stage, total=total)
        bar.update(stages[stage], completed=done, total=total)  # type: ignore[arg-type]

    try:
        with bar:
            day = as_of.date() if as_of is not None else None  # type: ignore[attr-defined]
            linkage = link_files(files, out, list(layouts) or None, show, day, today=datetime.now().astimezone().date())
    except UnreadableFile as error:
        raise BothLanguages(error.name, error.fault.code, error.fault.params) from error
    except (UnknownLayout, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The results cannot be written to {out}: {error.strerror}.") from error
    Console().print(_summary(linkage, out))


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
