"""The card as a PDF: one page of A6 with its code, the same bytes for the same card and day."""

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import typst

from selaras.engines.passes.card import Card, qr_svg

LAYOUT = Path(__file__).with_name("card.typ")


@cache
def _layout() -> bytes:
    return LAYOUT.read_bytes()


def card_pdf(card: Card, token: str, country: str, printed: date, verify_at: str = "") -> bytes:
    """Lay out a card with its signed token; `country` is its name in words, `verify_at` the address of the verifier's page.

    With an address the code opens that page in any telephone; the token stands behind the #, which browsers never send.
    """
    said = {
        "name": card.name, "birth_year": card.birth_year, "country": f"{country} ({card.country})", "number": card.number,
        "since": card.since.isoformat(), "until": card.until.isoformat(), "verify": verify_at,
        "qr": qr_svg(f"{verify_at}#{token}" if verify_at else token).decode(),
    }  # fmt: skip
    return typst.compile(
        _layout(), format="pdf", ignore_system_fonts=True, sys_inputs={"card": json.dumps(said)}, pdf_standards=["ua-1"],
        timestamp=datetime.combine(printed, time(), UTC),
    )  # fmt: skip
