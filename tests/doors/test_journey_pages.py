"""The pages of a journey: the first line answers, each step says who has it and why not yet, forms keep what was typed and do things once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from selaras.doors.office.journeys.sentences import FAULTS, REFUSALS
from selaras.doors.office.journeys.words import DOINGS, REASONS, article
from selaras.doors.office.people.faults import SENTENCES
from selaras.doors.office.refusals import SENTENCES as EVERY
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.actions.facts import Scan, add_fact
from selaras.people.actions.life import DIED, LIVES
from selaras.people.models import Fact, Journey, JourneyStep, SideEntry
from selaras.place.places import AGREEMENT
from tests.cast import BY_KEY, actor
from tests.market.demand import EMPLOYER, parties, permitted
from tests.people.journeying import PDF, begun, bring, done, looked, papers_for, until
from tests.people.someone import PASSPORT, registered
from tests.people.test_papers import CERTIFICATE
from tests.place.standing import ORDER
from tests.place.test_places import signing

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate()


def browser(who: str, language: str = "en") -> Client:
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(officer_by_email(BY_KEY[who].email))
    client.cookies["django_language"] = language
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def page(journey_id, who="dinas", language="en"):
    answer = browser(who, language).get(reverse("journey", args=[journey_id]))
    assert answer.status_code == 200
    return text(answer)


def upload(name="berkas.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def test_the_first_line_says_what_waits_and_each_step_who_has_it():
    journey = begun().journey_id
    html = page(journey)
    assert "Siti Nurhaliza binti Kasan: The village checks and records the candidate" in html
    assert "Now with Village office" in html and "Then with Regency labour office or one-stop desk" in html
    assert "“The village checks and records the candidate” comes first." in html
    assert "Data calon dicocokkan dan dicatat di desa" in page(journey, language="id")


def test_what_is_missing_stands_with_the_article_and_a_way_to_add_it():
    journey = begun().journey_id
    done(journey, "record")
    html = page(journey)
    assert "Marital-status letter" in html and "is not there." in html
    assert article("UU18:13a") in html and reverse("paper_add", args=[journey, "marital_letter"]) in html
    assert reverse("journey_step", args=[journey, "letters", "do"]) not in html, "no button for what cannot be done"


def test_a_paper_at_which_the_gate_alone_looks_can_be_added_from_the_page():
    # No step of a crew member asks for the agency's agreement with the principal; the gate does (PP 22/2022).
    journey = begun("crew_merchant", country="TWN").journey_id
    html = page(journey)
    assert reverse("paper_add", args=[journey, "agency_agreement"]) in html
    assert reverse("paper_add", args=[journey, "job_order"]) not in html, "neither a step nor the gate asks for it"


def test_the_page_says_for_whom_the_person_will_work():
    parties()
    html = page(begun(country="TWN", employer=EMPLOYER).journey_id)
    assert "<dt>Employer</dt><dd>Yuehai Precision</dd>" in html


def test_a_person_gets_a_journey_from_her_page_and_a_second_try_leads_to_the_same():
    person_id = registered().person_id
    client = browser("village")
    assert reverse("journey_start", args=[person_id]) in text(client.get(reverse("person", args=[person_id])))
    form = {"scheme": "p_to_p", "country": "TWN", "agency": "contoh-jaya", "job_order": "JO-1", "on": "", "once": "a"}
    answer = client.post(reverse("journey_start", args=[person_id]), form, follow=True)
    assert "The journey has begun." in text(answer) and "Taiwan" in text(answer)
    again = client.post(reverse("journey_start", args=[person_id]), form | {"once": "b"}, follow=True)
    assert "is under way already" in text(again) and again.redirect_chain == answer.redirect_chain
    assert "0 of" in text(client.get(reverse("person", args=[person_id])))


def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed():
    person_id = registered(birth_date=TODAY - timedelta(days=365 * 17), numbers=[]).person_id
    form = {"scheme": "p_to_p", "country": "TWN", "agency": "", "job_order": "JO-77", "on": "", "once": "a"}
    answer = browser("village").post(reverse("journey_start", args=[person_id]), form)
    assert answer.status_code == 422
    assert "too young: this scheme is for people of 18 years" in text(answer) and "JO-77" in text(answer)
    with acting(actor("reviewer")):
        assert not Journey.objects.exists()


def test_a_step_is_done_by_one_press_and_the_second_press_changes_nothing():
    journey = begun().journey_id
    client = browser("village")
    html = client.get(reverse("journey", args=[journey])).content.decode()
    once = html.split('name="once" value="')[1].split('"')[0]
    address = reverse("journey_step", args=[journey, "record", "do"])
    for _ in range(2):
        answer = client.post(address, {"version": 1, "once": once}, follow=True)
        assert answer.status_code == 200 and "Done." in text(answer)
    assert looked(journey).version == 2


def test_who_was_slower_is_told_who_was_quicker_and_may_send_again_in_sight_of_it():
    journey = begun().journey_id
    slow = browser("dinas")
    seen = slow.get(reverse("journey_end", args=[journey, "withdraw"])).context["form"].initial["version"]
    done(journey, "record", "village")
    answer = slow.post(reverse("journey_end", args=[journey, "withdraw"]), {"version": seen, "reason": "berubah pikiran", "once": "w"})
    assert answer.status_code == 409
    assert "Desi dari Desa Haurkolot was quicker and did the step “The village checks and records the candidate”." in text(answer)
    assert "berubah pikiran" in text(answer)
    again = slow.post(
        reverse("journey_end", args=[journey, "withdraw"]), {"version": seen + 1, "reason": "berubah pikiran", "once": "w"}, follow=True
    )
    assert "<strong>withdrawn:</strong> berubah pikiran" in text(again)
    assert looked(journey).state == "withdrawn"


def test_a_step_whose_papers_are_missing_says_all_of_them():
    journey = begun().journey_id
    done(journey, "record")
    answer = browser("dinas").post(reverse("journey_step", args=[journey, "letters", "do"]), {"version": 2, "on": "", "once": "a"})
    assert answer.status_code == 422
    assert "Marital-status letter" in text(answer) and "Permission letter" in text(answer) and article("UU18:13b") in text(answer)


@pytest.mark.parametrize(("doing", "state"), [("return", "now"), ("refuse", "refused")])
def test_giving_back_and_saying_no_need_a_reason(doing, state):
    journey = begun()
    until(journey, "inform")
    papers_for(journey, "inform")
    if doing == "return":
        done(journey.journey_id, "inform", "village")
    client, address = browser("dinas"), reverse("journey_step", args=[journey.journey_id, "inform", doing])
    version = looked(journey.journey_id).version
    assert client.post(address, {"version": version, "reason": "", "once": "a"}).status_code == 422
    answer = client.post(address, {"version": version, "reason": "belum lengkap", "once": "a"}, follow=True)
    assert "belum lengkap" in text(answer)
    assert next(line for line in looked(journey.journey_id).lines if line.rule.id == "inform").state == state


def test_a_paper_is_kept_with_its_scan_verified_and_its_scan_given_back():
    journey = begun().journey_id
    client = browser("dinas")
    address = reverse("paper_add", args=[journey, "passport"])
    fields = {"number": PASSPORT, "issuer": "Imigrasi Cirebon", "issued_on": "2025-01-02", "valid_until": "2035-01-02", "once": "p"}
    without = client.post(address, fields)
    assert without.status_code == 422 and "The law asks for a scan of this paper" in text(without) and "Imigrasi Cirebon" in text(without)
    answer = client.post(address, fields | {"file": upload()}, follow=True)
    assert "The paper is kept." in text(answer)
    html = page(journey)
    assert "not verified yet" in html and PASSPORT not in html and "•••• ••••" in html
    with acting(actor("dinas")):
        fact = Fact.objects.get().pk
    number = client.post(reverse("paper_number", args=[journey, fact]), {"reason": "paper"})
    assert PASSPORT in text(number)
    assert client.post(reverse("paper_number", args=[journey, fact]), {"reason": ""}).status_code == 422
    scan = client.get(reverse("paper_scan", args=[journey, fact]))
    assert b"".join(scan.streaming_content) == PDF and scan["Content-Disposition"] == 'attachment; filename="passport.pdf"'
    assert scan["Cache-Control"] == "no-store"
    verify = reverse("paper_verify", args=[journey, fact])
    assert "Immigration system" in text(client.get(verify))
    blank = client.post(verify, {"seen": "stated", "verdict": "verified", "path": "manual", "words": ""})
    assert blank.status_code == 422 and "Write what you looked at" in text(blank)
    client.post(verify, {"seen": "stated", "verdict": "verified", "path": "manual", "words": "asli dilihat"})
    late = browser("bp3mi").post(verify, {"seen": "stated", "verdict": "refused", "path": "manual", "words": "lain"})
    assert late.status_code == 422 and "Another officer judged this paper meanwhile." in text(late)
    assert "asli dilihat" in page(journey)


def test_a_paper_that_ended_is_refused_with_its_last_day_as_people_write_it():
    fields = {"number": PASSPORT, "issuer": "Imigrasi", "issued_on": "2020-01-02", "valid_until": "2025-01-02", "once": "p", "file": upload()}
    answer = browser("dinas").post(reverse("paper_add", args=[begun().journey_id, "passport"]), fields)
    assert answer.status_code == 422
    assert "This paper is no longer valid: it ended on 2 January 2025. Bring a newer one." in text(answer)


def test_the_clinic_s_paper_has_fit_or_unfit_and_no_place_for_anything_else():
    journey = begun().journey_id
    form = browser("dinas").get(reverse("paper_add", args=[journey, "health_result"]))
    assert set(form.context["form"].fields) == {"number", "issuer", "issued_on", "value", "once"}
    assert "Only fit or not fit is kept." in text(form)


def test_a_number_that_stands_with_another_is_told_without_whose():
    journey = begun()
    other = registered("hongkong", name="Wagiyem Sumarni", sex="", birth_date=None, home_area="", numbers=[])
    with acting(actor("hongkong")):
        add_fact(person_id=other.person_id, paper=CERTIFICATE, scan=Scan([PDF]))
    fields = {"number": CERTIFICATE.number, "issuer": "LSP", "issued_on": "2026-01-02", "valid_until": "", "once": "c", "file": upload()}
    answer = browser("dinas").post(reverse("paper_add", args=[journey.journey_id, "competence_certificate"]), fields, follow=True)
    assert "stands with another record already" in text(answer) and "Wagiyem" not in text(answer)
    listed = text(browser("reviewer").get(reverse("conflicts")))
    assert "both have a paper with this number: Competence certificate" in listed and "Wagiyem Sumarni" in listed


def test_the_queue_shows_what_is_due_and_leads_to_it():
    journey = begun()
    html = text(browser("village").get(reverse("today")))
    assert "1 step waits for your office" in html and reverse("journey", args=[journey.journey_id]) in html
    with acting(actor("reviewer")):
        JourneyStep.objects.update(due=TODAY - timedelta(days=3))
    home = text(browser("village").get(reverse("home")))
    assert "1 is overdue." in home and reverse("journey", args=[journey.journey_id]) in home
    assert "Nothing waits for your office" in text(browser("desk").get(reverse("today")))
    assert "Nothing waits" in text(browser("village").get(reverse("today"), {"scheme": "ukps", "page": "x"}))


def test_somebody_without_a_placement_is_entered_by_her_name_alone():
    client = browser("taipei")
    form = {"kind": "complaint", "on": TODAY.isoformat(), "place": "TWN", "name": "Rohmah", "capacity": "worker", "reason": "gaji", "once": "e"}
    blank = client.post(reverse("entry_new"), form | {"name": "", "on": (TODAY + timedelta(days=1)).isoformat()})
    assert blank.status_code == 422
    wrong = client.post(reverse("entry_new"), form | {"on": (TODAY + timedelta(days=1)).isoformat()})
    assert wrong.status_code == 422 and "This day is still to come." in text(wrong) and "Rohmah" in text(wrong)
    answer = client.post(reverse("entry_new"), form, follow=True)
    assert "Entered. This is the record." in text(answer) and "complained on" in text(answer)
    with acting(actor("taipei")):
        assert SideEntry.objects.get().country_id == "TWN"


def test_a_journey_that_ended_can_be_begun_again_from_its_page():
    journey = begun().journey_id
    client = browser("dinas")
    client.post(reverse("journey_end", args=[journey, "fail"]), {"version": 1, "reason": "visa batal", "once": "f"})
    assert reverse("journey_again", args=[journey]) in page(journey)
    form = {"scheme": "p_to_p", "country": "", "agency": "", "job_order": "", "on": "", "once": "n"}
    answer = client.post(reverse("journey_again", args=[journey]), form, follow=True)
    assert "The journey has begun again" in text(answer) and "The journey before this one" in text(answer)


def test_who_is_not_within_reach_is_not_there():
    journey = begun()
    bring(journey, "ktp")
    for name, kwargs in (("journey", {}), ("journey_step", {"step": "record", "doing": "do"}), ("paper_add", {"kind": "ktp"})):
        address = reverse(name, kwargs={"journey_id": journey.journey_id, **kwargs})
        assert browser("desk").get(address).status_code == 404
    assert browser("dinas").get(reverse("journey_step", args=[journey.journey_id, "nothing", "do"])).status_code == 404
    assert browser("dinas").get(reverse("journey_step", args=[journey.journey_id, "record", "burn"])).status_code == 404
    assert browser("dinas").get(reverse("journey_end", args=[journey.journey_id, "burn"])).status_code == 404
    assert browser("dinas").get(reverse("paper_add", args=[journey.journey_id, "nothing"])).status_code == 404


def test_each_code_that_the_rooms_give_has_its_sentence():
    room = Path(__file__).parents[2] / "selaras" / "people"
    names = ("journeys", "steps", "stepping", "aiming", "facts", "entering", "scans")
    source = "".join((room / "actions" / f"{n}.py").read_text(encoding="utf-8") for n in names) + (room / "papers.py").read_text(encoding="utf-8")
    source += (room / "course.py").read_text(encoding="utf-8")
    refused = set(re.findall(r'Refused\("(\w+)"', source))
    assert refused and refused - set(EVERY) == set()
    faulty = set(re.findall(r'Fault\("\w+", "(\w+)"', source))
    assert faulty and faulty - set(FAULTS) - set(SENTENCES) == set()
    reasons = set(re.findall(r'(?:because|Reason)\("(\w+)"', source))
    assert reasons == set(REASONS) and reasons <= set(REFUSALS)
    changes = set(re.findall(r'(?:change|close|_end)\(.*"(\w+_(?:journey|step|place))"', source))
    by_verb = {step.verb.partition(".")[2] for step in law().steps if step.verb}  # a step that a later room passes
    cards = (room.parent / "place" / "actions" / "passes.py").read_text(encoding="utf-8")
    by_verb |= set(re.findall(r'change_journey\(held, "(\w+)"', cards))
    abroad = (room.parent / "place" / "actions" / "abroad.py").read_text(encoding="utf-8")
    by_verb |= set(re.findall(r' change\(held, "(\w+)"', abroad))
    assert changes | by_verb | {"start_journey", DIED, LIVES} == set(DOINGS)


def test_a_signature_for_which_no_place_is_left_is_refused_with_what_to_do():
    parties()
    permitted(ORDER, places=1)
    first, second = signing(), signing()
    for journey, words in ((first, "Done."), (second, "No place of this job order is left.")):
        sent = {"version": "1", "once": f"k{journey}"}
        page = browser("dinas").post(reverse("journey_step", args=[journey, AGREEMENT, "do"]), sent, follow=True)
        assert words in text(page)
    wrong = signing("JO/TIDAK/ADA")
    page = browser("dinas").post(reverse("journey_step", args=[wrong, AGREEMENT, "do"]), {"version": "1", "once": "k"})
    assert page.status_code == 422 and "There is no such job order of this agency." in text(page)
