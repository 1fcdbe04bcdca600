"""The pages of agencies: the list, one agency, and what may be changed of it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.market import forms
from selaras.doors.office.market.changing import Change, acts_of, ask_once_more, listed, once, search
from selaras.doors.office.market.words import MOVES, STANDINGS, STATES, country, rupiah, said
from selaras.doors.office.paging import PAGE, at_page
from selaras.ground.act import may
from selaras.market.actions.countries import admit_to_channel
from selaras.market.actions.licences import cash_deposit, grant_licence, top_up_deposit
from selaras.market.actions.partners import enter_cooperation
from selaras.market.queries.agencies import see_agencies, see_agency
from selaras.market.queries.recruiting import see_recruiting
from selaras.people.actions.parties import lift_standing, sanction
from selaras.people.queries.parties import party_by_key


def _sanction(kind: str) -> Any:
    def do(agency: str, **told: Any) -> None:
        sanction(key=agency, kind=kind, **told)

    return do


def _licence_of(agency: str) -> str:
    page = see_agency(agency)
    if not page.licences:
        raise Http404("not there")
    return page.licences[0].number


def _cash(agency: str, **told: Any) -> None:
    cash_deposit(licence=_licence_of(agency), **told)


def _top_up(agency: str, **told: Any) -> None:
    top_up_deposit(licence=_licence_of(agency), **told)


CHANGES: dict[str, Change] = {
    "licence": Change(
        "market.grant_licence",
        forms.Grant,
        gettext_lazy("Grant a licence"),
        gettext_lazy("For five years. A licence belongs to this agency only and is never handed on."),
        gettext_lazy("Grant"),
        gettext_lazy("Granted."),
        grant_licence,
    ),
    "cash": Change(
        "market.cash_deposit",
        forms.Money,
        gettext_lazy("Take from the deposit"),
        gettext_lazy("Until it is topped up, the agency gets nothing new."),
        gettext_lazy("Take"),
        gettext_lazy("Written down."),
        _cash,
    ),
    "top-up": Change(
        "market.top_up_deposit",
        forms.Money,
        gettext_lazy("Record a top-up of the deposit"),
        "",
        gettext_lazy("Record"),
        gettext_lazy("Written down."),
        _top_up,
    ),
    "warn": Change(
        "people.sanction",
        forms.Stand,
        gettext_lazy("Warn"),
        gettext_lazy("The first step of the ladder: a written warning."),
        gettext_lazy("Warn"),
        gettext_lazy("Written down."),
        _sanction("warned"),
    ),
    "suspend": Change(
        "people.sanction",
        forms.Stand,
        gettext_lazy("Suspend"),
        gettext_lazy("From that day the agency gets nothing new; what it has goes on, and so do its duties."),
        gettext_lazy("Suspend"),
        gettext_lazy("Suspended."),
        _sanction("suspended"),
    ),
    "revoke": Change(
        "people.sanction",
        forms.Stand,
        gettext_lazy("Revoke the licence"),
        gettext_lazy("The agency stays responsible for the workers who are still abroad."),
        gettext_lazy("Revoke"),
        gettext_lazy("Revoked."),
        _sanction("revoked"),
    ),
    "admit": Change(
        "market.admit_to_channel",
        forms.Admit,
        gettext_lazy("Admit to a restricted channel"),
        "",
        gettext_lazy("Admit"),
        gettext_lazy("Admitted."),
        admit_to_channel,
    ),
    "cooperation": Change(
        "market.enter_cooperation",
        forms.Cooperation,
        gettext_lazy("Enter a cooperation agreement"),
        gettext_lazy("The mission of the partner's country verifies it."),
        gettext_lazy("Enter"),
        gettext_lazy("Entered. The mission verifies it now."),
        enter_cooperation,
    ),
}  # fmt: skip
LIFT = Change(
    "people.lift_standing",
    forms.Why,
    gettext_lazy("Lift it"),
    gettext_lazy("Yesterday was its last day. What was written down stays."),
    gettext_lazy("Lift it"),
    gettext_lazy("Lifted."),
    lift_standing,
)


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Give the way to a page of an agency."""
    return [{"label": _("Agencies"), "url": reverse("market_agencies")}, *({"label": label, "url": url} for label, url in more)]


