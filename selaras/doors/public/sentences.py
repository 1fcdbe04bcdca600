"""Turns the reason codes of the market into the sentences that a candidate reads: what it is, what it means, what to do."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.citing import cite
from selaras.doors.office.templatetags.face import day
from selaras.market.answers import Answer
from selaras.people.places import country_name

Text = str | Promise

# What it is, and what to do. Days and names are filled in; nobody is accused: a page says what the register says, and where to ask.
SENTENCES: Mapping[str, tuple[Text, Text]] = {
    "licence.in_force": (
        _("Yes: %(agency)s has a licence (SIP3MI) today."),
        _("The licence alone is not enough. Ask for the number of the job order and check that, too."),
    ),
    "licence.suspended": (
        _("No: the licence of %(agency)s is suspended since %(since)s."),
        _("It may not take new candidates now. If it has your papers or money, ask your regency labour office what to do."),
    ),
    "licence.revoked": (
        _("No: the licence of %(agency)s was revoked on %(since)s."),
        _("It may not place anybody. For workers whom it placed before, it stays responsible. Ask your regency labour office."),
    ),
    "licence.ended": (
        _("No: the licence of %(agency)s ended on %(until)s."),
        _("It may not take new candidates unless the ministry renews the licence. Ask your regency labour office."),
    ),
    "licence.not_yet": (
        _("Not yet: the licence of %(agency)s begins on %(since)s."),
        _("Until that day it may not take candidates."),
    ),
    "licence.none": (
        _("No: %(agency)s has no licence (SIP3MI) in the register."),
        _("Do not pay and do not hand over papers before your regency labour office has looked at it."),
    ),
    "order.in_force": (
        _("Yes: this job order is real and runs today."),
        _("Check that agency, job and wage are those that you were told."),
    ),
    "order.ended": (_("This job order was real, and ended on %(until)s."), _("Nobody may be recruited for it any more.")),
    "order.not_begun": (_("This job order is real, and begins on %(since)s."), _("Until that day nobody may be recruited for it.")),
    "order.closed": (_("This job order was closed on %(closed)s."), _("Nobody may be recruited for it any more.")),
    "permit.in_force": (_("The agency may recruit for it: its permit (SIP2MI) is issued."), ""),
    "permit.none": (
        _("The agency may not recruit for it yet: it has no permit (SIP2MI)."),
        _("Whoever recruits before the permit breaks the rule. Wait, and do not pay."),
    ),
    "permit.waits": (
        _("The agency may not recruit for it yet: it asked for the permit (SIP2MI), and nothing is decided."),
        _("Whoever recruits before the permit breaks the rule. Wait, and do not pay."),
    ),
    "permit.not_begun": (_("The agency may recruit for it from %(since)s on."), _("Whoever recruits before that day breaks the rule.")),
    "permit.ended": (_("The permit to recruit for it (SIP2MI) has ended."), _("Nobody may be recruited for it any more.")),
    "permit.withdrawn": (_("The permit to recruit for it (SIP2MI) was withdrawn."), _("Nobody may be recruited for it any more.")),
    "country.open": (
        _("Open: workers may be placed in %(country)s for this."),
        _("Every placement still needs a licensed agency and a real job order, or another way that the law allows."),
    ),
    "country.restricted": (
        _("Restricted: for this, workers are placed in %(country)s through one channel only."),
        _("Only agencies chosen for the channel may place. Check the agency, and ask your labour office whether it was chosen."),
    ),
    "country.stopped": (
        _("Stopped: nobody may be placed in %(country)s for this now."),
        _("Whoever offers it anyway cannot keep the promise lawfully. Ask at your nearest desk before you sign or pay."),
    ),
    "country.banned": (
        _("Closed: %(country)s is no country of placement for this."),
        _("Work there is no lawful placement, whatever the offer says. Ask at your nearest desk before you travel."),
    ),
    "country.unlisted": (
        _("Not known: nothing is written down about %(country)s for this."),
        _("That does not mean that it is open. Ask at your nearest desk before you sign or pay."),
    ),
}  # fmt: skip


def english() -> bool:
    """Say whether the pages are in English now."""
    return (get_language() or "id").startswith("en")


def country(iso3: str) -> str:
    """Name a country in the current language."""
    return country_name(iso3, get_language() or "id")


def told(answer: Answer) -> dict[str, Any]:
    """Give the sentence of an answer, what to do, its basis, and whether it is unsure."""
    what, following = SENTENCES[answer.code]
    params = {key: _shown(key, value) for key, value in answer.params.items()}
    return {"what": str(what) % params, "next": str(following), "basis": cite(answer.basis), "unsure": answer.unsure, "code": answer.code}


def _shown(key: str, value: Any) -> str:
    if key == "country":
        return country(str(value))
    if key in ("since", "until", "day", "closed"):
        return day(dt.date.fromisoformat(value)) if value else "—"
    return str(value)
