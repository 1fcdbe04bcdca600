"""The page of offices for the administrator: which there are, who is posted, what they see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.kinds import OFFICE_KINDS
from selaras.doors.office.reach_words import place_names
from selaras.ground.queries.offices import see_offices

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
        "filters": filters,
        "limit": LIMIT if len(rows) == LIMIT else None,
        "crumbs": [{"label": _("Offices"), "url": ""}],
    }
    return render(request, "office/offices/list.html", context)
