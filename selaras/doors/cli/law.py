"""Commands of the law tables."""

import click

from selaras.law.load import TABLES, LawFault, law


@click.group(name="law")
def law_group() -> None:
    """Look at the law tables."""


@law_group.command()
def check() -> None:
    """Read every table and say what does not hold together, naming file, row and line."""
    try:
        read = law()
    except LawFault as fault:
        raise click.ClickException(str(fault)) from fault
    for name in TABLES:
        rows = getattr(read, name)
        unsure = sum(row.unsure for row in rows)
        click.echo(f"{name:12}{len(rows):5} rows{f', {unsure} unsure' if unsure else ''}")
    click.echo("All hold together. What is unsure is to be asked of a lawyer; it is shown and decides nothing alone.")
