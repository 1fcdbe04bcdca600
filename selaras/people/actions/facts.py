"""Verbs on papers: write one down, verify it, put a newer one in its place. Nothing that was written is changed or removed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.keeping import forget
from selaras.ground.models import KeptFile
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.law.shapes import Evidence
from selaras.people.actions.answering import Form, form
from selaras.people.actions.claiming import claim_number
from selaras.people.actions.correcting import locked
from selaras.people.actions.scans import keep_scan
from selaras.people.actions.stepping import check_reason, kinds_of
from selaras.people.actions.writing import add_marks, lock
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Fact, Journey, Person
from selaras.people.papers import IDENTIFIERS, Written, paper_faults
from selaras.people.queries.surviving import hers
from selaras.people.telling import marks_of

TAKEN = "number_taken"
FEED, MANUAL = "feed", "manual"
VERDICTS = (Fact.Verdict.VERIFIED, Fact.Verdict.REFUSED, Fact.Verdict.UNVERIFIABLE)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it comes: its parts, and the name that it bore."""

    parts: Iterable[bytes]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer about a paper: its id and verdict, whether it was there before; `fault` says why it does not count."""

    fact_id: UUID
    person_id: UUID
    verdict: str
    fault: str = ""
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def add_fact(
    *, person_id: UUID, paper: Written, journey_id: UUID | None = None, scan: Scan | None = None, once: str = ""
) -> Kept:
    """Write down a paper of a person; raise Unfit with every fault of it.

    A paper about a journey needs the journey. A number that one person alone may bear and that stands with somebody else is kept, but
    refused (`number_taken`), and put before the ministry's reviewers: the answer does not tell whose it is.
    """
    return _add(person_id, paper.tidy(), journey_id, scan, form("add_fact", person_id, paper.kind, once), None)


@act
def replace_fact(*, fact_id: UUID, paper: Written, scan: Scan | None = None, once: str = "") -> Kept:
    """Put a newer paper of the same kind in the place of one; the old one stays readable, and counts no more."""
    old = Fact.objects.filter(id=fact_id).first()
    if old is None:
        raise NotThere("not there")
    if paper.kind != old.kind:
        raise Unfit([Fault("kind", "another_kind")])
    return _add(old.person_id, paper.tidy(), old.journey_id, scan, form("replace_fact", fact_id, once), old.id)


def _add(person_id: UUID, paper: Written, journey_id: UUID | None, scan: Scan | None, sent: Form, old_id: UUID | None) -> Kept:
    lock([paper.index] if paper.index else [])
    her = locked(person_id)
    if before := sent.answered():
        return _kept(Fact.objects.get(id=before), again=True)
    row, journey = _place_of(paper.kind, her, journey_id)
    faults = paper_faults(paper, row, her, scan=scan is not None)
    if faults:
        raise Unfit(faults)
    old = None if old_id is None else _standing(old_id)
    there = _same(her.id, journey, paper, old_id)
    if there is not None and (there.fault != TAKEN or _taken(her.id, paper)):
        return _kept(there, again=True)
    old = old or there  # the reviewers have ruled meanwhile: this time it counts
    file = None
    if scan is not None:
        with handed_to("scan"):  # its own row is the nation's: who sees the paper sees the scan, wherever she goes later
            file = keep_scan(scan.parts, scan.name)
    try:
        fact = _write(her, paper, row, journey, file)
        if old is not None:
            old.superseded_by = fact
            old.save(update_fields=["superseded_by"])
        sent.keep(her.id, fact.id, "paper")
    except BaseException:
        if file is not None:
            forget(file.pk)
        raise
    return _kept(fact)


def _write(her: Person, paper: Written, row: Evidence, journey: Journey | None, file: KeptFile | None) -> Fact:
    actor = current()
    taken = _taken(her.id, paper)
    fact = Fact(
        person_id=her.id, journey=journey if row.about == "journey" else None, kind=paper.kind,
        number=paper.number or None, index=paper.index, issuer=paper.issuer, value=paper.value, file=file,
        issued_on=paper.issued_on, valid_until=paper.valid_until,
        added_by=actor.address, added_by_name=actor.name, added_office=actor.office,
        verdict=Fact.Verdict.REFUSED if taken else Fact.Verdict.STATED, fault=TAKEN if taken else "",
    )  # fmt: skip
    fact.save(force_insert=True)
    if not taken and (known := IDENTIFIERS.get(paper.kind)):
        add_marks(her.id, marks_of([(known, paper.number)]), "officer")  # by which she is found from now on
    return fact


def _taken(person_id: UUID, paper: Written) -> bool:
    """Say whether the number stands with somebody else, anywhere; if so, the reviewers are asked."""
    if not paper.claims or paper.index is None:
        return False
    officer = current().address
    with handed_to("join"):
        return claim_number(person_id=person_id, kind=paper.kind, index=paper.index, officer=officer)


def _place_of(kind: str, her: Person, journey_id: UUID | None) -> tuple[Evidence, Journey | None]:
    """Give the law's row for a paper, of the day of its journey or of today, and the journey when it is about one."""
    journey = None
    if journey_id is not None:
        journey = Journey.objects.filter(id=journey_id).first()
        if journey is None or journey.person_id not in hers(her.id):
            raise NotThere("not there")
    row = law().evidence_of(kind, journey.started_on if journey else timezone.localdate())
    if row is None:
        raise Unfit([Fault("kind", "unknown_paper")])
    if row.about == "journey":
        if journey is None:
            raise Unfit([Fault("kind", "journey_missing")])
        if journey.state != Journey.State.OPEN:
            raise Refused("journey_over", state=journey.state)
    return row, journey


