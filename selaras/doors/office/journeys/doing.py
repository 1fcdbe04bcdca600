"""Doing a step, leaving it out, giving it back, saying no, ending a journey: plain forms; what was typed stays, a refusal says what to do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys import words
from selaras.doors.office.journeys.forms import Do, Start, Why
from selaras.doors.office.journeys.page import crumbs
from selaras.doors.office.journeys.sentences import REFUSALS
from selaras.doors.office.market.sentences import MARKET
from selaras.ground.act import Refused
from selaras.people.actions.journeys import Aim, restart_journey, start_journey
from selaras.people.actions.stepping import Moved, MovedOn, NotYet, kinds_of
from selaras.people.actions.steps import do_step, fail_journey, refuse_step, return_step, skip_step, withdraw_journey
from selaras.people.queries.journeys import JourneyView, open_journey
from selaras.people.queries.opening import open_person

Saying = tuple[str, str | Promise, str | Promise, str | Promise, type[forms.Form], Callable[..., Moved]]
# what: address, question, button, what is said when it was done, form, verb
STEP_DOINGS: dict[str, Saying] = {
    "do": ("people.do_step", _("Do the step “%(step)s”?"), _("It is done"), _("Done."), Do, do_step),
    "skip": ("people.skip_step", _("Leave out the step “%(step)s”?"), _("Leave it out"), _("Left out."), Why, skip_step),
    "return": (
        "people.return_step", _("Give the step “%(step)s” back?"), _("Give it back"),
        _("Given back: it waits again for who did it."), Why, return_step,
    ),
    "refuse": (
        "people.refuse_step", _("Say no at the step “%(step)s”?"), _("Say no and end the journey"),
        _("Refused. The journey is over; it can be begun again."), Why, refuse_step,
    ),
}  # fmt: skip
ENDS: dict[str, Saying] = {
    "withdraw": (
        "people.withdraw_journey", _("End the journey at the person's wish?"), _("End the journey"),
        _("The journey is over; it can be begun again."), Why, withdraw_journey,
    ),
    "fail": (
        "people.fail_journey", _("Note that the journey came to nothing?"), _("End the journey"),
        _("The journey is over; it can be begun again."), Why, fail_journey,
    ),
}  # fmt: skip


@guarded("people.do_step", "people.skip_step", "people.return_step", "people.refuse_step")
def step(request: OfficeRequest, journey_id: UUID, step: str, doing: str) -> HttpResponse:
    """Do something with one step."""
    view = open_journey(journey_id)
    rule = next((line.rule for line in view.lines if line.rule.id == step), None)
    if doing not in STEP_DOINGS or rule is None:
        raise Http404
    return _ask(request, view, STEP_DOINGS[doing], {"step": rule.id}, words.label(rule))


@guarded("people.withdraw_journey", "people.fail_journey")
def end(request: OfficeRequest, journey_id: UUID, how: str) -> HttpResponse:
    """End a journey early."""
    if how not in ENDS:
        raise Http404
    return _ask(request, open_journey(journey_id), ENDS[how], {}, "")


def _ask(request: OfficeRequest, view: JourneyView, what: Saying, more: dict[str, Any], name: str) -> HttpResponse:
    _address, question, button, said, kind, verb = what
    form = kind(request.POST or None, initial={"version": view.version})
    overtaken, reasons = "", []
    if request.method == "POST" and form.is_valid():
        try:
            verb(journey_id=view.id, **more, **form.cleaned_data)
        except MovedOn as fault:
            overtaken = words.moved_on(fault, view.scheme.id, view.started_on)
            # the next press is a decision in sight of what stands now
            form.data = form.data.copy()  # type: ignore[union-attr]
            form.data["version"] = str(fault.params["version"])
        except NotYet as fault:
            reasons = [words.reason(r, view.scheme.id, view.started_on) for r in fault.reasons]
        except Refused as fault:
            tell(form, fault)
        else:
            messages.success(request, str(said))
            return HttpResponseRedirect(reverse("journey", args=[view.id]))
    heading = str(question) % {"step": name}
    context = {
        "form": form, "view": view, "heading": heading, "submit": button, "overtaken": overtaken, "reasons": reasons,
        "crumbs": [*crumbs(view), {"label": str(button), "url": ""}],
    }  # fmt: skip
    return render(request, "office/journeys/ask.html", context, status=409 if overtaken else 422 if form.errors or reasons else 200)


def tell(form: forms.Form, fault: Refused) -> None:
    """Write a refusal on top of its form; a refusal that no form of a journey knows goes on to the page of refusals."""
    known = REFUSALS.get(fault.code) or MARKET.get(fault.code)
    if known is None:
        raise fault
    what, following = known
    field = {"day_to_come": "on", "day_before_its_turn": "on", "day_too_long_ago": "on"}.get(fault.code)
    form.add_error(field if field in form.fields else None, f"{str(what) % fault.params} {following}")


@guarded("people.start_journey")
def start(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Begin a person's journey; where one is under way in the scheme, this leads to it."""
    her = open_person(person_id)
    form = Start(request.POST or None, kinds=kinds_of(request.actor))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            begun = start_journey(person_id=her.id, scheme=data["scheme"], aim=_aim(data), on=data["on"], once=data["once"])
        except Refused as fault:
            tell(form, fault)
        else:
            said = gettext("A journey in this scheme is under way already: this is it.") if begun.again else gettext("The journey has begun.")
            messages.success(request, said)
            return HttpResponseRedirect(reverse("journey", args=[begun.journey_id]))
    trail = [
        {"label": gettext("Person"), "url": reverse("person", args=[her.id])},
        {"label": gettext("Begin a journey"), "url": ""},
    ]
    context = {"form": form, "name": her.name, "back": reverse("person", args=[her.id]), "again": False, "crumbs": trail}
    return render(request, "office/journeys/start.html", context, status=422 if form.errors else 200)


@guarded("people.restart_journey")
def restart(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Begin again after a journey that ended."""
    view = open_journey(journey_id)
    first = {"scheme": view.scheme.id, "country": view.country, "agency": view.agency}
    form = Start(request.POST or None, kinds=kinds_of(request.actor), initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            begun = restart_journey(journey_id=view.id, scheme=data["scheme"], aim=_aim(data), on=data["on"], once=data["once"])
        except Refused as fault:
            tell(form, fault)
        else:
            messages.success(request, gettext("The journey has begun again; the person's own papers still hold."))
            return HttpResponseRedirect(reverse("journey", args=[begun.journey_id]))
    context = {
        "form": form, "name": view.name, "back": reverse("journey", args=[view.id]), "again": True,
        "crumbs": [*crumbs(view), {"label": gettext("Begin again"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/journeys/start.html", context, status=422 if form.errors else 200)


def _aim(data: dict[str, Any]) -> Aim:
    # of a place abroad the country alone counts here: which district, the contract says later
    return Aim(country=data["country"].partition("-")[0], agency=data["agency"], job_order=data["job_order"])
