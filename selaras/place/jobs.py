"""Jobs of placement: the status lists of cards are signed anew every hour, whether anything changed or not."""

from django.db import connections
from procrastinate.contrib.django import app

from selaras.ground.act import as_job
from selaras.place.actions.passes import publish_lists


@app.periodic(cron="7 * * * *")
@app.task(name="selaras.place.jobs.publish", queue="place", queueing_lock="publish_lists", pass_context=False)
def publish(timestamp: int) -> int:
    """Sign the lists; give how many there are."""
    try:
        with as_job("cards"):
            return publish_lists()
    finally:
        connections.close_all()
