"""The office pages of lawful demand by plain forms: from an employer's letter to a permit, with what each refuses and why."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from selaras.doors.office.market.sentences import MARKET
from selaras.doors.office.market.words import ANSWERS
from selaras.doors.office.people.faults import SENTENCES as FAULTS
from selaras.doors.office.refusals import SENTENCES
from selaras.ground.act import as_job
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.market.models import (
    DepositMove,
    JobOrder,
    Licence,
    PartnerAgreement,
    Recruiting,
    RecruitmentPermit,
    StatusChange,
)
from selaras.market.queries.orders import job_order_on, sip2mi_for
from selaras.people.actions.parties import enter_party
from selaras.people.models import Party, Standing
from tests.cast import BY_KEY
from tests.market.demand import EMPLOYER, HOUSEHOLD, LICENSING, OWN, PARTNER, TODAY, asked, parties, permitted
from tests.test_shape import ROOT

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
ORDER = {
    "employer": "Yuehai Precision", "job": "factory_worker", "title": "Operator", "places": "7", "wage": "29500.50", "currency": "twd", "hours": "40",
    "months": "36", "letter": "YH-1",
}  # fmt: skip


def browser(key: str) -> Client:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(officer_by_email(BY_KEY[key].email))
    session = client.session
    session["language"] = "en"
    session.save()
    return client


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def once(client: Client, url: str) -> str:
    """The key that a form carries."""
    return re.search(r'name="once" value="(\w+)"', client.get(url).content.decode()).group(1)


def test_from_the_letter_to_the_permit_and_each_sees_what_is_hers():
    parties()
    agency, taipei, licensing = browser("agency"), browser("taipei"), browser("licensing")
    new = reverse("job_order_new")
    key = once(agency, new)
    answer = agency.post(new, {**ORDER, "once": key}, follow=True)
    again = agency.post(new, {**ORDER, "once": key}, follow=True)
    order = JobOrder.objects.get()
    assert answer.redirect_chain == again.redirect_chain == [(f"/market/job-orders/{order.pk}/", 302)], "a double click asks once"
    assert "waits for the mission" in text(answer) and order.currency == "TWD" and str(order.wage) == "29500.50"
    assert "Operator" in text(taipei.get(reverse("job_orders") + "?state=asked"))
    attest = reverse("job_order_change", args=[order.pk, "attest"])
    missing = taipei.post(attest, {"number": "", "until": ""})
    assert missing.status_code == 422 and JobOrder.objects.get().state == "asked"
    until = (TODAY() + timedelta(300)).isoformat()
    page = taipei.post(attest, {"number": "JO/TPE/77", "until": until}, follow=True)
    assert "Attested." in text(page) and "JO/TPE/77: runs until" in text(page) and "7 of 7 places are left" in text(page)
    assert "<svg" in page.content.decode() and JobOrder.objects.get().code in page.content.decode(), "the QR and its code"
    page = agency.post(reverse("job_order_change", args=[order.pk, "permit"]), {"draft_placement": "PP", "draft_contract": "PK"}, follow=True)
    assert "The ministry decides now" in text(page)
    assert "JO/TPE/77" in text(licensing.get(reverse("permits")))
    permit = RecruitmentPermit.objects.get()
    page = licensing.post(reverse("permit_change", args=[permit.pk, "issue"]), {"number": "SIP2MI/77"}, follow=True)
    assert "Issued." in text(page) and sip2mi_for(OWN, "JO/TPE/77").met and job_order_on("JO/TPE/77").met
    page = licensing.post(reverse("permit_change", args=[permit.pk, "withdraw"]), {"reason": "laporan"}, follow=True)
    assert "Withdrawn." in text(page) and sip2mi_for(OWN, "JO/TPE/77").code == "permit.withdrawn"


def test_a_refusal_stands_above_the_form_with_its_basis_and_what_was_typed_stays():
    parties()
    agency = browser("agency")
    new = reverse("job_order_new")
    answer = agency.post(new, {**ORDER, "employer": HOUSEHOLD, "job": "elderly_carer", "once": "k"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "A household hires through a partner agency only." in page and "article 86, GR 59/2021" in page
    assert 'value="Operator"' in page and not JobOrder.objects.exists()
    assert "No such party is entered" in text(agency.post(new, {**ORDER, "employer": "Tidak Ada", "once": "k"}))
    with as_job("setup"):
        enter_party(kind="employer", key="tw-yuehai-2", name="Yuehai Precision Two", country="TWN")
    assert "Several fit" in text(agency.post(new, {**ORDER, "employer": "yuehai", "once": "k"}))
    for wrong in ({"places": "0"}, {"wage": "abc"}, {"currency": "XQ1"}, {"hours": "500"}, {"job": "astronaut"}):
        assert agency.post(new, {**ORDER, **wrong, "once": "k"}).status_code == 422, wrong
    assert not JobOrder.objects.exists()


def test_the_licensing_officer_licences_watches_the_deposit_and_suspends():
    parties()
    licensing = browser("licensing")
    page = licensing.post(reverse("market_party_new"), {"kind": "agency", "name": "PT Baru Karsa", "place": "IDN"}, follow=True)
    key = Party.objects.get(name="PT Baru Karsa").key
    assert page.redirect_chain == [(f"/market/agencies/{key}/", 302)] and "no licence" in text(page)
    grant = reverse("market_agency_change", args=[key, "licence"])
    small = licensing.post(grant, {"number": "S/1", "capital": "5000000000", "deposit": "100"})
    assert small.status_code == 422 and "below the least that the law asks" in text(small) and "article 54, Law 18/2017" in text(small)
    page = licensing.post(grant, {"number": "S/1", "capital": "5000000000", "deposit": "1500000000"}, follow=True)
    assert "licensed until" in text(page) and "Rp1,500,000,000" in text(page)
    cash = reverse("market_agency_change", args=[key, "cash"])
    sent = {"amount": "400000000", "reason": "pemulangan", "once": once(licensing, cash)}
    licensing.post(cash, sent)
    page = licensing.post(cash, sent, follow=True)
    assert "Rp400,000,000 is missing" in text(page) and DepositMove.objects.filter(kind="cashed").count() == 1
    top = reverse("market_agency_change", args=[key, "top-up"])
    licensing.post(top, {"amount": "400000000", "reason": "setoran", "once": once(licensing, top)})
    assert Licence.objects.get(number="S/1").deposit == 1_500_000_000
    suspend = reverse("market_agency_change", args=[key, "suspend"])
    since = (TODAY() - timedelta(9)).isoformat()
    page = licensing.post(suspend, {"reason": "merekrut tanpa izin", "basis": "UU18:37", "since": since}, follow=True)
    assert "suspended since" in text(page) and "merekrut tanpa izin" in text(page)
    standing = Standing.objects.get(kind="suspended")
    page = licensing.post(reverse("market_lift", args=[key, standing.pk]), {"reason": "sudah patuh"}, follow=True)
    assert "licensed until" in text(page) and "sudah patuh" in text(page)


def test_a_mission_verifies_cooperations_and_keeps_the_list_of_problems():
    parties()
    agency, taipei, hongkong = browser("agency"), browser("taipei"), browser("hongkong")
    told = {"partner": PARTNER, "number": "PKP/9", "since": TODAY().isoformat()}
    page = agency.post(reverse("market_agency_change", args=[OWN, "cooperation"]), told, follow=True)
    assert "The mission verifies it now" in text(page)
    row = PartnerAgreement.objects.get(number="PKP/9")
    assert "PKP/9" in text(taipei.get(reverse("cooperations")))
    verify = reverse("cooperation_change", args=[row.pk, "verify"])
    assert "country of another mission" in text(hongkong.post(verify))
    assert "Verified." in text(taipei.post(verify, follow=True))
    page = taipei.post(reverse("market_party_change", args=[PARTNER, "problem"]), {"reason": "menahan paspor", "basis": "UU18:10"}, follow=True)
    assert "known for a problem" in text(page) and "menahan paspor" in text(page)
    page = taipei.post(reverse("market_party_new"), {"kind": "employer", "individual": "on", "place": "TWN"}, follow=True)
    assert "A household: its name stands in the contract only." in text(page)
    assert taipei.post(reverse("market_party_new"), {"kind": "employer", "name": "", "place": "TWN"}).status_code == 422
    refused = taipei.post(reverse("market_party_new"), {"kind": "employer", "name": "Wing", "place": "HKG"})
    assert refused.status_code == 422 and "country of another mission" in text(refused)
    correct = reverse("market_party_change", args=[EMPLOYER, "correct"])
    first = taipei.post(correct, {"name": "Yuehai Works", "version": "1"}, follow=True)
    late = taipei.post(correct, {"name": "Yuehai Mills", "version": "1"})
    assert "Yuehai Works" in text(first) and late.status_code == 422 and "changed this record meanwhile" in text(late)


def test_countries_are_opened_closed_and_a_mistake_is_withdrawn():
    parties()
    licensing = browser("licensing")
    told = {"country": "TWN", "job": "", "channel": "stopped", "since": TODAY().isoformat(), "basis": "Kepmen 9", "note_id": "Gempa.", "note_en": "Earthquake."}
    page = licensing.post(reverse("country_status_new"), told, follow=True)
    assert "Earthquake." in text(page)
    row = StatusChange.objects.get(basis="Kepmen 9")
    page = licensing.post(reverse("country_status_withdraw", args=[row.pk]), {"reason": "salah negara"}, follow=True)
    assert "Withdrawn: salah negara" in text(page)
    assert "Withdraw a mistake" not in text(browser("village").get(reverse("country_statuses")))


def test_a_village_writes_down_recruiting_and_the_ministry_sees_what_it_broke():
    parties()
    permitted()
    village = browser("village")
    new = reverse("recruiting_new")
    told = {
        "agency": "PT Contoh Jaya", "country": "TWN", "on": (TODAY() - timedelta(3)).isoformat(), "regency": "3212", "village": "Haurkolot",
        "what": "visited", "words": "ke rumah", "once": once(village, new),
    }  # fmt: skip
    village.post(new, told)
    page = village.post(new, told, follow=True)
    with acting(LICENSING):
        assert Recruiting.objects.count() == 1, "a double click"
    assert "Before the permit (SIP2MI)" in text(page) and "1 event without" in text(page)
    assert "Before the permit" in text(browser("licensing").get(reverse("market_agency", args=[OWN])))
    assert "Before the permit" not in text(browser("taipei").get(reverse("market_agency", args=[OWN])))
    elsewhere = village.post(new, {**told, "regency": "5203", "village": "", "once": "y"})
    assert elsewhere.status_code == 422 and "This place is not yours." in text(elsewhere)
    future = village.post(new, {**told, "on": (TODAY() + timedelta(3)).isoformat(), "once": "z"})
    assert future.status_code == 422 and "lies in the future" in text(future)


def test_who_has_no_business_there_is_kept_out():
    parties()
    order = asked()
    for who, page in (("reviewer", "market_agencies"), ("admin", "job_orders"), ("taipei", "recruiting"), ("agency", "permits")):
        assert browser(who).get(reverse(page)).status_code == 403, who
    assert browser("tawau").get(reverse("job_order", args=[order.pk])).status_code == 404
    assert browser("licensing").get(reverse("job_order_new")).status_code == 403


def test_every_refusal_of_the_market_has_its_sentence():
    found = set()
    for path in [*(ROOT / "selaras" / "market").rglob("*.py"), ROOT / "selaras" / "people" / "actions" / "parties.py"]:
        found |= set(re.findall(r'Refused\(\s*"([\w.]+)"', Path(path).read_text()))
        found |= set(re.findall(r'Answer\(NOT_(?:MET|YET), "((?:licence|order|permit|deposit|country)\.\w+)"', Path(path).read_text()))
    found |= {"licence.suspended", "licence.revoked", "country.stopped", "country.banned", "country.channel_only", "capital_too_small", "deposit_too_small"}
    assert {code for code in found if code not in SENTENCES} == set()
    assert set(re.findall(r'Fault\("\w+", "(\w+)"', (ROOT / "selaras/people/actions/parties.py").read_text())) - set(FAULTS) <= {
        "unknown_party_kind", "only_employers_are_individuals", "unfit_key",
    }  # fmt: skip
    assert len(ANSWERS) >= 16 and set(MARKET) <= set(SENTENCES)
