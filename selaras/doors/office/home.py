"""An officer's first page, by role, and the change to another posting or language."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.i18n import set_language

from selaras.doors.guard import OfficeRequest, guarded, public
from selaras.doors.office.language import KEY, known
from selaras.doors.office.navigation import rooms_for
from selaras.doors.office.panels import panels_for
from selaras.doors.worker.guard import keep_own_language
from selaras.ground.actions.officers import keep_language
from selaras.law.load import law


@guarded()
def home(request: OfficeRequest) -> HttpResponse:
    """Show the officer's first page."""
    role = law().role(request.post.role, timezone.localdate())
    label = "" if role is None else role.label_en if get_language() == "en" else role.label
    context = {"role_label": label, "panels": panels_for(request.actor), "cards": rooms_for(request.actor)}
    return render(request, "office/home.html", context)


@guarded()
def change_post(request: OfficeRequest) -> HttpResponse:
    """Act from now on in another of one's postings."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("home"))
    wanted = request.POST.get("post", "")
    if any(p.key == wanted for p in request.posts):
        request.session["post"] = wanted
    return HttpResponseRedirect(reverse("home"))


@public
def switch_language(request: Any) -> HttpResponseBase:
    """Change the language of the pages; that of whoever is signed in is kept for the next sign-in."""
    wanted = request.POST.get("language", "")
    if request.method == "POST" and known(wanted):
        keep_own_language(request, wanted)
    if request.method == "POST" and request.user.is_authenticated and known(wanted):
        request.session[KEY] = wanted
        keep_language(request.user.pk, wanted)
    return set_language(request)
