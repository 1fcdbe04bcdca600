"""The commands for the embedded database. They stand here because doors may not know the server that runs them."""

import os
from pathlib import Path

import click

from selaras.config.embedded import Embedded, roles

_VAR = Path(os.environ.get("SELARAS_VAR") or Path(__file__).resolve().parents[2] / "var")


@click.group()
def db() -> None:
    """Start, stop or look at the embedded database."""


@db.command()
def start() -> None:
    """Start it, and make it on first use; it runs on until it is stopped."""
    Embedded(_VAR / "pg").ensure()
    click.echo("The database is running.")


@db.command()
def stop() -> None:
    """Stop it in good order."""
    click.echo("The database is stopped." if Embedded(_VAR / "pg").stop() else "The database was not running.")


@db.command()
def status() -> None:
    """Say whether it runs and where its data is; exit code 3 when it does not run."""
    found = Embedded(_VAR / "pg").status()
    click.echo(f"{'running, process ' + str(found.pid) if found.running else 'not running'}; data in {found.data}")
    if not found.running:
        raise SystemExit(3)


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(yes: bool) -> None:
    """Delete the embedded database with everything in it."""
    embedded = Embedded(_VAR / "pg")
    if not yes:
        click.confirm(f"Delete everything in {embedded.status().data}, for good?", abort=True)
    embedded.remove()
    click.echo("The database is deleted.")


@db.command("roles")
def show_roles() -> None:
    """Print the SQL that makes roles and database on a server of your own, for psql with three variables."""
    variables = {role: f":'{role}_password'" for role in (roles.OWNER, roles.APP, roles.LEDGER)}
    click.echo("\n".join(roles.statements(variables, embedded=False)))
