"""The place of a job order follows the journey: taken by the placement agreement, given back when she does not leave, never doubled."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import Refused
from selaras.ground.scope import acting
from selaras.market.models import JobOrder, TakenPlace
from selaras.people.actions.aiming import aim_journey
from selaras.people.actions.journeys import Aim
from selaras.people.actions.steps import do_step, fail_journey, refuse_step, return_step, withdraw_journey
from selaras.people.models import Journey, JourneyStep, Person
from selaras.place.places import AGREEMENT
from tests.cast import actor
from tests.market.demand import parties, permitted
from tests.people.journeying import closing
from tests.place.standing import HERE, ORDER, fact, journey_of, step, woman

pytestmark = pytest.mark.usefixtures("committed")


def signing(order: str = ORDER, **changes: Any) -> UUID:
    """Enter a journey of somebody who stands before her placement agreement, with the paper there."""
    today = timezone.localdate()
    with acting(actor("reviewer")):
        her: Person = woman()
        her.reach = [*HERE, "party:contoh-jaya"]
        her.save(update_fields=["reach"])
        journey = journey_of(her, "p_to_p", today - timedelta(40), job_order=order, **changes)
        for name in ("record", "inform", "letters", "register", "selection", "health"):
            step(journey, name, "done", today - timedelta(20))
        step(journey, AGREEMENT, "now")
        fact(journey, "placement_agreement", issued_on=today)
        return journey.id


def signed(journey: UUID, once: str = "", who: str = "dinas") -> Any:
    """Sign it, in sight of how the journey stands."""
    with acting(actor(who)):
        version = Journey.objects.get(pk=journey).version
        return do_step(journey_id=journey, step=AGREEMENT, version=version, once=once)


def ended(verb: Any, journey: UUID, **more: Any) -> None:
    """End a journey, or give a step back, as the labour office."""
    with acting(actor("dinas")):
        verb(journey_id=journey, version=Journey.objects.get(pk=journey).version, reason="uji coba", **more)


def count(order: str = ORDER) -> tuple[int, int]:
    """The count that the order carries, and the places that are taken and not given back."""
    row = JobOrder.objects.get(number=order)
    return row.taken, TakenPlace.objects.filter(order=row, given_back_at__isnull=True).count()


def test_the_agreement_takes_the_place_once_and_whoever_gives_up_gives_it_back():
    parties()
    permitted(ORDER, places=2)
    journey = signing()
    assert count() == (0, 0), "selected is not placed"
    signed(journey, once="k")
    signed(journey, once="k")
    assert count() == (1, 1)
    with acting(actor("dinas")), pytest.raises(Refused) as ahead:
        return_step(journey_id=journey, step="selection", version=Journey.objects.get(pk=journey).version, reason="uji")
    assert (ahead.value.code, count()) == ("later_step_done", (1, 1))
    ended(return_step, journey, step=AGREEMENT)
    assert count() == (0, 0), "who gives the agreement back gives the place back"
    signed(journey)
    assert count() == (1, 1), "a second signature takes a place anew"
    ended(withdraw_journey, journey)
    assert count() == (0, 0)
    reasons = set(TakenPlace.objects.values_list("reason", flat=True))
    assert reasons == {"return_step", "withdraw_journey"}


@pytest.mark.parametrize("verb", [fail_journey, refuse_step])
def test_a_journey_that_fails_or_is_refused_gives_its_place_back(verb: Any):
    parties()
    permitted(ORDER, places=1)
    journey, other = signing(), signing()
    signed(journey)
    with pytest.raises(Refused) as full:
        signed(other)
    assert full.value.code == "order_full"
    with acting(actor("dinas")):
        assert JourneyStep.objects.get(journey_id=other, step=AGREEMENT).state == "now", "nothing of the refused signature stands"
    ended(verb, journey, **({"step": "passport"} if verb is refuse_step else {}))
    signed(other)
    assert count() == (1, 1)


def test_who_has_left_keeps_the_place_however_the_journey_ends():
    parties()
    permitted(ORDER, places=1)
    journey = signing()
    signed(journey)
    with acting(actor("reviewer")):
        step(Journey.objects.get(pk=journey), "depart", "done", date(2026, 10, 1))
    ended(fail_journey, journey)
    assert count() == (1, 1)


@pytest.mark.parametrize(
    ("order", "changes", "code"),
    [
        ("JO/TIDAK/ADA", {}, "order.unknown"), (ORDER, {"agency": "contoh-lain"}, "order.other_agency"),
        (ORDER, {"country_id": "HKG"}, "order.other_country"), (ORDER, {"employer": "hk-wing"}, "order.other_employer"),
    ],
)  # fmt: skip
def test_no_agreement_on_an_order_that_is_not_the_journeys_own(order: str, changes: dict[str, Any], code: str):
    parties()
    permitted(ORDER)
    with pytest.raises(Refused) as refused:
        signed(signing(order, **changes))
    assert (refused.value.code, count()) == (code, (0, 0))


def test_the_place_follows_when_the_job_order_is_named_or_changed_after_the_agreement():
    parties()
    permitted(ORDER, places=3)
    permitted("JO/TPE/2", places=3)
    journey = signing("")
    signed(journey)
    assert count() == (0, 0), "no order is named yet: the gate will ask for one"
    for order, expected in ((ORDER, [(1, 1), (0, 0)]), ("JO/TPE/2", [(0, 0), (1, 1)]), ("", [(0, 0), (0, 0)])):
        with acting(actor("dinas")):
            version = Journey.objects.get(pk=journey).version
            aim_journey(journey_id=journey, version=version, aim=Aim("TWN", "contoh-jaya", "tw-yuehai", order))
        assert [count(ORDER), count("JO/TPE/2")] == expected


def test_sixteen_at_once_with_double_clicks_sign_for_no_more_places_than_there_are():
    parties()
    permitted(ORDER, places=5)
    journeys = [signing() for _ in range(16)]
    gate, said = threading.Barrier(16), []
    officer = actor("dinas")

    def press(journey: UUID) -> None:
        gate.wait(20)
        for _ in range(2):  # a double click
            try:
                with acting(officer):
                    do_step(journey_id=journey, step=AGREEMENT, version=1, once=f"k{journey}")
                said.append((journey, "signed"))
            except Refused as refusal:
                said.append((journey, refusal.code))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(closing(press), journeys))
    connections.close_all()
    got = {journey for journey, word in said if word == "signed"}
    assert len(got) == 5 and {word for journey, word in said if journey not in got} == {"order_full"}
    assert all({word for one, word in said if one == journey} == {"signed"} for journey in got), "a double click is answered alike"
    assert count() == (5, 5)
    assert set(TakenPlace.objects.values_list("holder", flat=True)) == got
