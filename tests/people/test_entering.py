"""From the side: a person without any placement comes in, is seen by who must see her, and is there once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from selaras.ground.act import Refused
from selaras.ground.scope import acting
from selaras.people.actions.entering import enter_sideways
from selaras.people.faults import Unfit
from selaras.people.models import Journey, Person, Presence, SideEntry
from selaras.people.queries.journeys import entries_of
from selaras.people.telling import Told
from tests.cast import actor
from tests.people.someone import PASSPORT, registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
TODAY = timezone.localdate()
HER = Told("Rohmah binti Sakib", "F")


def enter(who="taipei", **changes):
    blank = {"kind": "lapor_diri", "on": TODAY, "told": HER, "country": "TWN"}
    with acting(actor(who)):
        return enter_sideways(**(blank | changes))


@pytest.mark.parametrize(
    ("kind", "country", "stay"),
    [
        ("refused_exit", "", None),
        ("lapor_diri", "TWN", ("report", TODAY, None)),
        ("complaint", "TWN", ("stated", TODAY, None)),
        ("deportation", "TWN", ("stated", None, TODAY)),
        ("death", "TWN", ("stated", None, TODAY)),
    ],
)
def test_each_way_in_needs_no_placement_and_says_where_she_was(kind, country, stay):
    answer = enter("bp3mi" if kind == "refused_exit" else "taipei", kind=kind, country=country, reason="catatan")
    with acting(actor("reviewer")):
        assert not Journey.objects.exists()
        found = [(p.kind, p.since, p.until) for p in Presence.objects.filter(person_id=answer.person_id)]
        assert found == ([stay] if stay else [])
        assert Person.objects.get().died_on == (TODAY if kind == "death" else None)
        (line,) = entries_of(answer.person_id)
        assert (line.kind, line.on, line.reason) == (kind, TODAY, "catatan")


def test_who_is_known_is_not_entered_again():
    known = registered("taipei", name="Rohmah binti Sakib", birth_date=None, home_area="", numbers=[("passport", PASSPORT)]).person_id
    answer = enter(numbers=[("passport", PASSPORT)])
    assert answer.person_id == known
    with acting(actor("taipei")):
        assert Presence.objects.filter(person_id=known, kind="report", country_id="TWN").count() == 1
    assert enter(person_id=known, told=None).entry_id == answer.entry_id
    again = enter(told=None, person_id=known, kind="complaint")
    assert again.person_id == known and again.entry_id != answer.entry_id


def test_the_form_that_is_sent_again_enters_nobody_twice():
    first = enter(once="e")
    again = enter(once="e")
    assert (again.person_id, again.entry_id, again.again) == (first.person_id, first.entry_id, True)
    with acting(actor("reviewer")):
        assert Person.objects.count() == 1 and SideEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "tourist"}, ("kind", "unknown_entry")),
        ({"on": TODAY + timedelta(days=1)}, ("on", "day_to_come")),
        ({"country": "XXX"}, ("country", "unknown_country")),
        ({"country": ""}, ("country", "unknown_country")),
        ({"told": None}, ("name", "name_missing")),
    ],
)
def test_each_fault_has_its_own_code(changes, expected):
    with pytest.raises(Unfit) as caught:
        enter(**changes)
    assert [(f.field, f.code) for f in caught.value.faults] == [expected]


def test_only_who_meets_them_takes_them_in():
    with pytest.raises(Refused, match="not_your_role"):
        enter("village")
