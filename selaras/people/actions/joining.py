"""The named job with national reach: writes a registered person, into her own record when she has one that the officer cannot see.

One person stands once in the register, and yet 'not yours' must look like 'not there'. So every registration that finds nobody
within the officer's reach runs through here, and new, joined and disputed registrations do the same work: the same statements in the
same order, the same answer, the same ledger lines. Only the rows differ.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground.act import act, note
from selaras.ground.fixed import Question, insert
from selaras.people.actions.writing import (
    add_grants,
    add_marks,
    add_name_form,
    add_search_keys,
    add_stay,
    event,
    widen,
)  # fmt: skip
from selaras.people.models import Event, Identifier, NameForm, Person
from selaras.people.sight import abroad_grant, home_grant, reach_of
from selaras.people.telling import Mark, Stay, Told, alike


@dataclass(frozen=True, slots=True)
class Request:
    """One registration: who, her numbers, where she is, who registers her, and the codes by which that office sees."""

    told: Told
    marks: Sequence[Mark]
    stay: Stay | None
    source: str
    officer: str
    office_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The person under whom a registration was written."""

    person_id: UUID

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def join_reach(request: Request) -> Joined:
    """Write a registration: into the record that bears the same number, name and birth date, else as a new person.

    A record that bears the number but clearly not the name or birth date stays as it is; it gets an event `conflict` that
    names the new person, for the reviewers. The event hangs on the older record, so the officer who registers sees none of it.
    """
    told = request.told
    same, others = _judged(request)
    reasons = _grants(request)
    if same is None:
        person = Person(
            id=uuid7(), name=told.name, sex=told.sex, birth_date=told.birth_date, birth_precision=told.birth_precision,
            birth_place=told.birth_place, mother=told.mother or None, home_area_id=told.home_area or None, home_text=told.home_text,
            source=request.source,
        )  # fmt: skip
        person.reach = reach_of([person.id], reasons)
        insert([person])
    else:
        person = Person(id=same.id, reach=same.reach)
        widen(person, reasons)
        Person.objects.filter(id=person.id).update(reach=person.reach, changed_at=timezone.now())
    add_name_form(person.id, told.name, "main" if same is None else "written", request.source)
    add_marks(person.id, request.marks, request.source)
    # new and joined: the same statement, of more names
    names, births = ([], []) if same is None else (same.names, [same.birth_date])
    add_search_keys(person, [told.name, *names], [told.birth_date, *births])
    add_grants(person.id, reasons)
    if request.stay is not None:
        add_stay(person.id, request.stay, request.source)
    events = [event(person.id, "registered" if same is None else "joined", request.officer, reason=request.source)]
    events += [event(o, "conflict", request.officer, after={"person": str(person.id)}) for o in others]
    insert(events)
    note(by=request.officer)
    return Joined(person.id)


@act
def note_conflict(person_id: UUID, marks: Sequence[Mark], officer: str) -> int:
    """Note on every other record that bears one of these numbers that this person bears it too; give how many there are."""
    indexes = [m.index for m in marks if m.identifies]
    others = set(
        Identifier.objects.filter(index__in=indexes)
        .exclude(person_id=person_id)
        .exclude(doubt="other")
        .values_list("person_id", flat=True)
    )
    Event.objects.bulk_create(event(o, "conflict", officer, after={"person": str(person_id)}) for o in others)
    return len(others)


def _grants(request: Request) -> dict[str, str]:
    reasons = dict.fromkeys(home_grant(request.told.home_area), "home")
    if request.stay is not None:
        reasons.setdefault(abroad_grant(request.stay.country, request.stay.district), "presence")
    if not set(reach_of([], reasons)) - {"nation"} & set(request.office_codes):
        # registered by an office that neither her home nor her stay would show her to
        reasons |= {code: "registered here" for code in request.office_codes if code not in reasons}
    return reasons


@dataclass(frozen=True, slots=True)
class Bearer:
    """A living record that bears one of the numbers, with all forms of its name."""

    id: UUID
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    reach: list[str]
    names: list[str]


def _bearing(indexes: list[UUID]) -> QuerySet[Person, Any]:
    forms = NameForm.objects.filter(person_id=OuterRef("pk")).order_by("id").values("text")
    # whose number it is found not to be does not bear it
    borne = Q(identifiers__index__in=indexes, identifiers__doubt__in=("", "doubted"))
    rows = Person.objects.filter(borne, merged_into__isnull=True).order_by("id")
    return rows.annotate(forms=ArraySubquery(forms)).values_list(
        "id", "sex", "birth_date", "birth_precision", "reach", "name", "forms"
    )


_bearers = Question(_bearing)
_bearers_held = Question(lambda indexes: _bearing(indexes).select_for_update(of=("self",)))


def bearers(marks: Sequence[Mark], *, hold: bool = False) -> list[Bearer]:
    """Find the living records within reach that bear one of the identifying numbers, with their name forms, in one query."""
    indexes = [m.index for m in marks if m.identifies]
    if not indexes:
        if not hold:
            return []
        indexes = [uuid7()]  # the job asks also for nobody: it does as much for a new person as for a joined one
    rows = (_bearers_held if hold else _bearers).rows(indexes)
    found = {i: Bearer(i, sex, birth, by, reach, [name, *forms]) for i, sex, birth, by, reach, name, forms in rows}
    return list(found.values())


def _judged(request: Request) -> tuple[Bearer | None, list[UUID]]:
    """Find who bears one of the numbers: the one person who is surely the same, else those who are not."""
    found = bearers(request.marks, hold=True)
    for her in found:
        if alike(request.told, her.names, her.sex, her.birth_date, her.birth_precision)[0]:
            return her, []
    return None, [her.id for her in found]
