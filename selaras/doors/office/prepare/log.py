"""The log of a village: who left, who came back, written down by plain forms and taken back with a reason."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.exporting import asked_file, files_of, list_file, window
from selaras.doors.office.journeys.sentences import FAULTS as JOURNEY_FAULTS
from selaras.doors.office.journeys.words import article
from selaras.doors.office.market.changing import ask_once_more, search
from selaras.doors.office.paging import PAGE, Pages, at_page
from selaras.doors.office.people.faults import SENTENCES
from selaras.doors.office.prepare.back import taking_back
from selaras.doors.office.prepare.forms import Move, MoveOf
from selaras.doors.office.prepare.sentences import FAULTS
from selaras.doors.office.prepare.village import BASIS, crumbs, own_place
from selaras.doors.office.prepare.words import MOVES, TELLERS, place, say
from selaras.doors.office.refusals import sentence
from selaras.doors.office.templatetags.face import short_day
from selaras.ground.act import Refused, may
from selaras.people.faults import Unfit
from selaras.people.queries.opening import open_person
from selaras.people.telling import Told
from selaras.prepare.actions.movements import Logged, Moved, log_movement, take_back_movement
from selaras.prepare.queries.village import MovementLine, see_log, see_movement

MONTH, YEAR, NOWHERE = "month", "year", "none"
FIELDS = {
    "country": "place", "district": "place", "birth_date": "birth", "birth_precision": "birth", "home_area": "village",
    "home_text": "village",
}  # fmt: skip


def _take_back(movement_id: UUID, reason: str) -> None:
    take_back_movement(movement_id=movement_id, words=reason)


TAKE_BACK = taking_back(
    "prepare.take_back_movement",
    gettext_lazy("Take a line of the log back"),
    _take_back,
    gettext_lazy("The line stays to be read, with your reason. A stay that was written down with it is corrected on the person's page."),
)


@guarded("prepare.see_log")
def log(request: OfficeRequest) -> HttpResponse:
    """List who left and who came back."""
    text, kind, time = request.GET.get("q", "").strip()[:80], request.GET.get("kind", ""), request.GET.get("time", "")
    kind = kind if kind in MOVES else ""
    today = timezone.localdate()
    since: dt.date | None = {MONTH: today.replace(day=1), YEAR: today.replace(month=1, day=1)}.get(time)
    page = at_page(request)
    nowhere = request.GET.get("country") == NOWHERE
    found = see_log(kind=kind, since=since, text=text, nowhere=nowhere, **window(request))
    if form := asked_file(request):
        heads = [_("Person"), _("What happened"), _("Day"), _("Country"), _("Home"), _("Told by"), _("Written down by"), _("Taken back by")]
        return list_file("departures-and-returns", form, heads, [_cells(line) for line in found.rows])
    times = [(MONTH, _("since the month began")), (YEAR, _("since the year began"))]
    context = {
        "rows": [shown(line) for line in found.rows],
        "total": found.total,
        "page": Pages(page, PAGE, found.total, found.rows), "exports": files_of(request),
        "filters": search(
            text, _("Name"), ("kind", _("What happened"), list(MOVES.items()), kind), ("time", _("When"), times, time if since else ""),
            ("country", _("Country"), [(NOWHERE, _("not known"))], NOWHERE if nowhere else ""),
        ),
        "basis": article(BASIS),
        "may_log": may(request.actor, "prepare.log_movement"),
        "may_open": may(request.actor, "prepare.see_movement"),
        "crumbs": crumbs((_("Departures and returns"), "")),
    }  # fmt: skip
    return render(request, "office/prepare/log.html", context)


def _cells(line: MovementLine) -> list[str]:
    said = shown(line)
    by = ", ".join(filter(None, (line.by, line.office)))
    return [line.name, said["what"], short_day(line.on), said["place"], line.home, said["told_by"], by, line.taken_back_by]


def shown(line: MovementLine) -> dict[str, Any]:
    """Give a line of the log in words."""
    return {
        "line": line, "what": say(MOVES, line.kind), "place": place(line.country, line.district) or _("not known"),
        "told_by": say(TELLERS, line.told_by),
    }  # fmt: skip


@guarded("prepare.see_movement")
def line(request: OfficeRequest, movement_id: UUID) -> HttpResponse:
    """Open one line of the log with its words."""
    found = see_movement(movement_id)
    may_take_back = may(request.actor, TAKE_BACK.verb) and not found.taken_back_by
    context = {
        **shown(found),
        "acts": [{"url": reverse("village_log_take_back", args=[found.id]), "label": TAKE_BACK.submit}] if may_take_back else [],
        "crumbs": crumbs((_("Departures and returns"), reverse("village_log")), (_("Line of the log"), "")),
    }  # fmt: skip
    return render(request, "office/prepare/line.html", context)


@guarded("prepare.log_movement")
def new(request: OfficeRequest) -> HttpResponse:
    """Write down that somebody left or came back, who may be in the register or not."""
    form = MoveOf(request.POST or None, initial=own_place(request))
    if request.method == "POST" and form.is_valid():
        home = form.home_area()
        if form.is_valid():
            data = form.cleaned_data
            birth, precision = data["birth"] or (None, "day")
            told = Told(data["name"], data["sex"], birth, precision, home_area=home)
            if _kept(request, form, told=told, numbers=[(k, data[k]) for k in ("nik", "passport")]):
                return HttpResponseRedirect(reverse("village_log"))
    return _form(request, form, "")


@guarded("prepare.log_movement")
def new_of(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Write down that a person who was opened left or came back."""
    her = open_person(person_id)
    form = Move(request.POST or None)
    if request.method == "POST" and form.is_valid() and _kept(request, form, person_id=her.id):
        return HttpResponseRedirect(reverse("village_log"))
    return _form(request, form, her.name)


