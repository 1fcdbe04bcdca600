"""Registering a person, correcting and adding: plain forms; what was typed stays, each fault stands beside its field."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.people import words
from selaras.doors.office.people.faults import tell
from selaras.doors.office.people.forms import AddKin, AddName, AddNumber, AddStay, Correct, Register, written
from selaras.people.actions.adding import add_identifier, add_kin, add_name, add_presence
from selaras.people.actions.correcting import correct
from selaras.people.actions.registering import HERE, register
from selaras.people.faults import Overtaken, Unfit
from selaras.people.queries.opening import OpenPerson, open_person
from selaras.people.telling import Stay

OTHERWISE = {
    "birth_date": "birth",
    "birth_precision": "birth",
    "home_area": "village",
    "country": "place",
    "district": "place",
    "home_text": "village",
}


def _stay(cleaned: dict[str, Any], kind: str) -> Stay | None:
    if not cleaned.get("place"):
        return None
    country, _dash, district = cleaned["place"].partition("-")
    return Stay(
        country,
        cleaned["place"] if district else "",
        cleaned.get("capacity") or "other",
        kind,
        cleaned.get("since"),
        cleaned.get("until"),
    )


@guarded("people.register")
def new(request: OfficeRequest) -> HttpResponse:
    """Register a person; the answer leads to her page, whether she was new or known."""
    form = Register(request.POST or None, initial=_own_place(request))
    if request.method == "POST" and form.is_valid():
        home = form.home_area()
        if form.is_valid():
            data = form.cleaned_data
            birth, precision = data["birth"] or (None, "day")
            try:
                answer = register(
                    name=data["name"], sex=data["sex"], birth_date=birth, birth_precision=precision, birth_place=data["birth_place"],
                    mother=data["mother"], home_area=home, numbers=[(k, data[k]) for k in ("nik", "passport", "phone")],
                    presence=_stay(data, "stated"), once=data["once"],
                )  # fmt: skip
            except Unfit as unfit:
                tell(form, unfit, OTHERWISE)
            else:
                known = answer.outcome == HERE
                messages.success(
                    request,
                    gettext("This person is in the register already: this is the record.") if known else gettext("Registered."),
                )
                return HttpResponseRedirect(reverse("person", args=[answer.person_id]))
    crumbs = [
        {"label": gettext("Find a person"), "url": reverse("people_find")},
        {"label": gettext("Register a person"), "url": ""},
    ]
    return render(
        request, "office/people/new.html", {"form": form, "crumbs": crumbs}, status=422 if form.errors else 200
    )


def _own_place(request: OfficeRequest) -> dict[str, str]:
    """Give the home or country to begin with: that of the office, when it is one place."""
    areas = sorted((c for c in request.actor.reach if c.startswith("area:")), key=len)
    abroad = [c for c in request.actor.reach if c.startswith("abroad:")]
    if len(areas) == 1 and len(areas[0]) >= len("area:3212"):
        code = areas[0].removeprefix("area:")
        return {"regency": code[:4], "village": code if len(code) > 4 else ""}
    return {"place": abroad[0].removeprefix("abroad:")} if len(abroad) == 1 else {}


@guarded("people.correct")
def change(request: OfficeRequest, person_id: UUID) -> HttpResponse:
    """Correct a person; when somebody else was quicker, show what stands now beside what was typed."""
    her = open_person(person_id)
    form = Correct(request.POST or None, initial=_standing(her))
    overtaken: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        home = form.home_area()
        if form.is_valid():
            data = form.cleaned_data
            birth, precision = data["birth"] or (None, "day")
            changes = {k: data[k] for k in ("name", "sex", "birth_place", "mother", "died_on")}
            changes |= {"birth_date": birth, "birth_precision": precision, "home_area": home}
            try:
                done = correct(person_id=her.id, version=data["version"], changes=changes, reason=data["reason"])
            except Unfit as unfit:
                tell(form, unfit, OTHERWISE)
            except Overtaken as fault:
                overtaken = _differences(fault, changes)
                # the next press is a decision in sight of both
                form.data = form.data.copy()  # type: ignore[union-attr]
                form.data["version"] = str(fault.version)
            else:
                messages.success(
                    request, gettext("Corrected.") if done.changed else gettext("Nothing was different, so nothing was changed.")
                )
                return HttpResponseRedirect(reverse("person", args=[her.id]))
    crumbs = [*_crumbs(her.id), {"label": gettext("Correct"), "url": ""}]
    status = 409 if overtaken else 422 if form.errors else 200
    return render(
        request,
        "office/people/change.html",
        {"form": form, "her": her, "overtaken": overtaken, "crumbs": crumbs},
        status=status,
    )


def _standing(her: OpenPerson) -> dict[str, Any]:
    return {
        "name": her.name, "sex": her.sex, "birth": written(her.birth_date, her.birth_precision), "birth_place": her.birth_place,
        "mother": her.mother, "regency": her.home_area[:4], "village": her.home_area if len(her.home_area) > 4 else "",
        "died_on": her.died_on, "version": her.version,
    }  # fmt: skip


def _differences(fault: Overtaken, typed: dict[str, Any]) -> list[dict[str, str]]:
    rows = [(f, fault.now.get(f) or "", typed.get(f) or "") for f in typed if f != "birth_precision"]
    return [
        {"field": words.say(words.FIELDS, f), "now": str(now or "—"), "typed": str(mine or "—")}
        for f, now, mine in rows
        if now != mine
    ]


def _crumbs(person_id: UUID) -> list[dict[str, str]]:
    return [
        {"label": gettext("Find a person"), "url": reverse("people_find")},
        {"label": gettext("Person"), "url": reverse("person", args=[person_id])},
    ]


def _add_number(person_id: UUID, data: dict[str, Any]) -> None:
    add_identifier(person_id=person_id, kind=data["kind"], value=data["value"])


def _add_name(person_id: UUID, data: dict[str, Any]) -> None:
    add_name(person_id=person_id, text=data["text"], kind=data["kind"])


def _add_stay(person_id: UUID, data: dict[str, Any]) -> None:
    add_presence(person_id=person_id, stay=_stay(data, data["kind"]) or Stay("", kind=data["kind"]))


def _add_kin(person_id: UUID, data: dict[str, Any]) -> None:
    add_kin(person_id=person_id, relation=data["relation"], other_name=data["other_name"])


ADDITIONS: dict[str, tuple[str, str | Promise, type[forms.Form], Callable[[UUID, dict[str, Any]], None]]] = {
    "number": ("people.add_identifier", _("Add a number"), AddNumber, _add_number),
    "name": ("people.add_name", _("Add a form of the name"), AddName, _add_name),
    "stay": ("people.add_presence", _("Add a stay abroad"), AddStay, _add_stay),
    "kin": ("people.add_kin", _("Add kin"), AddKin, _add_kin),
}


@guarded("people.add_identifier", "people.add_name", "people.add_presence", "people.add_kin")
def add(request: OfficeRequest, person_id: UUID, what: str) -> HttpResponse:
    """Add a number, a form of the name, a stay or kin."""
    if what not in ADDITIONS:
        raise Http404
    _address, title, kind, write = ADDITIONS[what]
    her = open_person(person_id)
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            write(her.id, form.cleaned_data)
        except Unfit as unfit:
            tell(form, unfit, OTHERWISE | dict.fromkeys(words.NUMBER_KINDS, "value"))
        else:
            messages.success(request, gettext("Added."))
            return HttpResponseRedirect(reverse("person", args=[her.id]))
    context = {"form": form, "her": her, "heading": title, "crumbs": [*_crumbs(her.id), {"label": title, "url": ""}]}
    return render(request, "office/people/add.html", context, status=422 if form.errors else 200)
