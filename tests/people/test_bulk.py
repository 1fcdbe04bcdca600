"""The bulk verb: twice is once, nothing is lost silently, people's corrections stay."""

import threading
from datetime import date
from uuid import UUID

import pytest
from django.db import connections

from selaras.ground.act import Refused, as_job
from selaras.ground.ledger import NAMED, named
from selaras.ground.models import LedgerLine, LedgerSubject
from selaras.ground.queries.ledger import verify_ledger
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.models import Grant, Identifier, NameForm, Person, PersonKey, Presence
from tests.cast import actor
from tests.ground.test_ledger import seal
from tests.people.frames import BUDI, SITI, numbers, persons, presences, upsert

pytestmark = pytest.mark.usefixtures("committed")


def everything():
    with as_job("link"):
        return {
            m.__name__: sorted(map(str, m.objects.values_list()))
            for m in (Person, NameForm, Identifier, PersonKey, Presence, Grant)
        }


def test_a_second_call_with_the_same_frames_writes_nothing():
    first = upsert()
    assert (first.persons_new, first.names, first.numbers, first.presences, first.grants) == (1, 2, 1, 1, 2)
    before = everything()
    second = upsert()
    assert (second.persons_new, second.persons_changed, second.persons_same) == (0, 0, 1)
    assert everything() == before


def test_the_person_is_seen_from_home_and_from_abroad():
    upsert()
    for who in ("village", "dinas", "province", "taipei", "reviewer"):
        with acting(actor(who)):
            assert Person.objects.get().name == "SITI AMINAH", who
    for who in ("hongkong", "desk", "agency"):
        with acting(actor(who)):
            assert not Person.objects.exists(), who


def test_values_rest_sealed_and_open_again():
    upsert()
    with acting(actor("village")):
        assert Person.objects.get().mother == "KARTINI"
        number = Identifier.objects.get()
        assert (number.value, number.kind, number.until) == ("3212015705900001", "nik", None)


def test_a_number_that_is_no_longer_given_is_ended_and_lives_again():
    upsert()
    changed = upsert(numbers=numbers({"kind": "passport", "value": "b 1234567"}))
    assert (changed.persons_changed, changed.numbers, changed.numbers_ended) == (1, 1, 1)
    with as_job("link"):
        rows = {n.kind: (n.value, n.until is None) for n in Identifier.objects.all()}
    assert rows == {"nik": ("3212015705900001", False), "passport": ("B1234567", True)}
    upsert()
    with as_job("link"):
        assert {n.kind: n.until is None for n in Identifier.objects.all()} == {"nik": True, "passport": False}


def test_a_presence_moves_with_its_register_row():
    upsert()
    both = persons({}, {"person_id": BUDI, "name": "BUDI", "home_area": "5203", "sex": "M"})
    done = upsert(persons=both, presences=presences({"person_id": BUDI}), numbers=numbers())
    assert (done.presences_moved, done.presences) == (1, 0)
    with as_job("link"):
        assert str(Presence.objects.get().person_id) == BUDI
    with acting(actor("taipei")):
        assert Person.objects.count() == 2, "grants accumulate: the mission that had her keeps her"


def test_a_change_is_written_and_found_by_the_new_name():
    upsert()
    done = upsert(persons=persons({"name": "SITI AMINAH WATI", "birth_date": date(1991, 5, 17)}))
    assert (done.persons_changed, done.persons_new) == (1, 0)
    with as_job("link"):
        person = Person.objects.get()
        assert (person.name, person.birth_date, person.version) == ("SITI AMINAH WATI", date(1991, 5, 17), 2)
        assert set(NameForm.objects.values_list("text", flat=True)) == {"SITI AMINAH", "SITTI AMINAH", "SITI AMINAH WATI"}


def test_unknown_homes_and_countries_are_counted_not_guessed():
    done = upsert(persons=persons({"home_area": "9999"}), presences=presences({"country": "XXX", "source_row": "S9"}))
    assert (done.unknown_homes, done.without_country, done.presences) == (1, 1, 0)
    with acting(actor("reviewer")):
        assert Person.objects.get().home_area_id is None
    for who in ("village", "province", "taipei"):
        with acting(actor(who)):
            assert not Person.objects.exists()


def test_one_ledger_line_with_every_subject():
    upsert(persons=persons({}, {"person_id": BUDI, "name": "BUDI"}), run="r1")
    with as_job("link", reads_ledger=True):
        line = LedgerLine.objects.get(verb="people.upsert_persons")
        assert (line.count, line.content[:7], line.detail["run"], line.detail["persons_new"]) == (2, "sha256:", "r1", 2)
        assert {str(s.subject) for s in LedgerSubject.objects.filter(line=line)} == {SITI, BUDI}
        assert line.detail[NAMED] == named(UUID(i).bytes for i in sorted((SITI, BUDI))), "the seal will cover them, too"


def test_the_subjects_of_a_call_in_chunks_hold_when_the_ledger_is_verified():
    rows = [{"person_id": str(UUID(int=n)), "name": f"ORANG {chr(65 + n)}"} for n in range(7)]
    upsert(persons=persons(*rows[:4]), names=None, numbers=None, presences=None)
    upsert(persons=persons(*reversed(rows)), names=None, numbers=None, presences=None, chunk=2)
    assert seal(2) >= 2
    with acting(actor("auditor")):
        assert verify_ledger().whole


def test_chunks_change_nothing_of_the_result():
    rows = [{"person_id": str(UUID(int=n)), "name": f"ORANG {chr(65 + n)}"} for n in range(7)]
    with as_job("link"):
        pass
    done = upsert(persons=persons(*rows), names=None, numbers=None, presences=None, chunk=3)
    assert (done.persons_new, upsert(persons=persons(*rows), names=None, numbers=None, presences=None, chunk=2).persons_same) == (7, 7)


def test_an_officer_may_not_call_it():
    with acting(actor("reviewer")), pytest.raises(Refused):
        from selaras.people.actions.bulk import upsert_persons

        upsert_persons(persons=persons())


@pytest.mark.parametrize("frame", [persons({}, {}), persons({"name": ""}), persons().drop("mother")])
def test_frames_that_cannot_be_right_are_refused_as_a_whole(frame):
    with pytest.raises(ValueError, match="persons:"):
        upsert(persons=frame)
    with as_job("link"):
        assert not Person.objects.exists()


def test_what_an_officer_corrects_while_a_run_writes_stays_as_she_wrote_it():
    upsert()

    def correcting() -> None:
        try:
            with acting(actor("village")):
                correct(person_id=UUID(SITI), version=1, changes={"name": "SITI AMINAH BINTI KASAN"}, reason="KTP dilihat")
        finally:
            connections.close_all()

    def meanwhile(stage: str, done: int, total: int | None) -> None:
        if done == 0:  # what is there of her has been read, and nothing has been written yet
            officer = threading.Thread(target=correcting)
            officer.start()
            officer.join(30)

    upsert(persons=persons({"name": "SITI AMINA"}, {"person_id": BUDI, "name": "BUDI"}), chunk=1, progress=meanwhile)
    with acting(actor("village")):
        assert Person.objects.get(id=SITI).name == "SITI AMINAH BINTI KASAN"
