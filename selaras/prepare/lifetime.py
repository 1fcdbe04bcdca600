"""Says whether a day may be written of a person: it lies not before her birth, and not after a death that is recorded."""

import datetime as dt

from selaras.ground.act import Refused
from selaras.people.faults import Fault, Unfit
from selaras.people.models import Person


def check_alive(her: Person, on: dt.date | None, field: str = "on") -> None:
    """Refuse a day outside a person's life; before her recorded death everything may still be written down."""
    if on is None:
        return
    if her.died_on is not None and on > her.died_on:
        raise Refused("person_died")
    # of a birth known by its year alone, nothing is said before the year itself
    if her.birth_date is not None and on < her.birth_date:
        raise Unfit([Fault(field, "before_birth")])
