"""Commands of the key ring: make one, look at it."""

from pathlib import Path

import click

from selaras.ground.keyring import KeyFault, new_ring, read_ring, write_ring


@click.group()
def keys() -> None:
    """Make and look at key rings."""


@keys.command()
@click.argument("path", type=click.Path(path_type=Path))
def new(path: Path) -> None:
    """Make a key ring for production at PATH; keep a copy of it apart from the database."""
    if path.exists():
        raise click.ClickException(f"{path} is there already: a key ring is never written over")
    write_ring(path, new_ring("production"))
    click.echo(
        f"A key ring for production is at {path}. Without it nothing that is sealed can be read: keep a copy apart."
    )


@keys.command()
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """Check that a key ring can be used."""
    try:
        found = read_ring(path)
    except KeyFault as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(
        f"Made for {found.made_for}; {len(found.data)} data keys, current {found.current}; seal key {found.seal_current}."
    )
