"""Is this printed record of the departure gate real? By its number, with nothing of whose it is."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from selaras.doors.guard import public
from selaras.doors.public.asking import Ask
from selaras.doors.public.pace import paced
from selaras.place.queries.gate import printed_record, spelt

KINDS: dict[str, str | Promise] = {"allow": _("MAY LEAVE"), "hold": _("HELD")}
# What became of a decision that stands no more, or not yet.
SINCE: dict[str, str | Promise] = {
    "proposed": _("It was proposed only: a second officer has not confirmed it."),
    "confirmed": _("It was proposed and then confirmed by a second officer: the confirmed record has a number of its own."),
    "declined": _("It was proposed only, and a second officer did not confirm it."),
    "replaced": _("A later decision took its place."),
    "set_aside": _("It was set aside after an appeal; the gate decides anew."),
}  # fmt: skip


@csrf_exempt
@public
@paced
def records(request: HttpRequest) -> HttpResponse:
    """Ask for a record by its number."""
    form = Ask(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = spelt(form.cleaned_data["q"])
        if asked and printed_record(asked) is not None:
            return HttpResponseRedirect(reverse("check_record", args=[asked]))
        return render(request, "public/check/records.html", {"form": form, "asked": form.cleaned_data["q"], "unknown": True})
    return render(request, "public/check/records.html", {"form": form}, status=422 if form.errors else 200)


@public
@paced
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Say whether a record is real, of which day, what it says, and whether that has changed since."""
    found = printed_record(number)
    if found is None:
        return render(request, "public/check/records.html", {"form": Ask(), "asked": number, "unknown": True}, status=404)
    context = {"found": found, "kind": KINDS[found.kind], "since": SINCE.get(found.state, "")}
    return render(request, "public/check/record.html", context)
