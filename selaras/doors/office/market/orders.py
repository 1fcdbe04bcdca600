"""The pages of job orders, of permits to recruit for them, and of cooperation agreements: asked, attested, issued, refused, closed."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.market import forms
from selaras.doors.office.market.changing import Change, acts_of, ask_once_more, listed, once, search
from selaras.doors.office.market.words import STATES, country, job, said
from selaras.doors.office.paging import PAGE, at_page
from selaras.doors.party_names import household
from selaras.ground.act import may
from selaras.market.actions.orders import ask_job_order, attest_job_order, close_job_order, refuse_job_order
from selaras.market.actions.partners import refuse_cooperation, verify_cooperation
from selaras.market.actions.permits import ask_permit, issue_permit, refuse_permit, withdraw_permit
from selaras.market.queries.agencies import see_partners
from selaras.market.queries.orders import see_job_order, see_job_orders, see_permits


def _ask(**told: Any) -> str:
    return reverse("job_order", args=[ask_job_order(**told).pk])


ASK = Change(
    "market.ask_job_order",
    forms.Order,
    gettext_lazy("Ask for a job order"),
    gettext_lazy("The mission of the employer's country looks at it and gives it its number."),
    gettext_lazy("Ask"),
    gettext_lazy("Asked. The mission decides now."),
    _ask,
)
CHANGES: dict[str, Change] = {
    "attest": Change(
        "market.attest_job_order",
        forms.Attest,
        gettext_lazy("Attest"),
        gettext_lazy("You have looked at the employer, the partner and the work. From now on the public can check the number."),
        gettext_lazy("Attest"),
        gettext_lazy("Attested."),
        attest_job_order,
    ),
    "refuse": Change(
        "market.refuse_job_order",
        forms.Why,
        gettext_lazy("Refuse"),
        gettext_lazy("The agency reads the reason."),
        gettext_lazy("Refuse"),
        gettext_lazy("Refused."),
        refuse_job_order,
    ),
    "permit": Change(
        "market.ask_permit",
        forms.AskPermit,
        gettext_lazy("Ask for the permit to recruit (SIP2MI)"),
        gettext_lazy("Nobody may be recruited before it is issued."),
        gettext_lazy("Ask"),
        gettext_lazy("Asked. The ministry decides now."),
        ask_permit,
    ),
    "close": Change(
        "market.close_job_order",
        forms.Why,
        gettext_lazy("Close"),
        gettext_lazy("From today no place is given. Places that were taken stay taken."),
        gettext_lazy("Close"),
        gettext_lazy("Closed."),
        close_job_order,
    ),
}  # fmt: skip
PERMITS: dict[str, Change] = {
    "issue": Change(
        "market.issue_permit",
        forms.Issue,
        gettext_lazy("Issue the permit"),
        gettext_lazy("It is for this job order and this agency only."),
        gettext_lazy("Issue"),
        gettext_lazy("Issued."),
        issue_permit,
    ),
    "refuse": Change(
        "market.refuse_permit",
        forms.Why,
        gettext_lazy("Refuse the permit"),
        gettext_lazy("The agency reads the reason and may ask again."),
        gettext_lazy("Refuse"),
        gettext_lazy("Refused."),
        refuse_permit,
    ),
    "withdraw": Change(
        "market.withdraw_permit",
        forms.Why,
        gettext_lazy("Withdraw the permit"),
        gettext_lazy("Yesterday was its last day."),
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdrawn."),
        withdraw_permit,
    ),
}  # fmt: skip
COOPERATIONS: dict[str, Change] = {
    "verify": Change(
        "market.verify_cooperation",
        forms.Nothing,
        gettext_lazy("Verify"),
        gettext_lazy("You have seen that the partner is real and that both keep the agreement."),
        gettext_lazy("Verify"),
        gettext_lazy("Verified."),
        verify_cooperation,
    ),
    "refuse": Change(
        "market.refuse_cooperation",
        forms.Why,
        gettext_lazy("Refuse"),
        gettext_lazy("The agency reads the reason."),
        gettext_lazy("Refuse"),
        gettext_lazy("Refused."),
        refuse_cooperation,
    ),
}  # fmt: skip
# What can be done with an order or a permit in a state; anything else would be refused.
IN_STATE = {"asked": ("attest", "refuse"), "attested": ("permit", "close"), "refused": (), "closed": ()}
PERMIT_IN_STATE = {"asked": ("issue", "refuse"), "issued": ("withdraw",), "refused": (), "withdrawn": ()}


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Job orders"), "url": reverse("job_orders")}, *({"label": label, "url": url} for label, url in more)]


def own_agency(request: OfficeRequest) -> str:
    """Give the key of the agency for which an officer acts; empty when she acts for none."""
    return next((code.partition(":")[2] for code in sorted(request.actor.reach) if code.startswith("party:")), "")


@guarded("market.see_job_orders")
def orders(request: OfficeRequest) -> HttpResponse:
    """List job orders: an agency's own, those of a mission's places, or all."""
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    states = {k: STATES[k] for k in ("asked", "attested", "refused", "closed")}
    state = state if state in states else ""
    found, total = see_job_orders(text, state, "", (at_page(request) - 1) * PAGE, PAGE)
    rows = [
        {
            "url": reverse("job_order", args=[o.id]),
            "cells": [
                o.number or _("no number yet"), o.title, o.agency_name, country(o.country), {
                    "text": STATES[o.state],
                    "tag": "blue" if o.state == "attested" else "",
                },
                o.left if o.number else None,
            ],
        }
        for o in found
    ]  # fmt: skip
    columns = [
        (_("Number"), False),
        (_("Job"), False),
        (_("Agency"), False),
        (_("Country"), False),
        (_("State"), False),
        (_("Places left"), True),
    ]
    acts = [{"url": reverse("job_order_new"), "label": ASK.heading}] if may(request.actor, ASK.verb) and own_agency(request) else []
    acts += [{"url": reverse("permits"), "label": _("Permits that wait")}] if may(request.actor, "market.see_permits") else []
    acts += [{"url": reverse("cooperations"), "label": _("Cooperation agreements")}] if may(request.actor, "market.see_partners") else []
    filters = search(text, _("Number, work, agency or employer"), ("state", _("State"), list(states.items()), state))
    context = {
        "answer": _("Job orders"),
        "lead": _("Places for one job with one employer; each attested by a mission."),
        "table": listed(request, columns, rows, total, filters=filters, empty={"title": _("No job order fits.")}),
        "acts": acts,
        "crumbs": [{"label": _("Job orders"), "url": ""}],
    }
    return render(request, "office/market/list.html", context)


@guarded("market.ask_job_order")
def ask(request: OfficeRequest) -> HttpResponse:
    """Ask for a job order of one's own agency."""
    agency = own_agency(request)
    if not agency:
        raise Http404("not there")
    change = Change(ASK.verb, ASK.form, ASK.heading, ASK.about, ASK.submit, ASK.done, ASK.do, {"once": once()})
    return ask_once_more(request, change, reverse("job_orders"), _crumbs(), agency=agency)


