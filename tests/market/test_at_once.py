"""Two at once: one licence, one attestation, one permit, one status; the other is told what stands."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from selaras.ground.act import Refused, as_job
from selaras.ground.scope import Actor, acting
from selaras.market.actions.countries import set_country_status
from selaras.market.actions.licences import cash_deposit, deposit_by_moves, grant_licence
from selaras.market.actions.orders import attest_job_order, refuse_job_order
from selaras.market.actions.permits import ask_permit, issue_permit
from selaras.market.models import DepositMove, JobOrder, Licence, RecruitmentPermit, StatusChange
from selaras.people.actions.parties import enter_party
from selaras.people.models import Party, Standing
from tests.market.demand import AGENCY, LICENSING, TAIPEI, TODAY, asked, attested, parties

pytestmark = pytest.mark.usefixtures("committed")


def at_once(times: int, actor: Actor, *calls: Callable[[], object]) -> Counter[str]:
    """Let everybody press at the same moment; give how often each was done or refused, and with which code."""

    def go(n: int) -> str:
        try:
            with acting(actor):
                calls[n % len(calls)]()
            return f"done {n % len(calls)}"
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(go, range(times)))


def test_eight_grants_at_once_make_one_licence():
    with as_job("setup"):
        enter_party(kind="agency", key="baru", name="PT Baru", country="IDN")
    told = {"agency": "baru", "number": "SIP3MI/9", "capital": 5_000_000_000, "deposit": 1_500_000_000}
    assert at_once(8, LICENSING, lambda: grant_licence(**told)) == {"done 0": 8}
    assert Licence.objects.count() == Standing.objects.count() == DepositMove.objects.count() == 1


def test_one_party_of_one_number_however_many_enter_it():
    told = {"kind": "employer", "name": "Yuehai", "country": "TWN", "number": "TW 1"}
    assert at_once(8, TAIPEI, lambda: enter_party(**told)) == {"done 0": 8}
    assert Party.objects.count() == 1


def test_attested_and_refused_at_once_is_one_of_both():
    parties()
    order = asked()
    until = TODAY() + timedelta(30)
    seen = at_once(
        8,
        TAIPEI,
        lambda: attest_job_order(order_id=order.pk, number="JO/1", until=until),
        lambda: refuse_job_order(order_id=order.pk, reason="palsu"),
    )
    row = JobOrder.objects.get()
    assert seen == {"done 0" if row.state == "attested" else "done 1": 4, "decided_already": 4}


def test_one_number_for_one_order():
    parties()
    orders = [asked(str(n)).pk for n in range(2)]
    until = TODAY() + timedelta(30)
    seen = at_once(2, TAIPEI, *(lambda o=o: attest_job_order(order_id=o, number="JO/1", until=until) for o in orders))
    assert seen["order_number_taken"] == 1 and JobOrder.objects.filter(number="JO/1").count() == 1


def test_one_permit_for_one_order():
    parties()
    order = attested()
    assert at_once(6, AGENCY, lambda: ask_permit(order_id=order.pk, draft_placement="a", draft_contract="b")) == {"done 0": 6}
    permit = RecruitmentPermit.objects.get()
    seen = at_once(6, LICENSING, *(lambda n=n: issue_permit(permit_id=permit.pk, number=f"SIP2MI/{n}") for n in range(2)))
    assert seen["decided_already"] == 3 and RecruitmentPermit.objects.filter(state="issued").count() == 1


def test_the_deposit_is_what_its_movements_say_after_many_at_once():
    parties()
    seen = at_once(
        12, LICENSING, *(lambda n=n: cash_deposit(licence="SIP3MI/0", amount=400_000_000, reason="x", once=str(n)) for n in range(6))
    )
    row = Licence.objects.get(number="SIP3MI/0")
    assert row.deposit == 300_000_000 == deposit_by_moves(row)
    assert seen["deposit_holds_less"] == 6 and sum(seen.values()) == 12


def test_two_statuses_of_one_day_are_one():
    day = date(2026, 1, 1)
    calls = [lambda c=c: set_country_status(country="TWN", channel=c, since=day, basis="x", note_id="y") for c in ("open", "stopped")]
    seen = at_once(6, LICENSING, *calls)
    assert seen["status_there"] == 3 and StatusChange.objects.count() == 1
