"""Both locks on every table of a person: with the manager bypassed, with the policy off, and for a person of unknown place."""

import datetime
import re
from datetime import date

import pytest
from django.db import connection, connections, models
from uuid6 import uuid7

from selaras.ground.scope import NoActor, acting, scoped_models
from selaras.people.actions.adding import add_kin
from selaras.people.actions.entering import enter_sideways
from selaras.people.actions.facts import add_fact
from selaras.people.actions.journeys import start_journey
from selaras.people.actions.merging import merge
from selaras.people.models import (
    Account,
    Card,
    CardCode,
    Dispute,
    Event,
    Fact,
    FamilyAccess,
    Grant,
    Identifier,
    Journey,
    Kin,
    NameForm,
    Passkey,
    Person,
    PersonKey,
    PhoneCode,
    Presence,
    Ruling,
    SideEntry,
    SignInPhone,
)
from selaras.people.papers import Written
from selaras.people.queries.finding import find_by_name, find_by_number
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.frames import numbers, persons, upsert
from tests.people.someone import NIK, STAY, registered

pytestmark = pytest.mark.usefixtures("committed")
# What officers say of two records is for the nation only, whoever sees one of the two: see tests/people/test_ruling.py.
NATIONAL = (Dispute, Ruling)
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
# How somebody signs in, and what she shares: see test_signing_in.py and test_family.py.
WAYS_IN = (Account, SignInPhone, PhoneCode, Card, CardCode, FamilyAccess, Passkey)
TABLES = [m for m in scoped_models() if m._meta.app_label == "people" and m not in (*NATIONAL, *WAYS_IN)]


def two_persons():
    """One person with a row in every table, seen from Haurkolot and Taiwan; one seen from Hong Kong only."""
    her = registered(presence=STAY).person_id
    with acting(actor("village")):
        add_kin(person_id=her, relation="spouse", other_name="Kasan")
    other = registered("hongkong", name="Orang Hongkong", home_area="", numbers=[("passport", "C7654321")], presence=Stay("HKG")).person_id
    with acting(actor("hongkong")):
        add_kin(person_id=other, relation="spouse", other_name="Li")
    for who, person_id in (("dinas", her), ("hongkong", other)):
        with acting(actor(who)):
            start_journey(person_id=person_id, scheme="self_placed")
            add_fact(person_id=person_id, paper=Written("skck", f"SKCK {who}"))
            enter_sideways(kind="complaint", on=date(2026, 1, 1), person_id=person_id, country="TWN" if who == "dinas" else "HKG")
    return her, other


def owners(rows):
    return {row.id if isinstance(row, Person) else row.person_id for row in rows}


def test_every_table_holds_with_either_lock_taken_off():
    her, other = two_persons()
    assert {m.__name__ for m in TABLES} == {"Person", "NameForm", "PersonKey", "Kin", "Identifier", "Presence", "Grant", "Event", "Journey", "JourneyStep", "Fact", "SideEntry"}
    for model in TABLES:
        table = model._meta.db_table
        with acting(actor("village")):
            assert owners(model.objects.all()) == {her}, table
            assert owners(models.QuerySet(model)) == {her}, f"{table}: the policy alone, the manager bypassed"
        with connections["owner"].cursor() as owner:
            for name in {table, "people_person"}:
                owner.execute(f"alter table {name} disable row level security")
            try:
                with acting(actor("village")):
                    assert owners(models.QuerySet(model)) == {her, other}, f"{table}: the policy is off"
                    assert owners(model.objects.all()) == owners(model._base_manager.all()) == {her}, f"{table}: the manager alone"
            finally:
                for name in {table, "people_person"}:
                    owner.execute(f"alter table {name} enable row level security")
        with pytest.raises(NoActor):
            model.objects.count()
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,), f"{table}: nobody is acting"


