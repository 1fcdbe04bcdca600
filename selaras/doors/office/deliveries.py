"""Deliveries: hand a file in, watch it, say which column is which, and see what was taken in and what was set aside."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from selaras.agreements.queries import numbers_in_force
from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.delivery_page import counts_of, feeds_shown, form_lines, notes_of, rejects_shown
from selaras.doors.office.note_sentences import COLUMNS
from selaras.doors.office.paging import Pages
from selaras.doors.office.reject_sentences import say, sentence
from selaras.doors.office.uploads import Upload
from selaras.ground.act import Refused, may
from selaras.ground.scope import Actor, acting
from selaras.reconcile.actions.deliveries import cancel_delivery, hand_in, map_columns, retry_delivery
from selaras.reconcile.queries.deliveries import (
    DeliveryLine,
    delivery_now,
    download_rejects,
    feeds,
    see_deliveries,
    see_delivery,
    see_rejects,
)  # fmt: skip
from selaras.reconcile.sources import registers
from selaras.reconcile.work import work_area

PAGE = 50
REQUIRED = ("row_id", "name")
PART = 1024 * 1024
STATES: dict[str, str | Promise] = {
    "received": gettext_lazy("waits"),
    "unmapped": gettext_lazy("waits for its columns"),
    "reading": gettext_lazy("is being read"),
    "taken_in": gettext_lazy("taken in"),
    "refused": gettext_lazy("refused"),
    "cancelled": gettext_lazy("stopped"),
    "failed": gettext_lazy("failed"),
}
STAGES: dict[str, str | Promise] = {
    "opening": gettext_lazy("Open the file"),
    "looking": gettext_lazy("Look at its form"),
    "rows": gettext_lazy("Read the rows"),
    "storing": gettext_lazy("Put them into the register"),
}
_JOB = {"received": "queued", "reading": "running", "taken_in": "done", "cancelled": "cancelled"}


class HandIn(forms.Form):
    """What is handed in, as what, and under which agreement."""

    source = forms.ChoiceField(label=gettext_lazy("Register"))
    agreement = forms.ChoiceField(
        label=gettext_lazy("Agreement"),
        help_text=gettext_lazy(
            "Only the columns that its clauses let flow enter the register; the file itself stays encrypted."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        help_text=gettext_lazy("CSV, XLSX, XLS, ODS or Parquet, as the ministry handed it over. It is kept encrypted."),
    )
    whole = forms.BooleanField(
        label=gettext_lazy("This is the whole register"),
        required=False,
        help_text=gettext_lazy("A row that is not in it will be marked as withdrawn."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        sources = [(r.key, r.name_en if english else r.name) for r in registers().values()]
        agreements = [(number, f"{number}: {title}") for number, title in numbers_in_force()]
        self.fields["source"].choices = sources  # type: ignore[attr-defined]
        self.fields["agreement"].choices = [("", _("choose")), *agreements]  # type: ignore[attr-defined]


@guarded("reconcile.see_deliveries")
def deliveries(request: OfficeRequest) -> HttpResponse:
    """List the deliveries, above them when each register last came."""
    source, state = request.GET.get("source", ""), request.GET.get("state", "")
    source, state = source if source in registers() else "", state if state in STATES else ""
    page = _page(request)
    lines, total = see_deliveries(source=source, state=state, offset=(page - 1) * PAGE, limit=PAGE)
    context = {
        "feeds": feeds_shown(feeds()),
        "rows": [{"line": line, "state": STATES[line.state]} for line in lines],
        "page": Pages(page, PAGE, total, lines),
        "filters": {"query": None, "selects": _selects(source, state)},
        "may_hand_in": may(request.actor, "reconcile.hand_in"),
        "refresh": 5 if any(line.going for line in lines) else None,
        "crumbs": [{"label": _("Deliveries"), "url": ""}],
    }
    return render(request, "office/deliveries/list.html", context)


@guarded("reconcile.hand_in")
def hand_in_page(request: OfficeRequest) -> HttpResponse:
    """Take a file over; a worker reads it."""
    form = HandIn(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload: Upload = given["file"]
        try:
            if upload.fault:
                raise Refused(upload.fault, limit=settings.SELARAS_UPLOAD_LIMIT)
            delivery = hand_in(
                source=given["source"], agreement=given["agreement"], parts=upload.chunks(PART), name=upload.name or "",
                whole=given["whole"],
            )  # fmt: skip
        except Refused as refused:
            field = "agreement" if refused.code.startswith("agreement.") else "file"
            form.add_error(field, str(sentence(refused.code, refused.params)))
        else:
            if delivery.again:
                messages.info(
                    request, _("This very file was handed in before; nothing was changed. Here is what became of it.")
                )
            return HttpResponseRedirect(reverse("delivery", args=[delivery.pk]))
    crumbs = [{"label": _("Deliveries"), "url": reverse("deliveries")}, {"label": _("Hand in"), "url": ""}]
    return render(
        request, "office/deliveries/hand_in.html", {"form": form, "crumbs": crumbs}, status=400 if form.errors else 200
    )


@guarded("reconcile.see_delivery")
def delivery(request: OfficeRequest, delivery_id: UUID) -> HttpResponse:
    """Show one delivery: how far it is, what was found, what was counted, what was set aside."""
    line = see_delivery(delivery_id=delivery_id)
    page = _page(request)
    rejects, total = [], int(line.counts.get("rejected", 0))
    if total and may(request.actor, "reconcile.see_rejects"):
        rejects, total = see_rejects(delivery_id=delivery_id, offset=(page - 1) * PAGE, limit=PAGE)
    fault = sentence(line.fault["code"], line.fault.get("params")) if line.fault else None
    context = {
        "line": line,
        "state": STATES[line.state],
        "job": _job(request, line),
        "fault": fault,
        "unclear": _unclear(line) if line.state == "unmapped" else [],
        "counts": counts_of(line),
        "notes": notes_of(line),
        "form_lines": form_lines(line),
        "rejects": rejects_shown(rejects),
        "rejected": total,
        "page": Pages(page, PAGE, total, rejects),
        "may_download": line.wiped_at is None and may(request.actor, "reconcile.download_rejects"),
        "may_map": line.state == "unmapped" and may(request.actor, "reconcile.map_columns"),
        "may_cancel": may(request.actor, "reconcile.cancel_delivery"),
        "may_retry": line.wiped_at is None
        and (line.state in ("failed", "refused") or line.stuck)
        and may(request.actor, "reconcile.retry_delivery"),
        "refresh": 5 if line.going else None,
        "crumbs": [{"label": _("Deliveries"), "url": reverse("deliveries")}, {"label": line.name, "url": ""}],
    }
    return render(request, "office/deliveries/delivery.html", context)


@guarded("reconcile.see_delivery")
def progress(request: OfficeRequest, delivery_id: UUID) -> HttpResponse:
    """Answer with the progress alone, for the page that asks again and again."""
    return render(request, "office/_progress.html", {"job": _job(request, delivery_now(delivery_id))})


@guarded("reconcile.cancel_delivery")
def cancel(request: OfficeRequest, delivery_id: UUID) -> HttpResponse:
    """Ask to stop a delivery."""
    if request.method == "POST":
        cancel_delivery(delivery_id=delivery_id)
    return HttpResponseRedirect(reverse("delivery", args=[delivery_id]))


@guarded("reconcile.retry_delivery")
def retry(request: OfficeRequest, delivery_id: UUID) -> HttpResponse:
    """Try a delivery again."""
    if request.method == "POST":
        retry_delivery(delivery_id=delivery_id)
    return HttpResponseRedirect(reverse("delivery", args=[delivery_id]))


@guarded("reconcile.map_columns")
def columns(request: OfficeRequest, delivery_id: UUID) -> HttpResponse:
    """Let an officer say which heading stands for which column."""
    line = see_delivery(delivery_id=delivery_id)
    if line.state != "unmapped":
        return HttpResponseRedirect(reverse("delivery", args=[delivery_id]))
    # In the order in which people know a register: the database keeps the keys of an object by their length.
    chosen = {name: line.form["proposals"][name][0] or "" for name in COLUMNS} | line.form["columns"]
    unclear = {fault["params"].get("canonical") for fault in line.form["faults"]}
    error = ""
    if request.method == "POST":
        chosen = {name: request.POST.get(name, "") for name in COLUMNS}
        try:
            map_columns(delivery_id=delivery_id, columns=chosen)
        except Refused as refused:
            error = str(sentence(refused.code, refused.params))
        else:
            messages.success(
                request, _("Remembered for every delivery with the same header. The delivery is being read.")
            )
            return HttpResponseRedirect(reverse("delivery", args=[delivery_id]))
    context = {
        "line": line,
        "error": error,
        "rows": [
            {
                "name": name,
                "label": label,
                "chosen": chosen.get(name, ""),
                "unclear": name in unclear,
                "required": name in REQUIRED,
            }
            for name, label in COLUMNS.items()
        ],
        "headings": _headings(line),
        "faults": [] if error else _unclear(line),
        "crumbs": [
            {"label": _("Deliveries"), "url": reverse("deliveries")},
            {"label": line.name, "url": reverse("delivery", args=[delivery_id])},
            {"label": _("Columns"), "url": ""},
        ],
    }
    return render(request, "office/deliveries/columns.html", context, status=400 if error else 200)


@guarded("reconcile.download_rejects")
def rejects_file(request: OfficeRequest, delivery_id: UUID) -> StreamingHttpResponse:
    """Hand out every row set aside as a CSV that can be mended and handed in again."""
    delivery_now(delivery_id)
    body = _stream(request.actor, delivery_id, get_language() or "id")
    answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejects-{str(delivery_id)[:8]}.csv"'
    return answer


def _stream(actor: Actor, delivery_id: UUID, language: str) -> Iterator[bytes]:
    """Write the file when the answer is read: the request's transaction is over by then, so the actor acts anew."""
    with work_area("rejects") as area:
        path = area / "rejects.csv"
        with override(language), acting(actor):
            download_rejects(delivery_id=delivery_id, path=path, say=say)
        with path.open("rb") as file:
            while part := file.read(PART):
                yield part


