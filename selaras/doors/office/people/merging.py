"""Merging two records: name the other one, compare both, give a reason; a second officer decides. And taking a merge back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.people.comparing import compared
from selaras.doors.office.people.disputes import told
from selaras.doors.office.people.find import DIGITS, shown
from selaras.doors.office.people.forms import Find
from selaras.people.actions.merging import unmerge
from selaras.people.actions.ruling import propose_merge
from selaras.people.faults import Overtaken
from selaras.people.queries.disputes import numbers_of_both
from selaras.people.queries.finding import FoundByName, find_by_name, find_by_number
from selaras.people.queries.opening import OpenPerson, open_person
from selaras.people.queries.rows import PersonRow


class Propose(forms.Form):
    """Which of two records stays, and why they are one person."""

    keep = forms.ChoiceField(
        label=_("Which record stays?"), widget=forms.RadioSelect,
        help_text=_("What stands in its fields stays. Numbers, forms of the name, stays and kin of the other one move to it."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why are they one person?"),
        max_length=200,
        help_text=_("Such as: same photo on both papers. No numbers, please."),
    )
    one_version = forms.IntegerField(widget=forms.HiddenInput, localize=False)
    other_version = forms.IntegerField(widget=forms.HiddenInput, localize=False)


class TakeBack(forms.Form):
    """Why a merge is taken back."""

    reason = forms.CharField(
        label=_("Why is the merge taken back?"), max_length=200, help_text=_("No numbers, please.")
    )


def _crumbs(person_id: UUID, *more: tuple[str, str]) -> list[dict[str, str]]:
    first = [
        {"label": gettext("Find a person"), "url": reverse("people_find")},
        {"label": gettext("Person"), "url": reverse("person", args=[person_id])},
    ]
    return first + [{"label": label, "url": url} for label, url in more]


@guarded("people.propose_merge")
def choose(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Name the other record by a number or a name; what is found is the answer to a POST and stands in no address."""
    her = open_person(person_id)
    form = Find(request.POST or None)
    rows: list[PersonRow] | None = None
    more = False
    if request.method == "POST" and form.is_valid():
        rows, more = _found(form)
        if rows is not None and sum(c.isdigit() for c in form.cleaned_data["q"]) >= DIGITS:
            form = Find()  # a number is not shown again
    context = {
        "her": her, "form": form, "searched": rows is not None, "more": more,
        "rows": [shown(row, False) for row in rows or () if row.id != her.id],
        "crumbs": _crumbs(her.id, (gettext("Merge"), "")),
    }  # fmt: skip
    return render(request, "office/people/merge_choose.html", context, status=422 if form.errors else 200)


def _found(form: Find) -> tuple[list[PersonRow] | None, bool]:
    """Give the rows that fit, and whether there are more than these."""
    data = form.cleaned_data
    if sum(c.isdigit() for c in data["q"]) >= DIGITS:
        return list(find_by_number(data["q"]).rows), False
    found = find_by_name(data["q"], data["year"], data["regency"] or None, data["sex"] or None)
    if isinstance(found, FoundByName):
        return list(found.rows), found.more
    form.add_error("q", gettext("Many people bear such a name: add a year of birth or a home regency."))
    return None, False


@guarded("people.propose_merge")
def compare(request: OfficeRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two records side by side and take the proposal to merge them."""
    one, other = open_person(person_id), open_person(other_id)
    if one.id == other.id:
        if person_id == other_id:
            raise Http404
        messages.info(request, gettext("These two are one record already."))
        return HttpResponseRedirect(reverse("person", args=[one.id]))
    form = _form(request, one, other)
    overtaken = False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sides = {str(one.id): (one.id, data["one_version"]), str(other.id): (other.id, data["other_version"])}
        keep, keep_version = sides.pop(data["keep"])
        ((lose, lose_version),) = sides.values()
        try:
            said = propose_merge(
                keep=keep, lose=lose, reason=data["reason"], keep_version=keep_version, lose_version=lose_version
            )
        except Overtaken:
            overtaken = True
            # the next press is a decision in sight of what stands now
            form.data = form.data.copy()  # type: ignore[union-attr]
            form.data["one_version"], form.data["other_version"] = str(one.version), str(other.version)
        else:
            messages.success(request, told(said))
            return HttpResponseRedirect(reverse("person", args=[said.one if said.done else keep]))
    context = {
        "one": one, "other": other, "form": form, "overtaken": overtaken,
        "compared": compared(one, other, numbers_of_both(one.id, other.id)),
        "crumbs": _crumbs(one.id, (gettext("Merge"), reverse("person_merge", args=[one.id])), (gettext("Compare"), "")),
    }  # fmt: skip
    return render(
        request, "office/people/merge_compare.html", context, status=409 if overtaken else 422 if form.errors else 200
    )


def _form(request: OfficeRequest, one: OpenPerson, other: OpenPerson) -> Propose:
    initial: dict[str, Any] = {"keep": str(one.id), "one_version": one.version, "other_version": other.version}
    form = Propose(request.POST or None, initial=initial)
    keep: Any = form.fields["keep"]
    keep.choices = [
        (str(one.id), gettext("The left one: %(name)s") % {"name": one.name}),
        (str(other.id), gettext("The right one: %(name)s") % {"name": other.name}),
    ]
    return form


@guarded("people.unmerge")
def take_back(request: OfficeRequest, person_id: UUID, event_id: UUID) -> HttpResponse:
    """Take a merge back, with a reason: each record has again what it had."""
    her = open_person(person_id)
    merged = next((e for e in her.events if e.id == event_id and e.kind == "merged"), None)
    if merged is None:
        raise Http404
    form = TakeBack(request.POST or None)
    if merged.undone:
        messages.info(request, gettext("This merge was taken back already."))
        return HttpResponseRedirect(reverse("person", args=[her.id]))
    if request.method == "POST" and form.is_valid():
        done = unmerge(event_id=event_id, reason=form.cleaned_data["reason"])
        messages.success(request, gettext("The merge was taken back: there are two records again."))
        return HttpResponseRedirect(reverse("person", args=[done.lose]))
    moved = merged.after.get("moved", {})
    context = {
        "her": her, "form": form, "merged": merged,
        "counts": {
            "numbers": len(moved.get("identifiers", ())), "names": len(moved.get("names", ())), "stays": len(moved.get("presences", ())),
            "kin": len(moved.get("kin", ())) + len(moved.get("kin_of", ())),
        },
        "crumbs": _crumbs(her.id, (gettext("Take a merge back"), "")),
    }  # fmt: skip
    return render(request, "office/people/unmerge.html", context, status=422 if form.errors else 200)
