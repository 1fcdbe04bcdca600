"""The command that brings the database to this version."""

import click

from selaras.ground.setting_up import prepare_database


@click.command()
@click.option("--tree/--no-tree", default=True, help="Load places and offices as well.")
def migrate(tree: bool) -> None:
    """Bring the database to this version and put on both locks."""
    prepare_database(lambda step: click.echo(f"  {step} …"), tree=tree)
    click.echo("The database is ready.")
