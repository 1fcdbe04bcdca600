"""Offer, agreement, contract, arrival and payslip side by side; a document written down; a difference reported."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.contracts import words
from selaras.doors.office.contracts.forms import Document, Report
from selaras.doors.office.journeys.words import article, label, say
from selaras.ground.act import Refused, may
from selaras.people.actions.facts import Scan
from selaras.people.faults import Unfit
from selaras.place.actions.contracts import Stated, extend_contract, report_difference, write_document
from selaras.place.queries.contracts import Contracts, see_contracts

PART = 1024 * 1024
CONTRACT, EXTENSION = "contract", "extension"
FIELDS = {"employer_name": "employer", "employer_address": "place", "terms": "hours"}


@guarded("place.see_contracts")
def contracts(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show the documents of a journey side by side."""
    return render(request, "office/contracts/contracts.html", _context(request, see_contracts(journey_id)))


def _context(request: OfficeRequest, view: Contracts) -> dict[str, Any]:
    writes, extends = may(request.actor, "place.write_document") and view.open, may(request.actor, "place.extend_contract") and view.open
    has = CONTRACT in view.kinds
    kinds = [kind for kind in words.DOCUMENTS if writes and not (kind == CONTRACT and has and view.left)]
    return {
        "view": view, "scheme": label(view.scheme), "heads": [say(words.DOCUMENTS, kind) for kind in view.kinds],
        "rows": [
            {"name": say(words.FIELDS, row.field), "values": [words.stated(row.field, v, view.currencies[k]) for k, v in row.values],
             "differs": bool(row.differences)}
            for row in view.rows
        ],
        "differences": [
            {
                "line": line, "field": say(words.FIELDS, line.found.field), "basis": article(line.basis),
                "text": words.difference(line.found.reason.code, line.found.reason.params),
                "between": f"{say(words.DOCUMENTS, line.found.earlier)} → {say(words.DOCUMENTS, line.found.later)}",
            }
            for line in view.differences
        ],
        "worse": sum(line.found.worse is True for line in view.differences),
        "documents": [
            {"line": line, "kind": say(words.DOCUMENTS, line.kind), "doubts": [words.fault(d["code"], d["params"]) for d in line.doubts]}
            for line in view.documents
        ],
        "may_report": may(request.actor, "place.report_difference"), "may_costs": may(request.actor, "place.see_costs"),
        "writes": [{"kind": kind, "name": say(words.DOCUMENTS, kind)} for kind in kinds], "extends": extends and has,
        "crumbs": _crumbs(view),
    }  # fmt: skip


def _crumbs(view: Contracts, last: str = "") -> list[dict[str, str]]:
    here = {"label": _("Contracts"), "url": reverse("contracts", args=[view.journey_id]) if last else ""}
    found = [{"label": _("Journey"), "url": reverse("journey", args=[view.journey_id])}, here]
    return [*found, {"label": last, "url": ""}] if last else found


@guarded("place.write_document", "place.extend_contract")
def write(request: OfficeRequest, journey_id: UUID, document: str) -> HttpResponse:
    """Write a document down, or extend a contract; what is refused stands beside its field and nothing typed is lost."""
    view = see_contracts(journey_id)
    if document not in (*words.DOCUMENTS, EXTENSION):
        raise Http404
    kind = CONTRACT if document == EXTENSION else document
    changes = kind == CONTRACT and CONTRACT in view.kinds
    terms = view.terms if kind == CONTRACT else ()
    form = Document(request.POST or None, request.FILES or None, terms=terms, changes=changes)
    if request.method == "POST" and form.is_valid():
        try:
            done = _keep(form, view, kind, extends=document == EXTENSION)
        except Unfit as unfit:
            for fault in unfit.faults:
                name = FIELDS.get(fault.field, fault.field)
                name = name if name in form.fields else f"term_{fault.field}"
                basis = words.basis_of(fault.field, view.scheme.id, view.started_on)
                form.add_error(name if name in form.fields else None, words.fault(fault.code, fault.params, basis))
        except Refused as fault:
            if fault.code not in words.REFUSALS:
                raise
            form.add_error("consented" if fault.code == "no_consent" and changes else None, say(words.REFUSALS, fault.code) % fault.params)
        else:
            if done is not None:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("contracts", args=[journey_id]))
    heading = _("Extend the contract") if document == EXTENSION else say(words.DOCUMENTS, kind)
    context = {
        "form": form, "view": view, "heading": heading, "contract": kind == CONTRACT, "multipart": True,
        "back": reverse("contracts", args=[journey_id]), "crumbs": _crumbs(view, heading),
    }  # fmt: skip
    return render(request, "office/contracts/write.html", context, status=422 if form.errors else 200)


def _keep(form: Document, view: Contracts, kind: str, *, extends: bool) -> str | None:
    told = form.cleaned_data
    upload = told.get("file")
    if upload is not None and getattr(upload, "fault", ""):
        form.add_error("file", words.fault(upload.fault, {}))
        return None
    stated = Stated(
        signed_on=told["signed_on"], until=told["until"], country=view.country, job=told["job"], wage=told["wage"], currency=told["currency"],
        per=told["per"], hours=told["hours"], employer=told["employer"].strip(), place=told["place"].strip(), deductions=told["deductions"],
        terms=form.terms(),
    )  # fmt: skip
    scan = Scan(upload.chunks(PART), upload.name or "") if upload is not None else None
    consented = bool(told.get("consented"))
    if extends:
        kept = extend_contract(journey_id=view.journey_id, stated=stated, consented=consented, scan=scan, once=told["once"])
    else:
        kept = write_document(journey_id=view.journey_id, kind=kind, stated=stated, consented=consented, scan=scan, once=told["once"])
    doubts = " ".join(words.fault(d["code"], d["params"]) for d in kept.doubts)
    said = _("Written down.")
    return f"{said} {doubts}".strip()


@require_POST
@guarded("place.report_difference")
def report(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Report a difference as it stands now."""
    form = Report(request.POST)
    if not form.is_valid():
        see_contracts(journey_id)  # who does not see the journey is told that it is not there
        raise Refused("unfit")
    try:
        report_difference(journey_id=journey_id, **form.cleaned_data)
    except Refused as fault:
        if fault.code not in words.REFUSALS:
            raise
        messages.error(request, say(words.REFUSALS, fault.code) % fault.params)
    else:
        messages.success(request, _("Reported. Both documents are kept as they are now."))
    return HttpResponseRedirect(reverse("contracts", args=[journey_id]))
