"""A few hundred random journeys in the register: what the room judges by its own tables is what the independent checker says."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from selaras.ground.scope import acting
from selaras.place.models import Condition
from tests.cast import actor
from tests.market.demand import attested, parties, permitted
from tests.place.checker import check
from tests.place.made import SCHEMES, kinds_of
from tests.place.standing import fact, journey_of, looked, step, woman

pytestmark = pytest.mark.usefixtures("committed")
MET, NOT_MET, NOT_YET = "met", "not_met", "not_yet"
# What the market holds, and what a gate must answer for it.
AGENCIES = {"contoh-jaya": MET, "": NOT_MET, "tak-dikenal": NOT_MET}
ORDERS = {"JO/TPE/1": (MET, MET), "JO/TPE/2": (MET, NOT_MET), "": (NOT_MET, NOT_MET), "JO/0": (NOT_MET, NOT_MET)}
EMPLOYERS = {"tw-yuehai": (MET, False), "tw-household-1": (NOT_MET, True), "": (NOT_YET, None)}


def random_one(seed: int) -> tuple[UUID, dict[str, Any]]:
    """Enter a random journey, and say of it as a plain dictionary what was entered."""
    dice, today = Random(seed), timezone.localdate()
    scheme = dice.choice(SCHEMES)
    started = today - timedelta(90)
    calm = dice.choice([1, 1, 100])  # of three one is nearly whole
    born = dice.choice([today.replace(year=1998, day=1)] * 4 * calm + [today.replace(year=today.year - 18, day=1), today.replace(year=2009, day=1), None])
    precision = dice.choice(["day"] * 2 + ["month", "year"])
    agency = dice.choice(["contoh-jaya"] * 4 * calm + list(AGENCIES))
    order = dice.choice(["JO/TPE/1"] * 4 * calm + list(ORDERS))
    employer = dice.choice(["tw-yuehai"] * 4 * calm + list(EMPLOYERS))
    journey = journey_of(
        woman(born, precision), scheme, started, agency=agency, job_order=order, employer=employer, state="finished", ended_on=today
    )
    made: dict[str, Any] = {
        "scheme": scheme, "started": started, "today": today, "birth": born, "precision": precision, "papers": [], "used": {}, "conditions": {},
    }  # fmt: skip
    for kind in kinds_of(scheme, started):
        for _ in range(dice.choice([1] * 12 * calm + [0, 2])):
            issued = today - timedelta(dice.choice([10, 10] * calm + [60, 200]))
            until = dice.choice([None] * 3 * calm + [today + timedelta(5), today - timedelta(1)])
            told = {
                "journey": dice.random() < (0.9 if calm == 1 else 1), "value": dice.choice(["", "fit"] * 5 * calm + ["unfit"]),
                "verdict": dice.choice(["verified"] * 15 * calm + ["stated", "refused", "unverifiable"]),
            }  # fmt: skip
            fact(journey, kind, of_journey=told["journey"], verdict=told["verdict"], issued_on=issued, valid_until=until, value=told["value"])
            made["papers"].append({"kind": kind, "issued": issued, "until": until, **told})
    passed = {name: dice.random() < (0.9 if calm == 1 else 1) for name in ("register", "opp")}
    for name in (n for n, done in passed.items() if done):
        step(journey, name, "done", today - timedelta(5))
    for name in ("visa_required", "seafarer_id_required"):
        if scheme.startswith("crew") and (said := dice.choice([True] * calm + [False, None])) is not None:
            who = {"by": "test", "by_name": "Uji", "at": timezone.now(), "words": "uji saja"}
            Condition.objects.create(journey=journey, person_id=journey.person_id, name=name, holds=said, **who)
            made["conditions"][name] = said
    household = EMPLOYERS[employer][1]
    if household is None and order in ("JO/TPE/1", "JO/TPE/2"):
        household = False  # the order's own employer is a company
    if household is not None:
        made["conditions"]["employer_individual"] = household
    current, permit = ORDERS[order] if agency == "contoh-jaya" else (NOT_MET, NOT_MET)
    current = NOT_MET if employer not in ("", "tw-yuehai") else current  # the order is another employer's
    made["told"] = {
        "agency_licensed": AGENCIES[agency], "job_order_current": current, "sip2mi_active": permit,
        "employer_legal_entity": EMPLOYERS[employer][0], "country_open": MET, "job_open": MET,
        "partner_named": NOT_MET if order in ("JO/TPE/1", "JO/TPE/2") else NOT_YET,
        "registered": MET if passed["register"] else NOT_MET, "opp_done": MET if passed["opp"] else NOT_MET,
    }  # fmt: skip
    # that Taiwan is open rests on no written decision: shown, and decides nothing
    made["told"] = {test: {"value": value, "unsure": test in ("country_open", "job_open")} for test, value in made["told"].items()}
    return journey.id, made


def test_three_hundred_random_journeys_in_the_register_agree_with_the_checker():
    parties()
    permitted()
    attested("JO/TPE/2", once="two")
    allowed = 0
    with acting(actor("reviewer")):
        made = [random_one(seed) for seed in range(300)]
    for journey, told in made:
        expected, found = check(told), looked(journey)
        assert {line["rule"]: line["value"] for line in found.lines} == expected["values"], told
        assert found.may_allow == expected["allow"]
        assert found.may_hold != expected["allow"]
        assert sorted(line["rule"] for line in found.reasons) == expected["reasons"]
        allowed += expected["allow"]
    assert 20 < allowed < 280
