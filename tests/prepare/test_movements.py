"""The log of a village: anybody who left or came back, found in the register when she stands in it, never there twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.actions.merging import merge
from selaras.people.faults import Unfit
from selaras.people.models import Journey, Person, Presence
from selaras.people.telling import Stay, Told
from selaras.prepare.actions.movements import Moved, log_movement, take_back_movement
from selaras.prepare.models import Movement
from selaras.prepare.queries.village import see_log, see_movement, see_village
from tests.cast import actor
from tests.people.someone import NIK, VILLAGE, registered

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate
HER = Told("Siti Nurhaliza binti Kasan", "F", date(1990, 5, 17), home_area=VILLAGE)


def logged(who: str = "village", **changes: Any):
    """Write down that somebody left for Taiwan today, unless told otherwise."""
    moved = {"kind": "left", "on": TODAY(), "told_by": "family", "country": "TWN"}
    named = {k: changes.pop(k) for k in ("told", "numbers", "person_id", "once") if k in changes}
    with acting(actor(who)):
        return log_movement(moved=Moved(**(moved | changes)), **(named or {"told": HER}))


def faults(**changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(Unfit) as wrong:
        logged(**changes)
    return {(fault.field, fault.code) for fault in wrong.value.faults}


def test_somebody_without_a_journey_and_without_a_number_stands_in_the_log():
    done = logged(told=Told("Wagiyem", home_area=VILLAGE), country="", words="naik bus malam")
    with acting(actor("village")):
        log = see_log()
        assert [(m.name, m.kind, m.country, m.told_by) for m in log.rows] == [("Wagiyem", "left", "", "family")]
        assert see_log(nowhere=True).total == 1
        assert log.rows[0].home.startswith("Haurkolot") and Journey.objects.count() == 0
        assert see_village().left == 1 and see_village().returned == 0
        assert done.person_id == Person.objects.get().id
    with acting(actor("desk")):
        assert see_log().total == 0, "the desk of Cirebon sees nothing of Haurkolot"


def test_who_stands_in_the_register_is_found_and_not_made_twice():
    her = registered("dinas").person_id
    assert logged(told=HER, numbers=[("nik", NIK)]).person_id == her
    with acting(actor("village")):
        assert Person.objects.count() == 1
        stay = Presence.objects.get(country_id="TWN")
        assert (stay.kind, stay.since) == ("stated", TODAY())


def test_who_stands_out_of_reach_is_joined_and_then_seen():
    there = registered("hongkong", home_area="", numbers=[("nik", NIK)], presence=Stay("HKG")).person_id
    with acting(actor("village")):
        assert not Person.objects.filter(id=there).exists()
    assert logged(told=HER, numbers=[("nik", NIK)], kind="returned", country="HKG").person_id == there
    with acting(actor("village")):
        assert see_log().rows[0].person_id == there
        back = Presence.objects.get(kind="return")
        assert (back.country_id, back.until) == ("HKG", TODAY())


def test_pressed_by_eight_at_once_it_is_written_once():
    def press(_n: int) -> None:
        try:
            logged(told=HER, numbers=[("nik", NIK)], once="k")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    again = logged(told=HER, numbers=[("nik", NIK)], once="another form of the same day")
    assert again.again
    with acting(actor("village")):
        assert (Person.objects.count(), Movement.objects.count(), Presence.objects.count()) == (1, 1, 1)


def test_each_fault_of_a_line_is_named():
    assert faults(kind="flew") == {("kind", "unknown_movement")}
    assert faults(told_by="gossip") == {("told_by", "unknown_teller")}
    assert faults(on=TODAY() + timedelta(1)) == {("on", "day_to_come")}
    assert faults(on=date(1899, 1, 1)) == {("on", "day_too_early")}
    assert faults(on=date(1980, 1, 1)) == {("on", "before_birth")}
    assert faults(country="IDN") == faults(country="XQZ") == {("country", "unknown_country")}
    assert faults(district="HKG-KLN") == {("district", "unknown_district")}
    assert faults(told=None) == {("name", "name_missing")}
    with acting(actor("village")):
        assert Movement.objects.count() == 0 and Person.objects.count() == 0


def test_the_dead_do_not_leave():
    her = registered("village").person_id
    with acting(actor("dinas")):
        correct(person_id=her, version=Person.objects.get(id=her).version, changes={"died_on": date(2024, 1, 1)}, reason="akta kematian")
    with pytest.raises(Refused, match="person_died"):
        logged(person_id=her)
    assert logged(person_id=her, on=date(2023, 1, 1)).person_id == her


def test_the_same_line_under_a_record_merged_into_hers_is_there_once():
    her, other = registered("village").person_id, registered("village", name="Siti Nurhaliza", numbers=[]).person_id
    first = logged(person_id=other)
    with acting(actor("reviewer")):
        merge(keep=her, lose=other, reason="satu orang")
    assert logged(person_id=her).movement_id == first.movement_id


def test_a_wrong_line_is_taken_back_with_a_reason_and_stays_to_be_read():
    done = logged()
    with acting(actor("village")):
        with pytest.raises(Refused, match="no_reason"):
            take_back_movement(movement_id=done.movement_id, words="  ")
        take_back_movement(movement_id=done.movement_id, words="Salah orang")
        with pytest.raises(Refused, match="line_taken_back"):
            take_back_movement(movement_id=done.movement_id, words="Salah orang")
        (line,) = see_log().rows
        assert line.taken_back_by == actor("village").name and see_village().left == 0
        assert see_movement(line.id).taken_back_words == "Salah orang"
    right = logged()
    assert not right.again and right.movement_id != done.movement_id
    with acting(actor("desk")), pytest.raises(NotThere):
        take_back_movement(movement_id=done.movement_id, words="bukan wilayah saya")


def test_the_words_of_a_line_are_opened_with_the_line_alone():
    done = logged(words="ke rumah Ibu Kartini")
    with acting(actor("dinas")):
        assert [line.words for line in see_log().rows] == [""]
        assert see_movement(done.movement_id).words == "ke rumah Ibu Kartini"
    with acting(actor("auditor")):
        assert [line.subject for line in LedgerLine.objects.filter(verb="prepare.see_movement")] == [done.person_id]


def test_a_country_of_which_nobody_knew_is_told_later_and_a_known_one_is_not_written_over():
    first = logged(country="")
    with acting(actor("village")):
        assert not Presence.objects.exists(), "of a country that nobody knows no stay is written"
    known = logged(person_id=first.person_id, country="TWN")
    assert (known.movement_id, known.again) == (first.movement_id, False)
    assert logged(person_id=first.person_id, country="").again and logged(person_id=first.person_id).again
    with acting(actor("village")):
        assert see_log().rows[0].country == "TWN" and Presence.objects.get().country_id == "TWN" and see_log(nowhere=True).total == 0
    with pytest.raises(Refused, match="moved_elsewhere"):
        logged(person_id=first.person_id, country="HKG")
    with acting(actor("taipei")):
        assert Person.objects.filter(id=first.person_id).exists(), "now the mission sees her"


def test_the_ledger_has_ids_and_codes_only():
    done = logged(words="ke rumah Ibu Kartini", numbers=[("nik", NIK)], told=HER)
    with acting(actor("auditor")):
        line = LedgerLine.objects.get(verb="prepare.log_movement", outcome="done")
        assert line.subject == done.person_id and line.detail == {"kind": "left", "movement": str(done.movement_id), "again": False}
