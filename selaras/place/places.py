"""Keeps the place of a job order beside a journey: taken when the placement agreement is signed, given back when she does not leave.

The agreement binds agency, candidate and labour office to one job (UU 18/2017 article 13 letter g; PP 59/2021 article 86): before it she is
one of several who were selected, after it the place is hers. It holds while the journey is under way, and stays taken once she has left.
"""

from django.utils import timezone

from selaras.ground.act import Refused, handed_to
from selaras.market.actions.places import give_back_place, take_place
from selaras.market.answers import MET
from selaras.market.queries.orders import job_order
from selaras.market.queries.places import place_of, places_had
from selaras.people.actions.stepping import Held
from selaras.people.models import Journey
from selaras.place.case import order_told

AGREEMENT, LEFT, AIMED = "placement_agreement", "depart", "aim_journey"
PERMIT = "UU18:59"


def keep_place(held: Held, what: str, step: str) -> None:
    """Bring the place of a journey in line with where it stands now: one of its job order, or none.

    A place is taken by the agreement itself, or when the job order is named or changed after it; the order must be real, run that day, and
    belong to the agency, country and employer of the journey. Refused: order_full, order.*, licence.*, permit.*, country.*.
    """
    journey = held.journey
    if held.course.scheme.placing != "p3mi":
        return  # no agency, so no job order with places of its own
    holds = AGREEMENT in held.passed and (journey.state == Journey.State.OPEN or LEFT in held.passed)
    takes = holds and bool(journey.job_order) and (step == AGREEMENT or what == AIMED)
    if holds and not takes and what != AIMED:
        return  # it stays as it is, whether there is one or not
    there = place_of(journey.id)
    if there is None and not takes:
        return
    order = job_order(journey.job_order) if holds else None
    if there is not None and holds and what != AIMED:
        return
    if takes:
        told = order_told(journey, order, timezone.localdate())
        if told.value != MET or order is None:
            raise Refused(told.code, told.basis or PERMIT, **told.params)
        if there is not None and there.number == order.number:
            return
    if there is not None:
        with handed_to("places"):
            give_back_place(number=there.number, once=there.once, reason=what)
    if not takes or order is None:
        return
    key = f"{journey.id}:{places_had(journey.id) + 1}"
    with handed_to("places"):
        take_place(number=order.number, once=key, holder=journey.id)
