"""Opens one person: everything the register holds of her, in a fixed number of queries, numbers masked."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from selaras.ground.act import NotThere, ask, note
from selaras.ground.fixed import Question
from selaras.ground.scope import NATION, current
from selaras.people.models import Event, Grant, Identifier, Kin, NameForm, Person, Presence
from selaras.people.numbers import masked
from selaras.people.places import area_names
from selaras.people.queries.surviving import surviving

EVENTS = 100


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number, masked."""

    id: UUID
    kind: str
    masked: str
    since: dt.date | None
    until: dt.date | None
    source: str
    confidence: int
    sound: bool
    doubt: str  # "", `doubted` or `other`: see Identifier


@dataclass(frozen=True, slots=True)
class NameLine:
    """One form of her name."""

    text: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class StayLine:
    """One presence in a country."""

    country: str
    district: str
    capacity: str
    kind: str
    since: dt.date | None
    until: dt.date | None
    source: str
    confidence: int


@dataclass(frozen=True, slots=True)
class KinLine:
    """One tie; `reverse` when it was written from the other's side; the other's id only when within reach."""

    relation: str
    reverse: bool
    name: str
    person_id: UUID | None
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One reason why somebody sees her: a kind (area, abroad, party, person) with its code and the name of the area."""

    kind: str
    code: str
    area: str
    since: dt.date
    until: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One change of her record: what was before and after, field by field."""

    id: UUID
    kind: str
    at: dt.datetime
    actor: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    undone: bool


