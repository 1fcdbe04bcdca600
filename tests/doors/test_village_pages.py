"""The pages of a village by plain forms: letters acknowledged, departures and returns logged; what is refused says why and keeps what was typed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from selaras.doors.office.journeys.sentences import FAULTS as JOURNEY_FAULTS
from selaras.doors.office.people.faults import SENTENCES as PEOPLE_FAULTS
from selaras.doors.office.prepare.sentences import FAULTS
from selaras.doors.office.refusals import SENTENCES
from selaras.ground.scope import acting
from selaras.people.models import Fact, Person
from selaras.prepare.models import Movement
from tests.cast import actor
from tests.doors.test_people_pages import browser, text
from tests.early import ROOT
from tests.people.journeying import PDF, begun
from tests.people.someone import NIK, VILLAGE, registered

pytestmark = pytest.mark.usefixtures("committed")
TODAY = timezone.localdate


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response)))


def letter(**changes):
    told = {
        "kind": "permission_letter", "number": "470/12", "issuer": "Desa Haurkolot", "issued_on": TODAY().isoformat(),
        "words": "Orang tua menandatangani", "once": "k", "file": SimpleUploadedFile("izin.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    return told | changes


def move(**changes):
    told = {"kind": "left", "on": TODAY().isoformat(), "place": "TWN", "told_by": "family", "words": "", "once": "k"}
    return told | changes


def test_the_first_page_leads_to_the_village_and_a_letter_is_acknowledged_on_one_form():
    her = begun().person_id
    client = browser("village")
    home = client.get(reverse("home"))
    assert reverse("village") in text(home) and "1 candidate is on the way" in plain(home)
    page = client.get(reverse("village"))
    address = reverse("village_letters", args=[her])
    assert "1 lacks a letter" in plain(page) and address in text(page) and reverse("people_new") in text(page)
    form = client.get(address)
    assert "2 letters are lacking" in plain(form) and f'value="{actor("village").office}"' in text(form)
    wrong = client.post(address, letter(words="", number="1"))
    assert wrong.status_code == 422 and 'value="1"' in text(wrong)
    done = client.post(address, letter(), follow=True)
    assert "The letter is kept and acknowledged." in plain(done) and "1 letter is lacking" in plain(done)
    assert "•" in plain(done) and "470/12" not in text(done), "the number is masked"
    again = client.post(address, letter(), follow=True)
    assert "nothing was changed" in plain(again)
    client.post(address, letter(kind="marital_letter", number="470/13", once="m"))
    assert "both letters are acknowledged" in plain(client.get(address))
    assert "No letter is lacking." in plain(client.get(reverse("village_candidates")))
    shown = client.get(reverse("village_candidates") + "?show=all&q=siti")
    assert "Siti Nurhaliza" in plain(shown) and address in text(shown)


def test_a_letter_of_another_office_is_acknowledged_by_its_own_button():
    her = begun().person_id
    address = reverse("village_letters", args=[her])
    dinas, village = browser("dinas"), browser("village")
    dinas.post(address, letter())
    with acting(actor("dinas")):
        fact = Fact.objects.get()
        fact.verdict = "stated"
        fact.save(update_fields=["verdict"])
    page = village.get(address)
    assert "waits for your word" in plain(page) and str(fact.id) in text(page)
    wrong = village.post(address, {"fact_id": fact.id, "seen": "stated", "words": ""})
    assert wrong.status_code == 422
    done = village.post(address, {"fact_id": fact.id, "seen": "stated", "words": "Saya kenal orang tuanya"}, follow=True)
    assert "The letter is kept and acknowledged." in plain(done) and "Saya kenal orang tuanya" in plain(done)
    late = dinas.post(address, {"fact_id": fact.id, "seen": "refused", "words": "x"})
    assert late.status_code == 422 and "Another officer judged this paper meanwhile." in plain(late)


def test_somebody_unknown_and_somebody_known_are_logged_and_a_line_is_taken_back():
    client = browser("village")
    new = reverse("village_log_new")
    assert f'value="{VILLAGE}"' in text(client.get(new)), "the form begins with the village itself"
    wrong = client.post(new, move(name="", on="2999-01-01"))
    assert wrong.status_code == 422
    future = client.post(new, move(name="Wagiyem", on="2999-01-01"))
    assert future.status_code == 422 and "This day is still to come." in plain(future) and 'value="Wagiyem"' in text(future)
    done = client.post(new, move(name="Wagiyem", regency="3212", village=VILLAGE, nik=""), follow=True)
    assert "Written down." in plain(done) and "Wagiyem" in plain(done) and "Taiwan" in plain(done) and "Haurkolot" in plain(done)
    assert "1 departure or return" in plain(done)
    her = registered("village").person_id
    assert reverse("village_log_person", args=[her]) in text(client.get(reverse("person", args=[her])))
    known = client.post(reverse("village_log_person", args=[her]), move(kind="returned", once="b"), follow=True)
    assert "2 departures and returns" in plain(known)
    again = client.post(new, move(kind="returned", name="Siti Nurhaliza binti Kasan", birth="17-05-1990", nik=NIK, once="c"), follow=True)
    assert "This stood in the log already." in plain(again)
    with acting(actor("village")):
        assert Person.objects.count() == 2
        line = Movement.objects.get(kind="returned")
    back = reverse("village_log_take_back", args=[line.id])
    assert client.post(back, {"reason": ""}).status_code == 422
    taken = client.post(back, {"reason": "Belum pulang"}, follow=True)
    assert "Taken back." in plain(taken) and "Belum pulang" not in plain(taken)
    opened = client.get(reverse("village_log_line", args=[line.id]))
    assert "Belum pulang" in plain(opened) and reverse("village_log_take_back", args=[line.id]) not in text(opened)
    late = client.post(back, {"reason": "lagi"})
    assert late.status_code == 422 and "This line was taken back already by" in plain(late)
    assert "Siti" not in plain(client.get(reverse("village_log") + "?kind=left&time=month"))
    unknown = client.post(reverse("village_log_person", args=[her]), move(place="", once="d", words="naik truk"), follow=True)
    assert "Written down without a country" in plain(unknown) and "naik truk" not in plain(unknown)
    assert "1 departure or return" in plain(client.get(reverse("village_log") + "?country=none"))
    other = client.post(reverse("village_log_person", args=[her]), move(place="HKG", once="e"), follow=True)
    assert "Written down." in plain(other)
    third = client.post(reverse("village_log_person", args=[her]), move(place="TWN", once="f"))
    assert third.status_code == 422 and "For this day the log names another country" in plain(third)


def test_each_code_of_the_room_has_its_sentence():
    room = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "selaras" / "prepare").rglob("*.py"))
    refused = set(re.findall(r'Refused\(\s*"([a-z_.]+)"', room))
    faults = set(re.findall(r'Fault\("\w+", "([a-z_]+)"', room))
    assert refused and refused <= set(SENTENCES)
    assert faults and faults <= set(FAULTS) | set(JOURNEY_FAULTS) | set(PEOPLE_FAULTS)
