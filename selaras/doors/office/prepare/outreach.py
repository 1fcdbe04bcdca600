"""The pages of outreach: sessions with the thirteen items of information, and what a person was told when."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.exporting import asked_file, files_of, list_file, window
from selaras.doors.office.journeys import words as journey_words
from selaras.doors.office.market.changing import KNOWN, ask_once_more, listed, search
from selaras.doors.office.paging import PAGE, Pages, at_page
from selaras.doors.office.prepare.back import taking_back
from selaras.doors.office.prepare.forms import Attend, Session
from selaras.doors.office.prepare.village import own_place
from selaras.doors.office.prepare.words import LANGUAGES, say
from selaras.doors.office.refusals import sentence
from selaras.doors.office.templatetags.face import number, short_day
from selaras.ground.act import Refused, may
from selaras.law.load import law
from selaras.people.faults import Unfit
from selaras.prepare.actions.outreach import hold_outreach, note_attendance, take_back_attendance, take_back_outreach
from selaras.prepare.queries.outreach import (
    OutreachLine,
    Sessions,
    open_outreach,
    see_attendance,
    see_outreach,
    see_told,
)

BASIS = "PP59:4(4)"


def _back(outreach_id: UUID, reason: str) -> None:
    take_back_outreach(outreach_id=outreach_id, words=reason)


def _not_there(attendance_id: UUID, reason: str) -> None:
    take_back_attendance(attendance_id=attendance_id, words=reason)


BACK = taking_back(
    "prepare.take_back_outreach",
    gettext_lazy("Take the session back"),
    _back,
    gettext_lazy("It stays to be read, with your reason. Who was written down as having come is taken back with it."),
)
NOT_THERE = taking_back("prepare.take_back_attendance", gettext_lazy("Take back that the person came"), _not_there)


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Say where a page of outreach stands."""
    return [{"label": _("Outreach"), "url": reverse("outreach")}, *({"label": label, "url": url} for label, url in more)]


@guarded("prepare.see_outreach")
def sessions(request: OfficeRequest) -> HttpResponse:
    """List the sessions within reach."""
    text, language, time = request.GET.get("q", "").strip()[:80], request.GET.get("language", ""), request.GET.get("time", "")
    language = language if language in LANGUAGES else ""
    today = timezone.localdate()
    since: dt.date | None = {"month": today.replace(day=1), "year": today.replace(month=1, day=1)}.get(time)
    found = see_outreach(language=language, since=since, text=text, **window(request))
    all_items = len(law().information_on(today))
    rows = [
        {
            "url": reverse("outreach_session", args=[line.id]),
            "cells": [
                f"{line.venue} ({_('taken back')})" if line.taken_back_by else line.venue,
                line.place, short_day(line.on), say(LANGUAGES, line.language), f"{len(line.items)}/{all_items}", line.women,
                line.men,
            ],
        }
        for line in found.rows
    ]  # fmt: skip
    columns = [
        (_("Where there"), False), (_("Place"), False), (_("Day"), False), (_("Language"), False), (_("Items given"), False),
        (_("Women"), True), (_("Men"), True),
    ]  # fmt: skip
    files = files_of(request)
    if form := asked_file(request):
        return list_file("outreach-sessions", form, [label for label, _number in columns], [row["cells"] for row in rows])
    times = [("month", _("since the month began")), ("year", _("since the year began"))]
    filters = search(
        text, _("Where"), ("language", _("Language"), list(LANGUAGES.items()), language), ("time", _("When"), times, time if since else "")
    )
    context = {
        "answer": _in_all(found),
        "lead": _("Thirteen items of information are owed to every candidate: %(basis)s.") % {"basis": journey_words.article(BASIS)},
        "table": listed(
            request, columns, rows, found.total, filters=filters, exports=files, empty={"title": _("No session was written down.")}
        ),
        "acts": [{"url": reverse("outreach_new"), "label": _("Write a session down")}] if may(request.actor, "prepare.hold_outreach") else [],
        "crumbs": [{"label": _("Outreach"), "url": ""}],
    }
    return render(request, "office/market/list.html", context)


def _in_all(found: Sessions) -> str:
    said = ngettext(
        "%(shown)s session; %(women)s women and %(men)s men came", "%(shown)s sessions; %(women)s women and %(men)s men came", found.total
    )
    return said % {"shown": number(found.total), "women": number(found.women), "men": number(found.men)}


