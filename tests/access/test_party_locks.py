"""Of a person whom an office of a party sees, it sees the rows that name its own party: by the manager, and by the policy alone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, connections, models, transaction

from selaras.ground.scope import NATION, acting, scoped_models
from selaras.people.models import Journey, Party, Person
from selaras.prepare.models import CreditRequest
from tests.access.test_both_locks import NOW
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")
OWN = {Journey: ("agency", "contoh-jaya"), CreditRequest: ("lender", "bank-uji")}


def journey(of: Person, party: str, **more: Any) -> Journey:
    return Journey.objects.create(
        person=of, scheme="p_to_p", agency=party, started_on=date(2026, 1, 1), started_by="test", started_by_name="test",
        changed_at=NOW(), changed_by="test", changed_by_name="test", changed_what="start_journey", **more,
    )  # fmt: skip


def credit(of: Person, party: str) -> CreditRequest:
    lender, _ = Party.objects.get_or_create(key=party, kind="lender", defaults={"name": party, "country_id": "IDN"})
    its = journey(of, "", state="finished", ended_on=date(2026, 2, 1))
    told = {"amount": 1, "months": 24, "instalments": 18, "asked_on": date(2026, 1, 1), "due": date(2026, 1, 8), "by": "test", "by_name": "test"}
    return CreditRequest.objects.create(journey=its, person=of, lender=lender, at=NOW(), **told)


MAKERS: dict[type[models.Model], Callable[[Person, str], Any]] = {
    Journey: lambda of, party: journey(of, party, state="finished", ended_on=date(2026, 2, 1)),
    CreditRequest: credit,
}


def test_every_table_that_names_a_party_is_tested_here():
    assert {model for model in scoped_models() if model.objects.party} == set(MAKERS)


@pytest.mark.parametrize("model", MAKERS, ids=lambda m: m._meta.db_table)
def test_each_lock_keeps_what_names_another_party_without_the_other(model: type[Any]):
    who, own = OWN[model]
    with acting(actor("reviewer")):
        reach = [NATION, "area:3212", "area:3212012007", f"party:{own}", "party:lain"]
        her = Person.objects.create(name="Warsinah", source="test", reach=reach)
        mine, other = MAKERS[model](her, own).pk, MAKERS[model](her, "lain").pk
    hers = models.QuerySet(model).filter(person=her.pk)
    with acting(actor(who)):
        assert set(model.objects.filter(person=her.pk).values_list("pk", flat=True)) == {mine}
        assert {row.pk for row in hers.all()} == {mine}, "the manager bypassed: the policy holds"
        assert hers.all().filter(pk=other).update(person=her.pk) == 0
    for all_of_it in ("village", "reviewer"):
        with acting(actor(all_of_it)):
            assert {mine, other} <= {row.pk for row in hers.all()}, "whoever sees the person for another reason sees both"
    assert list(hers.all()) == [], "nobody acting: the policy shows nothing"
    with connections["owner"].cursor() as owner:
        owner.execute(f"alter table {model._meta.db_table} disable row level security")
        try:
            with acting(actor(who)):
                assert {mine, other} <= {row.pk for row in hers.all()}, "the policy is off"
                assert set(model.objects.filter(person=her.pk).values_list("pk", flat=True)) == {mine}, "the manager holds"
        finally:
            owner.execute(f"alter table {model._meta.db_table} enable row level security")


def test_an_agency_writes_no_journey_of_another():
    with acting(actor("reviewer")):
        her = Person.objects.create(name="Warsinah", source="test", reach=[NATION, "party:contoh-jaya"])
    with acting(actor("agency")):
        assert journey(her, "contoh-jaya").pk
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            journey(her, "lain", state="finished", ended_on=date(2026, 2, 1))
