"""One person's page: who she is, where she was, her numbers (masked), her history, and who opened her record."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys.trips import trips
from selaras.doors.office.people import words
from selaras.doors.office.people.forms import written
from selaras.doors.office.records import records_for
from selaras.ground.act import may
from selaras.ground.queries.words import outcome_words, verb_words
from selaras.people.queries.numbers import REASONS, reveal_number
from selaras.people.queries.opening import EventLine, KinLine, OpenPerson, open_person
from selaras.people.queries.watching import who_opened

# What later rooms do with a person: address of the verb, name of the page, label, icon.
BESIDE: tuple[tuple[str, str, str | Promise, str], ...] = (
    ("prepare.acknowledge_letter", "village_letters", gettext_lazy("Letters"), "file-certificate"),
    ("prepare.see_told", "person_told", gettext_lazy("What was told"), "message-report"),
    ("prepare.see_training", "person_training", gettext_lazy("Training"), "certificate"),
    ("prepare.log_movement", "village_log_person", gettext_lazy("Left or came back"), "plane-departure"),
)


@guarded("people.open_person")
def person(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Open a person; who was merged away leads to the one who stands for her."""
    her = open_person(person_id)
    if her.id != person_id:
        return HttpResponseRedirect(reverse("person", args=[her.id]))
    return render(request, "office/people/person.html", _page(request, her))


def _page(request: OfficeRequest, her: OpenPerson) -> dict[str, Any]:
    allowed = {
        name: may(request.actor, f"people.{name}")
        for name in (
            "correct", "add_identifier", "reveal_number", "who_opened", "propose_merge", "unmerge", "see_conflicts", "open_journey",
            "start_journey", "see_ways_in",
        )
    }
    latest = her.latest
    return {
        "her": her,
        "born": written(her.birth_date, her.birth_precision),
        "sex": words.say(words.SEXES, her.sex) if her.sex else "",
        "latest": _stay(latest) if latest else None,
        "numbers": [
            {
                "line": n,
                "label": words.say(words.NUMBER_KINDS, n.kind),
                "source": words.say(words.SOURCES, n.source),
                "doubt": words.say(words.DOUBTS, n.doubt) if n.doubt else "",
            }
            for n in her.numbers
        ],
        "papers": _papers(her),
        "names": [
            {"line": n, "kind": words.say(words.NAME_KINDS, n.kind), "source": words.say(words.SOURCES, n.source)}
            for n in her.names
        ],
        "stays": [_stay(p) for p in her.presences],
        "kin": [{"line": k, "relation": _relation(k)} for k in her.kin],
        "grants": [
            {"line": g, "who": words.seen_by(g), "reason": words.say(words.SEEN_FOR, g.reason)} for g in her.grants
        ],
        "events": [{"line": e, "words": _event(e), "changes": _changes(e)} for e in her.events],
        "reasons": [{"value": r, "label": words.say(words.OPEN_REASONS, r)} for r in REASONS],
        "records": records_for(her.id),
        "beside": [
            {"url": reverse(name, args=[her.id]), "label": text, "icon": icon}
            for address, name, text, icon in BESIDE
            if may(request.actor, address)
        ],
        **trips(her.id),
        "may": allowed,
        "crumbs": [{"label": _("Find a person"), "url": reverse("people_find")}, {"label": _("Person"), "url": ""}],
    }


def _stay(stay: Any) -> dict[str, Any]:
    return {
        "line": stay, "place": words.place(stay), "capacity": words.say(words.CAPACITIES, stay.capacity),
        "kind": words.say(words.STAY_KINDS, stay.kind), "source": words.say(words.SOURCES, stay.source),
    }  # fmt: skip


def _papers(her: OpenPerson) -> list[str]:
    """The papers asked for since something was last added or corrected: then somebody has looked at her papers."""
    asked = []
    for event in her.events:
        if event.kind in ("added", "corrected", "joined"):
            break
        if event.kind == "papers":
            asked.append(event.reason)
    return asked


def _relation(kin: KinLine) -> str:
    return words.say(words.REVERSED if kin.reverse else words.RELATIONS, kin.relation)


def _event(event: EventLine) -> str:
    if event.kind == "conflict" and event.reason == "proposed":
        return _("an officer asked whether another record is the same person")
    if event.kind == "conflict" and event.reason.startswith("paper:"):
        return _("the number of a paper was given for another person")
    return words.say(words.ADDED, event.reason) if event.kind == "added" else words.say(words.EVENTS, event.kind)


def _changes(event: EventLine) -> list[dict[str, str]]:
    if event.kind != "corrected":
        return []
    return [
        {"field": words.say(words.FIELDS, f), "before": str(event.before.get(f) or "—"), "after": str(event.after.get(f) or "—")}
        for f in event.after
    ]  # fmt: skip


@require_POST
@guarded("people.reveal_number")
def number(request: OfficeRequest, person_id: UUID, identifier_id: UUID) -> HttpResponse:
    """Open one number for a stated reason: the answer to a POST, never an address."""
    reason = request.POST.get("reason", "")
    if reason not in REASONS:
        context = {
            "reasons": [{"value": r, "label": words.say(words.OPEN_REASONS, r)} for r in REASONS],
            "person_id": person_id,
            "identifier_id": identifier_id,
        }
        return render(request, "office/people/number_reason.html", context, status=422)
    opened = reveal_number(identifier_id, reason)
    context = {
        "opened": opened,
        "label": words.say(words.NUMBER_KINDS, opened.kind),
        "reason": words.say(words.OPEN_REASONS, reason),
    }
    template = "office/people/_number_open.html" if _partial(request) else "office/people/number_open.html"
    return render(request, template, context)


def _partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


@guarded("people.who_opened")
def who(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Say in words who did what with her record."""
    watched = who_opened(person_id)
    lines = [
        {
            "line": line,
            "verb": verb_words(line.verb),
            "outcome": outcome_words(line.outcome),
            "reason": words.say(words.OPEN_REASONS, line.detail.get("reason", "")),
            "automatic": line.actor.startswith("job:"),
        }
        for line in watched.lines
    ]
    crumbs = [
        {"label": _("Find a person"), "url": reverse("people_find")},
        {"label": _("Person"), "url": reverse("person", args=[person_id])},
        {"label": _("Who opened this record"), "url": ""},
    ]
    return render(request, "office/people/who.html", {"watched": watched, "lines": lines, "crumbs": crumbs})
