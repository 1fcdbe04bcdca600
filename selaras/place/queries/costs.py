"""Questions about costs: a journey's ledger with what the law says of each item; months of pay for her, and over agencies and countries."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from selaras.engines.money import Cost as Paid
from selaras.engines.money import Figure, cost_of, months_of_pay, months_of_pay_by
from selaras.engines.reason import Unfit
from selaras.ground.act import NotThere, ask, handed_to, note
from selaras.ground.keeping import read_back
from selaras.ground.models import KeptFile
from selaras.law.load import law
from selaras.law.shapes import CostItem, Scheme
from selaras.market.queries.orders import job_order
from selaras.people.models import Journey, Person
from selaras.people.queries.parties import party_by_key
from selaras.place.legality import Legality, legality
from selaras.place.models import Cost, Document
from selaras.place.queries.contracts import monthly, wage_a_month
from selaras.place.rates import bounds
from selaras.place.receipts import NAMES

WORKER = "worker"
LEAST = 10
"""A figure over fewer workers is hidden, and so is any other that would give it away."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One payment, and whether it may be asked of who paid it."""

    id: UUID
    item: CostItem | None
    payer: str
    amount: Decimal
    currency: str
    paid_on: dt.date
    legality: Legality
    receipt: str
    words: str
    by: str
    at: dt.datetime
    taken_back_by: str
    taken_back_words: str


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost ledger of a journey; `months` is what she paid in months of her first wage, None where that cannot be told."""

    journey_id: UUID
    person_id: UUID
    name: str
    scheme: Scheme
    country: str
    job: str
    lines: tuple[CostLine, ...]
    by_worker: Decimal | None
    wage: tuple[Decimal, str] | None
    months: Decimal | None
    items: tuple[CostItem, ...]
    open: bool

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """A receipt: its parts, read from disk as they are asked for, and a name that tells nothing of whose it is."""

    person_id: UUID
    name: str
    media_type: str
    size: int
    parts: Iterator[bytes]

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@ask
def see_costs(journey_id: UUID) -> Costs:
    """Open the cost ledger of a journey of a person within reach. Not in reach is not there."""
    journey = Journey.objects.filter(id=journey_id).first()
    if journey is None:
        raise NotThere("not there")
    scheme = law().scheme(journey.scheme, journey.started_on)
    if scheme is None:
        raise LookupError(f"the law of {journey.started_on} no longer knows the scheme {journey.scheme}")
    person = Person.objects.get(id=journey.person_id)
    country, job = journey.country_id or "", job_of(journey)
    rows = list(Cost.objects.filter(journey_id=journey.id).order_by("paid_on", "id"))
    kinds: dict[UUID, str] = {}
    if named := [row.receipt_id for row in rows if row.receipt_id]:
        with handed_to("scan"):
            kinds = dict(KeptFile.objects.filter(id__in=named).values_list("id", "media_type"))
    note(journey=str(journey.id), count=len(rows))
    counted = [row for row in rows if row.taken_back_at is None]
    total, wage = _paid(counted), wage_a_month(journey.id)
    return Costs(
        journey.id, journey.person_id, person.name, scheme, country, job,
        tuple(
            CostLine(
                row.id, _item(row.item, row.paid_on), row.payer, row.amount, row.currency, row.paid_on,
                legality(row.item, row.payer, country=country, job=job, day=row.paid_on, scheme=journey.scheme),
                NAMES.get(kinds.get(row.receipt_id, ""), "") if row.receipt_id else "", row.words, row.by_name, row.at,
                row.taken_back_by_name, row.taken_back_words,
            )
            for row in rows
        ),
        total, wage, _months(total, wage), tuple({row.id: row for row in law().costs}.values()), journey.state == Journey.State.OPEN,
    )  # fmt: skip


def job_of(journey: Journey) -> str:
    """Give the job of a journey: of its contract, else of its job order."""
    told = Document.objects.filter(journey_id=journey.id, kind="contract", current=True).values_list("job", flat=True).first()
    order = job_order(journey.job_order) if not told and journey.job_order else None
    return told or (order.job if order else "")


def _item(item: str, day: dt.date) -> CostItem | None:
    rows = [row for row in law().costs if row.id == item]
    return next((row for row in rows if row.holds_on(day)), rows[0] if rows else None)


def _paid(rows: list[Cost]) -> Decimal | None:
    """Add up in rupiah what the worker paid; None when a currency has no known worth."""
    try:
        return cost_of(WORKER, [Paid(row.payer, row.amount, row.currency) for row in rows], bounds().rates)
    except Unfit:
        return None


def _months(total: Decimal | None, wage: tuple[Decimal, str] | None) -> Decimal | None:
    if total is None or wage is None or wage[1] not in bounds().rates:
        return None
    return months_of_pay(total, wage[0] * bounds().rates[wage[1]])


@ask
def open_receipt(cost_id: UUID) -> OpenReceipt:
    """Open the receipt of a payment of a person within reach."""
    row = Cost.objects.filter(id=cost_id).first()
    if row is None or row.receipt_id is None:
        raise NotThere("not there")
    note(cost=str(row.id))
    with handed_to("scan"):  # the file's own row is the nation's: whoever sees the cost sees its receipt
        kept = KeptFile.objects.get(pk=row.receipt_id)
    name = f"{row.item}.{NAMES.get(kept.media_type, 'bin')}"
    return OpenReceipt(row.person_id, name, kept.media_type, kept.size, read_back(kept))


@dataclass(frozen=True, slots=True)
class PayLine:
    """Months of pay of one agency and country (None: over all of them); a hidden figure says so."""

    agency: str | None
    agency_name: str
    country: str | None
    figure: Figure


@ask
def see_months_of_pay() -> list[PayLine]:
    """Give SDG indicator 10.7.1 over agencies and countries within reach, over all workers and over those who paid, small cells hidden."""
    wages: dict[UUID, tuple[Decimal, str]] = {}
    for row in Document.objects.filter(current=True, kind__in=("payslip", "contract")).order_by("kind"):  # the payslip comes last, and counts
        if (found := monthly(row)) is not None:
            wages[row.journey_id] = found
    paid: dict[UUID, list[Cost]] = {}
    for cost in Cost.objects.filter(journey_id__in=list(wages), taken_back_at__isnull=True):
        paid.setdefault(cost.journey_id, []).append(cost)
    cells: dict[tuple[str | None, str | None], list[Decimal]] = {}
    for journey_id, agency, country in Journey.objects.filter(id__in=list(wages)).values_list("id", "agency", "country_id"):
        months = _months(_paid(paid.get(journey_id, [])), wages[journey_id])
        if months is not None:
            cells.setdefault((agency, country or ""), []).append(months)
    note(count=sum(len(months) for months in cells.values()))
    named = {agency: party.name for agency in {a for a, _ in cells if a} if (party := party_by_key(agency))}
    figures = months_of_pay_by(cells, LEAST) if cells else {}
    lines = [PayLine(agency, named.get(agency or "", agency or ""), country, figure) for (agency, country), figure in figures.items()]
    return sorted(lines, key=lambda one: (one.agency is None, one.agency or "", one.country is None, one.country or ""))
