"""The pages of parties abroad: employers, partner agencies, principals; entered, corrected, known for a problem or no longer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.market import forms
from selaras.doors.office.market.agencies import LIFT
from selaras.doors.office.market.changing import Change, acts_of, ask_once_more, listed, search
from selaras.doors.office.market.words import PARTY_KINDS, STANDINGS, STATES, country
from selaras.doors.office.paging import PAGE, at_page
from selaras.doors.party_names import party_name
from selaras.ground.act import may
from selaras.market.queries.parties import see_parties, see_party
from selaras.people.actions.parties import correct_party, enter_party, flag_problem
from selaras.people.queries.parties import party_by_key


def _enter(**told: Any) -> str:
    made = enter_party(**told)
    return reverse("market_agency" if made.kind == "agency" else "market_party", args=[made.key])


def _flag(party: str, **told: Any) -> None:
    flag_problem(key=party, **told)


def _correct(party: str, **told: Any) -> None:
    correct_party(key=party, **told)


ENTER = Change(
    "people.enter_party",
    forms.Enter,
    gettext_lazy("Enter a party"),
    gettext_lazy("Somebody with whom workers deal: an agency, an employer, a partner agency."),
    gettext_lazy("Enter"),
    gettext_lazy("Entered."),
    _enter,
)
CHANGES: dict[str, Change] = {
    "problem": Change(
        "people.flag_problem",
        forms.Flag,
        gettext_lazy("Put on the list of problems"),
        gettext_lazy("The list is published. From that day nothing new is agreed with this party."),
        gettext_lazy("Put on the list"),
        gettext_lazy("Written down."),
        _flag,
    ),
    "correct": Change(
        "people.correct_party",
        forms.Correct,
        gettext_lazy("Correct"),
        "",
        gettext_lazy("Correct"),
        gettext_lazy("Corrected."),
        _correct,
    ),
}  # fmt: skip


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Parties abroad"), "url": reverse("market_parties")}, *({"label": label, "url": url} for label, url in more)]


@guarded("market.see_parties")
def parties(request: OfficeRequest) -> HttpResponse:
    """List employers, partners and principals by name."""
    text, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "employer")
    kinds = {k: v for k, v in PARTY_KINDS.items() if k != "agency"}
    kind = kind if kind in kinds else "employer"
    found, total = see_parties(kind, text, "", (at_page(request) - 1) * PAGE, PAGE)
    rows = [
        {
            "url": reverse("market_party", args=[p.key]),
            "cells": [party_name(p), country(p.country), {"text": _("household") if p.individual else _("legal entity"), "tag": ""}, p.key],
        }
        for p in found
    ]  # fmt: skip
    columns = [(_("Name"), False), (_("Country"), False), (_("Form"), False), (_("Key"), False)]
    filters = search(text, _("Name"), ("kind", _("Kind"), list(kinds.items()), kind))
    context = {
        "answer": kinds[kind],
        "lead": _("With whom workers deal abroad."),
        "table": listed(request, columns, rows, total, filters=filters, empty={"title": _("No party fits.")}),
        "acts": [{"url": reverse("market_party_new"), "label": ENTER.heading}] if may(request.actor, ENTER.verb) else [],
        "crumbs": [{"label": _("Parties abroad"), "url": ""}],
    }
    return render(request, "office/market/list.html", context)


@guarded("people.enter_party")
def enter(request: OfficeRequest) -> HttpResponse:
    """Enter a party."""
    kind = request.GET.get("kind", "employer")
    change = Change(ENTER.verb, ENTER.form, ENTER.heading, ENTER.about, ENTER.submit, ENTER.done, ENTER.do, {"kind": kind})
    return ask_once_more(request, change, reverse("market_parties"), _crumbs())


@guarded("market.see_party")
def party(request: OfficeRequest, party: str) -> HttpResponse:
    """Show one party: where it stands, and the job orders in which it is named."""
    page = see_party(party)
    context = {
        "page": page,
        "name": party_name(page.party),
        "kind": PARTY_KINDS[page.party.kind],
        "country": country(page.party.country),
        "standings": [{"line": s, "kind": STANDINGS[s.kind]} for s in page.standings],
        "may_lift": may(request.actor, LIFT.verb),
        "orders": [{"line": o, "state": STATES[o.state]} for o in page.orders],
        "acts": acts_of(request, CHANGES, "market_party_change", party),
        "crumbs": _crumbs((party_name(page.party), "")),
    }
    return render(request, "office/market/party.html", context)


@guarded(*sorted({c.verb for c in CHANGES.values()}))
def party_change(request: OfficeRequest, party: str, party_act: str) -> HttpResponse:
    """Change one thing of a party."""
    line = party_by_key(party)
    if party_act not in CHANGES or line is None or line.kind == "agency":
        raise Http404("not there")
    url = reverse("market_party", args=[party])
    what = CHANGES[party_act]
    if party_act == "correct":
        told = {"name": line.name, "address": line.address, "number": line.number, "version": line.version}
        what = Change(what.verb, what.form, what.heading, what.about, what.submit, what.done, what.do, told)
    return ask_once_more(request, what, url, _crumbs((party_name(line), url)), party_name(line), party=party)


@guarded("people.lift_standing")
def lift(request: OfficeRequest, party: str, standing_id: UUID) -> HttpResponse:
    """Lift a warning, a suspension, a revocation or a problem of a party."""
    line = party_by_key(party)
    if line is None:
        raise Http404("not there")
    url = reverse("market_agency" if line.kind == "agency" else "market_party", args=[party])
    return ask_once_more(request, LIFT, url, _crumbs((line.name, url)), line.name, standing_id=standing_id)
