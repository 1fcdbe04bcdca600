"""The review queue by plain forms: see a pair, judge it, undo it, go on; who may; every reason has its sentence."""

import json
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import translation

from selaras.doors.office.effect_sentences import effect_sentence
from selaras.doors.office.reason_sentences import SENTENCES, reason_sentence
from selaras.doors.office.templatetags.face import number, signed
from selaras.engines.linkage import REASON_CODES
from selaras.ground.scope import acting
from selaras.reconcile.models import Pair
from selaras.reconcile.queries.pairs import _sign, see_pair
from tests.cast import actor
from tests.doors.test_headcount_pages import browser
from tests.reconcile.registers import person, whose
from tests.reconcile.test_judging import linked, pair

needs_rows = pytest.mark.usefixtures("committed")
PO = Path(__file__).parents[2] / "selaras" / "locale" / "id" / "reconcile_linking.po"


def test_each_reason_code_has_one_sentence_of_its_own_in_both_languages():
    assert set(SENTENCES) == set(REASON_CODES)
    with PO.open("rb") as source:
        indonesian = {m.id: m.string for m in read_po(source) if m.id}
    with translation.override("en"):
        english = [str(SENTENCES[code]) for code in REASON_CODES]
    assert len(set(english)) == len(REASON_CODES)
    told = [indonesian[text] for text in english]
    assert all(told) and len(set(told)) == len(REASON_CODES)
    assert all(text.endswith(".") for text in english + told)


def test_a_reason_is_said_with_its_parameters():
    with translation.override("en"):
        assert reason_sentence("rarity.whole", {"grade": 3, "grades": 6, "one_in": 1097}) == "About one row in 1,097 bears this whole name."
    assert reason_sentence("new.code", {}) == "new.code", "nothing is hidden"


def open_pair(client: Client, pair_id) -> str:
    answer = client.get(reverse("review_pair", args=[pair_id]))
    assert answer.status_code == 200
    return answer.content.decode()


@needs_rows
def test_a_reviewer_works_through_the_queue_by_plain_forms():
    linked()
    first, second = pair("S4", "S5"), pair("S2", "S5")
    client = browser("reviewer")
    queue = client.get(reverse("review")).content.decode()
    assert "2 pairs wait for your judgement" in queue
    shown = client.get(reverse("review_next"))
    assert shown.headers["Location"] == reverse("review_pair", args=[min(first, second)])
    page = open_pair(client, first)
    assert "Are these two rows one person?" in page and "LASTRI HANDAYANI" in page and "TUKIMIN HANDAYANI" in page
    assert "The name is the same." in page and "55 in 100" in page
    answer = client.post(reverse("review_judge", args=[first]), {"verdict": "same", "reason": "foto sama"}, follow=True)
    text = answer.content.decode()
    assert "It holds when a second officer says the same." in text and "Undo the pair before" in text
    assert answer.redirect_chain[-1][0].startswith(reverse("review_pair", args=[second]))
    client.post(reverse("review_undo", args=[first]))
    with acting(actor("reviewer")):
        assert Pair.objects.get(pk=first).state == "open"


@needs_rows
def test_the_second_officer_decides_blindly():
    linked()
    p = pair("S4", "S5")
    browser("reviewer").post(reverse("review_judge", args=[p]), {"verdict": "same", "reason": "catatan-rahasia"})
    other = browser("second")
    before = open_pair(other, p)
    assert "hidden until you have judged yourself" in before and "catatan-rahasia" not in before
    done = other.post(reverse("review_judge", args=[p]), {"verdict": "same"}, follow=True).content.decode()
    assert "the records were moved" in done and "There is no pair left for you to judge." in done
    assert "Settled: the same person" in open_pair(other, p)


@needs_rows
def test_filters_and_pages_of_the_queue():
    linked()
    with acting(actor("reviewer")):
        rows = sorted(("S0", "S1", "S2", "S3", "S4", "S5"))
    made = [pair(a, b) for n, a in enumerate(rows) for b in rows[n + 1 :]]
    client = browser("reviewer", "id")
    assert "15 pasangan menunggu penilaian Anda" in client.get(reverse("review")).content.decode()
    client.post(reverse("review_judge", args=[made[0]]), {"verdict": "unsure"})
    mine = client.get(reverse("review") + "?state=mine").content.decode()
    assert str(made[0]) in mine and str(made[1]) not in mine
    assert client.get(reverse("review") + "?state=strange&page=x").status_code == 200


@needs_rows
def test_who_may_not_see_pairs_is_refused_and_a_pair_that_is_not_there_is_not_there():
    linked()
    p = pair("S4", "S5")
    for who in ("village", "taipei", "data", "auditor", "agency"):
        assert browser(who).get(reverse("review_pair", args=[p])).status_code == 403
        assert browser(who).post(reverse("review_judge", args=[p]), {"verdict": "same"}).status_code == 403
    missing = "00000000-0000-7000-8000-000000000000"
    assert browser("reviewer").get(reverse("review_pair", args=[missing])).status_code == 404
    strange = browser("reviewer").post(reverse("review_judge", args=[p]), {"verdict": "maybe"})
    assert strange.status_code == 403 and "That is no judgement." in strange.content.decode()