@pytest.mark.parametrize(
    "make",
    [
        lambda other: NameForm(person_id=other, text="X", source="x"),
        lambda other: Identifier(person_id=other, kind="nik", value="1", index=other, source="x"),
        lambda other: Presence(person_id=other, country_id="TWN", kind="stated", source="x"),
        lambda other: Kin(person_id=other, relation="child", source="x"),
        lambda other: Grant(person_id=other, code="area:3212012007", since=date(2026, 1, 1), reason="x"),
        lambda other: Event(person_id=other, kind="x", actor="x"),
        lambda other: Journey(
            person_id=other, scheme="x", started_on=date(2026, 1, 1), started_by="x", started_by_name="x", changed_at=NOW, changed_by="x",
            changed_by_name="x", changed_what="x",
        ),
        lambda other: Fact(person_id=other, kind="x", added_by="x", added_by_name="x"),
        lambda other: SideEntry(person_id=other, kind="complaint", on=date(2026, 1, 1), by="x", by_name="x"),
        lambda other: PersonKey(person_id=other, key=1),
        lambda other: Person(name="X", source="x", reach=["nation", "area:52"]),
    ],
)
def test_nothing_is_written_under_a_person_out_of_reach(make):
    other = registered("hongkong", name="Orang Hongkong", home_area="", numbers=[]).person_id
    with pytest.raises(Exception, match="row-level security"), acting(actor("village")):
        make(other).save(force_insert=True)


def test_a_person_of_unknown_place_is_seen_by_the_national_reach_only():
    upsert(persons=persons({"home_area": None}), presences=None)
    seen = {}
    for who in ("village", "desk", "dinas", "province", "bp3mi", "taipei", "hongkong", "tawau", "agency", "reviewer", "data"):
        with acting(actor(who)):
            seen[who] = (Person.objects.count(), len(models.QuerySet(Person)), Identifier.objects.count())
    assert {who for who, counts in seen.items() if counts != (0, 0, 0)} == {"reviewer", "data"}


def test_what_was_merged_is_seen_by_those_who_saw_it():
    her, other = two_persons()
    with acting(actor("reviewer")):
        merge(keep=her, lose=other, reason="x")
    for who in ("village", "hongkong"):
        with acting(actor(who)):
            assert set(Person.objects.values_list("id", flat=True)) == ({her} if who == "village" else {her, other})


@pytest.mark.parametrize("who", ["reviewer", "dinas"])
def test_indexes_serve_the_search_under_the_policy(who):
    registered()
    ids = [str(uuid7()) for _ in range(2000)]
    crowd = [{"person_id": i, "name": f"ORANG {''.join('ABCDEFGHIJ'[int(d)] for d in str(n))}", "home_area": "3212012007" if n % 2 else "5203"} for n, i in enumerate(ids)]
    papers = [{"person_id": i, "kind": "passport", "value": f"C{n:07d}"} for n, i in enumerate(ids)]
    upsert(persons=persons(*crowd), numbers=numbers(*papers), names=None, presences=None)
    with connections["owner"].cursor() as owner:
        for model in TABLES:
            owner.execute(f"analyze {model._meta.db_table}")
    statements = []

    def watch(execute, sql, params, many, context):
        if "WHERE" in sql and ("people_identifier" in sql or "people_personkey" in sql):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    plans = []
    with acting(actor(who)):
        with connection.execute_wrapper(watch):
            assert find_by_number(NIK).rows and find_by_name("Siti Nurhaliza").rows
        with connection.cursor() as cursor:
            for sql, params in statements[:2]:
                cursor.execute(f"explain {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
    by_number, by_name = plans
    assert "Index Scan using identifier_by_index" in by_number or "Bitmap Index Scan on identifier_by_index" in by_number
    assert re.search(r"Index Cond: \(\w*\.?index = ANY", by_number)
    assert "Seq Scan on people_identifier" not in by_number and "Seq Scan on people_person " not in by_number
    assert "people_personkey_pkey" in by_name and re.search(r"Index Cond: \(\(?\w*\.?key = ", by_name)
    assert "Seq Scan on people_personkey" not in by_name and "Seq Scan on people_person " not in by_name
