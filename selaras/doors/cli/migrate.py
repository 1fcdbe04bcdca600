"""The command that brings the database to this version."""

import click

from selaras.ground.act import as_job
from selaras.ground.setting_up import prepare_database
from selaras.market.actions.countries import load_country_statuses


@click.command()
@click.option("--tree/--no-tree", default=True, help="Load places and offices as well.")
def migrate(tree: bool) -> None:
    """Bring the database to this version and put on both locks."""
    prepare_database(lambda step: click.echo(f"  {step} …"), tree=tree)
    if tree:  # a status names a country of the tree
        click.echo("  countries and jobs …")
        with as_job("setup"):
            load_country_statuses()
    click.echo("The database is ready.")
