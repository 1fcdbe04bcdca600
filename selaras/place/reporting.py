"""Reports after departure, as the verbs on them share it: which are in force, on which days they may lie, and the step each fulfils."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from selaras.ground.act import Refused, may, note
from selaras.ground.models import KeptFile
from selaras.ground.scope import Actor, current
from selaras.people.actions.facts import Scan, state_paper
from selaras.people.actions.stepping import Held, change, known_step, late_entry, papers_of, settle, write_down
from selaras.people.actions.steps import give_back
from selaras.people.models import JourneyStep
from selaras.place.models import Report
from selaras.place.stays import ARRIVE, LEFT, RETURN

CHANGE, EXTEND = "change_employer", "extend"
Kind = Report.Kind
STEPS: dict[str, str] = {Kind.ARRIVAL: ARRIVE, Kind.EMPLOYER: CHANGE, Kind.RETURN: RETURN}
PAPERS = {ARRIVE: "arrival_report", RETURN: "return_record", CHANGE: "new_contract", EXTEND: "extension_contract"}
VERBS: dict[str, str] = {
    Kind.ARRIVAL: "place.report_arrival", Kind.EMPLOYER: "place.change_employer", Kind.RETURN: "place.report_return",
}  # fmt: skip
UNREPORTED = "arrival_unreported"
"""Why the step of an arrival was passed: the return home was reported, and the arrival never."""
WORDS, NAME, ADDRESS = 500, 160, 240


def in_force(journey_id: UUID, kind: str = "") -> QuerySet[Report]:
    """Give the reports of a journey that nobody corrected or took back, in the order in which they happened."""
    rows = Report.objects.filter(journey_id=journey_id, ended_at__isnull=True)
    return (rows.filter(kind=kind) if kind else rows).order_by("on", "id")


def is_change(row: Report) -> bool:
    """Say whether a report changes her employer: what an officer wrote down, not what she told of it before."""
    return row.kind == Kind.EMPLOYER and row.state == Report.State.KEPT and row.taken_up_at is None


def may_amend(row: Report, actor: Actor) -> bool:
    """Say whether an actor may correct a report or take it back: the worker her own words, an officer what she may write down herself."""
    if row.ended_at is not None or row.taken_up_at is not None:
        return False
    if actor.kind == "worker" or row.state == Report.State.TOLD:
        return row.by == actor.address
    return may(actor, VERBS[row.kind])


def check_day(held: Held, kind: str, on: dt.date | None, instead_of: Report | None = None) -> dt.date:
    """Give the day of a report; refuse one that is to come, or that is out of order with the departure and the reports in force.

    Refused: day_to_come, day_before_its_turn, day_after_the_next.
    """
    dates, rows = held.passed_on(), [r for r in in_force(held.journey.id) if instead_of is None or r.id != instead_of.id]
    first = [held.journey.started_on, *(dates[step] for step in (LEFT,) if step in dates)]
    arrived, home = _days(rows, Kind.ARRIVAL), _days(rows, Kind.RETURN)
    moved = [r for r in rows if is_change(r)]
    if kind != Kind.ARRIVAL:
        first += arrived or [dates[ARRIVE] for _ in (1,) if ARRIVE in dates]
    if kind == Kind.RETURN:
        first += [r.on for r in moved]
    elif kind == Kind.EMPLOYER:
        first += [r.on for r in moved if instead_of is None or r.on <= instead_of.on]
    last = [] if kind == Kind.RETURN else list(home)
    if kind == Kind.ARRIVAL:
        last += [r.on for r in moved]
    elif kind == Kind.EMPLOYER and instead_of is not None:
        last += [r.on for r in moved if r.on > instead_of.on]
    day = late_entry(on, max(first))
    if last and day > min(last):
        raise Refused("day_after_the_next", latest=min(last))
    return day


def _days(rows: Iterable[Report], kind: str) -> list[dt.date]:
    return [row.on for row in rows if row.kind == kind]


def keep_report(held: Held, kind: str, on: dt.date, told: dict[str, Any], *, corrects: Report | None = None) -> Report:
    """Write one report down."""
    actor = current()
    row = Report(
        journey=held.journey, person=held.person, kind=kind, state=told.get("state", Report.State.KEPT), on=on,
        country_id=told.get("country") or None, district=told.get("district", ""), cause=told.get("cause", ""),
        died_on=told.get("died_on"), party=told.get("party"),
        employer=told.get("employer", ""), place=told.get("place", ""), words=told.get("words", ""), corrects=corrects,
        by=actor.address, by_name=actor.name, office=actor.office, at=timezone.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    note(report=str(row.id), kind=kind, **({"cause": row.cause} if row.cause else {}))
    return row


def fulfil(held: Held, row: Report, scan: Scan | None = None) -> bool:
    """Write the paper that a report is itself and do its step, where the law lets it be done on that day; say whether it is done."""
    step = STEPS[row.kind]
    if row.kind == Kind.RETURN:
        _pass_unreported(held, row)
    open_now = held.now(step) is not None
    state_paper(held.her, held.journey, PAPERS[step], row.on, scan, anew=step == CHANGE)
    if row.kind == Kind.ARRIVAL and (passed := unreported(held)) is not None:
        write_down(passed, JourneyStep.State.DONE, row.on)
        change(held, "do_step", step)
        return True
    return open_now and pass_step(held, step, row.on, row)


def _pass_unreported(held: Held, row: Report) -> None:
    """Pass the open step of an arrival that nobody reported when she is home again, and say so: nobody waits for it any more."""
    waits = held.now(ARRIVE)
    if waits is None or in_force(held.journey.id, Kind.ARRIVAL).exists():
        return
    write_down(waits, JourneyStep.State.SKIPPED, row.on, UNREPORTED)
    settle(held)
    change(held, "skip_step", ARRIVE)


def unreported(held: Held) -> JourneyStep | None:
    """Give the step of an arrival that was passed because the return home was reported, and the arrival never."""
    row = held.last(ARRIVE)
    return row if row is not None and row.state == JourneyStep.State.SKIPPED and row.reason == UNREPORTED else None


def pass_step(held: Held, step: str, day: dt.date, told: Report | None = None) -> bool:
    """Do an open step whose papers are there; it is written down for who told of it, and the next steps open."""
    row = held.now(step)
    if row is None or held.course.why_not(known_step(held, step), held.passed, papers_of(held), day):
        return False
    write_down(row, JourneyStep.State.DONE, day)
    if told is not None and told.by != current().address:
        row.by, row.by_name, row.office = told.by, told.by_name, told.office
        row.save(update_fields=["by", "by_name", "office"])
    settle(held)
    change(held, "do_step", step)
    return True


def extend_step(held: Held, file: KeptFile | None, day: dt.date) -> bool:
    """Do the step of an extension with the scan of the contract that extends; without one, or before its turn, it stays as it is."""
    if file is None or held.now(EXTEND) is None:
        return False
    state_paper(held.her, held.journey, PAPERS[EXTEND], day, file=file, anew=True)
    return pass_step(held, EXTEND, day)


def open_again(held: Held, step: str, reason: str) -> None:
    """Give back a step whose report does not hold any more; refuse while a later one rests on it."""
    row = held.last(step)
    if row is None or (row.state != JourneyStep.State.DONE and row.reason != UNREPORTED):
        return
    if later := next((s.id for s in held.course.followers(known_step(held, step)) if s.id in held.passed), None):
        raise Refused("later_step_done", step=later)
    give_back(held, row, reason)
    settle(held)


def keep_reports(held: Held, what: str, step: str) -> None:
    """Do the steps that were reported before their turn, as soon as a step before them is done, such as a departure that was told late.

    Refused: left_after_report, for a departure on a day after the one on which she is said to have arrived or come home;
    employer_by_report, for a change of employer done by hand, which would name nobody.
    """
    if what != "do_step":
        return
    if step == CHANGE and not any(is_change(row) and row.on == held.passed_on().get(CHANGE) for row in in_force(held.journey.id)):
        raise Refused("employer_by_report", known_step(held, CHANGE).basis)
    rows = list(in_force(held.journey.id).filter(kind__in=[Kind.ARRIVAL, Kind.RETURN]))
    left = held.passed_on().get(LEFT)
    if step == LEFT and rows and left is not None and rows[0].on < left:
        raise Refused("left_after_report", kind=rows[0].kind, on=rows[0].on)
    for row in rows:  # each done step asks again: the return follows its arrival, or passes one that was never reported
        if held.now(STEPS[row.kind]) is not None or (row.kind == Kind.RETURN and held.now(ARRIVE) is not None):
            fulfil(held, row)
