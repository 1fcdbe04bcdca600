"""Is this agency licensed today? By name, half-remembered too, or by the number of its licence."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from selaras.doors.guard import public
from selaras.doors.public.asking import Ask
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import country, told
from selaras.market.jobs import job_name
from selaras.market.queries.agencies import agencies_named, licensed_on
from selaras.market.queries.orders import open_orders_of
from selaras.people.places import area_names
from selaras.people.queries.parties import party_by_key


# Nothing is changed by asking, so no token is asked for: a form that was open over night still works.
@csrf_exempt
@public
@paced
def agencies(request: HttpRequest) -> HttpResponse:
    """Ask for an agency; one that is surely meant leads straight to its page."""
    form = Ask(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = agencies_named(form.cleaned_data["q"])
        if len(found) == 1:
            return HttpResponseRedirect(reverse("check_agency", args=[found[0].party.key]))
        rows = [{"party": line.party, "met": line.licence.met, "said": told(line.licence)} for line in found]
        context |= {"asked": form.cleaned_data["q"], "rows": rows}
    return render(request, "public/check/agencies.html", context, status=422 if form.errors else 200)


@public
@paced
def agency(request: HttpRequest, agency: str) -> HttpResponse:
    """Say whether this agency is licensed today, and for which job orders it looks for workers."""
    party = party_by_key(agency)
    if party is None or party.kind != "agency":
        raise Http404("not there")
    answer = licensed_on(agency)
    language = get_language() or "id"
    orders = [{"line": o, "country": country(o.country), "job": job_name(o.job, language)} for o in open_orders_of(party.id)]
    context = {
        "party": party,
        "answer": answer,
        "said": told(answer),
        "seat": area_names([party.area]).get(party.area, "") if party.area else "",
        "orders": orders if answer.met else [],
        "until": dt.date.fromisoformat(answer.params["until"]) if answer.met else None,
        "today": timezone.localdate(),
    }
    return render(request, "public/check/agency.html", context)
