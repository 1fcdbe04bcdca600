"""Jobs of the register: every night, the journeys whose place in a queue is over."""

from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django import app

from selaras.ground.act import NotThere, as_job
from selaras.people.actions.steps import expire_place
from selaras.people.queries.today import places_over


@app.periodic(cron="41 1 * * *")
@app.task(name="selaras.people.jobs.expire", queue="people", queueing_lock="expire_places", pass_context=False)
def expire(timestamp: int) -> int:
    """End the journeys whose place is over, a transaction and a ledger line for each; give how many."""
    try:
        return end_places()
    finally:
        connections.close_all()


def end_places() -> int:
    """End them; a place from which somebody went on meanwhile is left alone."""
    count = 0
    with as_job("journeys"):
        over = places_over(timezone.localdate())
    for journey_id in dict.fromkeys(over):
        try:
            with as_job("journeys"):
                expire_place(journey_id=journey_id)
            count += 1
        except NotThere:
            continue
    return count
