"""The command that runs the queue's worker until it is told to end."""

import asyncio

import click
from procrastinate.contrib.django import app

from selaras.reconcile.work import wipe_leftovers

# The supervisor waits thirty seconds before it kills: a job that has not ended by then gives itself back at its next checkpoint.
PATIENCE = 20.0


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32), help="Jobs at the same time.")
@click.option("--queue", "queues", multiple=True, help="Only these queues; all by default.")
@click.option("--until-empty", is_flag=True, help="End when the queue is empty instead of waiting for more.")
def worker(concurrency: int, queues: tuple[str, ...], until_empty: bool) -> None:
    """Run the queue's worker; SIGTERM lets running jobs end or give themselves back (not with --until-empty)."""
    wipe_leftovers()
    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(_work(concurrency, list(queues), wait=not until_empty))


async def _work(concurrency: int, queues: list[str], *, wait: bool) -> None:
    async with app.open_async():
        await app.run_worker_async(
            queues=queues or None, concurrency=concurrency, wait=wait,
            shutdown_graceful_timeout=PATIENCE if wait else None,
            delete_jobs="successful", fetch_job_polling_interval=2.0,
        )
