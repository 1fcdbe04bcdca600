"""An officer's first page, by role, and the change from one posting to another."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.law.load import law


@guarded()
def home(request: OfficeRequest) -> HttpResponse:
    """Show the officer's first page."""
    role = law().role(request.post.role, timezone.localdate())
    return render(request, "office/home.html", {"role": role})


@require_POST
@guarded()
def change_post(request: OfficeRequest) -> HttpResponse:
    """Act from now on in another of one's postings."""
    wanted = request.POST.get("post", "")
    if any(p.key == wanted for p in request.posts):
        request.session["post"] = wanted
    return HttpResponseRedirect(reverse("home"))
