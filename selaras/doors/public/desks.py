"""My nearest desk: the offices that serve a village, district or regency, by its name."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from selaras.doors.guard import public
from selaras.doors.public.asking import Ask
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import english
from selaras.ground.queries.desks import desks_of, place, places_named

LIMIT = 20
FOR_WHAT: dict[str, str | Promise] = {
    "desk": _("All services under one roof: information, registration, checking of papers, complaints."),
    "village": _("The first place to ask: letters about your family, and who has come to recruit in the village."),
    "regency": _("Registers candidates, checks offers and agencies, and knows the placement agreement before you sign it."),
    "bp3mi": _("The ministry's own office: checks whether everything is complete before departure, and takes complaints."),
    "province": _("The labour office of the province, when the regency cannot answer."),
}


@csrf_exempt
@public
@paced
def desks(request: HttpRequest) -> HttpResponse:
    """Ask for a place by its name; one that is surely meant leads straight to its desks."""
    form = Ask(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = places_named(form.cleaned_data["q"], LIMIT)
        if len(found) == 1:
            return HttpResponseRedirect(reverse("desk", args=[found[0].code]))
        context |= {"asked": form.cleaned_data["q"], "rows": found[:LIMIT], "more": len(found) > LIMIT}
    return render(request, "public/desks.html", context, status=422 if form.errors else 200)


@public
@paced
def desk(request: HttpRequest, area: str) -> HttpResponse:
    """List the offices that serve a place, the one to ask first at the top."""
    found = place(area)
    if found is None:
        raise Http404("not there")
    told = [{"name": d.name_en if english() else d.name, "what": FOR_WHAT[d.kind], "unsure": d.unsure} for d in desks_of(area)]
    return render(request, "public/desk.html", {"place": found, "desks": told})
