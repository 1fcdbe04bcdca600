"""Makes the search keys and the reach of persons anew from what their records say."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from selaras.people.keys import search_keys_of
from selaras.people.models import Grant, NameForm, Person, PersonKey
from selaras.people.queries.surviving import merged_ids
from selaras.people.sight import reach_of

BATCH = 5_000


def rekey(person_ids: Iterable[UUID]) -> None:
    """Make the search keys of these persons: of all their name forms, with each birth year and home told of them.

    A survivor is found by the birth years and homes of those merged into her, too; a merged person is found no more.
    """
    ids = list(dict.fromkeys(person_ids))
    for start in range(0, len(ids), BATCH):
        _rekey(ids[start : start + BATCH])


def _rekey(ids: list[UUID]) -> None:
    under = merged_ids(ids)
    told: dict[UUID, list[tuple[int | None, str | None]]] = defaultdict(list)
    names: dict[UUID, list[str]] = defaultdict(list)
    gone: set[UUID] = set()
    rows = Person.objects.filter(id__in=[*ids, *under]).order_by("id")
    for i, name, birth, home, into in rows.values_list("id", "name", "birth_date", "home_area_id", "merged_into_id"):
        owner = under.get(i, i)
        told[owner].append((birth.year if birth else None, home))
        names[owner].append(name)
        if into is not None:
            gone.add(i)
    for owner, text in NameForm.objects.filter(person_id__in=ids).order_by("id").values_list("person_id", "text"):
        names[owner].append(text)
    wanted = {(key, i) for i in ids if i not in gone for key in search_keys_of(names[i], told[i])}
    there = set(PersonKey.objects.filter(person_id__in=ids).values_list("key", "person_id"))
    stale: dict[UUID, list[int]] = defaultdict(list)
    for key, i in there - wanted:
        stale[i].append(key)
    for i, keys in stale.items():
        PersonKey.objects.filter(person_id=i, key__in=keys).delete()
    PersonKey.objects.bulk_create(
        [PersonKey(key=k, person_id=i) for k, i in wanted - there], ignore_conflicts=True, batch_size=BATCH
    )


def derive_reach(person: Person) -> list[str]:
    """Derive the reach of a person from her open grants and of the ids that stand under her."""
    codes = Grant.objects.filter(Q(person_id=person.id), until__isnull=True).values_list("code", flat=True)
    return reach_of([person.id, *merged_ids([person.id])], codes)
