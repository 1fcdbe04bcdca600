"""Reports after departure put right: corrected or taken back with a reason, done when a late departure comes, the employer in force."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from selaras.ground.act import Refused
from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan
from selaras.people.actions.steps import do_step
from selaras.people.faults import Unfit
from selaras.people.models import Event, Fact, Journey, JourneyStep
from selaras.people.queries.herself import see_herself
from selaras.place.actions.abroad import (
    change_employer,
    correct_report,
    report_arrival,
    report_return,
    take_back_report,
    tell_employer,
)
from selaras.place.actions.contracts import extend_contract
from selaras.place.queries.abroad import employer_now, see_after
from tests.cast import actor
from tests.people.journeying import PDF
from tests.place.standing import fact, step
from tests.place.test_abroad import ARRIVED, LEFT, abroad, she, stays, steps
from tests.place.test_contracts import stated, wrote

pytestmark = pytest.mark.usefixtures("committed")
HOME = date(2026, 11, 5)
WHY = "Salah tanggal"


def done_on(journey: UUID) -> dict[str, date | None]:
    """Give the day of each step that is done."""
    with acting(actor("reviewer")):
        return dict(JourneyStep.objects.filter(journey_id=journey, state="done").values_list("step", "done_on"))


def moved(journey: UUID, employer: str, on: date, who: str = "taipei") -> UUID:
    """Change her employer before the mission."""
    with acting(actor(who)):
        return change_employer(
            journey_id=journey, employer=employer, place="Taoyuan", consented=True, scan=Scan([PDF], "k.pdf"), on=on
        ).report_id


def arrived(journey: UUID) -> UUID:
    """Report her arrival as the mission."""
    with acting(actor("taipei")):
        return report_arrival(journey_id=journey, on=ARRIVED, country="TWN", district="TWN-TAIPEI").report_id


def refusal(verb: Any, **told: Any) -> str:
    """Give the code with which a verb is refused."""
    with pytest.raises(Refused) as refused:
        verb(**told)
    return refused.value.code


def test_an_arrival_is_corrected_with_its_stay_step_and_paper_and_the_first_word_stays():
    journey = abroad()
    row, day = arrived(journey), ARRIVED + timedelta(2)
    with acting(actor("taipei")):
        told = {"report_id": row, "reason": WHY, "on": day, "country": "TWN", "district": "TWN-TAIPEI"}
        assert refusal(correct_report, **told | {"reason": " "}) == "no_reason"
        assert refusal(correct_report, **told | {"on": ARRIVED}) == "nothing_to_correct"
        assert refusal(correct_report, **told | {"on": LEFT - timedelta(1)}) == "day_before_its_turn"
        made = correct_report(**told, once="c")
        assert correct_report(**told, once="c").again and refusal(correct_report, **told) == "report_ended"
        page = see_after(journey)
    assert [(line.on, line.kind) for line in page.lines] == [(day, "arrival")] and made.report_id == page.lines[0].id
    assert [(line.id, line.corrected, line.ended_why, line.ended_by) for line in page.past] == [(row, True, WHY, "Tia di KDEI Taipei")]
    assert stays(journey) == [("TWN", "worker", "report", day, None)] and done_on(journey)["arrive"] == day
    with acting(actor("reviewer")):
        papers = Fact.objects.filter(journey_id=journey, kind="arrival_report").order_by("id")
        assert [(p.issued_on, p.superseded_by_id is None) for p in papers] == [(ARRIVED, False), (day, True)]
        assert Event.objects.filter(person_id=page.person_id, kind="unsaid").count() == 1


def test_a_return_is_corrected_and_taken_back_and_she_is_abroad_again():
    journey = abroad()
    row = arrived(journey)
    with acting(actor("taipei")):
        home = report_return(journey_id=journey, cause="contract_end", on=HOME)
        assert report_return(journey_id=journey, cause="contract_end", on=HOME).again
        assert refusal(report_return, journey_id=journey, cause="war_disaster", on=HOME) == "reported_already"
        assert refusal(take_back_report, report_id=row, reason=WHY) == "later_report_stands"
        assert refusal(correct_report, report_id=row, reason=WHY, on=HOME + timedelta(1), country="TWN") == "day_after_the_next"
        told = correct_report(report_id=home.report_id, reason=WHY, on=HOME, cause="leave")
        line = see_after(journey).last("return")
        assert line is not None and line.cause is not None and line.cause.id == "leave"
        take_back_report(report_id=told.report_id, reason="Hanya berlibur")
        page = see_after(journey)
        assert [line.kind for line in page.lines] == ["arrival"] and [line.corrected for line in page.past].count(True) == 1
        assert see_herself(page.person_id).country == "TWN", "the stay that the return ended goes on"
    assert stays(journey) == [("TWN", "worker", "report", ARRIVED, None)] and steps(journey)["return"] == "now"
    with acting(actor("taipei")):
        assert report_return(journey_id=journey, cause="war_disaster", on=HOME).step_done, "and what is true can be reported"


def test_an_arrival_that_never_was_is_taken_back_and_reported_anew():
    journey = abroad()
    hers = she(journey)
    with acting(hers):
        row = report_arrival(journey_id=journey, on=ARRIVED).report_id
        take_back_report(report_id=row, reason="Belum tiba", once="t")
        assert take_back_report(report_id=row, reason="Belum tiba", once="t").again
        assert refusal(take_back_report, report_id=row, reason="Belum tiba") == "report_ended"
        assert see_after(journey).lines == () and see_herself(see_after(journey).person_id).country == ""
    assert stays(journey) == [] and steps(journey)["arrive"] == "now"
    with acting(hers):
        assert report_arrival(journey_id=journey, on=ARRIVED).step_done


def test_each_corrects_only_what_she_may():
    journey = abroad()
    hers = she(journey)
    row = arrived(journey)
    with acting(hers):
        assert refusal(take_back_report, report_id=row, reason=WHY) == "not_your_report", "what the mission wrote the mission corrects"
        assert [line.may_amend for line in see_after(journey).lines] == [False]
        told = tell_employer(journey_id=journey, employer="Chen", on=ARRIVED).report_id
    with acting(actor("bp3mi")):
        assert refusal(take_back_report, report_id=row, reason=WHY) == "not_your_report"
    with acting(actor("taipei")):
        assert refusal(correct_report, report_id=told, reason=WHY, on=ARRIVED, employer="X") == "not_your_report"
    with acting(hers):
        correct_report(report_id=told, reason=WHY, on=ARRIVED, employer="Keluarga Chen")
        assert [line.employer for line in see_after(journey).lines if line.kind == "employer"] == ["Keluarga Chen"]
    with acting(actor("agency")):
        assert refusal(take_back_report, report_id=row, reason=WHY) == "not_your_role"


def test_what_was_reported_before_the_departure_was_written_down_is_done_with_it():
    journey = abroad(left=False)
    with acting(actor("reviewer")):
        row = Journey.objects.get(pk=journey)
        step(row, "gate", "done", LEFT)
        step(row, "depart", "now", LEFT)
        JourneyStep.objects.filter(journey=row, step="depart").update(waits_for=["bp3mi_officer"])
        fact(row, "departure_record", issued_on=LEFT)
    with acting(she(journey)):
        report_arrival(journey_id=journey, on=ARRIVED)
        assert report_return(journey_id=journey, cause="leave", on=HOME).step_done is False
    with acting(actor("bp3mi")):
        assert refusal(do_step, journey_id=journey, step="depart", version=1, on=HOME) == "left_after_report"
        do_step(journey_id=journey, step="depart", version=1, on=LEFT)
    assert done_on(journey) | {"gate": LEFT} == {"gate": LEFT, "depart": LEFT, "arrive": ARRIVED, "return": HOME}
    with acting(actor("reviewer")):
        assert JourneyStep.objects.get(journey_id=journey, step="arrive", state="done").by_name.startswith("Siti"), "it was she who told"
        assert JourneyStep.objects.get(journey_id=journey, step="home").state == "now"
    assert len(stays(journey)) == 2


def test_the_employer_in_force_follows_each_change_in_its_order():
    journey = abroad()
    wrote(journey, "contract", stated(until=date(2026, 12, 31)))
    with acting(actor("taipei")):
        first = employer_now(journey)
        assert first is not None and (first.name, first.changed) == (stated().employer, False)
    arrived(journey)
    with acting(she(journey)):
        tell_employer(journey_id=journey, employer="Bukan Ini", on=date(2026, 11, 15))
        assert employer_now(journey) == first, "what she tells is taken up by the mission first"
    row = moved(journey, "Keluarga Chen", date(2026, 11, 2))
    with acting(actor("taipei")):
        now = see_after(journey).employer
        assert now is not None and (now.name, now.place, now.since, now.changed) == ("Keluarga Chen", "Taoyuan", date(2026, 11, 2), True)
        assert refusal(do_step, journey_id=journey, step="change_employer", version=Journey.objects.get(pk=journey).version) == "employer_by_report"
    second = moved(journey, "PT Lain", date(2026, 11, 9))
    with acting(actor("taipei")):
        again = {"journey_id": journey, "place": "Taoyuan", "consented": True, "scan": None}
        assert change_employer(employer="PT Lain", on=date(2026, 11, 9), **again).again
        assert refusal(change_employer, employer="Lain Lagi", on=date(2026, 11, 8), **again) == "day_before_its_turn"
        assert refusal(change_employer, employer="Lain Lagi", on=ARRIVED - timedelta(1), **again) == "day_before_its_turn"
        assert refusal(correct_report, report_id=row, reason=WHY, on=date(2026, 11, 10), employer="Chen") == "day_after_the_next"
        correct_report(report_id=second, reason=WHY, on=date(2026, 11, 10), employer="PT Lain Jaya", place="Taoyuan")
        now = employer_now(journey)
        assert now is not None and (now.name, now.since) == ("PT Lain Jaya", date(2026, 11, 10))
        (line,) = [one for one in see_after(journey).lines if one.employer == "PT Lain Jaya"]
        take_back_report(report_id=line.id, reason=WHY)
        take_back_report(report_id=row, reason=WHY)
        assert employer_now(journey) == first, "and back to the one with whom she left"
        assert [one.state for one in see_after(journey).lines if one.employer == "Bukan Ini"] == ["told"], "her word waits again"


def test_an_extension_adds_its_months_does_its_step_and_stays_in_order():
    journey = abroad()
    wrote(journey, "contract", stated(until=date(2026, 12, 31)))
    arrived(journey)
    moved(journey, "Keluarga Chen", date(2026, 11, 2))
    with acting(actor("taipei")):
        more: dict[str, Any] = {"journey_id": journey, "consented": True, "scan": Scan([PDF], "p.pdf")}
        until = stated(until=date(2027, 6, 30), wage=Decimal(30000), signed_on=date(2020, 1, 1))
        with pytest.raises(Unfit) as early:
            extend_contract(stated=until, **more)
        assert [(f.field, f.code) for f in early.value.faults] == [("signed_on", "signed_before_the_other")]
        late = stated(until=date(2027, 6, 30), wage=Decimal(30000), signed_on=date(2026, 11, 12), employer="Keluarga Chen")
        extend_contract(stated=late, **more)
        page = see_after(journey)
    assert [(one.months, one.premium) for one in page.extensions] == [(6, 6 * 13500)]
    assert page.employer is not None and (page.employer.name, page.employer.since) == ("Keluarga Chen", date(2026, 11, 2))
    assert done_on(journey)["extend"] == date(2026, 11, 12)
