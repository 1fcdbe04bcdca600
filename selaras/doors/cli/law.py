"""Commands of the law tables."""

from pathlib import Path

import click

from selaras.law.load import TABLES, LawFault, law
from selaras.law.page import page


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


@law_group.command()
@click.option("--out", default="docs/law.md", show_default=True, help="The file to write; - for the screen.")
def docs(out: str) -> None:
    """Write the tables as a page for people."""
    text = page(law())
    if out == "-":
        click.echo(text, nl=False)
        return
    path = Path(out)
    if not path.parent.is_dir():
        raise click.ClickException(f"There is no folder {path.parent}: make it, or name another file with --out.")
    path.write_text(text, encoding="utf-8")
    click.echo(f"{path}: {text.count(chr(10))} lines.")
