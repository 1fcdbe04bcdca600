"""The card on paper: a token small enough for a QR code that a creased page still carries, signed with Ed25519.

The token says what an officer needs to hold it against a passport and the holder's face, and no more: the card's number, name, year
of birth, country, the days between which it holds, where to look in which status list, and which key signed. No NIK, passport,
telephone, address, employer or agency: whoever photographs a card must not be able to find her with it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import segno
from cryptography.exceptions import InvalidSignature

from selaras.engines.passes.coding import from_text, json_bytes, read_json, to_text
from selaras.engines.passes.keys import CARD, ED25519, Key, raw_private, raw_public
from selaras.engines.reason import Unfit

FORM = "SLR1"
SIGNED_AS = b"selaras card 1\x00"  # so that no other bytes which a key ever signs can be read as a card
FIRST_DAY = date(2020, 1, 1)  # days on a card are counted from here
LARGEST_QR = 20
NAME_BYTES = 120
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{3,23}")
COUNTRY = re.compile(r"[A-Z]{3}")
LIST = re.compile(r"[a-z0-9-]{1,24}")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says."""

    number: str
    name: str
    birth_year: int | None
    country: str
    issued: date
    since: date
    until: date
    status_list: str
    status_index: int

    def __post_init__(self) -> None:
        """Refuse what cannot stand on a card."""
        wrong = (
            "number" if not NUMBER.fullmatch(self.number)
            else "name" if not self.name.strip() or not self.name.isprintable() or len(self.name.encode()) > NAME_BYTES
            else "birth_year" if self.birth_year is not None and not 1900 <= self.birth_year <= self.issued.year
            else "country" if not COUNTRY.fullmatch(self.country)
            else "until" if not FIRST_DAY <= self.issued <= self.until or self.until < self.since or self.since < FIRST_DAY
            else "status_list" if not LIST.fullmatch(self.status_list)
            else "status_index" if not 0 <= self.status_index < 2**31
            else None
        )  # fmt: skip
        if wrong:
            raise Unfit("card.field", field=wrong)


def _day(day: date) -> int:
    return (day - FIRST_DAY).days


def sign_card(card: Card, key: Key) -> str:
    """Give the token of a card."""
    if key.use != CARD or not key.signs_on(card.issued):
        raise Unfit("key.use", use=key.use, alg=key.alg)
    name = unicodedata.normalize("NFC", card.name)
    days = [_day(card.issued), _day(card.since), _day(card.until)]
    said = [key.kid, card.number, name, card.birth_year, card.country, *days, card.status_list, card.status_index]
    raw = json_bytes(said)
    return f"{FORM}.{to_text(raw)}.{to_text(raw_private(key.jwk).sign(SIGNED_AS + raw))}"


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart, not yet believed."""

    kid: str
    raw: bytes
    signature: bytes
    said: tuple[Any, ...]

    def is_signed_by(self, key: Key) -> bool:
        """Say whether a key signed exactly this; a card is signed with Ed25519 and nothing else."""
        if key.alg != ED25519:
            return False
        try:
            raw_public(key.public().jwk).verify(self.signature, SIGNED_AS + self.raw)
        except InvalidSignature:
            return False
        return True

    def card(self) -> Card:
        """Give what it says; call it when the signature holds."""
        try:
            _, number, name, year, country, *days, status_list, index = self.said
            issued, since, until = (FIRST_DAY + timedelta(days=day) for day in days)
            return Card(number, name, year, country, issued, since, until, status_list, index)
        except (TypeError, ValueError, OverflowError, AttributeError):
            raise Unfit("pass.not_a_pass") from None


def take_apart(text: str) -> Token:
    """Read a token without believing it; an address may stand before it, ending in #."""
    form, _, rest = text.strip().rpartition("#")[2].partition(".")
    body, _, signature = rest.partition(".")
    if form != FORM or len(rest) > 2000:
        raise Unfit("pass.not_a_pass")
    raw = from_text(body)
    said = read_json(raw)
    if not isinstance(said, list) or len(said) != 10 or not isinstance(said[0], str):
        raise Unfit("pass.not_a_pass")
    return Token(said[0], raw, from_text(signature), tuple(said))


def qr_of(token: str) -> segno.QRCode:
    """Give the QR code of a token: error level M (a seventh of it may be dirty), at most version 20."""
    code = segno.make(token, error="m", micro=False, boost_error=False)
    if int(code.version) > LARGEST_QR:
        raise Unfit("card.qr_too_large", version=int(code.version), largest=LARGEST_QR)
    return code


def qr_svg(token: str) -> bytes:
    """Draw the QR code with the quiet margin that readers need."""
    out = BytesIO()
    qr_of(token).save(out, kind="svg", border=4, xmldecl=True, svgclass=None, lineclass=None)
    return out.getvalue()
