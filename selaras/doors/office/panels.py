"""What an officer's first page shows of each room that she may enter: one panel a room, the most urgent first."""

from collections.abc import Callable
from typing import Any

from selaras.ground.act import may
from selaras.ground.scope import Actor

Panel = dict[str, Any]
PANELS: list[tuple[str, Callable[[Actor], Panel | None]]] = []


def panels_for(actor: Actor) -> list[Panel]:
    """Give the panels of an actor; a panel with nothing to say is left out."""
    made = (make(actor) for address, make in PANELS if may(actor, address))
    return [panel for panel in made if panel is not None]
