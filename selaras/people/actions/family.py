"""Family access by consent (UU18 article 6, paragraph 3): she names a relative and gives each kind of information one by one.

The relative joins before an officer, with the word that she was given and with her own paper. It ends at once when the worker withdraws
it, and when an officer finds that it endangers her: to the relative both look the same.
"""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.engines.linkage.names import name_similarity
from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.keyring import ring
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.people.actions.cards import LETTERS
from selaras.people.actions.correcting import locked
from selaras.people.actions.signing_in import tidy
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Account, FamilyAccess, NameForm, Person
from selaras.people.models.family import OTHER
from selaras.people.queries.surviving import hers
from selaras.people.telling import ALIKE, Told, person_faults

RIGHTS = {
    "condition": "family_information", "property": "family_property", "papers": "family_copies", "contact": "family_communication",
}  # fmt: skip
"""The four kinds of information that the statute gives to a family, by their names in law/rights.toml."""
KINDS = tuple(RIGHTS)
RELATIONS = ("spouse", "parent", "child", "guardian")
"""Who is family by law (UU18 article 1): spouse, child and parent; a guardian by decision of a court."""
DAYS = 30
"""How long the word joins somebody."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The answer to a step of sharing: whose row it is, and the word when a relative was just named."""

    person_id: UUID
    access_id: UUID
    word: str = ""

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def word_index(word: str) -> UUID:
    """Give the keyed index of the word by which a relative is joined."""
    return ring().index_of("family", tidy(word))


def _own_person() -> Person:
    account = Account.objects.filter(id=current().id, ended_at__isnull=True).first()
    if account is None:
        raise NotThere("not there")
    # Locked: the button pressed twice waits here, and then finds what the first press wrote.
    return Person.objects.select_for_update(of=("self",)).get(id=account.person_id)


def _row(access_id: UUID) -> FamilyAccess:
    row: FamilyAccess | None = FamilyAccess.objects.select_for_update(of=("self",)).filter(id=access_id).first()
    if row is None:
        raise NotThere("not there")
    return row


def _known(kinds: Collection[str]) -> list[str]:
    return [kind for kind in KINDS if kind in kinds]


@act
def name_family(*, name: str, relation: str, kinds: Collection[str], papers: Collection[str] = ()) -> Shared:
    """Name a relative and what she may know, of papers by kind; give the word that joins her at a desk. Named again, it is a new word."""
    told = Told(name).tidy()
    faults = [f for f in person_faults(told) if f.field == "name"]
    if relation not in RELATIONS:
        faults.append(Fault("relation", "unknown_relation"))
    if faults:
        raise Unfit(faults)
    person = _own_person()
    word = "".join(secrets.choice(LETTERS) for _ in range(8))
    until = timezone.now() + dt.timedelta(days=DAYS)
    waiting = FamilyAccess.objects.filter(person=person, member__isnull=True, withdrawn_at__isnull=True, relation=relation)
    row = next((r for r in waiting if r.name == told.name), None)
    if row is None:
        row = FamilyAccess(person=person, name=told.name, relation=relation)
    row.index, row.until = word_index(word), until
    _give(row, kinds, papers)
    row.save()
    return Shared(person.id, row.id, f"{word[:4]}-{word[4:]}")


def _give(row: FamilyAccess, kinds: Collection[str], papers: Collection[str]) -> None:
    """Write down what is given from now on, and nothing else: of papers the kinds that she named."""
    given = _known({*kinds, *(("papers",) if papers else ())})
    for kind in KINDS:
        setattr(row, kind, kind in given)
    today = timezone.localdate()
    row.paper_kinds = sorted({kind for kind in papers if kind == OTHER or law().evidence_of(kind, today) is not None})
    note(kinds=given, papers=row.paper_kinds)


@act
def share_family(*, access_id: UUID, kinds: Collection[str], papers: Collection[str] = ()) -> Shared:
    """Say anew which of the four kinds a relative may know, and which papers; what is not named any more ends at once."""
    row = _row(access_id)
    if row.withdrawn_at is not None:
        raise Refused("family_withdrawn")
    _give(row, kinds, papers)
    row.save(update_fields=[*KINDS, "paper_kinds"])
    return Shared(row.person_id, row.id)


@act
def withdraw_family(*, access_id: UUID) -> Shared:
    """Withdraw everything from a relative, at once; doing it twice is doing it once."""
    row = _row(access_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
    return Shared(row.person_id, row.id)


@act
def join_family(*, person_id: UUID, word: str) -> Shared:
    """Join a relative, who stands before the officer with her paper, to what a worker shares with her, by the word that she was given.

    The worker's record may lie out of the officer's reach: a named job finds it and tells him nothing of it.
    """
    member, officer = locked(person_id), current().address
    names = [member.name, *NameForm.objects.filter(person_id=member.id).values_list("text", flat=True)]
    with handed_to("family"):
        row = FamilyAccess.objects.select_for_update(of=("self",)).filter(index=word_index(word), withdrawn_at__isnull=True).first()
        if row is None or (row.member_id is None and row.until < timezone.now()):
            raise Refused("family_word_unknown")
        if row.member_id == member.id:
            return Shared(member.id, row.id)
        # One answer for a word that was used, another's name, herself, and a tie that an officer has cut before.
        before = FamilyAccess.objects.filter(person_id__in=hers(row.person_id), member_id__in=hers(member.id))
        alike = any(name_similarity(row.name, name) >= ALIKE for name in names)
        if row.member_id is not None or row.person_id == member.id or not alike or before.filter(cut_at__isnull=False).exists():
            raise Refused("family_word_unknown")
        before.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
        row.member_id, row.joined_at, row.joined_by = member.id, timezone.now(), officer
        row.save(update_fields=["member", "joined_at", "joined_by"])
        note(subjects=[row.person_id])
    return Shared(member.id, row.id)


@act
def cut_family(*, access_id: UUID) -> Shared:
    """Cut what a relative sees, at once, because it endangers her (PDP article 33). The relative is told nothing of it."""
    row = _row(access_id)
    if row.cut_at is None:
        row.cut_at, row.cut_by = timezone.now(), current().address
        row.save(update_fields=["cut_at", "cut_by"])
    return Shared(row.person_id, row.id)


@act
def restore_family(*, access_id: UUID) -> Shared:
    """Let a relative see again what the worker shares, when an officer other than the one who cut it finds that the danger is over."""
    row = _row(access_id)
    if row.cut_at is None:
        raise Refused("family_not_cut")
    if row.cut_by == current().address:
        raise Refused("not_the_same_officer")
    row.cut_at, row.cut_by = None, ""
    row.save(update_fields=["cut_at", "cut_by"])
    return Shared(row.person_id, row.id)
