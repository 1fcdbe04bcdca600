"""Makes the search keys and the reach of persons anew from what their records say."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from selaras.people.keys import keys_of, places_of
from selaras.people.models import Grant, NameForm, Person, PersonKey
from selaras.people.queries.surviving import hers, merged_ids
from selaras.people.sight import reach_of

BATCH = 5_000
AT_ONCE = 1_000  # keys in a statement that takes keys away: three values each


def rekey(person_ids: Iterable[UUID]) -> None:
    """Make the search keys of these persons: of all their name forms, with each birth year told of them, in each place of their reach.

    A survivor is found by the birth years and homes of those merged into her, too; a merged person is found no more.
    """
    ids = list(dict.fromkeys(person_ids))
    for start in range(0, len(ids), BATCH):
        _rekey(ids[start : start + BATCH])


def wanted_keys(ids: list[UUID]) -> set[tuple[int, int, UUID]]:
    """The search keys that these persons are to have: key, place, person; none of one who was merged."""
    merged = merged_ids(ids)
    years: dict[UUID, list[int | None]] = defaultdict(list)
    reach: dict[UUID, list[str]] = {}
    names: dict[UUID, list[str]] = defaultdict(list)
    gone: set[UUID] = set()
    rows = Person.objects.filter(id__in=[*ids, *merged]).order_by("id")
    for i, name, birth, codes, into in rows.values_list("id", "name", "birth_date", "reach", "merged_into_id"):
        owner = merged.get(i, i)
        years[owner].append(birth.year if birth else None)
        reach[i] = codes
        names[owner].append(name)
        if into is not None:
            gone.add(i)
    for owner, text in NameForm.objects.filter(person_id__in=ids).order_by("id").values_list("person_id", "text"):
        names[owner].append(text)
    return {
        (key, place, i)
        for i in ids
        if i in reach and i not in gone
        for key in keys_of(names[i], years[i])
        for place in places_of(reach[i])
    }


def _rekey(ids: list[UUID]) -> None:
    wanted = wanted_keys(ids)
    there = set(PersonKey.objects.filter(person_id__in=ids).values_list("key", "place", "person_id"))
    stale = sorted(there - wanted)
    for start in range(0, len(stale), AT_ONCE):
        PersonKey.objects.filter(pk__in=stale[start : start + AT_ONCE]).delete()
    rows_wanted = [PersonKey(key=key, place=place, person_id=i) for key, place, i in wanted - there]
    PersonKey.objects.bulk_create(rows_wanted, ignore_conflicts=True, batch_size=BATCH)


def derive_reach(person: Person) -> list[str]:
    """Derive the reach of a person from her open grants and of the ids that stand under her."""
    codes = Grant.objects.filter(Q(person_id=person.id), until__isnull=True).values_list("code", flat=True)
    return reach_of(hers(person.id), codes)