@needs_rows
def test_no_number_stands_in_an_address_of_the_queue():
    linked()
    p = pair("S4", "S5")
    page = open_pair(browser("reviewer"), p)
    numbers = json.loads(json.dumps(["3212014505790005", "B1031676"]))
    for piece in page.split('href="')[1:] + page.split('action="')[1:]:
        address = piece.split('"')[0]
        assert not any(number in address for number in numbers)


@needs_rows
def test_numbers_of_a_pair_are_masked_until_they_are_opened_with_a_reason():
    linked()
    p = pair("S4", "S5")
    client = browser("reviewer")
    page = open_pair(client, p)
    secrets = [person(n)[field] for n in (4, 5) for field in ("nik", "passport")]
    assert not any(secret in page for secret in secrets), "differing numbers, too"
    address = reverse("review_numbers", args=[p, "nik"])
    assert client.get(address).status_code == 405
    assert client.post(address, {"reason": "curious"}).status_code == 403
    opened = client.post(address, {"reason": "identity"}).content.decode()
    assert person(4)["nik"] in opened and person(5)["nik"] in opened and person(4)["passport"] not in opened
    partial = client.post(address, {"reason": "identity"}, headers={"HX-Request": "true"}).content.decode()
    assert person(4)["nik"] in partial and "<html" not in partial
    assert client.post(reverse("review_numbers", args=[p, "name"]), {"reason": "identity"}).status_code == 404
    hers = whose()["siskop2mi:S4"]
    who = client.get(reverse("person_who", args=[hers])).content.decode()
    assert "opened the numbers of two rows, to check the identity" in who


@needs_rows
def test_the_sign_follows_the_values_and_no_weight_is_a_negative_zero():
    linked()
    p = pair("S4", "S5")
    with acting(actor("reviewer")):
        compared = {c.field: c for c in see_pair(p).compared}
        Pair.objects.filter(pk=p).update(weight=-0.04, reasons=[["name.equal", {}, -0.01], ["nik.different", {}, -0.3]])
    assert compared["name"].left != compared["name"].right and compared["name"].sign == "alike", "the model's `equal` beside two other names"
    assert {c.sign for c in compared.values()} <= {"same", "alike", "differs", ""}
    page = open_pair(browser("reviewer", "id"), p)
    assert "-0,0" not in page and "−0,0" not in page and "+0,0" not in page and "−0,3" in page


@pytest.mark.parametrize(
    ("left", "right", "level", "sign"),
    [
        ("Siti Aminah", "SITI  AMINAH", "different", "same"), ("Siti", "Siti Aminah", "equal", "alike"), ("1990-05-17", "1990-05-18", "other_day", "differs"),
        ("A", "", "equal", ""), ("A", "B", "missing", ""), ("Jl. A/1", "jl a 1", "missing", "same"), ("A", "B", "phonetic", "alike"),
    ],
)
def test_what_reads_the_same_is_the_same_and_nothing_else(left, right, level, sign):
    assert _sign(left, right, level) == sign


@pytest.mark.parametrize(("value", "shown"), [(-0.04, "0,0"), (0.04, "0,0"), (-0.0, "0,0"), (0.06, "+0,1"), (-2.15, "−2,1"), (None, "—")])
def test_a_weight_has_a_sign_or_is_zero(value, shown):
    with translation.override("id"):
        assert signed(value) in (shown, shown.replace("2,1", "2,2"))
        assert number(-0.04, 1) == "0,0"


@needs_rows
def test_the_person_page_shows_what_each_register_says_and_why_it_is_hers():
    linked()
    hers = whose()["siskop2mi:S0"]
    page = browser("reviewer").get(reverse("person", args=[hers])).content.decode()
    assert "SiskoP2MI" in page and "Peduli WNI" in page and "linked by the model" in page and "The NIK is the same." in page
    assert person(0)["nik"] not in page and person(0)["passport"] not in page
    away = browser("hongkong").get(reverse("person", args=[hers]))
    assert away.status_code == 404, "she is in Taiwan"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"rows": [1, 3], "joined": True, "country": "TWN", "counted": True},
         "They stand as one person now. If they are two, one person more is counted, in Taiwan. 1 row would part from 3."),
        ({"rows": [2, 2], "joined": False, "country": "", "counted": True},
         "They stand as two persons now. If they are one, one person fewer is counted, in an unknown country. 2 rows would come to 2."),
        ({"rows": [1, 1], "joined": False, "country": "", "counted": False}, "No country's count depends on it. 1 row would come to 1."),
    ],
)  # fmt: skip
def test_what_a_judgement_changes_is_said_in_a_sentence(db, changes, said):
    with translation.override("en"):
        assert effect_sentence(changes) == said
    with translation.override("id"):
        assert effect_sentence(changes).replace("Taiwan", "") != said or not said


@needs_rows
def test_the_queue_and_the_pair_say_what_the_judgement_changes():
    linked()
    p = pair("S4", "S5")
    with acting(actor("reviewer")):
        Pair.objects.filter(pk=p).update(changes={"rows": [1, 1], "joined": False, "country": "TWN", "counted": True})
    client = browser("reviewer")
    said = "one person fewer is counted, in Taiwan. 1 row would come to 1."
    assert said in client.get(reverse("review")).content.decode() and said in open_pair(client, p)
