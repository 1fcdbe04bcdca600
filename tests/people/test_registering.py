"""Registering: each fault named; one person once; who stands out of reach is joined without a tell-tale."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.ground.act import Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.people.actions.registering import register
from selaras.people.faults import Unfit
from selaras.people.models import Event, Grant, Identifier, NameForm, Person, PersonKey, Presence
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.someone import NIK, PASSPORT, STAY, form, registered

rolled_back = pytest.mark.django_db(databases=["default", "ledger"])
committed = pytest.mark.usefixtures("committed")


def nation():
    return as_job("setup")


def codes(**changes):
    with pytest.raises(Unfit) as caught:
        registered(**changes)
    return [(f.field, f.code) for f in caught.value.faults]


@rolled_back
def test_a_person_needs_no_number_no_birth_date_and_no_place():
    answer = registered("taipei", birth_date=None, home_area="", numbers=[], sex="")
    with acting(actor("taipei")):
        person = Person.objects.get()
        assert person.id == answer.person_id and person.reach == sorted(person.reach)
    with acting(actor("hongkong")):
        assert not Person.objects.exists()


@rolled_back
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "  "}, ("name", "name_missing")),
        ({"name": "TIDAK ADA"}, ("name", "name_missing")),
        ({"name": "Abcdefghi " * 17}, ("name", "too_long")),
        ({"sex": "X", "numbers": []}, ("sex", "unknown_sex")),
        ({"birth_date": timezone.localdate() + timedelta(days=1), "numbers": []}, ("birth_date", "birth_to_come")),
        ({"birth_date": date(1899, 12, 31), "numbers": []}, ("birth_date", "birth_too_early")),
        ({"home_area": "3299"}, ("home_area", "unknown_area")),
        ({"numbers": [("nik", "321201570590001")]}, ("nik", "nik_length")),
        ({"numbers": [("nik", "9912015705900001")]}, ("nik", "nik_place")),
        ({"numbers": [("nik", "3212017205900001")]}, ("nik", "nik_date")),
        ({"numbers": [("nik", "3212015705900000")]}, ("nik", "nik_serial")),
        ({"numbers": [("nik", "3212015805900001")]}, ("nik", "nik_birth")),
        ({"numbers": [("nik", "3212011705900001")]}, ("nik", "nik_sex")),
        ({"numbers": [("passport", "12")]}, ("passport", "passport_form")),
        ({"numbers": [("phone", "12")]}, ("phone", "phone_form")),
        ({"numbers": [("kk", "1234")]}, ("kk", "kk_form")),
        ({"presence": Stay("XXX")}, ("country", "unknown_country")),
        ({"presence": Stay("TWN", district="MYS-TAWAU")}, ("district", "unknown_district")),
        ({"presence": Stay("TWN", since=date(2024, 2, 1), until=date(2024, 1, 1))}, ("until", "ends_before_it_begins")),
    ],
)
def test_each_fault_has_its_own_code(changes, expected):
    assert codes(**changes) == [expected]


@rolled_back
def test_several_faults_come_together_and_nobody_is_stored():
    assert codes(name="", numbers=[("nik", "1"), ("passport", "x")]) == [
        ("name", "name_missing"), ("nik", "nik_length"), ("passport", "passport_form"),
    ]
    with nation():
        assert not Person.objects.exists()


@rolled_back
def test_a_child_is_registered_and_a_birth_year_alone_is_enough():
    registered(birth_date=date(2020, 1, 1), birth_precision="year", numbers=[("nik", "3212015705200001")])
    with acting(actor("village")):
        assert Person.objects.get().birth_precision == "year"


@rolled_back
def test_everything_of_her_is_stored_sealed_and_within_reach():
    answer = registered(presence=STAY)
    with acting(actor("taipei")):
        person = Person.objects.get(id=answer.person_id)
        assert person.mother == "Kartini"
        assert {n.kind: n.value for n in Identifier.objects.all()} == {"nik": NIK, "passport": PASSPORT, "phone": "+6281234567890"}
        assert NameForm.objects.get().text == person.name
        assert Presence.objects.get().country_id == "TWN"
        assert set(Grant.objects.values_list("code", flat=True)) == {"area:3212012007", "abroad:TWN"}
        assert set(person.reach) == {"nation", f"person:{person.id}", "area:32", "area:3212", "area:321201", "area:3212012007", "abroad:TWN"}
        assert PersonKey.objects.count() > 5
        assert Event.objects.get().kind == "registered"
    with connection.cursor() as cursor, acting(actor("taipei")):
        cursor.execute("select value::text from people_identifier")
        assert not any(NIK in row[0] for row in cursor.fetchall())


@rolled_back
def test_an_office_sees_whom_it_registered_even_when_her_home_is_elsewhere():
    registered("desk", home_area="5203", numbers=[])
    with acting(actor("desk")):
        assert Person.objects.count() == 1
    with acting(actor("village")):
        assert not Person.objects.exists()


@rolled_back
def test_who_is_within_reach_already_is_named_with_her_id():
    first = registered("village")
    again = registered("dinas", name="SITI NURHALIZA")
    assert (again.person_id, again.outcome) == (first.person_id, "here")
    with nation():
        assert Person.objects.count() == 1


@rolled_back
def test_who_stands_out_of_reach_is_joined_with_the_same_answer():
    first = registered("village")
    joined = registered("hongkong", name="Siti Nurhaliza", home_area="", presence=Stay("HKG"))
    assert (joined.person_id, joined.outcome) == (first.person_id, "registered")
    with nation():
        assert Person.objects.count() == 1
    for who in ("village", "hongkong"):
        with acting(actor(who)):
            assert Person.objects.filter(id=first.person_id).exists()


@rolled_back
@pytest.mark.parametrize("changes", [{"name": "Wagiyem Sutrisno"}, {"birth_date": date(1990, 5, 18), "numbers": [("passport", PASSPORT)]}])
def test_a_dispute_makes_a_new_person_and_an_event_that_the_officer_cannot_see(changes):
    first = registered("village")
    other = registered("hongkong", home_area="", presence=Stay("HKG"), **changes)
    assert other.outcome == "registered" and other.person_id != first.person_id
    with acting(actor("hongkong")):
        assert [e.kind for e in Event.objects.all()] == ["registered"]
    with nation():
        assert Event.objects.get(kind="conflict").person_id == first.person_id


@rolled_back
def test_new_joined_and_disputed_do_the_same_work():
    registered("village")
    seen = {}
    for kind, who, changes in (
        ("new", "hongkong", {"numbers": [("nik", "3212015705900002"), ("passport", "C7654321"), ("phone", "0812111222333")]}),
        ("joined", "taipei", {}),
        ("disputed", "tawau", {"name": "Wagiyem Sutrisno"}),
    ):
        with acting(actor(who)), CaptureQueriesContext(connection) as queries:
            answer = register(**form(home_area="", presence=Stay("HKG"), **changes))
        assert answer.outcome == "registered"
        seen[kind] = [q["sql"].split("(")[0] if q["sql"].startswith("select") else " ".join(q["sql"].split()[:3]) for q in queries]
    assert len(seen["new"]) == len(seen["joined"]) == len(seen["disputed"])
    # the one statement that differs: her row is made, or widened
    differing = [(a, b) for a, b in zip(seen["new"], seen["joined"], strict=True) if a != b and "SAVEPOINT" not in a]
    assert differing == [('INSERT INTO "people_person"', 'UPDATE "people_person" SET')]


@rolled_back
def test_the_ledger_tells_new_and_joined_alike_and_holds_no_number():
    registered("village")
    registered("hongkong", home_area="", presence=Stay("HKG"))
    registered("taipei", home_area="", presence=Stay("TWN"), name="Orang Lain", numbers=[("passport", "X1234567")])
    with as_job("seal", reads_ledger=True):
        lines = list(LedgerLine.objects.filter(verb__startswith="people.").order_by("id"))
    assert [line.verb for line in lines] == ["people.join_reach", "people.register"] * 3
    assert {(line.verb, line.outcome, line.subject is None, *sorted(line.detail)) for line in lines} == {
        ("people.join_reach", "done", False, "by"), ("people.register", "done", False, "outcome"),
    }
    assert not any(n in str(vars(line)) for line in lines for n in (NIK, PASSPORT, "81234567890", "Siti", "Kartini"))


@rolled_back
def test_a_shared_telephone_or_family_card_joins_nobody():
    shared = [("kk", "3212011705900009"), ("phone", "0812 3456 7890")]
    first = registered(numbers=shared)
    second = registered("hongkong", home_area="", presence=Stay("HKG"), numbers=shared)
    assert first.person_id != second.person_id
    with nation():
        assert not Event.objects.filter(kind="conflict").exists()


@rolled_back
def test_the_same_form_sent_twice_is_answered_once():
    first = registered(numbers=[], once="form-1")
    assert registered(numbers=[], once="form-1") == first
    assert registered("dinas", numbers=[], once="form-1").person_id != first.person_id, "another officer's form is another form"
    with nation():
        assert Person.objects.count() == 2


@rolled_back
def test_registering_is_limited_per_officer(settings):
    settings.SELARAS_REGISTRATIONS_PER_HOUR = 2
    for n in (1, 2):
        registered(numbers=[], name=f"Orang {'AB'[n - 1]}adu")
    with pytest.raises(Refused, match="too_many_registrations"):
        registered(numbers=[])
    registered("dinas", numbers=[])


@rolled_back
@pytest.mark.parametrize("who", ["province", "reviewer", "data", "agency", "steering", "auditor", "admin"])
def test_who_may_not_register(who):
    with pytest.raises(Refused, match="not_your_role"):
        registered(who)


@committed
def test_eight_who_register_the_same_woman_at_once_make_one_person():
    people = ("village", "desk", "dinas", "bp3mi", "taipei", "hongkong", "tawau", "village")
    start, answers, faults = threading.Barrier(8), [], []
    for who in set(people):
        actor(who)

    def run(n: int, who: str) -> None:
        try:
            start.wait()
            answers.append(registered(who, home_area="", once=f"f{n}").person_id)
            answers.append(registered(who, home_area="", name=f"Orang {'ABCDEFGH'[n]}wan", numbers=[("passport", f"X200000{n}")]).person_id)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, who)) for n, who in enumerate(people)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not faults
    assert len(answers) == 16
    with nation():
        assert Person.objects.count() == len(set(answers)) == 9
        assert Identifier.objects.filter(kind="nik").count() == 1


@committed
def test_a_double_click_is_one_person():
    start, answers = threading.Barrier(4), []
    actor("village")

    def run() -> None:
        start.wait()
        answers.append(registered(numbers=[], once="klik").person_id)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(answers) == 4 and len(set(answers)) == 1
