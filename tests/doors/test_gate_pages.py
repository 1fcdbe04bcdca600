"""The gate by plain forms: the queue, each line with why, a decision, a second person, an appeal, the printed record."""

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse

from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.people.models import JourneyStep
from selaras.place.models import Decision
from tests.cast import actor
from tests.doors.test_people_pages import browser, text
from tests.market.demand import parties, permitted
from tests.place.standing import before_gate, decided, fact, looked, second

pytestmark = pytest.mark.usefixtures("committed")
WHY = "Semua dokumen asli dilihat"


@pytest.fixture(autouse=True)
def _market(committed: None) -> None:
    parties()
    permitted()


def form_of(answer, prefix="decide"):
    """Give what the form of a page would send, as a browser without JavaScript does."""
    form = answer.context[prefix]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def bring_visa(journey):
    with acting(actor("reviewer")):
        fact(JourneyStep.objects.filter(journey_id=journey).first().journey, "visa")


def another() -> Client:
    second()
    client = browser("bp3mi")
    client.force_login(officer_by_email("uji-kedua@selaras.example"))
    return client


def test_the_queue_leads_to_a_page_that_says_why_and_takes_the_decision():
    whole, lacking = before_gate(), before_gate(without=("visa", "passport"))
    client = browser("bp3mi")
    queue = text(client.get(reverse("gate_queue")))
    assert "2 journeys stand before the gate" in queue and reverse("gate", args=[whole]) in queue
    page = client.get(reverse("gate", args=[lacking]))
    shown = text(page)
    assert "2 rules are not met" in shown and "Work visa: It is not there." in shown and "Work visa is not there" not in shown and "article 13 letter f" in shown
    assert "Sending somebody whose documents are incomplete is a crime" in shown and "Hold the worker" in shown
    assert "0001" in shown and "UJI-2026" not in shown, "numbers are masked"
    empty = client.post(reverse("gate_do", args=[lacking, "decide"]), form_of(page) | {"justification": ""})
    assert empty.status_code == 422
    forced = client.post(reverse("gate_do", args=[lacking, "decide"]), form_of(page) | {"justification": WHY, "decision": "allow"})
    assert forced.status_code == 422 and "2 rules are not met" in text(forced) and WHY in text(forced)
    done = client.post(reverse("gate_do", args=[lacking, "decide"]), form_of(page) | {"justification": "Visa dan paspor belum ada"}, follow=True)
    assert "Decided: held." in text(done) and "Visa dan paspor belum ada" in text(done)
    page = client.get(reverse("gate", args=[whole]))
    assert "every rule that decides is met" in text(page) and "The worker cannot be held" in text(page)
    sent = form_of(page) | {"justification": WHY}
    for _ in range(2):  # a double click
        assert "may leave" in text(client.post(reverse("gate_do", args=[whole, "decide"]), sent, follow=True))
    with acting(actor("reviewer")):
        assert Decision.objects.filter(journey_id=whole).count() == 1


def test_who_was_slower_is_told_and_loses_no_word():
    journey = before_gate()
    client = browser("bp3mi")
    sent = form_of(client.get(reverse("gate", args=[journey]))) | {"justification": WHY}
    decided(journey, "allow", second())
    late = client.post(reverse("gate_do", args=[journey, "decide"]), sent)
    assert late.status_code == 409 and "Petugas uji-kedua was quicker: may leave" in text(late)


def test_a_hold_is_turned_by_a_second_person_and_an_appeal_is_answered():
    journey = before_gate(without=("visa",))
    decided(journey, "hold")
    village, one, other = browser("village"), browser("bp3mi"), another()
    page = village.get(reverse("gate", args=[journey]))
    assert page.context["decide"] is None and "The worker may object" in text(page)
    sent = form_of(page, "appeal") | {"words": "Visa sudah ada di rumah"}
    assert "The appeal is written down." in text(village.post(reverse("gate_do", args=[journey, "appeal"]), sent, follow=True))
    assert one.get(reverse("gate", args=[journey])).context["answer"] is None, "who held does not answer"
    page = other.get(reverse("gate", args=[journey]))
    sent = form_of(page, "answer") | {"answer": "refuse", "words": "Visa belum ditunjukkan"}
    assert "Visa belum ditunjukkan" in text(other.post(reverse("gate_do", args=[journey, "answer"]), sent, follow=True))
    bring_visa(journey)
    page = one.get(reverse("gate", args=[journey]))
    assert "yours is a proposal" in text(page)
    done = one.post(reverse("gate_do", args=[journey, "decide"]), form_of(page) | {"justification": WHY}, follow=True)
    assert "A second officer must confirm it" in text(done) and done.context["second"] is None
    page = other.get(reverse("gate", args=[journey]))
    sent = form_of(page, "second") | {"answer": "confirm", "justification": "Visa dilihat sendiri"}
    done = other.post(reverse("gate_do", args=[journey, "second"]), sent, follow=True)
    assert "Confirmed: the worker may leave." in text(done) and "proposed by Bima" in text(done)


def test_a_condition_is_said_on_the_page():
    journey = before_gate("crew_merchant", without=("visa", "seafarer_id"))
    client = browser("bp3mi")
    page = client.get(reverse("gate", args=[journey]))
    assert "Is a work visa asked for?" in text(page)
    for name in ("visa_required", "seafarer_id_required"):
        sent = {"condition": name, "holds": "no", "words": "Pelabuhan tidak memintanya", "once": name}
        page = client.post(reverse("gate_do", args=[journey, "condition"]), sent, follow=True)
    assert "every rule that decides is met" in text(page) and "not applicable" in text(page)
    wrong = client.post(reverse("gate_do", args=[journey, "condition"]), {"condition": "visa_required", "once": "x"})
    assert wrong.status_code == 422
    assert client.post(reverse("gate_do", args=[journey, "nothing"])).status_code == 404


def test_the_record_is_printed_in_both_languages_with_a_number_that_can_be_checked():
    journey = before_gate(without=("visa",))
    done = decided(journey, "hold", justification="Visa belum terbit #show")
    answer = browser("village").get(reverse("gate_record", args=[done.decision_id]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Siti" not in answer["Content-Disposition"]
    printed = pypdfium2.PdfDocument(BytesIO(answer.content))
    told = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in printed)
    for part in ("BELUM BOLEH BERANGKAT", "held", done.number, "Siti Nurhaliza", "Visa belum terbit #show", "Visa kerja", "Work visa", "Belum ada.", "It is not there."):
        assert part in told, part
    assert len(looked(journey).lines) == sum(told.count(word) for word in ("terpenuhi ", "tidak berlaku ", "belum dapat diperiksa ")), "every line"
    bitmap = printed[0].render(scale=3)
    code = zxingcpp.read_barcodes(bitmap.to_numpy())
    assert code and code[0].text.endswith(reverse("check_record", args=[done.number]))
    check = browser("dinas").get(reverse("gate_check"), {"number": done.number})
    assert "This record is real: held, stands" in text(check)
    assert "within your sight" in text(browser("desk").get(reverse("gate_check"), {"number": done.number}))
    with acting(actor("reviewer")):
        Decision.objects.filter(pk=done.decision_id).update(by_name="Orang lain")
    assert "was changed after it was taken" in text(browser("dinas").get(reverse("gate_check"), {"number": done.number}))
