"""What may I be asked to pay? Item by item, by way, country, job and day, as the law's tables say, and what is unsure."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from selaras.doors.citing import cite
from selaras.doors.guard import public
from selaras.doors.office.templatetags.face import number
from selaras.doors.public.asking import Where
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import country, english
from selaras.law.load import law
from selaras.market.jobs import job_name

PAYERS: dict[str, str | Promise] = {
    "employer": _("the employer"),
    "government": _("the government"),
    "agency": _("the agency"),
    "worker": _("you yourself"),
}


class Cost(Where):
    """A way, a country, a job and a day."""

    field_order = ("scheme", "country", "job", "day")

    scheme = forms.ChoiceField(label=_("Way"), choices=[])
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scheme: Any = self.fields["scheme"]
        named = [(s.id, s.label_en if english() else s.label) for s in law().schemes_on(timezone.localdate())]
        scheme.choices = [("", gettext("choose")), *named]


@public
@paced
def costs(request: HttpRequest) -> HttpResponse:
    """Say who may be asked to pay what; everything stands in the address, so that the answer can be handed on."""
    form = Cost(request.GET if "scheme" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _answer(**form.cleaned_data)
    return render(request, "public/check/costs.html", context, status=422 if form.is_bound and form.errors else 200)


def _answer(scheme: str, country: str, job: str, day: Any) -> dict[str, object]:
    day = day or timezone.localdate()
    rows = []
    for item in law().costs:
        if not item.holds_on(day):
            continue
        found = law().cost_rules(item.id, country, job, day, scheme)
        rule = found[0] if found else None
        rows.append(
            {
                "label": item.label_en if english() else item.label,
                "payers": [PAYERS[p] for p in rule.payers] if rule else [],
                "worker": rule is not None and "worker" in rule.payers,
                "free": rule is not None and "worker" not in rule.payers,
                "unsure": rule is None or rule.unsure,
                "note": (rule.note_en if english() else rule.note) if rule else "",
                "basis": cite(rule.basis) if rule else "",
            }
        )
    premiums = [p for stage in ("before", "during") for p in law().premiums_of(stage, day, scheme)]
    notes = list(dict.fromkeys(str(row["note"]) for row in rows if row["note"]))
    return {
        "rows": rows,
        "notes": notes,
        "mine": sum(bool(row["worker"]) for row in rows),
        "unknown": sum(not row["payers"] for row in rows),
        "all_free": bool(rows) and all(row["free"] for row in rows),
        "sure": not any(row["unsure"] for row in rows),
        "premiums": [
            {
                "label": p.label_en if english() else p.label,
                "amount": f"Rp{number(p.amount)}",
                "unsure": p.unsure,
                "basis": cite(p.basis),
            } for p in premiums
        ],
        "asked": {
            "scheme": _scheme(scheme, day),
            "country": _place(country),
            "job": job_name(job, get_language() or "id") if job else "",
            "day": day,
        },
    }  # fmt: skip


def _scheme(scheme: str, day: Any) -> str:
    row = law().scheme(scheme, day)
    return "" if row is None else row.label_en if english() else row.label


def _place(iso3: str) -> str:
    return gettext("another country") if iso3 == "other" else country(iso3)
