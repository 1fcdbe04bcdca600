"""Her own page, through the browser's eyes: signing in, what it says, light and without scripts, a quick way out on each."""

import importlib
import json
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from selaras.doors.worker import urls
from selaras.doors.worker.guard import KEY
from selaras.ground.act import as_job
from selaras.ground.actions.notices import send_notices
from selaras.ground.keeping import keep
from selaras.ground.models import Notice
from selaras.ground.notices import put
from selaras.ground.queries.notices import outbox
from selaras.ground.queries.offices import office_by_key
from selaras.ground.scope import NATION, acting
from selaras.people.actions.cards import print_card
from selaras.people.queries.opening import open_person
from tests.access.passkey import Passkey
from tests.access.visitors import browser_of, lines, own_browser, sign_in
from tests.cast import BY_KEY, WORKER_PHONE, actor, enrolled, last_code
from tests.people.journeying import begun, bring, looked
from tests.people.someone import STAY, registered

pytestmark = pytest.mark.usefixtures("committed")
PAGES = ("", "card/", "papers/", "report/", "report/employer/", "report/return/", "costs/", "who/", "family/", "relatives/", "sign-in/", "sign-in/phone/")
OUTSIDE = ("in/", "in/card/", "outbox/")


def her() -> Any:
    person = registered("village", presence=STAY).person_id
    enrolled(person)
    return person


def text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_wrong_code_and_an_unknown_telephone_are_answered_alike():
    her()
    pages = {}
    for phone in (WORKER_PHONE, "+6285511112222"):
        client = Client(HTTP_HOST="localhost")
        first = client.post(reverse("worker_sign_in"), {"phone": phone})
        asked = client.get(reverse("worker_code"))
        wrong = client.post(reverse("worker_code"), {"code": "0000000"})
        assert (first.status_code, wrong.status_code) == (302, 422)
        pages[phone] = [re.sub(r'value="[^"]{64}"', "", a.content.decode()) for a in (first, asked, wrong)]
        assert phone not in "".join(pages[phone]) and phone.lstrip("+") not in first["Location"]
    assert len({str(page) for page in pages.values()}) == 1


def test_signing_in_and_out_are_lines_and_the_old_cookie_opens_nothing():
    her()
    client = own_browser(WORKER_PHONE)
    cookie = client.cookies["selaras_session"].value
    assert "Siti Nurhaliza" in text(client.get("/worker/"))
    assert client.post("/worker/out/").status_code == 302
    client.cookies["selaras_session"] = cookie
    assert client.get("/worker/").status_code == 302
    told = [(actor_name, verb, detail) for _, actor_name, verb, _, detail in lines("ground.sign_in", "ground.sign_out")]
    name = "Siti Nurhaliza binti Kasan"
    assert told == [(name, "ground.sign_in", {"by": ["code"]}), (name, "ground.sign_out", {"why": "asked"})]


def test_a_session_unused_for_a_while_is_over(settings: Any):
    her()
    client = own_browser(WORKER_PHONE)
    session = client.session
    session[KEY] = {**session[KEY], "used": session[KEY]["used"] - settings.SELARAS_SESSION_IDLE_SECONDS - 60}
    session.save()
    assert client.get("/worker/").status_code == 302
    assert lines("ground.sign_out")[0][4] == {"why": "idle"}


def test_a_card_from_the_desk_opens_her_page():
    person = her()
    client = browser_of("taipei")
    page = client.post(reverse("person_card", args=[person]), {"paper": "passport", "kind": "worker"}).content.decode()
    number, *codes = re.findall(r"<code>([^<]+)</code>", page)
    assert len(codes) == 10
    own = Client(HTTP_HOST="localhost")
    assert own.post(reverse("worker_card"), {"number": number, "code": codes[3]}).status_code == 422, "it waits beside her telephone"
    colleague = browser_of("bp3mi")
    second = re.search(rf'action="({reverse("person_ways", args=[person])}[0-9a-f-]+/)"', colleague.get(reverse("person_ways", args=[person])).content.decode())
    assert second and colleague.post(second[1], {"do": "second"}).status_code == 302
    assert own.post(reverse("worker_card"), {"number": number, "code": codes[3]}).status_code == 302
    assert "Siti Nurhaliza" in text(own.get("/worker/"))
    assert own.post(reverse("worker_card"), {"number": number, "code": codes[3]}).status_code == 422


def options_of(page: Any) -> Any:
    found = re.search(r'data-options="([^"]+)"', page.content.decode())
    assert found
    return json.loads(unescape(found[1]))


