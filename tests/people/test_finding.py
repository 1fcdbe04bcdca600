"""Finding by any number and by a half-remembered name; opening, revealing and who opened; all within reach."""

import json
from datetime import date
from uuid import UUID

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid6 import uuid7

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.models import LedgerLine, LedgerSubject
from selaras.ground.scope import acting
from selaras.people.actions.adding import add_identifier, add_kin, add_name, add_presence
from selaras.people.actions.bulk import upsert_persons
from selaras.people.actions.merging import merge
from selaras.people.models import Identifier
from selaras.people.queries.disputes import see_conflicts
from selaras.people.queries.finding import SHOWN, FoundByName, TooMany, find_by_name, find_by_number
from selaras.people.queries.numbers import reveal_number
from selaras.people.queries.opening import open_person
from selaras.people.queries.watching import who_opened
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.someone import NIK, PASSPORT, STAY, registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


def by_number(value, who="village", **more):
    with acting(actor(who)):
        return [row.id for row in find_by_number(value, **more).rows]


def by_name(text, who="village", **more):
    with acting(actor(who)):
        found = find_by_name(text, **more)
        assert isinstance(found, FoundByName), found
        return [row.id for row in found.rows]


@pytest.mark.parametrize("typed", [NIK, "3212 0157 0590 0001", "3212.01.570590.0001", PASSPORT, "b1234567", "B 1234567", "0812-3456-7890", "+62 812 3456 7890", "6281234567890"])
def test_any_number_in_any_spelling_finds_her(typed):
    her = registered().person_id
    assert by_number(typed) == [her]
    assert by_number(typed, "hongkong") == []


def test_a_number_of_the_wrong_kind_finds_nobody():
    registered()
    assert by_number(NIK, kind="passport") == [] and by_number("0000000000000000") == [] and by_number("") == []


def test_an_ended_number_still_finds_her_and_says_so():
    her = registered().person_id
    with acting(actor("village")):
        Identifier.objects.filter(kind="passport").update(until=date(2026, 1, 1))
        assert find_by_number(PASSPORT).ended == {her}


@pytest.mark.parametrize("typed", ["Siti Nurhaliza", "NURHALIZA", "nurhaliza kasan", "Sitti Noerhaliza", "Nurhaliza Siti", "Hj. Siti Nurhalizah"])
def test_a_half_remembered_name_finds_her(typed):
    her = registered().person_id
    registered(name="Budi Santoso", sex="M", numbers=[])
    assert by_name(typed)[0] == her
    assert by_name(typed, "hongkong") == []


def test_the_year_may_be_one_off_and_the_place_narrows():
    her = registered().person_id
    assert by_name("Nurhaliza", year=1991, regency="3212") == [her]
    assert by_name("Nurhaliza", year=1995) == []
    assert by_name("Nurhaliza", regency="5203") == []
    assert by_name("Nurhaliza", sex="M") == []


def test_a_name_written_too_differently_is_found_by_year_and_place():
    her = registered().person_id
    assert by_name("Siti Nurhxaliza", year=1990, regency="3212") == [her]
    assert by_name("St Nurhalisa", year=1990) == [her]
    assert by_name("Nurhalita Kasam", year=1990, regency="3212") == [her]


def test_another_form_of_the_name_finds_her_and_is_shown():
    her = registered().person_id
    with acting(actor("village")):
        add_name(person_id=her, text="Wagiyem Tukinah")
        found = find_by_name("Wagiyem Tukinah")
    assert isinstance(found, FoundByName) and found.rows[0].written == "Wagiyem Tukinah"


def test_one_common_word_alone_asks_for_a_year_or_a_place():
    registered()
    with acting(actor("village")):
        assert find_by_name("Siti") == TooMany(200, ("year", "place"))
        assert by_name("Siti", year=1990)


def many(count, **changes):
    rows = [
        {
            "person_id": str(uuid7()), "name": "SITI AMINAH", "sex": "F", "birth_date": date(1970 + n % 30, 1, 1), "birth_precision": "day",
            "birth_place": "", "mother": None, "home_area": "3212012007" if n % 2 else "5203012001", "home_text": "", "source": "siskop2mi",
        } | changes
        for n in range(count)
    ]  # fmt: skip
    with as_job("link"):
        upsert_persons(persons=pl.DataFrame(rows, schema_overrides={"mother": pl.String, "home_area": pl.String}))


def test_a_name_that_hundreds_bear_asks_and_the_answer_narrows_it():
    many(500)
    with acting(actor("reviewer")):
        found = find_by_name("Siti Aminah")
        assert isinstance(found, TooMany) and found.at_least > 200 and found.ask == ("year", "place")
        assert isinstance(find_by_name("Siti Aminah", year=1985), FoundByName)
        assert find_by_name("Siti Aminah", regency="3212").ask == ("year",)
        narrowed = find_by_name("Siti Aminah", year=1985, regency="3212")
        assert len(narrowed.rows) == 17 and {r.birth_date.year for r in narrowed.rows} <= {1984, 1985, 1986}
        assert len(find_by_name("Siti Aminah", year=1985).rows) == SHOWN


def test_searching_costs_as_many_queries_for_one_as_for_fifty():
    her = registered(name="Wagiyem Tukinah").person_id
    many(40, name="SITI KHOIRUNNISA", home_area="3212012007")
    counts = {}
    for text in ("Wagiyem Tukinah", "Siti Khoirunnisa"):
        with acting(actor("dinas")), CaptureQueriesContext(connection) as queries:
            assert find_by_name(text).rows
        counts[text] = len([q for q in queries if q["sql"].startswith(("SELECT", "("))])
    assert len(set(counts.values())) == 1 and counts["Siti Khoirunnisa"] <= 5, counts
    assert by_number(NIK) == [her]


