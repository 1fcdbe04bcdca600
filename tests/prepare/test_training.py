"""Training: seats are never given twice, however many press at once; an enrolment is cancelled, completed or failed once."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.scope import acting
from selaras.people.actions.merging import merge
from selaras.people.actions.parties import enter_party
from selaras.people.faults import Unfit
from selaras.prepare.actions.training import (
    cancel_enrolment,
    close_course,
    complete_enrolment,
    enrol,
    open_course,
)
from selaras.prepare.models import Course, Enrolment
from selaras.prepare.queries.training import see_course, see_courses, see_training
from tests.cast import actor
from tests.people.someone import registered

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate


def announced(who: str = "dinas", **changes: Any) -> Course:
    with as_job("setup"):
        enter_party(kind="training", key="blk-indramayu", name="BLK Indramayu", country="IDN", area="3212")
    told = {
        "party": "blk-indramayu", "kind": "skill", "title": "Perawat lansia", "job": "elderly_carer", "seats": 5, "since": TODAY(),
        "until": TODAY() + timedelta(60), "payer": "government", "once": "k",
    }  # fmt: skip
    with acting(actor(who)):
        return open_course(**(told | changes))


def people(count: int) -> list[UUID]:
    return [registered("dinas", name=f"Wagiyem {chr(97 + n) * 3}", numbers=[]).person_id for n in range(count)]


def sat(course: Course, person_id: UUID, who: str = "dinas"):
    with acting(actor(who)):
        return enrol(course_id=course.pk, person_id=person_id)


def count(course: Course) -> tuple[int, int]:
    """The count that the course carries, and the seats that are really taken."""
    with acting(actor("reviewer")):
        return Course.objects.get(pk=course.pk).taken, Enrolment.objects.exclude(state="cancelled").count()


def press(course: Course, person_id: UUID, back: bool = False) -> str:
    try:
        with acting(actor("dinas")):
            if back:
                row = Enrolment.objects.filter(course=course, person_id=person_id).order_by("-at").first()
                if row is None:
                    return "none"
                cancel_enrolment(enrolment_id=row.id, words="sakit")
            else:
                enrol(course_id=course.pk, person_id=person_id)
        return "back" if back else "enrolled"
    except Refused as refusal:
        return refusal.code
    finally:
        connections.close_all()


def test_sixteen_at_once_with_double_clicks_take_no_more_seats_than_there_are():
    course, who = announced(seats=5), people(12)
    presses = who * 2
    Random(4).shuffle(presses)
    gate = threading.Barrier(16)

    def go(person_id: UUID) -> tuple[UUID, str]:
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(2)  # sixteen at once, as long as there are sixteen
        return person_id, press(course, person_id)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(go, presses))
    seated = {person_id for person_id, answer in answers if answer == "enrolled"}
    assert len(seated) == 5 and {answer for _, answer in answers} == {"enrolled", "course_full"}
    assert all({a for p, a in answers if p == person_id} == {"enrolled"} for person_id in seated), "a double click gets the same seat again"
    assert count(course) == (5, 5)


def test_enrolling_and_cancelling_at_once_keeps_the_count_true():
    course, who = announced(seats=3), people(8)
    moves = [(who[n % 8], chance < 0.4) for n, chance in enumerate(Random(7).random() for _ in range(80))]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda m: press(course, *m), moves))
    assert set(answers) <= {"enrolled", "back", "course_full", "none"}
    taken, standing = count(course)
    assert taken == standing and 0 <= taken <= 3


def test_the_database_itself_refuses_a_count_outside_the_seats():
    course = announced(seats=2)
    with acting(actor("dinas")):
        for wrong in (-1, 3):
            with pytest.raises(IntegrityError), transaction.atomic():
                Course.objects.filter(pk=course.pk).update(taken=wrong)


def test_an_enrolment_ends_once_and_a_cancelled_one_gives_its_seat_back():
    course, (one, two, three) = announced(seats=3), people(3)
    first, second = sat(course, one), sat(course, two)
    with acting(actor("dinas")):
        with pytest.raises(Refused, match="no_reason"):
            cancel_enrolment(enrolment_id=first.enrolment_id, words=" ")
        cancel_enrolment(enrolment_id=first.enrolment_id, words="Sakit")
        assert cancel_enrolment(enrolment_id=first.enrolment_id, words="Sakit").again
        with pytest.raises(Refused, match="enrolment_over"):
            complete_enrolment(enrolment_id=first.enrolment_id, passed=True, on=TODAY())
        complete_enrolment(enrolment_id=second.enrolment_id, passed=True, on=TODAY())
        with pytest.raises(Refused, match="enrolment_over"):
            complete_enrolment(enrolment_id=second.enrolment_id, passed=False, on=TODAY())
        with pytest.raises(Refused, match="enrolment_over"):
            cancel_enrolment(enrolment_id=second.enrolment_id, words="Salah")
    assert count(course) == (1, 1)
    assert sat(course, two).again, "who completed it is not enrolled anew"
    again = sat(course, one)
    assert not again.again and again.enrolment_id != first.enrolment_id
    with acting(actor("dinas")):
        with pytest.raises(Unfit):
            complete_enrolment(enrolment_id=again.enrolment_id, passed=True, on=TODAY() + timedelta(1))
        with pytest.raises(Unfit):
            complete_enrolment(enrolment_id=again.enrolment_id, passed=True, on=TODAY() - timedelta(1))
        her = see_training(one)
        assert [line.state for line in her.enrolments] == ["enrolled", "cancelled"] and her.free == ()
        assert see_training(three).free[0].left == 1


def test_who_did_not_complete_a_course_keeps_her_seat_and_takes_no_second_one():
    course, (one,) = announced(seats=2), people(1)
    first = sat(course, one)
    with acting(actor("dinas")):
        complete_enrolment(enrolment_id=first.enrolment_id, passed=False, on=TODAY())
        assert see_training(one).free == ()
    assert sat(course, one).again and count(course) == (1, 1)


def test_who_was_enrolled_under_a_record_merged_into_hers_takes_no_second_seat():
    course, (her, other) = announced(seats=2), people(2)
    sat(course, other)
    with acting(actor("reviewer")):
        merge(keep=her, lose=other, reason="satu orang")
    assert sat(course, her).again and count(course) == (1, 1)
    with acting(actor("dinas")):
        assert [line.state for line in see_training(other).enrolments] == ["enrolled"]


def test_only_the_office_that_announced_a_course_closes_it():
    course = announced()
    with acting(actor("bp3mi")), pytest.raises(Refused, match="not_your_course"):
        close_course(course_id=course.pk, words="Bukan kursus kami")
    with acting(actor("dinas")):
        assert close_course(course_id=course.pk, words="Pelatih berhalangan").state == "closed"


def test_a_course_that_is_closed_or_over_takes_nobody():
    course, (one, two) = announced(seats=3), people(2)
    sat(course, one)
    with acting(actor("dinas")):
        close_course(course_id=course.pk, words="Pelatih berhalangan")
        assert see_courses().total == 0 and see_courses(over=True).total == 1
        assert [line.person_id for line in see_course(course.pk).enrolled] == [one]
    with pytest.raises(Refused, match="course_closed"):
        sat(course, two)
    assert count(course) == (1, 1)


def test_each_fault_of_a_course_is_named():
    def faults(**changes: Any) -> set[tuple[str, str]]:
        with pytest.raises(Unfit) as wrong:
            announced(**changes)
        return {(f.field, f.code) for f in wrong.value.faults}

    assert faults(kind="magic") == {("kind", "unknown_course")} and faults(payer="nobody") == {("payer", "unknown_course_payer")}
    assert faults(title=" ") == {("title", "title_missing")} and faults(title="x" * 121) == {("title", "too_long")}
    assert faults(seats=0) == faults(seats=2001) == {("seats", "seats_absurd")}
    assert faults(until=TODAY() - timedelta(1)) == {("until", "ends_before_it_begins")}
    assert faults(since=TODAY() - timedelta(9), until=TODAY() - timedelta(1)) == {("until", "course_is_over")}
    assert faults(until=TODAY() + timedelta(2000)) == {("until", "course_too_long")}
    assert faults(kind="language") == {("language", "language_missing")}
    with as_job("setup"):
        enter_party(kind="clinic", key="klinik", name="Klinik", country="IDN")
    assert faults(party="klinik") == {("party", "no_training_body")}
    with pytest.raises(NotThere):
        announced(party="tidak-ada")


def test_whose_work_it_is():
    course, (one,) = announced(), people(1)
    assert announced().pk == course.pk, "the same press"
    with pytest.raises(Refused, match="not_your_role"):
        announced("village")
    with pytest.raises(Refused, match="not_your_role"):
        sat(course, one, "village")
    with pytest.raises(NotThere):
        sat(course, one, "desk")
    done = sat(course, one)
    with acting(actor("desk")):
        assert see_course(course.pk).enrolled == (), "the course is public, who sits in it is not"
        with pytest.raises(NotThere):
            cancel_enrolment(enrolment_id=done.enrolment_id, words="x")
