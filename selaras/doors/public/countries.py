"""Is this country open, and for which job? What held when, on which basis, and what is unsure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from selaras.doors.guard import public
from selaras.doors.public.asking import Where
from selaras.doors.public.pace import paced
from selaras.doors.public.sentences import country, english, told
from selaras.market.answers import MET, NOT_MET, Answer
from selaras.market.jobs import job_name
from selaras.market.queries.countries import channel_agencies, history_of, jobs_apart, status_of
from selaras.market.statuses import Status


@public
@paced
def countries(request: HttpRequest) -> HttpResponse:
    """Say what holds today for a country and a job; both stand in the address, so that the answer can be handed on."""
    form = Where(request.GET if "country" in request.GET else None)
    context: dict[str, object] = {"form": form, "today": timezone.localdate()}
    if form.is_bound and form.is_valid():
        iso3, job = form.cleaned_data["country"], form.cleaned_data["job"]
        if iso3 == "other":
            context["other"] = True
        else:
            context |= _answer(iso3, job)
    return render(request, "public/check/countries.html", context, status=422 if form.is_bound and form.errors else 200)


def _answer(iso3: str, job: str) -> dict[str, object]:
    language = get_language() or "id"
    status = status_of(iso3, job)
    apart = [] if job else [{"job": job_name(name, language), "said": _said(iso3, s), "status": s} for name, s in jobs_apart(iso3)]
    past = [s for s in reversed(history_of(iso3, job)) if s.since is not None]
    return {
        "said": _said(iso3, status),
        "status": status,
        "note": _note(status),
        "country": country(iso3),
        "job": job_name(job, language) if job else "",
        "apart": apart,
        "agencies": channel_agencies(iso3, job) if status.channel == "restricted" else [],
        "past": [{"status": s, "said": _said(iso3, s), "note": _note(s)} for s in past],
    }


def _said(iso3: str, status: Status) -> dict[str, object]:
    basis = status.decided_by.basis if status.decided_by else "UU18:31"
    value = MET if status.channel == "open" else NOT_MET
    return told(Answer(value, f"country.{status.channel}", basis, {"country": iso3}, status.unsure))


def _note(status: Status) -> str:
    row = status.decided_by
    return "" if row is None else (row.note_en or row.note) if english() else row.note
