"""The steps of each lawful way to work abroad, as the law's tables hold them today."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.doors.citing import cite
from selaras.doors.guard import public
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import country, english
from selaras.law.load import law

STAGES: dict[str, str | Promise] = {
    "prepare": _("Before: get ready"),
    "place": _("Before: the right work"),
    "protect": _("Abroad"),
    "return": _("Home again"),
}


def _label(row: Any) -> str:
    """Name a row of the law in the current language."""
    return str(row.label_en if english() else row.label)


@public
@paced
def schemes(request: HttpRequest) -> HttpResponse:
    """List the lawful ways to work abroad."""
    today = timezone.localdate()
    rows = [{"id": s.id, "label": _label(s), "countries": [country(c) for c in s.countries]} for s in law().schemes_on(today)]
    return render(request, "public/schemes.html", {"rows": rows, "today": today})


@public
@paced
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """List the steps of one way, in order, with who has each, what must be shown, and how long it may take."""
    today = timezone.localdate()
    found = law().scheme(scheme, today)
    if found is None:
        raise Http404("not there")
    stages: list[dict[str, Any]] = []
    for step in law().steps_of(scheme, today):
        if not stages or stages[-1]["id"] != step.stage:
            stages.append({"id": step.stage, "label": STAGES[step.stage], "steps": []})
        papers = [_label(e) for name in step.evidence if (e := law().evidence_of(name, today)) is not None]
        clock = law().clock(step.clock, today) if step.clock else None
        stages[-1]["steps"].append(
            {
                "label": _label(step),
                "office": step.office_en if english() else step.office,
                "papers": papers,
                "clock": clock,
                "clock_label": _label(clock) if clock else "",
                "optional": step.optional,
                "unsure": step.unsure,
                "basis": cite(step.basis),
            }
        )
    context = {"scheme": found, "label": _label(found), "stages": stages, "countries": [country(c) for c in found.countries], "today": today}
    return render(request, "public/scheme.html", context)
