"""Finds a person by any number, exactly, or by a half-remembered name, as far as the actor sees.

Under row-level security an index serves only conditions that PostgreSQL takes for leakproof, such as equality. So a number is
looked up by the equality of its keyed hash and a name by the equality of phonetic keys, the rarest first; likeness is judged in Python.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from selaras.engines.linkage.names import likeness_to, search_keys
from selaras.ground.act import ask, note
from selaras.ground.fixed import Question, filled
from selaras.ground.scope import current
from selaras.people.keys import place_of, places_seen, word_key, words_of, year_key
from selaras.people.models import Identifier, NameForm, Person, PersonKey
from selaras.people.numbers import possible_indexes
from selaras.people.queries.rows import PersonRow, living, made, rows_of

SHOWN = 20  # as many as an eye runs over; each of them is a line of the ledger about somebody
MANY = 200  # a key that more persons share is too common to show on its own
PARTLY_ALIKE = 0.45  # least likeness of a name found by one of several words, with the year or the place
ALIKE = 0.55  # and of a name found by birth year and home alone


@dataclass(frozen=True, slots=True)
class FoundByNumber:
    """The persons who bear a number, whose rows are read when they are looked at; `ended` names those who bore it once."""

    ids: tuple[UUID, ...]
    kinds: tuple[str, ...]
    ended: frozenset[UUID] = frozenset()

    @property
    def rows(self) -> tuple[PersonRow, ...]:
        """Read them as a list shows them."""
        return tuple(rows_of(self.ids))


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


_bearing = Question(
    lambda indexes: Identifier.objects.filter(index__in=indexes, person__merged_into__isnull=True).values_list(
        "person_id", "kind", "until"
    )
)
_forms = Question(lambda ids: NameForm.objects.filter(person_id__in=ids).order_by().values_list("person_id", "text"))


@ask
def find_by_number(value: str, kind: str = "") -> FoundByNumber:
    """Find who bears a number; with an unknown kind every kind is tried in one query."""
    indexes = possible_indexes(value, kind)
    hits = _bearing.rows(indexes) if indexes else []
    ids = list(dict.fromkeys(person for person, _, _ in sorted(hits, key=lambda hit: hit[2] is not None)))[:SHOWN]
    bearing = {person for person, _, until in hits if until is None}
    note(count=len(ids), subjects=ids, by="number")
    return FoundByNumber(tuple(ids), tuple(sorted({k for _, k, _ in hits})), frozenset(ids) - bearing)


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
    words = [word_key(word) for word in words_of(text)]
    with_year = [k for k in search_keys(text, year) if k not in by_words] if year else []
    at_home = list(dict.fromkeys([*by_words, *words])) if regency else []
    at_home_then = [year_key(y) for y in (year, year - 1, year + 1)] if year and regency else []
    narrowed = Narrowed.to(year, regency, sex)
    crowded = 0
    # a common word with its year or place is the whole question; beside other words it is only one of them
    partly = PARTLY_ALIKE if by_words else 0.0
    # a key of a word and its year says the year already: only where the place is known too must each row be looked at
    closely = narrowed if year and regency else ANYBODY
    there = place_of(regency) if regency else None
    stages = ((by_words, [], 0.0, ANYBODY), (with_year, at_home, partly, closely), ([], at_home_then, ALIKE, ANYBODY))
    for own_keys, home_keys, least, holds in stages:
        hits, over = _hits(own_keys, home_keys, there, holds)
        crowded = max(crowded, over)
        if hits and narrowed != ANYBODY and holds == ANYBODY:
            hits = _fitting(hits, narrowed)
        rows = _ranked(text, hits, least) if hits else ()
        if rows:
            note(count=len(rows), subjects=[row.id for row in rows])
            return FoundByName(rows, more=bool(over) or len(rows) == SHOWN)
    if crowded or not (by_words or with_year or at_home):
        missing = tuple(what for what, known in (("year", year), ("place", regency)) if not known)
        return TooMany(crowded or MANY, missing or ("name",))
    return FoundByName(())


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows a name: first day and first day beyond of the birth, home codes from and up to, the sex; None is not asked."""

    born: dt.date | None = None
    born_before: dt.date | None = None
    home: str | None = None
    home_before: str | None = None
    sex: str | None = None

    @classmethod
    def to(cls, year: int | None, regency: str | None, sex: str | None) -> "Narrowed":
        """Narrow to a year that may be one off, to a regency, to a sex."""
        code = (regency or "")[:4]
        return cls(
            dt.date(year - 1, 1, 1) if year else None,
            dt.date(year + 2, 1, 1) if year else None,
            # codes that begin with the regency's, as a range: LIKE would not be pushed below the policy
            code or None,
            str(int(code) + 1) if code else None,
            sex or None,
        )

    def values(self) -> tuple[Any, ...]:
        """Give the values for a question."""
        return self.born, self.born_before, self.home, self.home_before, self.sex