@guarded("market.see_job_order")
def order(request: OfficeRequest, order_id: UUID) -> HttpResponse:
    """Show one job order with its places, permits, and the QR that leads to its public page."""
    page = see_job_order(order_id)
    line = page.order
    url = f"{settings.SELARAS_PUBLIC_URL.rstrip('/')}{reverse('check_order', args=[line.code])}" if line.code else ""
    only = tuple(c for c in IN_STATE[line.state] if c != "permit" or not any(p.state in ("asked", "issued") for p in page.permits))
    context = {
        "page": page,
        "line": line,
        "said": said(page.standing),
        "state": STATES[line.state],
        "country": country(line.country),
        "employer": household(line.country, line.employer) if line.individual else line.employer_name,
        "job": job(line.job),
        "permits": [
            {
                "line": p,
                "state": STATES[p.state],
                "acts": acts_of(request, PERMITS, "permit_change", p.id, PERMIT_IN_STATE[p.state]),
            } for p in page.permits
        ],
        "public_url": url,
        # Drawn by us from our own address: nothing of it comes from anybody else.
        "qr": mark_safe(segno.make(url, error="m").svg_inline(scale=4, title=line.number)) if url else "",  # noqa: S308
        "acts": acts_of(request, CHANGES, "job_order_change", order_id, only),
        "crumbs": _crumbs((line.number or line.title, "")),
    }  # fmt: skip
    return render(request, "office/market/order.html", context)


