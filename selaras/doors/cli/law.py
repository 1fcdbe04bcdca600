"""Commands of the law tables."""

import importlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from selaras.law.draft import drafted
from selaras.law.load import TABLES, LawFault, law, texts
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


@law_group.command("what-if")
@click.argument("draft", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Weigh the draft as if it began on this day.")
@click.pass_obj
def what_if(set_up: Callable[[str], None] | None, draft: Path, since: datetime | None) -> None:
    """Say which open journeys a DRAFT of rules would change, and how.

    DRAFT is a file of rows as in the law tables, each under its [[header]]; [[ends]] (table, id, on) ends a rule. A row takes the place of
    the one of the same id from its first day. A journey is judged by the law of its own first day: who began before keeps the old rule.
    """
    try:
        text = draft.read_text(encoding="utf-8")
        after = drafted(texts(), draft.name, text, since.date() if since else None)
    except UnicodeDecodeError as fault:
        raise click.ClickException(f"{draft.name} is not UTF-8 text: save it as UTF-8.") from fault
    except LawFault as fault:
        raise click.ClickException(str(fault)) from fault
    if set_up is not None:
        set_up("app")  # the other commands of the law need no database
    # Reads the register's tables, which can be read only once Django is set up.
    for line in importlib.import_module("selaras.doors.cli.what_if").told(after):
        click.echo(line)
