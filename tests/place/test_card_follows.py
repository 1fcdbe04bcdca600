"""The card follows the journey: who does not leave, or leaves for another country, has no card that still verifies."""

from typing import Any

import pytest

from selaras.engines.passes.verifying import GOOD
from selaras.ground.scope import acting
from selaras.people.actions.aiming import aim_journey
from selaras.people.actions.journeys import Aim
from selaras.people.actions.steps import fail_journey, refuse_step, return_step, withdraw_journey
from selaras.people.models import Journey
from selaras.place.models import Pass
from selaras.place.queries.verifying import check_shown
from tests.cast import actor
from tests.place.test_passes import at_card, codes, issued, states, token_of

pytestmark = pytest.mark.usefixtures("committed")


def done(verb: Any, journey: Any, **more: Any) -> None:
    with acting(actor("bp3mi")):
        verb(journey_id=journey, version=Journey.objects.get(pk=journey).version, **more)


def reason(journey: Any) -> tuple[str, str]:
    with acting(actor("bp3mi")):
        return Pass.objects.filter(journey_id=journey).values_list("state", "reason").latest("at")


@pytest.mark.parametrize("verb", [withdraw_journey, fail_journey])
def test_a_journey_that_ends_before_she_left_ends_its_card(verb: Any):
    journey = at_card()
    token = token_of(issued(journey))
    assert check_shown(token).outcome == GOOD
    done(verb, journey, reason="uji coba")
    assert codes(check_shown(token)) == ["pass.revoked"] and reason(journey) == ("revoked", "not_leaving")


def test_a_journey_that_an_office_refused_ends_its_card():
    journey = at_card()
    token = token_of(issued(journey))
    with acting(actor("bp3mi")):
        now = next(s for s in Journey.objects.get(pk=journey).steps.filter(state="now") if "bp3mi_officer" in s.waits_for)
    done(refuse_step, journey, step=now.step, reason="uji coba")
    assert codes(check_shown(token)) == ["pass.revoked"]


def test_a_step_that_is_given_back_takes_the_card_with_it_and_another_is_issued():
    journey = at_card()
    token = token_of(issued(journey))
    done(return_step, journey, step="card", reason="nama belum betul")
    assert codes(check_shown(token)) == ["pass.revoked"] and states(journey) == ["returned", "now"]
    assert check_shown(token_of(issued(journey))).outcome == GOOD


def test_a_journey_to_another_country_asks_for_another_card_and_to_the_same_keeps_it():
    journey = at_card("self_placed", agency="", employer="", job_order="")
    token = token_of(issued(journey))
    done(aim_journey, journey, aim=Aim("TWN"))
    assert check_shown(token).outcome == GOOD
    done(aim_journey, journey, aim=Aim("HKG"))
    assert codes(check_shown(token)) == ["pass.revoked"] and states(journey) == ["returned", "now"]
