"""The rooms that an officer may enter, by what her role may do."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selaras.ground.act import may
from selaras.ground.scope import Actor


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the menu."""

    name: str
    label: str | Promise
    icon: str
    addresses: tuple[str, ...]


ROOMS = (
    Room("people_find", _("Find a person"), "search", ("people.find_by_number", "people.find_by_name")),
    Room("deliveries", _("Deliveries"), "file-import", ("reconcile.see_deliveries",)),
    Room("runs", _("Linkage runs"), "git-merge", ("reconcile.see_runs",)),
    Room("review", _("Review queue"), "git-compare", ("reconcile.see_queue",)),
    Room("headcount", _("Headcount"), "world", ("insight.see_headcount",)),
    Room("agreements", _("Agreements"), "file-text", ("agreements.see_agreements",)),
    Room("ledger", _("Ledger"), "book", ("ground.read_ledger",)),
    Room("offices", _("Offices"), "building", ("ground.see_offices",)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry with its address."""

    label: str | Promise
    icon: str
    url: str
    active: bool


def rooms_for(actor: Actor, path: str = "") -> list[Entry]:
    """List the rooms whose questions the actor may ask."""
    found = []
    for room in ROOMS:
        if any(may(actor, a) for a in room.addresses):
            url = reverse(room.name)
            found.append(Entry(room.label, room.icon, url, path.startswith(url)))
    return found
