"""Many at the gate at once: one decision stands, the others are told which; a double click does nothing twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from selaras.ground.act import Refused
from selaras.ground.scope import Actor, acting
from selaras.people.models import JourneyStep
from selaras.place.actions.appeals import appeal
from selaras.place.actions.gate import confirm_allow, decide
from selaras.place.models import Appeal, Decision
from tests.access.visitors import lines
from tests.cast import actor
from tests.market.demand import parties, permitted
from tests.place.standing import WHY, before_gate, decided, fact, second

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def _market(committed: None) -> None:
    parties()
    permitted()


def at_once(calls: list[tuple[Actor, Any]]) -> Counter[str]:
    """Let everybody press at the same moment; give how often each answer came."""

    def go(call: tuple[Actor, Any]) -> str:
        try:
            with acting(call[0]):
                return "again" if call[1]().again else "done"
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(go, calls))


def test_two_officers_at_once_make_one_decision_and_the_other_is_told():
    journey, one, other = before_gate(), actor("bp3mi"), second()
    press = [(who, lambda: decide(journey_id=journey, decision="allow", justification=WHY, version=0)) for who in (one, other) * 4]
    assert at_once(press) == {"done": 1, "decided_meanwhile": 7}
    with acting(actor("reviewer")):
        assert Decision.objects.filter(journey_id=journey).count() == 1
        assert JourneyStep.objects.filter(journey_id=journey, step="gate", state="done").count() == 1
    assert [line[3] for line in lines("place.decide")].count("done") == 1


def test_double_clicks_on_many_journeys_lose_and_double_nothing():
    journeys = [before_gate() for _ in range(8)]
    press = [
        (actor("bp3mi"), lambda j=j: decide(journey_id=j, decision="allow", justification=WHY, version=0, once=f"key-{j}"))
        for j in journeys
        for _ in range(2)
    ]
    assert at_once(press) == {"done": 8, "again": 8}
    with acting(actor("reviewer")):
        assert sorted(Decision.objects.values_list("journey_id", "turn", "state")) == sorted((j, 1, "standing") for j in journeys)


def test_two_second_officers_at_once_confirm_once():
    journey = before_gate(without=("visa",))
    decided(journey, "hold")
    with acting(actor("reviewer")):
        fact(JourneyStep.objects.filter(journey_id=journey).first().journey, "visa")
    proposed = decided(journey, "allow")
    other = second()
    press = [(other, lambda n=n: confirm_allow(decision_id=proposed.decision_id, justification=WHY, once=f"k{n}")) for n in (1, 1, 2, 3)]
    seen = at_once(press)
    assert seen["done"] == 1 and seen["done"] + seen["again"] + seen["decided_meanwhile"] == 4, seen
    with acting(actor("reviewer")):
        assert Decision.objects.filter(journey_id=journey, state="standing").count() == 1


def test_one_appeal_however_often_it_is_sent():
    journey = before_gate(without=("visa",))
    held = decided(journey, "hold")
    press = [(actor("village"), lambda n=n: appeal(decision_id=held.decision_id, words="Visa sudah ada", once=f"k{n}")) for n in (1, 1, 1, 2)]
    seen = at_once(press)
    assert seen["done"] == 1 and seen["appeal_waits"] + seen["again"] == 3, seen
    with acting(actor("reviewer")):
        assert Appeal.objects.count() == 1
