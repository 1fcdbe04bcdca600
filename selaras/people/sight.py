"""Who sees a person: the codes of her grants, spread to the wider places that hold them."""

from collections.abc import Iterable
from uuid import UUID

from selaras.ground.queries.offices import home_codes
from selaras.ground.scope import NATION


def home_grant(area: str | None) -> list[str]:
    """Give the grant of a home area, or none when it is not known."""
    return [f"area:{area}"] if area else []


def abroad_grant(country: str, district: str = "") -> str:
    """Give the grant of a place abroad: of the district when it is known, else of the country."""
    return f"abroad:{district or country}"


def spread(code: str) -> list[str]:
    """Give a grant's code and the wider ones: the places around a village, the country around a district."""
    kind, _, value = code.partition(":")
    if kind == "area":
        return home_codes(value)
    if kind == "abroad" and "-" in value:
        return [f"abroad:{value.partition('-')[0]}", code]
    return [code]


def reach_of(person_ids: Iterable[UUID | str], grants: Iterable[str]) -> list[str]:
    """Derive the reach of a person from her open grants: the nation and she herself always, the rest by grant."""
    codes = {NATION, *(f"person:{i}" for i in person_ids)}
    for code in grants:
        codes.update(spread(code))
    return sorted(codes)