def test_a_passkey_made_on_her_page_opens_it_until_it_is_taken_away():
    her()
    client, passkey = own_browser(WORKER_PHONE), Passkey()
    options = options_of(client.get("/worker/sign-in/"))
    assert options["publicKey"]["user"]["name"] == "Selaras", "the list of passkeys on a telephone names nobody"
    assert client.post("/worker/sign-in/passkey/", {"answer": passkey.make(options)}).status_code == 302
    assert outbox(1)[0].kind == "passkey_added"
    stranger, other = Client(HTTP_HOST="localhost"), Passkey()
    other.user = passkey.user
    for key, way in ((other, "/worker/in/?again=1"), (passkey, "/worker/")):
        asked = options_of(stranger.get("/worker/in/"))
        assert stranger.post("/worker/in/passkey/", {"answer": key.answer(asked)})["Location"] == way
    assert "Siti Nurhaliza" in text(stranger.get("/worker/"))
    assert stranger.post("/worker/in/passkey/", {"answer": passkey.answer(asked)})["Location"].endswith("again=1"), "an answer is good once"
    remove = re.search(r'action="(/worker/sign-in/passkey/[0-9a-f-]+/remove/)"', client.get("/worker/sign-in/").content.decode())
    assert remove and client.post(remove[1]).status_code == 302
    assert stranger.get("/worker/").status_code == 302, "the session that it opened is over"
    asked = options_of(stranger.get("/worker/in/"))
    assert stranger.post("/worker/in/passkey/", {"answer": passkey.answer(asked)})["Location"].endswith("again=1")
    for nonsense in ("", "{}", "[1]", '{"id": "x", "rawId": "x", "response": {}}'):
        assert stranger.post("/worker/in/passkey/", {"answer": nonsense})["Location"].endswith("again=1")


def test_a_passkey_forged_for_her_account_does_not_open_it():
    her()
    client, mine, forged = own_browser(WORKER_PHONE), Passkey(), Passkey()
    client.post("/worker/sign-in/passkey/", {"answer": mine.make(options_of(client.get("/worker/sign-in/")))})
    forged.id, forged.user = mine.id, mine.user
    stranger = Client(HTTP_HOST="localhost")
    asked = options_of(stranger.get("/worker/in/"))
    assert stranger.post("/worker/in/passkey/", {"answer": forged.answer(asked)})["Location"].endswith("again=1")
    assert lines("people.enter_passkey")[0][4] == {"code": "wrong"}


def test_asking_for_code_after_code_is_held_back_by_what_was_typed():
    cache.clear()
    client = Client(HTTP_HOST="localhost")
    answers = [client.post(reverse("worker_sign_in"), {"phone": "0855 1111 2222"}).status_code for _ in range(4)]
    answers.append(client.post(reverse("worker_sign_in"), {"phone": "+62 855-1111-2222"}).status_code)
    assert answers == [302, 302, 302, 422, 422]
    assert client.post(reverse("worker_sign_in"), {"phone": "0855 1111 3333"}).status_code == 302


def test_the_browser_in_which_she_was_signed_in_gets_a_code_when_others_have_asked_for_too_many():
    her()
    hers = own_browser(WORKER_PHONE)
    assert hers.cookies["selaras_device"]["httponly"] and hers.post("/worker/out/").status_code == 302

    def sent(browser: Client) -> int:
        cache.clear()
        before = len(outbox())
        assert browser.post("/worker/in/", {"phone": WORKER_PHONE}).status_code == 302
        return len(outbox()) - before

    stranger = Client(HTTP_HOST="localhost")
    assert [sent(stranger) for _ in range(6)] == [1, 1, 1, 1, 0, 0], "hers of before is one of five"
    stranger.cookies["selaras_device"] = hers.cookies["selaras_device"].value.replace("-", "0", 1)
    assert sent(stranger) == 0, "a cookie that we did not sign is no device"
    assert sent(hers) == 1
    hers.post("/worker/in/code/", {"code": last_code()})
    assert hers.get("/worker/").status_code == 200


