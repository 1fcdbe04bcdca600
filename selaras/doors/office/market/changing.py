"""One change asked for once more, then done: the page that every verb of the market shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest
from selaras.doors.office.journeys.sentences import FAULTS as JOURNEY_FAULTS
from selaras.doors.office.paging import PAGE, Pages, at_page
from selaras.doors.office.people.faults import SENTENCES as FAULTS
from selaras.doors.office.prepare.sentences import FAULTS as PREPARE_FAULTS
from selaras.doors.office.refusals import sentence
from selaras.ground.act import Refused, may
from selaras.people.faults import Unfit

Text = str | Promise
KNOWN = JOURNEY_FAULTS | PREPARE_FAULTS | FAULTS


@dataclass(frozen=True, slots=True)
class Change:
    """A verb as a page: its address, its form, and the words around it. `do` gets the form's values."""

    verb: str
    form: type[forms.Form]
    heading: Text
    about: Text
    submit: Text
    done: Text
    do: Callable[..., object]
    initial: Mapping[str, Any] = field(default_factory=dict)


def once() -> str:
    """Make a key that tells a double click from a second wish."""
    return uuid4().hex


def ask_once_more(
    request: OfficeRequest, change: Change, back: str, crumbs: list[dict[str, str]], lead: str = "", **known: Any
) -> HttpResponse:
    """Show the form of a change; do it when it is sent and fits. A refusal stands above the form, and what was typed stays."""
    if not may(request.actor, change.verb):
        raise Http404("not there")
    form = change.form(request.POST if request.method == "POST" else None, initial=dict(change.initial))
    if request.method == "POST" and form.is_valid():
        try:
            made = change.do(**known, **form.cleaned_data)
        except Unfit as unfit:
            for fault in unfit.faults:
                told = str(KNOWN.get(fault.code, _("This does not fit."))) % fault.params
                form.add_error(fault.field if fault.field in form.fields else None, told)
        except Refused as fault:
            told = sentence(fault)
            form.add_error(None, f"{told.what} {told.next}" + (f" ({told.basis})" if told.basis else ""))
        else:
            messages.success(request, str(change.done))
            return HttpResponseRedirect(made if isinstance(made, str) else back)
    context = {
        "form": form,
        "heading": change.heading,
        "lead": lead,
        "about": change.about,
        "submit": change.submit,
        "cancel_url": back,
        "crumbs": [*crumbs, {"label": str(change.heading), "url": ""}],
    }
    return render(request, "office/market/change.html", context, status=422 if form.errors else 200)


def acts_of(
    request: OfficeRequest,
    changes: Mapping[str, Change],
    name: str,
    key: Any,
    only: tuple[str, ...] | None = None,
) -> list[dict[str, Any]]:
    """Give the buttons of a page: the changes that the actor may make, all or only some of them."""
    return [
        {"url": reverse(name, args=[key, slug]), "label": change.heading}
        for slug, change in changes.items()
        if (only is None or slug in only) and may(request.actor, change.verb)
    ]


def listed(request: OfficeRequest, columns: list[tuple[str, bool]], rows: list[dict[str, Any]], total: int, **more: Any) -> dict[str, Any]:
    """Give a list as the templates take it: columns by label and whether they are numbers, rows of one page, how many in all."""
    return {
        "columns": [{"key": str(n), "label": label, "numeric": numeric} for n, (label, numeric) in enumerate(columns)],
        "page": Pages(at_page(request), PAGE, total, rows),
        **more,
    }


def search(text: str, label: str, *selects: tuple[str, str, list[tuple[str, Text]], str]) -> dict[str, Any]:
    """Give the search and filters of a list: each select as name, label, choices, chosen."""
    shown = [
        {
            "name": name,
            "label": title,
            "options": [
                {"value": "", "label": _("all"), "chosen": not chosen},
                *({"value": v, "label": w, "chosen": v == chosen} for v, w in choices),
            ],
        }
        for name, title, choices, chosen in selects
    ]
    return {"query": text, "query_label": label, "selects": shown}
