"""The pages of refusal: each says what happened and what to do next, and none tells more than it may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from selaras.doors.office.refusals import sentence


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read."""
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a verb that was refused, with its reason and basis."""
    return render(request, "403.html", {"refusal": sentence(exception)}, status=403)


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what does not exist and what is not within reach alike."""
    return render(request, "404.html", status=404)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; nothing of the fault is shown."""
    return render(request, "500.html", status=500)
