"""Keeps the worker's card true beside a journey: who does not leave, or leaves for elsewhere, has no card that still verifies."""

from selaras.people.actions.stepping import Held
from selaras.people.models import Journey
from selaras.place.actions.passes import STEP, take_back

LEFT, AIMED, GIVEN_BACK = "depart", "aim_journey", "return_step"


def keep_card(held: Held, what: str, step: str) -> None:
    """Revoke the card of a journey that ended before she left, whose card step was given back, or that leads to another country now."""
    if LEFT in held.passed:
        return
    if held.journey.state not in (Journey.State.OPEN, Journey.State.FINISHED):
        take_back(held, "not_leaving")
    elif what == GIVEN_BACK and step == STEP:
        take_back(held, "issued_wrongly")
    elif what == AIMED:
        take_back(held, "issued_wrongly", unless_for=held.journey.country_id or "")
