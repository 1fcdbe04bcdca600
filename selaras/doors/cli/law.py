"""Commands of the law tables."""

import click

from selaras.law.load import LawFault, law


@click.group(name="law")
def law_group() -> None:
    """Look at the law tables."""


@law_group.command()
def check() -> None:
    """Read every table and say what does not hold together, naming table and row."""
    try:
        read = law()
    except LawFault as fault:
        raise click.ClickException(str(fault)) from fault
    unsure = [row.id for rows in (read.sources, read.roles, read.clocks, read.indicators, read.sharing) for row in rows if row.unsure]
    click.echo(
        f"{len(read.sources)} sources, {len(read.roles)} roles, {len(read.clocks)} clocks,"
        f" {len(read.indicators)} indicators, {len(read.sharing)} sharing rows hold together."
    )
    if unsure:
        click.echo(f"Marked unsure, to be asked of a lawyer: {', '.join(unsure)}.")
