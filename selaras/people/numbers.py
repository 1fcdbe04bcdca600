"""The form of each personal number: one spelling to store and search, and what is wrong with it.

A number is stored in one spelling, and its keyed index is made from that spelling, so whoever searches must come through
here too. To change a spelling means to make all indexes anew.
"""

import re
from datetime import date
from functools import lru_cache
from unicodedata import decimal, normalize
from uuid import UUID

import phonenumbers
import pycountry
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.id import nik as nik_rule

from selaras.engines.reading.nik import PROVINCES
from selaras.ground.keyring import ring
from selaras.people.faults import Fault

KINDS = ("nik", "passport", "kk", "splp", "seafarer", "ekpmi", "phone")
# One person alone bears such a number. A family card and a telephone are shared: they prove nobody's identity.
IDENTIFYING = frozenset({"nik", "passport", "splp", "seafarer", "ekpmi"})

_NOT_ALNUM = re.compile(r"[^A-Z0-9]")
_NOT_DIGIT = re.compile(r"[^0-9]")
_LETTER_FOR_DIGIT = str.maketrans("OQIL", "0011")
_PASSPORT = re.compile(r"^[A-Z]{1,2}\d{6,7}$")
_TRAVEL_PAPER = re.compile(r"^[A-Z]{0,3}\d{5,10}$")
_SEAFARER = re.compile(r"^\d{10}$")
_CARD = re.compile(r"^[A-Z0-9]{6,20}$")
_HOME_MOBILE = re.compile(r"^08[1-9]\d{7,10}$")


def spelling(kind: str, text: str, country: str = "") -> str:
    """Give the one spelling under which a number is stored and searched; empty when nothing is left of it.

    NIK, family card and seafarer code are digits. Passports and papers are capitals and digits, with O and I read as 0 and 1
    behind the letters in front. A telephone is E.164; a number without a country is one of `country` (ISO3), else Indonesian.
    """
    text = _plain(text)
    if kind == "phone":
        return _telephone(text, country)
    if kind in ("nik", "kk", "seafarer"):
        return _NOT_DIGIT.sub("", text)
    squeezed = _NOT_ALNUM.sub("", text.upper())
    if kind == "passport" and len(squeezed) > 2:
        return squeezed[:2] + squeezed[2:].translate(_LETTER_FOR_DIGIT)
    return squeezed


def _plain(text: str) -> str:
    """Write the digits of every script (Arabic, full width) as 0 to 9: a keyboard abroad is no other number."""
    if text.isascii():
        return text
    return "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in normalize("NFKC", text))


def _telephone(text: str, country: str) -> str:
    digits = _NOT_DIGIT.sub("", text)
    if not digits:
        return ""
    if text.lstrip().startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        if not digits:
            return ""
        # 0812 written behind +62: the zero is for calls at home
        return "+62" + digits[3:] if digits.startswith("620") else "+" + digits
    # Indonesians abroad write their home number as at home; no other country's numbers look like that
    if not country or country == "IDN" or _HOME_MOBILE.match(digits):
        if digits.startswith("62") and len(digits) >= 10:
            return "+62" + digits[2:].removeprefix("0")
        if digits.startswith("0") or (digits.startswith("8") and 9 <= len(digits) <= 12):
            return "+62" + digits.removeprefix("0")
        return "+" + digits
    try:
        number = phonenumbers.parse(text, _alpha2(country))
    except phonenumbers.NumberParseException:
        return "+" + digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=512)
def _alpha2(iso3: str) -> str:
    found = pycountry.countries.get(alpha_3=iso3)
    return found.alpha_2 if found else "ID"


def index_of(kind: str, spelt: str) -> UUID:
    """Give the keyed index of a number in its one spelling."""
    return ring().index_of(kind, spelt)


def possible_indexes(text: str, kind: str = "") -> list[UUID]:
    """Give every keyed index under which a number may stand: of one kind, or of all kinds when the kind is not known."""
    kinds = (kind,) if kind else KINDS
    text = _plain(text)
    spelt = {(k, spelling(k, text)) for k in kinds}
    if not kind and text.strip()[:1].isdigit() and not text.strip().startswith(("0", "8")):
        spelt.add(("phone", "+" + _NOT_DIGIT.sub("", text)))  # a foreign number typed without its plus
    return [index_of(k, value) for k, value in sorted(spelt) if value]


def sound(kind: str, spelt: str) -> bool:
    """Say whether a number in its one spelling has the structure of its kind."""
    if kind == "nik":
        return nik_fault(spelt) is None
    if kind == "kk":
        return len(spelt) == 16 and int(spelt[:2]) in PROVINCES
    if kind == "phone":
        try:
            return bool(phonenumbers.is_possible_number(phonenumbers.parse(spelt, None)))
        except phonenumbers.NumberParseException:
            return False
    forms = {"passport": _PASSPORT, "splp": _TRAVEL_PAPER, "seafarer": _SEAFARER, "ekpmi": _CARD}
    return bool(forms[kind].match(spelt))


def nik_fault(spelt: str) -> str | None:
    """Name what is wrong with the structure of a NIK: nik_length, nik_place, nik_date; None when it holds."""
    if len(spelt) != 16:
        return "nik_length"
    if int(spelt[:2]) not in PROVINCES:
        return "nik_place"
    try:
        nik_rule.validate(spelt)
    except InvalidComponent:
        # The library's list of places is older than the provinces of 2022: the date is asked alone.
        try:
            nik_rule.get_birth_date(spelt)
        except ValidationError:
            return "nik_date"
    except ValidationError:
        return "nik_length"
    return "nik_serial" if spelt[12:] == "0000" else None


def nik_disagrees(spelt: str, birth: date | None, precision: str, sex: str) -> str | None:
    """Name what a sound NIK contradicts: nik_birth or nik_sex; None when it agrees or nothing is known."""
    day, month, year = int(spelt[6:8]), int(spelt[8:10]), int(spelt[10:12])
    woman = day > 40
    if birth is not None:
        said = {"day": (birth.day, birth.month, birth.year % 100), "month": (birth.month, birth.year % 100)}.get(
            precision, (birth.year % 100,)
        )
        if (day % 40, month, year)[3 - len(said) :] != said:
            return "nik_birth"
    if sex and (sex == "F") != woman:
        return "nik_sex"
    return None


def number_faults(kind: str, spelt: str) -> list[Fault]:
    """List what is wrong with one number that an officer typed."""
    if kind not in KINDS:
        return [Fault("kind", "unknown_kind")]
    if kind == "nik":
        fault = nik_fault(spelt)
        return [Fault("nik", fault)] if fault else []
    return [] if spelt and sound(kind, spelt) else [Fault(kind, f"{kind}_form")]


def masked(value: str) -> str:
    """Give a number with all but its last four signs hidden; all of it when it is short."""
    shown = value[-4:] if len(value) > 8 else ""
    dots = "•" * (len(value) - len(shown))
    return " ".join([*(dots[i : i + 4] for i in range(0, len(dots), 4)), shown]).strip()
