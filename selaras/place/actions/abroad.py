"""Verbs after departure: she arrived (lapor diri), works for somebody else, came home and why.

What she tells of herself is kept in any case, and where she is follows from it. The step of the journey is done where the law lets it: it
waits when what stands before it was never written down, such as a departure that an agency did not report.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.law.load import law
from selaras.people.actions.answering import Form, form
from selaras.people.actions.facts import Scan, refuse_paper
from selaras.people.actions.stepping import Held, NotYet, change, check_hers, check_reason, hold, known_step, settle
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Journey, Party
from selaras.people.places import country_known, district_country
from selaras.place.deaths import DEATH, death_day, unsay_death, write_death
from selaras.place.models import Report
from selaras.place.reporting import (
    ADDRESS,
    CHANGE,
    NAME,
    PAPERS,
    STEPS,
    WORDS,
    check_day,
    fulfil,
    in_force,
    keep_report,
    may_amend,
    open_again,
    unreported,
)
from selaras.place.stays import ARRIVE, RETURN, end_stay, open_stay, unsay_stay

CONSENT = "UU18:18"
EMPLOYERS = (Party.Kind.EMPLOYER, Party.Kind.PRINCIPAL)
Kind = Report.Kind


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

    The same told again changes nothing. Refused: reported_already (what stands says otherwise: correct_report), not_your_step, journey_over,
    day_to_come, day_before_its_turn, day_after_the_next. Raises Unfit for a country that is not known.
    """
    sent, held = _begin("report_arrival", journey_id, once)
    told = {"country": country, "district": district, "words": _short(words)}
    if (there := _there(held, sent, Kind.ARRIVAL, on, told)) is not None:
        return there
    check_hers(known_step(held, ARRIVE))
    day = check_day(held, Kind.ARRIVAL, on)
    told["country"] = country or held.journey.country_id or ""
    _check(Kind.ARRIVAL, day, told)
    row = keep_report(held, Kind.ARRIVAL, day, told)
    open_stay(held, told["country"], district, day)
    return _answer(row, sent, held, fulfil(held, row))


@act
def report_return(
    *, journey_id: UUID, cause: str, on: dt.date | None = None, died_on: dt.date | None = None, words: str = "", once: str = ""
) -> Reported:
    """Report that she came home and why, by one of the nine causes of article 27; from that day she is abroad no more. Once a journey.

    The same told again changes nothing. When the cause is death, the register learns its day (`died_on`, else the day of the return), and
    her journeys end. An arrival that was never reported is passed, and says so. Refused: as report_arrival.
    """
    sent, held = _begin("report_return", journey_id, once)
    told = {"cause": cause, "words": _short(words)}
    if (there := _there(held, sent, Kind.RETURN, on, told)) is not None:
        return there
    check_hers(known_step(held, RETURN))
    day = check_day(held, Kind.RETURN, on)
    _check(Kind.RETURN, day, told)
    arrived = in_force(journey_id, Kind.ARRIVAL).first()
    told["country"] = (arrived.country_id if arrived is not None else held.journey.country_id) or ""
    told["died_on"] = death_day(held, cause, day, died_on)
    row = keep_report(held, Kind.RETURN, day, told)
    end_stay(held, day)
    done = fulfil(held, row)
    write_death(held, row)
    return _answer(row, sent, held, done)


@act
def tell_employer(
    *, journey_id: UUID, employer: str = "", party: str = "", place: str = "", on: dt.date | None = None, words: str = "", once: str = ""
) -> Reported:
    """Tell, as the worker, that she works for somebody else now; the mission's officer takes it up with both sides (article 18)."""
    sent, held = _begin("tell_employer", journey_id, once)
    told = _employer(employer, party, place) | {"words": _short(words), "state": Report.State.TOLD}
    if (there := _there(held, sent, "", on, told)) is not None:
        return there
    row = keep_report(held, Kind.EMPLOYER, check_day(held, Kind.EMPLOYER, on), told)
    return _answer(row, sent, held, False)


@act
def change_employer(
    *, journey_id: UUID, employer: str = "", place: str, consented: bool, scan: Scan | None, party: str = "", on: dt.date | None = None,
    words: str = "", once: str = "",
) -> Reported:  # fmt: skip
    """Write down, before the mission's officer, that she works for somebody else: both consent, and the new contract is there.

    From that day this is her employer: one of the register by its key (`party`), or by name. What she told of it is taken up with it.
    Refused: no_consent, not_your_step, day_before_its_turn (before she arrived, or before an earlier change), and why it is not possible
    (NotYet).
    """
    sent, held = _begin("change_employer", journey_id, once)
    told = _employer(employer, party, place) | {"words": _short(words), "state": Report.State.KEPT}
    if (there := _there(held, sent, "", on, told)) is not None:
        return there
    rule = known_step(held, CHANGE)
    check_hers(rule)
    if not consented:
        raise Refused("no_consent", CONSENT)
    if held.now(rule.id) is None:
        raise NotYet(held.course.why_not(rule, held.passed, (), on or timezone.localdate()))
    row = keep_report(held, Kind.EMPLOYER, check_day(held, Kind.EMPLOYER, on), told)
    actor = current()
    in_force(journey_id, Kind.EMPLOYER).filter(state=Report.State.TOLD).update(
        state=Report.State.KEPT, taken_up_by=actor.address, taken_up_by_name=actor.name, taken_up_at=row.at
    )
    return _answer(row, sent, held, fulfil(held, row, scan))


