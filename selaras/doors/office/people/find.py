"""Finding a person: a POST, so that no number and no name ever stands in an address; the result has an address of its own."""

import secrets
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.people import words
from selaras.doors.office.people.forms import Find, written
from selaras.ground.act import may
from selaras.people.numbers import masked
from selaras.people.queries.finding import FoundByName, find_by_name, find_by_number
from selaras.people.queries.rows import PersonRow, rows_of

KEPT = 10  # searches that one session remembers
_ANY = UUID(int=0)
DIGITS = 5  # a text with so many digits is a number


@guarded("people.find_by_number", "people.find_by_name")
def find(request: OfficeRequest) -> HttpResponse:
    """Ask for a number or a name; a number that one person bears leads straight to her."""
    form = Find(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["q"]
        if sum(c.isdigit() for c in text) >= DIGITS:
            found = find_by_number(text)
            if len(found.ids) == 1:
                return HttpResponseRedirect(reverse("person", args=[found.ids[0]]))
            ended = [str(i) for i in found.ended]
            return _kept(
                request,
                {"ids": [str(i) for i in found.ids], "shown": masked("".join(text.split())), "ended": ended},
            )
        if not may(request.actor, "people.find_by_name"):
            form.add_error("q", _("Your role searches by number only. Write the whole number."))
        elif any(c.isalpha() for c in text):
            return _kept(request, {"name": text, **{k: form.cleaned_data[k] for k in ("year", "regency", "sex")}})
        else:
            form.add_error("q", _("Write the whole number, or a name."))
    return render(
        request,
        "office/people/find.html",
        {"form": form, "may_register": may(request.actor, "people.register"), "crumbs": _crumbs()},
    )


@guarded("people.find_by_number", "people.find_by_name")
def found(request: OfficeRequest, token: str) -> HttpResponse:
    """Show what a search of this session found, as it stands now."""
    search = request.session.get("people_found", {}).get(token)
    if search is None or search["post"] != request.post.key:
        messages.info(request, _("That search is over. Search again."))
        return HttpResponseRedirect(reverse("people_find"))
    context: dict[str, Any] = {
        "crumbs": [*_crumbs(reverse("people_find")), {"label": _("Result"), "url": ""}],
        "may_register": may(request.actor, "people.register"),
    }
    if "ids" in search:
        rows, by_name = rows_of(UUID(i) for i in search["ids"]), None
        context |= {"number": search["shown"]}
    else:
        initial = {"q": search["name"], "year": search["year"], "regency": search["regency"], "sex": search["sex"]}
        by_name = find_by_name(search["name"], search["year"], search["regency"] or None, search["sex"] or None)
        rows = list(by_name.rows) if isinstance(by_name, FoundByName) else []
        context |= {
            "form": Find(initial=initial),
            "name": search["name"],
            "more": isinstance(by_name, FoundByName) and by_name.more,
        }
        if not isinstance(by_name, FoundByName):
            context |= {"too_many": by_name, "ask_year": "year" in by_name.ask, "ask_place": "place" in by_name.ask}
    context["rows"] = [shown(row, row.id in {UUID(i) for i in search.get("ended", ())}) for row in rows]
    return render(request, "office/people/found.html", context)


def _crumbs(url: str = "") -> list[dict[str, str]]:
    return [{"label": _("Find a person"), "url": url}]


def _kept(request: OfficeRequest, search: dict[str, Any]) -> HttpResponse:
    token = secrets.token_urlsafe(16)
    kept = dict(list(request.session.get("people_found", {}).items())[-(KEPT - 1) :])
    request.session["people_found"] = kept | {token: search | {"post": request.post.key}}
    return HttpResponseRedirect(reverse("people_found", args=[token]))


@lru_cache(maxsize=1)
def _around() -> tuple[str, str]:
    """Give what stands before and behind the id in the address of a person's page: a list holds fifty of them."""
    before, _id, behind = reverse("person", args=[_ANY]).partition(str(_ANY))
    return before, behind


def shown(row: PersonRow, ended: bool) -> dict[str, Any]:
    """Give a person of a list as the templates take her."""
    before, behind = _around()
    return {
        "row": row,
        "url": f"{before}{row.id}{behind}",
        "born": written(row.birth_date, row.birth_precision),
        "sex": words.say(words.SEXES, row.sex) if row.sex else "",
        "country": words.country(row.country) if row.country else "",
        "capacity": words.say(words.CAPACITIES, row.capacity) if row.country else "",
        "ended": ended,
    }
