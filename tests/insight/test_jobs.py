"""The job behind a run: asked for once, ids only, linked and published, and given again it does nothing twice."""

import threading

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.insight.jobs import link
from selaras.insight.models import Publication
from selaras.reconcile.actions.linking.turn import LOCK
from selaras.reconcile.actions.runs import cancel_run, run_now, start_run
from selaras.reconcile.models import Run
from tests.cast import actor
from tests.insight.test_headcount import registers

pytestmark = pytest.mark.usefixtures("committed")


def jobs() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, lock, args from procrastinate_jobs where queue_name = 'link'")
        return cursor.fetchall()


def work() -> None:
    """Do what stands in the queue now, as the worker does."""
    with app.replace_connector(app.connector.get_worker_connector()) as at_work:
        at_work.run_worker(queues=["link"], wait=False, install_signal_handlers=False, listen_notify=False)


def asked() -> Run:
    with acting(actor("data")):
        return start_run()


def test_asking_makes_one_job_with_the_runs_id_alone():
    run = asked()
    assert asked().pk == run.pk
    assert len(jobs()) == 1 and jobs()[0][:2] == ("link", "link")
    assert str(run.pk) in str(jobs()[0][2])


def test_two_who_ask_at_the_same_moment_get_one_run():
    gate, found = threading.Barrier(2), []

    def ask(who: str) -> None:
        try:
            gate.wait()
            with acting(actor(who)):
                found.append(start_run().pk)
        finally:
            connections.close_all()

    both = [threading.Thread(target=ask, args=(who,)) for who in ("data", "reviewer")]
    [t.start() for t in both]
    [t.join() for t in both]
    assert len(found) == 2 and len(set(found)) == 1 and len(jobs()) == 1


def test_the_job_links_and_publishes_and_again_changes_nothing():
    registers()
    run = asked()
    assert link(run=str(run.pk)) == "done"
    assert link(run=str(run.pk)) == "done"
    with acting(actor("reviewer")):
        assert Publication.objects.get().run == run.pk


def test_a_run_that_finished_before_its_worker_died_is_still_published():
    registers()
    run = asked()
    run_now(run_id=run.pk)
    with as_job("link"):
        assert not Publication.objects.exists()
    link(run=str(run.pk))
    with as_job("link"):
        assert Publication.objects.get().current


def test_a_cancelled_run_publishes_nothing():
    registers()
    run = asked()
    with acting(actor("data")):
        cancel_run(run.pk)
    assert link(run=str(run.pk)) == "cancelled"
    with as_job("link"):
        assert not Publication.objects.exists()


def test_a_run_that_is_asked_for_while_another_goes_on_gets_its_turn():
    registers()
    run = asked()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (LOCK,))
        work()
    finally:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", (LOCK,))
        other.close()
    with connection.cursor() as cursor:
        cursor.execute("select status, attempts, scheduled_at > now() from procrastinate_jobs where queue_name = 'link'")
        assert cursor.fetchall() == [("todo", 1, True)]
        cursor.execute("update procrastinate_jobs set scheduled_at = null")
    work()
    with as_job("link"):
        assert Publication.objects.get().run == run.pk


def test_no_statement_of_a_run_is_cut_off_by_the_time_that_a_page_may_take():
    registers()
    seen: dict[str, str] = {}

    def look(stage: str, done: int, total: int | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("show statement_timeout")
            seen[stage] = cursor.fetchone()[0]

    run_now(progress=look)
    assert set(seen.values()) == {"0"}, "sweeping, reading and laying down a whole register take long, too"
    with connection.cursor() as cursor:
        cursor.execute("show statement_timeout")
        assert cursor.fetchone()[0] == "2min", "the next user of the connection has the limit again"
