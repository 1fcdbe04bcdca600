"""What every office page shows: who acts, where, how far she sees, and the rooms she may enter."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from selaras.doors.office.navigation import menu, rooms_for
from selaras.doors.office.queue.taking import frame
from selaras.doors.office.reach_words import reach_words
from selaras.ground.queries.actors import Post
from selaras.law.load import law


@dataclass(frozen=True, slots=True)
class Choice:
    """One posting as the menu offers it: the role in words tells two postings at one office apart."""

    key: str
    office: str
    role: str
    reach: frozenset[str]
    label: str


def role_words(role: str) -> str:
    """Say a role in the current language."""
    row = law().role(role, timezone.localdate())
    return role if row is None else row.label_en if get_language() == "en" else row.label


def _choice(post: Post) -> Choice:
    return Choice(post.key, post.office, post.role, post.reach, role_words(post.role))


def office(request: HttpRequest) -> dict[str, Any]:
    """Give the frame of an office page; nothing for a page without an actor."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"nav": [], "demo_sign_in_url": reverse("demo_cast") if settings.SELARAS_DEMO_SIGN_IN else ""}
    post: Post = request.post  # type: ignore[attr-defined]
    nav = rooms_for(actor, request.path)
    return {
        "actor": actor,
        "post": post,
        "posts": [_choice(p) for p in request.posts],  # type: ignore[attr-defined]
        "nav": nav,
        "menu": menu(nav, request.path),
        "role_text": role_words(post.role),
        "reach_text": reach_words(post.reach),
        **frame(request),
    }
