"""The page of what waits on this device, the form token for what is sent later, and the script that keeps both at hand."""

import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import get_resolver, reverse

from selaras.doors.guard import public
from selaras.doors.office.queue.taking import MOST_FILE, QUEUED

FILES = ("office/queue.js", "office/office.js", "office/office.css", "office/mark.svg", "vendor/tabler.min.css", "vendor/htmx.min.js")
HOURS, MOST_FORMS, MOST_PAGES = 10, 50, 80
"""How long a page is shown without net, how many forms and pages a device keeps."""


@public
def queue(request: HttpRequest) -> HttpResponse:
    """Give the page on which the device itself lists what waits: the portal knows nothing of it."""
    return render(request, "office/queue/queue.html", {"megabytes": MOST_FILE // 1024**2, "hours": HOURS})


@public
def token(request: HttpRequest) -> HttpResponse:
    """Say who is signed in, and give the token that a form needs now."""
    officer = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"officer": officer, "token": get_token(request)})


@public
def script(request: HttpRequest) -> HttpResponse:
    """Give the script that stands between the pages and the net."""
    told = {
        "files": [reverse("queue"), *map(static, FILES)], "page": reverse("queue"), "token": reverse("queue_token"),
        "out": reverse("account_logout"), "forms": list(_forms()), "kept": HOURS * 3600_000, "most_forms": MOST_FORMS,
        "most_pages": MOST_PAGES, "most_file": MOST_FILE,
    }  # fmt: skip
    answer = render(request, "office/queue/worker.js", {"told": json.dumps(told)}, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    return answer


def _forms() -> Iterator[str]:
    """Write the addresses whose forms wait as patterns that a browser reads."""
    for name in sorted(QUEUED):
        for _shape, pattern, _defaults, _converters in get_resolver().reverse_dict.getlist(name):
            yield "^/" + pattern.replace("(?P<", "(?<").replace(r"\Z", "$")