def _job(request: OfficeRequest, line: DeliveryLine) -> dict[str, Any] | None:
    """The progress of a delivery as the partial wants it; none while a person must say something first."""
    if line.state == "unmapped":
        return None
    told = line.progress
    started = parse_datetime(told["started"]) if told.get("started") else None
    return {
        "id": line.id,
        "title": _("Taking %(name)s in") % {"name": line.name},
        "state": "cancelling" if line.cancel_asked and line.going else _JOB.get(line.state, "failed"),
        "stage": STAGES.get(told.get("stage", ""), _("Begins")),
        "done": told.get("done", 0),
        "total": told.get("total"),
        "started": started,
        "finished": line.taken_in_at,
        "message": str(sentence(line.fault["code"], line.fault.get("params"))) if line.fault else "",
        "poll_url": reverse("delivery_progress", args=[line.id]),
        "cancel_url": reverse("delivery_cancel", args=[line.id])
        if may(request.actor, "reconcile.cancel_delivery")
        else "",
        "result_url": reverse("delivery", args=[line.id]),
    }


def _unclear(line: DeliveryLine) -> list[str]:
    return [str(sentence(fault["code"], fault["params"])) for fault in line.form["faults"]]


def _headings(line: DeliveryLine) -> list[dict[str, Any]]:
    """Each heading of the file with the shape of its first values."""
    samples = line.form["sample"]
    shown = line.form["header"][:300]
    return [
        {"heading": heading, "shapes": [row[place] for row in samples if place < len(row) and row[place]][:3]}
        for place, heading in enumerate(shown)
    ]


def _selects(source: str, state: str) -> list[dict[str, Any]]:
    everything = {"value": "", "label": _("all")}
    sources = [{"value": r.key, "label": r.name, "chosen": r.key == source} for r in registers().values()]
    states = [{"value": key, "label": label, "chosen": key == state} for key, label in STATES.items()]
    return [
        {"name": "source", "label": _("Register"), "options": [{**everything, "chosen": not source}, *sources]},
        {"name": "state", "label": _("State"), "options": [{**everything, "chosen": not state}, *states]},
    ]


def _page(request: OfficeRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1