def test_her_papers_come_back_as_she_gave_them_and_nobody_elses_do():
    person = her()
    with acting(actor("dinas")):
        mine = keep([b"%PDF-1.7 surat izin"], "surat izin.pdf", media_type="application/pdf", reach=[*actor("dinas").reach, f"person:{person}"])
        page = keep([b"<script>alert(1)</script>"], "x.html", media_type="text/html", reach=[*actor("dinas").reach, f"person:{person}"])
        other = keep([b"rahasia"], "lain.pdf", media_type="application/pdf", reach=[NATION, *actor("dinas").reach])
    client = own_browser(WORKER_PHONE)
    told = text(client.get("/worker/papers/"))
    assert "surat izin.pdf" in told and "lain.pdf" not in told
    answer: Any = client.get(f"/worker/papers/{mine.id}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 surat izin" and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert client.get(f"/worker/papers/{page.id}/")["Content-Type"] == "application/octet-stream"
    assert client.get(f"/worker/papers/{other.id}/").status_code == 404
    assert {"paper": str(mine.id)} in [detail for _, _, _, outcome, detail in lines("people.open_paper") if outcome == "read"]


def test_her_journey_says_where_it_is_who_has_it_since_when_and_why_not_yet():
    person = her()
    journey = begun(person_id=person, who="dinas")
    client = own_browser(WORKER_PHONE)
    client.post(reverse("set_language"), {"language": "en", "next": "/worker/"})
    before = looked(journey.journey_id)
    first = before.now[0]
    page = text(client.get("/worker/"))
    assert f"{first.rule.label_en}: with {first.rule.office_en} since" in page
    assert "Not yet:" in page and all(line.rule.label_en in page for line in before.lines)
    fact = bring(journey, "ktp", scan=b"%PDF-1.7 kartu")
    listed = client.get("/worker/papers/").content.decode()
    assert f"/worker/papers/{fact.fact_id}/" in listed
    answer: Any = client.get(f"/worker/papers/{fact.fact_id}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 kartu"
    other = begun(who="village", person_id=registered("village", name="Warsinah Kusuma", birth_date=date(1990, 1, 1), numbers=[]).person_id)
    hers = bring(other, "kk", scan=b"%PDF-1.7 lain")
    assert client.get(f"/worker/papers/{hers.fact_id}/").status_code == 404


def test_who_opened_is_told_in_words_with_office_and_reason():
    person = her()
    with acting(actor("taipei")):
        open_person(person)
    own_browser(WORKER_PHONE)
    client = own_browser(WORKER_PHONE)
    told = text(client.get("/worker/who/", HTTP_ACCEPT_LANGUAGE="id"))
    for words in ("Tia di KDEI Taipei", "membuka catatan", "KTP diperlihatkan", "sebuah kode diketik untuk masuk", "Anda masuk"):
        assert words in told, (words, told)
    assert "menanyakan siapa" not in told, "that she looks at this page herself is no line on it"


def test_each_page_has_a_quick_way_out_and_a_title_that_tells_nothing():
    her()
    client = own_browser(WORKER_PHONE)
    visitor = Client(HTTP_HOST="localhost")
    weights = {}
    for language in ("id", "en"):
        found = [(client, part) for part in PAGES] + [(visitor, part) for part in OUTSIDE] + [(client, "no-such/")]
        for browser, part in found:
            browser.cookies["django_language"] = language
            session = browser.session
            session["language"] = language
            session.save()
            html = browser.get(f"/worker/{part}").content.decode()
            assert 'data-exit' in html and f'<html lang="{language}"' in html, part
            title = re.search(r"<title>(.*?)</title>", html, re.S)
            assert title and not re.search(r"kasus|case|TPPO|korban|victim|Siti", title[1]), title
            weights[language, part] = len(html.encode())
    css = finders.find("public/public.css")
    assert isinstance(css, str)
    with open(css, "rb") as file:
        assert len(file.read()) <= 10_000
    assert max(weights.values()) < 20_000, weights


def test_each_page_says_who_helps_in_danger_and_the_first_one_names_her_mission():
    her()
    client = own_browser(WORKER_PHONE)
    for page in (page for page in PAGES if not page.startswith("report/") or page == "report/"):  # she has no journey to report on
        assert "(KBRI, KJRI" in text(client.get(f"/worker/{page}")), page
    assert "KDEI Taipei" in text(client.get("/worker/"))
    assert "(KBRI, KJRI" in text(Client(HTTP_HOST="localhost").get("/worker/in/"))


def test_an_error_page_sends_her_to_a_desk_and_not_to_an_administrator():
    her()
    page = text(own_browser(WORKER_PHONE).get("/worker/elsewhere/"))
    assert "tidak terbuka bagi Anda" in page and "tombol di bawah" in page and "rekan" not in page
    assert "rekan" in text(browser_of("taipei").get("/nowhere/"))


def test_the_language_that_she_chooses_is_kept_for_her_next_sign_in():
    her()
    client = own_browser(WORKER_PHONE)
    client.post(reverse("set_language"), {"language": "en", "next": "/worker/"})
    assert "You are noted in" in text(client.get("/worker/"))
    assert "You are noted in" in text(own_browser(WORKER_PHONE).get("/worker/"))


def test_a_new_telephone_through_her_pages_waits_and_can_be_stopped():
    her()
    client = own_browser(WORKER_PHONE)
    assert client.post("/worker/sign-in/phone/", {"phone": "12"}).status_code == 422
    assert client.post("/worker/sign-in/phone/", {"phone": "+6281233334444"})["Location"] == "/worker/sign-in/phone/code/"
    assert client.post("/worker/sign-in/phone/code/", {"code": "0000000"}).status_code == 422
    assert client.post("/worker/sign-in/phone/code/", {"code": last_code()})["Location"] == "/worker/sign-in/"
    page = client.get("/worker/sign-in/").content.decode()
    stop = re.search(r'action="(/worker/sign-in/[0-9a-f-]+/stop/)"', page)
    assert stop and client.post(stop[1]).status_code == 302
    assert "/stop/" not in client.get("/worker/sign-in/").content.decode()


def test_an_officer_opens_her_page_through_the_office_pages():
    person = registered("village", presence=STAY).person_id
    client = browser_of("dinas")
    ways = reverse("person_ways", args=[person])
    assert ways in client.get(reverse("person", args=[person])).content.decode()
    wrong = client.post(reverse("person_enrol", args=[person]), {"paper": "", "kind": "worker", "phone": "0812"})
    assert wrong.status_code == 422 and 'id="enrol_paper"' in wrong.content.decode()
    sent = client.post(reverse("person_enrol", args=[person]), {"paper": "ktp", "kind": "worker", "phone": WORKER_PHONE})
    assert sent["Location"] == reverse("person_enrol_code", args=[person])
    assert client.post(sent["Location"], {"code": "0000000"}).status_code == 422
    assert client.post(sent["Location"], {"code": last_code()})["Location"] == ways
    assert "5678" in client.get(ways).content.decode()
    own_browser(WORKER_PHONE)
    assert client.post(reverse("person_close", args=[person]), {"reason": "lost"}).status_code == 302
    assert outbox(1)[0].kind == "closed"


def test_the_administrator_enters_an_agencys_telephone_and_nobody_is_enrolled_with_it():
    person = registered("village", presence=STAY).person_id
    admin, office = browser_of("admin"), office_by_key("p3mi-contoh-jaya")
    assert office is not None
    path = reverse("office_phone", args=[office.pk])
    assert path in admin.get("/offices/?kind=agency").content.decode()
    for phone, words in (("12", "no telephone number"), ("0812 5555 6666", "no worker signs in")):
        admin.cookies["django_language"] = "en"
        session = admin.session
        session["language"] = "en"
        session.save()
        assert words in text(admin.post(path, {"phone": phone}, follow=True))
    wrong = browser_of("dinas").post(reverse("person_enrol", args=[person]), {"paper": "ktp", "kind": "worker", "phone": "+6281255556666"})
    assert wrong.status_code == 422 and "telepon kantor" in text(wrong)


def test_an_officers_session_and_hers_are_never_one():
    her()
    client = browser_of("dinas")
    client.post("/worker/in/", {"phone": WORKER_PHONE})
    client.post("/worker/in/code/", {"code": last_code()})
    assert client.get("/worker/").status_code == 200 and client.get("/home/").status_code == 302
    client = own_browser(WORKER_PHONE)
    assert client.get("/home/").status_code == 302
    sign_in(BY_KEY["dinas"].email, client=client)
    assert client.get("/home/").status_code == 200 and client.get("/worker/").status_code == 302


def test_production_has_no_outbox(settings: Any):
    client = Client(HTTP_HOST="localhost")
    assert client.get("/worker/outbox/").status_code == 200
    settings.SELARAS_NOTICE_URL = "json://localhost"
    assert client.get("/worker/outbox/").status_code == 404
    settings.SELARAS_NOTICE_URL, settings.SELARAS_MODE = "", "production"
    assert client.get("/worker/outbox/").status_code == 404
    with pytest.raises(RuntimeError, match="not shown in production"):
        outbox()
    try:
        assert "worker_outbox" not in {p.name for p in importlib.reload(urls).urlpatterns}
    finally:
        settings.SELARAS_MODE = "test"
        importlib.reload(urls)


def test_messages_go_to_the_gateway_once_and_one_that_has_run_out_does_not(settings: Any, tmp_path: Any):
    with as_job("notices"), translation.override("id"):
        put("enrolled", "+886912345678")
        put("enrolled", "")
    settings.SELARAS_NOTICE_URL = "json://127.0.0.1:9/{to}"  # nobody listens there
    with as_job("notices"):
        assert send_notices() == 1
        assert Notice.objects.get(state="waiting").tries == 1
        for _ in range(4):
            send_notices()
        assert sorted(Notice.objects.values_list("state", flat=True)) == ["failed", "nobody"]
    person = her()
    with acting(actor("taipei")):
        print_card(person_id=person, paper="passport")
    with as_job("notices"):
        assert Notice.objects.filter(state="waiting", kind="card_printed").count() == 1
