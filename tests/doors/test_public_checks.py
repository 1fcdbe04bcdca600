"""The public checks by plain forms: what a candidate is told of an agency, a job order, a country and her desks, in both languages."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from selaras.doors.public import pace
from selaras.doors.public.asking import personal
from selaras.doors.public.pace import Pace
from selaras.doors.public.sentences import SENTENCES
from selaras.ground.act import as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.market.actions.orders import close_job_order
from selaras.market.actions.places import take_place
from selaras.market.models import JobOrder
from selaras.people.actions.parties import sanction
from tests.cast import BY_KEY
from tests.market.demand import AGENCY, HOUSEHOLD, LICENSING, OWN, PARTNER, TAIPEI, attested, parties, permitted
from tests.people.someone import NIK

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


@pytest.fixture
def asker() -> Client:
    """A visitor whose browser speaks English and sends no token."""
    return Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en", enforce_csrf_checks=True)


def said(answer) -> str:
    """The words of a page, without its marks."""
    assert answer.status_code in (200, 422), answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def first(answer) -> str:
    """The first line of a page: its answer."""
    return re.sub(r"\s+", " ", re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL).group(1)).strip()


def test_a_half_remembered_name_leads_to_the_answer_with_its_day_and_its_orders(asker):
    parties()
    permitted(places=5)
    answer = asker.post("/check/agency/", {"q": "contoh jaya"}, follow=True)
    assert answer.redirect_chain == [(f"/check/agency/{OWN}/", 302)]
    assert first(answer) == "Yes: PT Contoh Jaya has a licence (SIP3MI) today."
    page = said(answer)
    assert "SIP3MI/0" in page and "JO/TPE/1" in page and "Factory worker" in page and "Jakarta" in page and "article 57, Law 18/2017" in page
    by_number = asker.post("/check/agency/", {"q": "SIP3MI/1"}, follow=True)
    assert "PT Contoh Lain" in first(by_number) and "None. If it recruits all the same" in said(by_number)
    several = asker.post("/check/agency/", {"q": "contoh"})
    assert "2 agencies have a name like this" in first(several)
    misspelt = asker.post("/check/agency/", {"q": "contoh jaia"})
    assert said(misspelt).index("PT Contoh Jaya") < said(misspelt).index("PT Contoh Lain"), "the likelier first"


def test_not_found_says_what_that_means_and_where_to_ask(asker):
    parties()
    for path, text in (("/check/agency/", "PT Tidak Ada Sama Sekali"), ("/check/job-order/", "JO/PALSU/9")):
        answer = asker.post(path, {"q": text})
        assert text in first(answer) and "is in the register" in first(answer)
        page = said(answer)
        assert "That means one of these" in page and "do not pay" in page and "nearest desk" in page


@pytest.mark.parametrize(("kind", "word"), [("suspended", "is suspended since"), ("revoked", "was revoked on")])
def test_a_sanctioned_agency_is_said_with_its_day_and_basis_and_its_orders_are_not_offered(asker, kind, word):
    parties()
    permitted()
    with acting(LICENSING):
        sanction(key=OWN, kind=kind, reason="RAHASIA penyelidikan", basis="UU18:37", since=dt.date(2026, 3, 1))
    answer = asker.get(f"/check/agency/{OWN}/")
    assert first(answer) == f"No: the licence of PT Contoh Jaya {word} 1 March 2026."
    assert "article 37, Law 18/2017" in said(answer) and "JO/TPE/1" not in said(answer)
    assert "RAHASIA" not in said(answer), "why is between the ministry and the agency"


def test_a_job_order_by_number_and_by_the_code_of_its_qr_with_the_places_left(asker):
    parties()
    order = permitted(places=2)
    with acting(AGENCY):
        take_place(number="JO/TPE/1", once="a")
    by_number = asker.post("/check/job-order/", {"q": " jo/tpe/1 "}, follow=True)
    code = JobOrder.objects.get(pk=order.pk).code
    assert by_number.redirect_chain == [(f"/check/job-order/{code}/", 302)]
    assert first(by_number) == "Yes: this job order is real and runs today. 1 of 2 places is left."
    page = said(by_number)
    assert "29,500 TWD" in page and "Yuehai Precision" in page and "its permit (SIP2MI) is issued" in page and "KDEI Taipei" in page
    with acting(AGENCY):
        take_place(number="JO/TPE/1", once="b")
    assert first(asker.get(f"/check/job-order/{code}/")).endswith("No place is left.")
    with acting(TAIPEI):
        close_job_order(order_id=order.pk, reason="tutup")
    assert "was closed on" in first(asker.get(f"/check/job-order/{code}/"))


def test_an_order_without_its_permit_is_real_and_may_not_be_recruited_for(asker):
    parties()
    order = attested(employer=HOUSEHOLD, partner=PARTNER, job="elderly_carer")
    page = said(asker.get(f"/check/job-order/{order.code}/"))
    assert "it has no permit (SIP2MI)" in page and "Wait, and do not pay" in page
    assert "a household, through Brightpath Manpower" in page and HOUSEHOLD not in page, "no household is named"


def test_a_country_and_a_job_with_what_held_when_and_what_is_unsure(asker):
    parties()
    page = asker.get("/check/country/", {"country": "SAU", "job": "elderly_carer"})
    assert first(page).startswith("Restricted: for this, workers are placed in Saudi Arabia through one channel only")
    told = said(page)
    assert "SPSK" in told and "Kepmenaker 291/2018" in told and "unsure" in told and "What held when" in told and "Stopped:" in told
    whole = said(asker.get("/check/country/", {"country": "SAU"}))
    assert "Open: workers may be placed" in whole and "Household work: Restricted" in re.sub(" +", " ", whole)
    assert "Closed: Cambodia" in first(asker.get("/check/country/", {"country": "KHM"}))
    assert "Not known" in first(asker.get("/check/country/", {"country": "other"}))
    assert asker.get("/check/country/", {"country": "XXX"}).status_code == 422
    plain = asker.get("/check/country/")
    assert plain.status_code == 200 and "Cambodia" in said(plain)


def test_what_may_be_asked_item_by_item_with_what_is_unsure(asker):
    parties()
    told = {"scheme": "p_to_p", "country": "SGP", "job": "elderly_carer", "day": "2026-11-22"}
    page = asker.get("/check/cost/", told)
    assert first(page) == "Nobody may ask you to pay any of these costs."
    assert "Agency fee" in said(page) and "the employer" in said(page) and "the government" in said(page) and "Premiums" in said(page)
    disputed = asker.get("/check/cost/", {**told, "country": "TWN"})
    assert first(disputed).startswith("As far as is known") and "exit clause" in said(disputed)
    other = asker.get("/check/cost/", {**told, "country": "JPN", "job": "welder"})
    assert re.match(r"For 6 items it is unsure", first(other)) and "you yourself" in said(other)
    before = asker.get("/check/cost/", {**told, "day": "2019-01-01"})
    assert first(before) == "For that day no list of costs is known."
    assert "articles 30, 72 and 86" in said(before), "what is unknown is no permission"
    for wrong in ({"scheme": "magic"}, {"country": "XXX"}, {"job": "astronaut"}, {"day": "31/02/2026"}):
        assert asker.get("/check/cost/", {**told, **wrong}).status_code == 422, wrong
    assert asker.get("/check/cost/").status_code == 200


def test_the_steps_of_each_way_in_order_with_papers_clocks_and_basis(asker):
    page = asker.get("/steps/")
    assert "lawful ways to work abroad" in first(page)
    ways = re.findall(r'href="(/steps/[\w-]+/)"', page.content.decode())
    assert len(ways) == len(law().schemes_on(timezone.localdate()))
    for way in ways:
        told = asker.get(way)
        assert told.status_code == 200 and first(told).startswith("The steps of: "), way
    plain = said(asker.get("/steps/p_to_p/"))
    assert plain.index("Registration as a candidate") < plain.index("Placement agreement signed") < plain.index("Departure")
    assert "30 days" in plain and "unsure" in plain and "Passport" in plain and "Law 18/2017" in plain
    assert asker.get("/steps/magic/").status_code == 404


def test_the_nearest_desk_by_village_regency_and_a_misspelt_regency(asker):
    answer = asker.post("/desk/", {"q": "haurkolot"}, follow=True)
    assert answer.redirect_chain == [("/desk/3212012007/", 302)]
    assert first(answer) == "Ask first at: Village Haurkolot"
    page = said(answer)
    assert "Labour Office Kabupaten Indramayu" in page and "BP3MI Jawa Barat" in page and "free of charge" not in page
    cirebon = said(asker.post("/desk/", {"q": "Kab. Cirebon"}, follow=True))
    assert "Several places" in cirebon or "Ask first at: LTSA/MWRC Cirebon" in cirebon
    assert "Ask first at: LTSA/MWRC Cirebon" in said(asker.get("/desk/3209/"))
    assert asker.post("/desk/", {"q": "Indramayuu"}, follow=True).redirect_chain == [("/desk/3212/", 302)]
    assert "No regency, district or village" in first(asker.post("/desk/", {"q": "Atlantis"}))
    assert "There are more" in said(asker.post("/desk/", {"q": "Sukamaju"})), "one name, many villages"
    for nowhere in ("99", "9999", "32120120079", "abc"):
        assert asker.get(f"/desk/{nowhere}/").status_code == 404


@pytest.mark.parametrize("path", ["/check/agency/", "/check/job-order/", "/desk/"])
def test_nobodys_personal_number_is_taken_and_an_empty_line_is_said(asker, path):
    for number in (NIK, "C1234567", "0812-3456-7890", "+62 812 3456 7890"):
        answer = asker.post(path, {"q": number})
        assert answer.status_code == 422 and "looks like a personal number" in said(answer)
        assert number not in answer.content.decode(), "it is not shown again"
    assert "Write a name or a number first" in said(asker.post(path, {"q": "  "}))
    assert asker.post(path, {"q": "x" * 500}).status_code == 422
    assert asker.post(path, {"q": "\x00';--"}).status_code in (200, 422)


def test_what_is_a_personal_number_and_what_is_a_number_of_a_paper():
    assert all(map(personal, (NIK, "3212.0150.0190.0001", "B 1234567", "AB123456", "6281234567890")))
    assert not any(map(personal, ("JO/TPE/1", "912 TAHUN 2019", "Arunika", "K7M2P9XQ3T", "SIP3MI/0")))


def test_what_is_not_there_is_a_page_that_says_so(asker):
    for path in ("/check/agency/tidak-ada/", "/check/job-order/TIDAKADA/"):
        assert asker.get(path).status_code == 404
    parties()
    assert asker.get(f"/check/agency/{PARTNER}/").status_code == 404, "a partner abroad is no agency"


def test_both_languages_and_no_line_of_the_ledger():
    parties()
    ask = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="id")
    assert first(ask.get(f"/check/agency/{OWN}/")) == "Ya: PT Contoh Jaya punya izin (SIP3MI) yang berlaku hari ini."
    assert "Waspadalah bila" in said(ask.get("/check/agency/"))
    with as_job("seal", reads_ledger=True):
        assert not LedgerLine.objects.filter(verb__startswith="market.see_").exists()


def test_every_answer_of_the_market_has_its_sentence():
    from selaras.market import queries

    text = "".join(p.read_text() for p in __import__("pathlib").Path(queries.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'"((?:licence|order|permit)\.[a-z_0-9]+)"', text))
    never_public = {"licence.unknown", "order.unknown", "order.not_attested", "order.refused", "permit.no_order", "permit.other_agency"}
    built = {"licence.revoked", "licence.suspended"}
    assert codes | built == {c for c in SENTENCES if not c.startswith("country.")} | never_public
    assert {c.partition(".")[2] for c in SENTENCES if c.startswith("country.")} == {"open", "restricted", "stopped", "banned", "unlisted"}


def test_too_many_questions_from_one_network_are_told_to_wait_and_nobody_is_kept(asker, monkeypatch):
    monkeypatch.setattr(pace, "PACE", Pace(per_minute=3))
    answers = [asker.get("/check/agency/", REMOTE_ADDR="203.0.113.7").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    last = asker.get("/check/agency/", REMOTE_ADDR="203.0.113.7")
    assert last["Retry-After"] == "60" and "Wait a minute" in last.content.decode()
    assert asker.get("/check/agency/", REMOTE_ADDR="203.0.113.8").status_code == 200, "another network"
    assert not any(b"203.0.113" in mark or mark == b"203.0.113.7" for mark in pace.PACE._counts)


def test_the_count_begins_anew_each_minute_and_its_key_each_hour():
    now = [0.0]
    counter = Pace(per_minute=1, now=lambda: now[0])
    assert [counter.too_often("a"), counter.too_often("a"), counter.too_often("b")] == [False, True, False]
    key = counter._key
    now[0] = 61.0
    assert not counter.too_often("a") and counter._key == key
    now[0] = 3700.0
    assert not counter.too_often("a") and counter._key != key and len(counter._counts) == 1


def test_of_a_long_address_the_network_counts_for_each_line_holds_billions():
    counter = Pace(per_minute=1)
    assert [counter.too_often(f"2001:db8:1:2::{n}") for n in (1, 2)] == [False, True]
    assert not counter.too_often("2001:db8:1:3::1")


def test_an_officer_sees_the_same_answer_as_anybody(asker):
    from selaras.ground.queries.offices import officer_by_email

    parties()
    asker.force_login(officer_by_email(BY_KEY["desk"].email))
    assert first(asker.get(f"/check/agency/{OWN}/")) == "Yes: PT Contoh Jaya has a licence (SIP3MI) today."
    assert timezone.localdate().year >= 2026
