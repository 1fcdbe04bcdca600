"""Verbs after departure: she arrived (lapor diri), works for somebody else, came home and why.

What she tells of herself is kept in any case, and where she is follows from it. The step of the journey is done where the law lets it: it
waits when what stands before it was never written down, such as a departure that an agency did not report.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import Refused, act, note
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.people.actions.answering import Form, form
from selaras.people.actions.facts import Scan, state_paper
from selaras.people.actions.stepping import (
    Held,
    NotYet,
    change,
    check_hers,
    hold,
    known_step,
    late_entry,
    papers_of,
    settle,
    write_down,
)
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Journey, JourneyStep
from selaras.people.places import country_known, district_country
from selaras.place.models import Report
from selaras.place.stays import ARRIVE, LEFT, RETURN, end_stay, open_stay

CHANGE = "change_employer"
CONSENT = "UU18:18"
PAPERS = {ARRIVE: "arrival_report", RETURN: "return_record", CHANGE: "new_contract"}
DEATH = "death"
WORDS, NAME, ADDRESS = 500, 160, 240


@dataclass(frozen=True, slots=True)
class Reported:
    """The answer to a report: whether the step of the journey is done with it, and whether the same stood there before."""

    report_id: UUID
    person_id: UUID
    kind: str
    state: str
    step_done: bool
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def report_arrival(
    *, journey_id: UUID, on: dt.date | None = None, country: str = "", district: str = "", words: str = "", once: str = ""
) -> Reported:
    """Report that she arrived (lapor diri), as she herself or the mission; from that day she is in that country. Once a journey.

    Refused: not_your_step, journey_over, day_to_come, day_before_its_turn. Raises Unfit for a country that is not known.
    """
    sent, held = _begin("report_arrival", journey_id, once)
    if (there := _there(held, sent, Report.Kind.ARRIVAL)) is not None:
        return there
    check_hers(known_step(held, ARRIVE))
    day = late_entry(on, held.passed_on().get(LEFT, held.journey.started_on))
    country = country or held.journey.country_id or ""
    if not country_known(country):
        raise Unfit([Fault("country", "unknown_country")])
    if district and district_country(district) != country:
        raise Unfit([Fault("country", "unknown_district")])
    row = _keep(held, Report.Kind.ARRIVAL, day, country=country, district=district, words=words)
    open_stay(held, country, district, day)
    return _answer(row, sent, held, _pass(held, ARRIVE, day))


@act
def report_return(*, journey_id: UUID, cause: str, on: dt.date | None = None, words: str = "", once: str = "") -> Reported:
    """Report that she came home and why, by one of the nine causes of article 27; from that day she is abroad no more. Once a journey."""
    sent, held = _begin("report_return", journey_id, once)
    if (there := _there(held, sent, Report.Kind.RETURN)) is not None:
        return there
    check_hers(known_step(held, RETURN))
    arrived = Report.objects.filter(journey_id=journey_id, kind=Report.Kind.ARRIVAL).first()
    dates = held.passed_on()
    earliest = arrived.on if arrived is not None else dates.get(ARRIVE) or dates.get(LEFT) or held.journey.started_on
    day = late_entry(on, earliest)
    if cause not in {row.id for row in law().causes_on(day)}:
        raise Unfit([Fault("cause", "unknown_cause")])
    if cause == DEATH and current().kind == "worker":
        raise Unfit([Fault("cause", "unknown_cause")])
    country = arrived.country_id if arrived is not None else held.journey.country_id
    row = _keep(held, Report.Kind.RETURN, day, country=country or "", cause=cause, words=words)
    end_stay(held, day)
    return _answer(row, sent, held, _pass(held, RETURN, day))


@act
def tell_employer(
    *, journey_id: UUID, employer: str, place: str = "", on: dt.date | None = None, words: str = "", once: str = ""
) -> Reported:
    """Tell, as the worker, that she works for somebody else now; the mission's officer takes it up with both sides (article 18)."""
    sent, held = _begin("tell_employer", journey_id, once)
    if (there := _there(held, sent, "")) is not None:
        return there
    day = late_entry(on, held.passed_on().get(LEFT, held.journey.started_on))
    row = _keep(held, Report.Kind.EMPLOYER, day, state=Report.State.TOLD, employer=_named(employer), place=place, words=words)
    return _answer(row, sent, held, False)


