"""Commands of the ledger: seal what can be sealed, and verify that nothing was changed."""

import sys

import click
from rich.progress import Progress

from selaras.ground.act import as_job
from selaras.ground.actions.seals import seal_ledger
from selaras.ground.queries.ledger import verify_ledger

WORDS = {
    "changed": "line {line} was changed after it was sealed (seal {seal})",
    "subjects": "line {line} names other persons than when it was sealed (seal {seal})",
    "missing": "line {line} is missing although seal {seal} lists it",
    "added": "line {line} was slipped into the time of seal {seal}",
    "seal_changed": "seal {seal} does not fit its own list or the seal before it",
    "seal_missing": "seal {seal} is missing",
    "signature": "the signature of seal {seal} is not ours",
    "copy": "seal {seal} differs from its copy outside the database, or the copy is missing",
}


@click.group()
def ledger() -> None:
    """Seal and verify the ledger."""


@ledger.command()
def seal() -> None:
    """Seal every line of finished transactions now."""
    with as_job("seal", reads_ledger=True):
        click.echo(f"{seal_ledger()} lines sealed.")


@ledger.command()
def verify() -> None:
    """Check every line, seal, signature and copy; name what is wrong; exit 1 when anything is."""
    with Progress(transient=True) as bar, as_job("seal", reads_ledger=True):
        task = bar.add_task("seals")
        proof = verify_ledger(lambda stage, done, total: bar.update(task, completed=done, total=total))
    click.echo(f"{proof.lines} lines: {proof.sealed} under {proof.seals} seals, {proof.unsealed} not sealed yet.")
    for finding in proof.findings:
        click.echo(WORDS[finding.kind].format(line=finding.line, seal=finding.seal))
    if proof.findings:
        sys.exit(1)
    click.echo("The ledger is whole.")
