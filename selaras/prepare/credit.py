"""The placement credit (KUR): its terms by the law of a day, the schedule of a loan, and the last day for the lender's answer."""

import datetime as dt
from decimal import Decimal

from selaras.engines.deadlines import Span, due
from selaras.engines.money import LoanTerms, Schedule, loan
from selaras.engines.reason import Unfit as NotCalculable
from selaras.law.load import law
from selaras.law.shapes import Credit
from selaras.people.faults import Fault, Unfit

KUR, CLOCK = "kur", "kur_decision"
# Which field of the form is at fault when the engine cannot lay the loan out.
FIELDS = {
    "loan.amount": "amount", "loan.over_ceiling": "amount", "loan.contract_too_short": "months", "loan.outlives_contract": "instalments",
}  # fmt: skip


def terms_on(day: dt.date) -> Credit:
    """Give the terms of the credit by the law of a day."""
    row = law().credit(KUR, day)
    if row is None:
        raise LookupError(f"the law of {day} knows no {KUR}")
    return row


def schedule_of(amount: int, months: int, instalments: int | None, day: dt.date) -> Schedule:
    """Lay a loan out by the terms of a day; raise Unfit with the field at fault when it cannot be."""
    row = terms_on(day)
    terms = LoanTerms(row.ceiling, Decimal(str(row.rate_percent)), row.grace_months, row.months_max)
    try:
        return loan(terms, amount, months, instalments=instalments)
    except NotCalculable as wrong:
        code = wrong.reason.code
        raise Unfit([Fault(FIELDS.get(code, "months"), code if code in FIELDS else "loan.months", dict(wrong.reason.params))]) from wrong


def answer_due(asked_on: dt.date) -> dt.date | None:
    """Give the last day on which the lender's answer is in time."""
    clock = law().clock(CLOCK, asked_on)
    return due(asked_on, Span(days=clock.days, workdays=clock.workdays, months=clock.months, years=clock.years))
