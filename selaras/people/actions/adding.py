"""Adds to a record: a number, a name form, a presence, kin. What was there stays."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from selaras.ground.act import NotThere, act, handed_to, note
from selaras.ground.scope import current
from selaras.people.actions.correcting import locked
from selaras.people.actions.indexing import rekey
from selaras.people.actions.joining import note_conflict
from selaras.people.actions.writing import STATED, add_grants, add_stay, event, lock, widen
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Identifier, Kin, NameForm, Person, Presence
from selaras.people.numbers import sound
from selaras.people.sight import abroad_grant
from selaras.people.telling import Stay, Told, marks_faults, marks_of, person_faults, stay_faults

TOLD_HERE = ("officer", "worker")
"""Sources of a stay that are no register: an officer, or the worker herself."""
NAME_KINDS = ("passport", "former", "written")
RELATIONS = ("spouse", "parent", "child", "guardian", "sibling")


@dataclass(frozen=True, slots=True)
class Added:
    """The answer to an addition: the row's id, and whether it stood there before."""

    person_id: UUID
    id: UUID
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def add_identifier(
    *, person_id: UUID, kind: str, value: str, since: dt.date | None = None, source: str = "officer", country: str = ""
) -> Added:
    """Add a number to a person. The same number with somebody else, in or out of reach, is noted for the reviewers, silently."""
    marks = marks_of([(kind, value)], country)
    if not marks:
        raise Unfit([Fault(kind, f"{kind}_form")])
    lock([m.index for m in marks if m.identifies])
    person = locked(person_id)
    told = Told(person.name, person.sex, person.birth_date, person.birth_precision)
    faults = marks_faults(marks, told)
    if faults:
        raise Unfit(faults)
    (mark,) = marks
    there = Identifier.objects.filter(person_id=person.id, kind=mark.kind, index=mark.index).first()
    if there is not None:
        if there.until is not None or there.doubt:
            there.until, there.doubt = None, ""  # an officer has seen the paper
            there.save(update_fields=["until", "doubt"])
        return Added(person.id, there.id, True)
    row = Identifier.objects.create(
        person_id=person.id, kind=mark.kind, value=mark.value, index=mark.index, since=since, source=source,
        confidence=STATED, sound=sound(mark.kind, mark.value),
    )  # fmt: skip
    with handed_to("join"):
        note_conflict(person.id, marks, current().address)
    _added(person.id, "number", row.id)
    note(kind=kind)
    return Added(person.id, row.id)


@act
def add_name(*, person_id: UUID, text: str, kind: str = "written", source: str = "officer") -> Added:
    """Add a form of a person's name, by which she is found from then on."""
    told = Told(text).tidy()
    faults = [Fault("text", f.code, f.params) for f in person_faults(told) if f.field == "name"]
    if kind not in NAME_KINDS:
        faults.append(Fault("kind", "unknown_name_kind"))
    if faults:
        raise Unfit(faults)
    person = locked(person_id)
    row, made = NameForm.objects.get_or_create(
        person_id=person.id, text=told.name, source=source, defaults={"kind": kind}
    )
    if made:
        rekey([person.id])
        _added(person.id, "name", row.id)
    return Added(person.id, row.id, not made)


@act
def add_presence(*, person_id: UUID, stay: Stay, source: str = "officer") -> Added:
    """Add where a person is or was. Its mission sees her from then on; the mission that had her goes on seeing her.

    A return ends every stay that Selaras itself was told of and that began before it; what a register says stays as the register says it.
    """
    faults = stay_faults(stay)
    if faults:
        raise Unfit(faults)
    person = locked(person_id)
    if stay.kind == Presence.Kind.RETURN and stay.since is not None:
        told = Presence.objects.filter(person_id=person.id, source__in=TOLD_HERE, until__isnull=True)
        told.filter(Q(since__isnull=True) | Q(since__lte=stay.since)).update(until=stay.since)
    row = add_stay(person.id, stay, source)
    reasons = {abroad_grant(stay.country, stay.district): "presence"}
    add_grants(person.id, reasons)
    widen(person, reasons)
    person.save(update_fields=["reach", "changed_at"])
    rekey([person.id])  # the mission looks for her among its own
    _added(person.id, "presence", row.id)
    return Added(person.id, row.id)


def unsay_presence(person_id: UUID, kind: str, since: dt.date) -> None:
    """Take a stay back that Selaras itself was told of, because the report of it was corrected; what a return had ended goes on.

    Who saw her by it sees her still, and her history keeps what was said. It is no verb: the room's own verb calls it, behind the lock.
    """
    told = Presence.objects.filter(person_id=person_id, source__in=TOLD_HERE)
    row = told.filter(kind=kind, since=since).order_by("id").last()
    if row is None:
        return
    before = {"country": row.country_id, "district": row.district, "kind": kind, "since": since, "until": row.until, "source": row.source}
    row.delete()
    if kind == Presence.Kind.RETURN:
        told.filter(until=since).exclude(kind=kind).update(until=None)
    rekey([person_id])
    event(person_id, "unsaid", current().address, reason="presence", before=before).save(force_insert=True)


@act
def add_kin(
    *, person_id: UUID, relation: str, other_id: UUID | None = None, other_name: str = "", source: str = "officer"
) -> Added:
    """Add a tie to another person of the register, who must be within reach, or to somebody who is not in it."""
    other_name = " ".join(other_name.split())
    faults = [] if relation in RELATIONS else [Fault("relation", "unknown_relation")]
    if other_id is None and not other_name:
        faults.append(Fault("other_name", "name_missing"))
    if len(other_name) > 160:
        faults.append(Fault("other_name", "too_long", {"most": 160}))
    if other_id == person_id:
        faults.append(Fault("other", "kin_of_herself"))
    if faults:
        raise Unfit(faults)
    person = locked(person_id)
    if other_id is not None and not Person.objects.filter(id=other_id, merged_into__isnull=True).exists():
        raise NotThere("not there")
    row, made = Kin.objects.get_or_create(
        person_id=person.id, other_id=other_id, other_name="" if other_id else other_name, relation=relation, until=None,
        defaults={"source": source},
    )  # fmt: skip
    if made:
        _added(person.id, "kin", row.id)
    return Added(person.id, row.id, not made)


def _added(person_id: UUID, what: str, row_id: UUID) -> None:
    event(person_id, "added", current().address, reason=what, after={what: str(row_id)}).save(force_insert=True)
