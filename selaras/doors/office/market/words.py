"""The words of the pages of lawful demand: kinds, states, channels, and the sentence of each answer."""

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.templatetags.face import day, number
from selaras.market.answers import Answer
from selaras.market.jobs import job_name
from selaras.people.places import country_name

Text = str | Promise

PARTY_KINDS: dict[str, Text] = {
    "employer": _("Employer"),
    "partner": _("Partner agency abroad"),
    "principal": _("Ship's principal"),
    "vessel": _("Vessel"),
    "training": _("Training body"),
    "clinic": _("Clinic"),
    "lender": _("Lender"),
    "agency": _("Placement agency (P3MI)"),
}
STANDINGS: dict[str, Text] = {
    "licensed": _("licensed"),
    "warned": _("warned"),
    "suspended": _("suspended"),
    "revoked": _("licence revoked"),
    "problem": _("known for a problem"),
}
STATES: dict[str, Text] = {
    "asked": _("waits for a decision"),
    "attested": _("attested"),
    "verified": _("verified"),
    "issued": _("issued"),
    "refused": _("refused"),
    "closed": _("closed"),
    "withdrawn": _("withdrawn"),
}
CHANNELS: dict[str, Text] = {
    "open": _("open"),
    "restricted": _("restricted channel"),
    "stopped": _("stopped"),
    "banned": _("banned"),
    "none": _("nothing is said any more"),
    "unlisted": _("not listed"),
}
RECRUITED: dict[str, Text] = {
    "advertised": _("advertised"),
    "visited": _("visited homes"),
    "registered": _("registered candidates"),
    "selected": _("selected candidates"),
}
MOVES: dict[str, Text] = {"paid": _("paid in"), "cashed": _("taken by the government"), "topped": _("topped up")}
ANSWERS: dict[str, Text] = {
    "licence.in_force": _("licensed until %(until)s (%(number)s)"),
    "licence.suspended": _("suspended since %(since)s"),
    "licence.revoked": _("revoked on %(since)s"),
    "licence.ended": _("licence ended on %(until)s"),
    "licence.not_yet": _("licensed from %(since)s on"),
    "licence.none": _("no licence"),
    "licence.unknown": _("not known"),
    "order.in_force": _("runs until %(until)s"),
    "order.not_attested": _("waits for the mission"),
    "order.refused": _("refused by the mission"),
    "order.closed": _("closed on %(closed)s"),
    "order.not_begun": _("runs from %(since)s on"),
    "order.ended": _("ended on %(until)s"),
    "recruited.without_licence": _("Without a licence on that day."),
    "recruited.before_permit": _("Before the permit (SIP2MI), which begins on %(since)s."),
    "recruited.without_permit": _("Without a permit (SIP2MI)."),
}


def said(answer: Answer) -> str:
    """Say an answer in the current language."""
    return str(ANSWERS[answer.code]) % {key: _shown(key, value) for key, value in answer.params.items()}


def _shown(key: str, value: Any) -> str:
    return day(dt.date.fromisoformat(value)) if key in ("since", "until", "closed", "day", "on") and value else str(value)


def country(iso3: str) -> str:
    """Name a country in the current language."""
    return country_name(iso3, get_language() or "id")


def job(name: str) -> str:
    """Name a job in the current language."""
    return job_name(name, get_language() or "id")


def rupiah(amount: int) -> str:
    """Write an amount of rupiah."""
    return f"Rp{number(amount)}"
