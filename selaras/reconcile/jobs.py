"""Jobs of reconciliation, by ids only: take a delivery in; every night, wipe what is past its day."""

from uuid import UUID

from django.db import connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from selaras.ground.act import as_job, job
from selaras.ground.actions.files import remove_strays
from selaras.ground.actions.notices import remove_notices
from selaras.people.actions.signing_in import remove_codes
from selaras.reconcile.actions.intake import DatabaseLost, GivenBack, run
from selaras.reconcile.actions.retention import wipe_delivery
from selaras.reconcile.actions.runs import start_run
from selaras.reconcile.queries.deliveries import others_waiting, waits_for_linking
from selaras.reconcile.queries.retention import past_their_day


@app.task(
    name="selaras.reconcile.jobs.intake",
    queue="reconcile",
    pass_context=True,
    # Given back by a worker that ends, or the database went away: again, from a clean staging. All else is a state of the
    # delivery, with its reason, and no failure of the job.
    retry=RetryStrategy(max_attempts=20, wait=3, retry_exceptions={JobAborted, DatabaseLost}),
)
def intake(context: JobContext, delivery_id: str) -> str:
    """Take one delivery in; when no other is under way, ask for the linkage of all."""
    try:
        state = run(UUID(delivery_id), job("intake"), stop=context.should_abort)
        with as_job("intake"):
            # Also after one that was refused: a delivery before it may have left the asking to it.
            if not others_waiting(UUID(delivery_id)) and (state == "taken_in" or waits_for_linking()):
                start_run()
        return state
    except GivenBack:
        raise JobAborted from None
    finally:
        connections.close_all()  # this thread's connection goes back to the pool


@app.periodic(cron="23 2 * * *")
@app.task(name="selaras.reconcile.jobs.wipe", queue="reconcile", queueing_lock="wipe", pass_context=False)
def wipe(timestamp: int) -> int:
    """Wipe what is past its day: a transaction and a ledger line for each delivery, then stray files, messages and codes."""
    count = 0
    try:
        with as_job("retention"):
            over = past_their_day()
        for delivery_id in over:
            with as_job("retention"):
                count += wipe_delivery(delivery_id=delivery_id)
        with as_job("retention"):
            count += remove_strays() + remove_notices() + remove_codes()
    finally:
        connections.close_all()
    return count
