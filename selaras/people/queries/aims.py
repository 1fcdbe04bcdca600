"""What a journey can be aimed at: the schemes that an officer may begin, and the agencies there are."""

import datetime as dt
from collections.abc import Collection

from selaras.ground.models import Office
from selaras.law.load import law
from selaras.law.shapes import Scheme
from selaras.people.models import Party
from selaras.people.queries.parties import PartyLine, line_of


def schemes_for(kinds: Collection[str], day: dt.date) -> list[Scheme]:
    """List the schemes in force on a day that an actor of these kinds and roles may begin."""
    return [s for s in law().schemes_on(day) if not set(kinds).isdisjoint(s.started_by)]


def agencies() -> list[tuple[str, str]]:
    """List the agencies as key and name: those entered as parties, and those that have an office here."""
    rows = Office.objects.filter(kind=Office.Kind.AGENCY, reaches__until__isnull=True, reaches__code__startswith="party:")
    found = {code.removeprefix("party:"): name for code, name in rows.values_list("reaches__code", "name")}
    found |= dict(Party.objects.filter(kind=Party.Kind.AGENCY).values_list("key", "name"))
    return sorted(found.items(), key=lambda row: (row[1], row[0]))


def employers(limit: int = 2000) -> list[PartyLine]:
    """List the employers and ships' principals by name."""
    rows = Party.objects.filter(kind__in=(Party.Kind.EMPLOYER, Party.Kind.PRINCIPAL)).order_by("name", "key")
    return [line_of(row) for row in rows[:limit]]


def agency_name(key: str) -> str:
    """Name an agency by its key; empty when there is none of that key."""
    name = Party.objects.filter(key=key, kind=Party.Kind.AGENCY).values_list("name", flat=True).first()
    if name is None:
        held = Office.objects.filter(kind=Office.Kind.AGENCY, reaches__until__isnull=True, reaches__code=f"party:{key}")
        name = held.values_list("name", flat=True).first()
    return name or ""
