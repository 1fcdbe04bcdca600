"""The pages of early warnings: report one, read what came in without its words, open one, say what came of it, count."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.exporting import asked_file, files_of, list_file, window
from selaras.doors.office.journeys import words as journey_words
from selaras.doors.office.journeys.papers import PART
from selaras.doors.office.journeys.sentences import FAULTS as JOURNEY_FAULTS
from selaras.doors.office.market.changing import Change, ask_once_more, listed, search
from selaras.doors.office.market.words import STANDINGS
from selaras.doors.office.paging import PAGE, at_page
from selaras.doors.office.people.faults import SENTENCES
from selaras.doors.office.prepare.back import taking_back
from selaras.doors.office.prepare.forms import Answer, Warned
from selaras.doors.office.prepare.sentences import FAULTS
from selaras.doors.office.prepare.village import own_place
from selaras.doors.office.prepare.words import SIGNAL_STATES, say
from selaras.doors.office.refusals import sentence
from selaras.doors.office.templatetags.face import number, short_day
from selaras.ground.act import Refused, may
from selaras.law.load import law
from selaras.people.actions.facts import Scan
from selaras.people.faults import Unfit
from selaras.prepare.actions.signals import answer_signal, report_signal, take_back_answer
from selaras.prepare.queries.signals import LEAST, open_signal, open_signal_photo, see_signal_counts, see_signals

BASIS = "UU18:8"
YEAR = dt.timedelta(days=365)
ANSWER = Change(
    "prepare.answer_signal",
    Answer,
    gettext_lazy("Say what came of it"),
    gettext_lazy("Who reported it reads this. Names of people and numbers belong to the police report, not here."),
    gettext_lazy("Answer"),
    gettext_lazy("Answered."),
    answer_signal,
)


def _back(signal_id: UUID, reason: str) -> None:
    take_back_answer(signal_id=signal_id, words=reason)


BACK = taking_back("prepare.take_back_answer", gettext_lazy("Take the answer back"), _back)


def kinds() -> dict[str, str]:
    """Name the kinds of early warning of today's law in the language of the page."""
    return {row.id: journey_words.label(row) for row in law().signals_on(timezone.localdate())}


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Say where a page of early warnings stands."""
    return [{"label": _("Early warnings"), "url": reverse("signals")}, *({"label": label, "url": url} for label, url in more)]


@guarded("prepare.see_signals")
def signals(request: OfficeRequest) -> HttpResponse:
    """List the warnings within reach: kind, place, day and state, no words and no names."""
    known, (kind, state) = kinds(), (request.GET.get("kind", ""), request.GET.get("state", ""))
    kind, state = kind if kind in known else "", state if state in SIGNAL_STATES else ""
    found = see_signals(kind=kind, state=state, **window(request))
    opens = may(request.actor, "prepare.open_signal")
    rows = [
        {
            "url": reverse("signal", args=[line.id]) if opens else "",
            "cells": [
                known.get(line.kind, line.kind), line.place, short_day(line.on),
                {"text": say(SIGNAL_STATES, line.state), "tag": "blue" if line.state == "reported" else ""},
            ],
        }
        for line in found.rows
    ]  # fmt: skip
    columns: list[tuple[str, bool]] = [(_("Kind"), False), (_("Place"), False), (_("Day"), False), (_("State"), False)]
    files = files_of(request)
    if form := asked_file(request):
        return list_file("early-warnings", form, [label for label, _number in columns], [row["cells"] for row in rows])
    filters = search("", "", ("kind", _("Kind"), list(known.items()), kind), ("state", _("State"), list(SIGNAL_STATES.items()), state))
    filters["query"] = None
    acts = [
        ("prepare.report_signal", "signal_new", _("Report an early warning")),
        ("prepare.see_signal_counts", "signal_counts", _("Counts")),
    ]
    context = {
        "answer": _waiting(found.waiting),
        "lead": _("What was seen, never who was suspected. The words of each are opened one by one, and every opening is written down."),
        "table": listed(request, columns, rows, found.total, filters=filters, exports=files, empty={"title": _("Nothing was reported.")}),
        "acts": [{"url": reverse(name), "label": label} for address, name, label in acts if may(request.actor, address)],
        "crumbs": [{"label": _("Early warnings"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/market/list.html", context)


def _waiting(count: int) -> str:
    if not count:
        return _("No early warning waits for an answer")
    said = ngettext("%(shown)s early warning waits for an answer", "%(shown)s early warnings wait for an answer", count)
    return said % {"shown": number(count)}


@guarded("prepare.report_signal")
def new(request: OfficeRequest) -> HttpResponse:
    """Report what was seen."""
    form = Warned(request.POST or None, request.FILES or None, kinds=list(kinds().items()), initial=own_place(request))
    if request.method == "POST" and form.is_valid():
        area = form.home_area()
        if form.is_valid() and _reported(request, form, area):
            return HttpResponseRedirect(reverse("signals"))
    context = {
        "form": form, "heading": _("Report an early warning"), "submit": _("Report"), "cancel_url": reverse("signals"), "multipart": True,
        "lead": journey_words.article(BASIS),
        "about": _(
            "Write what was seen, where and when. Leave out names of people, telephones and other numbers: this is no list of suspects."
        ),
        "crumbs": crumbs((_("Report an early warning"), "")),
    }  # fmt: skip
    return render(request, "office/market/change.html", context, status=422 if form.errors else 200)


def _reported(request: OfficeRequest, form: Warned, area: str) -> bool:
    """Report what was sent; what is wrong stands beside its field, and nothing typed is lost."""
    data = form.cleaned_data
    upload = data["photo"]
    if upload is not None and upload.fault:
        form.add_error("photo", str(JOURNEY_FAULTS[upload.fault]) % {"limit": settings.SELARAS_UPLOAD_LIMIT})
        return False
    photo = Scan(upload.chunks(PART), upload.name or "") if upload is not None else None
    try:
        told = {name: data[name] for name in ("kind", "on", "words", "agency", "company", "once")}
        report_signal(area=area, photo=photo, **told)
    except Unfit as unfit:
        for fault in unfit.faults:
            text = str(FAULTS.get(fault.code) or JOURNEY_FAULTS.get(fault.code) or SENTENCES[fault.code])
            name = {"area": "village", "file": "photo"}.get(fault.field, fault.field)
            form.add_error(name if name in form.fields else None, text % fault.params if fault.params else text)
        return False
    except Refused as fault:
        said = sentence(fault)
        form.add_error("village", f"{said.what} {said.next}")
        return False
    messages.success(request, _("Reported. BP3MI is asked to look into it."))
    return True


@guarded("prepare.open_signal")
def signal(request: OfficeRequest, signal_id: UUID) -> HttpResponse:
    """Open one warning with its words."""
    found = open_signal(signal_id)
    row = next((r for r in law().signals_on(timezone.localdate()) if r.id == found.line.kind), None)
    context = {
        "found": found, "kind": journey_words.label(row) if row else found.line.kind,
        "basis": journey_words.article(row.basis) if row else "",
        "unsure": journey_words.note(row) if row else "", "state": say(SIGNAL_STATES, found.line.state),
        "may_answer": may(request.actor, ANSWER.verb) and found.line.state == "reported",
        "may_take_back": may(request.actor, BACK.verb) and found.line.state != "reported",
        "earlier": [{"line": one, "state": say(SIGNAL_STATES, one.state)} for one in found.earlier],
        "standing": [
            _("%(what)s since %(day)s") % {"what": say(STANDINGS, kind), "day": short_day(since)} for kind, since in found.standing
        ],
        "licensed": any(kind == "licensed" for kind, _since in found.standing),
        "may_agency": may(request.actor, "market.see_agency"), "may_photo": may(request.actor, "prepare.open_signal_photo"),
        "crumbs": crumbs((_("Early warning"), "")),
    }  # fmt: skip
    return render(request, "office/prepare/signal.html", context)


@guarded("prepare.answer_signal")
def answer(request: OfficeRequest, signal_id: UUID) -> HttpResponse:
    """Say what came of a warning."""
    found = open_signal(signal_id)
    back = reverse("signal", args=[signal_id])
    lead = f"{kinds().get(found.line.kind, found.line.kind)}. {found.line.place}, {short_day(found.line.on)}."
    return ask_once_more(request, ANSWER, back, crumbs((_("Early warning"), back)), lead, signal_id=signal_id)


@guarded("prepare.take_back_answer")
def take_back(request: OfficeRequest, signal_id: UUID) -> HttpResponse:
    """Take back what was said of a warning."""
    found = open_signal(signal_id)
    back = reverse("signal", args=[signal_id])
    lead = f"{kinds().get(found.line.kind, found.line.kind)}. {found.line.place}, {short_day(found.line.on)}."
    return ask_once_more(request, BACK, back, crumbs((_("Early warning"), back)), lead, signal_id=signal_id)


@guarded("prepare.open_signal_photo")
def photo(request: OfficeRequest, signal_id: UUID) -> StreamingHttpResponse:
    """Give the photograph of a warning as a file of a neutral name; browsers keep no copy."""
    opened = open_signal_photo(signal_id)
    return StreamingHttpResponse(
        opened.parts, content_type=opened.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{opened.name}"', "Content-Length": str(opened.size), "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip


def _in_all(count: int | None) -> str:
    if count is None:
        return _("Too few early warnings to be counted in public")
    return ngettext("%(shown)s early warning in twelve months", "%(shown)s early warnings in twelve months", count) % {"shown": number(count)}


@guarded("prepare.see_signal_counts")
def counts(request: OfficeRequest) -> HttpResponse:
    """Count the warnings of a year by kind and regency, small counts hidden."""
    known, today = kinds(), timezone.localdate()
    lines = see_signal_counts(since=today - YEAR)
    fewer: str | Promise = _("hidden")
    rows: list[dict[str, Any]] = [
        {
            "cells": [
                line.place or _("all places"), known.get(line.kind, line.kind) if line.kind else _("all kinds"),
                number(line.count) if line.count is not None else fewer,
            ]
        }
        for line in lines
    ]  # fmt: skip
    at = at_page(request)
    total = next((line.count for line in lines if line.place is None and line.kind is None), 0)
    columns = [(_("Place"), False), (_("Kind"), False), (_("Warnings"), True)]
    context = {
        "answer": _in_all(total),
        "lead": _("Counts below %(least)s are hidden, and so is any other from which one of them could be computed.") % {"least": LEAST},
        "table": listed(request, columns, rows[(at - 1) * PAGE : at * PAGE], len(rows), empty={"title": _("Nothing was reported.")}),
        "acts": [],
        "crumbs": crumbs((_("Counts"), "")) if may(request.actor, "prepare.see_signals") else [{"label": _("Early warnings"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/market/list.html", context)
