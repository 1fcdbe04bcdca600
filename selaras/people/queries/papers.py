"""The papers of a person: one line each with the number masked; a number or a scan is opened with a ledger line of its own."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, ask, handed_to, note
from selaras.ground.keeping import read_back
from selaras.ground.models import KeptFile
from selaras.law.load import law
from selaras.law.shapes import Evidence
from selaras.people.actions.scans import ENDINGS
from selaras.people.models import Fact, Journey
from selaras.people.numbers import masked
from selaras.people.queries.numbers import REASONS


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper as it stands; a private one has its result and nothing else."""

    id: UUID
    kind: str
    rule: Evidence | None
    of_journey: bool
    masked: str
    issuer: str
    issued_on: dt.date | None
    valid_until: dt.date | None
    value: str
    scan: bool
    verdict: str
    fault: str
    path: str
    words: str
    added_by: str
    added_office: str
    added_at: dt.datetime
    verified_by: str
    verified_office: str
    verified_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OpenPaperNumber:
    """The number of a paper in full."""

    person_id: UUID
    fact_id: UUID
    kind: str
    value: str

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class OpenScan:
    """A scan: its parts, read from disk as they are asked for, and a name that tells nothing of whose it is."""

    person_id: UUID
    name: str
    media_type: str
    size: int
    parts: Iterator[bytes]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


def lines_of(papers: Iterable[Fact], day: dt.date) -> tuple[PaperLine, ...]:
    """Give the line of each paper by the law of a day."""
    return tuple(_line(fact, law().evidence_of(fact.kind, day)) for fact in papers)


def _line(f: Fact, rule: Evidence | None) -> PaperLine:
    private = rule is not None and rule.private
    return PaperLine(
        id=f.id, kind=f.kind, rule=rule, of_journey=f.journey_id is not None, masked=masked(f.number) if f.number and not private else "",
        issuer="" if private else f.issuer, issued_on=f.issued_on, valid_until=f.valid_until, value=f.value, scan=f.file_id is not None,
        verdict=f.verdict, fault=f.fault, path=f.path, words=f.words, added_by=f.added_by_name, added_office=f.added_office,
        added_at=f.added_at, verified_by=f.verified_by_name, verified_office=f.verified_office, verified_at=f.verified_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnePaper:
    """One paper that stands, with its journey's first day, by whose law it is read."""

    person_id: UUID
    journey_id: UUID | None
    line: PaperLine


def paper_of(fact_id: UUID) -> OnePaper:
    """Give one paper within reach, for the form about it; a paper that was replaced is not there any more."""
    fact = Fact.objects.filter(id=fact_id, superseded_by__isnull=True).first()
    if fact is None:
        raise NotThere("not there")
    started = Journey.objects.filter(id=fact.journey_id).values_list("started_on", flat=True).first() if fact.journey_id else None
    rule = law().evidence_of(fact.kind, started or timezone.localdate())
    return OnePaper(fact.person_id, fact.journey_id, _line(fact, rule))


@ask
def reveal_paper_number(fact_id: UUID, reason: str) -> OpenPaperNumber:
    """Open the number of a paper of a person within reach, for a stated reason."""
    if reason not in REASONS:
        raise Refused("reason_missing")
    fact = Fact.objects.filter(id=fact_id).first()
    if fact is None or not fact.number:
        raise NotThere("not there")
    note(kind=fact.kind, reason=reason)
    return OpenPaperNumber(fact.person_id, fact.id, fact.kind, fact.number)


@ask
def open_scan(fact_id: UUID) -> OpenScan:
    """Open the scan of a paper of a person within reach."""
    fact = Fact.objects.filter(id=fact_id).first()
    if fact is None or fact.file_id is None:
        raise NotThere("not there")
    note(kind=fact.kind, fact=str(fact.id))
    with handed_to("scan"):  # the file's own row is the nation's: whoever sees the paper sees its scan
        kept = KeptFile.objects.get(pk=fact.file_id)
    ending = ENDINGS.get(kept.media_type, "bin")
    return OpenScan(fact.person_id, f"{fact.kind}.{ending}", kept.media_type, kept.size, read_back(kept))
