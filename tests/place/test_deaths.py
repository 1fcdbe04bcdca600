"""A return whose cause is her death: the register learns the day, what death ends is ended, and all of it is undone with the report."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.actions.facts import Scan
from selaras.people.actions.signing_in import ask_code, enter_code
from selaras.people.faults import Unfit
from selaras.people.models import Event, Journey, JourneyStep, Person, SignInPhone
from selaras.people.queries.accounts import sessions_of
from selaras.place.actions.abroad import (
    change_employer,
    correct_report,
    report_arrival,
    report_return,
    take_back_report,
)
from selaras.place.queries.abroad import see_after
from tests.cast import WORKER_PHONE, actor, last_code
from tests.market.demand import EMPLOYER, HOUSEHOLD, parties
from tests.people.journeying import PDF
from tests.place.test_abroad import ARRIVED, LEFT, abroad, she, stays, steps

pytestmark = pytest.mark.usefixtures("committed")
DIED, HOME = date(2026, 11, 2), date(2026, 11, 8)


def person_of(journey: UUID) -> Person:
    """Give her record as it stands."""
    with acting(actor("reviewer")):
        return Journey.objects.select_related("person").get(pk=journey).person


def state(journey: UUID) -> tuple[str, date | None]:
    """Give how a journey stands, and since when it ended."""
    with acting(actor("reviewer")):
        return Journey.objects.values_list("state", "ended_on").get(pk=journey)


def died(journey: UUID, **changes: Any) -> UUID:
    """Report as the mission that she came home dead."""
    with acting(actor("taipei")):
        return report_return(**({"journey_id": journey, "cause": "death", "on": HOME, "died_on": DIED} | changes)).report_id


def faults(verb: Any, **told: Any) -> list[tuple[str, str]]:
    """Give the faults with which a verb refuses what it is told."""
    with acting(actor("taipei")), pytest.raises(Unfit) as unfit:
        verb(**told)
    return [(fault.field, fault.code) for fault in unfit.value.faults]


def test_the_register_learns_the_day_her_journeys_end_and_she_signs_in_no_more():
    journey = abroad()
    hers = she(journey)
    with acting(actor("reviewer")):
        phone = SignInPhone.objects.get(account_id=hers.id)
    assert sessions_of(phone.account_id, phone.pk) >= 0
    with acting(actor("taipei")):
        report_arrival(journey_id=journey, on=ARRIVED, country="TWN")
        row = died(journey)
        page = see_after(journey)
    assert [(line.kind, line.died_on, line.may_amend) for line in page.lines[:1]] == [("return", DIED, True)] and page.died and not page.open
    assert person_of(journey).died_on == DIED and state(journey) == ("died", DIED)
    assert set(steps(journey).values()) == {"done"}, "nobody waits for her at a step"
    with acting(actor("reviewer")):
        told = Event.objects.filter(person_id=person_of(journey).pk, kind="corrected").latest("at")
        assert told.actor == actor("taipei").address, "the mission's officer is the source"
    assert sessions_of(phone.account_id, phone.pk) == -1, "a session that is open ends"
    with as_job("sign_in"):
        code = ask_code(phone=WORKER_PHONE)
        assert enter_code(code_id=code, code=last_code()) is None, "and no other is opened"
    with acting(actor("taipei")):
        take_back_report(report_id=row, reason="Orang lain dengan nama yang sama")
        page = see_after(journey)
    assert person_of(journey).died_on is None and state(journey) == ("open", None) and not page.died
    assert steps(journey)["return"] == "now" and sessions_of(phone.account_id, phone.pk) >= 0
    assert stays(journey) == [("TWN", "worker", "report", ARRIVED, None)]


def test_a_day_that_cannot_be_is_refused_and_what_the_register_knows_stands():
    journey = abroad()
    told: dict[str, Any] = {"journey_id": journey, "cause": "death", "on": HOME}
    assert faults(report_return, **told, died_on=HOME + timedelta(1)) == [("died_on", "died_after_return")]
    assert faults(report_return, **told, died_on=LEFT - timedelta(1)) == [("died_on", "died_before_leaving")]
    assert faults(report_return, **told | {"cause": "leave"}, died_on=DIED) == [("died_on", "only_with_death")]
    assert person_of(journey).died_on is None and state(journey)[0] == "open"
    her = person_of(journey)
    with acting(actor("taipei")):
        correct(person_id=her.pk, version=her.version, changes={"died_on": DIED}, reason="akta kematian")
    assert state(journey) == ("died", DIED), "whoever writes the day down, her journeys end"
    assert faults(report_return, **told, died_on=DIED + timedelta(1)) == [("died_on", "died_otherwise")]
    row = died(journey, died_on=None)
    with acting(actor("taipei")):
        take_back_report(report_id=row, reason="Salah berkas")
    assert person_of(journey).died_on == DIED, "the day came from elsewhere and stays"
    with acting(actor("taipei")):
        her = person_of(journey)
        correct(person_id=her.pk, version=her.version, changes={"died_on": None}, reason="keliru")
    assert state(journey) == ("open", None)


def test_a_report_corrected_from_death_to_another_cause_takes_the_death_back_and_the_other_way_round():
    journey = abroad()
    with acting(actor("taipei")):
        row = died(journey, died_on=None)
        assert person_of(journey).died_on == HOME, "unless it is told it is the day of the return"
        told = {"reason": "Salah pilih", "on": HOME}
        row = correct_report(report_id=row, cause="leave", **told).report_id
        assert (person_of(journey).died_on, state(journey)[0]) == (None, "open")
        row = correct_report(report_id=row, cause="death", died_on=DIED, **told).report_id
        assert (person_of(journey).died_on, state(journey)) == (DIED, ("died", DIED))
        correct_report(report_id=row, cause="death", died_on=DIED - timedelta(1), **told)
        assert (person_of(journey).died_on, state(journey)) == (DIED - timedelta(1), ("died", DIED - timedelta(1)))


def test_an_arrival_that_nobody_reported_is_passed_with_the_return_and_says_so():
    journey = abroad()
    with acting(actor("taipei")):
        row = report_return(journey_id=journey, cause="leave", on=HOME)
        assert row.step_done and see_after(journey).due is None, "its clock runs no more"
    with acting(actor("reviewer")):
        step = JourneyStep.objects.get(journey_id=journey, step="arrive")
        assert (step.state, step.reason, step.done_on) == ("skipped", "arrival_unreported", HOME)
    with acting(actor("taipei")):
        take_back_report(report_id=row.report_id, reason="Belum pulang")
    with acting(actor("reviewer")):
        now = set(JourneyStep.objects.filter(journey_id=journey, state="now").values_list("step", flat=True))
        assert "arrive" in now and "return" not in now
    with acting(actor("taipei")):
        report_return(journey_id=journey, cause="leave", on=HOME)
        assert report_arrival(journey_id=journey, on=ARRIVED, country="TWN").step_done, "told late it takes the place of the note"
    with acting(actor("reviewer")):
        assert JourneyStep.objects.filter(journey_id=journey, step="arrive").latest("id").state == "done"


def test_a_new_employer_is_one_of_the_register_or_a_name():
    parties()
    journey = abroad()
    more: dict[str, Any] = {"journey_id": journey, "place": "", "consented": True, "on": ARRIVED}
    with acting(actor("taipei")):
        report_arrival(journey_id=journey, on=ARRIVED, country="TWN")
    assert faults(change_employer, **more, party="tidak-ada", scan=Scan([PDF], "k.pdf")) == [("party", "unknown_party")]
    assert faults(change_employer, **more, party=HOUSEHOLD, scan=Scan([PDF], "k.pdf")) == [("employer", "employer_missing")]
    with acting(actor("taipei")):
        row = change_employer(**more, party=EMPLOYER, scan=Scan([PDF], "k.pdf"))
        page = see_after(journey)
        assert page.employer is not None and page.employer.party is not None
        assert (page.employer.name, page.employer.party.key) == (page.employer.party.name, EMPLOYER)
        correct_report(report_id=row.report_id, reason="Bukan itu", on=ARRIVED, employer="Keluarga Chen", place="Taoyuan")
        page = see_after(journey)
        assert page.employer is not None and (page.employer.name, page.employer.party) == ("Keluarga Chen", None)
