"""Verbs on training: open a course with its seats, close it, enrol a person, and say how it ended.

The count of seats moves in one statement that asks for room at the same time: two who take the last seat at once wait for each other
there, and the second is told that it is gone.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.keyring import ring
from selaras.ground.scope import current
from selaras.people.actions.correcting import locked
from selaras.people.actions.parties import locked_party
from selaras.people.actions.stepping import check_reason
from selaras.people.actions.writing import lock
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Person
from selaras.people.queries.parties import stands_on
from selaras.people.queries.surviving import hers, surviving
from selaras.prepare.lifetime import check_alive
from selaras.prepare.models import Course, Enrolment
from selaras.prepare.taking_back import keep_earlier

State = Enrolment.State
TITLE, JOB, LANGUAGE, MOST = 120, 60, 40, 2000
LONGEST = dt.timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Seat:
    """The answer about an enrolment, and whether it stood there before."""

    person_id: UUID
    enrolment_id: UUID
    state: str
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def open_course(
    *, party: str, kind: str, title: str, seats: int, since: dt.date, until: dt.date, payer: str, once: str, job: str = "", language: str = ""
) -> Course:
    """Announce a course of a training body with its seats. The same press twice announces it once."""
    title, job, language = (" ".join(text.split()) for text in (title, job, language))
    faults = _faults(kind, title, job, language, seats, since, until, payer)
    if faults:
        raise Unfit(faults)
    body = locked_party(party)
    if body.kind != "training":
        raise Unfit([Fault("party", "no_training_body")])
    problem = stands_on(body.pk, timezone.localdate()).get("problem")
    if problem is not None:
        raise Refused("party_has_problem", problem.basis, party=body.name, since=problem.since.isoformat())
    actor = current()
    lock([ring().index_of("course", f"{actor.address}\0{once}")])  # the second press waits here for the first
    row = Course.objects.filter(by=actor.address, once=once).first()
    if row is None:
        row = Course.objects.create(
            party=body, kind=kind, title=title, job=job, language=language, seats=seats, since=since, until=until, payer=payer,
            by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now(), once=once,
        )  # fmt: skip
    note(course=str(row.pk), party=body.key, count=row.seats)
    return row


def _faults(kind: str, title: str, job: str, language: str, seats: int, since: dt.date, until: dt.date, payer: str) -> list[Fault]:
    faults = []
    if kind not in Course.Kind.values:
        faults.append(Fault("kind", "unknown_course"))
    if payer not in Course.Payer.values:
        faults.append(Fault("payer", "unknown_course_payer"))
    if not title:
        faults.append(Fault("title", "title_missing"))
    for field, text, most in (("title", title, TITLE), ("job", job, JOB), ("language", language, LANGUAGE)):
        if len(text) > most:
            faults.append(Fault(field, "too_long", {"most": most}))
    if kind == Course.Kind.LANGUAGE and not language:
        faults.append(Fault("language", "language_missing"))
    if not 1 <= seats <= MOST:
        faults.append(Fault("seats", "seats_absurd", {"most": MOST}))
    if until < since:
        faults.append(Fault("until", "ends_before_it_begins"))
    elif until < timezone.localdate():
        faults.append(Fault("until", "course_is_over"))
    elif until - since > LONGEST:
        faults.append(Fault("until", "course_too_long"))
    return faults


@act
def close_course(*, course_id: UUID, words: str) -> Course:
    """Take no more enrolments into a course; who is enrolled stays. Closed twice is closed once."""
    words = check_reason(words)
    row = Course.objects.select_for_update(no_key=True).filter(pk=course_id).first()
    if row is None:
        raise NotThere("not there")
    actor = current()
    if not actor.national and row.office != actor.office:
        raise Refused("not_your_course", title=row.title, office=row.office or row.by_name)
    if row.state == Course.State.OPEN:
        row.state, row.closed_at, row.closed_by_name, row.closed_words = Course.State.CLOSED, timezone.now(), actor.name, words
        row.save(update_fields=["state", "closed_at", "closed_by_name", "closed_words"])
    note(course=str(row.pk))
    return row


KEEPS = (State.ENROLLED, State.COMPLETED, State.FAILED)
"""Who was there to the end keeps her seat, whatever came of it."""


@act
def enrol(*, course_id: UUID, person_id: UUID) -> Seat:
    """Enrol a person within reach, taking one seat; who is enrolled or has ended the course stands there once."""
    her = locked(person_id)
    note(subject=her.id, course=str(course_id))
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise NotThere("not there")
    there = Enrolment.objects.filter(course=course, person_id__in=hers(her.id), state__in=KEEPS).first()
    if there is not None:
        return _seat(there, again=True)
    check_alive(her, timezone.localdate())
    if course.state != Course.State.OPEN or course.until < timezone.localdate():
        raise Refused("course_closed", title=course.title)
    free = Course.objects.filter(pk=course.pk, state=Course.State.OPEN, taken__lt=F("seats"))
    if not free.update(taken=F("taken") + 1):
        raise Refused("course_full", title=course.title)
    actor = current()
    row = Enrolment(course=course, person=her, by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now())
    row.save(force_insert=True)
    return _seat(row)


@act
def cancel_enrolment(*, enrolment_id: UUID, words: str) -> Seat:
    """Cancel an enrolment and give its seat back, with the reason; cancelled twice gives one seat back."""
    words = check_reason(words)
    row = _held(enrolment_id)
    if row.state == State.CANCELLED:
        return _seat(row, again=True)
    if row.state != State.ENROLLED:
        raise Refused("enrolment_over", who=row.ended_by_name)
    _end(row, State.CANCELLED, timezone.localdate(), words)
    Course.objects.filter(pk=row.course_id).update(taken=F("taken") - 1)
    return _seat(row)


@act
def complete_enrolment(*, enrolment_id: UUID, passed: bool, on: dt.date, words: str = "") -> Seat:
    """Say that a person completed the course or did not. The certificate is a paper of hers, kept and verified where papers are."""
    row = _held(enrolment_id)
    state = State.COMPLETED if passed else State.FAILED
    if row.state == state:
        return _seat(row, again=True)
    if row.state != State.ENROLLED:
        raise Refused("enrolment_over", who=row.ended_by_name)
    if on > timezone.localdate():
        raise Unfit([Fault("on", "day_to_come")])
    if on < row.course.since:
        raise Unfit([Fault("on", "before_course", {"since": row.course.since.isoformat()})])
    check_alive(Person.objects.get(id=surviving(row.person_id)), on)
    _end(row, state, on, " ".join(words.split())[:300])
    return _seat(row)


@act
def take_back_end(*, enrolment_id: UUID, words: str) -> Seat:
    """Take back how a course was said to have ended, with the reason: she is enrolled again, and what was said stays to be read."""
    words = check_reason(words)
    row = _held(enrolment_id)
    if row.state not in (State.COMPLETED, State.FAILED):  # after a cancelling the seat may be gone: she is enrolled anew
        raise Refused("nothing_to_take_back")
    keep_earlier(row, words, state=row.state, words=row.words, by=row.ended_by_name, on=row.ended_on)
    row.state, row.ended_on, row.ended_by_name, row.words = State.ENROLLED, None, "", ""
    row.save(update_fields=["state", "ended_on", "ended_by_name", "words", "earlier"])
    return _seat(row)


def _held(enrolment_id: UUID) -> Enrolment:
    """Give an enrolment of a person within reach, locked behind her record."""
    person_id = Enrolment.objects.filter(id=enrolment_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise NotThere("not there")
    Person.objects.select_for_update(of=("self",)).get(id=person_id)
    found: Enrolment = Enrolment.objects.select_related("course").get(id=enrolment_id)
    return found


def _end(row: Enrolment, state: str, on: dt.date, words: str) -> None:
    row.state, row.ended_on, row.ended_by_name, row.words = state, on, current().name, words
    row.save(update_fields=["state", "ended_on", "ended_by_name", "words"])


def _seat(row: Enrolment, *, again: bool = False) -> Seat:
    note(subject=row.person_id, enrolment=str(row.id), state=row.state, again=again)
    return Seat(row.person_id, row.id, row.state, again)
