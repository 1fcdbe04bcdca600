"""The job behind a run: link all registers, then publish what was counted; given again after a death, it goes on."""

from uuid import UUID

from django.db import connections
from procrastinate.contrib.django import app

from selaras.ground.act import Refused, as_job
from selaras.insight.actions import publish_headcount
from selaras.reconcile.actions.runs import JOB, run_now


@app.task(name=JOB, queue=JOB, lock=JOB)
def link(run: str) -> str:
    """Do one run and publish its count."""
    try:
        summary = run_now(run_id=UUID(run))
        if summary.state == "done":
            with as_job("link"):
                publish_headcount(summary.id)
        return summary.state
    except Refused as refusal:
        return refusal.code  # written down with the run already
    finally:
        connections.close_all()  # this thread's connections go back to the pool
