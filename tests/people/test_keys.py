"""Where search keys stand: whoever an office sees stands in one of the places in which the office looks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.ground.scope import acting
from selaras.people.actions.adding import add_name, add_presence
from selaras.people.keys import keys_of, places_of, places_seen, word_key, words_of, year_key
from selaras.people.models import PersonKey
from selaras.people.queries.finding import FoundByName, find_by_name
from selaras.people.sight import reach_of
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.someone import registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])

AREAS = ["32", "3212", "321201", "3212012007", "3209", "5203", "52", "5203012001", "11", "1101"]
ABROAD = ["TWN", "HKG", "MYS", "MYS-TAWAU", "MYS-KUCHING"]
CODES = st.sampled_from([f"area:{a}" for a in AREAS] + [f"abroad:{a}" for a in ABROAD])


@given(st.lists(CODES, max_size=4), st.lists(CODES, min_size=1, max_size=3))
def test_an_office_looks_wherever_the_keys_of_whom_it_sees_stand(grants, office):
    reach, seen = reach_of(["0"], grants), places_seen(frozenset(office))
    assert places_of(reach) and seen
    if not set(office).isdisjoint(reach):
        assert not set(places_of(reach)).isdisjoint(seen)


def test_who_is_seen_by_a_party_or_alone_is_looked_for_everywhere():
    assert places_seen(frozenset({"party:contoh-jaya"})) is None
    assert places_seen(frozenset({"area:3212", "person:1"})) is None
    assert places_of(["nation", "person:1"]) == [0]


def test_a_province_counts_where_no_regency_is_known_only():
    assert places_of(reach_of([], ["area:32", "area:3212012007"])) == [3212]
    assert places_of(reach_of([], ["area:32"])) == [3200]
    assert {3200, 3212} < set(places_seen(frozenset({"area:32"})) or ())


def test_every_word_and_every_year_has_a_key_of_its_own():
    keys = keys_of(["Siti Nurhaliza"], [1990, None])
    assert {word_key(word) for word in words_of("Nurhaliza SITI")} | {year_key(1990)} < keys
    assert year_key(1991) not in keys and word_key("SITI") != word_key("NUR")
    assert keys_of(["Siti"], []) == keys_of(["Siti"], [None]) != set()


def found_by(who, text, **more):
    with acting(actor(who)):
        found = find_by_name(text, **more)
    return [row.id for row in found.rows] if isinstance(found, FoundByName) else found


def test_each_office_that_sees_her_finds_her_by_name_and_no_other():
    her = registered("hongkong", home_area="3212012007", presence=Stay("HKG", kind="stated")).person_id
    for who in ("village", "dinas", "province", "bp3mi", "hongkong", "reviewer"):
        assert found_by(who, "Nurhaliza") == [her], who
    for who in ("taipei", "desk"):
        assert found_by(who, "Nurhaliza") == [], who
    with acting(actor("hongkong")):
        add_presence(person_id=her, stay=Stay("TWN", kind="arrival", since=date(2025, 1, 1)))
    assert found_by("taipei", "Nurhaliza") == [her]


def test_who_registered_her_without_any_place_finds_her():
    her = registered("desk", home_area="").person_id
    assert found_by("desk", "nurhaliza kasan") == [her] and found_by("dinas", "Nurhaliza") == []


def test_the_office_that_joins_finds_her_by_every_name_she_has():
    her = registered("village").person_id
    with acting(actor("village")):
        add_name(person_id=her, text="Wagiyem Tukinah")
    assert registered("hongkong", presence=Stay("HKG")).person_id == her
    assert found_by("hongkong", "Wagiyem Tukinah") == [her] == found_by("hongkong", "Siti Nurhaliza")
    with acting(actor("reviewer")):
        rows = PersonKey.objects.filter(person_id=her).values_list("key", "place")
        assert {key for key, place in rows if place == 3212} == {key for key, place in rows if place != 3212}
