"""What waits for an office today, and who comes in from the side."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys import words
from selaras.doors.office.journeys.forms import Enter
from selaras.doors.office.journeys.sentences import FAULTS
from selaras.doors.office.paging import Pages
from selaras.doors.office.people.faults import SENTENCES
from selaras.ground.act import may
from selaras.law.load import law
from selaras.people.actions.entering import enter_sideways
from selaras.people.faults import Unfit
from selaras.people.queries.today import Waiting, see_today
from selaras.people.telling import Told

PAGE = 50
FIELDS = {"birth_date": "birth", "birth_precision": "birth", "home_area": "village", "country": "place", "district": "place"}


@guarded("people.see_today")
def today(request: OfficeRequest) -> HttpResponse:
    """List the steps that wait for the officer's role, what is due first at the top."""
    schemes = law().schemes_on(timezone.localdate())
    scheme = request.GET.get("scheme", "")
    scheme = scheme if scheme in {s.id for s in schemes} else ""
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    found = see_today(scheme=scheme, offset=(page - 1) * PAGE, limit=PAGE)
    options = [{"value": "", "label": _("all"), "chosen": not scheme}]
    options += [{"value": s.id, "label": words.label(s), "chosen": s.id == scheme} for s in schemes]
    context = {
        "rows": [waiting(w) for w in found.rows],
        "total": found.total,
        "overdue": found.overdue,
        "page": Pages(page, PAGE, found.total, found.rows),
        "filters": {"query": None, "selects": [{"name": "scheme", "label": _("Scheme"), "options": options}]},
        "may_enter": may(request.actor, "people.enter_sideways"),
        "crumbs": [{"label": _("Today"), "url": ""}],
    }
    return render(request, "office/journeys/today.html", context)


def waiting(row: Waiting) -> dict[str, Any]:
    """Say what waits, in words."""
    return {
        "line": row, "step": words.label(row.rule), "scheme": words.label(row.scheme),
        "clock": {"due": row.due, "overdue": row.overdue} if row.due else None,
    }  # fmt: skip


@guarded("people.enter_sideways")
def enter(request: OfficeRequest) -> HttpResponse:
    """Take in somebody who has no placement; the answer leads to the person's page."""
    form = Enter(request.POST or None)
    if request.method == "POST" and form.is_valid():
        home = form.home_area()
        if form.is_valid():
            data = form.cleaned_data
            birth, precision = data["birth"] or (None, "day")
            place = data["place"]
            told = Told(data["name"], data["sex"], birth, precision, home_area=home)
            try:
                entered = enter_sideways(
                    kind=data["kind"], on=data["on"], told=told, numbers=[(k, data[k]) for k in ("nik", "passport", "phone")],
                    country=place.partition("-")[0], district=place if "-" in place else "", capacity=data["capacity"] or "other",
                    reason=data["reason"], once=data["once"],
                )  # fmt: skip
            except Unfit as unfit:
                for fault in unfit.faults:
                    name = FIELDS.get(fault.field, fault.field)
                    sentence = str(FAULTS.get(fault.code) or SENTENCES[fault.code])
                    form.add_error(name if name in form.fields else None, sentence % fault.params if fault.params else sentence)
            else:
                messages.success(request, _("Entered. This is the record."))
                return HttpResponseRedirect(reverse("person", args=[entered.person_id]))
    crumbs = [{"label": _("Today"), "url": reverse("today")}, {"label": _("Without a placement"), "url": ""}]
    return render(request, "office/journeys/enter.html", {"form": form, "crumbs": crumbs}, status=422 if form.errors else 200)
