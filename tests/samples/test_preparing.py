"""The demo's villages and desks have begun something on each list, once however often it is entered."""

import pytest

from selaras.ground.act import as_job
from selaras.prepare.models import Attendance, CreditRequest, Enrolment, Movement, Outreach, Signal
from selaras.samples.enter import enter_cast
from selaras.samples.market import enter_market
from selaras.samples.preparing import enter_preparing
from selaras.samples.ways import enter_ways

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


def test_each_list_holds_one_and_entering_again_adds_none():
    enter_cast()
    enter_market()
    enter_ways()
    enter_preparing()
    enter_preparing()
    with as_job("setup"):
        for model in (Outreach, Attendance, Signal, Movement, Enrolment, CreditRequest):
            assert model.objects.count() == 1, model.__name__
