"""Verbs on offices: open one, let it see more."""

from collections.abc import Iterable

from django.utils import timezone

from selaras.ground.act import Refused, act, note
from selaras.ground.models import AbroadDistrict, Area, Country, Office, OfficeReach
from selaras.ground.scope import NATION

REACH_KINDS = ("area:", "abroad:", "party:", "person:")


def _known_place(code: str) -> bool:
    kind, _, value = code.partition(":")
    if kind == "area":
        return Area.objects.filter(code=value).exists()
    if kind == "abroad":
        return Country.objects.filter(iso3=value).exists() or AbroadDistrict.objects.filter(code=value).exists()
    return bool(value)


@act
def open_office(
    *,
    key: str,
    kind: str,
    name: str,
    name_en: str = "",
    area: str = "",
    country: str = "",
    reach: Iterable[str] = (),
    reason: str = "",
    unsure: bool = False,
) -> Office:
    """Open an office and give it its first reach."""
    office = Office.objects.create(
        key=key,
        kind=Office.Kind(kind).value,
        name=name,
        name_en=name_en or name,
        area_id=area or None,
        country_id=country or None,
        unsure=unsure,
    )
    for code in reach:
        _widen(office, code, reason)
    note(office=str(office.pk), kind=kind)
    return office


@act
def widen_office(*, office: Office, code: str, reason: str) -> OfficeReach:
    """Let an office see one more place, party or person, with a reason."""
    row = _widen(office, code, reason)
    note(office=str(office.pk), code=code)
    return row


def _widen(office: Office, code: str, reason: str) -> OfficeReach:
    if code != NATION and not (code.startswith(REACH_KINDS) and _known_place(code)):
        raise Refused("unknown_reach", code=code)
    return OfficeReach.objects.create(
        office=office, code=code, since=timezone.localdate(), reason=reason or "opened with the office"
    )
