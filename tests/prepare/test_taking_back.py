"""What was written down wrongly is taken back with a reason, in the ledger, and stays to be read: sessions, who came, ends, answers."""

import pytest
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.people.faults import Unfit
from selaras.prepare.actions.credits import answer_credit, take_back_credit_answer
from selaras.prepare.actions.outreach import take_back_attendance, take_back_outreach
from selaras.prepare.actions.signals import answer_signal, take_back_answer
from selaras.prepare.actions.training import complete_enrolment, take_back_end
from selaras.prepare.models import Attendance
from selaras.prepare.queries.credits import see_credit
from selaras.prepare.queries.outreach import open_outreach, see_outreach, see_told
from selaras.prepare.queries.signals import open_signal, see_signals
from selaras.prepare.queries.training import see_course, see_training
from tests.cast import actor
from tests.people.someone import registered
from tests.prepare.test_credits import asked, ready
from tests.prepare.test_outreach import came, held
from tests.prepare.test_signals import reported
from tests.prepare.test_training import announced, people, sat

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate


def told(verb: str) -> int:
    with acting(actor("auditor")):
        return LedgerLine.objects.filter(verb=f"prepare.{verb}", outcome="done").count()


def test_who_did_not_come_is_taken_back_and_may_come_again():
    her, session = registered("village").person_id, held()
    done = came(session, her)
    with acting(actor("desk")), pytest.raises(NotThere):
        take_back_attendance(attendance_id=done.attendance_id, words="bukan wilayah saya")
    with acting(actor("village")):
        with pytest.raises(Refused, match="no_reason"):
            take_back_attendance(attendance_id=done.attendance_id, words=" ")
        take_back_attendance(attendance_id=done.attendance_id, words="Yang datang kakaknya")
        with pytest.raises(Refused, match="line_taken_back"):
            take_back_attendance(attendance_id=done.attendance_id, words="lagi")
        assert open_outreach(session.pk).came == () and not any(line.first for line in see_told(her).lines)
        assert Attendance.objects.get().taken_back_words == "Yang datang kakaknya", "nothing is deleted"
    assert not came(session, her).again and told("take_back_attendance") == 1


def test_a_session_taken_back_counts_no_more_and_nobody_came_to_it():
    her, session = registered("village").person_id, held()
    came(session, her)
    with acting(actor("village")):
        take_back_outreach(outreach_id=session.pk, words="Batal karena banjir")
        found = see_outreach()
        assert (found.total, found.women, found.men) == (1, 0, 0) and found.rows[0].taken_back_by == actor("village").name
        assert found.rows[0].taken_back_words == "" and open_outreach(session.pk).line.taken_back_words == "Batal karena banjir"
        assert not any(line.first for line in see_told(her).lines) and see_told(her).sessions == ()
        with pytest.raises(Refused, match="line_taken_back"):
            take_back_outreach(outreach_id=session.pk, words="lagi")
    with pytest.raises(NotThere):
        came(session, her)
    assert told("take_back_outreach") == 1


def test_how_a_course_ended_is_taken_back_and_said_anew():
    course, (her,) = announced(), people(1)
    seat = sat(course, her).enrolment_id
    with acting(actor("dinas")):
        with pytest.raises(Refused, match="nothing_to_take_back"):
            take_back_end(enrolment_id=seat, words="x")
        complete_enrolment(enrolment_id=seat, passed=False, on=TODAY(), words="Tidak hadir ujian")
        take_back_end(enrolment_id=seat, words="Salah orang")
        (line,) = see_training(her).enrolments
        assert (line.state, line.ended_on, line.words) == ("enrolled", None, "")
        assert [(one.state, one.words, one.why, one.on) for one in line.earlier] == [("failed", "Tidak hadir ujian", "Salah orang", TODAY())]
        complete_enrolment(enrolment_id=seat, passed=True, on=TODAY())
        take_back_end(enrolment_id=seat, words="Belum ujian")
        assert [one.state for one in see_training(her).enrolments[0].earlier] == ["completed", "failed"]
        assert see_course(course.pk).enrolled[0].earlier == () and see_course(course.pk).line.taken == 1
    assert told("take_back_end") == 2


def test_an_answer_to_a_warning_is_taken_back_by_who_answers():
    row = reported()
    with acting(actor("bp3mi")):
        answer_signal(signal_id=row.pk, state="nothing", words="Tidak ada apa-apa")
        with pytest.raises(Unfit):
            take_back_answer(signal_id=row.pk, words="Hubungi 0812 3456 7890")
        take_back_answer(signal_id=row.pk, words="Ternyata ada")
        with pytest.raises(Refused, match="nothing_to_take_back"):
            take_back_answer(signal_id=row.pk, words="lagi")
        assert see_signals().waiting == 1
        answer_signal(signal_id=row.pk, state="passed_on", words="Diteruskan ke polsek")
    with acting(actor("village")):
        found = open_signal(row.pk)
        assert found.answer == "Diteruskan ke polsek" and [(one.state, one.words, one.why) for one in found.earlier] == [
            ("nothing", "Tidak ada apa-apa", "Ternyata ada")
        ]
        with pytest.raises(Refused, match="not_your_role"):
            take_back_answer(signal_id=row.pk, words="x")


def test_a_lender_takes_its_answer_back_unless_the_journey_asked_anew():
    journey = ready()
    first = asked(journey).request_id
    with acting(actor("lender")):
        answer_credit(request_id=first, granted=False, on=TODAY(), words="Kontrak belum dilegalisasi")
        take_back_credit_answer(request_id=first, words="Kontraknya sudah ada")
    with acting(actor("dinas")):
        (line,) = see_credit(journey).rows
        assert (line.state, line.answered_on, [one.why for one in line.earlier]) == ("asked", None, ["Kontraknya sudah ada"])
        with pytest.raises(Refused, match="not_your_role"):
            take_back_credit_answer(request_id=first, words="x")
    with acting(actor("lender")):
        answer_credit(request_id=first, granted=False, on=TODAY(), words="Tetap tidak")
    asked(journey, once="b")
    with acting(actor("lender")), pytest.raises(Refused, match="credit_asked_anew"):
        take_back_credit_answer(request_id=first, words="x")
    assert told("take_back_credit_answer") == 1
