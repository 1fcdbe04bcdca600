"""Contracts and costs by plain forms: what is wrong stands beside its field with what to do; amounts are read as people write them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from selaras.doors.office.contracts.forms import Amount
from selaras.ground.scope import acting
from selaras.place.models import Cost, Document, Finding
from tests.cast import actor
from tests.doors.test_people_pages import browser, text
from tests.place.test_contracts import PLACE, on_her_way, stated, wrote

pytestmark = pytest.mark.usefixtures("committed")


def filled(**changes):
    """Fill the form of a contract as an officer types it."""
    told = stated()
    plain = {
        "signed_on": told.signed_on, "job": told.job, "wage": "29.500", "currency": "twd", "per": "month", "hours": "40", "employer": told.employer,
        "place": PLACE, "deductions": "0", "once": "k",
    }  # fmt: skip
    return plain | {f"term_{name}": value for name, value in told.terms.items()} | changes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("350.000", "350000"), ("350,000", "350000"), ("Rp 1.250.000,50", "1250000.50"), ("12,5", "12.5"), ("12.5", "12.5"), ("29500", "29500"), ("", None)],
)
def test_an_amount_is_read_as_people_write_it(typed, meant):
    assert Amount(required=False).clean(typed) == (None if meant is None else Decimal(meant))


def test_a_contract_is_written_with_every_term_or_told_what_is_missing():
    journey = on_her_way()
    client = browser("bp3mi")
    page = client.get(reverse("contracts", args=[journey]))
    write = reverse("contract_write", args=[journey, "contract"])
    assert "no document is written down yet" in text(page) and write in text(page)
    form = text(client.get(write))
    assert "article 15 paragraph 2 letter g" in form
    wrong = client.post(write, filled(place="PO Box 7, Taoyuan", term_safety="", wage="29.500.000"))
    assert wrong.status_code == 422
    shown = text(wrong)
    assert "A post box is no address" in shown and "The contract must say this" in shown and "too much to be a month" in shown
    assert 'value="29.500.000"' in shown, "what was typed stays"
    done = client.post(write, filled(), follow=True)
    assert "Written down." in text(done) and "29,500 TWD a month" in text(done)
    again = client.post(write, filled(once="k2", wage="28.000"))
    assert again.status_code == 422 and "only when worker and employer both consent" in text(again)
    assert "version 2" in text(client.post(write, filled(once="k2", wage="28.000", consented="on"), follow=True))
    assert client.get(reverse("contract_write", args=[journey, "poem"])).status_code == 404


def test_after_she_left_the_mission_extends_and_a_difference_is_reported():
    journey = on_her_way(abroad=True)
    wrote(journey, "contract", stated())
    extension = reverse("contract_write", args=[journey, "extension"])
    assert extension not in text(browser("bp3mi").get(reverse("contracts", args=[journey])))
    mission = browser("taipei")
    assert extension in text(mission.get(reverse("contracts", args=[journey])))
    page = mission.post(extension, filled(consented="on", until="2028-12-31"), follow=True)
    assert "before the mission" in text(page)
    wrote(journey, "payslip", stated(wage=Decimal(20000), terms={}), "taipei")
    page = text(mission.get(reverse("contracts", args=[journey])))
    assert "1 change for the worse" in page and "29,500 TWD became 20,000 TWD." in page and "after signing" in page
    told = {"field": "wage", "earlier": "contract", "later": "payslip"}
    for _ in range(2):
        assert "Reported by Tia" in text(mission.post(reverse("contract_report", args=[journey]), told, follow=True))
    gone = mission.post(reverse("contract_report", args=[journey]), told | {"field": "job"}, follow=True)
    assert "no longer differ" in text(gone)
    with acting(actor("reviewer")):
        assert (Finding.objects.count(), Document.objects.count()) == (1, 3)


def test_a_receipt_without_an_amount_is_refused_with_what_to_do_and_a_voice_note_is_kept():
    journey = on_her_way()
    client = browser("bp3mi")
    costs = reverse("costs", args=[journey])
    assert "No payment is written down yet" in text(client.get(costs))
    sent = {"item": "passport", "payer": "worker", "currency": "idr", "once": "k"}

    def voice():
        return SimpleUploadedFile("rekaman.ogg", b"OggS\x00 suara yang dibuat-buat", "audio/ogg")

    empty = client.post(costs, sent | {"receipt": voice()})
    assert empty.status_code == 422 and "The receipt is here, but no amount. Read it from the receipt" in text(empty)
    assert "Choose the file again: a browser does not keep it." in text(empty), "else the receipt would be lost without a word"
    assert "Choose the file again" not in text(client.post(costs, sent)), "none was chosen"
    done = client.post(costs, sent | {"amount": "350.000", "receipt": voice(), "words": "Dibayar kepada sponsor"}, follow=True)
    assert "The cost is written down." in text(done) and "350,000 IDR" in text(done) and "Voice note" in text(done)
    with acting(actor("reviewer")):
        cost = Cost.objects.get()
    heard = client.get(reverse("cost_receipt", args=[cost.id]))
    assert b"".join(heard.streaming_content).startswith(b"OggS") and heard["Cache-Control"] == "no-store"
    for _ in range(2):
        back = client.post(costs, {"cost_id": cost.id, "words": "Salah ketik"}, follow=True)
    assert "was taken back already by Bima" in text(back)


def test_months_of_pay_say_when_there_are_too_few():
    assert "Too few workers" in text(browser("steering").get(reverse("months_of_pay")))
    wrote(on_her_way(), "contract", stated())
    page = text(browser("steering").get(reverse("months_of_pay")))
    assert "Too few workers" in page and "hidden: too few" in page
    export = browser("steering").get(reverse("months_of_pay_export"))
    assert export["Content-Disposition"].endswith('.csv"')
    lines = export.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("indicator,as_of,agency,") and len(lines) > 1
    assert all(line.startswith("10.7.1,") and line.endswith(",1,,,,1,,,") for line in lines[1:]), "what is hidden has no figure"
