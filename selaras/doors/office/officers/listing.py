"""The list of officers and one officer's account."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from selaras.doors.guard import OfficeRequest, guarded
from selaras.doors.office.context import role_words
from selaras.doors.office.officers.words import STATES
from selaras.doors.office.paging import PAGE, Pages, at_page
from selaras.doors.office.signin import is_locked
from selaras.ground.act import may
from selaras.ground.queries.officers import OfficerLine, office_looked_after, see_officer, see_officers


@guarded("ground.see_officers")
def officers(request: OfficeRequest) -> HttpResponse:
    """List officers by name, state and office."""
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    office = office_looked_after(wanted) if (wanted := _uuid(request.GET.get("office", ""))) else None
    at = at_page(request)
    found = see_officers(text, office.id if office else None, state if state in STATES else "", (at - 1) * PAGE, PAGE)
    options = [{"value": "", "label": _("all"), "chosen": state not in STATES}]
    options += [{"value": s, "label": label, "chosen": s == state} for s, label in STATES.items()]
    new = reverse("officer_new") + (f"?office={office.id}" if office else "")
    context = {
        "rows": [shown(line) for line in found.lines],
        "total": found.total,
        "office": office,
        "new_url": new if may(request.actor, "ground.add_officer") else "",
        "page": Pages(at, PAGE, found.total, found.lines),
        "filters": {
            "query": text,
            "query_label": _("Name or e-mail address"),
            "selects": [{"name": "state", "label": _("State"), "options": options}],
        },
        "crumbs": [{"label": _("Officers"), "url": ""}],
    }
    return render(request, "office/officers/list.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def shown(line: OfficerLine) -> dict[str, Any]:
    """Give an officer as the templates take her."""
    return {
        "line": line,
        "locked": is_locked(line.id, line.email),
        "postings": [{"line": p, "role": role_words(p.role)} for p in line.postings],
    }


@guarded("ground.see_officer")
def officer(request: OfficeRequest, officer_id: UUID) -> HttpResponse:
    """Show one officer's account: her postings, and what may be changed."""
    line = see_officer(officer_id)
    item = shown(line)
    context = {
        "item": item, "line": line,
        "standing": [p for p in item["postings"] if not p["line"].over], "past": [p for p in item["postings"] if p["line"].over],
        "crumbs": crumbs((line.name, "")),
    }  # fmt: skip
    return render(request, "office/officers/officer.html", context)


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Give the way to a page about officers."""
    return [
        {"label": _("Officers"), "url": reverse("officers")},
        *({"label": label, "url": url} for label, url in more),
    ]
