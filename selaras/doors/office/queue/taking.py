"""Takes the forms of villages and desks once, and asks before what others changed meanwhile is passed over: one place for all of them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from selaras.ground.act import Refused, may
from selaras.ground.queries.ledger import Line
from selaras.ground.queries.since import snapshot
from selaras.ground.queries.words import verb_words
from selaras.ground.taking import release, settle, take
from selaras.people.queries.changes import changed_since, journey_now

QUEUED = frozenset(
    {
        "people_new", "person_add", "entry_new", "village_letters", "village_log_new", "village_log_person", "village_log_take_back",
        "signal_new", "signal_answer", "outreach_new", "person_told", "journey_start", "journey_again", "journey_step", "journey_end",
        "journey_lead", "paper_add", "paper_replace", "paper_verify",
    }
)  # fmt: skip
"""The pages whose forms wait on the device while there is no net."""
KEPT = QUEUED | {"home", "village", "village_candidates", "village_log", "outreach", "signals", "today", "journey", "person", "courses"}
"""The pages that a device shows as they were last seen while there is no net."""
MOST_FILE = 10 * 1024 * 1024
"""How large a file may be that waits on a device."""
TOLD = "X-Queue"
"""The header by which a device asks, and by which it is told what became of a form: without it nothing was received."""
OWN = ("csrfmiddlewaretoken", "queue_key", "queue_officer", "queue_post", "queue_seen", "queue_shown")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form says of itself: its key, under whom it was written, and what its page could see."""

    key: UUID | None
    officer: str
    post: str
    seen: str


def name_of(request: HttpRequest) -> str:
    """Give the name of the page that is asked for."""
    return (request.resolver_match and request.resolver_match.url_name) or ""


def sent(request: HttpRequest) -> Sent | None:
    """Read what a form says of itself; nothing for a page whose forms never wait."""
    if request.method != "POST" or name_of(request) not in QUEUED:
        return None
    told = request.POST
    return Sent(as_key(told.get("queue_key", "")), told.get("queue_officer", ""), told.get("queue_post", ""), told.get("queue_seen", ""))


def as_key(text: str) -> UUID | None:
    """Read a key that a device made; nothing for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def told(status: int, what: str, **more: str) -> HttpResponse:
    """Answer a device without a page."""
    answer = HttpResponse(status=status)
    answer[TOLD] = what
    for name, value in more.items():
        answer[f"{TOLD}-{name.title()}"] = value
    return answer


def nobody_signed_in(request: HttpRequest) -> HttpResponse | None:
    """Tell a device that its form waits for a sign-in; nothing for every other request."""
    form = sent(request)
    return told(401, "sign-in") if form is not None and form.key else None


def written_under(request: Any) -> str:
    """Give the posting under which a form was written, and refuse a form of another officer."""
    form = sent(request)
    if form is None or not form.officer:
        return ""
    if form.officer != str(request.user.pk):
        raise Refused("queue_of_another")
    if form.post and not any(p.key == form.post for p in request.posts):
        raise Refused("queue_post_over")
    return form.post


def once(request: Any, kwargs: dict[str, Any], page: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a page; a form that says its key is done once, and not over the head of somebody who changed the record meanwhile."""
    name, form = name_of(request), sent(request)
    if name in QUEUED:
        request.queue_seen = snapshot()  # before anything is read: what changes from here on was not seen
    if form is None:
        answer = page()
        if name in KEPT and answer.status_code == 200 and not answer.streaming:
            answer["X-Keep"] = "1"
    else:
        answer = _taken(request, kwargs, form, page)
    answer["X-Officer"] = str(request.user.pk)
    return answer


def _taken(request: Any, kwargs: dict[str, Any], form: Sent, page: Callable[[], HttpResponse]) -> HttpResponse:
    led_to = take(form.key, request.path) if form.key else None
    if led_to is not None:
        return _told(request, HttpResponseRedirect(led_to), "again")
    changes = _meanwhile(request, kwargs, form)
    answer = _choice(request, kwargs, changes) if changes else page()
    done = isinstance(answer, HttpResponseRedirect)
    if form.key:
        settle(form.key, answer["Location"]) if done else release(form.key)
    return _told(request, answer, "done" if done else "choice" if answer.status_code == 409 else "unfit")


def _told(request: Any, answer: HttpResponse, what: str) -> HttpResponse:
    """Tell a device what became of its form; a browser gets the answer itself."""
    if TOLD not in request.headers:
        return answer
    if isinstance(answer, HttpResponseRedirect):
        return told(204, what, to=answer["Location"])
    answer[TOLD] = what
    return answer


def _meanwhile(request: Any, kwargs: dict[str, Any], form: Sent) -> list[Line]:
    """List what others changed since the form's page was shown; when nobody did, the form stands on the version of today."""
    if not form.seen or not {"person_id", "journey_id"} & kwargs.keys():
        return []
    version = None
    if "journey_id" in kwargs:
        person_id, version = journey_now(kwargs["journey_id"])
    else:
        person_id = kwargs["person_id"]
    changes = changed_since(person_id, form.seen)
    if not changes and version is not None and "version" in request.POST:
        # what differs is her own: two of her forms waited together, or she has seen the choice and sends hers all the same
        request.POST = request.POST.copy()
        request.POST["version"] = str(version)
    return changes


def _choice(request: Any, kwargs: dict[str, Any], changes: list[Line]) -> HttpResponse:
    context = {
        "changes": [{"line": line, "what": verb_words(line.verb)} for line in changes],
        "mine": list(_shown(request.POST)), "files": list(request.FILES),
        "fields": [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values],
        "shown": request.POST.get("queue_shown", ""), "record": _record(request, kwargs),
    }  # fmt: skip
    return render(request, "office/queue/choice.html", context, status=409)


def _record(request: Any, kwargs: dict[str, Any]) -> str:
    if "journey_id" in kwargs:
        return reverse("journey", args=[kwargs["journey_id"]])
    return reverse("person", args=[kwargs["person_id"]]) if may(request.actor, "people.open_person") else reverse("home")


def _shown(post: Any) -> Iterator[tuple[str, str]]:
    """Give what was written as its page labelled it; what the labels say is the sender's own."""
    try:
        rows = json.loads(post.get("queue_shown", ""))
    except ValueError:
        rows = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) >= 2:
            text = str(row[2]) if len(row) > 2 else ", ".join(post.getlist(str(row[0])))
            if text:
                yield str(row[1]), text


def frame(request: Any) -> dict[str, Any]:
    """Give the page of an officer what its script and forms need."""
    form = sent(request)
    return {
        "queue": {
            "officer": request.actor.id, "post": request.post.key, "seen": getattr(request, "queue_seen", ""),
            "forms": name_of(request) in QUEUED, "megabytes": MOST_FILE // 1024**2, "key": form.key if form is not None and form.key else "",
        }
    }  # fmt: skip
