"""The page of one journey: what was done, what is open and with whom, what comes next and why not yet; and its papers."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.after.words import ACTS as REPORTS
from selaras.doors.office.journeys import words
from selaras.doors.office.journeys.forms import kinds_of_paper
from selaras.doors.office.people.words import OPEN_REASONS, say
from selaras.doors.party_names import party_name
from selaras.ground.act import may
from selaras.people.places import country_name
from selaras.people.queries.journeys import JourneyView, StepLine, open_journey
from selaras.people.queries.numbers import REASONS
from selaras.people.queries.papers import PaperLine
from selaras.people.queries.parties import party_by_key
from selaras.place.actions.passes import STEP as CARD
from selaras.place.queries.abroad import employer_now
from selaras.place.signing import keys_there

VERBS = (
    "do_step", "skip_step", "return_step", "refuse_step", "withdraw_journey", "fail_journey", "restart_journey", "add_fact", "verify_fact",
    "aim_journey", "replace_fact", "reveal_paper_number", "open_scan", "open_person",
)  # fmt: skip


# What later rooms know of a journey: address of the question, name of the page, label, icon.
BESIDE: tuple[tuple[str, str, str | Promise, str], ...] = (
    ("place.judge", "gate", gettext_lazy("Gate"), "door-exit"),
    ("place.see_passes", "cards", gettext_lazy("Card (E-KPMI)"), "certificate"),
    ("place.see_contracts", "contracts", gettext_lazy("Contracts"), "file-text"),
    ("place.see_after", "after", gettext_lazy("After departure"), "map-pin"),
    ("place.see_costs", "costs", gettext_lazy("Costs"), "scale"),
    ("prepare.see_credit", "journey_credit", gettext_lazy("Placement credit (KUR)"), "building-bank"),
)


# Steps that a report of a later room does, with what it is for: the report's name in its address, and its verb.
BY_REPORT = {
    "arrive": ("arrival", "place.report_arrival"), "change_employer": ("employer", "place.change_employer"),
    "return": ("return", "place.report_return"),
}  # fmt: skip
CHANGE = "change_employer"


# And what they know of its person.
OF_PERSON: tuple[tuple[str, str, str | Promise, str], ...] = (
    ("prepare.see_told", "person_told", gettext_lazy("What was told"), "message-report"),
    ("prepare.see_training", "person_training", gettext_lazy("Training"), "certificate"),
)


@guarded("people.open_journey")
def journey(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show a journey."""
    return render(request, "office/journeys/journey.html", context(request, open_journey(journey_id)))


def context(request: OfficeRequest, view: JourneyView) -> dict[str, Any]:
    """Give what the page shows of a journey."""
    allowed = {name: may(request.actor, f"people.{name}") for name in VERBS}
    allowed |= {verb: may(request.actor, verb) for _report, verb in BY_REPORT.values()}
    open_now = view.state == "open"
    return {
        "view": view,
        "scheme": words.label(view.scheme),
        "scheme_note": words.note(view.scheme),
        "state": words.say(words.STATES, view.state),
        "country": country_name(view.country, get_language() or "id") if view.country else "",
        "now": [_now(line) for line in view.now],
        "steps": [_step(view, line, allowed) for line in view.lines],
        "papers": [_paper(request, line, allowed) for line in view.papers],
        "kinds": kinds_of_paper(view.scheme.id, [line.rule for line in view.lines], view.started_on)
        if open_now and allowed["add_fact"] else [],
        "employer": _employer(view.employer),
        "works_for": employer_now(view.id) if may(request.actor, "place.see_after") else None,
        "open_reasons": [{"value": r, "label": say(OPEN_REASONS, r)} for r in REASONS],
        "once": str(uuid4()),
        "may": allowed,
        "beside": [
            {"url": reverse(name, args=[view.id]), "label": text, "icon": icon}
            for address, name, text, icon in BESIDE
            if may(request.actor, address)
        ]
        + [
            {"url": reverse(name, args=[view.person_id]), "label": text, "icon": icon}
            for address, name, text, icon in OF_PERSON
            if may(request.actor, address)
        ],
        "open": open_now,
        "crumbs": crumbs(view, last=True),
    }


