"""Statements that are compiled once: the same answers as the queryset, for whoever acts; the first lock holds each time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from selaras.ground import scope
from selaras.ground.fixed import Question, filled, insert, rewrite
from selaras.ground.models import Area, LedgerLine
from selaras.ground.scope import NoActor, acting
from selaras.people.models import Identifier, Journey, Person, PersonKey
from tests.cast import actor
from tests.people.journeying import begun
from tests.people.someone import NIK, STAY, registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])

WHO = ("village", "dinas", "province", "hongkong", "taipei", "reviewer", "agency")


def test_whoever_acts_gets_what_the_queryset_gives_her():
    one = registered("village", presence=STAY).person_id
    two = registered("hongkong", name="Wagiyem Tukinah", home_area="5203", numbers=[]).person_id
    asked = Question(lambda ids, day: Person.objects.filter(id__in=ids, birth_date__gte=day).order_by("id"))
    for _ in range(2):  # the second time nothing is compiled
        for who in WHO:
            with acting(actor(who)):
                plain = list(Person.objects.filter(id__in=[one, two]).order_by("id"))
                assert asked.objects([one, two], date(1990, 1, 1)) == plain, who
                assert asked.objects([one, two], date(1999, 1, 1)) == []
                assert asked.objects([two], date(1990, 1, 1)) == [p for p in plain if p.id == two]


def test_nobody_acting_gets_no_row_of_a_scoped_table_before_or_after_somebody_did():
    her = registered().person_id
    asked = Question(lambda person_id: Person.objects.filter(id=person_id).values_list("name"))
    with pytest.raises(NoActor):
        asked.rows(her)
    with acting(actor("village")):
        assert asked.first(her) == ("Siti Nurhaliza binti Kasan",)
    with pytest.raises(NoActor):
        asked.rows(her)
    open_to_all = Question(lambda code: Area.objects.filter(code=code).values_list("name"))
    assert open_to_all.first("3212") and open_to_all.first("9999") is None


def test_sealed_values_are_opened_and_numbers_of_any_size_are_one_statement():
    her = registered().person_id
    numbers = Question(lambda person_id, kind: Identifier.objects.filter(person_id=person_id, kind=kind))
    keys = Question(lambda key: PersonKey.objects.filter(key=key).values_list("person_id"))
    with acting(actor("village")):
        (nik,) = numbers.objects(her, "nik")
        assert nik.value == NIK and isinstance(nik.id, UUID)
        key = PersonKey.objects.filter(person_id=her).values_list("key", flat=True)[0]
        assert keys.rows(1) == [] and keys.rows(key) and keys.rows(2**40) == []
    assert len(keys._known) == 1


def test_what_is_not_asked_is_left_out_of_the_statement():
    registered()

    def said(name, sex):
        rows = Person.objects.filter(name=name) if name else Person.objects.all()
        return (rows.filter(sex=sex) if sex else rows).values_list("id")

    asked = Question(said)
    with acting(actor("village")):
        assert asked.rows(None, "F") and asked.rows("Siti Nurhaliza binti Kasan", None) and not asked.rows("Nobody", None)
        assert not asked.rows("Siti Nurhaliza binti Kasan", "M")


def test_a_statement_that_leaves_a_value_out_is_refused():
    asked = Question(lambda code, name: Area.objects.filter(code=code))
    with pytest.raises(ValueError, match="each of its values"):
        asked.rows("3212", "Indramayu")


def test_a_list_is_filled_to_a_power_of_two_with_its_last_value():
    assert [len(filled([7] * n)) for n in (1, 2, 3, 5, 8, 9)] == [1, 2, 4, 8, 8, 16] and filled([1, 2, 3]) == [1, 2, 3, 3]


def test_rows_are_inserted_as_the_library_inserts_them():
    with acting(actor("village")) as who:
        lines = [
            LedgerLine(at=datetime(2026, 11, 22, tzinfo=UTC), actor=who.address, verb="people.correct", outcome="done", detail={"n": n})
            for n in range(3)
        ]
        for rows in (lines[:1], lines[1:], []):
            insert(rows)
        stored = LedgerLine.objects.filter(id__in=[line.id for line in lines]).order_by("id")
        assert [line.detail for line in stored] == [{"n": 0}, {"n": 1}, {"n": 2}] and all(line.xid for line in stored)
        with CaptureQueriesContext(connection) as sent:
            insert([LedgerLine(at=datetime.now(UTC), actor=who.address, verb="people.correct", outcome="done") for _ in range(2)])
        assert len(sent) == 1


def test_a_row_that_stands_there_is_left_alone_or_refused():
    her = registered().person_id
    with acting(actor("village")):
        rows = [PersonKey(key=5, place=3212, person_id=her), PersonKey(key=6, place=3212, person_id=her)]
        insert(rows)
        insert([*rows, PersonKey(key=7, place=3212, person_id=her)], unless_there=True)
        assert PersonKey.objects.filter(person_id=her, key__in=[5, 6, 7]).count() == 3
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(rows)


def test_the_second_lock_refuses_an_insertion_out_of_reach():
    her = registered().person_id
    with acting(actor("hongkong")), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        insert([Identifier(person_id=her, kind="nik", value=NIK, index=uuid7(), source="officer")])


def test_a_statement_may_hold_more_values_than_the_protocol_carries():
    codes = [f"{n:05d}" for n in range(70_000)]
    assert Area.objects.filter(code__in=["32", *codes]).count() >= 1


def test_rows_whose_statement_differs_by_what_a_reach_is_get_one_for_each_reach():
    journey_id = begun().journey_id
    with acting(actor("village")):
        Journey.objects.filter(id=journey_id).update(agency="uji-jaya")
    asked = Question(lambda journey: Journey.objects.filter(id=journey).order_by())
    other = replace(actor("agency"), reach=frozenset({"party:uji-lain"}))
    both = replace(actor("agency"), reach=frozenset({"party:uji-lain", "party:uji-jaya"}))
    for _ in range(2):  # the second time nothing is compiled
        for who in (*(actor(name) for name in WHO), other, both):
            with acting(who):
                assert asked.objects(journey_id) == list(Journey.objects.filter(id=journey_id)), who.id
    with acting(actor("village")):
        assert asked.objects(journey_id)


def test_columns_are_rewritten_as_the_library_writes_them():
    her = registered().person_id
    with acting(actor("village")):
        row = Person.objects.get(id=her)
        for name, died_on in (("Siti Aminah", date(2026, 11, 1)), ("Siti Rohani", None)):
            row.name, row.died_on, row.birth_place = name, died_on, "not among the columns"
            with CaptureQueriesContext(connection) as sent:
                rewrite(row, ("name", "died_on"))
            stored = Person.objects.get(id=her)
            assert (stored.name, stored.died_on, stored.birth_place) == (name, died_on, "Indramayu") and len(sent) == 1
        rewrite(row)
        assert Person.objects.get(id=her).birth_place == "not among the columns"
    with acting(actor("hongkong")), pytest.raises(DatabaseError, match="is not there"), transaction.atomic():
        rewrite(row, ("name", "died_on"))
    with pytest.raises(NoActor):
        rewrite(row, ("name", "died_on"))
    with acting(actor("village")):
        assert Person.objects.get(id=her).name == "Siti Rohani"


def test_the_second_lock_lets_nobody_rewrite_a_row_out_of_reach():
    her = registered().person_id
    with acting(actor("village")):
        row = Person.objects.get(id=her)
    with acting(actor("hongkong")):
        token = scope._current.set(actor("village"))  # the first lock taken off: the database still knows who acts
        try:
            with pytest.raises(DatabaseError, match="is not there"), transaction.atomic():
                rewrite(row, ("name",))
        finally:
            scope._current.reset(token)
