"""What a person's death ends, and what goes on when it turns out to be untrue: her journeys; who signs in follows from the day by itself."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from selaras.people.actions.stepping import change, close, hold, settle
from selaras.people.models import Journey, Person
from selaras.people.queries.surviving import hers, surviving

DIED, LIVES = "person_died", "person_lives"


def end_journeys(person_id: UUID, on: dt.date) -> None:
    """End the journeys of somebody who died: nobody waits for her at a step. It is no verb: what writes the day of death calls it."""
    for journey in _journeys(person_id, Journey.State.OPEN):
        close(hold(journey), Journey.State.DIED, on, DIED)


def resume_journeys(person_id: UUID) -> None:
    """Let the journeys go on that a death had ended which never was; what was open then is open again, with its clock."""
    open_now = set(_of(person_id, Journey.State.OPEN).values_list("scheme", flat=True))
    for journey in _journeys(person_id, Journey.State.DIED):
        held = hold(journey)
        if held.journey.scheme in open_now:  # begun anew meanwhile: one of a scheme is open
            continue
        open_now.add(held.journey.scheme)
        held.journey.state, held.journey.ended_on = Journey.State.OPEN, None
        change(held, LIVES)
        settle(held)


def _journeys(person_id: UUID, state: str) -> list[UUID]:
    return list(_of(person_id, state).order_by("-started_on", "-id").values_list("id", flat=True))


def _of(person_id: UUID, state: str) -> QuerySet[Journey]:
    return Journey.objects.filter(person_id__in=hers(surviving(person_id)), state=state)


def has_died(person_id: UUID) -> bool:
    """Say whether the register knows the day of somebody's death, by whichever of her records it is asked."""
    return Person.objects.filter(id=surviving(person_id), died_on__isnull=False).exists()