def crumbs(view: JourneyView, *, last: bool = False) -> list[dict[str, str]]:
    """Say where the page stands."""
    found = [
        {"label": _("Person"), "url": reverse("person", args=[view.person_id])},
        {"label": _("Journey"), "url": "" if last else reverse("journey", args=[view.id])},
    ]
    return found


def _employer(key: str) -> str:
    """Name the employer by its key."""
    party = party_by_key(key) if key else None
    return party_name(party) if party else key


def _now(line: StepLine) -> dict[str, Any]:
    return {"title": words.label(line.rule), "office": words.office(line.rule), "due": line.due, "overdue": line.overdue}


def _step(view: JourneyView, line: StepLine, allowed: dict[str, bool]) -> dict[str, Any]:
    """Say how one step stands, for the partials `_steps` and `_step_more`."""
    rule = line.rule
    now = line.state == "now"
    again = rule.repeats and line.state == "done" and line.mine
    scheme, started = view.scheme.id, view.started_on
    # What comes later is told what stands before it; which papers it will need is said when its turn comes.
    told = [r for r in line.reasons if line.state != "next" or r.code == "step_before"]
    reasons = [words.reason(r, scheme, started) for r in told]
    mine = line.mine and (now or again)
    by_verb = bool(rule.verb) or (rule.id == CARD and keys_there()) or rule.id == CHANGE
    report, verb = BY_REPORT.get(rule.id, ("", ""))
    reports = bool(report) and mine and allowed[verb] and view.state == "open" and (line.state == "now" or again)
    return {
        "id": rule.id,
        "title": words.label(rule),
        "state": {"skipped": "done", "now": "now", "done": "done", "next": "next"}.get(line.state, "blocked"),
        "ended": words.say(words.STATES, line.state) if line.state in words.STATES else "",
        "when": line.on, "by": ", ".join(filter(None, (line.by, line.office))), "skipped": line.state == "skipped",
        "office": words.office(rule), "due": line.due, "overdue": line.overdue, "label": "",
        "place_until": line.place_until if now else None,
        # what comes next waits for what stands before it; what is open may lack a paper
        "reasons": reasons if view.state == "open" and not (rule.optional and line.state == "next") else [],
        "basis": words.article(rule.basis), "unsure": words.note(rule), "optional": rule.optional,
        "why": words.say(words.WHYS, line.reason), "back_to": line.back_to if now else "",
        "attempts": line.attempts,
        "more": "office/journeys/_step_more.html",
        "again": again,
        "report": {"url": reverse("after_report", args=[view.id, report]), "label": words.say(REPORTS, report)} if reports else None,
        "missing": [] if reports else [
            {"kind": r.params["evidence"], "name": words.paper_name(r.params["evidence"], started)}
            for r in line.reasons if "evidence" in r.params and allowed["add_fact"] and (now or again) and view.state == "open"
        ],
        "asked": [words.paper_name(kind, started) for kind in rule.asked if kind not in {p.kind for p in view.papers}] if now else [],
        "may_do": mine and allowed["do_step"] and not line.reasons and not by_verb,
        "may_skip": mine and now and rule.optional and allowed["skip_step"],
        "may_refuse": mine and now and not rule.optional and allowed["refuse_step"] and not rule.verb,
        "may_return": line.may_return and allowed["return_step"] and not rule.verb,
    }  # fmt: skip


def _paper(request: OfficeRequest, line: PaperLine, allowed: dict[str, bool]) -> dict[str, Any]:
    rule = line.rule
    kinds = {request.actor.kind, *request.actor.roles}
    taken = line.fault == "number_taken"
    return {
        "line": line,
        "name": words.label(rule) if rule else line.kind,
        "basis": words.article(rule.basis) if rule else "",
        "unsure": words.note(rule) if rule else "",
        "verdict": words.say(words.VERDICTS, line.verdict),
        "bad": line.verdict == "refused" or line.value == "unfit",
        "taken": taken,
        "result": words.say(words.RESULTS, line.value) if line.value else "",
        "path": words.say(words.PATHS, line.path) if line.path else "",
        "may_verify": allowed["verify_fact"] and rule is not None and bool(kinds & set(rule.verifiers)) and not taken,
        "may_replace": allowed["replace_fact"],
    }