def opened(person_id, who="village"):
    with acting(actor(who)):
        return open_person(person_id)


def test_opening_shows_everything_and_no_number():
    her = registered(presence=STAY).person_id
    child = registered(name="Budi", sex="M", numbers=[], birth_date=None).person_id
    with acting(actor("village")):
        add_kin(person_id=her, relation="child", other_id=child)
        add_kin(person_id=her, relation="spouse", other_name="Kasan")
        add_presence(person_id=her, stay=Stay("HKG", since=date(2025, 5, 1)))
    tree = opened(her)
    assert tree.mother == "Kartini" and tree.home.startswith("Haurkolot") and tree.latest.country == "HKG"
    assert {n.kind: n.masked for n in tree.numbers} == {"nik": "•••• •••• •••• 0001", "passport": "•••• ••••", "phone": "•••• •••• •• 7890"}
    assert not any(number in repr(tree) for number in (NIK, PASSPORT, "81234567890"))
    assert {(k.relation, k.name, k.person_id) for k in tree.kin} == {("child", "Budi", child), ("spouse", "Kasan", None)}
    assert {(g.kind, g.code) for g in tree.grants} == {("area", "3212012007"), ("abroad", "TWN"), ("abroad", "HKG")}
    assert opened(child).kin[0].reverse


def test_kin_out_of_reach_are_not_named():
    her = registered(presence=STAY).person_id
    other = registered("hongkong", name="Orang Hongkong", numbers=[], home_area="").person_id
    with as_job("setup"):
        add_kin(person_id=her, relation="sibling", other_id=other)
    assert [(k.name, k.person_id) for k in opened(her).kin] == [("", None)]


def test_opening_takes_six_queries_however_much_there_is():
    her = registered(presence=STAY).person_id
    with acting(actor("village")):
        for n in range(5):
            add_kin(person_id=her, relation="child", other_name=f"Anak {n}")
            add_presence(person_id=her, stay=Stay("HKG", since=date(2020 + n, 5, 1)))
            add_identifier(person_id=her, kind="passport", value=f"C765432{n}")
            add_name(person_id=her, text=f"Siti Nurhaliza {'ABCDE'[n]}minah")
        opened(her)
        with CaptureQueriesContext(connection) as queries:
            open_person(her)
    assert len([q for q in queries if q["sql"].startswith(("SELECT", "("))]) <= 6


def test_not_in_reach_is_not_there_and_the_attempt_is_written_down():
    her = registered().person_id
    for asked in (her, UUID(int=7)):
        with acting(actor("hongkong")), pytest.raises(NotThere):
            open_person(asked)
    with acting(actor("hongkong")), pytest.raises(NotThere):
        who_opened(her)


def test_a_merged_person_is_opened_as_the_survivor():
    a, b = registered(numbers=[]).person_id, registered(numbers=[]).person_id
    with acting(actor("reviewer")):
        merge(keep=a, lose=b, reason="x")
    assert opened(b).id == a and opened(a).merged_ids == (b,)


def test_a_number_is_opened_for_a_reason_and_written_down():
    her = registered().person_id
    number = next(n for n in opened(her).numbers if n.kind == "nik")
    with acting(actor("village")):
        assert reveal_number(number.id, "identity").value == NIK
        with pytest.raises(Refused, match="reason_missing"):
            reveal_number(number.id, "")
    with acting(actor("hongkong")), pytest.raises(NotThere):
        reveal_number(number.id, "identity")
    with acting(actor("village")):
        lines = who_opened(her).lines
    assert [line.verb for line in lines if line.outcome == "read"] == ["people.reveal_number", "people.open_person"]
    assert lines[0].detail == {"kind": "nik", "reason": "identity"}


def test_the_ledger_holds_no_number_and_no_name_whatever_was_asked():
    her = registered().person_id
    by_number(NIK)
    by_name("Siti Nurhaliza", year=1990)
    opened(her)
    with as_job("seal", reads_ledger=True):
        text = json.dumps([str(vars(line)) for line in LedgerLine.objects.all()])
        assert LedgerSubject.objects.filter(subject=her).exists(), "who finds her number has seen her"
    for secret in (NIK, PASSPORT, "81234567890", "Nurhaliza", "Kartini"):
        assert secret not in text


def test_reviewers_see_numbers_that_stand_with_two():
    first = registered().person_id
    second = registered("hongkong", name="Wagiyem", home_area="", presence=Stay("HKG")).person_id
    with acting(actor("reviewer")):
        (conflict,) = see_conflicts().rows
    assert (conflict.one.id, conflict.other.id) == (first, second)
    with acting(actor("village")), pytest.raises(Refused):
        see_conflicts()


@pytest.mark.parametrize(("who", "may"), [("agency", True), ("steering", False), ("auditor", False), ("admin", False), ("data", True)])
def test_who_may_find(who, may):
    registered()
    with acting(actor(who)):
        if may:
            find_by_number(NIK)
        else:
            for call in (lambda: find_by_number(NIK), lambda: find_by_name("Siti Nurhaliza"), lambda: open_person(UUID(int=1))):
                with pytest.raises(Refused, match="not_your_role"):
                    call()
