"""After departure by plain forms: the mission's officer, and the worker on her own page, in a few light fields."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from uuid6 import uuid7

from selaras.doors.office.after import words
from selaras.ground.scope import acting
from selaras.people.actions.facts import Scan
from selaras.people.models import Journey
from selaras.place.actions.abroad import change_employer, report_arrival
from selaras.place.models import Report
from tests.access.visitors import own_browser
from tests.cast import WORKER_PHONE, actor, enrolled
from tests.doors.test_people_pages import browser, text
from tests.early import ROOT
from tests.people.journeying import PDF
from tests.place.test_abroad import ARRIVED, abroad, steps
from tests.place.test_contracts import stated, wrote

pytestmark = pytest.mark.usefixtures("committed")


def own(journey: Any, language: str = "en") -> Any:
    """Give a browser in which the worker of a journey is signed in to her own page."""
    with acting(actor("reviewer")):
        person = Journey.objects.get(pk=journey).person_id
    enrolled(person)
    client = own_browser(WORKER_PHONE)
    session = client.session
    session["language"] = language
    session.save()
    return client


def told(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_mission_writes_arrival_employer_and_return_down():
    journey = abroad()
    client, page = browser("taipei"), reverse("after", args=[journey])
    assert page in text(client.get(reverse("journey", args=[journey]))), "the journey leads there"
    assert "no arrival is reported; it was due by 31 October 2026" in text(client.get(page))
    arrival = reverse("after_report", args=[journey, "arrival"])
    wrong = client.post(arrival, {"on": "2099-01-01", "once": "a"})
    assert wrong.status_code == 422 and "That day is still to come." in text(wrong)
    done = client.post(arrival, {"on": str(ARRIVED), "country": "TWN-TAIPEI", "once": "b"}, follow=True)
    assert "The arrival is written down." in text(done) and "in Taiwan since" in text(done) and arrival not in text(done)
    change = reverse("after_report", args=[journey, "employer"])
    sent = {"employer": "Keluarga Chen", "place": "Taoyuan", "on": "2026-11-01", "once": "c"}
    assert "only when worker and employer both consent" in text(client.post(change, sent))
    assert "The law asks for a scan" in text(client.post(change, sent | {"consented": "on"}))
    file = SimpleUploadedFile("k.pdf", PDF, "application/pdf")
    assert "The change of employer is written down." in text(client.post(change, sent | {"consented": "on", "file": file}, follow=True))
    back = reverse("after_report", args=[journey, "return"])
    assert "Choose" in text(client.get(back)) or "article 27" in text(client.get(back))
    assert client.post(back, {"cause": "homesick"}).status_code == 422
    home = client.post(back, {"cause": "early_termination", "on": "2026-11-10", "once": "d"}, follow=True)
    assert "The return is written down." in text(home) and "Dismissal before the contract ended" in text(home)
    assert "home since 10 November 2026" in text(home) and steps(journey)["return"] == "done"
    assert client.get(reverse("after_report", args=[journey, "holiday"])).status_code == 404


def test_an_employer_is_not_changed_before_she_arrived_and_the_page_says_why():
    journey = abroad()
    file = SimpleUploadedFile("k.pdf", PDF, "application/pdf")
    sent = {"employer": "Keluarga Chen", "consented": "on", "file": file, "once": "c"}
    page = browser("taipei").post(reverse("after_report", args=[journey, "employer"]), sent)
    assert page.status_code == 422 and "This step is not possible yet" in text(page)


def test_an_extension_shows_its_months_and_premium():
    journey = abroad()
    wrote(journey, "contract", stated(until=date(2026, 12, 31)))
    with acting(actor("reviewer")):
        contract = Journey.objects.get(pk=journey).documents.get()
        contract.id, contract.version, contract.current, contract.extends, contract.until = uuid7(), 2, False, True, date(2027, 6, 30)
        contract.save(force_insert=True)
    page = text(browser("taipei").get(reverse("after", args=[journey])))
    assert "6 months added: from 31 December 2026 to 30 June 2027." in page and "Rp81,000" in page


def test_she_tells_it_herself_and_the_mission_sees_what_nobody_took_up():
    journey = abroad()
    client = own(journey)
    assert "Your arrival is not reported yet. It was due by 31 October 2026" in told(client.get("/worker/report/").content.decode())
    form = client.get("/worker/report/arrival/").content.decode()
    assert '<option value="TWN" selected>' in form and "lapor diri" in form
    assert client.post("/worker/report/arrival/", {"on": "2026-09-01", "country": "TWN", "once": "a"}).status_code == 422
    for _ in range(2):
        assert client.post("/worker/report/arrival/", {"on": str(ARRIVED), "country": "TWN", "once": "b"}).status_code == 302
    assert client.post("/worker/report/employer/", {"employer": "", "once": "c"}).status_code == 422
    assert client.post("/worker/report/employer/", {"employer": "Keluarga Chen", "words": "Dipindahkan agensi", "once": "d"}).status_code == 302
    page = told(client.get("/worker/report/").content.decode())
    assert "You have reported your arrival." in page and "the mission has not answered yet" in page
    seen = text(browser("taipei").get(reverse("after", args=[journey])))
    assert "no officer has taken it up" in seen and "Dipindahkan agensi" in seen
    causes = client.get("/worker/report/return/").content.decode()
    assert 'value="contract_end"' in causes and 'value="death"' not in causes
    assert client.post("/worker/report/return/", {"cause": "contract_end", "once": "e"}).status_code == 302
    assert "You have reported that you are home." in told(client.get("/worker/report/").content.decode())
    assert "You are noted in" not in told(client.get("/worker/").content.decode())
    with acting(actor("reviewer")):
        assert sorted(Report.objects.values_list("kind", flat=True)) == ["arrival", "employer", "return"]
    assert client.get("/worker/report/holiday/").status_code == 404


@pytest.mark.parametrize("language", ["id", "en"])
def test_her_pages_are_light_and_need_no_scripts(language: str):
    client = own(abroad(), language)
    for part in ("", "arrival/", "employer/", "return/"):
        html = client.get(f"/worker/report/{part}").content
        assert len(html) < 40_000 and html.count(b"<script") == 1, (part, len(html))
        assert f'<html lang="{language}"'.encode() in html and b"data-exit" in html


def test_a_report_that_differs_is_refused_with_what_stands_and_corrected_by_its_button():
    journey = abroad()
    client, page = browser("taipei"), reverse("after", args=[journey])
    arrival = reverse("after_report", args=[journey, "arrival"])
    assert "Change the employer" not in text(client.get(page)), "not before she arrived"
    steps_page = reverse("journey", args=[journey])
    assert arrival in text(client.get(steps_page)) and arrival not in text(browser("bp3mi").get(steps_page)), "the step leads to its report"
    sent = {"on": str(ARRIVED), "country": "TWN", "once": "a"}
    client.post(arrival, sent)
    assert "exactly this was written down already" in text(client.post(arrival, sent | {"once": "b"}, follow=True))
    other = client.post(arrival, sent | {"once": "c", "on": "2026-10-05"})
    said = text(other)
    assert other.status_code == 422 and "stands otherwise already: 3 October 2026, Taiwan, by Tia di KDEI Taipei" in said and "Correct" in said
    with acting(actor("reviewer")):
        row = Report.objects.get()
    amend = reverse("after_amend", args=[journey, row.pk])
    assert amend in text(client.get(page)) and "Change the employer" in text(client.get(page)), "each button for who may press it"
    assert 'value="2026-10-03"' in text(client.get(amend)), "what stands is filled in"
    assert client.post(amend, {"on": "2026-10-05", "country": "TWN", "once": "d"}).status_code == 422, "why?"
    early = client.post(amend, {"on": "2026-09-05", "country": "TWN", "reason": "Salah", "once": "e"})
    assert early.status_code == 422 and "what comes before it was on 1 October 2026" in text(early)
    done = client.post(amend, {"on": "2026-10-05", "country": "TWN", "reason": "Salah ketik", "once": "f"}, follow=True)
    assert "It is corrected" in text(done) and "Salah ketik" in text(done) and "in Taiwan since 5 October 2026" in text(done)
    assert "has corrected it or taken it back already" in text(client.get(amend, follow=True))
    with acting(actor("reviewer")):
        row = Report.objects.get(ended_at__isnull=True)
    amend = reverse("after_amend", args=[journey, row.pk])
    assert client.post(amend, {"take_back": "1", "gone-reason": "", "gone-once": "g"}).status_code == 422
    gone = client.post(amend, {"take_back": "1", "gone-reason": "Belum tiba", "gone-once": "h"}, follow=True)
    assert "It is taken back" in text(gone) and "no arrival is reported" in text(gone)
    assert amend not in text(browser("bp3mi").get(page)), "who may not correct it is not offered it"


def test_she_corrects_what_she_told_and_never_what_the_mission_wrote():
    journey = abroad()
    client = own(journey)
    client.post("/worker/report/arrival/", {"on": str(ARRIVED), "country": "TWN", "once": "a"})
    again = client.post("/worker/report/arrival/", {"on": str(ARRIVED), "country": "TWN", "once": "b"}, follow=True)
    assert "You had reported exactly this already" in told(again.content.decode())
    other = client.post("/worker/report/arrival/", {"on": "2026-10-04", "country": "TWN", "once": "c"})
    assert other.status_code == 422 and "3 October 2026" in told(other.content.decode())
    with acting(actor("reviewer")):
        row = Report.objects.get()
    amend = reverse("worker_amend", args=[row.pk])
    assert amend in client.get("/worker/report/").content.decode()
    assert client.post(amend, {"on": "2026-10-04", "country": "TWN", "once": "d"}).status_code == 422
    assert client.post(amend, {"on": "2026-10-04", "country": "TWN", "reason": "Salah hari", "once": "e"}).status_code == 302
    page = client.get("/worker/report/").content.decode()
    assert "Salah hari" in page and "4 October 2026" in page and client.get(amend).status_code == 404
    with acting(actor("reviewer")):
        row = Report.objects.get(ended_at__isnull=True)
    amend = reverse("worker_amend", args=[row.pk])
    assert client.post(amend, {"take_back": "1", "gone-reason": "", "gone-once": "f"}).status_code == 422
    assert client.post(amend, {"take_back": "1", "gone-reason": "Belum tiba", "gone-once": "g"}).status_code == 302
    assert "Your arrival is not reported yet" in told(client.get("/worker/report/").content.decode())
    with acting(actor("taipei")):
        row_id = report_arrival(journey_id=journey, on=ARRIVED).report_id
    assert client.get(reverse("worker_amend", args=[row_id])).status_code == 404


def test_the_new_employer_stands_on_every_page_that_names_one():
    journey = abroad()
    client = browser("taipei")
    with acting(actor("taipei")):
        report_arrival(journey_id=journey, on=ARRIVED)
        change_employer(
            journey_id=journey, employer="Keluarga Chen", place="Taoyuan", consented=True, scan=Scan([PDF], "k.pdf"), on=date(2026, 11, 2)
        )
    for page in ("after", "journey"):
        shown = " ".join(text(client.get(reverse(page, args=[journey]))).split())
        assert "Keluarga Chen" in shown and "since 2 November 2026" in shown, page
    assert "Your employer, as the mission wrote it down: Keluarga Chen, since 2 November 2026." in told(
        own(journey).get("/worker/report/").content.decode()
    )


def test_each_code_has_its_sentence():
    source = (ROOT / "selaras" / "place" / "actions" / "abroad.py").read_text(encoding="utf-8")
    faults, refusals = set(re.findall(r'Fault\("\w+", "(\w+)"', source)), set(re.findall(r'Refused\("(\w+)"', source))
    assert faults and [code for code in faults if words.fault(code, {}) == code] == []
    assert refusals and [code for code in refusals if words.refusal(code, {}) is None] == []
