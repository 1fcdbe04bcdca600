"""The words of what came after departure: reports, faults with what to do next, refusals."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.contracts.words import FAULTS as OF_CONTRACTS
from selaras.doors.office.journeys.sentences import FAULTS as OF_PAPERS
from selaras.doors.office.journeys.sentences import REFUSALS as OF_JOURNEYS
from selaras.doors.office.journeys.words import label, say
from selaras.doors.office.templatetags.face import day
from selaras.law.load import law
from selaras.people.places import country_name

Words = dict[str, str | Promise]

REPORTS: Words = {"arrival": _("Arrival (lapor diri)"), "employer": _("Another employer"), "return": _("Return home")}
ACTS: Words = {"arrival": _("Report the arrival"), "employer": _("Change the employer"), "return": _("Report the return")}
ASKS: Words = {
    "arrival": _("Did the worker arrive?"),
    "employer": _("Does the worker work for somebody else?"),
    "return": _("Did the worker come home?"),
}  # fmt: skip
ABOUT: Words = {
    "arrival": _("From that day the worker is counted in that country, and its mission sees the journey."),
    "employer": _("Only before the mission's officer, with the consent of both sides and the new contract (article 18)."),
    "return": _("From that day the worker is no longer counted abroad. The cause decides which help is offered."),
}  # fmt: skip
DONE: Words = {
    "arrival": _("The arrival is written down."),
    "employer": _("The change of employer is written down."),
    "return": _("The return is written down."),
}  # fmt: skip
AGAIN = _("Thank you: exactly this was written down already, and nothing changed.")
CORRECTED = _("It is corrected. What was written first stays readable below.")
TAKEN_BACK = _("It is taken back, and its step of the journey is open again. What was written stays readable below.")
WAITS = _("The step of the journey stays open: look there at what comes first.")
FAULTS: Words = {
    "unknown_district": _("That place does not lie in that country. Choose it from the list."),
    "unknown_cause": _("Choose why from the list."),
    "employer_missing": _("Write who the employer is, or choose one of the register."),
    "unknown_party": _("No such employer is entered. Look it up in the list, or write its name below."),
    "only_with_death": _("A day of death stands only with the cause death. Leave it empty, or choose that cause."),
    "died_after_return": _("The day of death lies after the return. Look at both days again."),
    "died_otherwise": _("The register says that the day of death was %(day)s. If that is wrong, correct it on the person's page first."),
    "died_before_leaving": _("The day of death lies before the departure or the journey's first day, %(day)s. Look at both days again."),
    "died_before_birth": _("The day of death lies before the birth."),
    "unknown_country": _("Choose the country from the list."),
}
REFUSALS: Words = {
    "no_consent": _("The employer is changed only when worker and employer both consent (article 18). Ask both, then mark it."),
    "reported_already": _("%(what)s stands otherwise already: %(told)s, by %(who)s. If that is wrong, press “Correct” beside it."),
    "day_before_its_turn": _("That day is too early: what comes before it was on %(earliest)s. Look at both days again."),
    "day_after_the_next": _("That day is too late: what comes after it was on %(latest)s. Look at both days again."),
    "nothing_to_correct": _("Nothing differs from what is written down. Change what is wrong, or go back."),
    "not_your_report": _("Who may write such a report down may correct it; a worker's own words the worker alone corrects."),
    "report_ended": _("%(who)s has corrected it or taken it back already. Open the page again."),
    "later_report_stands": _("A later report rests on this one: %(what)s on %(on)s. Take that one back first."),
    "later_step_done": _("A later step of the journey rests on this one. Give that step back first."),
}
DAYS = ("on", "earliest", "latest")


def fault(code: str, params: Mapping[str, Any]) -> str:
    """Say what is wrong with a field, and what to do."""
    text = FAULTS.get(code) or OF_PAPERS.get(code) or OF_CONTRACTS.get(code) or code
    return str(text) % {name: day(value) if name == "day" else value for name, value in params.items()}


def refusal(code: str, params: Mapping[str, Any]) -> str | None:
    """Give the sentence of a refusal and what to do next; None for one that is not known here."""
    if code in REFUSALS:
        return say(REFUSALS, code) % _said(params)
    if code not in OF_JOURNEYS:
        return None
    what, following = OF_JOURNEYS[code]
    return f"{str(what) % dict(params)} {following}"


def _said(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write days, countries and causes of a refusal as people read them."""
    said = defaultdict(str, {name: day(value) if name in DAYS else value for name, value in params.items()})
    if "kind" in said:
        said["what"] = say(REPORTS, said["kind"])
    if "who" in said and "on" in said:
        cause = next((row for row in law().causes_on(params["on"]) if row.id == params["cause"]), None)
        country = country_name(params["country"], get_language() or "id") if params["country"] else ""
        said["told"] = ", ".join(filter(None, (said["on"], label(cause) if cause else country)))
    return said
