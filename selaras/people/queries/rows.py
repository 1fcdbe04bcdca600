"""Persons as a list shows them: who, born when and where, from where, last known where; no numbers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from selaras.ground.fixed import Question, filled
from selaras.people.models import Person, Presence
from selaras.people.places import area_names


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in a list."""

    id: UUID
    name: str
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    birth_place: str
    home: str
    country: str  # ISO3 of the latest presence, empty when none is known
    capacity: str
    country_since: dt.date | None
    likeness: float = 1.0
    written: str = ""  # the form of her name that was alike, when it is not the main one


_living = Question(lambda ids: Person.objects.filter(id__in=ids, merged_into__isnull=True).defer("mother", "reach"))
_stays = Question(
    lambda ids: (
        Presence.objects.filter(person_id__in=ids)
        .order_by("person_id", "-since", "-id")
        .only("id", "person_id", "country_id", "capacity", "since", "kind")
    )
)


def living(person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Read those of these persons who are within reach and not merged away."""
    ids = list(person_ids)
    return {p.id: p for p in _living.objects(filled(ids))} if ids else {}


def rows_of(person_ids: Iterable[UUID]) -> list[PersonRow]:
    """Give these persons, those within reach and not merged away, in the order asked for; three queries however many."""
    order = {i: n for n, i in enumerate(dict.fromkeys(person_ids))}
    return made(sorted(living(order).values(), key=lambda p: order[p.id]), {})


def made(people: Sequence[Person], likeness: dict[UUID, tuple[float, str]]) -> list[PersonRow]:
    """Make list rows of persons who were read already."""
    homes = area_names(p.home_area_id or "" for p in people)
    last = last_presences([p.id for p in people])
    rows = []
    for p in people:
        stay = last.get(p.id)
        if stay is not None and stay.kind == Presence.Kind.RETURN:
            stay = None  # she came home: nowhere abroad is she known to be
        alike, written = likeness.get(p.id, (1.0, ""))
        rows.append(PersonRow(
            p.id, p.name, p.sex, p.birth_date, p.birth_precision, p.birth_place, homes.get(p.home_area_id or "", p.home_text),
            stay.country_id if stay else "", stay.capacity if stay else "", stay.since if stay else None, alike, written,
        ))  # fmt: skip
    return rows


def last_presences(person_ids: Sequence[UUID]) -> dict[UUID, Presence]:
    """Give each person's latest dated presence, in one query for all."""
    found: dict[UUID, Presence] = {}
    for row in _stays.objects(filled(list(person_ids))) if person_ids else ():
        best = found.get(row.person_id)
        if best is None or (best.since is None and row.since is not None):
            found[row.person_id] = row
    return found
