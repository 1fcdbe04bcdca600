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
from selaras.ground.act import may
from selaras.reconcile.actions.runs import cancel_run, start_run
from selaras.reconcile.queries.runs import RunNow, RunPage, run_now_at, see_run, see_runs, waiting_for_run
from selaras.reconcile.sources import registers

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
        "stages": [(label, page.stages[name]) for name, label in STAGES.items() if name in page.stages],
        "sources": _sources(page.counts),
        "steps": _steps(page),
        "sizes": page.counts.get("sizes", []),
        "largest": page.counts.get("largest", []),
        "weights": _weights(page.model),
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
        "seen_at": parse_datetime(told["at"]) if told.get("at") else None,
    }


def _sources(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows and faults of each register, so that they can be mended where they arise."""
    known = registers()
    faults = counts.get("faults", {})
    return [
        {
            "name": known[key].name if key in known else key,
            "owner": known[key].owner if key in known else "",
            "rows": rows,
            "faults": [(_fault(code), n) for code, n in sorted(faults.get(key, {}).items(), key=lambda f: -f[1])],
        }
        for key, rows in counts.get("rows", {}).items()
    ]


_FAULT_WORDS: dict[str, str | Promise] = {
    "nik.placeholder": gettext_lazy("NIK is a filler such as 000… or 1234…"),
    "nik.spreadsheet": gettext_lazy("NIK was spoilt by a spreadsheet (3.2E+15)"),
    "nik.structure": gettext_lazy("NIK is not well formed"),
    "birth.unreadable": gettext_lazy("birth date cannot be read"),
    "event.unreadable": gettext_lazy("date of the row cannot be read"),
    "passport.unusable": gettext_lazy("passport number cannot be used"),
    "country.unknown": gettext_lazy("country is spelt in an unknown way"),
    "row.nobody": gettext_lazy("row is a test or nobody"),
}


def _fault(code: str) -> str:
    if code.startswith("country.unknown:"):
        return _("unknown country: %(spelling)s") % {"spelling": code.partition(":")[2]}
    return str(_FAULT_WORDS.get(code, code))


def _steps(page: RunPage) -> list[dict[str, Any]]:
    """The counts of a run, beside those of the run before it."""
    now, before = page.counts, page.before
    words: list[tuple[str, str, Any, Any]] = [
        ("persons", _("Persons"), now.get("persons"), before.get("persons")),
        ("by_hand", _("Persons entered by officers, without a row"), now.get("by_hand"), before.get("by_hand")),
        ("nobody", _("Rows that are nobody"), now.get("nobody"), before.get("nobody")),
        ("candidates", _("Pairs compared"), now.get("candidates"), before.get("candidates")),
        ("link", _("Pairs linked"), *(c.get("pairs", {}).get("link") for c in (now, before))),
        ("review", _("Pairs left to reviewers"), *(c.get("pairs", {}).get("review") for c in (now, before))),
        ("judged", _("Verdicts held to"), now.get("judged"), before.get("judged")),
        ("links_new", _("Links made"), now.get("links_new"), before.get("links_new")),
        ("links_ended", _("Links ended"), now.get("links_ended"), before.get("links_ended")),
        ("persons_new", _("Persons new"), now.get("persons_new"), before.get("persons_new")),
        ("persons_changed", _("Persons changed"), now.get("persons_changed"), before.get("persons_changed")),
        ("persons_merged", _("Persons merged"), now.get("persons_merged"), before.get("persons_merged")),
        ("nik", _("NIKs that many rows share"), *(c.get("shared_numbers", {}).get("nik") for c in (now, before))),
        ("passport", _("Passports that many rows share"), *(c.get("shared_numbers", {}).get("passport") for c in (now, before))),
        ("phones", _("Telephones that many rows share"), now.get("phones_shared"), before.get("phones_shared")),
    ]  # fmt: skip
    return [
        {"label": label, "now": value, "before": old, "change": None if value is None or old is None else value - old}
        for _key, label, value, old in words
        if value is not None
    ]


def _weights(model: dict[str, Any]) -> list[tuple[str, float]]:
    levels = {code: weight for table in model.get("weights", {}).values() for code, weight in table.items()}
    return sorted(levels.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
