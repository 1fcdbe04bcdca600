"""One journey's card: how it stands, what may be done with it, and the paper to hand over; each works without JavaScript."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.cards import words
from selaras.doors.office.cards.forms import Issue, Lift, Of, Replace, Revoke, Suspend
from selaras.doors.office.journeys.words import article, label, note, say
from selaras.doors.office.templatetags.face import day
from selaras.doors.papers.card import card_pdf
from selaras.ground.act import Refused, may
from selaras.people.places import country_name
from selaras.place.actions.passes import (
    LOOKED_INTO,
    Issued,
    issue_pass,
    lift_pass,
    renew_pass,
    replace_pass,
    revoke_pass,
    suspend_pass,
)
from selaras.place.queries.passes import Handed, Passes, PassLine, open_pass, see_passes
from selaras.place.signing import verifier_address

Doing = tuple[str, type[forms.Form], Callable[[dict[str, Any], UUID], Issued], str | Promise, str | Promise]
# What is done: its verb, its form, how it is called, the button, and what is said afterwards.
DOINGS: dict[str, Doing] = {
    "issue": (
        "issue_pass", Issue, lambda told, journey_id: issue_pass(journey_id=journey_id, once=told["once"]),
        _("Issue the card"), _("The card %(number)s is issued; it holds until %(until)s."),
    ),
    "renew": (
        "renew_pass", Of, lambda told, _id: renew_pass(**told),
        _("Register again: a new card"), _("The card %(number)s is issued; it holds until %(until)s."),
    ),
    "replace": (
        "replace_pass", Replace, lambda told, _id: replace_pass(**told),
        _("Issue another card in its place"), _("The card %(number)s takes its place; the one before holds no more."),
    ),
    "suspend": (
        "suspend_pass", Suspend, lambda told, _id: suspend_pass(**told),
        _("Suspend the card"), _("The card %(number)s is suspended; the status list says so from now on."),
    ),
    "lift": ("lift_pass", Lift, lambda told, _id: lift_pass(**told), _("Let the card hold again"), _("The card %(number)s holds again.")),
    "revoke": (
        "revoke_pass", Revoke, lambda told, _id: revoke_pass(**told),
        _("Revoke the card for good"), _("The card %(number)s is revoked; the status list says so from now on."),
    ),
}  # fmt: skip


@guarded("place.see_passes")
def cards(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show the cards of a journey, and what may be done with the newest."""
    return _page(request, see_passes(journey_id), {})


@require_POST
@guarded(*sorted({f"place.{doing[0]}" for doing in DOINGS.values()}))
def do(request: OfficeRequest, journey_id: UUID, card_act: str) -> HttpResponse:
    """Do one thing with the card; what is refused is said beside its form."""
    if card_act not in DOINGS:
        raise Http404
    _verb, kind, call, _button, done = DOINGS[card_act]
    form = kind(request.POST)
    if form.is_valid():
        try:
            found = call(form.cleaned_data, journey_id)
        except Refused as fault:
            sentence = words.refusal(fault.code, fault.params)
            if sentence is None:
                raise
            form.add_error("words" if fault.code == "no_reason" and "words" in form.fields else None, sentence)
        else:
            messages.success(request, str(done) % {"number": found.number, "until": day(found.until)})
            return HttpResponseRedirect(reverse("cards", args=[journey_id]))
    return _page(request, see_passes(journey_id), {card_act: form}, 422)


@guarded("place.open_pass")
def paper(request: OfficeRequest, pass_id: UUID) -> HttpResponse:
    """Give the card as a PDF to print; its name tells nothing of whose it is."""
    return as_paper(open_pass(pass_id))


def as_paper(found: Handed) -> HttpResponse:
    """Lay a card out on paper; the address before its code leads to the verifier's page, and the token behind the # is never sent there."""
    country = country_name(found.card.country, get_language() or "id")
    answer = HttpResponse(card_pdf(found.card, found.text, country, timezone.localdate(), verifier_address()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.card.number}.pdf"'
    return answer


def _page(request: OfficeRequest, view: Passes, sent: Mapping[str, forms.Form], status: int = 200) -> HttpResponse:
    newest = view.newest
    wanted = [name for name in _possible(view, newest) if may(request.actor, f"place.{DOINGS[name][0]}") and (name != "issue" or view.mine)]
    context = {
        "view": view, "scheme": label(view.scheme), "country": country_name(view.country, get_language() or "id") if view.country else "",
        "newest": _line(newest) if newest else None, "earlier": [_line(one) for one in view.lines[1:]],
        "before": [label(s) for s in view.before], "basis": article(view.step.basis) if view.step else "",
        "unsure": note(view.step) if view.step else "", "may_print": may(request.actor, "place.open_pass"),
        "looked_into": newest is not None and newest.state == "suspended" and newest.reason in LOOKED_INTO,
        "doings": [
            {
                "name": name, "submit": DOINGS[name][3], "url": reverse("card_do", args=[view.journey_id, name]),
                "form": _form(sent, name, newest),
                "sent": name in sent,
            }
            for name in wanted
        ],
        # what was sent but may no longer be done has no form of its own on the page: its refusal is said at the top
        "lost": [error for name, form in sent.items() if name not in wanted for error in form.non_field_errors()],
        "crumbs": [{"label": gettext("Journey"), "url": reverse("journey", args=[view.journey_id])}, {"label": gettext("Card"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/cards/cards.html", context, status=status)


def _form(sent: Mapping[str, forms.Form], name: str, newest: PassLine | None) -> forms.Form:
    """Give the form that was sent, about the card that is newest now; or a fresh one."""
    form = sent.get(name)
    if form is None:
        return DOINGS[name][1](initial={"pass_id": newest.id} if newest else {}, auto_id=f"id_{name}_%s")
    if newest is not None and "pass_id" in form.fields:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["pass_id"] = str(newest.id)  # type: ignore[index]
    return form


def _possible(view: Passes, newest: PassLine | None) -> list[str]:
    """Say what the state of the newest card leaves open."""
    stands = newest is not None and newest.stands
    found = ["issue"] if view.open and not stands and view.step is not None and not view.before else []
    match newest.state if newest else "":
        case "in_force":
            return [*found, *(["replace", "renew"] if view.open else []), "suspend", "revoke"]
        case "suspended":
            return [*found, "lift", *(["replace"] if view.open and newest is not None and newest.handed else []), "revoke"]
        case "expired":
            return ["renew", *found] if view.open else found
    return found


def _line(line: PassLine) -> dict[str, Any]:
    return {
        "line": line, "state": say(words.STATES, line.state), "reason": say(words.REASONS, line.reason) if line.reason else "",
        "good": line.state == "in_force" and not line.key_retired,
    }  # fmt: skip