@act
def correct_report(
    *, report_id: UUID, reason: str, on: dt.date, country: str = "", district: str = "", cause: str = "", employer: str = "", place: str = "",
    party: str = "", died_on: dt.date | None = None, words: str = "", once: str = "",
) -> Reported:  # fmt: skip
    """Put what is true in the place of a report that is not, with the reason; what was said first stays readable.

    Where she is, the day of the step and the paper follow. Refused: no_reason, not_your_report, report_ended, nothing_to_correct, day_*,
    journey_over (unless the day and the place stay).
    """
    sent, held, row = _hold_report("correct_report", report_id, once)
    if before := sent.answered():
        return _again(Report.objects.get(id=before))
    reason = _amendable(row, reason)
    died = row.died_on
    held = unsay_death(held, row)
    told: dict[str, Any] = {"words": _short(words), "state": row.state}
    if row.kind == Kind.ARRIVAL:
        told |= {"country": country, "district": district}
    elif row.kind == Kind.RETURN:
        told |= {"cause": cause, "country": row.country_id or "", "died_on": death_day(held, cause, on, died_on)}
    else:
        told |= _employer(employer, party, place)
    stood = {"country": row.country_id or "", "district": row.district, "cause": row.cause, "employer": row.employer, "place": row.place}
    moved = on != row.on or any(stood[name] != told[name] for name in ("country", "district") if name in told)
    same = (told.get("died_on"), told.get("party")) == (died, row.party)
    if not moved and same and all(stood[name] == told[name] for name in stood if name in told) and told["words"] == row.words:
        raise Refused("nothing_to_correct")
    if moved and held.journey.state != Journey.State.OPEN:
        raise Refused("journey_over", state=held.journey.state)
    day = check_day(held, row.kind, on, instead_of=row) if moved else row.on
    _check(row.kind, day, told)
    _end(row, reason)
    new = keep_report(held, row.kind, day, told, corrects=row)
    if moved and row.kind != Kind.EMPLOYER:
        unsay_stay(held, row)
        if row.kind == Kind.ARRIVAL:
            open_stay(held, told["country"], told["district"], day)
        else:
            end_stay(held, day)
    if new.state == Report.State.KEPT and day != row.on:
        step = held.last(STEPS[row.kind])
        if step is not None and step.done_on == row.on:  # this report's own turn of a step that may be done again
            step.done_on = day
            step.save(update_fields=["done_on"])
            if held.journey.state == Journey.State.OPEN:
                settle(held)
    done = fulfil(held, new) if row.kind != Kind.EMPLOYER else False
    if not done and held.journey.state == Journey.State.OPEN:
        change(held, "correct_report", STEPS[row.kind])
    write_death(held, new)
    return _answer(new, sent, held, done)


@act
def take_back_report(*, report_id: UUID, reason: str, once: str = "") -> Reported:
    """Take back a report of what never happened, with the reason; its step is open again, and where she is follows.

    Refused: no_reason, not_your_report, report_ended, journey_over, later_report_stands, later_step_done.
    """
    sent, held, row = _hold_report("take_back_report", report_id, once)
    if before := sent.answered():
        return _again(Report.objects.get(id=before))
    reason = _amendable(row, reason)
    held = unsay_death(held, row)
    is_open = held.journey.state == Journey.State.OPEN
    if not is_open and not (row.cause == DEATH and held.journey.state == Journey.State.DIED):
        raise Refused("journey_over", state=held.journey.state)
    later = in_force(row.journey_id).filter(state=Report.State.KEPT).exclude(id=row.id)
    if row.kind == Kind.ARRIVAL and (rest := later.first()) is not None:
        raise Refused("later_report_stands", kind=rest.kind, on=rest.on)
    _end(row, reason)
    if row.kind == Kind.EMPLOYER:  # what she told of it waits for an answer again
        in_force(row.journey_id, Kind.EMPLOYER).filter(taken_up_at=row.at).update(
            state=Report.State.TOLD, taken_up_by="", taken_up_by_name="", taken_up_at=None
        )
    if row.state == Report.State.KEPT:
        refuse_paper(held.journey, PAPERS[STEPS[row.kind]], row.on, reason)
        last = held.last(STEPS[row.kind])
        if is_open and last is not None and last.done_on == row.on:
            open_again(held, STEPS[row.kind], reason)
            if row.kind == Kind.RETURN and unreported(held) is not None:
                open_again(held, ARRIVE, reason)
    if row.kind != Kind.EMPLOYER:
        unsay_stay(held, row)
    change(held, "take_back_report", STEPS[row.kind])
    return _answer(row, sent, held, False)


