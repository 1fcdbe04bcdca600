"""`selaras samples`: an invented nation as files, to link, to load, to measure and to show; no database, no settings."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from selaras.doors.cli import disk
from selaras.doors.cli.bars import bars
from selaras.samples.nation import LARGEST, SMALLEST, make_nation
from selaras.samples.places import PlacesMissing

WORDS = {
    "s": "Rows of the placement register",
    "p": "Rows of the citizens' register",
    "persons": "Persons behind them",
    "events": "Events",
    "returns": "Reported returns and deaths",
    "imigrasi": "Border crossings",
    "bpjs": "Members of social security",
    "dukcapil": "Rows of the population register",
    "gtog": "Placements by the government",
    "broken": "Broken lines put into the exports",
}


@click.command()
@click.option("--people", default=100_000, show_default=True, type=click.IntRange(SMALLEST, LARGEST), help="Persons.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Same seed, same nation.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the files.")
@click.option("--messy", is_flag=True, help="Also the exports as the ministries hand them over, broken lines included.")
@click.option("--xlsx", is_flag=True, help="Also small workbooks with the first 20,000 rows.")
@click.option("--registers", is_flag=True, help="Also border, social security, population, government's placements.")
def samples(people: int, seed: int, out: Path, messy: bool, xlsx: bool, registers: bool) -> None:
    """Invent a nation of PEOPLE persons: two registers with faults, the truth, events, returns."""
    try:
        with bars(20) as show:
            counts = make_nation(people, seed, out, messy=messy, xlsx=xlsx, registers=registers, progress=show)
    except PlacesMissing as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise disk.refused(error, out) from error
    table = Table(title=f"An invented nation in {out}", show_header=False)
    for key, count in counts.items():
        table.add_row(WORDS[key], f"{count:,}")
    Console().print(table)
