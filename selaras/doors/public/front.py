"""The front page: what Selaras is, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from selaras.doors.guard import public


@public
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    return render(request, "public/front.html")
