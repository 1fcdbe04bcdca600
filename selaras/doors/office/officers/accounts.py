"""Switching an officer's account off and on, taking the second step away, unlocking: each asked for once more, then done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.officers.forms import NoReason, Why
from selaras.doors.office.officers.listing import crumbs
from selaras.doors.office.signin import forget_lock, tell_of_reset
from selaras.ground.act import may
from selaras.ground.actions.officers import reset_second_step, switch_off_officer, switch_on_officer, unlock_officer
from selaras.ground.queries.officers import see_officer

Text = str | Promise


def _off(request: OfficeRequest, officer_id: UUID, data: dict[str, Any]) -> None:
    switch_off_officer(officer_id=officer_id, reason=data["reason"])


def _on(request: OfficeRequest, officer_id: UUID, data: dict[str, Any]) -> None:
    switch_on_officer(officer_id=officer_id, reason=data["reason"])


def _reset(request: OfficeRequest, officer_id: UUID, data: dict[str, Any]) -> None:
    tell_of_reset(request, reset_second_step(officer_id=officer_id, reason=data["reason"]))


def _unlock(request: OfficeRequest, officer_id: UUID, data: dict[str, Any]) -> None:
    forget_lock(request, unlock_officer(officer_id=officer_id))


# The last part of the address: its verb, its form, heading, what it does, the button, what is said afterwards.
CHANGES: dict[
    str, tuple[str, type[forms.Form], Text, Text, Text, Text, Callable[[OfficeRequest, UUID, dict[str, Any]], None]]
] = {
    "off": (
        "ground.switch_off_officer",
        Why,
        _("Switch the account off"),
        _("She is signed out everywhere at once and cannot sign in. Her postings stay."),
        _("Switch the account off"),
        _("Switched off, and signed out everywhere."),
        _off,
    ),
    "on": (
        "ground.switch_on_officer",
        Why,
        _("Switch the account on"),
        _("She can sign in again. Look at her postings before."),
        _("Switch the account on"),
        _("Switched on."),
        _on,
    ),
    "second-step": (
        "ground.reset_second_step",
        Why,
        _("Take the second step away"),
        _(
            "Authenticator, passkeys and recovery codes are removed and she is signed out everywhere. "
            "She must set a second step up when she signs in next. "
            "Be sure who asks: call her back on the number that the office has."
        ),
        _("Take it away"),
        _("Taken away, and signed out everywhere. She was told by e-mail."),
        _reset,
    ),
    "unlock": (
        "ground.unlock_officer",
        NoReason,
        _("Unlock the account"),
        _("After too many wrong passwords or codes she can try again at once."),
        _("Unlock"),
        _("Unlocked."),
        _unlock,
    ),
}


@guarded("ground.switch_off_officer", "ground.switch_on_officer", "ground.reset_second_step", "ground.unlock_officer")
def account(request: OfficeRequest, officer_id: UUID, change: str) -> HttpResponse:
    """Ask once more, then change the account."""
    if change not in CHANGES or not may(request.actor, CHANGES[change][0]):
        raise Http404
    _verb, kind, heading, about, submit, said, do = CHANGES[change]
    line = see_officer(officer_id)
    url = reverse("officer", args=[line.id])
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        do(request, line.id, form.cleaned_data)
        messages.success(request, str(said))
        return HttpResponseRedirect(url)
    context = {
        "form": form,
        "heading": heading,
        "lead": line.name,
        "about": about,
        "submit": submit,
        "cancel_url": url,
        "crumbs": crumbs((line.name, url), (str(heading), "")),
    }
    return render(request, "office/officers/form.html", context, status=422 if form.errors else 200)
