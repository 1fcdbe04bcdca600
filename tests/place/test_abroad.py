"""After departure: an arrival, a new employer, a return with its cause; where she is follows, each is kept once, the step where the law lets it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import Actor, acting
from selaras.law.load import law
from selaras.people.actions.facts import Scan
from selaras.people.actions.stepping import NotYet
from selaras.people.actions.steps import do_step
from selaras.people.faults import Unfit
from selaras.people.models import Fact, Journey, JourneyStep, Presence
from selaras.people.queries.herself import see_herself
from selaras.people.queries.rows import rows_of
from selaras.place.actions.abroad import change_employer, report_arrival, report_return, tell_employer
from selaras.place.actions.contracts import extend_contract
from selaras.place.models import Report
from selaras.place.queries.abroad import months_added, see_after
from tests.cast import actor, enrolled
from tests.people.journeying import PDF, closing
from tests.place.standing import HERE, fact, journey_of, step, woman
from tests.place.test_contracts import stated, wrote

pytestmark = pytest.mark.usefixtures("committed")
LEFT = date(2026, 10, 1)
ARRIVED = date(2026, 10, 3)


def abroad(scheme: str = "p_to_p", *, left: bool = True, **changes: Any) -> UUID:
    """Enter a journey of somebody who has left for Taiwan, and whose mission sees her."""
    with acting(actor("reviewer")):
        her = woman()
        her.reach = [*HERE, "abroad:TWN", f"person:{her.id}"]
        her.save(update_fields=["reach"])
        journey = journey_of(her, scheme, date(2026, 6, 1), agency="", employer="", job_order="", **changes)
        if left:
            step(journey, "depart", "done", LEFT)
            step(journey, "arrive", "now", LEFT)
            JourneyStep.objects.filter(journey=journey, step="arrive").update(due=LEFT + timedelta(30), waits_for=["worker"])
        return journey.id


def she(journey: UUID) -> Actor:
    """Give the actor that the worker of a journey is."""
    with acting(actor("reviewer")):
        person = Journey.objects.get(pk=journey).person_id
    return enrolled(person)


def stays(journey: UUID) -> list[tuple[str, str, str, date | None, date | None]]:
    with acting(actor("reviewer")):
        rows = Presence.objects.filter(person_id=Journey.objects.get(pk=journey).person_id).order_by("since", "id")
        return [(r.country_id, r.capacity, r.kind, r.since, r.until) for r in rows]


def steps(journey: UUID) -> dict[str, str]:
    with acting(actor("reviewer")):
        return dict(JourneyStep.objects.filter(journey_id=journey).values_list("step", "state"))


def test_she_reports_her_arrival_herself_and_is_in_that_country_from_that_day():
    journey = abroad()
    with acting(she(journey)):
        done = report_arrival(journey_id=journey, on=ARRIVED, words="Dijemput majikan", once="k")
        again = report_arrival(journey_id=journey, on=ARRIVED, once="k")
        later = report_arrival(journey_id=journey, on=ARRIVED, country="TWN")
        assert (done.step_done, again.again, later.again, later.report_id) == (True, True, True, done.report_id)
        for other in ({"on": ARRIVED + timedelta(9)}, {"on": ARRIVED, "country": "HKG"}, {"on": ARRIVED, "words": "Sakit"}):
            with pytest.raises(Refused) as refused:
                report_arrival(journey_id=journey, **other)
            assert (refused.value.code, refused.value.params["on"]) == ("reported_already", ARRIVED), "what differs is not lost silently"
        page = see_after(journey)
        assert [(line.kind, line.on, line.words) for line in page.lines] == [("arrival", ARRIVED, "Dijemput majikan")]
        assert see_herself(page.person_id).country == "TWN"
    assert stays(journey) == [("TWN", "worker", "report", ARRIVED, None)]
    assert steps(journey)["arrive"] == "done" and steps(journey)["return"] == "now"
    with acting(actor("reviewer")):
        assert Fact.objects.get(journey_id=journey, kind="arrival_report").added_by_name.startswith("Siti")


def test_what_she_tells_is_kept_though_nobody_wrote_down_that_she_left_and_the_step_follows_later():
    journey = abroad(left=False)
    with acting(she(journey)):
        assert report_arrival(journey_id=journey, on=ARRIVED).step_done is False
    assert stays(journey) == [("TWN", "worker", "report", ARRIVED, None)] and "arrive" not in steps(journey)
    with acting(actor("reviewer")):
        row = Journey.objects.get(pk=journey)
        step(row, "depart", "done", LEFT)
        step(row, "arrive", "now", LEFT)
    with acting(actor("taipei")):
        do_step(journey_id=journey, step="arrive", version=1)
    assert steps(journey)["arrive"] == "done", "her report is the paper that the step asks for"
    assert len(stays(journey)) == 1, "and she is not counted twice"


def test_a_step_done_by_an_officer_moves_where_she_is_just_as_well():
    journey = abroad()
    with acting(actor("reviewer")):
        row = Journey.objects.get(pk=journey)
        for kind in ("arrival_report", "return_record"):
            fact(row, kind, issued_on=ARRIVED)
    with acting(actor("taipei")):
        version = do_step(journey_id=journey, step="arrive", version=1, on=ARRIVED).version
        do_step(journey_id=journey, step="return", version=version, on=date(2026, 11, 1))
    assert stays(journey) == [
        ("TWN", "worker", "report", ARRIVED, date(2026, 11, 1)), ("TWN", "worker", "return", date(2026, 11, 1), date(2026, 11, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize("cause", [row.id for row in law().causes_on(ARRIVED)])
def test_a_return_closes_her_stay_with_one_of_the_nine_causes(cause: str):
    journey = abroad()
    day = date(2026, 11, 5)
    with acting(actor("taipei")):
        report_arrival(journey_id=journey, on=ARRIVED, country="TWN", district="TWN-TAIPEI")
        done = report_return(journey_id=journey, cause=cause, on=day, words="uji")
        page = see_after(journey)
    assert done.step_done and steps(journey)["return"] == "done"
    home = page.last("return")
    assert home is not None and home.cause is not None and (home.cause.id, home.cause.basis[:9]) == (cause, "UU18:27(1")
    assert [row[3:] for row in stays(journey)] == [(ARRIVED, day), (day, day)]
    with acting(actor("dinas")):
        assert see_herself(page.person_id).country == "" and rows_of([page.person_id])[0].country == ""


def test_what_cannot_be_is_refused_with_its_reason():
    journey = abroad()
    hers, today = she(journey), timezone.localdate()
    with acting(hers):
        for day, code in ((today + timedelta(1), "day_to_come"), (LEFT - timedelta(1), "day_before_its_turn")):
            with pytest.raises(Refused) as refused:
                report_arrival(journey_id=journey, on=day)
            assert refused.value.code == code
        for changes, field, code in (({"country": "ZZZ"}, "country", "unknown_country"), ({"district": "HKG-HONGKONG"}, "country", "unknown_district")):
            with pytest.raises(Unfit) as unfit:
                report_arrival(journey_id=journey, on=ARRIVED, **changes)
            assert [(f.field, f.code) for f in unfit.value.faults] == [(field, code)]
        for cause in ("homesick", "death"):
            with pytest.raises(Unfit):
                report_return(journey_id=journey, cause=cause)
        with pytest.raises(Unfit):
            tell_employer(journey_id=journey, employer="  ")
        with pytest.raises(Refused) as role:
            change_employer(journey_id=journey, employer="X", place="", consented=True, scan=None)
        assert role.value.code == "not_your_role"
    with acting(actor("hongkong")), pytest.raises(NotThere):
        see_after(journey)
    with acting(actor("agency")), pytest.raises(Refused):
        see_after(journey)
    assert (stays(journey), steps(journey)["arrive"]) == ([], "now")


def test_a_new_employer_is_told_by_her_and_taken_up_by_the_mission_with_consent_and_contract():
    journey = abroad()
    with acting(she(journey)):
        report_arrival(journey_id=journey, on=ARRIVED)
        for _ in range(2):
            told = tell_employer(journey_id=journey, employer="Keluarga Chen", place="Taoyuan", on=date(2026, 11, 1), once="k")
        assert told.again and see_after(journey).lines[0].state == "told"
    more: dict[str, Any] = {"journey_id": journey, "employer": "Keluarga Chen", "place": "No. 5, Taoyuan", "on": date(2026, 11, 2)}
    with acting(actor("taipei")):
        with pytest.raises(Refused) as alone:
            change_employer(**more, consented=False, scan=Scan([PDF], "k.pdf"))
        assert (alone.value.code, alone.value.basis) == ("no_consent", "UU18:18")
        with pytest.raises(Unfit) as bare:
            change_employer(**more, consented=True, scan=None)
        assert [(f.field, f.code) for f in bare.value.faults] == [("file", "scan_missing")]
        first = change_employer(**more, consented=True, scan=Scan([PDF], "k.pdf"), once="m")
        again = change_employer(**more, consented=True, scan=Scan([PDF], "k.pdf"), once="m")
        second = change_employer(**more | {"employer": "PT Lain"}, consented=True, scan=Scan([PDF], "k.pdf"), once="n")
        lines = see_after(journey).lines
    assert (first.step_done, again.again, second.step_done) == (True, True, True), "it may be done more than once"
    assert {line.state for line in lines} == {"kept"} and [line.taken_up_by for line in lines if line.taken_up_by] == ["Tia di KDEI Taipei"]
    with acting(actor("reviewer")):
        assert Fact.objects.filter(journey_id=journey, kind="new_contract", file__isnull=False).count() == 2
        assert Report.objects.filter(journey_id=journey, kind="employer").count() == 3


def test_the_mission_changes_no_employer_before_she_has_arrived():
    journey = abroad()
    with acting(actor("taipei")), pytest.raises(NotYet) as early:
        change_employer(journey_id=journey, employer="X", place="", consented=True, scan=Scan([PDF], "k.pdf"))
    assert early.value.reasons[0].code == "step_before"
    with acting(actor("reviewer")):
        assert Report.objects.count() == 0


def test_an_extension_says_its_months_and_what_they_cost():
    journey = abroad()
    wrote(journey, "contract", stated(until=date(2026, 12, 31)))
    with acting(actor("taipei")):
        extend_contract(journey_id=journey, stated=stated(until=date(2027, 12, 31), wage=Decimal(30000)), consented=True)
        (one,) = see_after(journey).extensions
    assert (one.months, one.premium, one.basis) == (12, 12 * 13500, "PM4_23:18(3)")
    assert [months_added(date(2026, 1, 31), day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2025, 1, 1))] == [1, 2, 0]


def test_the_clock_of_thirty_days_runs_until_she_reports():
    journey = abroad()
    with acting(actor("taipei")):
        page = see_after(journey)
        assert (page.due, page.left_on, page.overdue) == (LEFT + timedelta(30), LEFT, LEFT + timedelta(30) < timezone.localdate())
        report_arrival(journey_id=journey, on=ARRIVED)
        assert see_after(journey).due is None


def test_two_at_once_report_one_arrival_and_one_return():
    journey = abroad()
    hers, mission = she(journey), actor("taipei")
    said: list[tuple[UUID, bool]] = []

    def press(n: int) -> None:
        with acting(hers if n % 2 else mission):
            told = report_arrival(journey_id=journey, on=ARRIVED)
            home = report_return(journey_id=journey, cause="leave", on=ARRIVED)
        said.extend([(told.report_id, told.again), (home.report_id, home.again)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(closing(press), range(8)))
    assert len(said) == 16 and len({one for one, _ in said}) == 2 and [again for _, again in said].count(False) == 2
    assert [row[2] for row in stays(journey)] == ["report", "return"]
