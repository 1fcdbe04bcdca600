"""Runs, pairs, judgements and links behind both locks, each taken off in turn."""

from uuid import UUID

import pytest
from django.db import connection, connections, models

from selaras.ground.scope import NoActor, acting
from selaras.people.models import Person
from selaras.reconcile.actions.judging import judge
from selaras.reconcile.models import Judgement, Link, Pair, Record, Run
from tests.cast import actor
from tests.reconcile.test_judging import linked, pair

pytestmark = pytest.mark.usefixtures("committed")
NATIONAL = ("reconcile_run", "reconcile_pair", "reconcile_judgement")


def rows() -> None:
    """Links of persons of two regencies, and what stands around them."""
    linked()
    p = pair("S4", "S5")
    with acting(actor("reviewer")):
        judge(p, "same")
        elsewhere = Record.objects.get(row_id="S5").person_id
        Person.objects.filter(pk=elsewhere).update(reach=["nation", "area:52", "area:5203"])


def ids(table: str) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(f"select id from {table}")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("model", [Run, Pair, Judgement, Link])
def test_each_table_holds_with_the_manager_bypassed_and_with_the_policy_dropped(model: type[models.Model]):
    rows()
    table = model._meta.db_table
    with acting(actor("reviewer")):
        everything = set(model.objects.values_list("id", flat=True))
    assert everything
    with acting(actor("dinas")):
        mine = set(model.objects.values_list("id", flat=True))
        assert {r.id for r in models.QuerySet(model)} == mine == ids(table), "the policy alone"
    assert mine == set() if table in NATIONAL else set() < mine < everything
    with connections["owner"].cursor() as owner:
        owner.execute(f"alter table {table} disable row level security")
        try:
            with acting(actor("dinas")):
                assert ids(table) == everything, "the policy is off, so plain SQL sees all"
                assert set(model.objects.values_list("id", flat=True)) == mine, "the manager alone"
                assert set(model._base_manager.values_list("id", flat=True)) == mine
        finally:
            owner.execute(f"alter table {table} enable row level security")
    with pytest.raises(NoActor):
        model.objects.count()
    assert ids(table) == set(), "nobody acting, plain SQL"


def test_a_link_to_a_person_out_of_reach_cannot_be_written():
    rows()
    with acting(actor("reviewer")):
        hidden = Link.objects.get(record__row_id="S5", until__isnull=True)
    with pytest.raises(Exception, match="row-level security"), acting(actor("dinas")):
        Link.objects.create(record_id=hidden.record_id, person_id=hidden.person_id, decided_by="x", how="model", since=hidden.since, until=hidden.since)
