"""Papers: write one down with its scan, put a newer one in its place, verify it, open its number or scan."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys import words
from selaras.doors.office.journeys.doing import tell
from selaras.doors.office.journeys.forms import Paper, Verify
from selaras.doors.office.journeys.sentences import FAULTS, REFUSALS
from selaras.doors.office.people.faults import SENTENCES
from selaras.doors.office.people.words import OPEN_REASONS, say
from selaras.doors.office.templatetags.face import day
from selaras.ground.act import Refused, may
from selaras.law.load import law
from selaras.law.shapes import Evidence
from selaras.people.actions.facts import Kept, Scan, add_fact, replace_fact, verify_fact
from selaras.people.faults import Unfit
from selaras.people.papers import Written
from selaras.people.queries.journeys import open_journey
from selaras.people.queries.numbers import REASONS
from selaras.people.queries.papers import open_scan, paper_of, reveal_paper_number

PART = 1024 * 1024


@guarded("people.add_fact")
def add(request: OfficeRequest, journey_id: UUID, kind: str) -> HttpResponse:
    """Write a paper of a journey down."""
    view = open_journey(journey_id)
    row = law().evidence_of(kind, view.started_on)
    if row is None:
        raise Http404
    back = reverse("journey", args=[view.id])

    def keep(paper: Written, scan: Scan | None, once: str) -> Kept:
        return add_fact(person_id=view.person_id, journey_id=view.id, paper=paper, scan=scan, once=once)

    return _write(request, row, keep, _("Add a paper: %(paper)s") % {"paper": words.label(row)}, view.name, back)


@guarded("people.replace_fact")
def replace(request: OfficeRequest, journey_id: UUID, fact_id: UUID) -> HttpResponse:
    """Put a newer paper in the place of one."""
    one = paper_of(fact_id)
    if one.line.rule is None:
        raise Http404
    back = reverse("journey", args=[journey_id])

    def keep(paper: Written, scan: Scan | None, once: str) -> Kept:
        return replace_fact(fact_id=fact_id, paper=paper, scan=scan, once=once)

    heading = _("A newer paper: %(paper)s") % {"paper": words.label(one.line.rule)}
    return _write(request, one.line.rule, keep, heading, "", back)


def _write(request: OfficeRequest, row: Evidence, keep: Any, heading: str, name: str, back: str) -> HttpResponse:
    form = Paper(request.POST or None, request.FILES or None, row=row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = data.get("file")
        paper = Written(
            row.id, data.get("number", ""), data["issuer"], data["issued_on"], data.get("valid_until"), data.get("value", "")
        )
        try:
            if upload is not None and upload.fault:
                form.add_error("file", str(FAULTS[upload.fault]) % {"limit": settings.SELARAS_UPLOAD_LIMIT})
            else:
                kept = keep(paper, Scan(upload.chunks(PART), upload.name or "") if upload is not None else None, data["once"])
                _say(request, kept)
                return HttpResponseRedirect(back)
        except Unfit as unfit:
            for fault in unfit.faults:
                sentence = str(FAULTS.get(fault.code) or SENTENCES[fault.code])
                params = {name: day(date.fromisoformat(value)) if name == "on" else value for name, value in fault.params.items()}
                form.add_error(fault.field if fault.field in form.fields else None, sentence % params if params else sentence)
        except Refused as fault:
            tell(form, fault)
    context = {
        "form": form, "heading": heading, "name": name, "back": back, "row": row,
        "basis": words.article(row.basis), "unsure": words.note(row),
        "multipart": "file" in form.fields, "crumbs": [{"label": _("Journey"), "url": back}, {"label": heading, "url": ""}],
    }  # fmt: skip
    return render(request, "office/journeys/paper.html", context, status=422 if form.errors else 200)


def _say(request: OfficeRequest, kept: Kept) -> None:
    if kept.fault:
        what, following = REFUSALS[kept.fault]
        messages.error(request, f"{what} {following}")
    elif kept.again:
        messages.info(request, _("This very paper was there already; nothing was changed."))
    else:
        messages.success(request, _("The paper is kept."))


@guarded("people.verify_fact")
def verify(request: OfficeRequest, journey_id: UUID, fact_id: UUID) -> HttpResponse:
    """Say whether a paper is real."""
    one = paper_of(fact_id)
    row, back = one.line.rule, reverse("journey", args=[journey_id])
    form = Verify(request.POST or None, row=row, initial={"seen": one.line.verdict, "path": "manual"})
    if request.method == "POST" and form.is_valid():
        try:
            verify_fact(fact_id=fact_id, **form.cleaned_data)
        except Refused as fault:
            if fault.code == "no_reason" and "words" in form.fields:
                form.add_error("words", _("Write what you looked at: without it nothing is verified by hand."))
            else:
                tell(form, fault)
        else:
            messages.success(request, _("Noted what you said of the paper."))
            return HttpResponseRedirect(back)
    heading = _("Is this paper real? %(paper)s") % {"paper": words.label(row) if row else one.line.kind}
    context = {
        "form": form, "heading": heading, "back": back, "line": one.line, "verdict": words.say(words.VERDICTS, one.line.verdict), "row": row,
        "feed": _feed(row), "result": words.say(words.RESULTS, one.line.value) if one.line.value else "",
        "may_scan": one.line.scan and may(request.actor, "people.open_scan"),
        "crumbs": [{"label": _("Journey"), "url": back}, {"label": _("Verify a paper"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/journeys/verify.html", context, status=422 if form.errors else 200)


def _feed(row: Evidence | None) -> dict[str, str] | None:
    """Name the partner's system that can verify, and what is done by hand while it is down."""
    feed = law().feed(row.feed, timezone.localdate()) if row is not None and row.feed else None
    if feed is None or row is None:
        return None
    return {"name": words.label(feed), "owner": feed.owner, "manual": words.manual(row)}


@require_POST
@guarded("people.reveal_paper_number")
def number(request: OfficeRequest, journey_id: UUID, fact_id: UUID) -> HttpResponse:
    """Open the number of a paper for a stated reason: the answer to a POST, never an address."""
    reason = request.POST.get("reason", "")
    back = reverse("journey", args=[journey_id])
    found: dict[str, Any] = {"back": back, "crumbs": [{"label": _("Journey"), "url": back}, {"label": _("Number"), "url": ""}]}
    if reason not in REASONS:
        found["reasons"] = [{"value": r, "label": say(OPEN_REASONS, r)} for r in REASONS]
        return render(request, "office/journeys/number.html", found, status=422)
    opened = reveal_paper_number(fact_id, reason)
    found |= {"opened": opened, "name": words.paper_name(opened.kind, timezone.localdate()), "reason": say(OPEN_REASONS, reason)}
    return render(request, "office/journeys/number.html", found)


@guarded("people.open_scan")
def scan(request: OfficeRequest, journey_id: UUID, fact_id: UUID) -> StreamingHttpResponse:
    """Give the scan of a paper as a file of a neutral name; browsers keep no copy."""
    opened = open_scan(fact_id)
    return StreamingHttpResponse(
        opened.parts, content_type=opened.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{opened.name}"', "Content-Length": str(opened.size), "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip
