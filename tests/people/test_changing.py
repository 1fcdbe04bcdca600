"""Correcting, adding, merging: with history, nothing lost, exactly reversible."""

import json
import threading
from datetime import date
from uuid import UUID

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.scope import acting
from selaras.people.actions.adding import add_identifier, add_kin, add_name, add_presence
from selaras.people.actions.correcting import correct
from selaras.people.actions.merging import merge, unmerge
from selaras.people.actions.registering import register
from selaras.people.faults import Overtaken, Unfit
from selaras.people.models import Event, Grant, Identifier, Kin, NameForm, Person, PersonKey, Presence
from selaras.people.queries.surviving import merged_ids, surviving
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.someone import NIK, STAY, registered

rolled_back = pytest.mark.django_db(databases=["default", "ledger"])
committed = pytest.mark.usefixtures("committed")


@rolled_back
def test_correcting_keeps_before_and_after_sealed():
    her = registered().person_id
    with acting(actor("dinas")):
        done = correct(person_id=her, version=1, changes={"name": "Siti Nurhaliza", "mother": "Kartinah", "home_area": "3212"}, reason="KTP dilihat")
        assert (done.version, done.changed) == (2, ("name", "mother", "home_area"))
        told = Event.objects.get(kind="corrected")
        assert json.loads(told.before) == {"name": "Siti Nurhaliza binti Kasan", "mother": "Kartini", "home_area": "3212012007"}
        assert json.loads(told.after) == {"name": "Siti Nurhaliza", "mother": "Kartinah", "home_area": "3212"}
        assert {(n.text, n.kind) for n in NameForm.objects.all()} >= {("Siti Nurhaliza", "main"), ("Siti Nurhaliza binti Kasan", "former")}
    with acting(actor("village")):
        assert Person.objects.get().mother == "Kartinah", "her former village goes on seeing her"


@rolled_back
def test_two_who_correct_at_once_get_a_choice_and_nothing_is_lost():
    her = registered().person_id
    with acting(actor("village")):
        correct(person_id=her, version=1, changes={"birth_place": "Haurkolot"}, reason="a")
    with acting(actor("dinas")), pytest.raises(Overtaken) as caught:
        correct(person_id=her, version=1, changes={"birth_place": "Cirebon"}, reason="b")
    assert caught.value.now["birth_place"] == "Haurkolot" and caught.value.version == 2
    with acting(actor("dinas")):
        correct(person_id=her, version=2, changes={"birth_place": "Cirebon"}, reason="b")
        assert [json.loads(e.after)["birth_place"] for e in Event.objects.filter(kind="corrected").order_by("at")] == ["Haurkolot", "Cirebon"]


