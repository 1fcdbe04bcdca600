"""Verbs on offices and officers."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from selaras.ground.act import Refused, act, note
from selaras.ground.models import AbroadDistrict, Area, Country, Office, Officer, OfficeReach, Posting
from selaras.ground.scope import NATION, current
from selaras.law.load import law

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


@act
def add_officer(
    *, email: str, name: str, password: str | None = None, locale: str = "id", second_factor: bool = True
) -> Officer:
    """Enter an officer; without a password she sets one by the reset message."""
    email = email.strip().lower()
    if Officer.objects.filter(email__iexact=email).exists():
        raise Refused("officer_exists")
    officer = Officer(email=email, name=name.strip(), locale=locale, needs_second_factor=second_factor)
    if password is None:
        officer.set_unusable_password()
    else:
        validate_password(password, officer)
        officer.set_password(password)
    officer.save()
    note(officer=str(officer.pk))
    return officer


@act
def post_officer(*, officer: Officer, office: Office, role: str, since: date | None = None) -> Posting:
    """Post an officer to an office in a role."""
    today = timezone.localdate()
    if law().role(role, today) is None or role.startswith("job_"):
        raise Refused("unknown_role", role=role)
    if current().address == f"officer:{officer.pk}":
        raise Refused("not_oneself")  # nobody widens her own sight
    posting, made = Posting.objects.get_or_create(
        officer=officer, office=office, role=role, until=None, defaults={"since": since or today}
    )
    note(officer=str(officer.pk), office=str(office.pk), role=role, again=not made)
    return posting


@act
def end_posting(*, posting: Posting, until: date | None = None) -> Posting:
    """End a posting; from the next day its reach is gone."""
    posting.until = until or timezone.localdate()
    posting.save(update_fields=["until"])
    note(officer=str(posting.officer_id), role=posting.role)
    return posting
