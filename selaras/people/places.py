"""Places as the register of persons needs them: which codes are known, and what they are called, without asking twice."""

from collections.abc import Iterable
from functools import lru_cache

from selaras.ground.models import AbroadDistrict, Area
from selaras.ground.queries.offices import countries


def known_areas(codes: Iterable[str]) -> list[str]:
    """Give those of the area codes that the official list holds."""
    return list(Area.objects.filter(code__in=list(codes)).values_list("code", flat=True))


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Name each area with the areas around it, from the small to the large, in one query for all."""
    wanted = {c for c in codes if c}
    around = {code[:length] for code in wanted for length in (2, 4, 6, 10) if length <= len(code)}
    names = dict(Area.objects.filter(code__in=around).values_list("code", "name")) if around else {}
    found = {}
    for code in wanted:
        chain = [names[code[:length]] for length in (10, 6, 4, 2) if length <= len(code) and code[:length] in names]
        found[code] = ", ".join(chain)
    return found


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, str]]:
    return {iso3: (name, name_en) for iso3, name, name_en in countries()}


def country_name(iso3: str, language: str = "id") -> str:
    """Name a country in a language; its code when it is not known."""
    names = _countries().get(iso3)
    return iso3 if names is None else names[0 if language.startswith("id") else 1]


@lru_cache(maxsize=1)
def _districts() -> dict[str, str]:
    return dict(AbroadDistrict.objects.values_list("code", "name"))


def district_name(code: str) -> str:
    """Name a district abroad; its code when it is not known."""
    return _districts().get(code, code)


def country_known(iso3: str) -> bool:
    """Say whether a country code is known."""
    return iso3 in _countries()


def district_country(code: str) -> str:
    """Give the country of a district abroad; empty when the district is not known."""
    return code.partition("-")[0] if code in _districts() else ""
