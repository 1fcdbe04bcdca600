"""The words of what came after departure: reports, faults with what to do next, refusals."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.contracts.words import FAULTS as OF_CONTRACTS
from selaras.doors.office.journeys.sentences import FAULTS as OF_PAPERS
from selaras.doors.office.journeys.sentences import REFUSALS as OF_JOURNEYS
from selaras.doors.office.journeys.words import say

Words = dict[str, str | Promise]

REPORTS: Words = {"arrival": _("Arrival (lapor diri)"), "employer": _("Another employer"), "return": _("Return home")}
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
WAITS = _("The step of the journey stays open: look there at what comes first.")
FAULTS: Words = {
    "unknown_district": _("That place does not lie in that country. Choose it from the list."),
    "unknown_cause": _("Choose why from the list."),
    "employer_missing": _("Write who the employer is."),
    "unknown_country": _("Choose the country from the list."),
}
REFUSALS: Words = {
    "no_consent": _("The employer is changed only when worker and employer both consent (article 18). Ask both, then mark it."),
}


def fault(code: str, params: Mapping[str, Any]) -> str:
    """Say what is wrong with a field, and what to do."""
    text = FAULTS.get(code) or OF_PAPERS.get(code) or OF_CONTRACTS.get(code) or code
    return str(text) % dict(params)


def refusal(code: str, params: Mapping[str, Any]) -> str | None:
    """Give the sentence of a refusal and what to do next; None for one that is not known here."""
    if code in REFUSALS:
        return say(REFUSALS, code) % dict(params)
    if code not in OF_JOURNEYS:
        return None
    what, following = OF_JOURNEYS[code]
    return f"{str(what) % dict(params)} {following}"
