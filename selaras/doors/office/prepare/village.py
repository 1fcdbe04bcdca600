"""The page of a village: today in words, its candidates and their two letters."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.exporting import asked_file, files_of, list_file, window
from selaras.doors.office.journeys import words as journey_words
from selaras.doors.office.journeys.doing import tell
from selaras.doors.office.journeys.papers import PART
from selaras.doors.office.journeys.sentences import FAULTS, REFUSALS
from selaras.doors.office.market.changing import listed, search
from selaras.doors.office.people.faults import SENTENCES
from selaras.doors.office.prepare.forms import Acknowledge, Letter
from selaras.doors.office.prepare.words import LETTER_STATES, say
from selaras.doors.office.templatetags.face import short_day
from selaras.ground.act import Refused, may
from selaras.law.load import law
from selaras.people.actions.facts import Kept, Scan, verify_fact
from selaras.people.faults import Unfit
from selaras.prepare.actions.letters import acknowledge_letter
from selaras.prepare.queries.village import (
    ALL,
    LACKING,
    CandidateLine,
    Letters,
    see_candidates,
    see_letters,
    see_village,
)

FIRST = 5
BASIS = "UU18:42"
# What a village may do from its page: address, name of the page, icon; in the order in which it does them.
DOORS: tuple[tuple[str, str, str], ...] = (
    ("people.register", "people_new", "user-plus"),
    ("prepare.log_movement", "village_log_new", "plane-departure"),
    ("prepare.report_signal", "signal_new", "alert-triangle"),
)


def own_place(request: OfficeRequest) -> dict[str, str]:
    """Give the place to begin with: that of the office, when it is one place."""
    areas = sorted(c.removeprefix("area:") for c in request.actor.reach if c.startswith("area:"))
    if len(areas) != 1 or len(areas[0]) < 4:
        return {}
    return {"regency": areas[0][:4], "village": areas[0] if len(areas[0]) > 4 else ""}


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Say where a page of the village stands."""
    return [{"label": _("Village"), "url": reverse("village")}, *({"label": label, "url": url} for label, url in more)]


@guarded("prepare.see_village")
def village(request: OfficeRequest) -> HttpResponse:
    """Show today in words, and what can be done."""
    labels = {
        "people_new": _("Record a candidate"), "village_log_new": _("Somebody left or came back"), "signal_new": _("Report an early warning"),
    }  # fmt: skip
    lacking = see_candidates(limit=FIRST)
    context = {
        "today": see_village(),
        "rows": [candidate(line) for line in lacking.rows],
        "may_letters": may(request.actor, "prepare.acknowledge_letter"),
        "doors": [
            {"url": reverse(name), "label": labels[name], "icon": icon} for address, name, icon in DOORS if may(request.actor, address)
        ],
        "basis": journey_words.article(BASIS),
        "crumbs": [{"label": _("Village"), "url": ""}],
    }
    return render(request, "office/prepare/village.html", context)


def candidate(line: CandidateLine) -> dict[str, Any]:
    """Say how a candidate's letters stand."""
    return {
        "line": line, "scheme": journey_words.label(line.scheme), "marital": say(LETTER_STATES, line.letters[0]),
        "permission": say(LETTER_STATES, line.letters[1]),
    }  # fmt: skip


@guarded("prepare.see_candidates")
def candidates(request: OfficeRequest) -> HttpResponse:
    """List the candidates on their way, those whose letters are lacking unless all are asked for."""
    schemes = {s.id: journey_words.label(s) for s in law().schemes_on(timezone.localdate())}
    text, scheme = request.GET.get("q", "").strip()[:80], request.GET.get("scheme", "")
    show = ALL if request.GET.get("show") == ALL else LACKING
    scheme = scheme if scheme in schemes else ""
    found = see_candidates(show=show, scheme=scheme, text=text, **window(request))
    rows = [
        {
            "url": reverse("village_letters", args=[row["line"].person_id]),
            "cells": [
                row["line"].name, row["scheme"],
                *(_tagged(row[name], state) for name, state in zip(("marital", "permission"), row["line"].letters, strict=True)),
                short_day(row["line"].started_on),
            ],
        }
        for row in map(candidate, found.rows)
    ]  # fmt: skip
    heads = (_("Person"), _("Scheme"), _("Marital letter"), _("Permission letter"), _("Begun on"))
    columns = [(head, False) for head in heads]
    if form := asked_file(request):
        return list_file("candidates", form, [label for label, _number in columns], [row["cells"] for row in rows])
    filters = search(
        text, _("Name"), ("show", _("Letters"), [(ALL, _("lacking or not"))], show if show == ALL else ""),
        ("scheme", _("Scheme"), list(schemes.items()), scheme),
    )  # fmt: skip
    filters["selects"][0]["options"][0]["label"] = _("lacking")
    nobody = _("No letter is lacking.") if show == LACKING else _("No candidate is on the way.")
    context = {
        "answer": _("Candidates and their letters"),
        "lead": _("Who is on the way and has not left."),
        "table": listed(request, columns, rows, found.total, filters=filters, exports=files_of(request), empty={"title": nobody}),
        "acts": [{"url": reverse("people_new"), "label": _("Record a candidate")}] if may(request.actor, "people.register") else [],
        "crumbs": crumbs((_("Candidates"), "")),
    }  # fmt: skip
    return render(request, "office/market/list.html", context)


