"""Two records, one person? The open questions, one question with both records, and what the officer says of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.journeys.words import paper_name
from selaras.doors.office.people import words
from selaras.doors.office.people.comparing import compared
from selaras.doors.office.people.forms import written
from selaras.ground.act import may
from selaras.people.actions.ruling import Ruled, ask_papers, rule
from selaras.people.queries.disputes import Conflict, ConflictPage, see_conflict, see_conflicts

STATES: words.Words = {
    "open": _("nobody answered yet"),
    "waiting": _("waits for a second officer"),
    "disputed": _("two officers differ"),
    "settled": _("settled"),
}
VERDICTS: words.Words = {
    "same": _("one person: merge the two records"),
    "different": _("two persons; whose the number is cannot be told"),
    "one": _("two persons; the number belongs to the left one"),
    "other": _("two persons; the number belongs to the right one"),
}


class Rule(forms.Form):
    """What an officer says of two records."""

    verdict = forms.ChoiceField(label=_("What do you say?"), widget=forms.RadioSelect, choices=[])
    reason = forms.CharField(label=_("Why?"), max_length=200, help_text=_("What you saw or asked. No numbers, please."))


class Papers(forms.Form):
    """Which paper the offices that see a record are asked for."""

    person = forms.ChoiceField(label=_("For which record?"), widget=forms.RadioSelect, choices=[])
    what = forms.CharField(
        label=_("Which paper?"),
        max_length=200,
        help_text=_("The offices that see this record read it; say nothing of the other one."),
    )


def told(said: Ruled) -> str:
    """Say what an officer's word did."""
    if said.done and said.verdict == "same":
        return gettext("Two officers agree: the two records are one now.")
    if said.done:
        return gettext("Two officers agree: two persons. The numbers are marked.")
    if said.state == "settled":
        return gettext("This is settled already; nothing was done twice.")
    if said.state == "disputed":
        return gettext("Noted. Another officer says otherwise; a third will decide.")
    return gettext("Noted. It holds when a second officer says the same.")


@guarded("people.see_conflicts")
def conflicts(request: OfficeRequest) -> HttpResponse:
    """List the open questions."""
    found = see_conflicts()
    context = {
        "rows": [_row(c) for c in found.rows], "more": found.more, "left": sum(not c.mine for c in found.rows),
        "crumbs": [{"label": gettext("Two records, one person?"), "url": ""}],
    }  # fmt: skip
    return render(request, "office/people/conflicts.html", context)


def _row(line: Conflict) -> dict[str, Any]:
    sides = [{"row": side, "born": written(side.birth_date, side.birth_precision)} for side in (line.one, line.other)]
    paper = paper_name(line.paper, timezone.localdate()) if line.paper else ""
    return {"line": line, "paper": paper, "sides": sides, "state": STATES[line.state], "mine": VERDICTS.get(line.mine, "")}


@guarded("people.see_conflict")
def conflict(request: OfficeRequest, conflict_id: UUID) -> HttpResponse:
    """Show both records of a question, and take what the officer says."""
    page = see_conflict(conflict_id)
    form = _rule_form(request, page, answered=page.state != "settled")
    if form.is_valid():
        said = rule(conflict_id=page.id, verdict=form.cleaned_data["verdict"], reason=form.cleaned_data["reason"])
        messages.success(request, told(said))
        return HttpResponseRedirect(reverse("conflicts"))
    return _render(request, page, form, Papers())


@require_POST
@guarded("people.ask_papers")
def papers(request: OfficeRequest, conflict_id: UUID) -> HttpResponse:
    """Ask for a paper; the note stands on the record for which it is asked."""
    page = see_conflict(conflict_id)
    form = _with_sides(Papers(request.POST), "person", page)
    if form.is_valid():
        ask_papers(conflict_id=page.id, person_id=UUID(form.cleaned_data["person"]), what=form.cleaned_data["what"])
        messages.success(request, gettext("Asked. The note stands on that record, for the offices that see it."))
        return HttpResponseRedirect(reverse("conflict", args=[page.id]))
    return _render(request, page, _rule_form(request, page, answered=False), form)


def _rule_form(request: OfficeRequest, page: ConflictPage, *, answered: bool = True) -> Rule:
    form = Rule(request.POST if answered and request.method == "POST" else None, initial={"verdict": page.mine})
    verdict: Any = form.fields["verdict"]
    verdict.choices = [(code, label) for code, label in VERDICTS.items() if page.shared or code not in ("one", "other")]
    return form


def _with_sides(form: forms.Form, field: str, page: ConflictPage) -> forms.Form:
    side: Any = form.fields[field]
    side.choices = [
        (str(page.one.id), gettext("The left one: %(name)s") % {"name": page.one.name}),
        (str(page.other.id), gettext("The right one: %(name)s") % {"name": page.other.name}),
    ]
    return form


def _render(request: OfficeRequest, page: ConflictPage, form: Rule, asking: forms.Form) -> HttpResponse:
    settled = page.state == "settled" or page.one.id == page.other.id
    context = {
        "page": page, "paper": paper_name(page.paper, timezone.localdate()) if page.paper else "",
        "form": form, "settled": settled, "state": STATES[page.state], "verdict": VERDICTS.get(page.verdict, ""),
        "mine": VERDICTS.get(page.mine, ""), "one": page.one, "other": page.other,
        "compared": [] if settled and page.one.id == page.other.id else compared(page.one, page.other, page.shared),
        "shared": [words.say(words.NUMBER_KINDS, kind) for kind in page.shared],
        "words": [{"word": w, "verdict": VERDICTS.get(w.verdict, "")} for w in page.words],
        "papers": _with_sides(asking, "person", page), "may_rule": may(request.actor, "people.rule"),
        "crumbs": [
            {"label": gettext("Two records, one person?"), "url": reverse("conflicts")}, {"label": gettext("One question"), "url": ""},
        ],
    }  # fmt: skip
    return render(request, "office/people/conflict.html", context, status=422 if form.errors or asking.errors else 200)
