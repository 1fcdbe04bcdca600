"""The placement credit: terms and clock of the law, asked once for a journey, answered once, overdue when the lender is late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from selaras.engines.deadlines import closed_in_indonesia
from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.scope import acting
from selaras.people.actions.parties import enter_party
from selaras.people.faults import Unfit
from selaras.people.queries.opening import open_person
from selaras.prepare.actions.credits import answer_credit, ask_credit, withdraw_credit
from selaras.prepare.credit import answer_due, schedule_of, terms_on
from selaras.prepare.models import CreditRequest
from selaras.prepare.queries.credits import see_credit, see_credit_request, see_credits
from tests.cast import actor
from tests.people.journeying import begun, bring

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate


def ready(without: str = "") -> UUID:
    """Begin a journey with the papers that a lender asks for, and enter a lender."""
    with as_job("setup"):
        enter_party(kind="lender", key="bank-uji", name="Bank Uji", country="IDN")
    journey = begun()
    for kind in ("ktp", "placement_agreement", "contract"):
        if kind != without:
            bring(journey, kind)
    return journey.journey_id


def asked(journey_id: UUID, who: str = "dinas", **changes: Any):
    told = {"lender": "bank-uji", "amount": 30_000_000, "months": 24, "instalments": None, "tax_number": False, "once": "k"}
    with acting(actor(who)):
        return ask_credit(journey_id=journey_id, **(told | changes))


def faults(journey_id: UUID, **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(Unfit) as wrong:
        asked(journey_id, **changes)
    return {(f.field, f.code) for f in wrong.value.faults}


def test_the_terms_are_those_of_the_day():
    assert terms_on(date(2021, 6, 1)).ceiling == 25_000_000 and terms_on(TODAY()).ceiling == 100_000_000
    plan = schedule_of(30_000_000, 24, None, TODAY())
    assert plan.instalments[0].month == 6 and plan.instalments[-1].month == 23 and plan.instalments[-1].left == 0
    assert sum(one.principal for one in plan.instalments) == 30_000_000
    assert schedule_of(100_000_000, 60, None, TODAY()).instalments[-1].month == 36, "at most three years"
    start = date(2026, 11, 20)
    days = [start + timedelta(n) for n in range(1, 20) if not closed_in_indonesia(start + timedelta(n))]
    assert answer_due(start) == days[4], "five working days"


def test_asked_once_answered_once_and_the_second_is_told_who():
    journey = ready()
    done = asked(journey)
    assert asked(journey).again and asked(journey).request_id == done.request_id
    with pytest.raises(Refused, match="credit_there"):
        asked(journey, once="another")
    with acting(actor("dinas")):
        view = see_credit(journey)
        assert (view.rows[0].state, view.rows[0].instalments, view.possible, view.lacking) == ("asked", 18, False, ())
    with acting(actor("lender")):
        with pytest.raises(Refused, match="no_reason"):
            answer_credit(request_id=done.request_id, granted=False, on=TODAY(), words=" ")
        for wrong in (TODAY() + timedelta(1), TODAY() - timedelta(1)):
            with pytest.raises(Unfit):
                answer_credit(request_id=done.request_id, granted=True, on=wrong)
        answer_credit(request_id=done.request_id, granted=False, on=TODAY(), words="Kontrak belum dilegalisasi")
        assert answer_credit(request_id=done.request_id, granted=False, on=TODAY(), words="Kontrak belum dilegalisasi").again
        with pytest.raises(Refused, match="credit_answered"):
            answer_credit(request_id=done.request_id, granted=True, on=TODAY())
    with acting(actor("dinas")):
        with pytest.raises(Refused, match="credit_answered"):
            withdraw_credit(request_id=done.request_id, words="tidak jadi")
        assert see_credit(journey).possible and see_credit(journey).rows[0].words == "Kontrak belum dilegalisasi"
    again = asked(journey, once="after the no")
    with acting(actor("dinas")):
        withdraw_credit(request_id=again.request_id, words="Tidak jadi meminjam")
        assert withdraw_credit(request_id=again.request_id, words="Tidak jadi meminjam").again


def test_pressed_by_eight_at_once_it_is_asked_once():
    journey = ready()

    def press(n: int) -> str:
        try:
            asked(journey, once="k" if n % 2 else "other")
            return "asked"
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(press, range(8)))
    assert said.count("asked") == 4 and said.count("credit_there") == 4
    with acting(actor("dinas")):
        assert CreditRequest.objects.count() == 1


def test_each_fault_is_named():
    journey = ready(without="contract")
    assert faults(journey) == {("papers", "credit_paper_missing")}
    whole = ready_again(journey)
    assert faults(whole, lender="tidak-ada") == {("lender", "no_lender")}
    assert faults(whole, amount=0) == {("amount", "loan.amount")}
    assert faults(whole, amount=100_000_001, tax_number=True) == {("amount", "loan.over_ceiling")}
    assert faults(whole, amount=60_000_000) == {("tax_number", "tax_number_missing")}
    assert faults(whole, months=6) == {("months", "loan.contract_too_short")} and faults(whole, months=500) == {("months", "loan.months")}
    assert faults(whole, instalments=19) == {("instalments", "loan.outlives_contract")}
    with acting(actor("dinas")):
        assert not CreditRequest.objects.exists()


def ready_again(journey_id: UUID) -> UUID:
    """Bring the contract that was lacking."""
    with acting(actor("dinas")):
        person_id = see_credit(journey_id).person_id
    bring(Journeyed(journey_id, person_id), "contract")
    return journey_id


class Journeyed:
    """What `bring` asks of a journey."""

    def __init__(self, journey_id: UUID, person_id: UUID) -> None:
        self.id, self.person_id = journey_id, person_id


def test_a_scheme_without_the_credit_has_none_and_whose_work_it_is():
    journey = ready()
    other = begun("ukps", "dinas", person_of(journey)).journey_id
    with pytest.raises(Refused, match="credit_not_in_scheme"):
        asked(other)
    with pytest.raises(Refused, match="not_your_role"):
        asked(journey, "village")
    with pytest.raises(NotThere):
        asked(journey, "desk")


def person_of(journey_id: UUID) -> UUID:
    with acting(actor("dinas")):
        return see_credit(journey_id).person_id


def test_a_lender_that_is_late_is_overdue():
    done = asked(ready())
    with acting(actor("dinas")):
        assert see_credits().overdue == 0
        CreditRequest.objects.filter(id=done.request_id).update(asked_on=TODAY() - timedelta(20), due=TODAY() - timedelta(1))
        found = see_credits(state="overdue")
        assert (found.total, found.overdue, found.rows[0].overdue) == (1, 1, True)
        assert see_credits(state="granted").total == 0 and see_credits(text="nurha").total == 1
    with acting(actor("lender")):
        answer_credit(request_id=done.request_id, granted=True, on=TODAY())
    with acting(actor("dinas")):
        assert see_credits().overdue == 0 and see_credits(state="granted").total == 1
    with acting(actor("desk")):
        assert see_credits().total == 0


def test_the_lender_answers_what_it_was_asked_and_sees_nothing_else():
    journey = ready()
    with as_job("setup"):
        enter_party(kind="lender", key="bank-lain", name="Bank Lain", country="IDN")
    other = asked(journey, lender="bank-lain")
    with acting(actor("lender")):
        assert see_credits().total == 0
        for verb in (lambda: see_credit_request(other.request_id), lambda: answer_credit(request_id=other.request_id, granted=True, on=TODAY())):
            with pytest.raises(NotThere):
                verb()
    with acting(actor("dinas")):
        with pytest.raises(Refused, match="not_your_role"):
            answer_credit(request_id=other.request_id, granted=True, on=TODAY())
        withdraw_credit(request_id=other.request_id, words="Bank lain lebih dekat")
    hers = asked(journey, once="b")
    with acting(actor("lender")):
        assert [line.id for line in see_credits().rows] == [hers.request_id], "of the same person, the other bank's request stays unseen"
        with pytest.raises(NotThere):
            see_credit_request(other.request_id)
        line = see_credit_request(hers.request_id)
        assert (line.name, line.amount, line.months) == ("Siti Nurhaliza binti Kasan", 30_000_000, 24)
        for verb, told in ((open_person, line.person_id), (see_credit, journey)):
            with pytest.raises(Refused, match="not_your_role"):
                verb(told)
        with pytest.raises(Refused, match="not_your_role"):
            withdraw_credit(request_id=hers.request_id, words="x")
        answer_credit(request_id=hers.request_id, granted=True, on=TODAY())
