"""Knocks at an address as somebody, and takes back whatever the knock changed."""

import copy
import re
from contextlib import ExitStack

from django.db import transaction
from django.test import Client
from django.urls import reverse

from selaras.ground.queries.offices import officer_by_email
from tests.access.world import World
from tests.cast import BY_KEY, CAST

WHO = ("", *(member.key for member in CAST))
"""Everybody who knocks: a visitor who is not signed in, then the cast."""
REACH = {
    "person_id": "person",
    "identifier_id": "number",
    "delivery_id": "delivery",
    "run_id": "run",
    "pair_id": "pair",
    "drawn_id": "drawn",
    "other_id": "other",
    "event_id": "merge",
    "conflict_id": "conflict",
    "officer_id": "officer",
    "posting_id": "posting",
    "journey_id": "journey",
    "fact_id": "paper",
    "decision_id": "decision",
    "cost_id": "cost",
    "pass_id": "card",
    "agency": "agency",
    "party": "party",
    "order_id": "order",
    "permit_id": "permit",
    "cooperation_id": "cooperation",
    "standing_id": "standing",
    "status_id": "status",
    "movement_id": "movement",
    "signal_id": "signal",
    "outreach_id": "outreach",
    "course_id": "course",
    "request_id": "credit",
    "enrolment_id": "enrolment",
    "code": "code",
}
"""What an address names, and which part of the world that is."""
_CHANGING = re.compile(
    r'"X-CSRFToken": "[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|/found/[\w-]+/|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)


def browsers():
    """Give one browser for each."""
    found = {key: Client(HTTP_HOST="localhost", raise_request_exception=False) for key in WHO}
    for key, client in found.items():
        if key:
            client.force_login(officer_by_email(BY_KEY[key].email))
    return found


def knock(client, name, kwargs, method, data=None):
    """Ask, and roll back whatever was written on either connection; the browser forgets what it was told, too."""
    cookies = copy.deepcopy(client.cookies)
    with ExitStack() as stack:
        stack.callback(setattr, client, "cookies", cookies)
        for alias in ("default", "ledger"):
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, True, using=alias)
        return getattr(client, method.lower())(reverse(name, kwargs=kwargs), data or {})


def seen(answer):
    """Give the status; `in` when the way leads to the sign-in page."""
    if answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
        return "in"
    return str(answer.status_code)


def body(answer):
    """Give the page without what differs from one request to the next: tokens, and ids that were asked for."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return _CHANGING.sub("", content.decode("utf-8", "replace"))


def named(world: World, kwargs):
    """Put the world's ids where an address names a part of it."""
    return {key: getattr(world, REACH[key]) if key in REACH else value for key, value in kwargs.items()}
