"""Verbs on early warnings: a village or desk reports what was seen, BP3MI says what came of it."""

import datetime as dt
import re
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.keeping import forget
from selaras.ground.keyring import ring
from selaras.ground.models import KeptFile
from selaras.ground.queries.offices import home_codes
from selaras.ground.scope import NATION, current
from selaras.law.load import law
from selaras.people.actions.facts import Scan
from selaras.people.actions.scans import keep_scan
from selaras.people.actions.stepping import check_reason
from selaras.people.actions.writing import lock
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Party
from selaras.people.places import area_known
from selaras.people.telling import OLDEST
from selaras.prepare.models import Signal
from selaras.prepare.taking_back import keep_earlier

State = Signal.State
ANSWERS = (State.LOOKED_INTO, State.PASSED_ON, State.NOTHING)
WORDS, COMPANY = 600, 160
# A telephone, NIK or account written among the words would name somebody; what stands between its digits does not hide it.
_NUMBER = re.compile(r"\d(?:[ .\-/()+]{0,3}\d){8,}")
# Sums, dates and times have many digits, too, and name nobody.
_HARMLESS = re.compile(r"\b(?:rp|idr)\.?\s*[1-9][\d.,]*|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{1,2}[.:]\d{2}\b(?![.\d])", re.IGNORECASE)


def _names(text: str) -> bool:
    return bool(_NUMBER.search(_HARMLESS.sub("·", text)))


@act
def report_signal(
    *, kind: str, on: dt.date, area: str, words: str, once: str, agency: str = "", company: str = "", photo: Scan | None = None
) -> Signal:
    """Report an early warning of one's own area: what was seen, where and when, never by whom. The same press twice reports once."""
    words, company = " ".join(words.split()), " ".join(company.split())
    faults = _faults(kind, on, area, words, company)
    party = Party.objects.filter(key=agency, kind=Party.Kind.AGENCY).first() if agency else None
    if agency and party is None:
        faults.append(Fault("agency", "unknown_agency"))
    if faults:
        raise Unfit(faults)
    reach, actor = [NATION, *home_codes(area)], current()
    if not actor.national and actor.reach.isdisjoint(reach):
        raise Refused("not_your_area", "UU18:42")
    lock([ring().index_of("signal", f"{actor.address}\0{once}")])  # the second press waits here for the first
    there = Signal.objects.filter(by=actor.address, once=once).first()
    if there is not None:
        return _told(there, again=True)
    file = _photo(photo)
    row = Signal(
        kind=kind, on=on, area_id=area, words=words, agency=party, company=company, photo=file, by=actor.address, by_name=actor.name,
        office=actor.office, at=timezone.now(), once=once, reach=reach,
    )  # fmt: skip
    try:
        row.save(force_insert=True)
    except BaseException:
        if file is not None:
            forget(file.pk)
        raise
    return _told(row)


def _faults(kind: str, on: dt.date, area: str, words: str, company: str) -> list[Fault]:
    faults = []
    today = timezone.localdate()
    if kind not in {row.id for row in law().signals_on(today)}:
        faults.append(Fault("kind", "unknown_signal"))
    if on > today:
        faults.append(Fault("on", "day_to_come"))
    if on < OLDEST:
        faults.append(Fault("on", "day_too_early"))
    if not area_known(area):
        faults.append(Fault("area", "unknown_area"))
    if not words:
        faults.append(Fault("words", "words_missing"))
    for field, text, most in (("words", words, WORDS), ("company", company, COMPANY)):
        if len(text) > most:
            faults.append(Fault(field, "too_long", {"most": most}))
        if _names(text):
            faults.append(Fault(field, "number_in_words"))
    return faults


def _photo(photo: Scan | None) -> KeptFile | None:
    if photo is None:
        return None
    with handed_to("scan"):  # its own row is the nation's: who opens the warning sees the photograph
        return keep_scan(photo.parts, photo.name)


@act
def answer_signal(*, signal_id: UUID, state: str, words: str) -> Signal:
    """Say what came of an early warning: looked into, passed on, or nothing to it. One answer, the first; the second is told of it."""
    if state not in ANSWERS:
        raise Unfit([Fault("state", "unknown_answer")])
    words = check_reason(words)
    if _names(words):
        raise Unfit([Fault("words", "number_in_words")])
    row = Signal.objects.select_for_update(of=("self",)).filter(id=signal_id).first()
    if row is None:
        raise NotThere("not there")
    actor = current()
    if row.state != State.REPORTED:
        if (row.answered_by, row.state, row.answer) == (actor.address, state, words):
            return _told(row, again=True)
        raise Refused("signal_answered", who=row.answered_by_name)
    row.state, row.answer, row.answered_at = state, words, timezone.now()
    row.answered_by, row.answered_by_name, row.answered_office = actor.address, actor.name, actor.office
    row.save(update_fields=["state", "answer", "answered_at", "answered_by", "answered_by_name", "answered_office"])
    return _told(row)


@act
def take_back_answer(*, signal_id: UUID, words: str) -> Signal:
    """Take back what was said of an early warning, with the reason: it waits again, and what was said stays to be read."""
    words = check_reason(words)
    if _names(words):
        raise Unfit([Fault("words", "number_in_words")])
    row = Signal.objects.select_for_update(of=("self",)).filter(id=signal_id).first()
    if row is None:
        raise NotThere("not there")
    if row.state == State.REPORTED:
        raise Refused("nothing_to_take_back")
    keep_earlier(row, words, state=row.state, words=row.answer, by=row.answered_by_name, on=timezone.localdate(row.answered_at))
    row.state, row.answer, row.answered_at = State.REPORTED, "", None
    row.answered_by = row.answered_by_name = row.answered_office = ""
    row.save(update_fields=["state", "answer", "answered_at", "answered_by", "answered_by_name", "answered_office", "earlier"])
    return _told(row)


def _told(row: Signal, *, again: bool = False) -> Signal:
    note(signal=str(row.id), kind=row.kind, state=row.state, again=again)
    return row