@guarded(*sorted({c.verb for c in CHANGES.values()}))
def order_change(request: OfficeRequest, order_id: UUID, order_act: str) -> HttpResponse:
    """Decide about a job order, or ask for its permit."""
    if order_act not in CHANGES:
        raise Http404("not there")
    line = see_job_order(order_id).order
    url = reverse("job_order", args=[order_id])
    return ask_once_more(
        request,
        CHANGES[order_act],
        url,
        _crumbs((line.number or line.title, url)),
        f"{line.title}, {line.agency_name}",
        order_id=order_id,
    )


@guarded("market.see_permits")
def permits(request: OfficeRequest) -> HttpResponse:
    """List the permits that wait for a decision, the longest waiting first."""
    found, total = see_permits("asked", (at_page(request) - 1) * PAGE, PAGE)
    rows = [
        {"url": reverse("job_order", args=[o.id]), "cells": [o.number, o.title, o.agency_name, country(o.country)]}
        for _permit, o in found
    ]
    columns = [(_("Job order"), False), (_("Job"), False), (_("Agency"), False), (_("Country"), False)]
    context = {
        "answer": _("Permits to recruit (SIP2MI) that wait for a decision"),
        "lead": _("The longest waiting first."),
        "table": listed(request, columns, rows, total, empty={"title": _("No permit waits.")}),
        "crumbs": _crumbs((_("Permits that wait"), "")),
    }
    return render(request, "office/market/list.html", context)


@guarded(*sorted({c.verb for c in PERMITS.values()}))
def permit_change(request: OfficeRequest, permit_id: UUID, permit_act: str) -> HttpResponse:
    """Decide about a permit."""
    found = next((o for state in ("asked", "issued") for _permit, o in see_permits(state, permit=permit_id)[0]), None)
    if permit_act not in PERMITS or found is None:
        raise Http404("not there")
    url = reverse("job_order", args=[found.id])
    lead = f"{found.number}, {found.agency_name}"
    return ask_once_more(request, PERMITS[permit_act], url, _crumbs((found.number, url)), lead, permit_id=permit_id)


@guarded("market.see_partners")
def cooperations(request: OfficeRequest) -> HttpResponse:
    """List cooperation agreements with partners abroad: those that wait, or all."""
    states = {k: STATES[k] for k in ("asked", "verified", "refused")}
    state = request.GET.get("state", "asked")
    rows = [
        {
            "line": p,
            "state": STATES[p.state],
            "country": country(p.country),
            "acts": acts_of(request, COOPERATIONS, "cooperation_change", p.id) if p.state == "asked" else [],
        }
        for p in see_partners(state if state in states else "")
    ]  # fmt: skip
    filters = search("", "", ("state", _("State"), list(states.items()), state if state in states else ""))
    context = {"rows": rows, "filters": {**filters, "query": None}, "crumbs": _crumbs((_("Cooperation agreements"), ""))}
    return render(request, "office/market/cooperations.html", context)


@guarded(*sorted({c.verb for c in COOPERATIONS.values()}))
def cooperation_change(request: OfficeRequest, cooperation_id: UUID, cooperation_act: str) -> HttpResponse:
    """Verify or refuse a cooperation agreement."""
    line = next((p for p in see_partners() if p.id == cooperation_id), None)
    if cooperation_act not in COOPERATIONS or line is None:
        raise Http404("not there")
    url = reverse("cooperations")
    lead = f"{line.number}: {line.agency_name}, {line.partner_name}"
    return ask_once_more(
        request,
        COOPERATIONS[cooperation_act],
        url,
        _crumbs((_("Cooperation agreements"), url)),
        lead,
        cooperation_id=cooperation_id,
    )
