"""An officer's first page, by role, and the change from one posting to another."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.navigation import rooms_for
from selaras.doors.office.panels import panels_for
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