def _tagged(text: str, state: str) -> dict[str, str]:
    return {"text": text, "tag": "red" if state in ("none", "refused") else ""}


@guarded("prepare.acknowledge_letter")
def letters(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Acknowledge the marital letter or the permission letter of a candidate: one short form for both."""
    her = see_letters(person_id)
    form, standing = _new(request, her), _standing(request)
    if request.method == "POST":
        asked = standing if standing is not None else form
        if asked.is_valid() and _written(request, her, asked):
            return HttpResponseRedirect(reverse("village_letters", args=[her.person_id]))
    rows = [
        {
            "rule": rule, "name": journey_words.label(rule), "line": line, "basis": journey_words.article(rule.basis),
            "state": say(LETTER_STATES, line.verdict if line else "none"),
            "form": _of(standing, line) if line and line.verdict in ("stated", "unverifiable") and not line.fault else None,
        }
        for rule, line in her.rows
    ]  # fmt: skip
    # What was refused of a letter that waits no more stands at the top: its own form is gone.
    gone = standing if standing is not None and standing.errors and all(row["form"] is not standing for row in rows) else None
    context = {
        "her": her, "rows": rows, "form": form, "gone": gone,
        "lacking": sum(line is None or line.verdict != "verified" for _rule, line in her.rows),
        "may_person": may(request.actor, "people.open_person"),
        "crumbs": crumbs((_("Candidates"), reverse("village_candidates")), (_("Letters"), "")),
    }  # fmt: skip
    bad = bool(form.errors or (standing is not None and standing.errors))
    return render(request, "office/prepare/letters.html", context, status=422 if bad else 200)


def _new(request: OfficeRequest, her: Letters) -> Letter:
    kinds = [(rule.id, journey_words.label(rule)) for rule, _line in her.rows]
    first = next((rule.id for rule, line in her.rows if line is None or line.verdict != "verified"), kinds[0][0])
    sent = request.method == "POST" and "fact_id" not in request.POST
    data, files = (request.POST, request.FILES) if sent else (None, None)
    return Letter(data, files, letters=kinds, initial={"kind": first, "issuer": request.actor.office})


def _standing(request: OfficeRequest) -> Acknowledge | None:
    return Acknowledge(request.POST, auto_id="id_sent_%s") if request.method == "POST" and "fact_id" in request.POST else None


def _of(sent: Acknowledge | None, line: Any) -> Acknowledge:
    """Give the form of a letter that waits: the one that was sent and refused, or an empty one."""
    if sent is not None and str(sent.data.get("fact_id")) == str(line.id):
        return sent
    return Acknowledge(initial={"fact_id": line.id, "seen": line.verdict}, auto_id=f"id_{line.kind}_%s")


def _written(request: OfficeRequest, her: Letters, form: Any) -> bool:
    """Do what was sent; a refusal stands above the form, a fault beside its field."""
    data = form.cleaned_data
    try:
        if isinstance(form, Acknowledge):
            kept = verify_fact(fact_id=data["fact_id"], seen=data["seen"], verdict="verified", words=data["words"])
        elif (upload := data["file"]).fault:
            form.add_error("file", str(FAULTS[upload.fault]) % {"limit": settings.SELARAS_UPLOAD_LIMIT})
            return False
        else:
            told = {k: data[k] for k in ("kind", "number", "issuer", "issued_on", "words", "once")}
            kept = acknowledge_letter(person_id=her.person_id, scan=Scan(upload.chunks(PART), upload.name or ""), **told)
    except Unfit as unfit:
        for fault in unfit.faults:
            sentence = str(FAULTS.get(fault.code) or SENTENCES[fault.code])
            form.add_error(fault.field if fault.field in form.fields else None, sentence % fault.params if fault.params else sentence)
        return False
    except Refused as fault:
        tell(form, fault)
        return False
    _say(request, kept)
    return True


def _say(request: OfficeRequest, kept: Kept) -> None:
    if kept.fault:
        what, following = REFUSALS[kept.fault]
        messages.error(request, f"{what} {following}")
    elif kept.again:
        messages.info(request, _("This letter was acknowledged already; nothing was changed."))
    else:
        messages.success(request, _("The letter is kept and acknowledged."))
