"""Signing in: a telephone and the code that it is sent, or a card from the desk; every number gets the same answer."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import public
from selaras.doors.worker.guard import KEY, begin, device_of, leave
from selaras.doors.worker.passkeys import options_to_enter, trouble
from selaras.ground.act import as_job
from selaras.ground.keyring import ring
from selaras.ground.queries.notices import outbox
from selaras.people.actions.signing_in import SignedIn, ask_code, enter_card, enter_code, tidy
from selaras.people.numbers import spelling

CODE = "worker_code"
"""Where a session keeps under which id a code is awaited; never an address."""


class Phone(forms.Form):
    """The telephone that signs in."""

    phone = forms.CharField(
        label=_("Your telephone"), max_length=40,
        help_text=_("With the country, such as +62 812 3456 7890 or +886 912 345 678."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip


class Code(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("The six digits"), max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class CardForm(forms.Form):
    """A card and one of its codes."""

    number = forms.CharField(label=_("Number of the card"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    code = forms.CharField(
        label=_("One code that you have not used yet"), max_length=20,
        help_text=_("Cross it out on the card afterwards: each code opens once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


WRONG = _("This does not open. Look at it again; after several wrong tries wait an hour, or go to a desk or mission.")
OFTEN = _("That was too often. Wait ten minutes, then try once more.")


def _too_often(request: HttpRequest, action: str, key: str) -> bool:
    """Count a try; by the keyed index of what was typed, so that no number rests in the cache."""
    return not ratelimit.consume(request, action=action, key=str(ring().index_of("limit", key)))


def _page(request: HttpRequest, name: str, form: forms.Form, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, f"worker/{name}.html", {"form": form, "outbox": _has_outbox(), **more}, status=status)


@public
def sign_in(request: Any) -> HttpResponse:
    """Ask for the telephone; send the code; lead on, whatever was typed."""
    if request.method != "POST" and request.session.get(KEY):
        return HttpResponseRedirect(reverse("worker_home"))
    form = Phone(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone, device = form.cleaned_data["phone"], device_of(request)
        if _too_often(request, "worker_code", str(device.id) if device else spelling("phone", phone) or phone):
            form.add_error(None, OFTEN)
        else:
            with as_job("sign_in"):
                code_id = ask_code(phone=phone, device=device)
            request.session[CODE] = str(code_id)
            return HttpResponseRedirect(reverse("worker_code"))
    return _page(request, "sign_in", form, options=options_to_enter(request), trouble=trouble(request))


@public
def code(request: Any) -> HttpResponse:
    """Take the code; a wrong one is told as wrong, and nothing tells whether the telephone is known."""
    awaited = request.session.get(CODE)
    if not awaited:
        return HttpResponseRedirect(reverse("worker_sign_in"))
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = None if _too_often(request, "worker_try", awaited) else _opened(awaited, form.cleaned_data["code"])
        if opened is not None:
            return begin(request, opened, "code")
        form.add_error("code", WRONG)
    return _page(request, "code", form)


def _opened(code_id: str, typed: str) -> SignedIn | None:
    with as_job("sign_in"):
        return enter_code(code_id=code_id, code="".join(typed.split()))


@public
def card(request: Any) -> HttpResponse:
    """Take a card's number and one of its codes."""
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        opened = None
        if not _too_often(request, "worker_try", tidy(number)):
            with as_job("sign_in"):
                opened = enter_card(number=number, code=form.cleaned_data["code"])
        if opened is not None:
            return begin(request, opened, "card")
        form.add_error("code", WRONG)
    return _page(request, "card", form)


@require_POST
@public
def out(request: Any) -> HttpResponse:
    """Sign out; the session's cookie is of no use from then on."""
    leave(request, "asked")
    return HttpResponseRedirect(reverse("worker_sign_in"))


def _has_outbox() -> bool:
    return settings.SELARAS_MODE in ("demo", "test") and not settings.SELARAS_NOTICE_URL


@public
def messages_sent(request: HttpRequest) -> HttpResponse:
    """Show the outbox, in the demo and in tests only: there the codes are read that a telephone would receive."""
    if not _has_outbox():
        raise Http404("not there")
    return render(request, "worker/outbox.html", {"messages_sent": outbox()})
