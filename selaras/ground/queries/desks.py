"""Questions about desks for anybody: which offices serve a village, district or regency, found by its name, or a country."""

import re
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz, process

from selaras.ground.models import Area, Office, OfficeReach

_WHAT = re.compile(r"^(kabupaten|kab\.?|kota administrasi|kota|kecamatan|kec\.?|desa|kelurahan|kel\.?|provinsi)\s+", re.IGNORECASE)
ALIKE = 82.0
"""A regency's name that agrees less than this, of 100, is another name."""
ORDER = ("desk", "village", "regency", "bp3mi", "province")
"""Whom to ask first: the one-stop desk, then what is nearest."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place that a name may mean, with the places around it."""

    code: str
    level: int
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """An office that serves a place."""

    key: str
    kind: str
    name: str
    name_en: str
    unsure: bool


def places_named(text: str, limit: int = 20) -> list[PlaceLine]:
    """List the regencies, districts and villages that bear a name, regencies first; a regency's name may be misspelt a little.

    Give one more than asked when there are more.
    """
    told = " ".join(text.split())
    bare = _WHAT.sub("", told)
    if len(bare) < 3:
        return []
    regencies = [c for c, name in _regencies() if _WHAT.sub("", name).casefold() == bare.casefold()]
    inside = Area.objects.filter(level__in=(3, 4), name__iexact=bare).order_by("level", "code")
    codes = [*regencies, *inside.values_list("code", flat=True)[: limit + 1]]
    if not codes:
        named = {code: _WHAT.sub("", name).casefold() for code, name in _regencies()}
        codes = [code for _, _, code in process.extract(bare.casefold(), named, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5)]
    return _lines(codes[: limit + 1])


def place(code: str) -> PlaceLine | None:
    """Give a regency, district or village by its official code."""
    if not code.isdigit() or len(code) not in (4, 6, 10):
        return None
    return next(iter(_lines([code])), None)


def desks_of(code: str) -> list[Desk]:
    """List the offices that serve a place, the one to ask first at the top."""
    around = [code[:length] for length in (2, 4, 6, 10) if length <= len(code)]
    reached = OfficeReach.objects.filter(code__in=[f"area:{c}" for c in around], until__isnull=True)
    rows = Office.objects.filter(pk__in=reached.values("office_id"), kind__in=ORDER)
    found = [Desk(o.key, o.kind, o.name, o.name_en, o.unsure) for o in rows.order_by("name")]
    return sorted(found, key=lambda desk: ORDER.index(desk.kind))


def missions_of(iso3: str) -> list[str]:
    """Name the missions that look after a country, those of its districts too."""
    reached = OfficeReach.objects.filter(Q(code=f"abroad:{iso3}") | Q(code__startswith=f"abroad:{iso3}-"), until__isnull=True)
    return list(Office.objects.filter(kind="mission", pk__in=reached.values("office_id")).order_by("name").values_list("name", flat=True))


def _regencies() -> list[tuple[str, str]]:
    return list(Area.objects.filter(level=2).order_by("name").values_list("code", "name"))


def _lines(codes: list[str]) -> list[PlaceLine]:
    wanted = {code[:length] for code in codes for length in (2, 4, 6, 10) if length <= len(code)}
    names = dict(Area.objects.filter(code__in=wanted).values_list("code", "name"))
    out = []
    for code in codes:
        if code in names:
            chain = [names[code[:n]] for n in (10, 6, 4, 2) if n <= len(code) and code[:n] in names]
            out.append(PlaceLine(code, {4: 2, 6: 3, 10: 4}[len(code)], ", ".join(chain)))
    return out
