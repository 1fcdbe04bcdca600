"""The cost ledger of a journey, its receipts, and months of pay over agencies and countries."""

import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.contracts import words
from selaras.doors.office.contracts.forms import Cost, TakeBack
from selaras.doors.office.contracts.pages import PART
from selaras.doors.office.exporting import plain
from selaras.doors.office.journeys.words import article, label, say
from selaras.ground.act import Refused, may
from selaras.people.actions.facts import Scan
from selaras.people.faults import Unfit
from selaras.people.places import country_name
from selaras.place.actions.costs import add_cost, take_back_cost
from selaras.place.queries.costs import LEAST, CostLine, Costs, open_receipt, see_costs, see_months_of_pay


@guarded("place.see_costs")
def costs(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show the costs of a journey; take one more, or take a wrong one back."""
    view = see_costs(journey_id)
    sent = request.POST.get("cost_id") is not None
    form = Cost(None if sent else request.POST or None, None if sent else request.FILES or None, items=view.items)
    back = TakeBack(request.POST if sent else None)
    if request.method == "POST":
        done = _take_back(back) if sent else _add(form, view)
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("costs", args=[journey_id]))
    adds = may(request.actor, "place.add_cost") and view.open
    context = {
        "view": view, "scheme": label(view.scheme), "job": words.job(view.job) if view.job else "",
        "lines": [_line(line) for line in view.lines],
        "country": country_name(view.country, get_language() or "id") if view.country else "", "total": _rupiah(view.by_worker),
        "months": words.amount(view.months) if view.months is not None else "",
        "wage": f"{words.amount(view.wage[0])} {view.wage[1]}" if view.wage else "",
        "forbidden": sum(line.legality.value == "forbidden" and not line.taken_back_by for line in view.lines),
        "form": form if adds else None, "back_form": back if sent and back.errors else None,
        "may_take_back": may(request.actor, "place.take_back_cost"),
        "crumbs": [{"label": _("Journey"), "url": reverse("journey", args=[journey_id])}, {"label": _("Costs"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/contracts/costs.html", context, status=422 if form.errors or back.errors else 200)


def _add(form: Cost, view: Costs) -> str:
    if not form.is_valid():
        return ""
    told = form.cleaned_data
    upload = told["receipt"]
    if upload is not None and getattr(upload, "fault", ""):
        form.add_error("receipt", words.fault(upload.fault, {}))
        return ""
    try:
        add_cost(
            journey_id=view.journey_id, item=told["item"], payer=told["payer"], amount=told["amount"], currency=told["currency"],
            paid_on=told["paid_on"], words=told["words"], once=told["once"],
            receipt=Scan(upload.chunks(PART), upload.name or "") if upload is not None else None,
        )  # fmt: skip
    except Unfit as unfit:
        for fault in unfit.faults:
            form.add_error(fault.field if fault.field in form.fields else None, words.fault(fault.code, fault.params))
        return ""
    return _("The cost is written down.")


def _take_back(form: TakeBack) -> str:
    if not form.is_valid():
        return ""
    try:
        take_back_cost(**form.cleaned_data)
    except Refused as fault:
        if fault.code not in words.REFUSALS:
            raise
        form.add_error(None, say(words.REFUSALS, fault.code) % fault.params)
        return ""
    return _("The payment is taken back; it stays readable.")


def _line(line: CostLine) -> dict[str, Any]:
    english = get_language() == "en"
    return {
        "line": line, "item": label(line.item) if line.item else "", "payer": say(words.PAYERS, line.payer),
        "amount": words.amount(line.amount), "legal": say(words.LEGAL, line.legality.value), "basis": article(line.legality.basis),
        "who": ", ".join(say(words.PAYERS, payer) for payer in line.legality.payers),
        "note": line.legality.note_en if english else line.legality.note,
        "voice": line.receipt in ("ogg", "mp3", "amr", "webm", "wav", "m4a"),
    }  # fmt: skip


def _rupiah(value: Any) -> str:
    return f"Rp{words.amount(value)}" if value is not None else ""


@guarded("place.open_receipt")
def receipt(request: OfficeRequest, cost_id: UUID) -> StreamingHttpResponse:
    """Give a receipt as a file of a neutral name; browsers keep no copy."""
    opened = open_receipt(cost_id)
    return StreamingHttpResponse(
        opened.parts, content_type=opened.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{opened.name}"', "Content-Length": str(opened.size), "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip


@guarded("place.see_months_of_pay")
def months(request: OfficeRequest) -> HttpResponse:
    """Show months of pay over agencies and countries; what is over too few workers is hidden and says so."""
    language = get_language() or "id"
    found = see_months_of_pay()
    whole = next((line.figure for line in found if line.agency is None and line.country is None), None)
    context = {
        "whole": whole, "mean": words.amount(whole.all.mean) if whole and whole.all else "", "least": LEAST,
        "rows": [
            {
                "agency": _("all agencies") if line.agency is None else line.agency_name or _("no agency"),
                "country": _("all countries") if line.country is None else country_name(line.country, language) if line.country else "—",
                "figure": line.figure, "all": _spread(line.figure.all), "payers": _spread(line.figure.payers),
            }
            for line in found
        ],
        "crumbs": [{"label": _("Months of pay"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/contracts/months.html", context)


FILE = (
    "indicator", "as_of", "agency", "agency_name", "country", "hidden", "workers", "mean", "median", "payers_hidden", "payers", "payers_mean",
    "payers_median",
)  # fmt: skip


@guarded("place.see_months_of_pay")
def months_file(request: OfficeRequest) -> HttpResponse:
    """Give the same lines as a file for spreadsheets; what is hidden on the page has no figure here either."""
    out, today = io.StringIO(), timezone.localdate().isoformat()
    writer = csv.DictWriter(out, FILE)
    writer.writeheader()
    for line in see_months_of_pay():
        figure = line.figure
        told = {"indicator": "10.7.1", "as_of": today, "hidden": int(figure.hidden), "payers_hidden": int(figure.payers_hidden)}
        told |= {"agency": "*" if line.agency is None else line.agency, "country": "*" if line.country is None else line.country}
        told |= {"agency_name": plain(line.agency_name), **_cells("workers", "mean", "median", figure.all)}
        writer.writerow(told | _cells("payers", "payers_mean", "payers_median", figure.payers))
    return HttpResponse(
        out.getvalue().encode("utf-8-sig"),  # with its mark, so that spreadsheets read it as UTF-8
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="months-of-pay-{today}.csv"'},
    )  # fmt: skip


def _cells(count: str, mean: str, middle: str, spread: Any) -> dict[str, str]:
    return {} if spread is None else {count: str(spread.workers), mean: str(spread.mean), middle: str(spread.median)}


def _spread(spread: Any) -> dict[str, Any] | None:
    return None if spread is None else {"workers": spread.workers, "mean": words.amount(spread.mean), "median": words.amount(spread.median)}
