"""Verbs on documents: write one down with its terms checked, extend a contract before the mission's officer, report a difference."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.engines.contracts import Difference, TermFault, Terms, check_terms, check_wage, differences
from selaras.engines.reason import Reason
from selaras.engines.reason import Unfit as NoNumber
from selaras.ground.act import Refused, act, handed_to, note
from selaras.ground.keeping import forget
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.law.shapes import Term
from selaras.market.jobs import jobs
from selaras.people.actions.answering import form
from selaras.people.actions.facts import Scan
from selaras.people.actions.scans import keep_scan
from selaras.people.actions.stepping import Held, hold
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Journey
from selaras.people.places import country_known
from selaras.place.models import Document, Finding
from selaras.place.rates import bounds
from selaras.place.reporting import extend_step

KINDS = tuple(Document.Kind.values)
AGENCY = frozenset({"agency_officer", "office_head"})
BY_OTHERS = (Document.Kind.ARRIVAL, Document.Kind.PAYSLIP)
LEFT = "depart"
CHANGE, MISSION, OTHER_JOB = "UU18:18", "UU18:17", "UU18:71"


@dataclass(frozen=True, slots=True)
class Stated:
    """What one document states; None is not stated."""

    signed_on: dt.date | None = None
    until: dt.date | None = None
    country: str = ""
    job: str = ""
    wage: Decimal | None = None
    currency: str = ""
    per: str = "month"
    hours: Decimal | None = None
    employer: str = ""
    place: str = ""
    deductions: Mapping[str, Decimal] | None = None
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer about a document: its id and version, what stood out without stopping it, and whether it was there before."""

    document_id: UUID
    journey_id: UUID
    person_id: UUID
    version: int
    doubts: tuple[dict[str, Any], ...] = ()
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def write_document(
    *, journey_id: UUID, kind: str, stated: Stated, consented: bool = False, scan: Scan | None = None, once: str = ""
) -> Kept:
    """Write a document down; a contract only with every term that the law asks for. Raises Unfit with every fault at once.

    A contract that changes another needs the consent of both; once she has left, it is signed before the mission's officer (extend_contract).
    """
    if kind not in KINDS:
        raise Refused("unknown_document")
    if kind in BY_OTHERS and current().roles and current().roles <= AGENCY:
        raise Refused("not_the_agencys_word", CHANGE)  # what is laid beside its own papers to see whether they were kept
    sent = form("write_document", journey_id, kind, once)
    held = _open(journey_id)
    if before := sent.answered():
        return _kept(Document.objects.get(id=before), again=True)
    earlier = Document.objects.filter(journey_id=journey_id, kind=kind, current=True).first()
    if kind == Document.Kind.CONTRACT and earlier is not None:
        if LEFT in held.passed:
            raise Refused("before_mission", MISSION)
        if not consented:
            raise Refused("no_consent", CHANGE)
    row = _write(held, kind, stated, earlier, scan, extends=False)
    sent.keep(held.person.id, row.id, "kept")
    return _kept(row)


@act
def extend_contract(*, journey_id: UUID, stated: Stated, consented: bool, scan: Scan | None = None, once: str = "") -> Kept:
    """Extend or change a contract while she works, before the officer of the mission; both have consented.

    With its scan the step of the journey is done. Raises Unfit, also when it was signed before the contract that it extends.
    """
    sent = form("extend_contract", journey_id, once)
    held = _open(journey_id)
    if before := sent.answered():
        return _kept(Document.objects.get(id=before), again=True)
    earlier = Document.objects.filter(journey_id=journey_id, kind=Document.Kind.CONTRACT, current=True).first()
    if earlier is None:
        raise Refused("nothing_to_extend", MISSION)
    if not consented:
        raise Refused("no_consent", CHANGE)
    if stated.signed_on and earlier.signed_on and stated.signed_on < earlier.signed_on:
        raise Unfit([Fault("signed_on", "signed_before_the_other", {"on": earlier.signed_on})])
    row = _write(held, Document.Kind.CONTRACT, stated, earlier, scan, extends=True)
    extend_step(held, row.file, stated.signed_on or timezone.localdate())
    sent.keep(held.person.id, row.id, "extended")
    return _kept(row)


def _open(journey_id: UUID) -> Held:
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    if held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)
    return held