@guarded("prepare.hold_outreach")
def new(request: OfficeRequest) -> HttpResponse:
    """Write a session down."""
    items = [(row.id, journey_words.label(row)) for row in law().information_on(timezone.localdate())]
    form = Session(request.POST or None, items=items, initial=own_place(request))
    if request.method == "POST" and form.is_valid():
        area = form.home_area()
        if form.is_valid() and (made := _held(form, area)):
            messages.success(request, _("Written down."))
            return HttpResponseRedirect(reverse("outreach_session", args=[made]))
    heading = _("Write a session down")
    context = {
        "form": form, "heading": heading, "lead": journey_words.article(BASIS), "submit": _("Write down"), "cancel_url": reverse("outreach"),
        "about": "", "crumbs": crumbs((heading, "")),
    }  # fmt: skip
    return render(request, "office/market/change.html", context, status=422 if form.errors else 200)


def _held(form: Session, area: str) -> UUID | None:
    """Write the session down; what is wrong stands beside its field, and nothing typed is lost."""
    told = {name: form.cleaned_data[name] for name in ("on", "venue", "items", "language", "women", "men", "once")}
    try:
        made: UUID = hold_outreach(area=area, **told).pk
        return made
    except Unfit as unfit:
        for fault in unfit.faults:
            name = {"area": "village"}.get(fault.field, fault.field)
            text = str(KNOWN[fault.code])
            form.add_error(name if name in form.fields else None, text % fault.params if fault.params else text)
    except Refused as fault:
        said = sentence(fault)
        form.add_error("village", f"{said.what} {said.next}")
    return None


@guarded("prepare.open_outreach")
def session(request: OfficeRequest, outreach_id: UUID) -> HttpResponse:
    """Show one session: what was told, and who came."""
    found, start = open_outreach(outreach_id), (at_page(request) - 1) * PAGE
    came = found.came[start : start + PAGE]
    context = {
        "found": found, "language": say(LANGUAGES, found.line.language), "came": came,
        "page": Pages(at_page(request), PAGE, len(found.came), came),
        "items": [{"name": journey_words.label(rule), "given": given, "letter": rule.letter} for rule, given in found.items],
        "may_person": may(request.actor, "prepare.see_told"), "basis": journey_words.article(BASIS),
        "may_take_back": may(request.actor, NOT_THERE.verb) and not found.line.taken_back_by,
        "acts": [{"url": reverse("outreach_take_back", args=[outreach_id]), "label": BACK.heading}]
        if may(request.actor, BACK.verb) and not found.line.taken_back_by else [],
        "crumbs": crumbs((_("Session"), "")),
    }  # fmt: skip
    return render(request, "office/prepare/session.html", context)


@guarded("prepare.take_back_outreach")
def take_back(request: OfficeRequest, outreach_id: UUID) -> HttpResponse:
    """Take a session back."""
    line = open_outreach(outreach_id).line
    back = reverse("outreach_session", args=[outreach_id])
    return ask_once_more(request, BACK, back, crumbs((line.venue, back)), f"{line.venue}, {short_day(line.on)}", outreach_id=outreach_id)


@guarded("prepare.take_back_attendance")
def not_there(request: OfficeRequest, attendance_id: UUID) -> HttpResponse:
    """Take back that a person came to a session."""
    line = see_attendance(attendance_id)
    lead = f"{line.name}: {line.venue}, {short_day(line.on)}"
    back = reverse("person_told", args=[line.person_id])
    return ask_once_more(request, NOT_THERE, back, crumbs((line.name, back)), lead, attendance_id=attendance_id)


@guarded("prepare.see_told")
def told(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Show what a person was told and when; write her down for a session."""
    her = see_told(person_id)
    may_note = may(request.actor, "prepare.note_attendance")
    form = Attend(request.POST or None, sessions=[(str(line.id), _session(line)) for line in her.sessions])
    if request.method == "POST" and may_note and form.is_valid() and _noted(form, her.person_id):
        messages.success(request, _("Written down."))
        return HttpResponseRedirect(reverse("person_told", args=[her.person_id]))
    given = sum(line.first is not None for line in her.lines)
    context: dict[str, Any] = {
        "her": her, "lines": [{"line": line, "name": journey_words.label(line.rule), "letter": line.rule.letter} for line in her.lines],
        "given": given, "all": len(her.lines), "form": form if may_note and her.sessions else None, "basis": journey_words.article(BASIS),
        "crumbs": [{"label": _("Person"), "url": reverse("person", args=[her.person_id])}, {"label": _("What was told"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/prepare/told.html", context, status=422 if form.errors else 200)


def _noted(form: Attend, person_id: UUID) -> bool:
    """Write her down for the session that was chosen; what is wrong stands beside it."""
    try:
        note_attendance(outreach_id=UUID(form.cleaned_data["session"]), person_id=person_id)
    except Unfit as unfit:
        for fault in unfit.faults:
            form.add_error("session", str(KNOWN[fault.code]))
    except Refused as fault:
        said = sentence(fault)
        form.add_error(None, f"{said.what} {said.next}")
    return not form.errors


def _session(line: OutreachLine) -> str:
    return f"{short_day(line.on)}, {line.venue}, {line.place} ({len(line.items)})"