@committed
def test_of_two_corrections_in_the_same_moment_one_wins_and_one_is_told():
    her = registered().person_id
    start, outcomes = threading.Barrier(2), []

    def run(who: str) -> None:
        start.wait()
        try:
            with acting(actor(who)):
                correct(person_id=her, version=1, changes={"birth_place": who}, reason="x")
            outcomes.append("won")
        except Overtaken as fault:
            outcomes.append(fault.now["birth_place"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(who,)) for who in ("village", "dinas")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    with as_job("setup"):
        assert sorted(outcomes) == sorted(["won", Person.objects.get().birth_place])


@rolled_back
def test_correcting_to_the_same_changes_nothing():
    her = registered().person_id
    with acting(actor("village")):
        assert correct(person_id=her, version=1, changes={"sex": "F"}, reason="x").changed == ()
        assert Person.objects.get().version == 1 and not Event.objects.filter(kind="corrected").exists()


@rolled_back
@pytest.mark.parametrize(
    ("changes", "code"), [({"name": ""}, "name_missing"), ({"home_area": "3299"}, "unknown_area"), ({"died_on": date(1980, 1, 1)}, "died_before_birth")]
)
def test_a_correction_is_checked_like_a_registration(changes, code):
    her = registered().person_id
    with acting(actor("village")), pytest.raises(Unfit) as caught:
        correct(person_id=her, version=1, changes=changes, reason="x")
    assert [f.code for f in caught.value.faults] == [code]


@rolled_back
def test_out_of_reach_is_not_there_for_every_verb():
    her = registered().person_id
    here = registered("hongkong", name="Orang Hongkong", numbers=[], home_area="").person_id
    with acting(actor("hongkong")):
        for call in (
            lambda: correct(person_id=her, version=1, changes={"sex": "F"}, reason="x"),
            lambda: add_identifier(person_id=her, kind="passport", value="C7654321"),
            lambda: add_name(person_id=her, text="Siti"),
            lambda: add_presence(person_id=her, stay=STAY),
            lambda: add_kin(person_id=her, relation="child", other_name="Budi"),
            lambda: add_kin(person_id=here, relation="child", other_id=her),
        ):
            with pytest.raises(NotThere):
                call()


@rolled_back
def test_moving_country_never_blinds_the_mission_that_had_her():
    her = registered(presence=STAY).person_id
    with acting(actor("taipei")):
        add_presence(person_id=her, stay=Stay("MYS", "MYS-TAWAU", "worker", "arrival", date(2026, 1, 1)))
    for who in ("taipei", "tawau", "village"):
        with acting(actor(who)):
            assert Person.objects.filter(id=her).exists(), who
    with acting(actor("hongkong")):
        assert not Person.objects.filter(id=her).exists()


@rolled_back
def test_a_second_passport_is_added_and_a_repeated_one_is_one():
    her = registered().person_id
    with acting(actor("village")):
        assert not add_identifier(person_id=her, kind="passport", value="c 7654321").again
        assert add_identifier(person_id=her, kind="passport", value="C7654321").again
        assert sorted(Identifier.objects.filter(kind="passport").values_list("person_id", flat=True)) == [her, her]
        with pytest.raises(Unfit):
            add_identifier(person_id=her, kind="nik", value="3212011705900001")


@rolled_back
def test_a_number_that_another_bears_is_noted_for_the_reviewers_only():
    her = registered().person_id
    here = registered("hongkong", name="Orang Hongkong", sex="", birth_date=None, numbers=[], home_area="").person_id
    with acting(actor("hongkong")):
        assert not add_identifier(person_id=here, kind="nik", value=NIK).again
        assert not Event.objects.filter(kind="conflict").exists()
    with acting(actor("reviewer")):
        assert Event.objects.get(kind="conflict").person_id == her


@rolled_back
def test_a_name_form_widens_the_search():
    her = registered().person_id
    with acting(actor("village")):
        before = PersonKey.objects.count()
        assert not add_name(person_id=her, text="Noerhalizah", kind="former").again
        assert add_name(person_id=her, text="Noerhalizah").again
        assert PersonKey.objects.count() >= before


def everything() -> dict[str, list[str]]:
    rows = {}
    with as_job("setup"):
        for model, fields in {
            Person: ("id", "name", "merged_into_id", "reach"), NameForm: ("id", "person_id"), Identifier: ("id", "person_id", "index"),
            Presence: ("id", "person_id"), Kin: ("id", "person_id", "other_id"), Grant: ("id", "person_id", "code"), PersonKey: ("key", "person_id"),
        }.items():
            rows[model.__name__] = sorted(map(str, model.objects.values_list(*fields)))
    return rows


people = st.lists(
    st.fixed_dictionaries({
        "name": st.sampled_from(["Siti Aminah", "Sitti Aminah", "Budi", "Wayan Sudarsana"]),
        "numbers": st.lists(st.sampled_from([("passport", "B1234567"), ("passport", "C7654321"), ("phone", "081234567890")]), unique=True, max_size=3),
        "presence": st.sampled_from([None, STAY, Stay("HKG")]),
        "home_area": st.sampled_from(["", "3212012007", "5203"]),
        "birth_date": st.sampled_from([None, date(1990, 1, 1), date(1991, 2, 3)]),
    }),
    min_size=2, max_size=2,
)


@rolled_back
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(people, st.booleans())
def test_merge_then_unmerge_is_as_if_nothing_had_been(two, kin):
    with transaction.atomic():
        with as_job("setup"):
            # the job's national reach would find the first by her number: other numbers keep them two persons
            a = register(**two[0], sex="").person_id
            b = register(**(two[1] | {"numbers": [], "name": two[1]["name"]}), sex="").person_id
            for kind, value in two[1]["numbers"]:
                add_identifier(person_id=b, kind=kind, value=value)
            if kin:
                c = register(name="Kerabat", home_area="3212").person_id
                add_kin(person_id=b, relation="child", other_id=c)
                add_kin(person_id=c, relation="parent", other_id=b)
                add_kin(person_id=a, relation="sibling", other_id=b)
        before = everything()
        with acting(actor("reviewer")):
            done = merge(keep=a, lose=b, reason="sama")
            assert everything() != before
            assert surviving(b) == a and merged_ids([a]) == {b: a}
            unmerge(event_id=done.event_id, reason="keliru")
        assert everything() == before
        transaction.set_rollback(True)


@rolled_back
def test_the_survivor_has_what_both_had_and_is_seen_by_whoever_saw_either():
    a = registered(numbers=[("nik", NIK)], name="Siti Nurhaliza").person_id
    b = registered("hongkong", numbers=[("passport", "C7654321")], name="Siti Nurhaliza Kasan", home_area="", presence=Stay("HKG")).person_id
    with acting(actor("reviewer")):
        merge(keep=a, lose=b, reason="paspor dan KTP dilihat")
        assert set(Identifier.objects.filter(person_id=a).values_list("kind", flat=True)) == {"nik", "passport"}
        assert Presence.objects.get().person_id == a
        assert not PersonKey.objects.filter(person_id=b).exists()
        with pytest.raises(Refused, match="merged_away"):
            merge(keep=b, lose=a, reason="x")
        with pytest.raises(Refused, match="same_record"):
            merge(keep=a, lose=a, reason="x")
    for who in ("village", "hongkong"):
        with acting(actor(who)):
            assert Person.objects.filter(id=a).exists(), who
            with pytest.raises(Refused, match="not_your_role"):
                merge(keep=a, lose=b, reason="x")


@rolled_back
def test_a_merge_is_undone_once():
    a = registered(numbers=[]).person_id
    b = registered(numbers=[]).person_id
    with acting(actor("reviewer")):
        done = merge(keep=a, lose=b, reason="x")
        unmerge(event_id=done.event_id, reason="y")
        with pytest.raises(Refused, match="undone_already"):
            unmerge(event_id=done.event_id, reason="y")
        with pytest.raises(NotThere):
            unmerge(event_id=UUID(int=1), reason="y")


@rolled_back
def test_a_mission_to_which_she_went_after_a_merge_still_sees_her_when_it_is_undone():
    a = registered(numbers=[("nik", NIK)], name="Siti Nurhaliza").person_id
    b = registered("hongkong", numbers=[("passport", "C7654321")], name="Siti Nurhaliza Kasan", home_area="", presence=Stay("HKG")).person_id
    with acting(actor("reviewer")):
        done = merge(keep=a, lose=b, reason="x")
    with acting(actor("hongkong")):
        add_presence(person_id=a, stay=Stay("HKG"))
    with acting(actor("reviewer")):
        unmerge(event_id=done.event_id, reason="y")
    with acting(actor("hongkong")):
        assert set(Person.objects.values_list("id", flat=True)) == {a, b}
    with acting(actor("reviewer")):
        assert Presence.objects.filter(person_id=a).count() == 1
