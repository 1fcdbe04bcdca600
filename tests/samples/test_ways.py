"""The demo's people on their way: each at her own step, by the verbs of the cast, once however often they are entered."""

import pytest

from selaras.ground.act import as_job
from selaras.market.queries.orders import job_order
from selaras.people.models import Fact, Journey, JourneyStep, Person
from selaras.samples.enter import enter_cast
from selaras.samples.market import enter_market
from selaras.samples.ways import WAYS, enter_ways

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


def test_each_stands_where_she_should_and_is_entered_once():
    enter_cast()
    enter_market()
    assert enter_ways() == enter_ways() == len(WAYS)
    with as_job("setup"):
        assert Person.objects.count() == Journey.objects.count() == len(WAYS)
        for way in WAYS:
            journey = Journey.objects.get(person__name=way.name)
            waiting = set(JourneyStep.objects.filter(journey=journey, state="now").values_list("step", flat=True))
            assert journey.state == ("withdrawn" if way.withdrawn else "open"), way.name
            assert way.withdrawn or (way.given_back or way.stands_at) in waiting, way.name
        assert not Fact.objects.filter(verdict="refused").exists()
        order = job_order("CONTOH-JO/TWN/TW-YUEHAI/1")
        assert order is not None and order.taken == 5, "four of the sample, and Rusminah, who signed her placement agreement"
        assert "abroad:TWN" in Person.objects.get(name="Darnati binti Waslim").reach, "her mission sees her"
