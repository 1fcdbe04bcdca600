"""The pages of countries and jobs, and of recruiting that was seen."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.market import forms
from selaras.doors.office.market.agencies import seen
from selaras.doors.office.market.changing import Change, ask_once_more, once
from selaras.doors.office.market.words import CHANNELS, RECRUITED, country, job
from selaras.ground.act import may
from selaras.market.actions.countries import set_country_status, withdraw_country_status
from selaras.market.actions.recruiting import record_recruiting
from selaras.market.queries.countries import see_statuses

SET = Change(
    "market.set_country_status",
    forms.Status,
    gettext_lazy("Say what holds from a day on"),
    gettext_lazy("It holds until something else is said. The strictest of what is said for a country, a group of jobs and a job holds."),
    gettext_lazy("Enter"),
    gettext_lazy("Entered."),
    set_country_status,
)
WITHDRAW = Change(
    "market.withdraw_country_status",
    forms.Why,
    gettext_lazy("Withdraw a mistake"),
    gettext_lazy("What held before holds on. The row stays to be seen. To change what holds from a day on, enter a new row instead."),
    gettext_lazy("Withdraw"),
    gettext_lazy("Withdrawn."),
    withdraw_country_status,
)
RECORD = Change(
    "market.record_recruiting",
    forms.Seen,
    gettext_lazy("Write down recruiting that was seen"),
    gettext_lazy("What you saw, where and when. No names of candidates."),
    gettext_lazy("Write down"),
    gettext_lazy("Written down."),
    record_recruiting,
)


def _way(label: str, name: str, *more: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(name)}, *({"label": text, "url": url} for text, url in more)]


@guarded("market.see_statuses")
def statuses(request: OfficeRequest) -> HttpResponse:
    """List what was said of countries and jobs, with its basis and what is unsure."""
    english = (get_language() or "id").startswith("en")
    rows = [
        {
            "line": s,
            "country": country(s.country),
            "job": job(s.job) if s.job else _("every job"),
            "channel": CHANNELS[s.channel],
            "note": (s.note_en or s.note) if english else s.note,
        }
        for s in see_statuses()
    ]  # fmt: skip
    rows.sort(key=lambda row: str(row["country"]))
    context = {
        "rows": rows,
        "may_withdraw": may(request.actor, WITHDRAW.verb),
        "acts": [{"url": reverse("country_status_new"), "label": SET.heading}] if may(request.actor, SET.verb) else [],
        "crumbs": [{"label": _("Countries"), "url": ""}],
    }
    return render(request, "office/market/statuses.html", context)


@guarded("market.set_country_status")
def status_new(request: OfficeRequest) -> HttpResponse:
    """Say what holds for a country and a job from a day on."""
    return ask_once_more(request, SET, reverse("country_statuses"), _way(_("Countries"), "country_statuses"))


@guarded("market.withdraw_country_status")
def status_withdraw(request: OfficeRequest, status_id: UUID) -> HttpResponse:
    """Withdraw what was said by mistake."""
    line = next((s for s in see_statuses() if s.id == status_id), None)
    if line is None:
        raise Http404("not there")
    lead = f"{country(line.country)}: {job(line.job) if line.job else _('every job')}, {CHANNELS[line.channel]}"
    return ask_once_more(
        request,
        WITHDRAW,
        reverse("country_statuses"),
        _way(_("Countries"), "country_statuses"),
        lead,
        status_id=status_id,
    )


@guarded("market.see_recruiting")
def recruiting(request: OfficeRequest) -> HttpResponse:
    """List what was seen of recruiting within reach, and what of it broke a rule."""
    only = request.GET.get("only") == "breaches"
    rows = [{**row, "what": RECRUITED[row["line"].what]} for row in seen(breaches=only)]
    context = {
        "rows": rows,
        "only": only,
        "basis": "PP59:47",
        "breaches": sum(bool(row["breach"]) for row in rows),
        "acts": [{"url": reverse("recruiting_new"), "label": RECORD.heading}] if may(request.actor, RECORD.verb) else [],
        "crumbs": [{"label": _("Recruiting"), "url": ""}],
    }
    return render(request, "office/market/recruiting.html", context)


@guarded("market.record_recruiting")
def recruiting_new(request: OfficeRequest) -> HttpResponse:
    """Write down recruiting that was seen."""
    change = Change(RECORD.verb, RECORD.form, RECORD.heading, RECORD.about, RECORD.submit, RECORD.done, RECORD.do, {"once": once()})
    return ask_once_more(request, change, reverse("recruiting"), _way(_("Recruiting"), "recruiting"))
