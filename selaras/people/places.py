"""Places as the register of persons needs them: which codes are known, and what they are called, without asking twice."""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q

from selaras.ground.models import AbroadDistrict, Area
from selaras.ground.queries.offices import countries


def known_areas(codes: Iterable[str]) -> list[str]:
    """Give those of the area codes that the official list holds."""
    return list(Area.objects.filter(code__in=list(codes)).values_list("code", flat=True))


# Areas change with a new version only, and every page of a person names some: a regency is read once a process, with all in it.
_names: dict[str, str] = {}


def _named(codes: Iterable[str]) -> dict[str, str]:
    """Give the names of those codes that the official list holds."""
    wanted = set(codes)
    for around in {code[:4] for code in wanted if code.isdigit() and code not in _names}:
        inside = Q(code__gte=around, code__lt=f"{int(around) + 1:04d}") if len(around) == 4 else Q(code=around)
        _names.update(Area.objects.filter(Q(code=around[:2]) | inside).values_list("code", "name"))
    return {code: _names[code] for code in wanted if code in _names}


def area_known(code: str) -> bool:
    """Say whether the official list holds an area code."""
    return bool(_named([code]))


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Name each area with the areas around it, from the small to the large, in one query for all."""
    wanted = {c for c in codes if c}
    names = _named(code[:length] for code in wanted for length in (2, 4, 6, 10) if length <= len(code))
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


@lru_cache(maxsize=1)
def regencies() -> tuple[tuple[str, str], ...]:
    """List every regency and city as code and name with its province."""
    provinces = dict(Area.objects.filter(level=1).values_list("code", "name"))
    rows = Area.objects.filter(level=2).order_by("name").values_list("code", "name")
    return tuple((code, f"{name}, {provinces.get(code[:2], '')}") for code, name in rows)


@lru_cache(maxsize=600)
def _inside(regency: str) -> dict[str, list[str]]:
    """Give the districts and villages of a regency by their names in capitals, the villages of a name first."""
    rows = Area.objects.filter(code__startswith=regency, level__in=(3, 4)).order_by("-level", "code")
    found: dict[str, list[str]] = {}
    for code, name in rows.values_list("code", "name"):
        found.setdefault(name.upper(), []).append(code)
    return found


def areas_named(regency: str, name: str) -> list[tuple[str, str]]:
    """List the districts and villages of a regency that bear a name, as code and full name; a village's code names it too."""
    if name.isdigit():
        codes = [name] if name.startswith(regency) and area_known(name) else []
    else:
        codes = _inside(regency).get(name.strip().upper(), [])
    names = area_names(codes)
    return [(code, names[code]) for code in codes]


@lru_cache(maxsize=8)
def places_abroad(language: str = "id") -> tuple[tuple[str, str], ...]:
    """List countries, and under each the districts that missions look after, as code and name."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for code, name in sorted(_districts().items(), key=lambda d: d[1]):
        parts.setdefault(code.partition("-")[0], []).append((code, name))
    rows: list[tuple[str, str]] = []
    for iso3 in sorted(_countries(), key=lambda c: country_name(c, language)):
        if iso3 != "IDN":
            rows.append((iso3, country_name(iso3, language)))
            rows += [(code, f"{country_name(iso3, language)}: {name}") for code, name in parts.get(iso3, ())]
    return tuple(rows)
