"""The queue before the gate, one journey at the gate, and everything that is done there; each works without JavaScript."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.cards.words import STATES as CARDS
from selaras.doors.office.drawn import Drawing, address
from selaras.doors.office.gate import words
from selaras.doors.office.gate.forms import Answer, Decide, Object, Say, Second
from selaras.doors.office.journeys.words import RESULTS, VERDICTS, label
from selaras.doors.office.paging import Pages
from selaras.doors.office.templatetags.face import when
from selaras.ground.act import Refused, held_by
from selaras.law.load import law
from selaras.place.actions.appeals import answer_appeal, appeal
from selaras.place.actions.gate import confirm_allow, decide, decline_allow, say_condition
from selaras.place.queries.gate import DecisionLine, Gate, check_record, judge
from selaras.place.queries.passes import newest_of
from selaras.place.queries.queue import STATES, see_gate_queue

PAGE = 50
VERBS = ("decide", "confirm_allow", "decline_allow", "say_condition", "appeal", "answer_appeal", "open_record", "see_passes")


@guarded("place.see_gate_queue")
def queue(request: OfficeRequest) -> HttpResponse:
    """List the journeys that stand before the gate, those that wait longest first."""
    known = sorted({s.id: s for s in law().schemes}.values(), key=label)
    state, scheme = request.GET.get("state", ""), request.GET.get("scheme", "")
    state = state if state in STATES else ""
    scheme = scheme if scheme in {s.id for s in known} else ""
    told = request.GET.get("page", "1")
    page = max(1, int(told)) if told.isdecimal() and len(told) < 7 else 1
    found = see_gate_queue(state=state, scheme=scheme, offset=(page - 1) * PAGE, limit=PAGE)
    everything = [{"value": "", "label": gettext("all"), "chosen": False}]
    selects = [
        {"name": "state", "label": gettext("State"), "options": everything + [
            {"value": s, "label": f"{words.say(words.WAITING, s)} ({found.counts[s]})", "chosen": s == state} for s in STATES
        ]},
        {"name": "scheme", "label": gettext("Scheme"), "options": everything + [
            {"value": s.id, "label": label(s), "chosen": s.id == scheme} for s in known
        ]},
    ]  # fmt: skip
    context = {
        "rows": [
            {
                "line": row, "scheme": label(row.scheme), "country": words.country(row.country),
                "states": [words.say(words.WAITING, s) for s in row.states], "urgent": "appealed" in row.states or "proposed" in row.states,
            }
            for row in found.rows
        ],
        "total": found.total, "page": Pages(page, PAGE, found.total, found.rows), "filters": {"query": None, "selects": selects},
        "crumbs": [{"label": gettext("Gate"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/gate/queue.html", context)


@guarded("place.judge")
def gate(request: OfficeRequest, journey_id: UUID) -> HttpResponse:
    """Show a journey at the gate, judged now."""
    return _page(request, judge(journey_id), {})


@guarded("place.check_record")
def check(request: OfficeRequest) -> HttpResponse:
    """Say whether the number on a printed record is real, whole, and still stands."""
    number = request.GET.get("number", "").strip()[:40]
    found = None
    if number:
        try:
            found = check_record(number)
        except Http404:
            found = None
    context = {
        "number": number, "record": found, "kind": words.say(words.KINDS, found.decision.kind) if found else "",
        "state": words.say(words.STATES, found.decision.state) if found else "",
        "crumbs": [{"label": gettext("Check a record of the gate"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/gate/check.html", context)


def _decide(form: forms.Form, journey_id: UUID) -> str:
    told = form.cleaned_data
    done = decide(
        journey_id=journey_id, decision=told["decision"], justification=told["justification"], version=told["version"], seen=told["seen"],
        once=told["once"],
    )  # fmt: skip
    if done.state == "proposed":
        return gettext("Proposed. A second officer must confirm it, since the worker was held.")
    return gettext("Decided: %(kind)s. Number %(number)s.") % {"kind": words.say(words.KINDS, done.kind), "number": done.number}


def _second(form: forms.Form, _journey_id: UUID) -> str:
    told = form.cleaned_data
    more = {"decision_id": told["decision_id"], "justification": told["justification"], "once": told["once"]}
    if told["answer"] == "decline":
        decline_allow(**more)
        return gettext("Not confirmed. The hold stays.")
    done = confirm_allow(seen=told["seen"], **more)
    return gettext("Confirmed: the worker may leave. Number %(number)s.") % {"number": done.number}


def _say(form: forms.Form, journey_id: UUID) -> str:
    told = form.cleaned_data
    say_condition(
        journey_id=journey_id, condition=told["condition"], holds=told["holds"] == "yes", words=told["words"], once=told["once"]
    )
    return gettext("Noted.")


def _object(form: forms.Form, _journey_id: UUID) -> str:
    told = form.cleaned_data
    appeal(decision_id=told["decision_id"], words=told["words"], once=told["once"])
    return gettext("The appeal is written down. Somebody who did not decide answers it.")


def _answer(form: forms.Form, _journey_id: UUID) -> str:
    told = form.cleaned_data
    done = answer_appeal(appeal_id=told["appeal_id"], grant=told["answer"] == "grant", words=told["words"], once=told["once"])
    return words.say(words.APPEALS, done.state)


Doing = tuple[str, type[forms.Form], Callable[[forms.Form, UUID], str], str | Promise]
DOINGS: dict[str, Doing] = {
    "decide": ("decide", Decide, _decide, _("Decide")),
    "second": ("confirm_allow", Second, _second, _("Send the answer")),
    "condition": ("say_condition", Say, _say, _("Say so")),
    "appeal": ("appeal", Object, _object, _("Write the appeal down")),
    "answer": ("answer_appeal", Answer, _answer, _("Send the answer")),
}


@require_POST
@guarded("place.decide", "place.confirm_allow", "place.say_condition", "place.appeal", "place.answer_appeal")
def do(request: OfficeRequest, journey_id: UUID, act: str) -> HttpResponse:
    """Do one thing at the gate; what is refused is said beside its form, and nothing that was typed is lost."""
    if act not in DOINGS:
        raise Http404
    _verb, kind, call, _submit = DOINGS[act]
    form = kind(request.POST)
    status = 422
    if form.is_valid():
        try:
            messages.success(request, call(form, journey_id))
        except Refused as fault:
            sentence = words.refusal(fault.code, fault.params)
            if sentence is None:
                raise
            form.add_error(None, sentence)
            status = 409 if fault.code in ("decided_meanwhile", "lines_changed") else 422
        else:
            return HttpResponseRedirect(reverse("gate", args=[journey_id]))
    return _page(request, judge(journey_id), {act: form}, status)


def _page(request: OfficeRequest, view: Gate, sent: Mapping[str, forms.Form], status: int = 200) -> HttpResponse:
    held = held_by(request.actor)
    allowed = {name: f"place.{name}" in held for name in VERBS}
    standing, proposal = view.standing, view.proposal
    open_ = "allow" if view.may_allow else "hold"
    decidable = view.mine and allowed["decide"] and view.at_gate and proposal is None and not (standing and standing.kind == open_)
    card = newest_of(view.journey_id) if allowed["see_passes"] else None
    waiting = next((a for a in standing.appeals if a.state == "open"), None) if standing else None
    context = {
        "view": view, "scheme": label(view.scheme), "country": words.country(view.country), "groups": _groups(view),
        "reasons": [_line(line, view) for line in view.reasons], "standing": _decision(standing), "proposal": _decision(proposal),
        "history": [_decision(one) for one in view.decisions], "open": open_, "before": [label(s) for s in view.before], "may": allowed,
        "sent": next(iter(sent.values()), None), "waiting": waiting,
        "card": {"state": words.say(CARDS, card.state), "good": card.state == "in_force"} if card else None,
        "decide": _form(sent, "decide", {"decision": open_, "version": view.version, "seen": view.seen}) if decidable else None,
        "second": _form(sent, "second", {"decision_id": proposal.id, "seen": view.seen})
        if proposal and allowed["confirm_allow"] and view.mine and not proposal.mine else None,
        "conditions": [
            {
                "line": c, "question": words.say(words.CONDITIONS, c.name),
                "form": _form(sent, "condition", {"condition": c.name}, c.name) if allowed["say_condition"] and view.mine else None,
            }
            for c in view.conditions
        ],
        "appeal": _form(sent, "appeal", {"decision_id": standing.id})
        if standing and standing.kind == "hold" and allowed["appeal"] and not waiting else None,
        "answer": _form(sent, "answer", {"appeal_id": waiting.id}) if waiting and allowed["answer_appeal"] and not waiting.mine else None,
        "submits": {name: doing[3] for name, doing in DOINGS.items()},
        "crumbs": [{"label": gettext("Gate"), "url": address("gate_queue") if "place.see_gate_queue" in held else ""},
                   {"label": gettext("One journey"), "url": ""}],
    }  # fmt: skip
    asked = (name for name in DOINGS if context.get(name) or (name == "condition" and context["conditions"]))
    context |= {f"{name}_url": reverse("gate_do", args=[view.journey_id, name]) for name in asked}
    return render(request, "office/gate/gate.html", context, status=status)


def _form(sent: Mapping[str, forms.Form], what: str, first: Mapping[str, Any], only: str = "") -> forms.Form:
    """Give the form that was sent, in sight of what stands now; or a fresh one."""
    form = sent.get(what)
    if form is None or (only and form.data.get("condition") != only):
        return DOINGS[what][1](initial=dict(first), auto_id=f"id_{what}{only}_%s")
    form.data = form.data.copy()  # type: ignore[attr-defined]
    for name in ("decision", "version", "seen"):
        if name in first:
            form.data[name] = str(first[name])  # type: ignore[index]
    return form


def _groups(view: Gate) -> list[dict[str, Any]]:
    tail = "_en" if words.english() else ""
    told = {value: words.say(words.VALUES, value) for value in {line["value"] for line in view.lines}}
    rows: dict[str, list[str]] = {group: [] for group in words.GROUPS}
    for line in view.lines:
        rows[line["group"]].append(_row(line, view, told, tail))
    return [{"title": words.say(words.GROUPS, group), "rows": SafeString("".join(drawn))} for group, drawn in rows.items() if drawn]


_drawn = Drawing("office/gate/_line.html")


def _row(line: dict[str, Any], view: Gate, told: Mapping[str, str], tail: str) -> SafeString:
    """Draw one line as a row of its table; `tail` ends the names of texts in the language of the page."""
    paper = line.get("paper")
    texts = _line(line, view) | {"word": told[line["value"]], "note": line[f"note{tail}"], "manual": line.get(f"manual{tail}", "")}
    if paper:
        texts |= {
            "paper_name": paper[f"label{tail}"], "paper_masked": paper["masked"], "paper_verdict": words.say(VERDICTS, paper["verdict"]),
            "paper_result": words.say(RESULTS, paper["result"]) if paper["result"] else "", "paper_verified_by": paper["verified_by"],
            "paper_verified_office": paper["verified_office"],
            "paper_moment": when(dt.datetime.fromisoformat(paper["verified_at"]), "moment") if paper["verified_at"] else "",
        }  # fmt: skip
    stops = line["decisive"] and line["value"] in ("not_met", "not_yet")
    return _drawn.draw(texts, {"value": line["value"], "stops": stops, "unsure": not line["decisive"], "paper": bool(paper)})


def _line(line: dict[str, Any], view: Gate) -> dict[str, str]:
    """Say one line in words."""
    return {"label": words.told(line, "label"), "reason": words.reason(line, view.started_on), "basis": words.article(line["basis"])}


def _decision(one: DecisionLine | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "line": one, "kind": words.say(words.KINDS, one.kind), "state": words.say(words.STATES, one.state),
        "appeals": [{"line": a, "state": words.say(words.APPEALS, a.state)} for a in one.appeals],
    }  # fmt: skip
