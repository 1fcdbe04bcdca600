"""What every office page shows: who acts, where, how far she sees, and the rooms she may enter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from selaras.doors.office.navigation import rooms_for


def office(request: HttpRequest) -> dict[str, Any]:
    """Give the frame of an office page; nothing for a page without an actor."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"nav": [], "demo_sign_in_url": reverse("demo_cast") if settings.SELARAS_DEMO_SIGN_IN else ""}
    return {"actor": actor, "post": request.post, "posts": request.posts, "nav": rooms_for(actor, request.path)}  # type: ignore[attr-defined]