def _write(held: Held, kind: str, stated: Stated, earlier: Document | None, scan: Scan | None, *, extends: bool) -> Document:
    doubts = _checked(held.journey, kind, stated)
    actor = current()
    file = None
    if scan is not None:
        with handed_to("scan"):  # its own row is the nation's: who sees the document sees the scan
            file = keep_scan(scan.parts, scan.name)
    try:
        if earlier is not None:
            earlier.current = False
            earlier.save(update_fields=["current"])
        row = Document(
            journey=held.journey, person=held.person, kind=kind, version=(earlier.version if earlier else 0) + 1, signed_on=stated.signed_on,
            until=stated.until, country_id=stated.country or None, job=stated.job, wage=stated.wage, currency=stated.currency, per=stated.per,
            hours=stated.hours, employer=stated.employer, place=stated.place,
            deductions=None if stated.deductions is None else {item: str(amount) for item, amount in stated.deductions.items()},
            terms=dict(stated.terms), doubts=doubts, file=file, extends=extends, by=actor.address, by_name=actor.name, office=actor.office,
            at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
    except BaseException:
        if file is not None:
            forget(file.pk)
        raise
    note(kind=kind, version=row.version, extends=extends)
    return row


def _checked(journey: Journey, kind: str, stated: Stated) -> list[dict[str, Any]]:
    """Refuse what no such document can say; give what stood out besides."""
    faults: list[Fault] = []
    if stated.job and stated.job not in jobs():
        faults.append(Fault("job", "unknown_job"))
    if stated.country and not country_known(stated.country):
        faults.append(Fault("country", "unknown_country"))
    if stated.signed_on is not None and stated.signed_on > timezone.localdate():
        faults.append(Fault("signed_on", "day_to_come"))
    if stated.signed_on and stated.until and stated.until < stated.signed_on:
        faults.append(Fault("until", "ends_before_it_begins"))
    try:
        terms = terms_of(stated)
    except NoNumber as wrong:
        raise Unfit([*faults, Fault("terms", wrong.reason.code, dict(wrong.reason.params))]) from None
    found = _terms_checked(journey, stated) if kind == Document.Kind.CONTRACT else []
    country = stated.country or journey.country_id or ""
    paid = stated.wage is not None or kind == Document.Kind.CONTRACT
    if paid and not country:  # no wage is kept unlooked at: which currency is paid, and what can be a wage, the country tells
        faults.append(Fault("country", "country_missing"))
    if paid and country_known(country):
        found += [f for f in check_wage(terms, country, timezone.localdate(), bounds()) if f.term not in {one.term for one in found}]
    faults += [Fault(f.term, f.reason.code, dict(f.reason.params)) for f in found if f.stops]
    if faults:
        raise Unfit(faults)
    return [{"term": f.term, "code": f.reason.code, "params": {k: str(v) for k, v in f.reason.params.items()}} for f in found]


def _terms_checked(journey: Journey, stated: Stated) -> list[TermFault]:
    """Check a contract against the terms that the law of the journey's first day asks for (article 15, and PP 22 at sea)."""
    rules = law().terms_of(journey.scheme, journey.started_on)
    said = {**stated.terms, **_said(stated)}
    required = [rule.id for rule in rules if not rule.optional]
    addresses = [rule.id for rule in rules if rule.kind == "address"]
    return [*check_terms(required, said, addresses=addresses), *(fault for rule in rules for fault in _bound(rule, said))]


def _said(stated: Stated) -> dict[str, Any]:
    """What stands in fields of its own, under the names of the law's terms."""
    found = {
        "employer_name": stated.employer, "employer_address": stated.place, "job": stated.job, "hours": stated.hours, "wage": stated.wage,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value not in (None, "")}


def _bound(rule: Term, said: Mapping[str, Any]) -> list[TermFault]:
    """Check a term for which the law itself sets a bound, such as the hours of rest at sea."""
    if not (rule.least or rule.most) or rule.id not in said:
        return []
    try:
        value = Decimal(str(said[rule.id]).replace(",", "."))
    except ArithmeticError:
        return [_fault(rule, "term.no_number")]
    if not value.is_finite():
        return [_fault(rule, "term.no_number")]
    if rule.most and value > rule.most:
        return [_fault(rule, "term.above", most=rule.most)]
    return [_fault(rule, "term.below", least=rule.least)] if rule.least and value < rule.least else []


def _fault(rule: Term, code: str, **params: Any) -> TermFault:
    return TermFault(rule.id, Reason(code, {"term": rule.id, **params}), True)


def terms_of(stated: Stated | Document) -> Terms:
    """Say what a document states as the engine reads it."""
    told = stated.deductions
    return Terms(
        stated.wage, stated.currency, stated.per, stated.hours, stated.job, stated.employer, stated.place,
        None if told is None else {item: Decimal(str(amount)) for item, amount in told.items()},
    )  # fmt: skip


@act
def report_difference(*, journey_id: UUID, field: str, earlier: str, later: str, words: str = "", once: str = "") -> UUID:
    """Report a difference between two documents of a journey as it stands now; reported twice it is one report."""
    sent = form("report_difference", journey_id, field, once)
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    if before := sent.answered():
        return before
    rows = {row.kind: row for row in Document.objects.filter(journey_id=journey_id, current=True)}
    found = next((d for d in differing(rows) if (d.field, d.earlier, d.later) == (field, earlier, later)), None)
    if found is None:
        raise Refused("no_such_difference")
    there = Finding.objects.filter(journey_id=journey_id, field=field, earlier=rows[earlier], later=rows[later]).first()
    if there is None:
        actor = current()
        there = Finding(
            journey=held.journey, person=held.person, earlier=rows[earlier], later=rows[later], field=field,
            told={"code": found.reason.code, "params": {k: str(v) for k, v in found.reason.params.items()}}, worse=found.worse,
            after_signing=found.after_signing, basis=OTHER_JOB if field == "job" else CHANGE, words=" ".join(words.split())[:500],
            by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now(),
        )  # fmt: skip
        there.save(force_insert=True)
    note(field=field, earlier=earlier, later=later)
    sent.keep(held.person.id, there.id, "reported")
    return there.id


def differing(rows: Mapping[str, Document]) -> tuple[Difference, ...]:
    """Give all differences between the current documents of a journey, what is worse for the worker first."""
    return differences({kind: terms_of(row) for kind, row in rows.items()}, bounds().rates)


def _kept(row: Document, *, again: bool = False) -> Kept:
    note(subject=row.person_id, document=str(row.id), again=again)
    return Kept(row.id, row.journey_id, row.person_id, row.version, tuple(row.doubts), again)
