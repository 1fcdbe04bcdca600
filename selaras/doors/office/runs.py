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
from django.utils.translation import gettext_lazy as _l

from selaras.doors.guard import OfficeRequest, guarded
from selaras.ground.act import may
from selaras.reconcile.actions.runs import cancel_run, start_run
from selaras.reconcile.queries.runs import RunNow, RunPage, run_now_at, see_run, see_runs, waiting_for_run
from selaras.reconcile.sources import registers

STAGES: dict[str, str | Promise] = {
    "read": _l("Read the rows"),
    "standardise": _l("Bring them into one form"),
    "encode": _l("Code the values"),
    "block": _l("Find pairs worth comparing"),
    "compare": _l("Compare the pairs"),
    "learn": _l("Learn the weights"),
    "resolve": _l("Put pairs together to persons"),
    "list": _l("List the pairs"),
    "link": _l("Link the rows"),
    "compose": _l("Choose each person's values"),
    "lay": _l("Lay the result down"),
    "count": _l("Count"),
    "persons": _l("Write the persons"),
    "switch": _l("Switch the register over"),
}
STATES: dict[str, str | Promise] = {
    "waiting": _l("waits"),
    "running": _l("is running"),
    "done": _l("done"),
    "cancelled": _l("stopped"),
    "failed": _l("failed"),
}
FAULTS: dict[str, str | Promise] = {
    "run_died": _l("The process ended in the middle. Nothing of it was kept; start the linkage again."),
    "run_failed": _l("The linkage stopped on a fault of ours. Nothing of it was kept; tell your administrator the time."),
    "run_out_of_memory": _l("The machine had too little memory. Nothing was kept; ask your administrator for more."),
    "run_no_room": _l("The disk is full. Nothing was kept; ask your administrator for room, then start again."),
    "run_lost": _l("Another linkage took its place. Nothing of this one was kept."),
    "cancelled": _l("An officer asked for a stop. Nothing of it was kept."),
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
        "stages": [(STAGES.get(name, name), seconds) for name, seconds in page.stages.items()],
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
    "nik.placeholder": _l("NIK is a filler such as 000… or 1234…"),
    "nik.spreadsheet": _l("NIK was spoilt by a spreadsheet (3.2E+15)"),
    "nik.structure": _l("NIK is not well formed"),
    "birth.unreadable": _l("birth date cannot be read"),
    "event.unreadable": _l("date of the row cannot be read"),
    "passport.unusable": _l("passport number cannot be used"),
    "country.unknown": _l("country is spelt in an unknown way"),
    "row.nobody": _l("row is a test or nobody"),
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
