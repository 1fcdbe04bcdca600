"""A village without net: a form waits on the telephone, is sent once when the net is back, and nothing is left there after signing out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from selaras.doors.office.queue.taking import TOLD
from selaras.ground.models import TakenForm
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.people.models import Journey
from tests.cast import BY_KEY, actor
from tests.people.journeying import begun
from tests.stories.browsing import NARROW, WIDE, hurts, too_wide
from tests.stories.villages import moves

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]
LEFT_HERE = """async () => {
  const base = await new Promise((good) => { const asked = indexedDB.open("selaras-queue"); asked.onsuccess = () => good(asked.result); });
  const count = (name) => new Promise((good) => {
    const asked = base.transaction(name).objectStore(name).count(); asked.onsuccess = () => good(asked.result);
  });
  const found = {};
  for (const name of base.objectStoreNames) found[name] = await count(name);
  base.close();
  return found;
}"""


def test_a_form_written_without_net_is_sent_once_when_the_net_is_back(village: Any):
    her = village()
    her.opens("village_log_new")
    her.keeps()
    her.opens("village")
    her.net(False)
    her.opens("village_log_new")
    assert "There is no net. This is the page as it was last seen" in her.screen.reads()
    her.writes("Wagiyem")
    her.shot("kept-form")
    her.sends()
    her.page.wait_for_url("**/queue/")
    her.sees("waits for the net")
    assert "Wagiyem" in her.screen.reads() and "Taiwan" in her.screen.reads()
    her.shot("waiting")
    her.opens("village_log_new")  # the same kept page again: another entry, not the same one twice
    assert "One form waits on this device." in her.screen.reads()
    her.writes("Kartini")
    her.sends()
    her.sees("waits for the net", 2)
    her.page.reload()
    her.sees("waits for the net", 2)
    assert moves() == []
    her.net(True)
    her.page.reload()
    her.page.reload()
    her.sees("sent", 2)
    her.page.reload()
    her.sees("sent", 2)
    assert moves() == ["Kartini", "Wagiyem"]
    assert "Wagiyem" not in her.screen.reads(), "nothing of what was written stays after receipt"
    her.shot("sent")


def test_a_form_whose_answer_was_lost_is_not_doubled(village: Any, address: str):
    her = village()
    her.opens("village_log_new")
    lost: list[str] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).headers.get(TOLD.lower(), ""))
            route.abort()
        else:
            route.continue_()

    her.screen.context.route("**/village/log/new/", lose)
    her.writes("Wagiyem")
    her.sends()
    her.page.wait_for_url("**/queue/")
    her.sees("sent")
    assert lost == ["done"], "the portal had it, the telephone did not know"
    assert moves() == ["Wagiyem"]
    with acting(actor("village")):
        assert TakenForm.objects.count() == 1


def test_a_session_that_ended_keeps_the_form_until_she_signs_in(village: Any):
    her = village()
    her.opens("village_log_new")
    her.writes("Wagiyem")
    her.screen.context.clear_cookies()
    her.sends()
    her.page.wait_for_url("**/queue/")
    her.sees("waits until you sign in")
    her.shot("sign-in")
    her.screen.signs_in("village")
    her.opens("queue")
    her.sees("sent")
    assert moves() == ["Wagiyem"]


def test_another_officer_neither_reads_nor_sends_it_and_signing_out_wipes(village: Any):
    her = village()
    her.opens("village_log_new")
    her.writes("Wagiyem")
    her.screen.context.clear_cookies()
    her.sends()
    her.sees("waits until you sign in")
    her.screen.signs_in("dinas")
    her.opens("queue")
    her.page.locator("[data-queue-others]").wait_for()
    assert "Wagiyem" not in her.screen.reads() and moves() == []
    her.screen.context.clear_cookies()
    her.screen.signs_in("village")
    her.opens("queue")
    her.sees("sent")
    assert moves() == ["Wagiyem"]
    her.opens("village")
    her.page.click("details.who summary")
    her.screen.leads("details.who form[action$='/account/logout/'] button")
    her.opens("account_login")
    her.page.wait_for_function(f"async () => Object.values(await ({LEFT_HERE})()).every((count) => !count)")
    her.net(False)
    her.opens("village")
    assert "Haurkolot" not in her.screen.reads(), "nothing of the village is left without a sign-in"


def test_what_another_officer_did_meanwhile_is_a_choice(village: Any):
    journey, her = begun(), village()
    address = reverse("journey_end", args=[journey.journey_id, "withdraw"])
    her.page.goto(address)
    her.keeps()
    her.net(False)
    her.page.goto(address)
    her.page.fill("[name=reason]", "Ibunya sakit")
    her.sends()
    her.sees("waits for the net")
    other = Client(HTTP_HOST="localhost")
    other.force_login(officer_by_email(BY_KEY["dinas"].email))
    other.post(reverse("person_add", args=[journey.person_id, "name"]), {"kind": "written", "text": "Siti N."})
    her.net(True)
    her.page.reload()
    her.sees("waits for your choice")
    her.shot("list-choice")
    her.page.locator("[data-open]").click()
    her.page.locator("text=Send mine all the same").wait_for()
    seen = her.screen.reads()
    assert "Indra di Dinas Indramayu" in seen and "Ibunya sakit" in seen
    her.shot("choice")
    her.page.click("text=Send mine all the same")
    her.page.wait_for_url(f"**{reverse('journey', args=[journey.journey_id])}")
    with acting(actor("village")):
        assert Journey.objects.get(id=journey.journey_id).state == "withdrawn"
    her.opens("queue")
    her.sees("sent")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_page_of_what_waits_shuts_nobody_out(village: Any, size: tuple[int, int]):
    her = village(axe=True)
    her.opens("village_log_new")
    her.page.set_viewport_size({"width": size[0], "height": size[1]})
    her.net(False)
    her.writes("Wagiyem")
    her.sends()
    her.sees("waits for the net")
    assert hurts(her.page) == [] and too_wide(her.page) == ""
