"""The pages of refusal: each says what happened and what to do next, and none tells more than it may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from selaras.doors.office.queue.taking import TOLD
from selaras.doors.office.refusals import Refusal, sentence
from selaras.ground.act import Refused

OWN = Refusal(_("This page is not open to you."), _("If you need it, ask at any desk or mission."))
"""What somebody reads on her own pages whose role is refused: she has no administrator to ask."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read."""
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a verb that was refused, with its reason and basis."""
    told = exception.code if isinstance(exception, Refused) else ""
    own = request.path.startswith("/worker/") and told in ("", "not_your_role")
    return _told(request, render(request, "403.html", {"refusal": OWN if own else sentence(exception)}, status=403))


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what does not exist and what is not within reach alike."""
    return _told(request, render(request, "404.html", status=404))


def _told(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Tell a device that its form was received and refused: it is not sent again."""
    if TOLD in request.headers:
        answer[TOLD] = "refused"
    return answer


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; nothing of the fault is shown."""
    return render(request, "500.html", status=500)
