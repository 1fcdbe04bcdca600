"""Verbs on a village's log: write down who left or came back, take a wrong line back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils import timezone

from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import current
from selaras.people.actions.adding import add_presence
from selaras.people.actions.answering import form
from selaras.people.actions.correcting import locked
from selaras.people.actions.registering import HERE, register
from selaras.people.actions.stepping import check_reason
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Person
from selaras.people.places import country_known, district_country
from selaras.people.queries.surviving import hers
from selaras.people.telling import OLDEST, Stay, Told
from selaras.prepare.lifetime import check_alive
from selaras.prepare.models import Movement
from selaras.prepare.taking_back import take_back

Kind, Teller = Movement.Kind, Movement.Teller
WORDS = 300
HOME = "IDN"


@dataclass(frozen=True, slots=True)
class Moved:
    """A departure or return as it is told: what, when, where to or from, and who says so."""

    kind: str
    on: dt.date
    told_by: str
    country: str = ""
    district: str = ""
    capacity: str = "worker"
    words: str = ""

    def faults(self) -> list[Fault]:
        """List what is wrong with it."""
        found = []
        if self.kind not in Kind.values:
            found.append(Fault("kind", "unknown_movement"))
        if self.told_by not in Teller.values:
            found.append(Fault("told_by", "unknown_teller"))
        if self.on > timezone.localdate():
            found.append(Fault("on", "day_to_come"))
        if self.on < OLDEST:
            found.append(Fault("on", "day_too_early"))
        if self.country and (not country_known(self.country) or self.country == HOME):
            found.append(Fault("country", "unknown_country"))
        elif self.district and district_country(self.district) != self.country:
            found.append(Fault("district", "unknown_district"))
        return found

    def stay(self) -> Stay | None:
        """Say what it tells of where she is or was; nothing when the country is not known."""
        if not self.country:
            return None
        if self.kind == Kind.RETURNED:
            return Stay(self.country, self.district, self.capacity, "return", self.on, self.on)
        return Stay(self.country, self.district, self.capacity, "stated", self.on)


@dataclass(frozen=True, slots=True)
class Logged:
    """The answer about a line of the log: whose it is, and whether it stood there before."""

    person_id: UUID
    movement_id: UUID
    again: bool = False

    @property
    def subject_id(self) -> UUID:
        """Say whom the ledger line is about."""
        return self.person_id


@act
def log_movement(
    *, moved: Moved, told: Told | None = None, numbers: Sequence[tuple[str, str]] = (), person_id: UUID | None = None, once: str = ""
) -> Logged:
    """Write down that somebody left or came back: tell who she is (`told`, `numbers`), or give her id.

    Who stands in the register already is found and never made twice, out of the officer's reach too (see people/actions/joining.py).
    The same of the same day is there once. Where nobody knew the country and somebody knows it now, that line is told the country; a line
    that names another country is not written over.
    """
    faults = moved.faults()
    if told is None and person_id is None:
        faults.append(Fault("name", "name_missing"))
    if faults:
        raise Unfit(faults)
    stay = moved.stay()
    if person_id is None and told is not None:
        registered = register(**asdict(told), numbers=numbers, presence=stay, once=once)
        person_id = registered.person_id
        stay = stay if registered.outcome == HERE else None  # else it was written with her
    assert person_id is not None
    sent = form("log_movement", person_id, once)
    her = locked(person_id)
    if before := sent.answered():
        return _logged(Movement.objects.get(id=before), again=True)
    check_alive(her, moved.on)
    there = Movement.objects.filter(person_id__in=hers(her.id), kind=moved.kind, on=moved.on, taken_back_at__isnull=True).first()
    if there is not None:
        return _told_again(there, moved, stay)
    if stay is not None:
        add_presence(person_id=her.id, stay=stay)
    actor = current()
    row = Movement(
        person=her, kind=moved.kind, on=moved.on, country_id=moved.country or None, district=moved.district, area_id=her.home_area_id,
        told_by=moved.told_by, words=" ".join(moved.words.split())[:WORDS], by=actor.address, by_name=actor.name, office=actor.office,
        at=timezone.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    sent.keep(her.id, row.id, "logged")
    note(kind=moved.kind)
    return _logged(row)


def _told_again(there: Movement, moved: Moved, stay: Stay | None) -> Logged:
    """Answer a line of a day that has one: the same, or the country of which nobody knew."""
    if not moved.country or there.country_id == moved.country:
        return _logged(there, again=True)
    if there.country_id is not None:
        raise Refused("moved_elsewhere", who=there.by_name)
    if stay is not None:
        add_presence(person_id=there.person_id, stay=stay)
    there.country_id, there.district = moved.country, moved.district
    there.save(update_fields=["country", "district"])
    note(country=moved.country)
    return _logged(there)


@act
def take_back_movement(*, movement_id: UUID, words: str) -> Logged:
    """Take back a line that was written down wrongly; it stays readable with the reason."""
    person_id = Movement.objects.filter(id=movement_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise NotThere("not there")
    Person.objects.select_for_update(of=("self",)).get(id=person_id)
    row = Movement.objects.get(id=movement_id)
    words = check_reason(words)
    take_back(row, words)
    return _logged(row)


def _logged(row: Movement, *, again: bool = False) -> Logged:
    note(subject=row.person_id, movement=str(row.id), again=again)
    return Logged(row.person_id, row.id, again)
