"""Keeps the worker's card true beside a journey: its step is done by a card alone, and who does not leave has none that still verifies."""

from selaras.ground.act import Refused
from selaras.people.actions.stepping import Held, known_step
from selaras.people.models import Journey
from selaras.place.actions.passes import STANDS, STEP, take_back
from selaras.place.models import Pass
from selaras.place.signing import keys_there

LEFT, AIMED, GIVEN_BACK = "depart", "aim_journey", "return_step"
BY_HAND = ("do_step", "skip_step")


def keep_card(held: Held, what: str, step: str) -> None:
    """Revoke the card of a journey that ended before she left or with her death, whose card step was given back, or that
    leads to another country now.

    Refused: card_by_issuing, where the step of the card is passed by hand, no card stands, and this copy issues cards.
    """
    if step == STEP and what in BY_HAND and keys_there() and not Pass.objects.filter(journey_id=held.journey.id, state__in=STANDS).exists():
        raise Refused("card_by_issuing", known_step(held, STEP).basis)
    if held.journey.state == Journey.State.DIED:
        take_back(held, "died")
    if LEFT in held.passed:
        return
    if held.journey.state not in (Journey.State.OPEN, Journey.State.FINISHED):
        take_back(held, "not_leaving")
    elif what == GIVEN_BACK and step == STEP:
        take_back(held, "issued_wrongly")
    elif what == AIMED:
        take_back(held, "issued_wrongly", unless_for=held.journey.country_id or "")
