"""Documents of a journey: article 15 checked, versions, extension before the mission's officer, differences named and reported."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.faults import Unfit
from selaras.people.models import Journey, JourneyStep
from selaras.place.actions.contracts import Stated, extend_contract, report_difference, write_document
from selaras.place.models import Document, Finding
from selaras.place.queries.contracts import see_contracts
from tests.cast import actor
from tests.place.standing import HERE, journey_of, woman

pytestmark = pytest.mark.usefixtures("committed")

PLACE = "No. 123 Zhongshan Road, Taoyuan, Taiwan"


def on_her_way(scheme: str = "p_to_p", *, abroad: bool = False) -> UUID:
    """Enter a journey that is under way; of one who has left, her mission sees her."""
    with acting(actor("reviewer")):
        her = woman()
        if abroad:
            her.reach = [*HERE, "abroad:TWN"]
            her.save(update_fields=["reach"])
        journey = journey_of(her, scheme, timezone.localdate() - timedelta(90))
        if abroad:
            JourneyStep.objects.create(
                journey=journey, person=her, step="depart", state="done", waits_for=["worker"], since=date(2026, 10, 1), done_on=date(2026, 10, 1)
            )
        return journey.id


def stated(**changes: Any) -> Stated:
    """Make a sound contract for a factory worker in Taiwan."""
    said = {
        rule.id: "sebagaimana tertulis" for rule in law().terms_of("p_to_p", timezone.localdate() - timedelta(90))
        if rule.id not in ("employer_name", "employer_address", "job", "hours", "wage")
    }  # fmt: skip
    blank = Stated(
        signed_on=timezone.localdate() - timedelta(20), country="TWN", job="factory_worker", wage=Decimal("29500"), currency="TWD",
        hours=Decimal(40), employer="Yuehai Precision Co. Ltd.", place=PLACE, deductions={}, terms=said,
    )  # fmt: skip
    return replace(blank, **changes)


def wrote(journey: UUID, kind: str, told: Stated, who: str = "bp3mi", **more: Any) -> Any:
    with acting(actor(who)):
        return write_document(journey_id=journey, kind=kind, stated=told, **more)


def faults(journey: UUID, told: Stated) -> set[tuple[str, str]]:
    with pytest.raises(Unfit) as unfit:
        wrote(journey, "contract", told)
    return {(fault.field, fault.code) for fault in unfit.value.faults}


def test_a_contract_with_every_term_is_taken_and_one_that_lacks_some_is_refused_with_each():
    journey = on_her_way()
    assert wrote(journey, "contract", stated()).version == 1
    lacking = stated(employer="", terms={k: v for k, v in stated().terms.items() if k not in ("leave", "safety")})
    assert faults(on_her_way(), lacking) == {
        ("employer_name", "term.missing"), ("leave", "term.missing"), ("safety", "term.missing")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"place": "P.O. Box 1234, Taoyuan"}, ("employer_address", "address.po_box_only")),
        ({"currency": "XXZ"}, ("wage", "wage.currency_unknown")), ({"wage": Decimal("2950000")}, ("wage", "wage.absurdly_high")),
        ({"wage": Decimal(29)}, ("wage", "wage.absurdly_low")), ({"wage": Decimal(0)}, ("wage", "wage.not_positive")),
        ({"hours": Decimal(169)}, ("terms", "terms.hours")), ({"job": "astronaut"}, ("job", "unknown_job")),
        ({"signed_on": date(2099, 1, 1)}, ("signed_on", "day_to_come")),
        ({"until": date(2020, 1, 1)}, ("until", "ends_before_it_begins")), ({"country": "ZZZ"}, ("country", "unknown_country")),
    ],
)  # fmt: skip
def test_what_no_contract_can_say_is_named(changes: dict[str, Any], fault: tuple[str, str]):
    assert fault in faults(on_her_way(), stated(**changes))


def test_at_sea_the_law_sets_bounds_itself():
    journey = on_her_way("crew_merchant")
    rules = law().terms_of("crew_merchant", timezone.localdate() - timedelta(90))
    terms = {rule.id: "sebagaimana tertulis" for rule in rules} | {"hours_day": "15", "hours_week": "72", "rest_day": "10", "rest_week": "76,5"}
    told = stated(terms=terms, job="merchant_crew")
    assert {(f, c) for f, c in faults(journey, told) if c.startswith("term.")} == {("hours_day", "term.above"), ("rest_week", "term.below")}
    assert ("rest_week", "term.no_number") in faults(journey, replace(told, terms={**terms, "rest_week": "nan"}))
    sound = {**terms, "hours_day": "14", "rest_week": "77"}
    assert wrote(journey, "contract", replace(told, terms=sound)).version == 1


def test_no_wage_is_kept_of_which_nobody_knows_the_country():
    with acting(actor("reviewer")):
        journey = journey_of(woman(), "p_to_p", timezone.localdate() - timedelta(90), country_id=None)
    assert ("country", "country_missing") in faults(journey.id, stated(country=""))


@pytest.mark.parametrize("kind", ["arrival", "payslip"])
def test_an_agency_does_not_write_what_is_laid_beside_its_own_contract(kind: str):
    journey = on_her_way(abroad=True)
    with pytest.raises(Refused) as refused:
        wrote(journey, kind, stated(), who="agency")
    assert refused.value.code == "not_the_agencys_word"
    assert wrote(journey, kind, stated(), who="taipei").version == 1


def test_a_strange_currency_is_taken_and_stands_out():
    kept = wrote(on_her_way(), "contract", stated(currency="KRW", wage=Decimal(1300000)))
    assert [(d["term"], d["code"]) for d in kept.doubts] == [("wage", "wage.currency_of_elsewhere")]


def test_a_contract_is_changed_by_consent_and_after_she_left_before_the_missions_officer_only():
    journey = on_her_way()
    wrote(journey, "contract", stated())
    with pytest.raises(Refused) as alone:
        wrote(journey, "contract", stated(wage=Decimal(28000)))
    assert (alone.value.code, alone.value.basis) == ("no_consent", "UU18:18")
    assert wrote(journey, "contract", stated(wage=Decimal(30000)), consented=True).version == 2
    abroad = on_her_way(abroad=True)
    wrote(abroad, "contract", stated())
    with pytest.raises(Refused) as home:
        wrote(abroad, "contract", stated(), consented=True)
    assert (home.value.code, home.value.basis) == ("before_mission", "UU18:17")
    longer = stated(until=timezone.localdate() + timedelta(700))
    with acting(actor("bp3mi")), pytest.raises(Refused) as office:
        extend_contract(journey_id=abroad, stated=longer, consented=True)
    assert office.value.code == "not_your_role"
    with acting(actor("hongkong")), pytest.raises(NotThere):
        extend_contract(journey_id=abroad, stated=longer, consented=True)
    with acting(actor("taipei")):
        with pytest.raises(Refused) as forced:
            extend_contract(journey_id=abroad, stated=longer, consented=False)
        assert extend_contract(journey_id=abroad, stated=longer, consented=True, once="x").version == 2
        assert extend_contract(journey_id=abroad, stated=longer, consented=True, once="x").again
        lines = see_contracts(abroad).documents
    assert forced.value.code == "no_consent"
    assert [(d.version, d.current, d.extends) for d in lines] == [(2, True, True), (1, False, False)]


def test_five_documents_stand_side_by_side_and_each_difference_is_named_and_reported_once():
    journey = on_her_way(abroad=True)
    wrote(journey, "offer", stated(terms={}, deductions=None))
    wrote(journey, "placement_agreement", stated(terms={}, deductions=None))
    wrote(journey, "contract", stated())
    wrote(journey, "arrival", stated(job="care_worker", employer="Mei Lin Household", terms={}), "taipei")
    wrote(journey, "payslip", stated(wage=Decimal(24000), deductions={"agency": Decimal(1800)}, hours=Decimal(60), terms={}), "taipei")
    with acting(actor("taipei")):
        page = see_contracts(journey)
    named = {(d.found.field, d.found.earlier, d.found.later): d for d in page.differences}
    assert page.kinds == ("offer", "placement_agreement", "contract", "arrival", "payslip")
    assert {("job", "contract", "arrival"), ("employer", "contract", "arrival"), ("wage", "arrival", "payslip"),
            ("hours", "arrival", "payslip"), ("deductions", "arrival", "payslip")} <= set(named)  # fmt: skip
    wage = named["wage", "arrival", "payslip"]
    assert (wage.found.worse, wage.found.after_signing, wage.basis) == (True, True, "UU18:18")
    assert named["job", "contract", "arrival"].basis == "UU18:71"
    told = {"journey_id": journey, "field": "wage", "earlier": "arrival", "later": "payslip"}
    with acting(actor("taipei")):
        first = report_difference(**told, words="Slip bulan pertama")
        assert report_difference(**told) == first
        assert {d.reported_by for d in see_contracts(journey).differences} == {"", "Tia di KDEI Taipei"}
        with pytest.raises(Refused) as none:
            report_difference(**(told | {"field": "place"}))
        assert (Finding.objects.count(), none.value.code) == (1, "no_such_difference")


def test_versions_written_at_once_are_none_lost_and_none_doubled():
    journey = on_her_way()

    def press(n: int) -> str:
        try:
            with acting(actor("bp3mi")):
                kept = write_document(journey_id=journey, kind="offer", stated=stated(terms={}), once=f"k{n // 2}")
            return "again" if kept.again else "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        seen = sorted(pool.map(press, range(8)))
    assert seen == ["again"] * 4 + ["done"] * 4
    with acting(actor("reviewer")):
        assert sorted(Document.objects.values_list("version", "current")) == [(1, False), (2, False), (3, False), (4, True)]


def test_a_journey_that_is_over_takes_no_document():
    journey = on_her_way()
    with acting(actor("reviewer")):
        Journey.objects.filter(pk=journey).update(state="failed", ended_on=timezone.localdate())
    with pytest.raises(Refused) as over:
        wrote(journey, "offer", stated(terms={}))
    assert over.value.code == "journey_over"
