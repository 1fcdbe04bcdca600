"""What somebody sees of herself on her own page: within her own reach, which holds nobody else."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from selaras.ground.act import NotThere, ask, note
from selaras.ground.keeping import read_back
from selaras.ground.models import KeptFile
from selaras.people.models import Person, Presence
from selaras.people.queries.surviving import surviving


@dataclass(frozen=True, slots=True)
class Herself:
    """Who she is, and where the register last knew her to be."""

    id: UUID
    name: str
    country: str
    capacity: str
    since: dt.date | None
    source: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One kept paper of hers."""

    id: UUID
    name: str
    media_type: str
    size: int
    kept_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper with its content."""

    person_id: UUID
    name: str
    media_type: str
    size: int
    parts: Iterator[bytes]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def see_herself(person_id: UUID) -> Herself:
    """Give her own record in short; whoever was merged into another is that other."""
    person = Person.objects.filter(id=surviving(person_id)).first()
    if person is None:
        raise NotThere("not there")
    stay = Presence.objects.filter(person_id=person.id, since__isnull=False).order_by("-since", "-id").first()
    if stay is None:
        return Herself(person.id, person.name, "", "", None, "")
    return Herself(person.id, person.name, stay.country_id, stay.capacity, stay.since, stay.source)


def papers_of_her_own(person_id: UUID) -> list[PaperLine]:
    """List the papers that are kept for her: copies are her right (UU18 article 6)."""
    rows = KeptFile.objects.filter(reach__contains=[f"person:{person_id}"]).order_by("-kept_at", "-id")
    return [PaperLine(f.id, f.name, f.media_type, f.size, f.kept_at) for f in rows]


@ask
def open_paper(person_id: UUID, file_id: UUID) -> Paper:
    """Open one of her papers; each opening is a ledger line."""
    kept = KeptFile.objects.filter(id=file_id, reach__contains=[f"person:{person_id}"]).first()
    if kept is None:
        raise NotThere("not there")
    note(file=str(file_id))
    return Paper(person_id, kept.name, kept.media_type, kept.size, read_back(kept))
