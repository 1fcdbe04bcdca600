"""Who is surely one person: only somebody whose birth date is known to the day on both sides; everybody else goes to the reviewers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.people.models import Event, Identifier, Person
from selaras.people.numbers import index_of
from selaras.people.telling import PRECISIONS, Stay, Told, alike
from tests.cast import actor
from tests.people.someone import NIK, registered

days = st.dates(date(1950, 1, 1), date(2005, 12, 31))
rolled_back = pytest.mark.django_db(databases=["default", "ledger"])


@given(days, days, st.sampled_from(PRECISIONS), st.sampled_from(PRECISIONS), st.sampled_from(["", "F", "M"]), st.sampled_from(["", "F", "M"]))
def test_surely_one_needs_the_same_day_and_never_goes_with_clearly_not(a: date, b: date, mine: str, hers: str, sex_a: str, sex_b: str):
    for birth in (a, b):
        surely, clearly_not = alike(Told("Siti Nurhaliza", sex_a, a, mine), ["SITI NURHALIZA"], sex_b, birth, hers)
        assert not (surely and clearly_not)
        if surely:
            assert birth == a and mine == hers == "day" and {sex_a, sex_b} != {"F", "M"}


@rolled_back
@pytest.mark.parametrize(("mine", "hers"), [("year", "day"), ("day", "year"), ("year", "year"), ("month", "day")])
def test_a_year_in_common_shows_nobody_to_an_office_that_could_not_see_her(mine: str, hers: str):
    """Somebody with a copy of a passport and a guess at her year learns nothing, and a namesake is not made one with her."""
    passport = [("passport", "B1234567")]
    first = registered("village", numbers=passport, birth_precision=hers)
    other = registered("hongkong", numbers=passport, birth_precision=mine, home_area="", presence=Stay("HKG"))
    assert other.outcome == "registered" and other.person_id != first.person_id
    with acting(actor("hongkong")):
        assert not Person.objects.filter(id=first.person_id).exists()
    with as_job("link"):
        assert Event.objects.get(kind="conflict").person_id == first.person_id, "two officers decide"


@rolled_back
def test_of_two_who_may_be_she_the_sure_one_is_named_and_without_one_neither():
    with acting(actor("reviewer")):
        bearers = [
            Person.objects.create(name="SITI NURHALIZA", sex="F", birth_date=birth, source="test", reach=["nation", "area:3212"])
            for birth in (None, date(1990, 5, 17))
        ]
        for person in bearers:
            Identifier.objects.create(person=person, kind="nik", value=NIK, index=index_of("nik", NIK), source="test")
    assert registered("dinas").person_id == bearers[1].id
    with acting(actor("reviewer")):
        Person.objects.filter(id=bearers[1].id).update(birth_precision="year")
    assert registered("dinas").outcome == "registered", "either might be the wrong one: a new record, and the reviewers look at all"
