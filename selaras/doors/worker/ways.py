"""How she signs in: her telephones, what waits, her card; naming a new telephone, stopping one, ending her sessions."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from selaras.doors.office.people.faults import tell
from selaras.doors.worker.guard import OwnRequest, own_page
from selaras.doors.worker.passkeys import options_to_make
from selaras.doors.worker.signin import WRONG, Code, Phone
from selaras.people.actions.enrolling import stop_way
from selaras.people.actions.signing_in import ask_change, change_phone, end_sessions
from selaras.people.faults import Unfit
from selaras.people.queries.accounts import see_ways_in

CODE = "worker_new_phone"


@own_page("people.see_ways_in")
def ways(request: OwnRequest) -> HttpResponse:
    """Show how she signs in."""
    return render(request, "worker/ways.html", {"ways": see_ways_in(request.person_id), "options": options_to_make(request)})


@own_page("people.ask_change")
def new_phone(request: OwnRequest) -> HttpResponse:
    """Name a new telephone; it is sent a code."""
    form = Phone(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_change(phone=form.cleaned_data["phone"])
        except Unfit as unfit:
            tell(form, unfit, {})
        else:
            request.session[CODE] = str(asked.code_id)
            return HttpResponseRedirect(reverse("worker_phone_code"))
    return render(request, "worker/phone.html", {"form": form}, status=422 if form.errors else 200)


@own_page("people.change_phone")
def phone_code(request: OwnRequest) -> HttpResponse:
    """Take the code that the new telephone was sent."""
    awaited: Any = request.session.get(CODE)
    if not awaited:
        return HttpResponseRedirect(reverse("worker_phone"))
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if change_phone(code_id=UUID(awaited), code=form.cleaned_data["code"]).outcome == "wrong":
            form.add_error("code", WRONG)
        else:
            del request.session[CODE]
            return HttpResponseRedirect(reverse("worker_ways"))
    return render(request, "worker/code.html", {"form": form, "own": True}, status=422 if form.errors else 200)


@require_POST
@own_page("people.stop_way")
def stop(request: OwnRequest, way_id: UUID) -> HttpResponse:
    """Stop a telephone or card that waits."""
    stop_way(way_id=way_id)
    return HttpResponseRedirect(reverse("worker_ways"))


@require_POST
@own_page("people.end_sessions")
def end(request: OwnRequest) -> HttpResponse:
    """Sign out wherever she is signed in."""
    end_sessions()
    return HttpResponseRedirect(reverse("worker_sign_in"))
