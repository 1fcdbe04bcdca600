"""Questions about documents: offer, agreement, contract, arrival and first payslip side by side, what differs, what was reported."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from selaras.engines.contracts import ORDER, Difference, Row, side_by_side
from selaras.ground.act import NotThere, ask, note
from selaras.law.load import law
from selaras.law.shapes import Scheme, Term
from selaras.people.models import Journey, Person
from selaras.place.actions.contracts import CHANGE, LEFT, OTHER_JOB, terms_of
from selaras.place.models import Document, Finding
from selaras.place.rates import bounds


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One version of a document: who wrote it down when, what it states, what stood out."""

    id: UUID
    kind: str
    version: int
    current: bool
    extends: bool
    signed_on: dt.date | None
    until: dt.date | None
    scan: bool
    terms: dict[str, str]
    doubts: tuple[dict[str, Any], ...]
    by: str
    office: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference between two documents, its basis, and whether it was reported."""

    found: Difference
    basis: str
    reported_by: str
    reported_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Contracts:
    """The documents of a journey side by side."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    started_on: dt.date
    open: bool
    left: bool
    country: str
    kinds: tuple[str, ...]
    rows: tuple[Row, ...]
    currencies: dict[str, tuple[str, str]]
    differences: tuple[DifferenceLine, ...]
    documents: tuple[DocumentLine, ...]
    terms: tuple[Term, ...]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_contracts(journey_id: UUID) -> Contracts:
    """Lay the documents of a journey of a person within reach side by side. Not in reach is not there."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        raise NotThere("not there")
    scheme = law().scheme(journey.scheme, journey.started_on)
    if scheme is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    person = Person.objects.get(id=journey.person_id)
    documents = list(Document.objects.filter(journey_id=journey.id).order_by("at", "id"))
    current = {row.kind: row for row in documents if row.current}
    rows = side_by_side({kind: terms_of(row) for kind, row in current.items()}, bounds().rates)
    reported = {(f.field, f.earlier_id, f.later_id): f for f in Finding.objects.filter(journey_id=journey.id)}
    found = sorted((d for row in rows for d in row.differences), key=lambda d: (d.worse is not True, d.worse is False))
    lines = []
    for one in found:
        told = reported.get((one.field, current[one.earlier].id, current[one.later].id))
        basis = OTHER_JOB if one.field == "job" else CHANGE
        lines.append(DifferenceLine(one, basis, told.by_name if told else "", told.at if told else None))
    note(journey=str(journey.id), count=len(lines))
    passed = journey.steps.filter(step=LEFT, state="done").exists()
    return Contracts(
        journey_id=journey.id, person_id=journey.person_id, name=person.name, scheme=scheme, started_on=journey.started_on,
        open=journey.state == Journey.State.OPEN, left=passed, country=journey.country_id or "",
        kinds=tuple(kind for kind in ORDER if kind in current), rows=rows,
        currencies={kind: (row.currency, row.per) for kind, row in current.items()}, differences=tuple(lines),
        documents=tuple(_line(row) for row in reversed(documents)), terms=law().terms_of(journey.scheme, journey.started_on),
    )  # fmt: skip


def _line(row: Document) -> DocumentLine:
    return DocumentLine(
        row.id, row.kind, row.version, row.current, row.extends, row.signed_on, row.until, row.file_id is not None, dict(row.terms),
        tuple(row.doubts), row.by_name, row.office, row.at,
    )


def wage_a_month(journey_id: UUID) -> tuple[Decimal, str] | None:
    """Give the first month's wage of a journey with its currency: of the payslip, else of the contract; None when neither states one."""
    rows = {row.kind: row for row in Document.objects.filter(journey_id=journey_id, current=True, kind__in=("payslip", "contract"))}
    return next((found for kind in ("payslip", "contract") if kind in rows and (found := monthly(rows[kind])) is not None), None)


def monthly(row: Document) -> tuple[Decimal, str] | None:
    """Give a document's wage for one month; an hourly one needs the hours of a week."""
    if row.wage is None or row.wage <= 0 or (row.per == "hour" and row.hours is None):
        return None
    times = {"month": Decimal(1), "year": 1 / Decimal(12), "week": Decimal(52) / 12, "hour": Decimal(52) / 12 * (row.hours or 0)}
    return (row.wage * times[row.per]).quantize(Decimal("0.01")), row.currency
