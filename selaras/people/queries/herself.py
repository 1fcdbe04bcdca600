"""What somebody sees of herself on her own page: within her own reach, which holds nobody else."""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from selaras.ground.act import NotThere, ask, job, note
from selaras.ground.keeping import read_back
from selaras.ground.models import KeptFile
from selaras.ground.scope import Actor, acting
from selaras.people.actions.scans import ENDINGS
from selaras.people.models import Fact, Person, Presence
from selaras.people.queries.surviving import all_of, surviving


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
    """One kept paper of hers: a scan of a paper that the law names (`kind`), or a file that was kept for her."""

    id: UUID
    kind: str
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
    if stay is None or stay.kind == Presence.Kind.RETURN or stay.until is not None:
        return Herself(person.id, person.name, "", "", None, "")
    return Herself(person.id, person.name, stay.country_id, stay.capacity, stay.since, stay.source)


def papers_of_her_own(person_id: UUID) -> list[PaperLine]:
    """List the papers that are kept for her, the newest first: copies are her right (UU18 article 6)."""
    scans = {f.file_id: f for f in _scanned(person_id)}
    with handed_to_scans():
        rows = list(KeptFile.objects.filter(Q(id__in=scans) | Q(reach__contains=[f"person:{person_id}"])).order_by("-kept_at", "-id"))
    return [
        PaperLine(scans[f.id].id, scans[f.id].kind, "", f.media_type, f.size, f.kept_at)
        if f.id in scans
        else PaperLine(f.id, "", f.name, f.media_type, f.size, f.kept_at)
        for f in rows
    ]


def _scanned(person_id: UUID) -> list[Fact]:
    rows = Fact.objects.filter(person_id__in=all_of(person_id), file__isnull=False, superseded_by__isnull=True)
    # A refused one may be another person's paper: its number stands with somebody else, or an officer found that it is not hers.
    return list(rows.exclude(verdict=Fact.Verdict.REFUSED))


def kept_for(person_id: UUID, paper_id: UUID) -> tuple[KeptFile, str] | None:
    """Find one of her papers by the id that its line has; give it with its name, none when it is not hers."""
    fact = next((f for f in _scanned(person_id) if f.id == paper_id), None)
    with handed_to_scans():
        rows = KeptFile.objects.filter(id=fact.file_id if fact else paper_id)
        kept = rows.first() if fact else rows.filter(reach__contains=[f"person:{person_id}"]).first()
    if kept is None:
        return None
    return kept, f"{fact.kind}.{ENDINGS.get(kept.media_type, 'bin')}" if fact else kept.name


def handed_to_scans() -> AbstractContextManager[Actor]:
    """Read files as a job: the row of a scan is the nation's, and is seen by way of the paper that names it."""
    return acting(job("scan"), savepoint=False)


@ask
def open_paper(person_id: UUID, file_id: UUID) -> Paper:
    """Open one of her papers; each opening is a ledger line."""
    found = kept_for(person_id, file_id)
    if found is None:
        raise NotThere("not there")
    kept, name = found
    note(paper=str(file_id))
    return Paper(person_id, name, kept.media_type, kept.size, read_back(kept))
