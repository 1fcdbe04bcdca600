"""The page of offices for the administrator: which there are, who is posted, what they see, which telephones are an agency's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.kinds import OFFICE_KINDS
from selaras.doors.office.people.faults import SENTENCES
from selaras.doors.office.reach_words import place_names
from selaras.ground.queries.offices import see_offices
from selaras.people.actions.enrolling import add_office_phone
from selaras.people.faults import Unfit

LIMIT = 100


@guarded("ground.see_offices")
def offices(request: OfficeRequest) -> HttpResponse:
    """List offices by kind and name."""
    kind, text = request.GET.get("kind", "mission"), request.GET.get("q", "").strip()
    lines = see_offices(kind=kind if kind in OFFICE_KINDS else "", text=text, limit=LIMIT)
    rows = [{"line": line, "kind": OFFICE_KINDS.get(line.kind, line.kind), "places": place_names(line.reach)} for line in lines]
    options = [{"value": "all", "label": _("all"), "chosen": kind not in OFFICE_KINDS}] + [
        {"value": k, "label": label, "chosen": k == kind} for k, label in OFFICE_KINDS.items()
    ]
    filters = {
        "query": text,
        "query_label": _("Name"),
        "selects": [{"name": "kind", "label": _("Kind"), "options": options}],
    }
    context = {
        "rows": rows,
        "phones": kind == "agency",
        "filters": filters,
        "limit": LIMIT if len(rows) == LIMIT else None,
        "crumbs": [{"label": _("Offices"), "url": ""}],
    }
    return render(request, "office/offices/list.html", context)


@require_POST
@guarded("people.add_office_phone")
def phone(request: OfficeRequest, office_id: UUID) -> HttpResponse:
    """Enter a telephone of an agency: nobody is enrolled with it."""
    try:
        add_office_phone(office_id=office_id, phone=request.POST.get("phone", ""))
    except Unfit as unfit:
        messages.error(request, str(SENTENCES[unfit.faults[0].code]))
    else:
        messages.success(request, _("Entered: no worker signs in with this telephone."))
    return HttpResponseRedirect(reverse("offices") + "?kind=agency")
