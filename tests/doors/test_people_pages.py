"""The pages of the register: find, open, register, correct, who opened; numbers never in an address, nor on a page before they are opened."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from selaras.ground.act import as_job
from selaras.ground.models import LedgerLine
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.people.actions.correcting import correct
from selaras.people.models import Identifier, Person
from selaras.people.telling import Stay
from tests.cast import BY_KEY, actor
from tests.people.someone import NIK, PASSPORT, STAY, registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
SECRETS = (NIK, PASSPORT, "81234567890")


def browser(who: str, language: str = "en") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(officer_by_email(BY_KEY[who].email))
    return client


def text(response) -> str:
    return response.content.decode()


def search(client: Client, q: str, **more):
    return client.post(reverse("people_find"), {"q": q, **more})


def test_a_number_leads_straight_to_her_and_stands_in_no_address():
    her = registered().person_id
    client = browser("village")
    answer = search(client, NIK)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("person", args=[her]))
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200 and "Siti Nurhaliza" in text(page)
    assert not any(secret in text(page) for secret in SECRETS)
    assert "<title>Person</title>" in text(page)


def test_a_number_of_nobody_within_reach_is_not_found_and_is_masked():
    registered()
    client = browser("hongkong")
    answer = search(client, NIK)
    assert re.fullmatch(r"/people/found/[\w-]{20,}/", answer.headers["Location"])
    page = client.get(answer.headers["Location"])
    assert "Nobody whom your office may see fits" in text(page) and "•••• •••• •••• 0001" in text(page)
    assert not any(secret in text(page) for secret in SECRETS)


def test_the_result_belongs_to_the_session_that_searched():
    registered()
    address = search(browser("village"), "Siti Nurhaliza").headers["Location"]
    assert "Nurhaliza" not in address
    other = browser("dinas").get(address)
    assert (other.status_code, other.headers["Location"]) == (302, reverse("people_find"))


def test_a_name_gives_a_list_and_a_common_word_asks():
    registered()
    client = browser("village")
    page = client.get(search(client, "nurhaliza", year=1990).headers["Location"])
    assert "One person fits" in text(page) and "Haurkolot" in text(page)
    page = client.get(search(client, "Siti").headers["Location"])
    assert "Add a year of birth or a home regency" in text(page) and 'value="Siti"' in text(page)


def test_the_agency_searches_by_number_only():
    page = search(browser("agency"), "Siti Nurhaliza")
    assert "Your role searches by number only" in text(page)


def test_a_number_is_opened_by_a_post_with_a_reason():
    her = registered().person_id
    with acting(actor("village")):
        number = Identifier.objects.get(kind="nik").id
    client = browser("village")
    address = reverse("person_number", args=[her, number])
    assert client.get(address).status_code == 405
    assert client.post(address, {}).status_code == 422
    page = client.post(address, {"reason": "identity"})
    assert NIK in text(page) and "to check the identity" in text(page)
    partial = client.post(address, {"reason": "identity"}, headers={"HX-Request": "true"})
    assert NIK in text(partial) and "<html" not in text(partial)
    assert browser("hongkong").post(address, {"reason": "identity"}).status_code == 404
    who = text(client.get(reverse("person_who", args=[her])))
    assert "opened a number, to check the identity" in who and NIK not in who


FORM = {
    "name": "Siti Nurhaliza binti Kasan", "nik": "3212 0157 0590 0001", "sex": "F", "birth": "17-05-1990", "birth_place": "Indramayu", "mother": "Kartini",
    "regency": "3212", "village": "Haurkolot", "passport": PASSPORT, "phone": "0812 3456 7890", "place": "TWN", "capacity": "worker",
    "since": "2024-03-01", "once": "f1",
}


def test_registering_by_the_form_and_the_same_form_again():
    client = browser("village")
    assert 'value="3212012007"' in text(client.get(reverse("people_new"))), "the office's own village is filled in"
    answer = client.post(reverse("people_new"), FORM)
    assert answer.status_code == 302
    assert client.post(reverse("people_new"), FORM).headers["Location"] == answer.headers["Location"]
    again = client.post(reverse("people_new"), FORM | {"once": "f2"}, follow=True)
    assert "in the register already" in text(again)
    with acting(actor("taipei")):
        person = Person.objects.get()
        assert (person.home_area_id, person.birth_date, person.birth_precision) == ("3212012007", date(1990, 5, 17), "day")


def test_joining_and_registering_look_alike():
    registered()
    client = browser("hongkong")
    forms = {"joined": FORM | {"regency": "", "village": "", "place": "HKG"}}
    forms["new"] = forms["joined"] | {"once": "f3", "nik": "", "passport": "X7654321", "name": "Orang Baru"}
    pages = {}
    for kind, form in forms.items():
        answer = client.post(reverse("people_new"), form)
        pages[kind] = (answer.status_code, re.sub(r"[0-9a-f-]{36}", "id", answer.headers["Location"]))
        assert "Registered." in text(client.get(answer.headers["Location"]))
    assert pages["joined"] == pages["new"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"nik": "321201570590001"}, "A NIK has 16 digits"),
        ({"nik": "3212015805900001"}, "The date of birth inside this NIK is not the one above"),
        ({"nik": "3212011705900001"}, "This NIK is of the other sex"),
        ({"passport": "12"}, "A passport number has one or two letters"),
        ({"birth": "31-02-1990"}, "Write day-month-year"),
        ({"birth": "17-05-2090", "nik": ""}, "lies in the future"),
        ({"village": "Tidakada"}, "not in the official list of that regency"),
        ({"regency": "", "village": "Haurkolot"}, "Choose the regency"),
        ({"phone": "12"}, "no telephone number"),
    ],
)
def test_each_fault_stands_beside_its_field_and_what_was_typed_stays(changes, sentence):
    page = browser("village").post(reverse("people_new"), FORM | changes)
    assert page.status_code == 422 and text(page).count(sentence) == 2, "at the top and beside the field"
    for value in {**FORM, **changes}.values():
        assert not value or f'value="{value}"' in text(page), value


def test_a_correction_that_came_second_shows_both_and_may_be_sent_again():
    her = registered().person_id
    client = browser("village")
    form = {"name": "Siti Nurhaliza", "sex": "F", "birth": "17-05-1990", "birth_place": "Haurkolot", "mother": "Kartini", "regency": "3212", "village": "3212012007", "reason": "KTP", "version": "1"}
    with acting(actor("dinas")):
        correct(person_id=her, version=1, changes={"birth_place": "Cirebon"}, reason="x")
    page = client.post(reverse("person_correct", args=[her]), form)
    assert page.status_code == 409 and "Cirebon" in text(page) and 'value="Haurkolot"' in text(page) and 'name="version" value="2"' in text(page)
    assert client.post(reverse("person_correct", args=[her]), form | {"version": "2"}).status_code == 302
    page = text(client.get(reverse("person", args=[her])))
    assert "Cirebon → Haurkolot" in page and "Indramayu → Cirebon" in page


@pytest.mark.parametrize(
    ("what", "form", "seen"),
    [
        ("number", {"kind": "passport", "value": "C7654321"}, "Passport"),
        ("name", {"text": "Noerhaliza", "kind": "former"}, "Noerhaliza"),
        ("stay", {"place": "MYS-TAWAU", "capacity": "worker", "since": "2026-01-01", "kind": "stated"}, "Malaysia"),
        ("kin", {"relation": "spouse", "other_name": "Kasan"}, "spouse: Kasan"),
    ],
)
def test_adding(what, form, seen):
    her = registered(numbers=[]).person_id
    client = browser("village")
    assert client.get(reverse("person_add", args=[her, what])).status_code == 200
    answer = client.post(reverse("person_add", args=[her, what]), form, follow=True)
    assert seen in text(answer) and "Added." in text(answer)
    assert client.get(reverse("person_add", args=[her, "nothing"])).status_code == 404


@pytest.mark.parametrize("who", ["hongkong", "agency", "desk"])
def test_out_of_reach_is_not_there_on_every_page(who):
    her = registered(presence=STAY).person_id
    client = browser(who)
    for name, args in (("person", []), ("person_correct", []), ("person_who", []), ("person_add", ["number"])):
        answer = client.get(reverse(name, args=[her, *args]))
        assert answer.status_code == 404 or (who == "agency" and answer.status_code == 403), name


@pytest.mark.parametrize("who", ["steering", "auditor", "admin"])
def test_who_has_no_business_there_is_refused(who):
    client = browser(who)
    for name in ("people_find", "people_new"):
        assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse("people_find"), {"q": NIK}).status_code == 403


def test_both_languages_are_whole():
    her = registered(presence=Stay("TWN", capacity="worker", since=date(2024, 3, 1))).person_id
    for language, sentence in (("id", "terakhir diketahui di Taiwan"), ("en", "last known in Taiwan")):
        client = browser("village", language)
        assert sentence in text(client.get(reverse("person", args=[her])))


def test_nothing_secret_in_ledger_sessions_and_addresses():
    her = registered().person_id
    client = browser("village")
    addresses = [search(client, q).headers["Location"] for q in (NIK, PASSPORT, "3212015705900009", "Siti Nurhaliza")]
    client.get(reverse("person", args=[her]))
    with as_job("seal", reads_ledger=True):
        lines = [str(vars(line)) for line in LedgerLine.objects.all()]
    kept = str(dict(client.session.items()))
    for secret in (*SECRETS, "3212015705900009"):
        assert not any(secret in place for place in (*lines, *addresses, kept))
