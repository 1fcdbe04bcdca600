"""Follows merged persons to the one who stands for them."""

from collections.abc import Iterable
from uuid import UUID

from selaras.ground.fixed import Question, filled
from selaras.people.models import Person

_MANY = 256  # beyond this a statement is made for the very list

_merged_under = Question(lambda ids: Person.objects.filter(merged_into_id__in=ids).values_list("id", "merged_into_id"))
_merged_away = Question(lambda ids: Person.objects.filter(id__in=ids, merged_into__isnull=False).values_list("id", "merged_into_id"))


def surviving(person_id: UUID) -> UUID:
    """Give the person who stands for this one: herself, or whoever she was merged into, at the end of the chain.

    Rows of other rooms (records, links, cases) stay with the person to whom they were written. A room that lists them for a
    person asks for `all_of(person)`, and a room that holds an id asks for `surviving(id)` before it writes.
    An id outside the actor's reach comes back as it is.
    """
    return survivors([person_id]).get(person_id, person_id)


def survivors(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Give the survivor of each merged person among these; persons who were not merged are left out."""
    found: dict[UUID, UUID] = {}
    ahead = _next(person_ids)
    while ahead:
        found |= {origin: ahead.get(now, now) for origin, now in found.items()} | {
            i: j for i, j in ahead.items() if i not in found
        }
        ahead = _next(set(found.values()))
    asked = set(person_ids)
    return {origin: now for origin, now in found.items() if origin in asked}


def _next(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    ids = list(person_ids)
    if not ids:
        return {}
    if len(ids) <= _MANY:
        return dict(_merged_away.rows(filled(ids)))
    return dict(Person.objects.filter(id__in=ids, merged_into__isnull=False).values_list("id", "merged_into_id"))


def hers(person_id: UUID) -> list[UUID]:
    """Give the id of a person who stands, and those of all who were merged into her: everything written under them is hers."""
    return [person_id, *merged_ids([person_id])]


def all_of(person_id: UUID) -> list[UUID]:
    """Give the ids under which something may be written of the person behind an id, first the one who stands today."""
    return hers(surviving(person_id))


def merged_ids(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Give every person who was merged into one of these, directly or by way of others, with the one she stands under."""
    roots = {i: i for i in person_ids}
    found: dict[UUID, UUID] = {}
    layer = dict(roots)
    while layer:
        asked = list(layer)
        rows = (
            _merged_under.rows(filled(asked))
            if len(asked) <= _MANY
            else Person.objects.filter(merged_into_id__in=asked).values_list("id", "merged_into_id")
        )
        layer = {i: layer[into] for i, into in rows if i not in roots and i not in found}
        found |= layer
    return found
