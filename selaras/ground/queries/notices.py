"""What lies in the outbox, for the demo and for tests: a copy in production never shows it."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from selaras.ground.models import Notice


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it would reach somebody."""

    to: str
    text: str
    kind: str
    at: dt.datetime


def outbox(limit: int = 50) -> list[Message]:
    """List the newest messages; raise in production, where nobody reads another's messages."""
    if settings.SELARAS_MODE == "production":
        raise RuntimeError("the outbox is not shown in production")
    rows = Notice.objects.exclude(state=Notice.State.NOBODY).order_by("-made_at", "-id")[:limit]
    return [Message(n.to, n.text, n.kind, n.made_at) for n in rows]