def _begin(what: str, journey_id: UUID, once: str) -> tuple[Form, Held]:
    sent = form(what, journey_id, once)
    held = hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id))
    return sent, held


def _hold_report(what: str, report_id: UUID, once: str) -> tuple[Form, Held, Report]:
    """Give a report within reach behind the lock on its person."""
    journey_id = Report.objects.filter(id=report_id).values_list("journey_id", flat=True).first()
    if journey_id is None:
        raise NotThere("not there")
    sent, held = form(what, report_id, once), hold(journey_id)
    note(subject=held.person.id, journey=str(journey_id), report=str(report_id))
    return sent, held, Report.objects.get(id=report_id)


def _amendable(row: Report, reason: str) -> str:
    if row.ended_at is not None:
        raise Refused("report_ended", who=row.ended_by_name, at=row.ended_at)
    if not may_amend(row, current()):
        raise Refused("not_your_report", who=row.by_name)
    return check_reason(reason)


def _end(row: Report, reason: str) -> None:
    actor = current()
    row.ended_at, row.ended_by, row.ended_by_name, row.ended_why = timezone.now(), actor.address, actor.name, reason
    row.save(update_fields=["ended_at", "ended_by", "ended_by_name", "ended_why"])


def _there(held: Held, sent: Form, kind: str, on: dt.date | None, told: dict[str, Any]) -> Reported | None:
    """Give what the same form was answered, or what was reported alike before; refuse what differs from it, and a journey that is over.

    Of arrival and return one alone is in force; a change of employer is the same when it names the same one since the same day.
    """
    if before := sent.answered():
        return _again(Report.objects.get(id=before))
    day = on or timezone.localdate()
    if kind:
        row = in_force(held.journey.id, kind).first()
        if row is not None and not _alike(row, day, told):
            raise Refused("reported_already", kind=row.kind, on=row.on, country=row.country_id or "", cause=row.cause, who=row.by_name)
    else:
        rows = in_force(held.journey.id, Kind.EMPLOYER).filter(on=day, state=told["state"])
        row = next((r for r in rows if not r.taken_up_by and _alike(r, day, told)), None)
    if row is not None:
        return _again(row)
    home_dead = kind == Kind.RETURN and told.get("cause") == DEATH and held.journey.state == Journey.State.DIED
    if held.journey.state != Journey.State.OPEN and not home_dead:
        raise Refused("journey_over", state=held.journey.state)
    return None


def _alike(row: Report, day: dt.date, told: dict[str, Any]) -> bool:
    """Say whether a report says what is told now; what is left empty now is no other word."""
    stood = {
        "country": row.country_id or "", "district": row.district, "cause": row.cause, "employer": row.employer, "place": row.place,
        "words": row.words, "state": row.state, "party": row.party,
    }  # fmt: skip
    return row.on == day and all(value in ("", None, stood[name]) for name, value in told.items())


def _check(kind: str, day: dt.date, told: dict[str, Any]) -> None:
    """Refuse a country, a place or a cause that is not known; nobody reports her own death."""
    if kind == Kind.ARRIVAL:
        if not country_known(told["country"]):
            raise Unfit([Fault("country", "unknown_country")])
        if told["district"] and district_country(told["district"]) != told["country"]:
            raise Unfit([Fault("country", "unknown_district")])
    elif kind == Kind.RETURN and (
        told["cause"] not in {row.id for row in law().causes_on(day)} or (told["cause"] == DEATH and current().kind == "worker")
    ):
        raise Unfit([Fault("cause", "unknown_cause")])


def _employer(employer: str, key: str, place: str) -> dict[str, Any]:
    """Give who employs her as a report keeps it: one of the register, or the words in which it was named."""
    told = " ".join(employer.split())[:NAME]
    party = Party.objects.filter(key=key, kind__in=EMPLOYERS).first() if key else None
    if key and party is None:
        raise Unfit([Fault("party", "unknown_party")])
    if not told and (party is None or party.individual):
        raise Unfit([Fault("employer", "employer_missing")])
    name = told if party is None or party.individual else party.name  # a household stands in the register without its name
    return {"employer": name, "party": party, "place": _place(place) or (party.address if party else "")}


def _place(text: str) -> str:
    return " ".join(text.split())[:ADDRESS]


def _short(text: str) -> str:
    return " ".join(text.split())[:WORDS]


def _again(row: Report) -> Reported:
    note(again=True)
    return Reported(row.id, row.person_id, row.kind, row.state, False, again=True)


def _answer(row: Report, sent: Form, held: Held, done: bool) -> Reported:
    sent.keep(held.person.id, row.id, row.kind)
    return Reported(row.id, row.person_id, row.kind, row.state, done)
