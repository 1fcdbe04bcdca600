"""The queue of the gate: journeys that stand before it, and what waits there for a second officer or an answer."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from selaras.ground.act import ask, note
from selaras.law.load import law
from selaras.law.shapes import Scheme
from selaras.people.models import JourneyStep
from selaras.place.models import Appeal, Decision

GATE = "gate"
NEW, HELD, PROPOSED, APPEALED = "new", "held", "proposed", "appealed"
STATES = (NEW, HELD, PROPOSED, APPEALED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One journey before the gate: since when, and what was said of it so far."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    country: str
    since: dt.date
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, how many there are in all, and how many in each state."""

    rows: tuple[Waiting, ...]
    total: int
    counts: dict[str, int]


@ask
def see_gate_queue(*, state: str = "", scheme: str = "", offset: int = 0, limit: int = 50) -> Queue:
    """List the journeys within reach that stand before the gate, those that wait longest first."""
    rows = _waiting(scheme)
    counts = {name: _in(rows, name).count() for name in STATES}
    rows = _in(rows, state) if state else rows
    page = rows.order_by("since", "id").values_list(
        "journey_id", "person_id", "person__name", "journey__scheme", "journey__started_on", "journey__country_id", "since", *STATES[1:]
    )[offset : offset + limit]
    found = []
    for journey_id, person_id, name, scheme_id, started, country, since, *said in page:
        known = law().scheme(scheme_id, started)
        if known is not None:
            states = tuple(one for one, holds in zip(STATES[1:], said, strict=True) if holds) or (NEW,)
            found.append(Waiting(journey_id, person_id, name, known, country or "", since, states))
    note(count=len(found))
    return Queue(tuple(found), rows.count(), counts)


def _waiting(scheme: str) -> "QuerySet[Any]":
    rows = JourneyStep.objects.filter(step=GATE, state=JourneyStep.State.NOW)
    if scheme:
        rows = rows.filter(journey__scheme=scheme)
    here = Decision.objects.filter(journey_id=OuterRef("journey_id"))
    found: QuerySet[Any] = rows.annotate(
        held=Exists(here.filter(kind="hold", state="standing")), proposed=Exists(here.filter(state="proposed")),
        appealed=Exists(Appeal.objects.filter(decision__journey_id=OuterRef("journey_id"), state="open")),
    )  # fmt: skip
    return found


def _in(rows: "QuerySet[Any]", state: str) -> "QuerySet[Any]":
    return rows.filter(held=False, proposed=False, appealed=False) if state == NEW else rows.filter(**{state: True})
