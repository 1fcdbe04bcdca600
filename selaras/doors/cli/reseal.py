"""The command that turns the data key."""

from pathlib import Path

import click
from django.conf import settings

from selaras.ground.act import as_job
from selaras.ground.actions.resealing import reseal_values
from selaras.ground.keyring import add_data_key, ring


@click.command()
@click.option("--new-key/--no-new-key", default=True, help="Add a new data key first.")
def reseal(new_key: bool) -> None:
    """Turn the data key: add a new one and seal everything again under it; may be stopped and run again."""
    if new_key:
        click.echo(f"Data key {add_data_key(Path(settings.SELARAS_KEYS))} is now the current one.")
    total = 0
    while True:
        with as_job("keys"):
            done = reseal_values()
        total += done
        if not done:
            break
        click.echo(f"  {total} sealed again …")
    click.echo(f"Everything is sealed under data key {ring().current}.")
