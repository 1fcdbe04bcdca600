"""The printed card: a reader opens it, and what a telephone reads off the page verifies."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp

from selaras.doors.papers.card import card_pdf
from selaras.engines.passes.verifying import GOOD
from tests.engines.passes.issuing import CARD_OF_SITI, NOW, at_gate, status, token

PRINTED = date(2026, 11, 22)


@pytest.mark.parametrize("address", ["", "https://selaras.example/kartu"])
@pytest.mark.parametrize("name", ["SITI AMINAH", "#include \"x\" *NAMA* $a$ \\ [", "NUR " * 29 + "AINI"])
def test_what_is_printed_opens_and_verifies(name, address):
    card = replace(CARD_OF_SITI, name=name)
    printed = card_pdf(card, token(card), "Hong Kong", PRINTED, address)
    pdf = pypdfium2.PdfDocument(printed)
    assert len(pdf) == 1, "everything stands on one page"
    words = " ".join(pdf[0].get_textpage().get_text_range().split())
    assert name.split()[0] in words and "EKPMI-7F3K9Q2D" in words and "Hong Kong (HKG)" in words
    assert "cocokkan dengan paspor" in words and "compare it with the passport" in words
    picture = pdf[0].render(scale=200 / 72, grayscale=True).to_numpy().squeeze()
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == (f"{address}#" if address else "") + token(card)
    found = at_gate(status()).verify(code.text, NOW)
    assert found.outcome == GOOD and found.says["name"] == name.strip()


def test_the_same_card_prints_the_same_bytes():
    first, second = (card_pdf(CARD_OF_SITI, "SLR1.a.b", "Hong Kong", PRINTED) for _ in range(2))
    assert first == second and len(first) < 60_000