@act
def change_employer(
    *, journey_id: UUID, employer: str, place: str, consented: bool, scan: Scan | None, on: dt.date | None = None, words: str = "",
    once: str = "",
) -> Reported:  # fmt: skip
    """Write down, before the mission's officer, that she works for somebody else: both consent, and the new contract is there.

    What the worker told of it is taken up with it. Refused: no_consent, not_your_step, and why the step is not possible (NotYet).
    """
    sent, held = _begin("change_employer", journey_id, once)
    if (there := _there(held, sent, "")) is not None:
        return there
    rule = known_step(held, CHANGE)
    check_hers(rule)
    if not consented:
        raise Refused("no_consent", CONSENT)
    day = late_entry(on, held.passed_on().get(LEFT, held.journey.started_on))
    if held.now(rule.id) is None:
        raise NotYet(held.course.why_not(rule, held.passed, (), day))
    row = _keep(held, Report.Kind.EMPLOYER, day, employer=_named(employer), place=place, words=words)
    actor, now = current(), timezone.now()
    Report.objects.filter(journey_id=journey_id, state=Report.State.TOLD).update(
        state=Report.State.KEPT, taken_up_by=actor.address, taken_up_by_name=actor.name, taken_up_at=now
    )
    return _answer(row, sent, held, _pass(held, CHANGE, day, scan))


def _begin(what: str, journey_id: UUID, once: str) -> tuple[Form, Held]:
    sent = form(what, journey_id, once)
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    return sent, held


def _there(held: Held, sent: Form, kind: str) -> Reported | None:
    """Give what the same form was answered, or what was reported of a kind that comes once; refuse a journey that is over."""
    if before := sent.answered():
        row = Report.objects.get(id=before)
    else:
        row = Report.objects.filter(journey_id=held.journey.id, kind=kind).first() if kind else None
    if row is not None:
        note(again=True)
        return Reported(row.id, row.person_id, row.kind, row.state, False, again=True)
    if held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)
    return None


def _named(employer: str) -> str:
    told = " ".join(employer.split())[:NAME]
    if not told:
        raise Unfit([Fault("employer", "employer_missing")])
    return told


def _keep(
    held: Held, kind: str, on: dt.date, *, country: str = "", district: str = "", cause: str = "", employer: str = "", place: str = "",
    words: str = "", state: str = Report.State.KEPT,
) -> Report:  # fmt: skip
    actor = current()
    row = Report(
        journey=held.journey, person=held.person, kind=kind, state=state, on=on, country_id=country or None, district=district, cause=cause,
        employer=employer, place=" ".join(place.split())[:ADDRESS], words=" ".join(words.split())[:WORDS], by=actor.address,
        by_name=actor.name, office=actor.office, at=timezone.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    note(report=str(row.id), kind=kind, **({"cause": cause} if cause else {}))
    return row


def _pass(held: Held, step: str, day: dt.date, scan: Scan | None = None) -> bool:
    """Do the step with the report as its paper, where the law lets it be done on that day; say whether it is done."""
    rule, row = known_step(held, step), held.now(step)
    state_paper(held.her, held.journey, PAPERS[step], day, scan, anew=step == CHANGE)
    if row is None:
        return False
    if held.course.why_not(rule, held.passed, papers_of(held), day):
        return False
    write_down(row, JourneyStep.State.DONE, day)
    settle(held)
    change(held, "do_step", step)
    return True


def _answer(row: Report, sent: Form, held: Held, done: bool) -> Reported:
    sent.keep(held.person.id, row.id, row.kind)
    return Reported(row.id, row.person_id, row.kind, row.state, done)
