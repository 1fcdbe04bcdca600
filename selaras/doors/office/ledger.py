"""The ledger page for the auditor: its lines, and the proof that none was changed."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.finding_sentences import finding_sentence
from selaras.ground.queries.ledger import read_ledger, verify_ledger
from selaras.ground.queries.words import VERB_WORDS, outcome_words, verb_words

PAGE = 50


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@guarded("ground.read_ledger")
def ledger(request: OfficeRequest) -> HttpResponse:
    """List ledger lines, the newest first, by verb and outcome."""
    verb, outcome = request.GET.get("verb", ""), request.GET.get("outcome", "")
    after = _uuid(request.GET.get("after", ""))
    lines = read_ledger(
        verb=verb, outcome=outcome, subject=_uuid(request.GET.get("subject", "")), after=after, limit=PAGE + 1
    )
    shown = [
        {
            "line": line,
            "verb": verb_words(line.verb),
            "outcome": outcome_words(line.outcome),
            "automatic": line.actor.startswith("job:"),
        }
        for line in lines[:PAGE]
    ]
    filters = {
        "query": None,
        "selects": [
            {"name": "verb", "label": _("What was done"), "options": _options(sorted(VERB_WORDS), verb, verb_words)},
            {
                "name": "outcome",
                "label": _("How it ended"),
                "options": _options(["done", "read", "refused", "not_there"], outcome, outcome_words),
            },
        ],
    }
    context = {
        "lines": shown,
        "filters": filters,
        "next": lines[PAGE - 1].id if len(lines) > PAGE else None,
        "crumbs": [{"label": _("Ledger"), "url": ""}],
    }
    return render(request, "office/ledger/list.html", context)


def _options(values: list[str], chosen: str, words: Callable[[str], str]) -> list[dict[str, object]]:
    return [{"value": "", "label": _("all"), "chosen": not chosen}] + [
        {"value": v, "label": words(v), "chosen": v == chosen} for v in values
    ]


@guarded("ground.verify_ledger")
def verify(request: OfficeRequest) -> HttpResponse:
    """Check the whole ledger and show what is wrong, naming each line."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("ledger"))
    proof = verify_ledger()
    findings = [{"finding": f, "sentence": finding_sentence(f)} for f in proof.findings[:200]]
    context = {
        "proof": proof,
        "findings": findings,
        "more": max(0, len(proof.findings) - 200),
        "crumbs": [{"label": _("Ledger"), "url": reverse("ledger")}, {"label": _("Verification"), "url": ""}],
    }
    return render(request, "office/ledger/proof.html", context)
