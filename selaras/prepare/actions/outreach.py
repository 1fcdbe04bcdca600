"""Verbs on outreach: write a session down, and who came to it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, handed_to, note
from selaras.ground.keyring import ring
from selaras.ground.queries.offices import home_codes
from selaras.ground.scope import NATION, current
from selaras.law.load import law
from selaras.people.actions.correcting import locked
from selaras.people.actions.stepping import check_reason
from selaras.people.actions.writing import lock
from selaras.people.faults import Fault, Unfit
from selaras.people.places import area_known
from selaras.people.queries.surviving import hers
from selaras.people.telling import OLDEST
from selaras.prepare.lifetime import check_alive
from selaras.prepare.models import Attendance, Outreach
from selaras.prepare.taking_back import BACK, take_back

VENUE, MOST = 120, 2000


@dataclass(frozen=True, slots=True)
class Came:
    """The answer about an attendance, and whether it was there before."""

    person_id: UUID
    attendance_id: UUID
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def hold_outreach(
    *, on: dt.date, area: str, venue: str, items: Sequence[str], language: str, women: int, men: int, once: str
) -> Outreach:
    """Write down a session of one's own area: which items were given, in which language, how many came. The same press twice is one."""
    venue, given = " ".join(venue.split()), list(dict.fromkeys(items))
    faults = _faults(on, area, venue, given, language, women, men)
    if faults:
        raise Unfit(faults)
    reach, actor = [NATION, *home_codes(area)], current()
    if not actor.national and actor.reach.isdisjoint(reach):
        raise Refused("not_your_area", "UU18:42")
    lock([ring().index_of("outreach", f"{actor.address}\0{once}")])  # the second press waits here for the first
    row = Outreach.objects.filter(by=actor.address, once=once).first()
    if row is None:
        row = Outreach(
            on=on, area_id=area, venue=venue, items=given, language=language, women=women, men=men, by=actor.address, by_name=actor.name,
            office=actor.office, at=timezone.now(), once=once, reach=reach,
        )  # fmt: skip
        row.save(force_insert=True)
    note(outreach=str(row.id), items=len(row.items), count=row.women + row.men)
    return row


def _faults(on: dt.date, area: str, venue: str, items: list[str], language: str, women: int, men: int) -> list[Fault]:
    faults = []
    if on > timezone.localdate():
        faults.append(Fault("on", "day_to_come"))
    if on < OLDEST:
        faults.append(Fault("on", "day_too_early"))
    if not area_known(area):
        faults.append(Fault("area", "unknown_area"))
    if not venue:
        faults.append(Fault("venue", "venue_missing"))
    if len(venue) > VENUE:
        faults.append(Fault("venue", "too_long", {"most": VENUE}))
    if not items:
        faults.append(Fault("items", "items_missing"))
    elif not set(items) <= {row.id for row in law().information_on(on)}:
        faults.append(Fault("items", "unknown_information"))
    if language not in Outreach.Language.values:
        faults.append(Fault("language", "unknown_language"))
    if min(women, men) < 0 or max(women, men) > MOST:
        faults.append(Fault("women", "heads_absurd", {"most": MOST}))
    elif not women + men:
        faults.append(Fault("women", "nobody_came"))
    return faults


@act
def note_attendance(*, outreach_id: UUID, person_id: UUID) -> Came:
    """Write down that a person within reach came to a session within reach; twice is once."""
    session = Outreach.objects.filter(id=outreach_id, taken_back_at__isnull=True).first()
    if session is None:
        raise NotThere("not there")
    her = locked(person_id)
    note(subject=her.id, outreach=str(session.id))
    row = Attendance.objects.filter(outreach_id=session.id, person_id__in=hers(her.id), taken_back_at__isnull=True).first()
    again = row is not None
    if row is None:
        check_alive(her, session.on, "session")
        actor = current()
        row = Attendance(
            outreach_id=session.id, person=her, on=session.on, items=session.items, language=session.language, by=actor.address,
            by_name=actor.name, office=actor.office, at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
    note(again=again)
    return Came(her.id, row.id, again)


@act
def take_back_outreach(*, outreach_id: UUID, words: str) -> Outreach:
    """Take back a session that was written down wrongly, with all who were written down as having come; both stay to be read."""
    words = check_reason(words)
    row = Outreach.objects.select_for_update(of=("self",)).filter(id=outreach_id).first()
    if row is None:
        raise NotThere("not there")
    take_back(row, words)
    same = {name: getattr(row, name) for name in BACK}
    with handed_to("take_back"):  # who came may have moved out of this reach since
        count = Attendance.objects.filter(outreach_id=row.id, taken_back_at__isnull=True).update(**same)
    note(outreach=str(row.id), count=count)
    return row


@act
def take_back_attendance(*, attendance_id: UUID, words: str) -> Came:
    """Take back that a person came to a session; the line stays to be read with the reason."""
    words = check_reason(words)
    row = Attendance.objects.select_for_update(of=("self",)).filter(id=attendance_id).first()
    if row is None:
        raise NotThere("not there")
    note(subject=row.person_id, outreach=str(row.outreach_id))
    take_back(row, words)
    return Came(row.person_id, row.id)
