"""Who did what with one person's record, and which numbers stand with two persons."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import NotThere, ask, note
from selaras.ground.queries.ledger import Line, lines_about
from selaras.people.models import Event, Person
from selaras.people.queries.rows import PersonRow, rows_of


@dataclass(frozen=True, slots=True)
class Watched:
    """The name of a person and the ledger lines about her, the newest first."""

    person_id: UUID
    name: str
    lines: tuple[Line, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Conflict:
    """A number that stands with two persons: the older record and the newer one."""

    event_id: UUID
    at: dt.datetime
    actor: str
    older: PersonRow
    newer: PersonRow


@ask
def who_opened(person_id: UUID, limit: int = 100) -> Watched:
    """List who did what with the record of a person within reach, bulk work included."""
    name = Person.objects.filter(id=person_id).values_list("name", flat=True).first()
    if name is None:
        raise NotThere("not there")
    # every registration is written by the job, too; the officer's own line tells it
    lines = (line for line in lines_about(person_id, limit) if line.verb != "people.join_reach")
    return Watched(person_id, name, tuple(lines))


@ask
def see_conflicts(limit: int = 50) -> list[Conflict]:
    """List numbers that stand with two persons who were never merged, the newest first."""
    events = list(Event.objects.filter(kind="conflict").order_by("-at")[:limit])
    pairs = [(e, e.person_id, UUID(json.loads(e.after or "{}")["person"])) for e in events]
    rows = {row.id: row for row in rows_of({i for _, a, b in pairs for i in (a, b)})}
    note(count=len(pairs))
    return [Conflict(e.id, e.at, e.actor, rows[a], rows[b]) for e, a, b in pairs if a in rows and b in rows]
