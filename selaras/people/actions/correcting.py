"""Corrects what stands of a person; every value before and after rests sealed in her history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.people.actions.indexing import rekey
from selaras.people.actions.life import end_journeys, resume_journeys
from selaras.people.actions.writing import add_grants, add_name_form, event, widen
from selaras.people.faults import Fault, Overtaken, Unfit
from selaras.people.models import NameForm, Person
from selaras.people.sight import home_grant
from selaras.people.telling import Told, person_faults

TOLD = ("name", "sex", "birth_date", "birth_precision", "birth_place", "mother", "home_area", "home_text")
CORRECTABLE = (*TOLD, "died_on")


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answer to a correction: which fields changed, and the version that now stands."""

    person_id: UUID
    version: int
    changed: tuple[str, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def standing(person: Person) -> dict[str, Any]:
    """Give the correctable fields as they stand."""
    return {
        f: getattr(person, "home_area_id" if f == "home_area" else f)
        or (None if f in ("birth_date", "died_on") else "")
        for f in CORRECTABLE
    }


def locked(person_id: UUID, version: int | None = None) -> Person:
    """Give a living record within reach, locked until this transaction ends; refuse when it is no longer the one that was read."""
    person = Person.objects.select_for_update(of=("self",)).filter(id=person_id).first()
    if person is None:
        raise NotThere("not there")
    if person.merged_into_id is not None:
        raise Refused("merged_away", into=str(person.merged_into_id))
    if version is not None and person.version != version:
        raise Overtaken(person.version, standing(person))
    return person


@act
def correct(*, person_id: UUID, version: int, changes: Mapping[str, Any], reason: str) -> Corrected:
    """Correct some fields of a person who stands at this version; the names of the fields are those of `register`, and `died_on`.

    When somebody else changed her meanwhile, raise Overtaken with what stands now: nothing of either is lost.
    Her former name stays a form of her name, her former home keeps seeing her. With the day of her death her journeys end, and they go on
    when that day is taken away again.
    """
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"not correctable: {', '.join(sorted(unknown))}")
    person = locked(person_id, version)
    before = standing(person)
    told = Told(**{f: changes.get(f, before[f]) for f in TOLD}).tidy()
    after = {f: getattr(told, f) for f in TOLD} | {"died_on": changes.get("died_on", before["died_on"])}
    faults = [f for f in person_faults(told) if f.field in changes]
    if after["died_on"] and after["birth_date"] and after["died_on"] < after["birth_date"]:
        faults.append(Fault("died_on", "died_before_birth"))
    if faults:
        raise Unfit(faults)
    changed = tuple(f for f in CORRECTABLE if after[f] != before[f])
    note(subject=person.id, fields=list(changed))
    if not changed:
        return Corrected(person.id, person.version, ())
    for field in changed:
        setattr(
            person,
            "home_area_id" if field == "home_area" else field,
            after[field] if after[field] or field not in ("mother", "home_area") else None,
        )
    person.version += 1
    if "home_area" in changed:
        reasons = dict.fromkeys(home_grant(told.home_area), "home")
        add_grants(person.id, reasons)
        widen(person, reasons)
    person.save()
    if "name" in changed:
        NameForm.objects.filter(person_id=person.id, text=before["name"], kind="main").update(kind="former")
        add_name_form(person.id, before["name"], "former", "officer")
        add_name_form(person.id, told.name, "main", "officer")
    if {"name", "birth_date", "home_area"} & set(changed):
        rekey([person.id])
    event(
        person.id, "corrected", current().address, reason=reason[:200],
        before={f: before[f] for f in changed}, after={f: after[f] for f in changed},
    ).save(force_insert=True)  # fmt: skip
    if after["died_on"] and not before["died_on"]:
        end_journeys(person.id, after["died_on"])
    if before["died_on"] and not after["died_on"]:
        resume_journeys(person.id)
    return Corrected(person.id, person.version, changed)
