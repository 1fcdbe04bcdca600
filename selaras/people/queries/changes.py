"""What others changed about a person or a journey since a page was shown, and the version that stands now."""

from uuid import UUID

from selaras.ground.act import NotThere
from selaras.ground.queries.ledger import Line
from selaras.ground.queries.since import changes_since
from selaras.people.models import Journey, Person
from selaras.people.queries.surviving import all_of


def changed_since(person_id: UUID, seen: str) -> list[Line]:
    """List what others did to a person within reach since, under each of her records."""
    if not Person.objects.filter(id=person_id).exists():
        raise NotThere("not there")
    return sorted((line for one in all_of(person_id) for line in changes_since(one, seen)), key=lambda line: line.id)


def journey_now(journey_id: UUID) -> tuple[UUID, int]:
    """Give whose journey within reach it is, and its version."""
    found = Journey.objects.filter(id=journey_id).values_list("person_id", "version").first()
    if found is None:
        raise NotThere("not there")
    return found[0], found[1]
