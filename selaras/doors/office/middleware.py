"""Headers that every answer carries, and the rules by which an officer's session ends."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from selaras.doors.office.signin import as_officer
from selaras.ground.ledger import write_apart

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
GetResponse = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Sets the content policy, and keeps pages of officers out of every cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        # Browsers hold a form's redirect to this rule, too: without it the way to the government's sign-in is barred.
        sso = urlsplit(settings.SELARAS_OIDC_URL)
        to = f" {sso.scheme}://{sso.netloc}" if sso.netloc else ""
        self.policy = POLICY.replace("form-action 'self'", f"form-action 'self'{to}")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers set."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SessionRules:
    """Ends a session that was not used for a while, or that is older than a working day."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session when its time is over, else note that it was used."""
        user: Any = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("began", now)
            used = request.session.get("used", now)
            idle = now - used > settings.SELARAS_SESSION_IDLE_SECONDS
            if idle or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
                write_apart(as_officer(user), "ground.sign_out", "done", detail={"why": "idle" if idle else "day"})
            elif now - used > 60 or "used" not in request.session:
                request.session["used"] = now  # at most one write a minute
        return self.get_response(request)
