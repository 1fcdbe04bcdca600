"""How far an officer sees, in words."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext

from selaras.ground.queries.offices import abroad_districts, area_name, countries
from selaras.ground.scope import NATION

SHOWN = 4


def reach_words(reach: frozenset[str]) -> str:
    """Say in the current language which places and people a reach holds."""
    return _words(reach, get_language() or "id")


def place_names(reach: Iterable[str]) -> list[str]:
    """Name each place or group of people that a reach holds."""
    codes = frozenset(reach)
    if NATION in codes or any(code.startswith("party:") for code in codes):
        return [reach_words(codes)]
    return list(_places(codes, get_language() or "id"))


@lru_cache(maxsize=4096)
def _places(reach: frozenset[str], language: str) -> tuple[str, ...]:
    return tuple(sorted(filter(None, (_place(code, language) for code in reach))))


# Names of places change with a new version only, and every page shows them: asked once a process and language.
@lru_cache(maxsize=4096)
def _words(reach: frozenset[str], language: str) -> str:
    if NATION in reach:
        return gettext("Sees the whole country")
    places = _places(reach, language)
    said = []
    if places:
        more = len(places) - SHOWN
        named = ", ".join(places[:SHOWN])
        if more > 0:
            named = ngettext("%(places)s and %(more)s more", "%(places)s and %(more)s more", more) % {
                "places": named,
                "more": more,
            }
        said.append(gettext("Sees %(places)s") % {"places": named})
    if any(code.startswith("party:") for code in reach):
        said.append(gettext("Sees the people of her own company"))
    return "; ".join(said) or gettext("Sees nobody's record")


def _place(code: str, language: str) -> str:
    kind, _, value = code.partition(":")
    if kind == "area":
        return area_name(value)
    if kind != "abroad":
        return ""
    return _country_names(language).get(value) or dict(abroad_districts(value[:3])).get(value, "")


@lru_cache(maxsize=4)
def _country_names(language: str) -> dict[str, str]:
    return {iso3: name_en if language == "en" else name for iso3, name, name_en in countries()}
