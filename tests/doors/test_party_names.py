"""A household is named by its place and a short sign wherever a party is named, and never by the code under which it is kept."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from selaras.doors.office.gate import words
from selaras.doors.office.journeys.forms import Lead
from selaras.doors.party_names import household, party_name
from selaras.ground.scope import acting
from selaras.people.queries.parties import party_by_key
from tests.cast import actor
from tests.doors.test_market_pages import browser, text
from tests.market.demand import EMPLOYER, HOUSEHOLD, PARTNER, asked, parties
from tests.place.standing import journey_of, step, woman

pytestmark = pytest.mark.usefixtures("committed")
NAME = "Household in Taiwan (1)"


def test_it_is_said_in_the_language_of_the_page():
    with translation.override("id"):
        assert household("HKG", "employer-0190aa3f2a") == "Rumah tangga di Hong Kong (3F2A)"
    with translation.override("en"):
        assert household("HKG", "employer-0190aa3f2a") == "Household in Hong Kong (3F2A)"


def test_every_page_names_a_household_alike_and_a_company_by_its_name():
    parties()
    order = asked(employer=HOUSEHOLD, job="elderly_carer", partner=PARTNER)
    client = browser("taipei")
    for url in (reverse("market_parties") + "?kind=employer", reverse("market_party", args=[HOUSEHOLD]), reverse("job_order", args=[order.pk])):
        shown = text(client.get(url))
        assert NAME in shown and "TWN 1" not in shown, url
    with acting(actor("reviewer")), translation.override("en"):
        line = party_by_key(EMPLOYER)
        assert line is not None and party_name(line) == "Yuehai Precision"
        offered = dict(Lead().fields["employer"].choices)
        assert offered[HOUSEHOLD] == NAME and offered[EMPLOYER] == "Yuehai Precision"
        journey = journey_of(woman(), "p_to_p", timezone.localdate() - timedelta(9), employer=HOUSEHOLD, job_order="")
        step(journey, "register", "done")
    assert NAME in text(browser("bp3mi").get(reverse("journey", args=[journey.pk])))


def test_the_gate_names_the_household_of_a_job_order_in_the_language_of_who_reads():
    line = {"code": "order.other_employer", "params": {"number": "JO/1", "employer": "TWN 1", "household": ["TWN", HOUSEHOLD]}}
    with translation.override("id"):
        assert words.reason(line, date(2026, 11, 1)).endswith("Rumah tangga di Taiwan (1).")
