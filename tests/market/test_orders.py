"""Job orders and permits: who asks, who attests, who issues, what each refuses with which article, and what a gate is told."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.market.actions.countries import set_country_status
from selaras.market.actions.orders import attest_job_order, close_job_order, refuse_job_order
from selaras.market.actions.partners import enter_cooperation, verify_cooperation
from selaras.market.actions.permits import ask_permit, issue_permit, refuse_permit, withdraw_permit
from selaras.market.actions.recruiting import record_recruiting
from selaras.market.models import JobOrder, RecruitmentPermit
from selaras.market.queries.orders import (
    job_order,
    job_order_on,
    see_job_order,
    see_job_orders,
    see_permits,
    sip2mi_for,
)
from selaras.market.queries.recruiting import see_recruiting
from selaras.people.actions.parties import enter_party, flag_problem, sanction
from tests.cast import actor
from tests.market.demand import (
    AGENCY,
    EMPLOYER,
    HONGKONG,
    HOUSEHOLD,
    LICENSING,
    OTHER,
    OWN,
    PARTNER,
    RIVAL,
    TAIPEI,
    TODAY,
    asked,
    attested,
    parties,
    permitted,
)

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
UNTIL = dt.timedelta(365)


def refused(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code, refusal.value.basis


def test_the_way_of_a_job_order_from_the_letter_to_the_permit():
    parties()
    order = asked()
    assert job_order("JO/TPE/1") is None and job_order_on("JO/TPE/1").code == "order.unknown"
    with acting(AGENCY):
        assert see_job_order(order.pk).standing.code == "order.not_attested"
    with acting(TAIPEI):
        order = attest_job_order(order_id=order.pk, number=" JO/TPE/1 ", until=TODAY() + UNTIL)
        assert attest_job_order(order_id=order.pk, number="JO/TPE/1", until=TODAY() + UNTIL).code == order.code, "a double click"
    for told in ("JO/TPE/1", "jo/tpe/1", order.code, order.code.lower(), f"{order.code[:5]}-{order.code[5:]}"):
        answer = job_order_on(told)
        assert (answer.code, answer.params["left"]) == ("order.in_force", 5), told
    assert sip2mi_for(OWN, "JO/TPE/1").code == "permit.none"
    with acting(AGENCY):
        permit = ask_permit(order_id=order.pk, draft_placement="PP-1", draft_contract="PK-1")
    assert sip2mi_for(OWN, "JO/TPE/1").code == "permit.waits"
    with acting(LICENSING):
        issue_permit(permit_id=permit.pk, number="SIP2MI/1", since=TODAY() + dt.timedelta(2))
    assert sip2mi_for(OWN, "JO/TPE/1").code == "permit.not_begun"
    days = {2: "permit.in_force", 365: "permit.in_force", 366: "permit.ended"}
    assert {n: sip2mi_for(OWN, "JO/TPE/1", TODAY() + dt.timedelta(n)).code for n in days} == days
    other = sip2mi_for(OTHER, "JO/TPE/1", TODAY() + dt.timedelta(3))
    assert (other.code, other.basis) == ("permit.other_agency", "UU18:71")


def test_an_individual_employer_needs_a_partner_agency_there():
    parties()
    assert refused(asked, employer=HOUSEHOLD, job="elderly_carer") == ("individual_needs_partner", "PP59:86")
    assert refused(asked, employer=HOUSEHOLD, job="elderly_carer", partner="hk-wing") == ("no_partner_there", "PP59:86")
    assert asked(employer=HOUSEHOLD, job="elderly_carer", partner=PARTNER).state == "asked"


def test_a_closed_country_gets_neither_order_nor_permit():
    parties()
    order, other = attested(), asked("2")
    with acting(AGENCY):
        permit = ask_permit(order_id=order.pk, draft_placement="a", draft_contract="b")
    with acting(LICENSING):
        set_country_status(country="TWN", channel="stopped", since=TODAY(), basis="Kepmen 1/2026", note_id="Wabah.")
        assert refused(issue_permit, permit_id=permit.pk, number="S/1") == ("country.stopped", "Kepmen 1/2026")
    with acting(TAIPEI):
        assert refused(attest_job_order, order_id=other.pk, number="JO/2", until=TODAY() + UNTIL)[0] == "country.stopped"
    assert refused(asked, "3")[0] == "country.stopped"


def test_whose_work_it_is():
    parties()
    assert refused(asked, actor=RIVAL) == ("not_your_agency", "UU18:71")
    order = asked()
    with acting(RIVAL), pytest.raises(NotThere):
        see_job_order(order.pk)
    with acting(RIVAL):
        assert see_job_orders()[1] == 0
    with acting(HONGKONG):
        assert refused(attest_job_order, order_id=order.pk, number="JO/1", until=TODAY() + UNTIL) == ("not_your_country", "PP59:14")
        assert refused(refuse_job_order, order_id=order.pk, reason="x")[0] == "not_your_country"
    with acting(AGENCY):
        assert refused(attest_job_order, order_id=order.pk, number="JO/1", until=TODAY() + UNTIL)[0] == "not_your_role"
    order = attested("JO/9")
    with acting(RIVAL):
        assert refused(ask_permit, order_id=order.pk, draft_placement="a", draft_contract="b") == ("not_your_agency", "UU18:71")
    with acting(AGENCY):
        permit = ask_permit(order_id=order.pk, draft_placement="a", draft_contract="b")
        assert refused(issue_permit, permit_id=permit.pk, number="S/1")[0] == "not_your_role"


def test_a_permit_needs_an_attested_order_its_papers_and_never_begins_in_the_past():
    parties()
    with acting(AGENCY):
        assert refused(ask_permit, order_id=asked().pk, draft_placement="a", draft_contract="b")[0] == "order.not_attested"
    order = attested("JO/9")
    with acting(AGENCY):
        assert refused(ask_permit, order_id=order.pk, draft_placement="", draft_contract="b")[0] == "draft_placement_missing"
        assert refused(ask_permit, order_id=order.pk, draft_placement="a", draft_contract=" ")[0] == "draft_contract_missing"
        permit = ask_permit(order_id=order.pk, draft_placement="a", draft_contract="b")
    with acting(LICENSING):
        yesterday = TODAY() - dt.timedelta(1)
        assert refused(issue_permit, permit_id=permit.pk, number="S/1", since=yesterday) == ("permit_not_backwards", "PP59:47")
        assert refused(withdraw_permit, permit_id=permit.pk, reason="x")[0] == "permit_not_issued"
        assert see_permits()[1] == 1
        refuse_permit(permit_id=permit.pk, reason="rancangan tidak lengkap")
        assert refused(issue_permit, permit_id=permit.pk, number="S/1")[0] == "decided_already"
    assert sip2mi_for(OWN, "JO/9").code == "permit.none"
    with acting(AGENCY):
        again = ask_permit(order_id=order.pk, draft_placement="a", draft_contract="b")
    assert again.pk != permit.pk, "after a refusal it may be asked again"


def test_a_permit_that_begins_after_a_suspension_is_not_given_during_it():
    parties()
    order = attested("JO/9")
    with acting(AGENCY):
        permit = ask_permit(order_id=order.pk, draft_placement="a", draft_contract="b")
        enter_party(kind="partner", key="tw-other", name="Lain Manpower", country="TWN")
        cooperation = enter_cooperation(agency=OWN, partner="tw-other", number="PKP/9", since=TODAY())
    with acting(LICENSING):
        sanction(key=OWN, kind="suspended", reason="x", basis="UU18:37", until=TODAY() + dt.timedelta(30))
        later = TODAY() + dt.timedelta(40)
        assert refused(issue_permit, permit_id=permit.pk, number="S/1", since=later)[0] == "licence.suspended"
    with acting(TAIPEI):
        assert refused(verify_cooperation, cooperation_id=cooperation.pk)[0] == "licence.suspended"


def test_a_withdrawn_permit_holds_no_more_from_that_day():
    parties()
    permitted()
    RecruitmentPermit.objects.update(since=TODAY() - dt.timedelta(10))
    with acting(LICENSING):
        row = withdraw_permit(permit_id=RecruitmentPermit.objects.get().pk, reason="laporan perekrutan liar")
        assert withdraw_permit(permit_id=row.pk, reason="lagi").reason == "laporan perekrutan liar"
    assert sip2mi_for(OWN, "JO/TPE/1").code == "permit.withdrawn"
    assert sip2mi_for(OWN, "JO/TPE/1", TODAY() - dt.timedelta(1)).met, "what was done before was lawful"


def test_a_problem_a_suspension_or_a_missing_cooperation_stops_the_order():
    parties()
    order = asked()
    with acting(TAIPEI):
        flag_problem(key=EMPLOYER, reason="menahan paspor")
    assert refused(asked, "2") == ("party_has_problem", "UU18:10")
    with acting(TAIPEI):
        assert refused(attest_job_order, order_id=order.pk, number="JO/1", until=TODAY() + UNTIL)[0] == "party_has_problem"
    assert refused(asked, "3", employer="hk-wing", partner=PARTNER)[0] == "no_partner_there"
    with acting(LICENSING):
        sanction(key=OTHER, kind="suspended", reason="x", basis="UU18:37")
    assert refused(asked, "4", actor=RIVAL, agency=OTHER)[0] == "licence.suspended"


def test_an_order_ends_and_closes():
    parties()
    order = attested()
    assert job_order_on("JO/TPE/1", TODAY() + dt.timedelta(366)).code == "order.ended"
    assert job_order_on("JO/TPE/1", TODAY() - dt.timedelta(1)).code == "order.not_begun"
    with acting(TAIPEI):
        assert refused(refuse_job_order, order_id=order.pk, reason="x")[0] == "decided_already"
        close_job_order(order_id=order.pk, reason="pabrik tutup")
    assert job_order_on("JO/TPE/1").code == "order.closed" and job_order_on("JO/TPE/1").params["closed"] == TODAY().isoformat()
    with acting(TAIPEI):
        row = refuse_job_order(order_id=asked("2").pk, reason="majikan tidak ada")
        assert row.office == "KDEI Taipei" and refused(close_job_order, order_id=row.pk, reason="x")[0] == "not_attested"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"places": 0}, "places_absurd"),
        ({"places": 5001}, "places_absurd"),
        ({"wage": Decimal(0)}, "wage_absurd"),
        ({"wage": Decimal("-5")}, "wage_absurd"),
        ({"currency": "XXY"}, "unknown_currency"),
        ({"hours": 0}, "hours_absurd"),
        ({"hours": 120}, "hours_absurd"),
        ({"months": 61}, "months_absurd"),
        ({"job": "astronaut"}, "unknown_job"),
        ({"title": "  "}, "title_missing"),
        ({"letter": ""}, "letter_missing"),
        ({"employer": PARTNER}, "no_employer"),
    ],
)
def test_absurd_offers_are_refused_by_name(wrong, code):
    parties()
    assert refused(asked, **wrong)[0] == code
    assert not JobOrder.objects.exists()


def test_recruiting_before_the_permit_is_a_breach_and_seen_where_it_happened():
    parties()
    order = permitted()
    village = actor("village")

    def seen(on: dt.date, once: str, **more: object) -> None:
        with acting(village):
            record_recruiting(agency=OWN, country="TWN", on=on, area="3212012007", what="visited", once=once, **more)

    seen(TODAY() - dt.timedelta(3), "a", words="mendatangi rumah warga")
    seen(TODAY() - dt.timedelta(3), "a")
    seen(TODAY(), "b", number=order.number)
    seen(TODAY() - dt.timedelta(900), "c")
    with acting(village):
        lines = see_recruiting(OWN)
        codes = [line.breach.code if line.breach else "" for line in lines]
        assert codes == ["", "recruited.before_permit", "recruited.without_licence"]
        assert lines[1].breach.basis == "PP59:47" and lines[1].place.startswith("Haurkolot")
        assert len(see_recruiting(breaches=True)) == 2
        for wrong, code in (
            ({"on": timezone.localdate() + dt.timedelta(1)}, "day_to_come"),
            ({"area": "99"}, "unknown_area"),
            ({"area": "5203"}, "not_your_area"),
            ({"what": "sang"}, "unknown_recruiting"),
            ({"number": "JO/NONE"}, "order.unknown"),
        ):
            told = {"agency": OWN, "country": "TWN", "on": TODAY(), "area": "3212012007", "what": "visited", "once": "z", **wrong}
            assert refused(record_recruiting, **told)[0] == code
    with acting(actor("desk")):
        assert see_recruiting() == [], "Cirebon does not see what happened in Indramayu"
    with acting(LICENSING):
        assert len(see_recruiting(breaches=True)) == 2
