"""How a person signs in, at the desk: opening her page with proof, printing a card, letting a telephone in, stopping everything."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.people import words
from selaras.doors.office.people.faults import tell
from selaras.people.actions.cards import print_card
from selaras.people.actions.enrolling import (
    PAPERS,
    ask_enrolment,
    close_account,
    enrol_worker,
    second_way,
    stop_way,
)
from selaras.people.faults import Unfit
from selaras.people.queries.accounts import WaysIn, see_ways_in

CODE = "enrolling"
"""Where a session keeps whose telephone was sent a code, and under which id."""
PAPER_WORDS: words.Words = {
    "ktp": _("Identity card (KTP)"),
    "passport": _("Passport"),
    "splp": _("Emergency travel paper (SPLP)"),
    "seafarer_book": _("Seafarer's book"),
}
KINDS: words.Words = {"worker": _("a migrant worker, or one to be"), "family": _("family of a migrant worker")}
WHY: words.Words = {"lost": _("the telephone is lost"), "asked": _("she asked for it"), "misuse": _("somebody else uses it")}


def _seen() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Which paper do you see before you?"), choices=[("", "—"), *((p, PAPER_WORDS[p]) for p in PAPERS)],
    )  # fmt: skip


class Enrol(forms.Form):
    """A telephone that answers on the spot, and the paper that was seen."""

    paper = _seen()
    kind = forms.ChoiceField(label=_("Who is she?"), choices=list(KINDS.items()))
    phone = forms.CharField(
        label=_("The telephone in her hand"), max_length=40,
        help_text=_("With its country, such as +886 912 345 678. It need not be Indonesian."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip


class Said(forms.Form):
    """The code that she reads from her telephone."""

    code = forms.CharField(
        label=_("The code on her telephone"), max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip


class CardForm(forms.Form):
    """The paper that was seen before a card is printed."""

    paper = _seen()
    kind = forms.ChoiceField(label=_("Who is she?"), choices=list(KINDS.items()))


class Close(forms.Form):
    """Why every way in is stopped."""

    reason = forms.ChoiceField(label=_("Why?"), choices=list(WHY.items()))


def _page(request: OfficeRequest, person_id: UUID, **filled: forms.Form) -> HttpResponse:
    ways: WaysIn = see_ways_in(person_id, request.actor.address)
    context: dict[str, Any] = {
        "ways": ways, "kind": words.say(KINDS, ways.kind) if ways.kind else "", "close": Close(),
        "enrol": Enrol(auto_id="enrol_%s"), "card": CardForm(auto_id="card_%s"),
        "crumbs": _crumbs(person_id), **filled,
    }  # fmt: skip
    failed = any(form.errors for form in filled.values())
    return render(request, "office/people/ways.html", context, status=422 if failed else 200)


def _crumbs(person_id: UUID) -> list[dict[str, str]]:
    return [
        {"label": gettext("Find a person"), "url": reverse("people_find")},
        {"label": gettext("Person"), "url": reverse("person", args=[person_id])},
        {"label": gettext("Sign-in"), "url": ""},
    ]


@guarded("people.see_ways_in")
def ways(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Show how she signs in, and what can be done."""
    return _page(request, person_id)


@require_POST
@guarded("people.ask_enrolment")
def enrol(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Send a code to the telephone in her hand."""
    form = Enrol(request.POST, auto_id="enrol_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            asked = ask_enrolment(person_id=person_id, phone=data["phone"], paper=data["paper"], kind=data["kind"])
        except Unfit as unfit:
            tell(form, unfit, {})
        else:
            request.session[CODE] = [str(person_id), str(asked.code_id)]
            return HttpResponseRedirect(reverse("person_enrol_code", args=[person_id]))
    return _page(request, person_id, enrol=form)


@guarded("people.enrol_worker")
def enrol_code(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Take the code that she reads out; then her page is open, or the new telephone waits."""
    whose, code_id = request.session.get(CODE) or ("", "")
    if whose != str(person_id):
        return HttpResponseRedirect(reverse("person_ways", args=[person_id]))
    form = Said(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = enrol_worker(code_id=UUID(code_id), code=form.cleaned_data["code"])
        except Unfit as unfit:
            tell(form, unfit, {})
        else:
            if ended.outcome != "wrong":
                told = {
                    "opened": gettext("Her page is open: she signs in with this telephone."),
                    "waits": gettext("The new telephone waits one day, and the old one was told. A second officer lets it in at once."),
                    "again": gettext("This telephone stood there already."),
                }
                messages.success(request, told[ended.outcome])
                return HttpResponseRedirect(reverse("person_ways", args=[person_id]))
            form.add_error("code", gettext("This is not the code, or it has run out. Read it again, or send a new one."))
    context = {"form": form, "person_id": person_id, "crumbs": _crumbs(person_id)}
    return render(request, "office/people/ways_code.html", context, status=422 if form.errors else 200)


@require_POST
@guarded("people.print_card")
def card(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Show a new card, once, to be printed."""
    form = CardForm(request.POST, auto_id="card_%s")
    if not form.is_valid():
        return _page(request, person_id, card=form)
    printed = print_card(person_id=person_id, paper=form.cleaned_data["paper"], kind=form.cleaned_data["kind"])
    context = {"printed": printed, "waits": printed.since > timezone.now(), "crumbs": _crumbs(person_id)}
    return render(request, "office/people/ways_card.html", context)


@require_POST
@guarded("people.second_way", "people.stop_way")
def way(request: OfficeRequest, person_id: UUID, way_id: UUID) -> HttpResponse:
    """Let a telephone or card that waits open at once, as second officer, or stop it."""
    if request.POST.get("do") == "stop":
        stop_way(way_id=way_id)
    else:
        second_way(way_id=way_id)
    return HttpResponseRedirect(reverse("person_ways", args=[person_id]))


@require_POST
@guarded("people.close_account")
def close(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Stop every way in at once."""
    close_account(person_id=person_id, reason=request.POST.get("reason", ""))
    messages.success(request, gettext("Nobody signs in to this page any more."))
    return HttpResponseRedirect(reverse("person_ways", args=[person_id]))
