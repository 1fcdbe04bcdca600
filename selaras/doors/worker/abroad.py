"""She tells herself: I arrived (lapor diri), I work for somebody else, I am home; and corrects what she told. Light, without JavaScript."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.after import words as office
from selaras.doors.office.after.forms import Return, corrected, unfit
from selaras.doors.office.journeys.forms import Once, date_field
from selaras.doors.office.journeys.words import label
from selaras.doors.worker.guard import OwnRequest, own_page
from selaras.doors.worker.journey import her_journey
from selaras.ground.act import Refused
from selaras.people.faults import Unfit
from selaras.people.places import country_name, places_abroad
from selaras.place.actions.abroad import DEATH, report_arrival, report_return, take_back_report, tell_employer
from selaras.place.queries.abroad import After, ReportLine, see_after

Words = dict[str, str | Promise]
HEADS: Words = {"arrival": _("I have arrived"), "employer": _("I work for somebody else"), "return": _("I am home")}
ABOUT: Words = {
    "arrival": _("This is your lapor diri: from now on the mission in that country knows of you. It costs nothing."),
    "employer": _("The mission reads this and asks you and the employer. Your agency and your employer do not read it."),
    "return": _("From that day you are no longer counted abroad. Why you came home decides which help is offered to you."),
}  # fmt: skip


class Arrived(Once):
    """When and where she arrived."""

    on = date_field(_("On which day?"), _("Leave it empty for today."))
    country = forms.ChoiceField(label=_("In which country?"))
    words = forms.CharField(label=_("Do you want to say anything else?"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = [row for row in places_abroad(get_language() or "id") if len(row[0]) == 3]


class Employer(Once):
    """For whom she works now."""

    on = date_field(_("Since which day?"), _("Leave it empty for today."))
    employer = forms.CharField(label=_("Who is your employer now?"), max_length=160)
    place = forms.CharField(label=_("Where do you work?"), required=False, max_length=240)
    words = forms.CharField(label=_("Why did you change? Did both sides agree?"), required=False, max_length=500)


class Home(Return):
    """When and why she came home, in her own words if she wants to."""

    on = date_field(_("On which day?"), _("Leave it empty for today."))
    words = forms.CharField(label=_("Do you want to say anything else?"), required=False, max_length=500)


class CorrectArrived(Arrived):
    """When and where she truly arrived."""

    on = date_field(_("On which day?"), required=True)


class CorrectEmployer(Employer):
    """For whom she truly works."""

    on = date_field(_("Since which day?"), required=True)


class CorrectHome(Home):
    """When and why she truly came home."""

    on = date_field(_("On which day?"), required=True)


class TakeBack(Once):
    """What she reported never happened."""

    reason = forms.CharField(label=_("Why do you take it back?"), max_length=300)


CORRECTS: dict[str, type[forms.Form]] = {"arrival": CorrectArrived, "employer": CorrectEmployer, "return": CorrectHome}


def _form(report: str, view: After, *data: Any) -> forms.Form:
    if report == "return":
        return Home(*data, without=(DEATH,))
    return Employer(*data) if report == "employer" else Arrived(*data, initial={"country": view.country})


@own_page("place.see_after")
def abroad(request: OwnRequest) -> HttpResponse:
    """Say what she reported so far, and what she can tell now."""
    journey_id = her_journey(request.person_id)
    view = see_after(journey_id) if journey_id else None
    if view is None:
        return render(request, "worker/abroad.html", {"view": None})
    there = {line.kind for line in view.lines}
    context = {
        "view": view, "lines": [_line(line) for line in view.lines], "past": [_line(line) for line in view.past], "home": "return" in there,
        "arrived": "arrival" in there, "again": "again" in request.GET,
        "employer": view.employer if view.employer and view.employer.changed else None,
        "tells": [
            {"report": kind, "head": head} for kind, head in HEADS.items()
            if view.open and kind not in there - {"employer"} and not (kind == "employer" and "return" in there)
        ],
    }  # fmt: skip
    return render(request, "worker/abroad.html", context)


def _line(line: ReportLine) -> dict[str, Any]:
    return {
        "line": line, "kind": office.say(office.REPORTS, line.kind), "cause": label(line.cause) if line.cause else "",
        "where": country_name(line.country, get_language() or "id") if line.country else "",
    }  # fmt: skip


@own_page("place.report_arrival", "place.tell_employer", "place.report_return")
def tell(request: OwnRequest, report: str) -> HttpResponse:
    """Let her tell one thing; what is wrong stands beside its field, and nothing typed is lost."""
    journey_id = her_journey(request.person_id)
    if report not in HEADS or journey_id is None:
        raise Http404
    view = see_after(journey_id)
    form = _form(report, view, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        more = {"journey_id": journey_id, "on": told["on"], "words": told["words"], "once": told["once"]}
        try:
            if report == "arrival":
                done = report_arrival(country=told["country"], **more)
            elif report == "employer":
                done = tell_employer(employer=told["employer"], place=told["place"], **more)
            else:
                done = report_return(cause=told["cause"], **more)
        except Unfit as fault:
            unfit(form, fault.faults)
        except Refused as fault:
            sentence = office.refusal(fault.code, fault.params)
            if sentence is None:
                raise
            form.add_error("on" if fault.code.startswith("day_") else None, sentence)
        else:
            return HttpResponseRedirect(reverse("worker_abroad") + ("?again=1" if done.again else ""))
    context = {"form": form, "head": HEADS[report], "about": ABOUT[report]}
    return render(request, "worker/tell.html", context, status=422 if form.errors else 200)


@own_page("place.correct_report", "place.take_back_report")
def amend(request: OwnRequest, report_id: UUID) -> HttpResponse:
    """Let her correct what she told, or take it back; what an officer wrote down the officer corrects."""
    journey_id = her_journey(request.person_id)
    view = see_after(journey_id) if journey_id else None
    line = next((one for one in view.lines if one.id == report_id and one.may_amend), None) if view is not None else None
    if line is None:
        raise Http404
    taking = "take_back" in request.POST
    form = _correcting(line, request.POST if request.method == "POST" and not taking else None)
    gone = TakeBack(request.POST if taking else None, prefix="gone")
    sent = gone if taking else form
    if request.method == "POST" and sent.is_valid():
        try:
            if taking:
                take_back_report(report_id=line.id, reason=sent.cleaned_data["reason"], once=sent.cleaned_data["once"])
            else:
                corrected(form, line, by_country=True)
        except Unfit as fault:
            unfit(form, fault.faults)
        except Refused as fault:
            sentence = office.refusal(fault.code, fault.params)
            if sentence is None:
                raise
            sent.add_error("on" if fault.code.startswith("day_") else None, sentence)
        else:
            return HttpResponseRedirect(reverse("worker_abroad"))
    context = {"form": form, "gone": gone, "kind": HEADS[line.kind], "line": line}
    return render(request, "worker/amend.html", context, status=422 if sent.errors else 200)


def _correcting(line: ReportLine, data: Any) -> forms.Form:
    stood = {
        "on": line.on, "country": line.country, "cause": line.cause.id if line.cause else "", "employer": line.employer, "place": line.place,
        "words": line.words,
    }  # fmt: skip
    more: dict[str, Any] = {"without": (DEATH,)} if line.kind == "return" else {}
    made = CORRECTS[line.kind](data, initial=stood, **more)
    made.fields["reason"] = forms.CharField(label=_("What was wrong?"), max_length=300)
    return made
