"""The card through the real pages: issued in an office, shown by the worker, verified by anybody; in words, without JavaScript."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from selaras.engines.passes.card import sign_card, take_apart
from selaras.engines.passes.keys import CARD, fresh_keys
from selaras.ground.keyring import write_ring
from selaras.ground.scope import acting
from selaras.place.actions.passes import revoke_pass
from selaras.place.models import Pass
from selaras.place.queries.passes import open_pass
from tests.access.visitors import own_browser
from tests.cast import WORKER_PHONE, actor, enrolled
from tests.doors.test_people_pages import browser
from tests.place.standing import carded, woman
from tests.place.test_passes import WHY, at_card, herself, issued

pytestmark = pytest.mark.usefixtures("committed")


def text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def form_of(answer: Any, name: str) -> dict[str, Any]:
    """Give what the form of a page would send, as a browser without JavaScript does."""
    form = next(doing["form"] for doing in answer.context["doings"] if doing["name"] == name)
    return {field: form[field].value() for field in form.fields if form[field].value() is not None}


def code_on(pdf: bytes) -> str:
    """Read the code on a printed card as a camera does."""
    picture = pypdfium2.PdfDocument(BytesIO(pdf))[0].render(scale=3).to_numpy()
    return str(zxingcpp.read_barcodes(picture)[0].text)


def visitor(language: str = "en") -> Client:
    return Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=language, enforce_csrf_checks=True)


def first(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return " ".join(found.group(1).split())


def test_an_office_issues_prints_suspends_lifts_and_revokes():
    journey, client = at_card(), browser("bp3mi")
    page = client.get(reverse("cards", args=[journey]))
    assert "no card yet" in text(page) and "no NIK, passport, telephone or address" in text(page)
    sent = form_of(page, "issue")
    done = client.post(reverse("card_do", args=[journey, "issue"]), sent, follow=True)
    assert done.status_code == 200 and "is issued; it holds until" in text(done)
    twice = client.post(reverse("card_do", args=[journey, "issue"]), sent, follow=True)
    assert twice.status_code == 200
    other = client.post(reverse("card_do", args=[journey, "issue"]), sent | {"once": "another"})
    assert other.status_code == 422 and "A card stands already" in text(other)
    with acting(actor("reviewer")):
        row = Pass.objects.get()
    pdf = client.get(reverse("card_paper", args=[row.id]))
    assert pdf["Content-Type"] == "application/pdf" and row.number in pdf["Content-Disposition"]
    scanned = code_on(pdf.content)
    assert scanned.startswith("http://localhost:8000/check/card/here/#SLR1.")
    assert first(visitor().post(reverse("check_card"), {"text": scanned})) == "The card holds."
    for act, more, words in (
        ("suspend", {"reason": "checking"}, "is suspended"), ("lift", {"words": WHY}, "holds again"),
        ("replace", {"reason": "damaged"}, "takes its place"), ("renew", {}, "is issued"),
        ("revoke", {"reason": "misuse", "words": WHY}, "is revoked"),
    ):  # fmt: skip
        page = client.get(reverse("cards", args=[journey]))
        done = client.post(reverse("card_do", args=[journey, act]), form_of(page, act) | more, follow=True)
        assert done.status_code == 200 and words in text(done), (act, text(done))
    assert first(visitor().post(reverse("check_card"), {"text": scanned})) == "The card does not hold."
    unsaid = client.post(reverse("card_do", args=[journey, "revoke"]), {"once": "x"})
    assert unsaid.status_code == 422
    assert client.post(reverse("card_do", args=[journey, "nothing"]), {}).status_code == 404


def test_a_reason_of_one_word_is_said_beside_its_field_and_what_was_typed_stays():
    card = issued(at_card())
    client = browser("bp3mi")
    do = reverse("card_do", args=[card.journey_id, "revoke"])
    answer = client.post(do, {"pass_id": str(card.pass_id), "reason": "misuse", "words": "salahgunaan", "once": "k"})
    assert answer.status_code == 422 and "Say why, in two words at least." in text(answer) and "salahgunaan</textarea>" in answer.content.decode()


def test_what_a_card_cannot_say_and_a_missing_key_are_said_in_words(settings, tmp_path):
    with acting(actor("reviewer")):
        her = woman(birth=date(1899, 5, 1))
    client, journey = browser("bp3mi"), at_card(person=her)
    answer = client.post(reverse("card_do", args=[journey, "issue"]), {"once": "k"})
    assert answer.status_code == 422 and "the year of birth" in text(answer) and "birth_year" not in text(answer)
    settings.SELARAS_CARD_KEYS = str(tmp_path / "later.json")
    write_ring(tmp_path / "later.json", fresh_keys(timezone.localdate() + timedelta(9)).as_json())
    answer = client.post(reverse("card_do", args=[at_card(), "issue"]), {"once": "k"})
    assert answer.status_code == 422 and "No key signs cards today." in text(answer)


def test_a_suspended_card_past_its_last_day_is_neither_replaced_nor_printed_and_one_looked_into_says_so():
    card = issued(at_card())
    client, page = browser("bp3mi"), reverse("cards", args=[card.journey_id])
    client.post(reverse("card_do", args=[card.journey_id, "suspend"]), {"pass_id": str(card.pass_id), "reason": "checking", "once": "k"})
    shown = client.get(page)
    assert "replace" in [doing["name"] for doing in shown.context["doings"]] and "write what came of it" in text(shown)
    with acting(actor("reviewer")):
        Pass.objects.update(since=timezone.localdate() - timedelta(30), until=timezone.localdate() - timedelta(1))
    shown = client.get(page)
    assert [doing["name"] for doing in shown.context["doings"]] == ["lift", "revoke"] and reverse("card_paper", args=[card.pass_id]) not in shown.content.decode()


def test_the_journey_offers_no_button_for_the_step_of_the_card():
    journey = at_card()
    page = browser("bp3mi").get(reverse("journey", args=[journey])).content.decode()
    assert "/steps/card/do/" not in page and reverse("cards", args=[journey]) in page


def test_anybody_is_told_whether_it_holds_why_not_and_what_cannot_be_known():
    card = issued(at_card())
    with acting(actor("bp3mi")):
        token = open_pass(card.pass_id).text
    ask = visitor()
    empty = ask.post(reverse("check_card"), {"text": " "})
    assert empty.status_code == 422 and "Paste the text of the code" in text(empty)
    good = ask.post(reverse("check_card"), {"text": token})
    page = text(good)
    assert first(good) == "The card holds." and "Siti Nurhaliza" in page and "1999" in page and "Taiwan" in page
    assert "A photograph of a card, in other hands, is as good as the card" in page and "just now" in page and "0 hours" not in page
    upload = SimpleUploadedFile("card.txt", token.encode())
    assert first(ask.post(reverse("check_card"), {"file": upload})) == "The card holds."
    large = ask.post(reverse("check_card"), {"file": SimpleUploadedFile("card.txt", b"x" * 70_000)})
    assert large.status_code == 422 and "is empty" in text(large), "nothing large is taken from strangers"
    at = len(token) // 2
    altered = token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :]
    refused = ask.post(reverse("check_card"), {"text": altered})
    assert first(refused) == "The card does not hold." and "Siti Nurhaliza" not in text(refused)
    assert first(visitor("id").post(reverse("check_card"), {"text": altered})) == "Kartu ini tidak berlaku."
    with acting(actor("bp3mi")):
        revoke_pass(pass_id=card.pass_id, reason="misuse", words=WHY)
    over = ask.post(reverse("check_card"), {"text": token})
    assert "The card was revoked" in text(over) and "What it says, though it does not hold" in text(over)


def test_expired_retired_and_unknown_keys_are_said_by_the_page(tmp_path, settings):
    ring = tmp_path / "cards.json"
    keys = fresh_keys(date(2024, 1, 1))
    write_ring(ring, keys.as_json())
    settings.SELARAS_CARD_KEYS = str(ring)
    then, ended = date(2025, 1, 1), timezone.localdate() - timedelta(1)
    with acting(actor("reviewer")):
        row = Pass.objects.get(id=carded(at_card(), issued=then, since=then, until=ended))
    ask = visitor()

    def answers(token: str) -> tuple[str, str]:
        answer = ask.post(reverse("check_card"), {"text": token})
        return first(answer), text(answer)

    outcome, page = answers(row.token)
    assert outcome == "The card does not hold." and "The card held until" in page and "registers again" in page
    card = take_apart(row.token).card()
    other = replace(card, until=timezone.localdate() + timedelta(9))
    for one, words in ((fresh_keys(date(2024, 1, 1)), "signed with a key that is not known here"), (keys, "")):
        outcome, page = answers(sign_card(other, one.signer(CARD, then)))
        assert (outcome == "The card does not hold.") is bool(words) and words in page
        assert ("Siti Nurhaliza" in page) is not bool(words)
    write_ring(ring, keys.retired(keys.signer(CARD, then).kid).as_json())
    outcome, page = answers(sign_card(other, keys.signer(CARD, then)))
    assert outcome == "The card does not hold." and "was withdrawn" in page and "Siti Nurhaliza" not in page
    nowhere = replace(other, status_list="e-kpmi-9")
    outcome, page = answers(sign_card(nowhere, keys.signer(CARD, then)))
    assert outcome == "The card does not hold."
    write_ring(ring, keys.as_json())
    outcome, page = answers(sign_card(nowhere, keys.signer(CARD, then)))
    assert outcome.startswith("Nothing speaks against the card") and "is missing" in page


def test_keys_and_lists_are_there_for_every_verifier_with_their_age():
    issued(at_card())
    ask = visitor()
    keys = ask.get(reverse("card_keys"))
    assert keys["Access-Control-Allow-Origin"] == "*" and "max-age=300" in keys["Cache-Control"]
    assert keys.json()["issuer"] == "http://localhost:8000" and all("d" not in key for key in keys.json()["keys"])
    assert keys.json()["status_lists"] == ["http://localhost:8000/check/card/status/e-kpmi-1"]
    answer = ask.get("/check/card/status/e-kpmi-1")
    assert answer["Content-Type"] == "application/statuslist+jwt" and answer["Last-Modified"] and answer["Expires"]
    assert ask.get("/check/card/status/e-kpmi-1", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert ask.get("/check/card/status/e-kpmi-9").status_code == 404


def test_the_verifiers_page_may_use_the_camera_and_no_other_page_may():
    here, check = visitor().get(reverse("card_here")), visitor().get(reverse("check_card"))
    assert here["Permissions-Policy"].startswith("camera=(self)") and check["Permissions-Policy"].startswith("camera=()")
    script = visitor().get(reverse("card_helper"))
    assert script["Content-Type"].startswith("text/javascript") and '"/check/card/here/"' in script.content.decode()


def test_she_takes_the_paper_shows_what_she_ticks_and_suspends_it_when_it_is_lost():
    her = herself()
    enrolled(her.id)
    client = own_browser(WORKER_PHONE)
    none = client.get(reverse("worker_own_card"))
    assert none.status_code == 200 and "BP3MI" in text(none) and "PDF" not in text(none)
    card = issued(at_card(person=her))
    page = client.get(reverse("worker_own_card"))
    assert page.status_code == 200 and card.number in text(page) and len(page.content) < 30_000
    assert "BP3MI of your home province" in text(page) or "BP3MI provinsi asal Anda" in text(page)
    pdf = client.get(reverse("worker_card_paper", args=[card.pass_id]))
    assert pdf["Content-Type"] == "application/pdf" and "#SLR1." in code_on(pdf.content)
    shown = client.post(reverse("worker_card_phone", args=[card.pass_id]), {"show": ["name"]})
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", shown.content.decode(), re.DOTALL)
    assert found is not None and len(shown.content) < 50_000
    checked = text(visitor().post(reverse("check_card"), {"text": unescape(found.group(1))}))
    assert "The card holds." in checked and "Siti Nurhaliza" in checked and "1999" not in checked.partition("What this check")[0]
    saved = client.post(reverse("worker_card_phone", args=[card.pass_id]), {"show": ["name"], "save": "1"})
    assert saved["Content-Type"] == "application/dc+sd-jwt" and saved.content.count(b"~") == 3
    assert client.post(reverse("worker_card_lost", args=[card.pass_id]), {}).status_code == 422
    assert client.post(reverse("worker_card_lost", args=[card.pass_id]), {"reason": "lost"}).status_code == 302
    page = text(client.get(reverse("worker_own_card")))
    assert card.number in page and "any BP3MI" not in page
    assert "suspended" in text(visitor().post(reverse("check_card"), {"text": unescape(found.group(1))}))


def test_the_card_of_another_is_not_there():
    her = herself()
    enrolled(her.id)
    theirs = carded(at_card())
    client = own_browser(WORKER_PHONE)
    assert client.get(reverse("worker_card_paper", args=[theirs])).status_code == 404
    assert client.post(reverse("worker_card_lost", args=[theirs]), {"reason": "lost"}).status_code == 404
