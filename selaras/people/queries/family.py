"""What is shared with family: as the worker and her offices see it, and as the relative sees it, which is never more than was given."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import NotThere, ask, handed_to, note
from selaras.ground.keeping import read_back
from selaras.people.models import FamilyAccess, Person, Presence
from selaras.people.models.family import OTHER
from selaras.people.queries.herself import PaperLine, kept_for, papers_of_her_own
from selaras.people.queries.surviving import hers, surviving


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One relative whom a worker named, as she and her offices see it."""

    id: UUID
    name: str
    relation: str
    kinds: tuple[str, ...]
    joined_at: dt.datetime | None
    withdrawn: bool
    cut: bool
    papers: tuple[str, ...] | None
    """The kinds of papers that she shares; None in a consent from before she could choose: all of them."""


@dataclass(frozen=True, slots=True)
class Family:
    """All relatives whom a worker named."""

    person_id: UUID
    name: str
    lines: tuple[FamilyLine, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class Condition:
    """How she is, without where: at home or abroad, since when the register knows it, and whether she died."""

    abroad: bool
    known: bool
    told_on: dt.date | None
    died_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Relative:
    """What one worker shares with the relative who asks; nothing is the same page, whatever the cause."""

    access_id: UUID
    name: str
    relation: str
    condition: Condition | None = None
    died: bool = False
    estate: bool = False
    contact: bool = False
    papers: tuple[PaperLine, ...] | None = None

    @property
    def nothing(self) -> bool:
        """Say whether nothing is shared at present."""
        return self.condition is None and self.papers is None and not self.estate and not self.contact


@dataclass(frozen=True, slots=True)
class Relatives:
    """All who share something with the relative who asks, or once did."""

    person_id: UUID
    lines: tuple[Relative, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """One paper of hers that she shares, with its content."""

    name: str
    media_type: str
    size: int
    parts: Iterator[bytes]


def _kinds(row: FamilyAccess) -> tuple[str, ...]:
    return tuple(kind for kind in ("condition", "property", "papers", "contact") if getattr(row, kind))


@ask
def see_family(person_id: UUID) -> Family:
    """List whom a worker within reach named, what each may know, and what was cut."""
    name = Person.objects.filter(id=person_id).values_list("name", flat=True).first()
    if name is None:
        raise NotThere("not there")
    rows = FamilyAccess.objects.filter(person_id__in=hers(person_id)).order_by("made_at", "id")
    lines = [
        FamilyLine(
            r.id, r.name, r.relation, _kinds(r), r.joined_at, r.withdrawn_at is not None, r.cut_at is not None,
            tuple(r.paper_kinds) if r.paper_kinds is not None else None if r.papers else (),
        )
        for r in rows
    ]
    return Family(person_id, name, tuple(lines))


def kinds_of_papers(person_id: UUID) -> list[str]:
    """List the kinds of the papers that are kept for her, the newest first, so that she can say which of them she shares."""
    return list(dict.fromkeys(line.kind or OTHER for line in papers_of_her_own(person_id)))


def _standing(row: FamilyAccess) -> bool:
    return row.withdrawn_at is None and row.cut_at is None


@ask
def see_relatives(person_id: UUID) -> Relatives:
    """List what is shared with the person who asks. It is a line on the record of each worker who shares something.

    The rows lie out of the relative's reach, and stay there: a named job reads them and hands out what was given, nothing else.
    """
    mine = hers(person_id)
    with handed_to("family"):
        rows = FamilyAccess.objects.filter(member_id__in=mine).order_by("made_at", "id")
        latest = {surviving(row.person_id): row for row in rows}
        lines = tuple(_relative(her, row) for her, row in latest.items())
        note(subjects=[her for her, line in zip(latest, lines, strict=True) if not line.nothing])
    return Relatives(person_id, lines)


def _relative(her: UUID, row: FamilyAccess) -> Relative:
    person = Person.objects.get(id=her)
    if not _standing(row):
        return Relative(row.id, person.name, row.relation)
    return Relative(
        row.id, person.name, row.relation,
        condition=_condition(person) if row.condition else None,
        died=person.died_on is not None and (row.condition or row.property),
        estate=row.property, contact=row.contact and person.died_on is None,  # nobody is there any more to hand a message to
        papers=tuple(_given(row)) if row.papers else None,
    )  # fmt: skip


def _given(row: FamilyAccess) -> list[PaperLine]:
    return [line for line in papers_of_her_own(row.person_id) if row.gives(line.kind)]


def _condition(person: Person) -> Condition:
    # The day and whether she is away, never the place: the law's four kinds do not need it, and it may endanger her.
    stay = Presence.objects.filter(person_id=person.id, since__isnull=False).order_by("-since", "-id").first()
    if stay is None:
        return Condition(abroad=False, known=False, told_on=None, died_on=person.died_on)
    return Condition(abroad=stay.kind != "return" and stay.until is None, known=True, told_on=stay.since, died_on=person.died_on)


@ask
def open_shared_paper(person_id: UUID, access_id: UUID, file_id: UUID) -> SharedPaper:
    """Open a copy of one paper that a worker shares with the person who asks."""
    mine = hers(person_id)
    with handed_to("family"):
        row = FamilyAccess.objects.filter(id=access_id, member_id__in=mine, papers=True).first()
        shared = row is not None and _standing(row) and any(line.id == file_id for line in _given(row))
        found = kept_for(row.person_id, file_id) if row is not None and shared else None
        if row is None or found is None:
            raise NotThere("not there")
        kept, name = found
        note(subject=row.person_id, paper=str(file_id))
        return SharedPaper(name, kept.media_type, kept.size, read_back(kept))