@guarded("market.see_agencies")
def agencies(request: OfficeRequest) -> HttpResponse:
    """List the agencies by name, with whether each is licensed today."""
    text = request.GET.get("q", "").strip()[:80]
    found, total = see_agencies(text, (at_page(request) - 1) * PAGE, PAGE)
    rows = [
        {
            "url": reverse("market_agency", args=[line.party.key]),
            "cells": [line.party.name, {"text": said(line.licence), "tag": "blue" if line.licence.met else "red"}, line.party.key],
        }
        for line in found
    ]
    columns = [(_("Agency"), False), (_("Licence (SIP3MI)"), False), (_("Key"), False)]
    context = {
        "answer": _("Placement agencies"),
        "lead": _("Whether each is licensed today."),
        "table": listed(request, columns, rows, total, filters=search(text, _("Name")), empty={"title": _("No agency fits.")}),
        "acts": [
            {"url": reverse("market_party_new") + "?kind=agency", "label": _("Enter a party")}
        ] if may(request.actor, "market.grant_licence") else [],
        "crumbs": [{"label": _("Agencies"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/market/list.html", context)


@guarded("market.see_agency")
def agency(request: OfficeRequest, agency: str) -> HttpResponse:
    """Show one agency: licences, deposit, where it stands, its partners, and what was seen of its recruiting."""
    page = see_agency(agency)
    own = request.actor.national or f"party:{agency}" in request.actor.reach
    only = tuple(c for c in CHANGES if c != "cooperation" or own)
    context = {
        "page": page,
        "said": said(page.licence),
        "licences": [
            {
                "line": line,
                "capital": rupiah(line.capital),
                "deposit": rupiah(line.deposit),
                "short": rupiah(line.short) if line.short else "",
            } for line in page.licences
        ],
        "moves": [{"line": m, "kind": MOVES[m.kind], "amount": rupiah(m.amount)} for m in page.moves],
        "standings": [{"line": s, "kind": STANDINGS[s.kind]} for s in page.standings if s.kind != "licensed"],
        "may_lift": may(request.actor, LIFT.verb) and request.actor.national,
        "partners": [{"line": p, "state": STATES[p.state], "country": country(p.country)} for p in page.partners],
        "seen": seen(agency) if may(request.actor, "market.see_recruiting") else None,
        "acts": acts_of(
            request,
            CHANGES,
            "market_agency_change",
            agency,
            only if page.licences else tuple(c for c in only if c not in ("cash", "top-up")),
        ),
        "crumbs": crumbs((page.party.name, "")),
    }  # fmt: skip
    return render(request, "office/market/agency.html", context)


def seen(agency: str = "", breaches: bool = False) -> list[dict[str, Any]]:
    """Give what was seen of recruiting as the templates take it."""
    return [
        {
            "line": line,
            "country": country(line.country),
            "breach": said(line.breach) if line.breach else "",
        } for line in see_recruiting(agency, breaches)
    ]


@guarded(*sorted({c.verb for c in CHANGES.values()}))
def agency_change(request: OfficeRequest, agency: str, agency_act: str) -> HttpResponse:
    """Change one thing of an agency."""
    party = party_by_key(agency)
    if agency_act not in CHANGES or party is None or party.kind != "agency":
        raise Http404("not there")
    url = reverse("market_agency", args=[agency])
    what = CHANGES[agency_act]
    if "once" in what.form.base_fields:
        what = Change(what.verb, what.form, what.heading, what.about, what.submit, what.done, what.do, {"once": once()})
    return ask_once_more(request, what, url, crumbs((party.name, url)), party.name, agency=agency)
