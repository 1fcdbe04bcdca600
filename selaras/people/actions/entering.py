"""Takes in a person who comes from the side, without any placement: refused at exit, a report, a complaint, a deportation, a death."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import act, note
from selaras.ground.scope import current
from selaras.people.actions.adding import add_presence
from selaras.people.actions.answering import form
from selaras.people.actions.correcting import correct, locked
from selaras.people.actions.registering import HERE, register
from selaras.people.faults import Fault, Unfit
from selaras.people.models import SideEntry
from selaras.people.places import country_known
from selaras.people.telling import Stay, Told

Kind = SideEntry.Kind
# What an entry says of where somebody is: whoever was refused at exit never left.
STAYS = {Kind.LAPOR_DIRI: "report", Kind.COMPLAINT: "stated", Kind.DEPORTATION: "stated", Kind.DEATH: "stated"}
OVER = (Kind.DEPORTATION, Kind.DEATH)
REASON = 300


@dataclass(frozen=True, slots=True)
class Entered:
    """The answer to an entry from the side: the person and the entry, and whether it was there before."""

    person_id: UUID
    entry_id: UUID
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def enter_sideways(
    *,
    kind: str,
    on: dt.date,
    told: Told | None = None,
    numbers: Sequence[tuple[str, str]] = (),
    person_id: UUID | None = None,
    country: str = "",
    district: str = "",
    capacity: str = "worker",
    reason: str = "",
    once: str = "",
) -> Entered:
    """Enter somebody who has no placement, or note it of a person who is known; where she is or was follows from the kind.

    Tell who she is (`told`, `numbers`) or give her id. The same of the same day is there once.
    """
    _check(kind, on, country, told is None and person_id is None)
    stay = None
    if country and kind in STAYS:
        over = kind in OVER
        stay = Stay(country, district, capacity, STAYS[Kind(kind)], None if over else on, on if over else None)
    sent = form("enter_sideways", once)
    if person_id is None and told is not None:
        registered = register(**asdict(told), numbers=numbers, presence=stay, once=once)
        person_id = registered.person_id
        # Who stands in the register already is found, and nothing is written of her.
        stay = stay if registered.outcome == HERE else None
    assert person_id is not None
    her = locked(person_id)
    if before := sent.answered():
        return Entered(her.id, before, True)
    there = SideEntry.objects.filter(person_id=her.id, kind=kind, on=on, country_id=country or None).first()
    if there is not None:
        note(again=True)
        return Entered(her.id, there.id, True)
    if stay is not None:
        add_presence(person_id=her.id, stay=stay)
    if kind == Kind.DEATH and her.died_on is None:
        correct(person_id=her.id, version=her.version, changes={"died_on": on}, reason=Kind.DEATH)
    actor = current()
    entry = SideEntry(
        person_id=her.id, kind=kind, on=on, country_id=country or None, by=actor.address, by_name=actor.name, office=actor.office,
        reason=" ".join(reason.split())[:REASON],
    )  # fmt: skip
    entry.save(force_insert=True)
    sent.keep(her.id, entry.id, "entered")
    note(kind=kind, entry=str(entry.id))
    return Entered(her.id, entry.id)


def _check(kind: str, on: dt.date, country: str, nobody: bool) -> None:
    faults = []
    if kind not in Kind.values:
        faults.append(Fault("kind", "unknown_entry"))
    if on > timezone.localdate():
        faults.append(Fault("on", "day_to_come"))
    if country and not country_known(country):
        faults.append(Fault("country", "unknown_country"))
    if not country and kind in STAYS:
        faults.append(Fault("country", "unknown_country"))
    if nobody:
        faults.append(Fault("name", "name_missing"))
    if faults:
        raise Unfit(faults)
