"""Runs of the linkage: ask for one, watch it, stop it, and read what it found."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office import run_report
from selaras.doors.office.run_findings import open_reasons
from selaras.doors.office.run_way import way_of
from selaras.doors.office.taught import taught
from selaras.ground.act import may
from selaras.reconcile.actions.runs import cancel_run, start_run
from selaras.reconcile.queries.runs import RunNow, RunPage, run_now_at, see_run, see_runs, waiting_for_run

STAGES: dict[str, str | Promise] = {
    "read": gettext_lazy("Read the rows"),
    "standardise": gettext_lazy("Bring them into one form"),
    "encode": gettext_lazy("Code the values"),
    "block": gettext_lazy("Find pairs worth comparing"),
    "compare": gettext_lazy("Compare the pairs"),
    "learn": gettext_lazy("Learn the weights"),
    "resolve": gettext_lazy("Put pairs together to persons"),
    "list": gettext_lazy("List the pairs"),
    "link": gettext_lazy("Link the rows"),
    "compose": gettext_lazy("Choose each person's values"),
    "lay": gettext_lazy("Lay the result down"),
    "count": gettext_lazy("Count"),
    "report": gettext_lazy("Say what changed and what is to be mended"),
    "persons": gettext_lazy("Write the persons"),
    "switch": gettext_lazy("Switch the register over"),
}
STATES: dict[str, str | Promise] = {
    "waiting": gettext_lazy("waits"),
    "running": gettext_lazy("is running"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("stopped"),
    "failed": gettext_lazy("failed"),
}
FAULTS: dict[str, str | Promise] = {
    "run_died": gettext_lazy("The process ended in the middle. Nothing of it was kept; start the linkage again."),
    "run_failed": gettext_lazy("The linkage stopped on a fault of ours. Nothing of it was kept; tell your administrator the time."),
    "run_out_of_memory": gettext_lazy("The machine had too little memory. Nothing was kept; ask your administrator for more."),
    "run_no_room": gettext_lazy("The disk is full. Nothing was kept; ask your administrator for room, then start again."),
    "run_lost": gettext_lazy("Another linkage took its place. Nothing of this one was kept."),
    "cancelled": gettext_lazy("An officer asked for a stop. Nothing of it was kept."),
}
# Told as a whole when it is over, or so quick that nobody sees it.
_NOT_TOLD = frozenset({"link", "report"})
_SHOWN = 0.05
_JOB = {"waiting": "queued", "running": "running", "done": "done", "cancelled": "cancelled", "failed": "failed"}


@guarded("reconcile.see_runs")
def runs(request: OfficeRequest) -> HttpResponse:
    """List the runs, and offer a new one."""
    lines = see_runs()
    waiting = waiting_for_run()
    last = next((line for line in lines if line.state == "done"), None)
    now = run_now_at(waiting.going) if waiting.going else None
    context = {
        "last": last,
        "rows": [{"line": line, "state": STATES[line.state]} for line in lines],
        "waiting": waiting,
        "job": _job(request, now) if now else None,
        "may_start": may(request.actor, "reconcile.start_run"),
        "refresh": 5 if now else None,
        "crumbs": [{"label": _("Linkage runs"), "url": ""}],
    }
    return render(request, "office/runs/list.html", context)


@guarded("reconcile.start_run")
def start(request: OfficeRequest) -> HttpResponse:
    """Ask for a run."""
    if request.method == "POST":
        asked = start_run()
        messages.success(request, _("The linkage was asked for; it begins as soon as a worker is free."))
        return HttpResponseRedirect(reverse("run", args=[asked.pk]))
    return HttpResponseRedirect(reverse("runs"))


@guarded("reconcile.cancel_run")
def cancel(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Ask a run to stop."""
    if request.method == "POST":
        cancel_run(run_id)
    return HttpResponseRedirect(reverse("run", args=[run_id]))


@guarded("reconcile.see_run")
def run(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Show one run."""
    page = see_run(run_id)
    going = page.line.state in ("waiting", "running")
    context = {
        "page": page,
        "state": STATES[page.line.state],
        "job": _job(request, run_now_at(run_id)) if page.line.state != "done" else None,
        "stages": _stages(page),
        "taught": taught(page.counts),
        "way": way_of(page.counts),
        "may_sample": may(request.actor, "reconcile.see_sample"),
        "sizes": page.counts.get("sizes", []),
        "weights": run_report.weights(page.model),
        **(run_report.sections(page) if page.line.state == "done" else {}),
        "may_open_person": may(request.actor, "people.open_person"),
        "may_download": page.findings.kept and may(request.actor, "reconcile.download_faults"),
        "open_reasons": open_reasons() if may(request.actor, "reconcile.open_shared_number") else [],
        "refresh": 5 if going else None,
        "crumbs": [{"label": _("Linkage runs"), "url": reverse("runs")}, {"label": _("One run"), "url": ""}],
    }
    return render(request, "office/runs/run.html", context)


@guarded("reconcile.see_run")
def progress(request: OfficeRequest, run_id: UUID) -> HttpResponse:
    """Answer with the progress alone, for the page that asks again and again."""
    now = run_now_at(run_id)
    return render(request, "office/_progress.html", {"job": _job(request, now)})


def _job(request: OfficeRequest, now: RunNow) -> dict[str, Any]:
    state = "cancelling" if now.state == "running" and now.cancel_asked else _JOB[now.state]
    told = now.progress
    return {
        "id": now.id,
        "title": _("Linkage of the registers"),
        "state": state,
        "stage": STAGES.get(told.get("stage", ""), _("Begins")),
        "done": told.get("done", 0),
        "total": told.get("total"),
        "started": now.started_at,
        "finished": now.finished_at,
        "message": FAULTS.get((now.fault or {}).get("code", ""), ""),
        "poll_url": reverse("run_progress", args=[now.id]),
        "cancel_url": reverse("run_cancel", args=[now.id]) if may(request.actor, "reconcile.cancel_run") else "",
        "result_url": reverse("run", args=[now.id]),
        "steps": _way(told.get("stage", "")) if now.state == "running" else [],
        "seen_at": parse_datetime(told["at"]) if told.get("at") else None,
    }


def _way(stage: str) -> list[dict[str, Any]]:
    """The stages of a run that is going on, and how far it has come; nothing where the stage is one of the engine's own."""
    names = [name for name in STAGES if name not in _NOT_TOLD]
    if stage not in names:
        return []
    at = names.index(stage)
    return [
        {"title": STAGES[name], "state": "done" if n < at else "now" if n == at else "next"} for n, name in enumerate(names)
    ]


def _stages(page: RunPage) -> list[dict[str, Any]]:
    """The stages of a run that is done, with their seconds; those of the engine stand under the linking, of which they are parts."""
    found = []
    for name, label in STAGES.items():
        if name in page.stages:
            found.append({"label": label, "seconds": page.stages[name], "part": False})
        if name == "link":
            order = [*STAGES]
            parts = sorted(page.counts.get("engine_seconds", {}).items(), key=lambda s: order.index(s[0]) if s[0] in order else len(order))
            found += [{"label": STAGES.get(part, part), "seconds": s["wall"], "part": True} for part, s in parts if s["wall"] >= _SHOWN]
    return found