def _standing(fact_id: UUID) -> Fact:
    """Give a paper that nothing has replaced yet; the caller holds the lock on its person."""
    fact: Fact = Fact.objects.get(id=fact_id)
    if fact.superseded_by_id is not None:
        newer = Fact.objects.get(id=fact.superseded_by_id)
        raise Refused("paper_replaced", who=newer.added_by_name, at=newer.added_at)
    return fact


def _same(person_id: UUID, journey: Journey | None, paper: Written, old_id: UUID | None) -> Fact | None:
    """Find the same paper, number, days and result alike, that stands already: who writes it down twice has it once."""
    if paper.index is None:
        return None
    alike = Fact.objects.filter(
        person_id=person_id, kind=paper.kind, index=paper.index, issued_on=paper.issued_on, valid_until=paper.valid_until, value=paper.value,
        superseded_by__isnull=True,
    ).exclude(id=old_id)  # fmt: skip
    found: Fact | None = alike.filter(journey__isnull=True).first() or (alike.filter(journey=journey).first() if journey else None)
    return found


def _kept(fact: Fact, *, again: bool = False) -> Kept:
    note(subject=fact.person_id, fact=str(fact.id), kind=fact.kind, verdict=fact.verdict, again=again)
    return Kept(fact.id, fact.person_id, fact.verdict, fact.fault, again)


def state_paper(
    her: Person, journey: Journey, kind: str, on: dt.date, scan: Scan | None = None, *, anew: bool = False, file: KeptFile | None = None
) -> None:
    """Write down the paper that a report to a later room is itself, such as an arrival report.

    One of the same day stays, unless `anew`; one of another day, or one that was refused, gets the new one in its place. `file` is a scan
    that was kept already. It is no verb: the room's own verb calls it and holds the lock on the person. Raises Unfit, as for any other.
    """
    row = law().evidence_of(kind, journey.started_on)
    if row is None:
        return
    standing = Fact.objects.filter(journey=journey, kind=kind, superseded_by__isnull=True).order_by("id")
    old = None if anew else standing.last()
    if old is not None and old.verdict != Fact.Verdict.REFUSED and (old.issued_on == on or not _stated(old)):
        return
    paper = Written(kind, issued_on=on)
    if faults := paper_faults(paper, row, her, scan=scan is not None or file is not None):
        raise Unfit(faults)
    made = None
    if scan is not None:
        with handed_to("scan"):  # as in _add
            file = made = keep_scan(scan.parts, scan.name)
    try:
        fact = _write(her, paper, row, journey, file)
        if old is not None:
            old.superseded_by = fact
            old.save(update_fields=["superseded_by"])
    except BaseException:
        if made is not None:
            forget(made.pk)
        raise


def refuse_paper(journey: Journey, kind: str, on: dt.date, words: str) -> None:
    """Let the paper that a report was itself count no more, because the report was taken back; it stays readable. No verb, as state_paper."""
    actor = current()
    rows = Fact.objects.filter(journey=journey, kind=kind, issued_on=on, superseded_by__isnull=True).order_by("id")
    fact = next((f for f in reversed(rows) if f.verdict != Fact.Verdict.REFUSED), None)
    if fact is not None:
        fact.verdict, fact.path, fact.words = Fact.Verdict.REFUSED, MANUAL, words
        fact.verified_at, fact.verified_by = timezone.now(), actor.address
        fact.verified_by_name, fact.verified_office = actor.name, actor.office
        fact.save(update_fields=["verdict", "path", "words", "verified_at", "verified_by", "verified_by_name", "verified_office"])


def _stated(fact: Fact) -> bool:
    """Say whether a paper is a report's own, without number or scan, and not one that an officer brought."""
    return not fact.number and fact.file_id is None


@act
def verify_fact(*, fact_id: UUID, seen: str, verdict: str, path: str = MANUAL, words: str = "") -> Kept:
    """Say that a paper is real, that it is not, or that nobody can tell; only who the law names for that kind of paper.

    `seen` is the verdict that the officer saw: when another officer said something meanwhile, it is refused with her name. On the manual
    path, and for a refusal, the words say what was looked at.
    """
    person_id = Fact.objects.filter(id=fact_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise NotThere("not there")
    Person.objects.select_for_update(of=("self",)).get(id=person_id)
    fact = _standing(fact_id)
    if verdict not in VERDICTS or path not in (FEED, MANUAL):
        raise Refused("unknown_verdict")
    day = fact.journey.started_on if fact.journey_id else timezone.localdate()
    row = law().evidence_of(fact.kind, day)
    if row is None:
        raise Refused("unknown_paper")
    if kinds_of(current()).isdisjoint(row.verifiers):
        raise Refused("not_yours_to_verify", row.basis, by=list(row.verifiers))
    if path == FEED and not row.feed:
        raise Refused("no_feed", row.basis)
    actor = current()
    if (fact.verdict, fact.verified_by) == (verdict, actor.address):
        return _kept(fact, again=True)
    if fact.verdict != seen:
        raise Refused("paper_judged", who=fact.verified_by_name or fact.added_by_name, verdict=fact.verdict)
    if fact.fault == TAKEN:
        raise Refused(TAKEN)
    if row.private:
        words = ""  # whatever was said of a health result stays with the clinic
    elif path == MANUAL or verdict == Fact.Verdict.REFUSED:
        words = check_reason(words)
    fact.verdict, fact.path, fact.words = verdict, path, words
    fact.verified_at, fact.verified_by, fact.verified_by_name, fact.verified_office = timezone.now(), actor.address, actor.name, actor.office
    fact.save(update_fields=["verdict", "path", "words", "verified_at", "verified_by", "verified_by_name", "verified_office"])
    return _kept(fact)
