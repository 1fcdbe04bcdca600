"""What waits for an office: the open steps that the law gives to its officers, of persons within reach, by the day they are due."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from selaras.ground.act import ask, note
from selaras.ground.scope import current
from selaras.law.shapes import Scheme, Step
from selaras.people.course import course_of
from selaras.people.models import JourneyStep


@dataclass(frozen=True, slots=True)
class Waiting:
    """One step that waits: of whom, in which scheme, since when, until when; `back_to` when it was given back."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    rule: Step
    since: dt.date
    due: dt.date | None
    overdue: bool
    back_to: str


@dataclass(frozen=True, slots=True)
class Today:
    """The queue of an office: one page of it, and how many there are in all."""

    rows: tuple[Waiting, ...]
    total: int
    overdue: int


@ask
def see_today(*, scheme: str = "", step: str = "", offset: int = 0, limit: int = 50) -> Today:
    """List what waits for the officer's role within her reach: what is due first comes first, what has no clock by its age."""
    rows = _waiting()
    if scheme:
        rows = rows.filter(journey__scheme=scheme)
    if step:
        rows = rows.filter(step=step)
    today = timezone.localdate()
    total, overdue = rows.count(), rows.filter(due__lt=today).count()
    page = rows.order_by(F("due").asc(nulls_last=True), "since", "id").values_list(
        "journey_id", "person_id", "person__name", "journey__scheme", "journey__started_on", "step", "since", "due", "back_to"
    )[offset : offset + limit]
    found = []
    for journey_id, person_id, name, scheme_id, started, step_id, since, due, back_to in page:
        course = course_of(scheme_id, started)
        rule = course.step(step_id) if course else None
        if course is not None and rule is not None:
            found.append(
                Waiting(journey_id, person_id, name, course.scheme, rule, since, due, due is not None and due < today, back_to)
            )
    note(count=len(found))
    return Today(tuple(found), total, overdue)


def _waiting() -> "QuerySet[JourneyStep]":
    actor = current()
    names = sorted({actor.kind, *actor.roles})
    rows: QuerySet[JourneyStep] = JourneyStep.objects.filter(state=JourneyStep.State.NOW, waits_for__overlap=names)
    return rows.filter(Q(optional=False) | Q(due__isnull=False))


def places_over(today: dt.date, limit: int = 1000) -> list[UUID]:
    """List the journeys that waited in a queue longer than their place there holds."""
    rows = JourneyStep.objects.filter(place_until__lt=today, state=JourneyStep.State.NOW)
    return list(rows.order_by("place_until", "id").values_list("journey_id", flat=True)[:limit])
