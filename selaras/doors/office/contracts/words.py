"""The words of contracts and costs: kinds of documents, differences, faults with what to do next, what the law says of a payment."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.journeys.words import say
from selaras.law.load import law
from selaras.market.jobs import job_name

Text = str | Promise
Words = dict[str, Text]

DOCUMENTS: Words = {
    "offer": _("Offer"),
    "placement_agreement": _("Placement agreement"),
    "contract": _("Signed contract"),
    "arrival": _("Contract on arrival"),
    "payslip": _("First payslip"),
}
FIELDS: Words = {
    "wage": _("Wage"), "hours": _("Hours a week"), "job": _("Job"), "employer": _("Employer"), "place": _("Place of work"),
    "deductions": _("Deductions"),
}  # fmt: skip
PER: Words = {"month": _("a month"), "year": _("a year"), "week": _("a week"), "hour": _("an hour")}
PAYERS: Words = {"worker": _("the worker"), "employer": _("the employer"), "agency": _("the agency"), "government": _("the government")}
LEGAL: Words = {
    "allowed": _("may be asked"), "forbidden": _("must not be asked"), "unsure": _("the rule is unsure"), "unknown": _("no rule was found"),
}  # fmt: skip
DIFFERENCES: Words = {
    "wage.changed": _("%(before)s %(before_currency)s became %(now)s %(now_currency)s."),
    "wage.per_changed": _("The wage is counted by another time: it cannot be compared without the hours."),
    "wage.currency_changed": _("%(before)s %(before_currency)s became %(now)s %(now_currency)s: another currency."),
    "hours.changed": _("%(before)s hours a week became %(now)s."),
    "job.changed": _("%(before)s became %(now)s."),
    "employer.changed": _("%(before)s became %(now)s."),
    "employer.spelled_otherwise": _("%(before)s is spelt %(now)s: the same employer, or another?"),
    "place.changed": _("%(before)s became %(now)s."),
    "deduction.new": _("New: %(item)s, %(now)s %(currency)s."),
    "deduction.gone": _("No longer: %(item)s, %(before)s."),
    "deduction.changed": _("%(item)s: %(before)s became %(now)s %(currency)s."),
    "deduction.currency_changed": _("The deductions are in another currency."),
}
# What is wrong, with what to do; the field is marked beside it.
FAULTS: Words = {
    "term.missing": _("The contract must say this (%(basis)s). Ask for a contract that does."),
    "term.no_number": _("Write a number: the law sets a bound for it (%(basis)s)."),
    "term.above": _("The law allows at most %(most)s (%(basis)s). Send the contract back."),
    "term.below": _("The law asks for at least %(least)s (%(basis)s). Send the contract back."),
    "address.po_box_only": _("A post box is no address: ask for street, number, district and country (%(basis)s)."),
    "address.no_number": _("The address has no number. Look at it again."),
    "wage.not_positive": _("Write the wage as it stands in the document."),
    "wage.currency_unknown": _("%(currency)s is no currency. Write its three letters, such as TWD."),
    "wage.currency_of_elsewhere": _("%(currency)s is not paid there usually. Look at the document again."),
    "wage.hours_needed": _("An hourly wage needs the hours of a week."),
    "wage.no_rate": _("What %(currency)s is worth is not known here, so the amount was not checked."),
    "wage.absurdly_low": _("That is too little to be a month's wage. Look at the amount and the currency again."),
    "wage.absurdly_high": _("That is too much to be a month's wage. Look at the amount and the currency again."),
    "terms.hours": _("A week has 168 hours. Look at the number again."),
    "terms.number": _("That is no amount. Look at the number again."),
    "terms.per": _("Choose what the wage is counted by."),
    "unknown_job": _("Choose the job from the list."),
    "country_missing": _("Say first to which country the journey leads: then the wage can be checked."),
    "unknown_country": _("Choose the country from the list."),
    "day_to_come": _("This day is still to come."),
    "ends_before_it_begins": _("The last day lies before the first."),
    "signed_before_the_other": _("That day lies before the one on which the contract in force was signed. Look at both papers again."),
    "receipt_without_amount": _("The receipt is here, but no amount. Read it from the receipt, or ask the worker, and write it down."),
    "amount_missing": _("Write how much was paid."),
    "amount_not_positive": _("Write an amount above nothing."),
    "amount_absurd": _("No item of a placement costs that much. Look at the amount and the currency again."),
    "unknown_currency": _("Write the three letters of the currency, such as IDR."),
    "unknown_item": _("Choose the item from the list."),
    "unknown_payer": _("Choose who paid."),
    "receipt_kind": _("This is no photograph, PDF or voice note. Take a photograph of the receipt, or record what the worker says."),
    "scan_empty": _("This file is empty. Choose it again."),
    "scan_kind": _("This is no PDF, JPEG or PNG file. Take a photograph of the paper."),
    "scan_too_large": _("This file is larger than %(most)s MB. Take a smaller photograph."),
    "file.too_large": _("This file is too large. Take a smaller photograph."),
    "disk.full": _("There is no room for the file at the moment. Try again later; nothing was kept."),
}
REFUSALS: Words = {
    "no_consent": _("A contract is changed only when worker and employer both consent (article 18). Ask both, then mark it."),
    "before_mission": _("The worker has left: a contract is extended or changed only before the officer of the mission (article 17)."),
    "nothing_to_extend": _("There is no contract to extend yet. Write the signed contract down first."),
    "journey_over": _("This journey is over: nothing is added to it any more."),
    "no_such_difference": _("These two documents no longer differ in that. Look at the page again."),
    "taken_back_already": _("This payment was taken back already by %(who)s."),
    "no_reason": _("Write why."),
    "not_the_agencys_word": _("What she found on arrival and was paid, the worker or the mission writes down: hand it to the mission."),
}


def job(code: str) -> str:
    """Name a job in the language of the page."""
    return job_name(code, get_language() or "id")


def amount(value: Any) -> str:
    """Write an amount as people of the page's language do, without empty decimals."""
    told = Decimal(str(value)).normalize()
    return str(number_format(told.quantize(Decimal(1)) if told == told.to_integral() else told, force_grouping=True))


def stated(field: str, value: Any, money: tuple[str, str] = ("", "month")) -> str:
    """Write what a document states in one field."""
    if value is None:
        return "—"
    if field == "wage":
        return f"{amount(value)} {money[0]} {say(PER, money[1])}"
    if field == "hours":
        return amount(value)
    if field == "job":
        return job(value)
    if field == "deductions":
        return "; ".join(f"{item} {amount(told)}" for item, told in sorted(value.items())) or "0"
    return str(value)


def difference(code: str, params: Mapping[str, Any]) -> str:
    """Say what differs."""
    shown = {
        name: job(value) if code == "job.changed" else amount(value) if isinstance(value, Decimal | int) else str(value)
        for name, value in params.items()
    }
    return (say(DIFFERENCES, code) % shown).replace("..", ".")  # a name may end with a point of its own


def fault(code: str, params: Mapping[str, Any], basis: str = "") -> str:
    """Say what is wrong with a field, and what to do."""
    return say(FAULTS, code) % {**params, "basis": basis}


def basis_of(term: str, scheme: str, day: Any) -> str:
    """Give the article that asks for a term of a contract."""
    row = next((one for one in law().terms_of(scheme, day) if one.id == term), None)
    return law().cite(row.basis, get_language() or "id") if row else ""
