"""What a question about two records is made of: the event that opens it, the other person, the numbers that stand with both."""

import json
from uuid import UUID

from selaras.people.models import Dispute, Event, Identifier
from selaras.people.numbers import IDENTIFYING

PROPOSED = "proposed"
"""The reason on the event when an officer asked, and not a number."""
PAPER = "paper:"
"""Begins the reason on the event when the number of a paper asked; behind it stands the kind of paper."""


def other_of(told: Event) -> UUID:
    """Give the other person of a question."""
    return UUID(json.loads(told.after or "{}")["person"])


def paper_of(told: Event) -> str:
    """Give the kind of paper whose number opened a question; empty when it was not a paper."""
    return told.reason.removeprefix(PAPER) if told.reason.startswith(PAPER) else ""


def open_between(one: UUID, other: UUID) -> list[Event]:
    """List the open questions between two persons, whichever of them it hangs on."""
    rows = Event.objects.filter(person_id__in=(one, other), kind="conflict").exclude(dispute__state=Dispute.State.SETTLED)
    return [e for e in rows.order_by("at", "id") if {e.person_id, other_of(e)} == {one, other}]


def shared_numbers(one: UUID, other: UUID) -> list[tuple[str, UUID]]:
    """List the identifying numbers that stand with both, as kind and index; those that were found to be another's left out."""
    rows = Identifier.objects.filter(kind__in=IDENTIFYING).exclude(doubt="other")
    hers = set(rows.filter(person_id=other).values_list("kind", "index"))
    return sorted(hers & set(rows.filter(person_id=one).values_list("kind", "index")))
