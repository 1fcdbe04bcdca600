"""What a party is called on a page: its name, or of a household, whose name stands in the contract only, the place and a short sign."""

from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from selaras.people.places import country_name


class Named(Protocol):
    """What is asked of a party to be named."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def individual(self) -> bool: ...


def party_name(party: Named) -> str:
    """Name a party in the language of the page."""
    return household(party.country, party.key) if party.individual else party.name or party.key


def household(country: str, key: str) -> str:
    """Name a household by its country and the end of its key."""
    sign = key.rpartition("-")[2][-4:].upper()
    return _("Household in %(country)s (%(sign)s)") % {"country": country_name(country, get_language() or "id"), "sign": sign}
