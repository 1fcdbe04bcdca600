"""Opens one person: everything the register holds of her, in a fixed number of queries, numbers masked."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from selaras.ground.act import NotThere, ask, note
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
    if found is not None and found.merged_into_id is not None:
        found = _read(surviving(person_id))
    if found is None:
        note(asked=str(person_id))
        raise NotThere("not there")
    told: Any = found  # with the rows that _read has folded in
    grants = [_grant(g) for g in told.grant_rows]
    names = area_names([found.home_area_id or "", *(g.code for g in grants if g.kind == "area")])
    return OpenPerson(
        id=found.id, version=found.version, name=found.name, sex=found.sex, birth_date=found.birth_date,
        birth_precision=found.birth_precision, birth_place=found.birth_place, mother=found.mother or "",
        home_area=found.home_area_id or "", home=names.get(found.home_area_id or "", ""), home_text=found.home_text,
        died_on=found.died_on, source=found.source, made_at=found.made_at, changed_at=found.changed_at,
        names=tuple(NameLine(n["text"], n["kind"], n["source"]) for n in told.name_rows),
        numbers=_numbers(found.id), presences=_stays(found.id), kin=_kin(found.id),
        grants=tuple(GrantLine(g.kind, g.code, names.get(g.code, ""), g.since, g.until, g.reason) for g in grants),
        merged_ids=tuple(UUID(i["id"]) for i in told.merged_rows),
        events=_events(found.id),
    )  # fmt: skip


def _read(person_id: UUID) -> Person | None:
    """One query: the person with her name forms, grants and merged records folded in."""
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
    return rows.filter(id=person_id).first()


def _grant(row: dict[str, Any]) -> GrantLine:
    kind, _, code = row["code"].partition(":")
    return GrantLine(kind, code, "", _day(row["since"]), _day(row["until"]), row["reason"])


def _day(text: str | None) -> Any:
    return dt.date.fromisoformat(text) if text else None


def _numbers(person_id: UUID) -> tuple[NumberLine, ...]:
    rows = Identifier.objects.filter(person_id=person_id).order_by("kind", "-since", "id")
    lines = [
        NumberLine(n.id, n.kind, masked(n.value), n.since, n.until, n.source, n.confidence, n.sound, n.doubt)
        for n in rows
    ]
    return tuple(sorted(lines, key=lambda n: (n.until is not None, n.kind != "nik", n.kind)))


def _stays(person_id: UUID) -> tuple[StayLine, ...]:
    rows = Presence.objects.filter(person_id=person_id)
    lines = [
        StayLine(p.country_id, p.district, p.capacity, p.kind, p.since, p.until, p.source, p.confidence) for p in rows
    ]
    return tuple(sorted(lines, key=lambda p: p.since or dt.date.min, reverse=True))


def _kin(person_id: UUID) -> tuple[KinLine, ...]:
    """Both directions in one query; the other's name comes through the scoped manager, so only when she is within reach."""
    name = Subquery(Person.objects.filter(id=OuterRef("other_id")).values("name")[:1])
    name_back = Subquery(Person.objects.filter(id=OuterRef("person_id")).values("name")[:1])
    rows = Kin.objects.filter(Q(person_id=person_id) | Q(other_id=person_id)).annotate(name=name, name_back=name_back)
    lines = []
    for k in rows.order_by("relation", "id"):
        reverse = k.person_id != person_id
        seen = k.name_back if reverse else k.name
        other = k.person_id if reverse else k.other_id
        lines.append(KinLine(k.relation, reverse, seen or k.other_name, other if seen else None, k.since, k.until))
    return tuple(lines)


def _events(person_id: UUID) -> tuple[EventLine, ...]:
    """Her history. Disputes about a number tell of a record elsewhere, so they are for the national reviewers only."""
    rows = Event.objects.filter(person_id=person_id).order_by("-at", "-id")
    if NATION not in current().reach:
        rows = rows.exclude(kind="conflict")
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
        for e in rows[:EVENTS]
    )
