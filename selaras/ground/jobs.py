"""Jobs of the ground: the ledger is sealed every minute; messages are sent; stalled jobs of any queue are taken up again."""

from typing import Any

from procrastinate.contrib.django import app

from selaras.ground.act import as_job
from selaras.ground.actions.notices import send_notices
from selaras.ground.actions.seals import seal_ledger
from selaras.ground.notices import configured


@app.periodic(cron="* * * * *")
@app.task(queue="ground", queueing_lock="seal_ledger", pass_context=False)
def seal(timestamp: int) -> int:
    """Seal what can be sealed."""
    with as_job("seal", reads_ledger=True):
        return seal_ledger()


@app.periodic(cron="* * * * *")
@app.task(name="selaras.ground.jobs.send", queue="notices", lock="notices", queueing_lock="notices", pass_context=False)
def send(timestamp: int) -> int:
    """Send what waits in the outbox, once a minute and whenever something is put in; nothing without a gateway."""
    if not configured():
        return 0
    with as_job("notices"):
        return send_notices()


@app.periodic(cron="* * * * *")
@app.task(queue="ground", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> int:
    """Take up again the jobs whose worker died: its heartbeat stopped."""
    stalled = await app.job_manager.get_stalled_jobs()
    count = 0
    for job in stalled:
        await app.job_manager.retry_job(job)
        count += 1
    return count
