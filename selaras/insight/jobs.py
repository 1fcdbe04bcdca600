"""The job behind a run: link all registers, then publish what was counted; given again after a death, it goes on."""

from uuid import UUID

from django.db import InterfaceError, OperationalError, connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from selaras.ground.act import Refused, as_job
from selaras.insight.actions import publish_headcount
from selaras.reconcile.actions.intake import DatabaseLost
from selaras.reconcile.actions.runs import JOB, lost, run_now


class Going(Exception):
    """Another run goes on, such as one from the command line: this one waits for its turn."""


# Without another try the run would wait for ever, and whoever asks for a run would be given the one that waits.
@app.task(name=JOB, queue=JOB, lock=JOB, retry=RetryStrategy(wait=30, retry_exceptions={Going, DatabaseLost}))
def link(run: str) -> str:
    """Do one run and publish its count."""
    try:
        summary = run_now(run_id=UUID(run))
        if summary.state == "done":
            with as_job("link"):
                publish_headcount(summary.id)
        return summary.state
    except (OperationalError, InterfaceError) as fault:
        if lost(fault):  # between the run and its publication
            raise DatabaseLost from None
        raise
    except Refused as refusal:
        if refusal.code == "run_going":
            raise Going from None
        return refusal.code  # written down with the run already
    finally:
        connections.close_all()  # this thread's connections go back to the pool