@dataclass(frozen=True, slots=True)
class OpenPerson:
    """One person with all that the register holds of her."""

    id: UUID
    version: int
    name: str
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    birth_place: str
    mother: str
    home_area: str
    home: str
    home_text: str
    died_on: dt.date | None
    source: str
    made_at: dt.datetime
    changed_at: dt.datetime
    names: tuple[NameLine, ...]
    numbers: tuple[NumberLine, ...]
    presences: tuple[StayLine, ...]
    kin: tuple[KinLine, ...]
    grants: tuple[GrantLine, ...]
    merged_ids: tuple[UUID, ...]
    events: tuple[EventLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.id

    @property
    def latest(self) -> StayLine | None:
        """Give the latest dated presence, which is where she was last known to be."""
        dated = [p for p in self.presences if p.since]
        return (
            max(dated, key=lambda p: p.since or dt.date.min)
            if dated
            else (self.presences[0] if self.presences else None)
        )


@ask
def open_person(person_id: UUID) -> OpenPerson:
    """Open a person within reach; who was merged into another is opened as the other. Not in reach is not there."""
    found = _read(person_id)
    if found is not None and found["merged_into_id"] is not None:
        found = _read(surviving(person_id))
    if found is None:
        note(asked=str(person_id))
        raise NotThere("not there")
    grants = [_grant(g) for g in found["grant_rows"]]
    home = found["home_area_id"] or ""
    names = area_names([home, *(g.code for g in grants if g.kind == "area")])
    return OpenPerson(
        **{field: found[field] for field in AS_THEY_ARE}, mother=found["mother"] or "", home_area=home, home=names.get(home, ""),
        names=tuple(NameLine(n["text"], n["kind"], n["source"]) for n in found["name_rows"]),
        numbers=_numbers(found["id"]), presences=_stays(found["id"]), kin=_kin(found["id"]),
        grants=tuple(GrantLine(g.kind, g.code, names.get(g.code, ""), g.since, g.until, g.reason) for g in grants),
        merged_ids=tuple(UUID(i["id"]) for i in found["merged_rows"]),
        events=_events(found["id"]),
    )  # fmt: skip


AS_THEY_ARE = (
    "id", "version", "name", "sex", "birth_date", "birth_precision", "birth_place", "home_text", "died_on", "source", "made_at",
    "changed_at",
)  # fmt: skip
COLUMNS = (*AS_THEY_ARE, "mother", "home_area_id", "merged_into_id", "name_rows", "grant_rows", "merged_rows")


def _person(person_id: UUID) -> QuerySet[Person, Any]:
    hers = {"person_id": OuterRef("pk")}
    names = NameForm.objects.filter(**hers).order_by("id")
    grants = Grant.objects.filter(**hers).order_by("since", "id")
    merged = Person.objects.filter(merged_into_id=OuterRef("pk")).order_by("id")
    rows = Person.objects.annotate(
        name_rows=ArraySubquery(names.values(json=JSONObject(text="text", kind="kind", source="source"))),
        grant_rows=ArraySubquery(
            grants.values(json=JSONObject(code="code", since="since", until="until", reason="reason"))
        ),
        merged_rows=ArraySubquery(merged.values(json=JSONObject(id="id"))),
    )
    return rows.filter(id=person_id).values_list(*COLUMNS)


_opened = Question(_person)


def _read(person_id: UUID) -> dict[str, Any] | None:
    """One query: the person with her name forms, grants and merged records folded in."""
    row = _opened.first(person_id)
    return None if row is None else dict(zip(COLUMNS, row, strict=True))


def _grant(row: dict[str, Any]) -> GrantLine:
    kind, _, code = row["code"].partition(":")
    return GrantLine(kind, code, "", _day(row["since"]), _day(row["until"]), row["reason"])


def _day(text: str | None) -> Any:
    return dt.date.fromisoformat(text) if text else None


_borne = Question(lambda person_id: Identifier.objects.filter(person_id=person_id).order_by("kind", "-since", "id"))
_told_stays = Question(lambda person_id: Presence.objects.filter(person_id=person_id))
_history = Question(lambda person_id: Event.objects.filter(person_id=person_id).order_by("-at", "-id")[:EVENTS])
_history_alone = Question(
    lambda person_id: Event.objects.filter(person_id=person_id).exclude(kind="conflict").order_by("-at", "-id")[:EVENTS]
)


def _numbers(person_id: UUID) -> tuple[NumberLine, ...]:
    lines = [
        NumberLine(n.id, n.kind, masked(n.value), n.since, n.until, n.source, n.confidence, n.sound, n.doubt)
        for n in _borne.objects(person_id)
    ]
    return tuple(sorted(lines, key=lambda n: (n.until is not None, n.kind != "nik", n.kind)))


def _stays(person_id: UUID) -> tuple[StayLine, ...]:
    rows = _told_stays.objects(person_id)
    lines = [
        StayLine(p.country_id, p.district, p.capacity, p.kind, p.since, p.until, p.source, p.confidence) for p in rows
    ]
    return tuple(sorted(lines, key=lambda p: p.since or dt.date.min, reverse=True))


def _ties(person_id: UUID) -> QuerySet[Kin, Any]:
    """Both directions in one query; the other's name comes through the scoped manager, so only when she is within reach."""
    name = Subquery(Person.objects.filter(id=OuterRef("other_id")).values("name")[:1])
    name_back = Subquery(Person.objects.filter(id=OuterRef("person_id")).values("name")[:1])
    rows = Kin.objects.filter(Q(person_id=person_id) | Q(other_id=person_id)).annotate(name=name, name_back=name_back)
    return rows.order_by("relation", "id").values_list(
        "person_id", "other_id", "other_name", "relation", "since", "until", "name", "name_back"
    )


_tied = Question(_ties)


def _kin(person_id: UUID) -> tuple[KinLine, ...]:
    lines = []
    for one, two, two_name, relation, since, until, name, name_back in _tied.rows(person_id):
        reverse = one != person_id
        seen = name_back if reverse else name
        other = one if reverse else two
        lines.append(KinLine(relation, reverse, seen or two_name, other if seen else None, since, until))
    return tuple(lines)


def _events(person_id: UUID) -> tuple[EventLine, ...]:
    """Her history. Disputes about a number tell of a record elsewhere, so they are for the national reviewers only."""
    rows = (_history if NATION in current().reach else _history_alone).objects(person_id)
    return tuple(
        EventLine(
            e.id,
            e.kind,
            e.at,
            e.actor,
            e.reason,
            json.loads(e.before or "{}"),
            json.loads(e.after or "{}"),
            e.undone_by_id is not None,
        )
        for e in rows
    )
