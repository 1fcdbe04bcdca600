"""No day outside a person's life is written down: not before her birth, not after a recorded death; what came before the death stays possible."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from selaras.ground.act import Refused, as_job
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.actions.parties import enter_party
from selaras.people.faults import Unfit
from selaras.people.models import Person
from selaras.prepare.actions.letters import acknowledge_letter
from selaras.prepare.actions.outreach import hold_outreach, note_attendance
from selaras.prepare.actions.training import complete_enrolment, enrol, open_course
from selaras.prepare.lifetime import check_alive
from tests.cast import actor
from tests.people.someone import VILLAGE, registered

TODAY = timezone.localdate
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS, DAYS)
def test_a_day_is_written_down_exactly_when_it_lies_within_the_life(one, other, on):
    born, died = min(one, other), max(one, other)
    her = Person(birth_date=born, died_on=died)
    if born <= on <= died:
        check_alive(her, on)
    elif on < born:
        with pytest.raises(Unfit) as wrong:
            check_alive(her, on, "issued_on")
        assert [(f.field, f.code) for f in wrong.value.faults] == [("issued_on", "before_birth")]
    else:
        with pytest.raises(Refused, match="person_died"):
            check_alive(her, on)
    check_alive(her, None)
    check_alive(Person(), on)


def died(on: date):
    her = registered("village").person_id
    with acting(actor("dinas")):
        correct(person_id=her, version=Person.objects.get(id=her).version, changes={"died_on": on}, reason="akta kematian")
    return her


def session(on: date, once: str = "k"):
    return hold_outreach(on=on, area=VILLAGE, venue="Balai desa", items=["costs"], language="jv", women=2, men=0, once=once).pk


@pytest.mark.usefixtures("committed")
def test_she_came_to_no_session_before_her_birth_or_after_her_death():
    her = died(TODAY() - timedelta(5))
    with acting(actor("village")):
        with pytest.raises(Refused, match="person_died"):
            note_attendance(outreach_id=session(TODAY()), person_id=her)
        child = registered("village", name="Wagiyem", birth_date=TODAY(), numbers=[]).person_id
        with pytest.raises(Unfit) as wrong:
            note_attendance(outreach_id=session(TODAY() - timedelta(1), "b"), person_id=child)
        assert [(f.field, f.code) for f in wrong.value.faults] == [("session", "before_birth")]
        assert not note_attendance(outreach_id=session(TODAY() - timedelta(5), "c"), person_id=her).again


@pytest.mark.usefixtures("committed")
def test_no_letter_is_issued_to_the_dead_and_no_course_ends_after_her_death():
    with as_job("setup"):
        enter_party(kind="training", key="blk", name="BLK Uji", country="IDN")
    her = registered("village").person_id
    with acting(actor("dinas")):
        days = {"since": TODAY() - timedelta(30), "until": TODAY() + timedelta(30)}
        course = open_course(party="blk", kind="skill", title="Perawat", seats=3, payer="government", once="k", **days)
        seat = enrol(course_id=course.pk, person_id=her)
        correct(person_id=her, version=Person.objects.get(id=her).version, changes={"died_on": TODAY() - timedelta(9)}, reason="akta")
        with pytest.raises(Refused, match="person_died"):
            complete_enrolment(enrolment_id=seat.enrolment_id, passed=True, on=TODAY())
        complete_enrolment(enrolment_id=seat.enrolment_id, passed=True, on=TODAY() - timedelta(9))
        with pytest.raises(Refused, match="person_died"):
            acknowledge_letter(
                person_id=her, kind="permission_letter", number="1", issuer="Desa Haurkolot", issued_on=TODAY(), words="dilihat",
            )  # fmt: skip
