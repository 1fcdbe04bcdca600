"""Where a journey leads: the country, the agency, the employer and the job order, said as they become known."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys import words
from selaras.doors.office.journeys.doing import tell
from selaras.doors.office.journeys.forms import Lead
from selaras.doors.office.journeys.page import crumbs
from selaras.ground.act import Refused
from selaras.people.actions.aiming import aim_journey
from selaras.people.actions.journeys import Aim
from selaras.people.actions.stepping import MovedOn
from selaras.people.queries.journeys import open_journey


@guarded("people.aim_journey")
def lead(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Say where a journey leads."""
    view = open_journey(journey_id)
    first = {"version": view.version, "country": view.country, "agency": view.agency, "employer": view.employer, "job_order": view.job_order}
    form = Lead(request.POST or None, initial=first)
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        aim = Aim(data["country"].partition("-")[0], data["agency"], data["employer"], data["job_order"])
        try:
            aim_journey(journey_id=view.id, version=data["version"], aim=aim, once=data["once"])
        except MovedOn as fault:
            overtaken = words.moved_on(fault, view.scheme.id, view.started_on)
            form.data = form.data.copy()  # type: ignore[union-attr]
            form.data["version"] = str(fault.params["version"])
        except Refused as fault:
            tell(form, fault)
        else:
            messages.success(request, _("Written down."))
            return HttpResponseRedirect(reverse("journey", args=[view.id]))
    context = {
        "form": form, "view": view, "heading": _("Where does the journey lead?"), "submit": _("Write it down"), "overtaken": overtaken,
        "reasons": [], "crumbs": [*crumbs(view), {"label": _("Where it leads"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/journeys/ask.html", context, status=409 if overtaken else 422 if form.errors else 200)