def _kept(request: OfficeRequest, form: forms.Form, **who: Any) -> bool:
    """Write the line; what is wrong stands beside its field, and nothing typed is lost."""
    data = form.cleaned_data
    country, _dash, district = data["place"].partition("-")
    moved = Moved(data["kind"], data["on"], data["told_by"], country, words=data["words"])
    moved = replace(moved, district=data["place"]) if district else moved
    try:
        done: Logged = log_movement(moved=moved, once=data["once"], **who)
    except Unfit as unfit:
        for fault in unfit.faults:
            told = str(FAULTS.get(fault.code) or JOURNEY_FAULTS.get(fault.code) or SENTENCES[fault.code])
            name = FIELDS.get(fault.field, fault.field)
            form.add_error(name if name in form.fields else None, told % fault.params if fault.params else told)
        return False
    except Refused as fault:
        said = sentence(fault)
        form.add_error(None, f"{said.what} {said.next}")
        return False
    messages.success(request, _("This stood in the log already.") if done.again else _written(country))
    return True


def _written(country: str) -> str:
    if country:
        return _("Written down.")
    return _(
        "Written down without a country: no mission sees it, only the offices of the area and the ministry. Write it again when it is known."
    )


def _form(request: OfficeRequest, form: forms.Form, name: str) -> HttpResponse:
    heading = _("Somebody left or came back")
    context = {
        "form": form, "heading": heading, "lead": name, "submit": _("Write down"), "cancel_url": reverse("village_log"),
        "about": _(
            "A person needs no journey and no number to stand in the log. Who is in the register already is found by number, name and birth."
        ),
        "crumbs": crumbs((_("Departures and returns"), reverse("village_log")), (heading, "")),
    }  # fmt: skip
    return render(request, "office/market/change.html", context, status=422 if form.errors else 200)


@guarded("prepare.take_back_movement")
def take_back(request: OfficeRequest, movement_id: UUID) -> HttpResponse:
    """Take a line back."""
    line = see_movement(movement_id)
    row = shown(line)
    lead = _("%(name)s %(what)s: %(place)s.") % {"name": line.name, "what": row["what"], "place": row["place"]}
    back = reverse("village_log")
    return ask_once_more(request, TAKE_BACK, back, crumbs((_("Departures and returns"), back)), lead, movement_id=movement_id)
