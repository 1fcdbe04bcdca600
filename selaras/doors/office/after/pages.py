"""What became of a journey after departure, and the three reports that an officer writes down; plain forms, each sent once."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.after import words
from selaras.doors.office.after.forms import KINDS, unfit
from selaras.doors.office.contracts.words import amount
from selaras.doors.office.journeys.words import article, label, reason, say
from selaras.doors.party_names import party_name
from selaras.ground.act import Refused, may
from selaras.people.actions.facts import Scan
from selaras.people.actions.stepping import NotYet
from selaras.people.faults import Unfit
from selaras.people.places import country_name, district_name
from selaras.place.actions.abroad import Reported, change_employer, report_arrival, report_return
from selaras.place.queries.abroad import After, Employed, Extension, ReportLine, see_after

PART = 1024 * 1024
VERBS = {"arrival": "place.report_arrival", "employer": "place.change_employer", "return": "place.report_return"}


@guarded("place.see_after")
def after(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show what became of a journey after departure."""
    view = see_after(journey_id)
    arrived, home = view.last("arrival"), view.last("return")
    there = {line.kind for line in view.lines}
    told = next((line for line in view.lines if line.state == "told"), None)
    context = {
        "view": view, "scheme": label(view.scheme), "country": _country(view.country), "arrived": arrived and _line(arrived),
        "home": home and _line(home), "lines": [_line(line) for line in view.lines], "told": told and _line(told),
        "past": [_line(line) for line in view.past], "employer": view.employer if view.left_on or arrived else None,
        "employer_name": _employer(view.employer) if view.employer else "",
        "extensions": [_extension(one) for one in view.extensions],
        "acts": [
            {"url": reverse("after_report", args=[journey_id, kind]), "label": say(words.ACTS, kind)}
            for kind, verb in VERBS.items()
            if (view.open or (view.died and kind == "return")) and may(request.actor, verb)
            and (view.may_change if kind == "employer" else kind not in there)
        ],
        "may_extend": view.open and view.has_contract and home is None and may(request.actor, "place.extend_contract"),
        "crumbs": crumbs(view),
    }  # fmt: skip
    return render(request, "office/after/after.html", context)


def crumbs(view: After, last: str = "") -> list[dict[str, str]]:
    """Say where a page of these stands."""
    here = {"label": _("After departure"), "url": reverse("after", args=[view.journey_id]) if last else ""}
    found = [{"label": _("Journey"), "url": reverse("journey", args=[view.journey_id])}, here]
    return [*found, {"label": last, "url": ""}] if last else found


def _country(code: str) -> str:
    return country_name(code, get_language() or "id") if code else ""


def _line(line: ReportLine) -> dict[str, Any]:
    place = district_name(line.district) if line.district else ""
    return {
        "line": line, "kind": say(words.REPORTS, line.kind), "where": ", ".join(dict.fromkeys(filter(None, (_country(line.country), place)))),
        "cause": label(line.cause) if line.cause else "", "basis": article(line.cause.basis) if line.cause else "",
    }  # fmt: skip


def _employer(one: Employed) -> str:
    return party_name(one.party) if one.party and not one.changed else one.name  # who moved her to a household wrote down whose it is


def _extension(one: Extension) -> dict[str, Any]:
    return {"line": one, "premium": f"Rp{amount(one.premium)}" if one.premium is not None else "", "basis": article(one.basis)}


@guarded("place.report_arrival", "place.change_employer", "place.report_return")
def report(request: OfficeRequest, journey_id: UUID, report: str) -> HttpResponse:
    """Write one report down; what is refused stands beside its field and nothing typed is lost."""
    view = see_after(journey_id)
    if report not in KINDS:
        raise Http404
    if not may(request.actor, VERBS[report]):
        raise Refused("not_your_role", verb=VERBS[report])
    form = KINDS[report](request.POST or None, request.FILES or None)
    reasons: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            done = _write(form, report, journey_id)
        except Unfit as fault:
            unfit(form, fault.faults)
        except NotYet as fault:
            reasons = [reason(one, view.scheme.id, view.started_on) for one in fault.reasons]
        except Refused as fault:
            sentence = words.refusal(fault.code, fault.params)
            if sentence is None:
                raise
            form.add_error("consented" if fault.code == "no_consent" else "on" if fault.code.startswith("day_") else None, sentence)
        else:
            if done is not None:
                said = words.AGAIN if done.again else say(words.DONE, report)
                messages.success(request, said if done.step_done or done.again else f"{said} {words.WAITS}")
                return HttpResponseRedirect(reverse("after", args=[journey_id]))
    heading = say(words.ASKS, report)
    context = {
        "form": form, "view": view, "heading": heading, "about": say(words.ABOUT, report), "reasons": reasons,
        "multipart": report == "employer", "back": reverse("after", args=[journey_id]), "crumbs": crumbs(view, say(words.REPORTS, report)),
    }  # fmt: skip
    return render(request, "office/after/report.html", context, status=422 if form.errors or reasons else 200)


def _write(form: forms.Form, report: str, journey_id: UUID) -> Reported | None:
    told = form.cleaned_data
    common = {"journey_id": journey_id, "on": told["on"], "words": told["words"], "once": told["once"]}
    if report == "arrival":
        country = told["country"]
        return report_arrival(country=country.partition("-")[0], district=country if "-" in country else "", **common)
    if report == "return":
        return report_return(cause=told["cause"], died_on=told["died_on"], **common)
    upload = told["file"]
    if upload is not None and getattr(upload, "fault", ""):
        form.add_error("file", words.fault(upload.fault, {}))
        return None
    scan = Scan(upload.chunks(PART), upload.name or "") if upload is not None else None
    named = {name: told[name] for name in ("employer", "party", "place", "consented")}
    return change_employer(scan=scan, **named, **common)
