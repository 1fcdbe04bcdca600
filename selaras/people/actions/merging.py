"""Merges two records of one person, and takes a merge back exactly.

What moves: numbers, name forms, presences, kin ties, and the search keys, which are made anew. A row that the survivor has too (the same
number, the same name form of the same source) stays where it is. Grants are copied: whoever saw one of the two sees the survivor,
and the merged record stays visible to those who saw it, with all that other rooms have hung on it; they follow it by
`queries.surviving`.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import ScopedModel, current
from selaras.people.actions.correcting import locked
from selaras.people.actions.indexing import derive_reach, rekey
from selaras.people.actions.writing import add_grants, event
from selaras.people.models import Dispute, Event, Grant, Identifier, Kin, NameForm, Person, Presence, Ruling
from selaras.people.sight import abroad_grant, home_grant


@dataclass(frozen=True, slots=True)
class Merged:
    """The answer to a merge or its undoing: both persons and the event that tells it."""

    keep: UUID
    lose: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.keep


@act
def merge(
    *, keep: UUID, lose: UUID, reason: str, keep_version: int | None = None, lose_version: int | None = None
) -> Merged:
    """Merge one record into another that is the same person; give the event by which it can be taken back."""
    if keep == lose:
        raise Refused("same_record")
    # locked in one order, so that two merges the other way round never wait for each other
    versions = {keep: keep_version, lose: lose_version}
    both = {i: locked(i, versions[i]) for i in sorted((keep, lose))}
    survivor, gone = both[keep], both[lose]
    moved = {
        "identifiers": _move(Identifier, gone.id, survivor.id, ("kind", "index")),
        "names": _move(NameForm, gone.id, survivor.id, ("text", "source")),
        "presences": _move(Presence, gone.id, survivor.id, ("id",)),
    }
    # A tie between the two would make her kin of herself: it stays.
    moved["kin"] = _shift(Kin.objects.filter(person_id=gone.id).exclude(other_id=survivor.id), "person_id", survivor.id)
    moved["kin_of"] = _shift(
        Kin.objects.filter(other_id=gone.id).exclude(person_id=survivor.id), "other_id", survivor.id
    )
    open_codes = set(Grant.objects.filter(person_id=survivor.id, until__isnull=True).values_list("code", flat=True))
    copied = {
        g.code: g.reason
        for g in Grant.objects.filter(person_id=gone.id, until__isnull=True)
        if g.code not in open_codes
    }
    add_grants(survivor.id, copied)
    gone.merged_into_id = survivor.id
    gone.version += 1
    gone.save(update_fields=["merged_into", "version", "changed_at"])
    _settle(survivor)
    rekey([survivor.id, gone.id])
    told = event(
        survivor.id,
        "merged",
        current().address,
        reason=reason[:200],
        after={"lose": str(gone.id), "moved": moved, "grants": sorted(copied)},
    )
    told.save(force_insert=True)
    note(subject=survivor.id, subjects=[gone.id], event=str(told.id))
    return Merged(survivor.id, gone.id, told.id)


@act
def unmerge(*, event_id: UUID, reason: str) -> Merged:
    """Take a merge back: each row that moved goes home, each grant that was copied is gone; what came later stays with the survivor."""
    told = Event.objects.select_for_update(of=("self",)).filter(id=event_id, kind="merged").first()
    if told is None:
        raise NotThere("not there")
    if told.undone_by_id is not None:
        raise Refused("undone_already")
    what: dict[str, Any] = json.loads(told.after or "{}")
    lose = UUID(what["lose"])
    # in one order with whoever merges or writes many, so that two never wait for each other
    both = Person.objects.select_for_update(of=("self",)).filter(id__in=(told.person_id, lose)).order_by("id")
    gone = {person.id: person for person in both}[lose]
    survivor = locked(told.person_id)
    for key, model, field in (
        ("identifiers", Identifier, "person_id"), ("names", NameForm, "person_id"), ("presences", Presence, "person_id"),
        ("kin", Kin, "person_id"), ("kin_of", Kin, "other_id"),
    ):  # fmt: skip
        model.objects.filter(id__in=what["moved"][key], **{field: survivor.id}).update(**{field: gone.id})
    copied = Grant.objects.filter(person_id=survivor.id, code__in=what["grants"], until__isnull=True)
    copied.exclude(code__in=_her_own(survivor, gone, told)).delete()
    gone.merged_into_id = None
    gone.version += 1
    gone.save(update_fields=["merged_into", "version", "changed_at"])
    _settle(survivor)
    rekey([survivor.id, gone.id])
    undone = event(survivor.id, "unmerged", current().address, reason=reason[:200], after={"lose": str(gone.id)})
    undone.save(force_insert=True)
    event(gone.id, "unmerged", current().address, reason=reason[:200], after={"keep": str(survivor.id)}).save(
        force_insert=True
    )
    told.undone_by = undone
    told.save(update_fields=["undone_by"])
    _ask_again(told)
    note(subject=survivor.id, subjects=[gone.id], event=str(undone.id))
    return Merged(survivor.id, gone.id, undone.id)


def _ask_again(merged: Event) -> None:
    """Open the question anew that was settled by this merge; what officers had said of it no longer stands."""
    settled = Dispute.objects.filter(merge_event=merged)
    Ruling.objects.filter(dispute__in=settled, undone_at__isnull=True).update(undone_at=timezone.now())
    settled.update(state=Dispute.State.OPEN, verdict="", merge_event=None)


def _her_own(survivor: Person, gone: Person, merged: Event) -> set[str]:
    """The codes that the survivor needs herself by now: a grant that a merge had copied was there already when they came."""
    codes = set(home_grant(survivor.home_area_id))
    stays = Presence.objects.filter(person_id=survivor.id).values_list("country_id", "district")
    codes |= {abroad_grant(country, district) for country, district in stays}
    others = Grant.objects.filter(person__merged_into_id=survivor.id, until__isnull=True).exclude(person_id=gone.id)
    codes |= set(others.values_list("code", flat=True))
    # The office that registered her anew keeps seeing her; which of the codes are its own, nobody wrote down.
    if Event.objects.filter(person_id=survivor.id, kind="joined", at__gt=merged.at).exists():
        codes |= set(Grant.objects.filter(person_id=survivor.id).values_list("code", flat=True))
    return codes


def _settle(survivor: Person) -> None:
    survivor.version += 1
    survivor.reach = derive_reach(survivor)
    survivor.save(update_fields=["version", "reach", "changed_at"])


def _move(model: type[ScopedModel], gone: UUID, survivor: UUID, same: tuple[str, ...]) -> list[str]:
    """Move the rows that the survivor does not have too; give their ids."""
    there = set(model.objects.filter(person_id=survivor).values_list(*same))
    rows = [row[0] for row in model.objects.filter(person_id=gone).values_list("id", *same) if row[1:] not in there]
    return _shift(model.objects.filter(id__in=rows), "person_id", survivor)


def _shift(rows: Any, field: str, to: UUID) -> list[str]:
    ids = list(rows.filter(~Q(**{field: to})).values_list("id", flat=True))
    if ids:
        rows.model.objects.filter(id__in=ids).update(**{field: to})
    return sorted(str(i) for i in ids)
