"""Finds a person by any number, exactly, or by a half-remembered name, as far as the actor sees.

Under row-level security an index serves only conditions that PostgreSQL takes for leakproof, such as equality. So a number is
looked up by the equality of its keyed hash and a name by the equality of phonetic keys, the rarest first; likeness is judged in Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from selaras.engines.linkage.names import name_similarity, search_keys
from selaras.ground.act import ask, note
from selaras.people.models import Identifier, NameForm, Person, PersonKey
from selaras.people.numbers import possible_indexes
from selaras.people.queries.rows import PersonRow, made, rows_of

SHOWN = 50
MANY = 200  # a key that more persons share is too common to show on its own
PARTLY_ALIKE = 0.45  # least likeness of a name found by one of several words, with the year or the place
ALIKE = 0.55  # and of a name found by birth year and home alone


@dataclass(frozen=True, slots=True)
class FoundByNumber:
    """The persons who bear a number; `ended` names those who bore it once."""

    rows: tuple[PersonRow, ...]
    kinds: tuple[str, ...]
    ended: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class FoundByName:
    """Persons whose name is alike, the likest first; `more` says that a wider key had too many to look through."""

    rows: tuple[PersonRow, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class TooMany:
    """A name that too many bear: how many at least, and what to ask for: year, place, or name (nothing else would help)."""

    at_least: int
    ask: tuple[str, ...]


@ask
def find_by_number(value: str, kind: str = "") -> FoundByNumber:
    """Find who bears a number; with an unknown kind every kind is tried in one query."""
    hits = list(
        Identifier.objects.filter(
            index__in=possible_indexes(value, kind), person__merged_into__isnull=True
        ).values_list("person_id", "kind", "until")
    )
    ids = list(dict.fromkeys(person for person, _, _ in sorted(hits, key=lambda hit: hit[2] is not None)))[:SHOWN]
    bearing = {person for person, _, until in hits if until is None}
    note(count=len(ids), subjects=ids, by="number")
    return FoundByNumber(
        tuple(rows_of(ids)) if ids else (), tuple(sorted({k for _, k, _ in hits})), frozenset(ids) - bearing
    )


@ask
def find_by_name(
    text: str, year: int | None = None, regency: str | None = None, sex: str | None = None
) -> FoundByName | TooMany:
    """Find persons by a half-remembered name; a remembered birth year may be one off; `regency` is an area code.

    Looks first by the words of the name; when nothing comes, by each word with the year or the place; at last by year and
    place alone, for names that were written too differently.
    """
    note(by="name", year=bool(year), place=bool(regency))
    by_words = search_keys(text)
    with_one = [k for k in search_keys(text, year) + search_keys(text, None, regency) if k not in by_words]
    with_both = (
        [k for k in search_keys(text, year, regency) if k not in by_words and k not in with_one]
        if year and regency
        else []
    )
    narrowed = Q()
    if year:
        narrowed &= Q(birth_date=None) | Q(birth_date__year__gte=year - 1, birth_date__year__lte=year + 1)
    if regency:
        # codes that begin with the regency's, as a range: LIKE would not be pushed below the policy
        code = regency[:4]
        narrowed &= Q(home_area=None) | Q(home_area__gte=code, home_area__lt=str(int(code) + 1))
    if sex:
        narrowed &= Q(sex__in=("", sex))
    crowded = 0
    # a common word with its year or place is the whole question; beside other words it is only one of them
    partly = PARTLY_ALIKE if by_words else 0.0
    # a key of a word and its year says the year already: only where the place is known too must each row be looked at
    closely = narrowed if year and regency else Q()
    stages = ((by_words, 0.0, Q()), (list(dict.fromkeys(with_one)), partly, closely), (with_both, ALIKE, Q()))
    for keys, least, holds in stages:
        hits, over = _hits(keys, holds)
        crowded = max(crowded, over)
        if hits and narrowed and not holds:
            hits = _fitting(hits, narrowed)
        rows = _ranked(text, hits, least) if hits else ()
        if rows:
            note(count=len(rows), subjects=[row.id for row in rows])
            return FoundByName(rows, more=bool(over) or len(rows) == SHOWN)
    if crowded or not (by_words or with_one):
        missing = tuple(what for what, known in (("year", year), ("place", regency)) if not known)
        return TooMany(crowded or MANY, missing or ("name",))
    return FoundByName(())


def _fitting(ids: Sequence[UUID], narrowed: Q) -> list[UUID]:
    """Keep, in their order, those whom the year, the place and the sex fit."""
    fit = set(Person.objects.filter(narrowed, id__in=ids).values_list("id", flat=True))
    return [i for i in ids if i in fit]


def _hits(keys: Sequence[int], narrowed: Q) -> tuple[list[UUID], int]:
    """Look up every key in one statement, each up to its limit; give the persons of the keys that are rare enough.

    A subselect looks at the person of each key: with a join PostgreSQL may begin at the other end, with all whom the actor
    sees, because it cannot know how many those are.
    """
    if not keys:
        return [], 0
    fits = Person.objects.filter(narrowed, id=OuterRef("person_id")).order_by().values("id")[:1]
    branches: list[QuerySet[PersonKey, tuple[int, UUID]]] = []
    for key in keys:
        rows = PersonKey.objects.filter(key=key).order_by()
        if narrowed:
            rows = rows.annotate(fits=Subquery(fits)).filter(fits__isnull=False)
        branches.append(rows.values_list("key", "person_id")[: MANY + 1])
    found: dict[int, list[UUID]] = {key: [] for key in keys}
    for key, person in branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]:
        found[key].append(person)
    over = max((len(people) for people in found.values() if len(people) > MANY), default=0)
    hits: dict[UUID, None] = {}
    for key in keys:
        if len(found[key]) <= MANY and len(hits) < 2 * MANY:
            hits.update(dict.fromkeys(found[key]))
    return list(hits), over


def _ranked(text: str, ids: list[UUID], least: float) -> tuple[PersonRow, ...]:
    """Judge every form of their names (the main name is one of them), each spelling once; read only those who are shown."""
    scores: dict[str, float] = {}
    likeness: dict[UUID, tuple[float, str]] = {}
    for i, form in NameForm.objects.filter(person_id__in=ids).order_by().values_list("person_id", "text"):
        if form not in scores:
            scores[form] = name_similarity(text, form)
        likeness[i] = max(likeness.get(i, (-1.0, "")), (scores[form], form))
    best = sorted((i for i in likeness if likeness[i][0] >= least), key=lambda i: (-likeness[i][0], likeness[i][1], i))[
        :SHOWN
    ]
    people = {p.id: p for p in Person.objects.filter(id__in=best, merged_into__isnull=True).defer("mother", "reach")}
    shown = {
        i: (likeness[i][0], "" if likeness[i][1] == people[i].name else likeness[i][1]) for i in best if i in people
    }
    return tuple(made([people[i] for i in shown], shown))
