"""The session of somebody who comes in by herself, and the pages that are hers alone."""

import functools
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from selaras.doors.office.language import KEY as LANGUAGE
from selaras.ground.act import Refused, may
from selaras.ground.ledger import write_apart
from selaras.ground.scope import Actor, acting
from selaras.people.actions.signing_in import Device, SignedIn, keep_account_language
from selaras.people.queries.accounts import actor_of_account, sessions_of

Page = Callable[..., HttpResponse]
KEY = "worker"
"""Where a session keeps whose it is; an officer's session never holds it."""
DEVICE, DEVICE_DAYS = "selaras_device", 180
"""The cookie by which a browser is known again in which somebody was signed in before; it opens nothing."""


class OwnRequest(HttpRequest):
    """A request of somebody on her own page: what a page of this door receives."""

    own: Actor
    person_id: UUID


def begin(request: Any, opened: SignedIn, by: str) -> HttpResponse:
    """Begin a session of her own, apart from whatever this browser held before; lead to her page."""
    chosen = request.session.get(LANGUAGE, "")
    sessions = sessions_of(opened.account_id, opened.through)
    request.session.flush()
    rotate_token(request)
    now = int(time.time())
    request.session[KEY] = {
        "account": str(opened.account_id), "through": str(opened.through), "sessions": sessions, "began": now, "used": now,
    }  # fmt: skip
    actor = _actor(request)
    if actor is not None:
        request.session[LANGUAGE] = chosen or actor.locale
        write_apart(actor, "ground.sign_in", "done", subject=opened.person_id, detail={"by": [by]})
    response = HttpResponseRedirect(reverse("worker_home"))
    before = device_of(request)
    device = before.id if before is not None and before.account_id == opened.account_id else uuid4()
    response.set_signed_cookie(
        DEVICE, f"{device}:{opened.account_id}", salt=DEVICE, max_age=DEVICE_DAYS * 86400, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def device_of(request: Any) -> Device | None:
    """Give the device that a browser says it is, and whose, as we have signed it."""
    told = request.get_signed_cookie(DEVICE, default="", salt=DEVICE, max_age=DEVICE_DAYS * 86400)
    device, _, account = told.partition(":")
    return Device(UUID(device), UUID(account)) if told else None


def leave(request: Any, why: str) -> None:
    """End her session."""
    actor = _actor(request)
    request.session.flush()
    if actor is not None:
        write_apart(actor, "ground.sign_out", "done", subject=person_of(actor), detail={"why": why})


def person_of(actor: Actor) -> UUID:
    """Give the person whom such an actor is."""
    return UUID(next(code for code in actor.reach if code.startswith("person:")).removeprefix("person:"))


def keep_own_language(request: Any, language: str) -> None:
    """Keep the language for whoever is signed in by herself; for everybody else do nothing."""
    actor = _actor(request)
    if actor is not None:
        request.session[LANGUAGE] = language
        with acting(actor):
            keep_account_language(UUID(actor.id), language)


def _actor(request: Any) -> Actor | None:
    held = request.session.get(KEY)
    if not held:
        return None
    return actor_of_account(UUID(held["account"]), UUID(held["through"]), held["sessions"])


def _over(held: dict[str, Any], now: int) -> str:
    """Say why a session is over: unused for a while, or older than a day's use; nothing when it goes on."""
    if now - held["used"] > settings.SELARAS_SESSION_IDLE_SECONDS:
        return "idle"
    return "day" if now - held["began"] > settings.SESSION_COOKIE_AGE else ""


def own_page(*addresses: str) -> Callable[[Page], Page]:
    """Declare a page for whoever is signed in by herself and whose role holds one of these addresses (anybody, when none is named)."""

    def wrap(page: Page) -> Page:
        @functools.wraps(page)
        def guarded_page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = _actor(request)
            held, now = request.session.get(KEY), int(time.time())
            if actor is None or (why := _over(held, now)):
                if held:
                    leave(request, why if actor else "ended")
                return HttpResponseRedirect(reverse("worker_sign_in"))
            if now - held["used"] > 60:
                request.session[KEY] = {**held, "used": now}  # at most one write a minute
            request.own, request.person_id = actor, person_of(actor)
            if addresses and not any(may(actor, a) for a in addresses):
                raise Refused("not_your_role", verb=addresses[0])
            with acting(actor):
                response = page(request, *args, **kwargs)
                # Rendered here, while she still acts: a template may ask.
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response = response.render()
            return response

        guarded_page.door = addresses or ("whoever is signed in by herself",)  # type: ignore[attr-defined]
        return guarded_page

    return wrap
