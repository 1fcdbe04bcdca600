"""Where a journey leads is said as it becomes known, by whoever has it in reach, until the gate has been passed."""

import pytest
from django.urls import reverse

from selaras.ground.act import Refused
from selaras.ground.scope import acting
from selaras.people.actions.aiming import aim_journey
from selaras.people.actions.journeys import Aim
from selaras.people.actions.stepping import MovedOn
from selaras.people.models import JourneyStep
from tests.cast import actor
from tests.doors.test_people_pages import browser, text
from tests.market.demand import parties
from tests.people.journeying import begun, looked

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def _parties(committed: None) -> None:
    parties()


def test_an_aim_is_written_down_and_the_agency_that_is_named_sees_her():
    journey = begun()
    aim = Aim("twn", "contoh-jaya", "tw-yuehai", " JO/TPE/1 ")
    with acting(actor("dinas")):
        done = aim_journey(journey_id=journey.journey_id, version=1, aim=aim, once="k")
        again = aim_journey(journey_id=journey.journey_id, version=1, aim=aim, once="k")
        with pytest.raises(MovedOn) as late:
            aim_journey(journey_id=journey.journey_id, version=1, aim=Aim())
    assert (done.version, again.again, late.value.params["what"]) == (2, True, "aim_journey")
    view = looked(journey.journey_id, "agency")
    assert (view.country, view.agency, view.employer, view.job_order) == ("TWN", "contoh-jaya", "tw-yuehai", "JO/TPE/1")


@pytest.mark.parametrize(
    ("scheme", "aim", "code"),
    [
        ("p_to_p", Aim("ZZZ"), "unknown_country"), ("g_to_g_korea", Aim("TWN"), "country_not_in_scheme"),
        ("g_to_g_korea", Aim("KOR", "contoh-jaya"), "no_agency_here"), ("p_to_p", Aim("TWN", "tak-ada"), "unknown_party"),
        ("p_to_p", Aim("TWN", employer="tak-ada"), "unknown_party"),
    ],
)  # fmt: skip
def test_what_has_no_place_in_the_scheme_is_refused(scheme: str, aim: Aim, code: str):
    journey = begun(scheme)
    with acting(actor("dinas")), pytest.raises(Refused) as refused:
        aim_journey(journey_id=journey.journey_id, version=1, aim=aim)
    assert refused.value.code == code


def test_who_has_passed_the_gate_keeps_her_aim():
    journey = begun()
    with acting(actor("reviewer")):
        JourneyStep.objects.create(
            journey_id=journey.journey_id, person_id=journey.person_id, step="gate", state="done", waits_for=["bp3mi_officer"],
            since="2026-01-01", done_on="2026-01-01",
        )  # fmt: skip
    with acting(actor("dinas")), pytest.raises(Refused) as passed:
        aim_journey(journey_id=journey.journey_id, version=1, aim=Aim("TWN"))
    assert passed.value.code == "later_step_done"


def test_the_page_takes_it_and_keeps_what_was_typed():
    journey = begun()
    client = browser("dinas")
    page = client.get(reverse("journey", args=[journey.journey_id]))
    lead = reverse("journey_lead", args=[journey.journey_id])
    assert lead in text(page) and "Yuehai Precision" in text(client.get(lead))
    sent = {"version": 1, "once": "k", "country": "TWN", "agency": "contoh-jaya", "employer": "tw-yuehai", "job_order": "JO/TPE/1"}
    assert "JO/TPE/1" in text(client.post(lead, sent, follow=True))
    late = client.post(lead, sent | {"once": "other", "job_order": "JO/9"})
    assert late.status_code == 409 and "was quicker and said where the journey leads" in text(late) and "JO/9" in text(late)
