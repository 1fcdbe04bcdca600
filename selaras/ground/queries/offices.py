"""Questions about places, offices and officers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.ground.act import ask, note
from selaras.ground.fixed import Question
from selaras.ground.models import AbroadDistrict, Area, Country, Office, Officer, Posting


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office as a list shows it."""

    id: UUID
    key: str
    kind: str
    name: str
    officers: int
    reach: tuple[str, ...]


def home_codes(area_code: str) -> list[str]:
    """Give the reach codes of a home area and of every area around it: village, district, regency, province."""
    return [f"area:{area_code[:length]}" for length in (2, 4, 6, 10) if length <= len(area_code)]


def abroad_codes(iso3: str, district: str = "") -> list[str]:
    """Give the reach codes of a place abroad: the country, and the district when it is known."""
    return [f"abroad:{iso3}"] + ([f"abroad:{district}"] if district else [])


def area_name(code: str) -> str:
    """Give an area's name with the areas around it, from the small to the large."""
    codes = [code[:length] for length in (10, 6, 4, 2) if length <= len(code)]
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    return ", ".join(names[c] for c in codes if c in names)


def area_exists(code: str) -> bool:
    """Say whether an official area code is known."""
    return Area.objects.filter(code=code).exists()


def areas_under(code: str = "") -> list[tuple[str, str]]:
    """List the areas directly under one (provinces for none) as code and name."""
    return list(Area.objects.filter(parent_id=code or None).order_by("name").values_list("code", "name"))


def regencies_by_name() -> dict[str, str]:
    """Map each regency's and city's name to its code, for the text that registers write."""
    return dict(Area.objects.filter(level=2).values_list("name", "code"))


def countries() -> list[tuple[str, str, str]]:
    """List all countries as code, Indonesian name, English name."""
    return list(Country.objects.order_by("name").values_list("iso3", "name", "name_en"))


def abroad_districts(iso3: str) -> list[tuple[str, str]]:
    """List the districts of one country that missions look after."""
    return list(AbroadDistrict.objects.filter(country_id=iso3).order_by("name").values_list("code", "name"))


def office_by_key(key: str) -> Office | None:
    """Find an office by its key."""
    return Office.objects.filter(key=key).first()


def officer_by_email(email: str) -> Officer | None:
    """Find an officer by the address with which she signs in."""
    return Officer.objects.filter(email__iexact=email).first()


_officer = Question(lambda officer_id: Officer.objects.filter(pk=officer_id))


def officer_by_id(officer_id: UUID) -> Officer | None:
    """Find an officer by her id."""
    found: list[Officer] = _officer.objects(officer_id)
    return found[0] if found else None


@ask
def see_offices(kind: str = "", text: str = "", day: date | None = None, limit: int = 100) -> list[OfficeLine]:
    """List offices with how many officers are posted there and what they see."""
    day = day or timezone.localdate()
    rows = Office.objects.order_by("kind", "name")
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(name__icontains=text)
    found = list(rows.prefetch_related("reaches")[:limit])
    posted = _posted([o.pk for o in found], day)
    note(count=len(found))
    return [
        OfficeLine(
            o.pk,
            o.key,
            o.kind,
            o.name,
            posted.get(o.pk, 0),
            tuple(sorted(r.code for r in o.reaches.all() if r.until is None)),
        )
        for o in found
    ]


def _posted(offices: Iterable[UUID], day: date) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    rows = Posting.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), office_id__in=list(offices), since__lte=day
    )
    for office_id in rows.values_list("office_id", flat=True):
        counts[office_id] = counts.get(office_id, 0) + 1
    return counts
