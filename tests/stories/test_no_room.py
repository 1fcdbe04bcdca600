"""A village without net whose telephone cannot keep everything: scans, files that are too large, fifty forms that wait, and dropping one."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from selaras.doors.office.queue.pages import MOST_FORMS
from selaras.doors.office.queue.taking import MOST_FILE
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.people.models import Fact, Journey
from tests.cast import BY_KEY, actor
from tests.people.journeying import begun
from tests.stories.browsing import hurts, too_wide
from tests.stories.villages import Village, moves

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]
# As many forms of another officer as it says, of which this officer's pages know nothing but that they take room.
TAKE_ROOM = """async (count) => {
  const base = await new Promise((good) => { const asked = indexedDB.open("selaras-queue"); asked.onsuccess = () => good(asked.result); });
  const rows = base.transaction("forms", "readwrite");
  for (let n = 0; n < count; n++) rows.objectStore("forms").put({ key: crypto.randomUUID(), officer: "another", at: Date.now(), state: "waiting" });
  await new Promise((good) => { rows.oncomplete = good; });
  base.close();
}"""
SAID = {
    "en": ("This form was not sent and could not be kept.", "There is no net, and a file larger than 10 MB cannot wait on this device"),
    "id": ("Isian ini tidak terkirim dan tidak dapat disimpan.", "Tidak ada jaringan, dan berkas yang lebih besar dari 10 MB tidak dapat menunggu"),
}


def brings_a_letter(her: Village, file: Path) -> None:
    """Fill in the page of a letter."""
    her.page.fill("[name=number]", "470/12/DS")
    her.page.fill("[name=issuer]", "Desa Haurkolot")
    her.page.set_input_files("main input[type=file]", file)


def test_a_scan_waits_with_its_form_and_arrives_whole_and_once(village: Any, tmp_path: Path):
    scan = tmp_path / "surat nikah.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + os.urandom(700_000))
    journey, her = begun(), village()
    address = reverse("paper_add", args=[journey.journey_id, "marital_letter"])
    her.page.goto(address)
    her.keeps()
    her.net(False)
    her.page.goto(address)
    brings_a_letter(her, scan)
    her.sends()
    her.sees("waits for the net")
    assert "surat nikah.pdf" in her.screen.reads(), "she sees that the file waits, too"
    her.shot("file-waits")
    her.net(True)
    her.page.reload()
    her.sees("sent")
    with acting(actor("village")):
        kept = Fact.objects.get(kind="marital_letter")
    office = Client(HTTP_HOST="localhost")
    office.force_login(officer_by_email(BY_KEY["village"].email))
    came = office.get(reverse("paper_scan", args=[journey.journey_id, kept.pk]))
    assert b"".join(came.streaming_content) == scan.read_bytes()
    her.page.reload()
    her.sees("sent")
    with acting(actor("village")):
        assert Fact.objects.filter(kind="marital_letter").count() == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_file_that_is_too_large_cannot_wait_and_a_smaller_one_can(village: Any, tmp_path: Path, language: str):
    large, small = tmp_path / "besar.pdf", tmp_path / "kecil.pdf"
    small.write_bytes(b"%PDF-1.7\nkecil")
    with large.open("wb") as file:
        file.truncate(MOST_FILE + 1)
    journey, her = begun(), village(language=language)
    her.opens("paper_add", journey.journey_id, "marital_letter")
    expect(her.page.locator("[data-queue-full-count]").first).to_have_text("0")  # the page knows what the device can keep
    her.net(False)
    brings_a_letter(her, large)
    her.sends()
    expect(her.page.locator("[data-queue-large]")).to_contain_text(SAID[language][1])
    assert her.page.input_value("[name=number]") == "470/12/DS", "what was typed stays"
    her.shot(f"large-{language}")
    assert too_wide(her.page) == ""
    her.page.set_input_files("main input[type=file]", small)
    her.sends()
    her.sees({"en": "waits for the net", "id": "menunggu jaringan"}[language])


@pytest.mark.parametrize("language", ["id", "en"])
def test_with_fifty_that_wait_a_form_stays_on_the_screen(village: Any, language: str):
    her = village(language=language)
    her.opens("village_log_new")
    her.keeps()
    her.page.evaluate(TAKE_ROOM, MOST_FORMS)
    her.net(False)
    her.opens("village_log_new")
    expect(her.page.locator("[data-queue-full-count]").first).to_have_text("50")
    her.writes("Wagiyem")
    her.sends()
    note = her.page.locator("[data-queue-full]")
    expect(note).to_contain_text(SAID[language][0])
    expect(note).to_contain_text("50")
    assert her.page.url.endswith(reverse("village_log_new")) and her.page.input_value("[name=name]") == "Wagiyem"
    her.shot(f"full-{language}")
    assert too_wide(her.page) == ""
    her.net(True)
    with her.page.expect_navigation(url=lambda address: not address.endswith("/new/")):
        her.sends()
    assert moves() == ["Wagiyem"], "with the net it needs no room"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_form_for_which_there_was_no_room_at_the_last_moment_comes_back(village: Any, language: str):
    her = village(language=language, axe=True)
    her.opens("village_log_new")
    expect(her.page.locator("[data-queue-full-count]").first).to_have_text("0")
    her.page.evaluate(TAKE_ROOM, MOST_FORMS)  # behind the page's back
    her.net(False)
    her.writes('Wagi"yem <b>')
    her.sends()
    back = her.page.locator("[data-queue-not-kept]")
    expect(her.page.locator("h1")).to_contain_text(SAID[language][0])
    expect(her.page.locator("main a:visible")).to_have_count(0)  # nothing leads away from what was written
    expect(back).to_contain_text('Wagi"yem <b>')
    expect(back.locator("[data-queue-full-count]")).to_have_text("50")
    her.shot(f"not-kept-{language}")
    assert hurts(her.page) == [] and too_wide(her.page) == ""
    again = back.locator("form button")
    again.click()
    expect(her.page.locator("[data-queue-full]")).to_be_visible()
    expect(back).to_contain_text('Wagi"yem <b>')
    her.net(True)
    with her.page.expect_navigation(url=lambda address: not address.endswith("/new/")):
        again.click()
    assert moves() == ['Wagi"yem <b>']


def test_dropping_in_the_list_asks_once_more(village: Any):
    her = village()
    her.opens("village_log_new")
    her.net(False)
    her.writes("Wagiyem")
    her.sends()
    her.sees("waits for the net")
    drop = her.page.locator("[data-drop-item]")
    drop.click()
    expect(drop).to_have_text("Press once more to drop it: what was written is gone then.")
    her.sees("waits for the net")
    her.shot("drop")
    drop.click()
    expect(her.page.locator("[data-queue-none]")).to_be_visible()
    her.net(True)
    her.page.reload()
    expect(her.page.locator("[data-queue-none]")).to_be_visible()
    assert moves() == []


def test_what_others_changed_meanwhile_may_be_a_reason_to_drop_mine(village: Any):
    journey, her = begun(), village()
    address = reverse("journey_end", args=[journey.journey_id, "withdraw"])
    her.page.goto(address)
    her.net(False)
    her.page.fill("[name=reason]", "Ibunya sakit")
    her.sends()
    her.sees("waits for the net")
    other = Client(HTTP_HOST="localhost")
    other.force_login(officer_by_email(BY_KEY["dinas"].email))
    other.post(reverse("person_add", args=[journey.person_id, "name"]), {"kind": "written", "text": "Siti N."})
    her.net(True)
    her.page.reload()
    her.sees("waits for your choice")
    her.screen.leads("[data-open]")
    her.screen.leads("text=Drop mine")
    assert her.page.url.endswith(reverse("journey", args=[journey.journey_id]))
    with acting(actor("village")):
        assert Journey.objects.get(id=journey.journey_id).state == "open"
    her.opens("queue")
    expect(her.page.locator("[data-queue-none]")).to_be_visible()
    her.page.reload()
    expect(her.page.locator("[data-queue-none]")).to_be_visible()
