"""Every page is declared public or guarded; a guarded page runs in a transaction in which its actor acts."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from selaras.doors.office.queue import taking
from selaras.doors.office.signin import lacks_second_step
from selaras.ground.act import Refused, may
from selaras.ground.ledger import write_apart
from selaras.ground.queries.actors import Post, actor_of, posts_of
from selaras.ground.scope import Actor, acting

Page = Callable[..., HttpResponse]


class OfficeRequest(HttpRequest):
    """A request of an officer who is acting: what a guarded page receives."""

    actor: Actor
    posts: list[Post]
    post: Post


def public(page: Page) -> Page:
    """Declare a page that anybody may see; it asks no scoped table, for nobody is acting."""
    page.door = "public"  # type: ignore[attr-defined]
    return page


def guarded(*addresses: str) -> Callable[[Page], Page]:
    """Declare a page for officers whose role holds one of these addresses (any officer, when none is named)."""

    def wrap(page: Page) -> Page:
        @functools.wraps(page)
        def guarded_page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if (not request.user.is_authenticated or lacks_second_step(request)) and (waits := taking.nobody_signed_in(request)):
                return waits
            if not request.user.is_authenticated:
                back = quote(request.get_full_path()) if request.method == "GET" else ""
                return HttpResponseRedirect(resolve_url("account_login") + (f"?next={back}" if back else ""))
            if lacks_second_step(request):
                messages.warning(request, _("Your account needs a second step before you can go on: add one here."))
                return HttpResponseRedirect(resolve_url("mfa_index"))
            request.posts = posts_of(request.user.pk)
            if not request.posts:
                raise Refused("no_posting")
            wanted = taking.written_under(request) or request.session.get("post")
            request.post = next((p for p in request.posts if p.key == wanted), request.posts[0])
            request.actor = actor_of(request.user, request.post)
            if addresses and not any(may(request.actor, a) for a in addresses):
                write_apart(request.actor, addresses[0], "refused", detail={"code": "not_your_role"})
                raise Refused("not_your_role", verb=addresses[0])
            with acting(request.actor):
                response = taking.once(request, kwargs, lambda: page(request, *args, **kwargs))
                # Rendered here, while the actor still acts: a template may ask.
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response = response.render()
            return response

        guarded_page.door = addresses or ("any officer",)  # type: ignore[attr-defined]
        return guarded_page

    return wrap
