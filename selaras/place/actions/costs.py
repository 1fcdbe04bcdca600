"""Verbs on the cost ledger: write a payment down with its receipt, take a wrong one back."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pycountry
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.keeping import forget
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.people.actions.answering import form
from selaras.people.actions.facts import Scan
from selaras.people.actions.stepping import check_reason, hold
from selaras.people.faults import Fault, Unfit
from selaras.place.legality import PAYERS
from selaras.place.models import Cost
from selaras.place.rates import bounds
from selaras.place.receipts import keep_receipt

MOST = Decimal("1000000000")
"""Rupiah: no single item of a placement costs more."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The answer about a cost, and whether it was there before."""

    cost_id: UUID
    person_id: UUID
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def add_cost(
    *, journey_id: UUID, item: str, payer: str, amount: Decimal | None, currency: str, paid_on: dt.date | None, words: str = "",
    receipt: Scan | None = None, once: str = "",
) -> Noted:  # fmt: skip
    """Write down who paid how much for an item. A receipt without an amount is refused: the amount is read from it, or told."""
    sent = form("add_cost", journey_id, once)
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    if before := sent.answered():
        return _noted(Cost.objects.get(id=before), again=True)
    day = paid_on or timezone.localdate()
    faults = _faults(item, payer, amount, currency, day, has_receipt=receipt is not None)
    if faults or amount is None:
        raise Unfit(faults)
    actor = current()
    file = None
    if receipt is not None:
        with handed_to("scan"):  # its own row is the nation's: who sees the cost sees the receipt
            file = keep_receipt(receipt.parts, receipt.name)
    try:
        row = Cost(
            journey=held.journey, person=held.person, item=item, payer=payer, amount=amount, currency=currency, paid_on=day, receipt=file,
            words=" ".join(words.split())[:500], by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
    except BaseException:
        if file is not None:
            forget(file.pk)
        raise
    sent.keep(held.person.id, row.id, "kept")
    note(item=item, payer=payer)
    return _noted(row)


def _faults(item: str, payer: str, amount: Decimal | None, currency: str, day: dt.date, *, has_receipt: bool) -> list[Fault]:
    faults = []
    if item not in {row.id for row in law().costs}:
        faults.append(Fault("item", "unknown_item"))
    if payer not in PAYERS:
        faults.append(Fault("payer", "unknown_payer"))
    if amount is None:
        faults.append(Fault("amount", "receipt_without_amount" if has_receipt else "amount_missing"))
    elif not amount.is_finite() or amount <= 0:
        faults.append(Fault("amount", "amount_not_positive"))
    if pycountry.currencies.get(alpha_3=currency) is None:
        faults.append(Fault("currency", "unknown_currency"))
    elif amount is not None and amount.is_finite() and amount * bounds().rates.get(currency, Decimal(1)) > MOST:
        faults.append(Fault("amount", "amount_absurd"))
    if day > timezone.localdate():
        faults.append(Fault("paid_on", "day_to_come"))
    return faults


@act
def take_back_cost(*, cost_id: UUID, words: str) -> Noted:
    """Take back a payment that was written down wrongly; it stays readable with the reason."""
    journey_id = Cost.objects.filter(id=cost_id).values_list("journey_id", flat=True).first()
    if journey_id is None:
        raise NotThere("not there")
    hold(journey_id)
    row = Cost.objects.get(id=cost_id)
    words = check_reason(words)
    if row.taken_back_at is not None:
        raise Refused("taken_back_already", who=row.taken_back_by_name)
    actor = current()
    row.taken_back_at, row.taken_back_by, row.taken_back_by_name, row.taken_back_words = timezone.now(), actor.address, actor.name, words
    row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_by_name", "taken_back_words"])
    return _noted(row)


def _noted(row: Cost, *, again: bool = False) -> Noted:
    note(subject=row.person_id, cost=str(row.id), again=again)
    return Noted(row.id, row.person_id, again)