ANYBODY = Narrowed()


def _fits(born: Any, born_before: Any, home: Any, home_before: Any, sex: Any) -> Q:
    """Make the condition; what is not known of a person speaks against nobody."""
    fits = Q()
    if born:
        fits &= Q(birth_date=None) | Q(birth_date__gte=born, birth_date__lt=born_before)
    if home:
        fits &= Q(home_area=None) | Q(home_area__gte=home, home_area__lt=home_before)
    if sex:
        fits &= Q(sex__in=("", sex))
    return fits


_who_fit = Question(lambda ids, *said: Person.objects.filter(_fits(*said), id__in=ids).values_list("id"))


def _fitting(ids: Sequence[UUID], narrowed: Narrowed) -> list[UUID]:
    """Keep, in their order, those whom the year, the place and the sex fit."""
    fit = {i for (i,) in _who_fit.rows(filled(list(ids)), *narrowed.values())}
    return [i for i in ids if i in fit]


def _most(places: Sequence[int] | None) -> int:
    """Give how many rows of a key are read: one more than is shown, twice that where she may stand in more places than one."""
    return MANY + 1 if places and len(places) == 1 else 2 * MANY + 1


def _by_keys(own: Any, places: Any, at_home: Any, there: Any, *said: Any) -> QuerySet[PersonKey, Any]:
    """Look up keys in the office's own places (everywhere when it has none), others at a home, in one statement, each up to a limit.

    A subselect looks at the person of each key: with a join PostgreSQL may begin at the other end, with all whom the actor
    sees, because it cannot know how many those are.
    """
    fits = Person.objects.filter(_fits(*said), id=OuterRef("person_id")).order_by().values("id")[:1]
    where: list[tuple[Any, dict[str, Any], int]] = [
        (key, {"place__in": places} if places else {}, _most(places)) for key in own or ()
    ]
    where += [(key, {"place": there}, _most([there])) for key in at_home or ()]
    branches: list[QuerySet[PersonKey, Any]] = []
    for key, place, most in where:
        rows = PersonKey.objects.filter(key=key, **place).order_by()
        if any(said):
            rows = rows.annotate(fits=Subquery(fits)).filter(fits__isnull=False)
        branches.append(rows.values_list("key", "person_id")[:most])
    return branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]


_keyed = Question(_by_keys)


def _hits(own: Sequence[int], at_home: Sequence[int], there: int | None, narrowed: Narrowed) -> tuple[list[UUID], int]:
    """Look up keys where the office sees, and others at a home; give the persons of those keys that are rare enough, and how many
    stand under the most crowded other one."""
    if not (own or at_home):
        return [], 0
    seen = places_seen(current().reach) if own and not current().national else None
    asked = list(own) or None, filled(list(seen)) if seen else None, list(at_home) or None, there if at_home else None
    most = dict.fromkeys(own, _most(seen)) | dict.fromkeys(at_home, _most([0]))
    found: dict[int, dict[UUID, None]] = {key: {} for key in (*own, *at_home)}
    rows: Counter[int] = Counter()
    for key, person in _keyed.rows(*asked, *narrowed.values()):
        found[key][person] = None
        rows[key] += 1
    crowded = {key for key, people in found.items() if len(people) > MANY or rows[key] == most[key]}
    hits: dict[UUID, None] = {}
    for key, people in found.items():
        if key not in crowded and len(hits) < 2 * MANY:
            hits.update(people)
    return list(hits), max((max(len(found[key]), MANY + 1) for key in crowded), default=0)


def _ranked(text: str, ids: list[UUID], least: float) -> tuple[PersonRow, ...]:
    """Judge every form of their names (the main name is one of them), each spelling once; read only those who are shown."""
    alike = likeness_to(text)
    scores: dict[str, float] = {}
    likeness: dict[UUID, tuple[float, str]] = {}
    for i, form in _forms.rows(filled(ids)):
        if form not in scores:
            scores[form] = alike(form)
        likeness[i] = max(likeness.get(i, (-1.0, "")), (scores[form], form))
    best = sorted((i for i in likeness if likeness[i][0] >= least), key=lambda i: (-likeness[i][0], likeness[i][1], i))[
        :SHOWN
    ]
    people = living(best)
    shown = {
        i: (likeness[i][0], "" if likeness[i][1] == people[i].name else likeness[i][1]) for i in best if i in people
    }
    return tuple(made([people[i] for i in shown], shown))
