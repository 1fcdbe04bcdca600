"""A job and the rows that it names stand or fall together, also when the worker itself asks for the job."""

import asyncio

import pytest
from django.db import connections
from procrastinate.contrib.django import app

from selaras.ground.scope import acting
from selaras.reconcile.actions.runs import start_run
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")


def waiting() -> list[str]:
    """The jobs that another connection sees."""
    with connections["owner"].cursor() as owner:
        owner.execute("select args->>'run' from procrastinate_jobs where task_name = 'link' and status = 'todo'")
        return [row[0] for row in owner.fetchall()]


def test_a_job_that_a_worker_asks_for_is_not_seen_before_its_run_nor_left_without_it():
    seen: list[list[str]] = []

    def ask() -> None:
        try:
            with acting(actor("data")):
                run = start_run()
                seen.append(waiting())
            seen.append(waiting())
            assert seen == [[], [str(run.pk)]], "begun before the run is committed, it would find none and fail"
            with connections["owner"].cursor() as owner:
                owner.execute("truncate procrastinate_jobs cascade")
                owner.execute("truncate reconcile_run cascade")
            with pytest.raises(KeyError), acting(actor("data")):
                start_run()
                raise KeyError("the intake that asked for it fails")
            assert waiting() == []
        finally:
            connections.close_all()

    async def go() -> None:
        async with app.open_async():
            await asyncio.to_thread(ask)

    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(go())


def test_a_run_that_waits_without_a_job_gets_one_from_whoever_asks_next():
    with acting(actor("data")):
        first = start_run()
    with connections["owner"].cursor() as owner:
        owner.execute("update procrastinate_jobs set status = 'failed'")
    assert waiting() == []
    for _ in range(2):
        with acting(actor("data")):
            assert start_run().pk == first.pk
        assert waiting() == [str(first.pk)]
