"""What an officer's first page shows of the rooms that she may enter: one panel a room, the most urgent first."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language

from selaras.doors.office.headcount import figures
from selaras.doors.office.journeys.queue import waiting
from selaras.doors.office.people.forms import Find
from selaras.ground.act import may
from selaras.ground.scope import Actor
from selaras.insight.queries.headcount import see_headcount
from selaras.people.queries.today import see_today
from selaras.prepare.queries.village import see_village
from selaras.reconcile.queries.deliveries import feeds
from selaras.reconcile.queries.pairs import see_queue

Panel = dict[str, Any]
FIRST = 5  # of what waits for the office, as many as a first page shows


def _find(actor: Actor) -> Panel:
    return {"template": "office/panels/find.html", "form": Find(), "may_register": may(actor, "people.register")}


def _village(actor: Actor) -> Panel:
    return {"template": "office/panels/village.html", "today": see_village()}


def _today(actor: Actor) -> Panel:
    found = see_today(limit=FIRST)
    return {"template": "office/panels/today.html", "today": found, "rows": [waiting(w) for w in found.rows]}


def _review(actor: Actor) -> Panel:
    queue = see_queue(limit=1)
    return {"template": "office/panels/review.html", "queue": queue}


def _deliveries(actor: Actor) -> Panel:
    english = get_language() == "en"
    shown = [{"feed": feed, "name": feed.name_en if english else feed.name} for feed in feeds()]
    return {"template": "office/panels/deliveries.html", "feeds": shown}


def _headcount(actor: Actor) -> Panel | None:
    found = see_headcount()
    if found is None:
        return None
    return {"template": "office/panels/headcount.html", "figures": figures(found, get_language() == "en")}


def _ledger(actor: Actor) -> Panel:
    return {"template": "office/panels/ledger.html"}


# The address that opens a panel, and what makes it; in the order in which a first page shows them.
PANELS: tuple[tuple[str, Callable[[Actor], Panel | None]], ...] = (
    ("ground.verify_ledger", _ledger),
    ("reconcile.see_queue", _review),
    ("people.see_today", _today),
    ("prepare.see_village", _village),
    ("people.find_by_number", _find),
    ("reconcile.hand_in", _deliveries),
    ("insight.see_headcount", _headcount),
)


def panels_for(actor: Actor) -> list[Panel]:
    """Give the panels of an actor; a panel with nothing to say is left out."""
    made = (make(actor) for address, make in PANELS if may(actor, address))
    return [panel for panel in made if panel is not None]
