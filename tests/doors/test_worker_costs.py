"""Her costs on her own page: the total first, what the law says of each, one more with a photograph or her voice; light, without scripts."""

from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan
from selaras.place.actions.costs import add_cost
from selaras.place.models import Cost
from tests.access.visitors import own_browser
from tests.cast import WORKER_PHONE, actor, enrolled
from tests.doors.test_worker_pages import text
from tests.people.journeying import begun
from tests.people.someone import STAY, registered
from tests.place.test_contracts import stated, wrote

pytestmark = pytest.mark.usefixtures("committed")
PHOTO = b"\xff\xd8\xff\xe0 kuitansi yang dibuat-buat"


def on_her_own() -> tuple[UUID, Any]:
    """Give her journey, and a browser in which she is signed in."""
    her = registered("village", presence=STAY).person_id
    enrolled(her)
    journey = begun(person_id=her, who="dinas", country="TWN", agency="").journey_id
    client = own_browser(WORKER_PHONE)
    session = client.session
    session["language"] = "en"
    session.save()
    return journey, client


def test_the_total_stands_first_and_what_must_not_have_been_asked_says_what_she_can_do():
    journey, client = on_her_own()
    assert "No payment of yours is written down." in text(client.get("/worker/costs/"))
    wrote(journey, "contract", stated())
    told = {"currency": "IDR", "paid_on": timezone.localdate()}
    with acting(actor("bp3mi")):
        add_cost(journey_id=journey, item="visa", payer="employer", amount=Decimal(1_000_000), **told)
        add_cost(journey_id=journey, item="passport", payer="worker", amount=Decimal(15_340_000), **told)
    page = text(client.get("/worker/costs/"))
    assert "You paid Rp15,340,000: 1 months of your pay." in page and "Paid by the employer, not by you." in page
    law = {"must not be asked of you", "is disputed", "No rule was found", "lets this be asked"}
    assert sum(words in page for words in law) == 1 and "Find your nearest desk" in page


def test_she_writes_a_payment_down_herself_once_with_her_voice_and_hears_it_again():
    journey, client = on_her_own()
    sent = {"item": "training", "currency": "idr", "once": "k", "words": "Kepada sponsor"}

    def voice() -> SimpleUploadedFile:
        return SimpleUploadedFile("rekaman.ogg", b"OggS\x00 suara yang dibuat-buat", "audio/ogg")

    empty = client.post("/worker/costs/", sent | {"receipt": voice()})
    assert empty.status_code == 422 and "The receipt is here, but no amount." in text(empty) and "Kepada sponsor" in unescape(empty.content.decode())
    for _ in range(2):
        assert client.post("/worker/costs/", sent | {"amount": "2.500.000", "receipt": voice()}).status_code == 302
    page = client.get("/worker/costs/").content.decode()
    assert "Rp2,500,000" in page and "Voice note" in page
    with acting(actor("reviewer")):
        cost = Cost.objects.get()
        assert (cost.payer, cost.by_name, cost.journey_id) == ("worker", "Siti Nurhaliza binti Kasan", journey)
    heard = client.get(f"/worker/costs/{cost.id}/receipt/")
    assert b"".join(heard.streaming_content).startswith(b"OggS") and heard["Content-Disposition"].startswith("attachment")
    strange = client.post("/worker/costs/", sent | {"once": "k2", "amount": "1", "receipt": SimpleUploadedFile("x.exe", b"MZ")})
    assert strange.status_code == 422 and "no photograph, PDF or voice note" in text(strange)


def test_nothing_that_is_not_hers_opens_and_no_file_comes_from_a_stranger():
    _, client = on_her_own()
    other = begun(who="village", person_id=registered("village", name="Warsinah Kusuma", numbers=[]).person_id)
    with acting(actor("dinas")):
        told = {"item": "passport", "payer": "worker", "amount": Decimal(1), "currency": "IDR", "paid_on": None}
        hers = add_cost(journey_id=other.journey_id, receipt=Scan([PHOTO], "x.jpg"), **told)
    assert client.get(f"/worker/costs/{hers.cost_id}/receipt/").status_code == 404
    assert "Rp1" not in text(client.get("/worker/costs/"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_is_light_and_needs_no_scripts(language: str):
    journey, client = on_her_own()
    with acting(actor("bp3mi")):
        for n in range(12):
            told = {"item": "passport", "payer": "worker", "amount": Decimal(1000 + n), "currency": "IDR", "paid_on": None}
            add_cost(journey_id=journey, words="Kepada sponsor di kota", **told)
    session = client.session
    session["language"] = language
    session.save()
    html = client.get("/worker/costs/").content
    assert len(html) < 30_000 and html.count(b"<script") == 1, "only the quick way out"
    assert b'enctype="multipart/form-data"' in html and f'<html lang="{language}"'.encode() in html
