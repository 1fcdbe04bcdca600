"""The demo: two ministries' exports become one register, the headcount is printed, and the portal starts."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.conf import settings
from django.core.management import call_command

from selaras.config import serve
from selaras.doors.cli.reconcile import reconcile_files
from selaras.ground.setting_up import prepare_database
from selaras.samples.enter import enter_cast, sign_the_agreement
from selaras.samples.market import enter_market
from selaras.samples.nation import make_nation
from selaras.samples.own_pages import enter_own_pages
from selaras.samples.preparing import enter_preparing
from selaras.samples.ways import enter_ways

PEOPLE = 30_000
SEED = 2026


@contextmanager
def _step(words: str) -> Iterator[None]:
    click.echo(f"Selaras: {words} …")
    began = time.monotonic()
    yield
    click.echo(f"         {time.monotonic() - began:.1f} s")


@click.command()
@click.option("--serve/--no-serve", "serving", default=True, help="Start the portal afterwards.")
@click.option("--people", default=PEOPLE, show_default=True, help="Persons of the invented nation.")
@click.option("--port", default=8000, show_default=True)
def demo(serving: bool, people: int, port: int) -> None:
    """Two registers become one register of persons, the headcount is printed, then the portal runs on localhost."""
    if settings.SELARAS_MODE == "production":
        raise click.ClickException("the demo invents people: it does not run on a production configuration")
    with _step("tables, both locks, 83,763 villages, offices and missions"):
        prepare_database(lambda step: None)
    with _step("the invented officers, agencies, job orders and the agreement between the ministries"):
        enter_cast()
        agreement = sign_the_agreement()
        enter_market()
    folder = settings.VAR / "demo" / f"{people}-{SEED}"
    exports = [folder / "siskop2mi_export.csv", folder / "peduliwni_export.csv"]
    if not (folder / "made").exists():
        with _step(f"an invented nation of {people:,} people, and the exports that two ministries would hand over"):
            make_nation(people, SEED, folder, messy=True)
            (folder / "made").touch()
    click.echo("Selaras: the two exports become one register of persons …")
    reconcile_files(exports, agreement=agreement, whole=True)
    with _step("a few invented people on their way, each at another step of a journey"):
        enter_ways()
        enter_own_pages()
        enter_preparing()
    if serving:
        _serve(port)


def _serve(port: int) -> None:
    with _step("the portal's files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    # What the portal runs as must not have the owner's credentials within reach.
    os.environ.pop("DATABASE_OWNER_URL", None)
    os.environ["SELARAS_DEMO_SIGN_IN"] = "yes"
    sys.exit(serve.run(port=port, next_port=True, ready=_announce))


def _announce(address: str) -> None:
    click.echo(
        f"\nThe portal runs at {address}\n"
        f"Sign in with one click as a village officer, a desk, a mission, a reviewer, an agency, an auditor, a worker: {address}demo/\n"
        "Stop with Ctrl+C."
    )
