"""The review queue: doubtful pairs one after another, two rows side by side, same, different or unsure, and undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.effect_sentences import effect_sentence
from selaras.doors.office.paging import Pages, at_page
from selaras.doors.office.people import words
from selaras.doors.office.reason_sentences import reason_lines
from selaras.ground.act import may
from selaras.people.queries.numbers import REASONS
from selaras.reconcile.actions.judging import Judged, judge, undo_judgement
from selaras.reconcile.queries.pairs import STATES, PairPage, next_pair, open_numbers, see_pair, see_queue
from selaras.reconcile.queries.sampling import DrawnPage
from selaras.reconcile.sources import registers

PAGE = 25
FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "nik": gettext_lazy("NIK"),
    "birth_date": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "birth_place": gettext_lazy("Birth place"),
    "mother": gettext_lazy("Mother's name"),
    "passport": gettext_lazy("Passport"),
    "phone": gettext_lazy("Telephone"),
    "regency": gettext_lazy("Home regency"),
    "village": gettext_lazy("Village"),
    "country": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    "status": gettext_lazy("Status"),
    "agency": gettext_lazy("Placement agency"),
    "sector": gettext_lazy("Sector"),
    "event_date": gettext_lazy("Date of the row"),
}
STATE_WORDS: dict[str, str | Promise] = {
    "todo": gettext_lazy("for me to judge"),
    "open": gettext_lazy("nobody judged yet"),
    "waiting": gettext_lazy("waits for a second officer"),
    "disputed": gettext_lazy("two officers differ"),
    "settled": gettext_lazy("settled"),
    "mine": gettext_lazy("judged by me"),
}
VERDICT_WORDS: dict[str, str | Promise] = {
    "same": gettext_lazy("the same person"),
    "different": gettext_lazy("two persons"),
    "unsure": gettext_lazy("cannot be told"),
}


@guarded("reconcile.see_queue")
def queue(request: OfficeRequest) -> HttpResponse:
    """List the pairs that wait, those first whose judgement changes most."""
    state = request.GET.get("state", "todo")
    state = state if state in STATE_WORDS else "todo"
    at = at_page(request)
    found = see_queue(state, (at - 1) * PAGE, PAGE)
    judged = found.waiting + found.disputed + found.settled
    context = {
        "found": found,
        "all": found.open + judged,
        "page": Pages(at, PAGE, found.total, found.lines),
        "rows": [
            {
                "line": line,
                "state": STATE_WORDS[line.state],
                "verdict": VERDICT_WORDS.get(line.verdict, ""),
                "mine": VERDICT_WORDS.get(line.mine, ""),
                "effect": effect_sentence(line.changes),
                "reasons": [r for r in reason_lines(line.reasons) if r["agrees"] is not None and r["code"] != "pair.start"][:2],
            }
            for line in found.lines
        ],
        "filters": {
            "query": None,
            "selects": [
                {
                    "name": "state",
                    "label": _("Which pairs"),
                    "options": [
                        {"value": s, "label": STATE_WORDS[s], "chosen": s == state} for s in ("todo", *STATES, "mine")
                    ],
                }
            ],
        },
        "may_judge": may(request.actor, "reconcile.judge"),
        "crumbs": [{"label": _("Review queue"), "url": ""}],
    }
    return render(request, "office/review/queue.html", context)


@guarded("reconcile.see_queue")
def next_one(request: OfficeRequest) -> HttpResponse:
    """Go to the pair that this officer should judge next; past one that she leaves for later."""
    after, last = asked_id(request.GET.get("after", "")), asked_id(request.GET.get("last", ""))
    found = next_pair(after)
    if found is None:
        messages.info(request, _("There is no pair left for you to judge."))
        return HttpResponseRedirect(reverse("review"))
    return HttpResponseRedirect(reverse("review_pair", args=[found]) + (f"?last={last}" if last else ""))


@guarded("reconcile.see_pair")
def pair(request: OfficeRequest, pair_id: UUID) -> HttpResponse:
    """Show two rows side by side."""
    page = see_pair(pair_id)
    last = asked_id(request.GET.get("last", ""))
    context = {
        "page": page,
        **two_rows(page),
        "reasons": reason_lines(page.reasons),
        "state": STATE_WORDS[page.state],
        "verdict": VERDICT_WORDS.get(page.verdict, ""),
        "mine": VERDICT_WORDS.get(page.mine, ""),
        "said": [{"said": s, "verdict": VERDICT_WORDS.get(s.verdict, "")} for s in page.said],
        "sentence": _sentence(page),
        "effect": effect_sentence(page.changes),
        "may_judge": may(request.actor, "reconcile.judge"),
        "open_reasons": _open_reasons(request),
        "last": last if last != page.id else None,
        "crumbs": [{"label": _("Review queue"), "url": reverse("review")}, {"label": _("One pair"), "url": ""}],
    }
    return render(request, "office/review/pair.html", context)


def two_rows(page: PairPage | DrawnPage) -> dict[str, Any]:
    """Give two rows as the templates set them side by side: the register of each, and field by field what both say."""
    names = registers()
    return {
        "sides": [
            {"side": side, "register": names[side.source].name if side.source in names else side.source}
            for side in (page.left, page.right)
        ],
        "compared": [{"label": FIELDS[c.field], "row": c} for c in page.compared],
    }


def _open_reasons(request: OfficeRequest) -> list[dict[str, str]]:
    if not may(request.actor, "reconcile.open_numbers"):
        return []
    return [{"value": r, "label": words.say(words.OPEN_REASONS, r)} for r in REASONS]


@require_POST
@guarded("reconcile.open_numbers")
def numbers(request: OfficeRequest, pair_id: UUID, field: str) -> HttpResponse:
    """Open one kind of number of both rows for a stated reason: the answer to a POST, never an address."""
    opened = open_numbers(pair_id, field, request.POST.get("reason", ""))
    context = {"opened": opened, "label": FIELDS[field], "crumbs": [{"label": _("Review queue"), "url": reverse("review")}]}
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "office/review/_numbers_open.html" if partial else "office/review/numbers_open.html", context)


def _sentence(page: PairPage) -> str:
    share = round(page.probability * 100)
    if page.decision == "link":
        return _("The model links these two rows: %(share)s in 100 such pairs are one person.") % {"share": share}
    if page.decision == "no":
        return _("The model keeps these two rows apart: %(share)s in 100 such pairs are one person.") % {"share": share}
    return _("The model cannot decide: %(share)s in 100 such pairs are one person.") % {"share": share}


@guarded("reconcile.judge")
def say(request: OfficeRequest, pair_id: UUID) -> HttpResponse:
    """Take a judgement, then show the next pair."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("review_pair", args=[pair_id]))
    said = judge(pair_id, request.POST.get("verdict", ""), request.POST.get("reason", ""))
    messages.success(request, _told(said, str(VERDICT_WORDS[request.POST["verdict"]])))
    return HttpResponseRedirect(f"{reverse('review_next')}?last={pair_id}")


def _told(said: Judged, verdict: str) -> str:
    """Say what a judgement did."""
    values = {"verdict": verdict}
    if said.state == "disputed":
        return _("Noted: %(verdict)s. Another officer says otherwise; a third will decide.") % values
    if said.state == "waiting":
        return _("Noted: %(verdict)s. It holds when a second officer says the same.") % values
    if said.moved:
        return _("Noted: %(verdict)s. It holds now, and the records were moved.") % values
    return _("Noted: %(verdict)s. It holds now.") % values


@guarded("reconcile.undo_judgement")
def undo(request: OfficeRequest, pair_id: UUID) -> HttpResponse:
    """Take one's own judgement back, and show the pair again."""
    if request.method == "POST":
        undone = undo_judgement(pair_id)
        moved = _("Your judgement was taken back, and the records went back to where they were.")
        messages.success(request, moved if undone.moved else _("Your judgement was taken back."))
    return HttpResponseRedirect(reverse("review_pair", args=[pair_id]))


def asked_id(text: str) -> UUID | None:
    """Read an id that an address carries; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
