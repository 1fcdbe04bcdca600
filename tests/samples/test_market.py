"""The invented market: entered once by the verbs of officers, with something of every kind to look at."""

import pytest

from selaras.ground.act import as_job
from selaras.market.models import JobOrder, Licence, Recruiting, RecruitmentPermit
from selaras.market.queries.agencies import licensed_on
from selaras.market.queries.countries import country_open
from selaras.market.queries.orders import sip2mi_for
from selaras.market.queries.recruiting import breach_of
from selaras.people.models import Party
from selaras.samples import market
from selaras.samples.market import enter_market
from selaras.samples.parties import EMPLOYERS, LENDERS, PARTY_AGENCIES

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


def test_the_market_is_entered_once_and_has_something_of_every_kind():
    made = enter_market()
    assert (made.agencies, made.abroad) == (len(PARTY_AGENCIES), len(EMPLOYERS)) and made.permits >= 10
    assert enter_market().agencies == 0, "a second run enters nothing"
    codes = {licensed_on(agency.key).code for agency in PARTY_AGENCIES}
    assert codes == {"licence.in_force", "licence.suspended", "licence.revoked", "licence.ended"}
    assert Licence.objects.filter(deposit__lt=1_500_000_000).count() == 1
    assert set(JobOrder.objects.values_list("state", flat=True)) == {"asked", "attested"}
    assert set(RecruitmentPermit.objects.values_list("state", flat=True)) == {"asked", "issued"}
    taken = JobOrder.objects.filter(taken__gt=0)
    assert taken and all(sip2mi_for(o.agency.key, o.number).met for o in taken)
    assert all(country_open(o.country_id, o.job, agency=o.agency.key).met for o in JobOrder.objects.select_related("agency"))
    with as_job("setup"):
        assert breach_of(Recruiting.objects.get()) is not None
    houses = Party.objects.filter(individual=True)
    assert houses and all(p.name.startswith(f"{p.country_id} ") for p in houses)


def test_a_copy_from_before_there_were_lenders_gets_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(market, "LENDERS", [])
    enter_market()
    assert not Party.objects.filter(kind="lender").exists()
    monkeypatch.undo()
    enter_market()
    assert set(Party.objects.filter(kind="lender").values_list("key", flat=True)) == {lender.key for lender in LENDERS}
