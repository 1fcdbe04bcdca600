"""Who did what with one person's record."""

from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import NotThere, ask
from selaras.ground.queries.ledger import Line, lines_about
from selaras.people.models import Person


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


@ask
def who_opened(person_id: UUID, limit: int = 100) -> Watched:
    """List who did what with the record of a person within reach, bulk work included."""
    name = Person.objects.filter(id=person_id).values_list("name", flat=True).first()
    if name is None:
        raise NotThere("not there")
    # every registration is written by the job, too; the officer's own line tells it
    lines = (line for line in lines_about(person_id, limit) if line.verb != "people.join_reach")
    return Watched(person_id, name, tuple(lines))
