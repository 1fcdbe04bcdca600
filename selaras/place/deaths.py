"""A return whose cause is her death: the register learns the day by it, and forgets it when the report is taken back."""

import datetime as dt

from selaras.people.actions.correcting import correct
from selaras.people.actions.stepping import Held, hold
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Person
from selaras.place.models import Report
from selaras.place.stays import LEFT

DEATH = "death"


def death_day(held: Held, cause: str, on: dt.date, died_on: dt.date | None) -> dt.date | None:
    """Give the day of death that a return tells and the register does not know yet; unless it is told it is the day of the return.

    Raises Unfit for a day that comes with another cause, after the return or before the departure, and one that the register has otherwise.
    """
    if cause != DEATH:
        if died_on is not None:
            raise Unfit([Fault("died_on", "only_with_death")])
        return None
    known = Person.objects.values_list("died_on", flat=True).get(id=held.her.id)
    day = died_on or known or on
    left = held.passed_on().get(LEFT, held.journey.started_on)
    if day > on:
        raise Unfit([Fault("died_on", "died_after_return")])
    if known is not None and day != known:
        raise Unfit([Fault("died_on", "died_otherwise", {"day": known})])
    if day < left:
        raise Unfit([Fault("died_on", "died_before_leaving", {"day": left})])
    return None if known is not None else day


def write_death(held: Held, row: Report) -> None:
    """Write the day of death that a return told of into the register, by the people room's own verb: what death ends, ends with it."""
    if row.died_on is not None:
        _correct(held, row.died_on)


def unsay_death(held: Held, row: Report) -> Held:
    """Take the day of death back that a return had written, unless it was corrected since; give the journey as it stands then."""
    known = Person.objects.values_list("died_on", flat=True).get(id=held.her.id)
    if row.died_on is None or known != row.died_on:
        return held
    _correct(held, None)
    return hold(held.journey.id)


def _correct(held: Held, day: dt.date | None) -> None:
    version = Person.objects.values_list("version", flat=True).get(id=held.her.id)
    correct(person_id=held.her.id, version=version, changes={"died_on": day}, reason=DEATH)
