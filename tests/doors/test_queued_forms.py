"""Forms that waited on a device: taken once however often they come, by their own officer only, and never over somebody's head."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from selaras.ground.models import TakenForm
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.people.models import Journey
from selaras.prepare.models import Movement
from tests.cast import BY_KEY, actor
from tests.doors.test_people_pages import browser, text
from tests.people.journeying import begun
from tests.people.someone import VILLAGE

pytestmark = pytest.mark.usefixtures("committed")


def officer_id(who: str) -> str:
    return str(officer_by_email(BY_KEY[who].email).pk)


def written(key: str, who: str = "village", **changes):
    """A departure as a device sends it; without `once`, so that the key alone keeps it from being doubled."""
    told = {
        "kind": "left", "on": timezone.localdate().isoformat(), "place": "TWN", "told_by": "family", "words": "", "name": "Wagiyem", "nik": "",
        "regency": "3212", "village": VILLAGE, "once": str(uuid4()), "queue_key": key, "queue_officer": officer_id(who),
    }  # fmt: skip
    return told | changes


def hidden(page) -> dict[str, str]:
    """What the form of a page carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text(page)))


def moves() -> int:
    with acting(actor("village")):
        return Movement.objects.count()


def test_the_same_key_twice_is_done_once_and_answered_alike():
    client, key, address = browser("village"), str(uuid4()), reverse("village_log_new")
    first = client.post(address, written(key))
    again = client.post(address, written(key))
    assert first.status_code == again.status_code == 302 and first["Location"] == again["Location"]
    device = client.post(address, written(key), headers={"X-Queue": "1"})
    assert (device.status_code, device["X-Queue"], device["X-Queue-To"]) == (204, "again", first["Location"])
    assert moves() == 1
    other = client.post(address, written(str(uuid4()), name="Kartini"), headers={"X-Queue": "1"})
    assert (other.status_code, other["X-Queue"]) == (204, "done") and moves() == 2


def test_what_was_refused_comes_again_under_its_key():
    client, key, address = browser("village"), str(uuid4()), reverse("village_log_new")
    wrong = client.post(address, written(key, name=""), headers={"X-Queue": "1"})
    assert (wrong.status_code, wrong["X-Queue"]) == (422, "unfit") and hidden(wrong)["queue_key"] == key
    assert client.post(address, written(key)).status_code == 302 and moves() == 1


def test_two_at_once_are_one():
    key, address, count = str(uuid4()), reverse("village_log_new"), 6
    clients, together = [browser("village") for _ in range(count)], threading.Barrier(count)

    def send(client: Client) -> str:
        try:
            together.wait(60)
            return client.post(address, written(key), headers={"X-Queue": "1"})["X-Queue"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        answers = sorted(pool.map(send, clients))
    assert answers == ["again"] * (count - 1) + ["done"] and moves() == 1


def test_another_officers_form_is_refused_and_stays_free_for_her():
    key, address = str(uuid4()), reverse("village_log_new")
    refused = browser("dinas").post(address, written(key), headers={"X-Queue": "1"})
    assert (refused.status_code, refused["X-Queue"]) == (403, "refused")
    assert "written by another officer" in text(refused) and moves() == 0
    assert browser("village").post(address, written(key)).status_code == 302 and moves() == 1


def test_a_posting_that_is_over_is_refused():
    refused = browser("village").post(reverse("village_log_new"), written(str(uuid4()), queue_post="desk_officer:x"))
    assert refused.status_code == 403 and "no longer have" in text(refused)


def test_nobody_signed_in_is_told_apart_from_success():
    key, address, client = str(uuid4()), reverse("village_log_new"), Client()
    answer = client.post(address, written(key), headers={"X-Queue": "1"})
    assert (answer.status_code, answer["X-Queue"]) == (401, "sign-in")
    assert client.post(address, written("")).status_code == 302, "a browser is led to the sign-in page as ever"
    token = client.get(reverse("queue_token")).json()
    assert token["officer"] == "" and token["token"]
    client.force_login(officer_by_email(BY_KEY["village"].email))
    assert client.get(reverse("queue_token")).json()["officer"] == officer_id("village")
    assert client.post(address, written(key)).status_code == 302 and moves() == 1


def test_what_another_officer_changed_meanwhile_is_a_choice_and_nothing_typed_is_lost():
    journey = begun()
    address = reverse("journey_end", args=[journey.journey_id, "withdraw"])
    village, dinas = browser("village"), browser("dinas")
    page = village.get(address)
    form = hidden(page)
    mine = form | {
        "reason": "Ibunya sakit", "queue_key": str(uuid4()), "queue_shown": json.dumps([["reason", "Why?", "Ibunya sakit"]]), "once": str(uuid4()),
        "version": re.search(r'name="version" value="(\d+)"', text(page))[1],
    }  # fmt: skip
    added = dinas.post(reverse("person_add", args=[journey.person_id, "name"]), {"kind": "written", "text": "Siti N."})
    assert added.status_code == 302, text(added)
    choice = village.post(address, mine, headers={"X-Queue": "1"})
    assert (choice.status_code, choice["X-Queue"]) == (409, "choice")
    assert "Indra di Dinas Indramayu" in text(choice) and "Ibunya sakit" in text(choice) and "Send mine all the same" in text(choice)
    with acting(actor("village")):
        assert Journey.objects.get(id=journey.journey_id).state == "open"
    all_the_same = mine | hidden(choice)
    assert all_the_same["queue_key"] == mine["queue_key"] and all_the_same["queue_seen"] != mine["queue_seen"]
    sent = village.post(address, all_the_same, headers={"X-Queue": "1"})
    assert (sent.status_code, sent["X-Queue"]) == (204, "done")
    with acting(actor("village")):
        assert Journey.objects.get(id=journey.journey_id).state == "withdrawn"
        assert TakenForm.objects.filter(key=mine["queue_key"]).count() == 1


def test_two_forms_of_one_officer_that_waited_together_need_no_choice():
    journey = begun()
    village = browser("village")
    person, address = reverse("person_add", args=[journey.person_id, "name"]), reverse("journey_end", args=[journey.journey_id, "withdraw"])
    first, second = hidden(village.get(person)), village.get(address)
    version = re.search(r'name="version" value="(\d+)"', text(second))[1]
    assert village.post(person, first | {"kind": "written", "text": "Siti N."}).status_code == 302
    assert village.post(address, hidden(second) | {"reason": "Sakit", "version": version, "once": "k"}).status_code == 302


def test_a_receipt_says_nothing_of_what_was_written():
    browser("village").post(reverse("village_log_new"), written(str(uuid4())))
    with acting(actor("village")):
        kept = TakenForm.objects.get()
        assert "Wagiyem" not in f"{kept.path} {kept.led_to}"


def test_pages_of_the_village_are_kept_and_lists_of_found_people_are_not():
    client = browser("village")
    for name, kept in (("village", True), ("village_log_new", True), ("people_find", False), ("headcount", False)):
        answer = client.get(reverse(name))
        assert answer.headers.get("X-Keep", "") == ("1" if kept else ""), name
    script = client.get(reverse("queue_script"))
    assert script["Service-Worker-Allowed"] == "/" and "village/log/new/" in text(script)
