"""Corrects one report after departure, or takes it back: one page with both forms, each with its reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.after import words
from selaras.doors.office.after.forms import TakeBack, corrected, correcting, unfit
from selaras.doors.office.after.pages import crumbs
from selaras.doors.office.journeys.words import say
from selaras.ground.act import NotThere, Refused
from selaras.people.faults import Unfit
from selaras.place.actions.abroad import take_back_report
from selaras.place.queries.abroad import see_after


@guarded("place.correct_report", "place.take_back_report")
def amend(request: OfficeRequest, journey_id: UUID, report_id: UUID) -> HttpResponse:
    """Correct a report, or take it back; what is refused stands beside its field and nothing typed is lost."""
    view = see_after(journey_id)
    line = next((one for one in (*view.lines, *view.past) if one.id == report_id), None)
    if line is None:
        raise NotThere("not there")
    back = HttpResponseRedirect(reverse("after", args=[journey_id]))
    if not line.may_amend:
        code = "report_ended" if line.ended_at else "journey_over" if not view.open else "not_your_report"
        messages.error(request, words.refusal(code, {"who": line.ended_by}) or code)
        return back
    taking = "take_back" in request.POST
    form = correcting(line, request.POST if request.method == "POST" and not taking else None)
    gone = TakeBack(request.POST if taking else None, prefix="gone")
    sent = gone if taking else form
    if request.method == "POST" and sent.is_valid():
        try:
            if taking:
                take_back_report(report_id=line.id, reason=sent.cleaned_data["reason"], once=sent.cleaned_data["once"])
            else:
                corrected(form, line)
        except Unfit as fault:
            unfit(form, fault.faults)
        except Refused as fault:
            sentence = words.refusal(fault.code, fault.params)
            if sentence is None:
                raise
            sent.add_error("on" if fault.code.startswith("day_") else None, sentence)
        else:
            messages.success(request, words.TAKEN_BACK if taking else words.CORRECTED)
            return back
    context = {
        "form": form, "gone": gone, "taking": taking, "view": view, "line": line, "kind": say(words.REPORTS, line.kind),
        "back": reverse("after", args=[journey_id]), "crumbs": crumbs(view, _("Correct")),
    }  # fmt: skip
    return render(request, "office/after/amend.html", context, status=422 if sent.errors else 200)
