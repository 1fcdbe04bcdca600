"""Writes the rows of one person; used by the verbs that register, join, add and correct."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from selaras.ground.fixed import insert
from selaras.people.keys import keys_of, places_of
from selaras.people.models import Event, Grant, Identifier, NameForm, Person, PersonKey, Presence
from selaras.people.numbers import sound
from selaras.people.queries.meanwhile import REGISTERING
from selaras.people.sight import reach_of
from selaras.people.telling import Mark, Stay

STATED = 80  # how surely an officer who sees the paper or the person knows it


def lock(keys: Iterable[UUID]) -> None:
    """Make everybody else who is about to write under one of these keys wait until this transaction ends."""
    numbers = sorted({int.from_bytes(key.bytes[:8], "big", signed=True) for key in keys})
    if numbers:
        with connection.cursor() as cursor:
            # in one order for all, so that two never wait for each other
            cursor.execute(
                "select pg_advisory_xact_lock_shared(%s) union all"
                " select pg_advisory_xact_lock(k) from (select unnest(%s::bigint[]) k order by 1) s",
                (REGISTERING, numbers),
            )


def add_name_form(person_id: UUID, text: str, kind: str, source: str) -> None:
    """Add a name form unless this source gave it already."""
    insert([NameForm(person_id=person_id, text=text, kind=kind, source=source)], unless_there=True)


def add_marks(person_id: UUID, marks: Sequence[Mark], source: str) -> None:
    """Add numbers unless the person bears them already."""
    rows = [
        Identifier(
            person_id=person_id, kind=m.kind, value=m.value, index=m.index, since=timezone.localdate(), source=source,
            confidence=STATED, sound=sound(m.kind, m.value),
        )
        for m in marks
    ]  # fmt: skip
    insert(rows, unless_there=True)


def add_search_keys(person: Person, names: Iterable[str], births: Iterable[dt.date | None]) -> None:
    """Add the search keys of these forms of a name, with these births, in every place of a person's reach."""
    keys, places = keys_of(names, (birth.year if birth else None for birth in births)), places_of(person.reach)
    rows = [PersonKey(key=key, place=place, person_id=person.id) for key in sorted(keys) for place in places]
    insert(rows, unless_there=True)


def add_grants(person_id: UUID, reasons: dict[str, str]) -> None:
    """Open grants that are not open yet: code → reason."""
    today = timezone.localdate()
    rows = [Grant(person_id=person_id, code=code, since=today, reason=reason) for code, reason in reasons.items()]
    insert(rows, unless_there=True)


def add_stay(person_id: UUID, stay: Stay, source: str) -> Presence:
    """Add a presence as an officer told it."""
    made = Presence(
        person_id=person_id, country_id=stay.country, district=stay.district, capacity=stay.capacity, kind=stay.kind,
        since=stay.since, until=stay.until, source=source, confidence=STATED,
    )  # fmt: skip
    insert([made])
    return made


def widen(person: Person, codes: Iterable[str]) -> None:
    """Widen a person's reach by grants; it is never narrowed here. The caller holds the row's lock and saves."""
    person.reach = sorted(set(person.reach) | set(reach_of([person.id], codes)))


def event(person_id: UUID, kind: str, actor: str, *, reason: str = "", before: Any = None, after: Any = None) -> Event:
    """Make, without saving, one line of a record's history; what is in it rests sealed."""
    return Event(person_id=person_id, kind=kind, actor=actor, reason=reason, before=_json(before), after=_json(after))


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
