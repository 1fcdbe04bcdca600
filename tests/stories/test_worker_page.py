"""A worker's page in front of a browser: without scripts, on a cheap screen and a slow net, light, readable, nothing that shuts out."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from selaras.ground.keeping import keep
from selaras.ground.scope import NATION, acting
from selaras.people.actions.family import join_family, name_family
from selaras.people.queries.opening import open_person
from tests.cast import FAMILY_PHONE, WORKER_PHONE, actor, enrolled, last_code
from tests.people.journeying import begun
from tests.people.someone import STAY, registered
from tests.place.standing import carded
from tests.stories.browsing import NARROW, WIDE, first_content, hurts, too_wide
from tests.stories.officers import Officer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed")]
MOST = 50_000  # bytes over the wire, of a page with all that it brings
LATEST = 6_000  # milliseconds on slow 3G, on a machine of the tests
PAGES = ("/worker/", "/worker/card/", "/worker/papers/", "/worker/costs/", "/worker/report/", "/worker/who/", "/worker/family/", "/worker/relatives/", "/worker/sign-in/", "/worker/sign-in/phone/")
SHOTS = os.environ.get("SELARAS_SHOTS")
"""A folder for pictures of each page, for whoever wants to look at them."""


@pytest.fixture
def her() -> Any:
    """A worker in Taiwan with a paper, a relative who joined, and officers who opened her record."""
    person = registered("village", presence=STAY).person_id
    worker = enrolled(person)
    mother = registered("village", name="Kartini", sex="F", birth_date=None, numbers=[]).person_id
    enrolled(mother, FAMILY_PHONE, kind="family")
    with acting(actor("taipei")):
        open_person(person)
    with acting(actor("reviewer")):
        keep([b"%PDF-1.7"], "perjanjian kerja.pdf", media_type="application/pdf", reach=[NATION, f"person:{person}"])
    with acting(worker):
        word = name_family(name="Kartini", relation="parent", kinds=["condition"], papers=["other"]).word
    with acting(actor("dinas")):
        join_family(person_id=mother, word=word)
    return person


def comes_in(page: Page, phone: str) -> None:
    page.goto("/worker/in/")
    page.fill("[name=phone]", phone)
    page.locator("button.main").click()
    page.wait_for_url("**/worker/in/code/")
    page.fill("[name=code]", last_code())
    page.locator("button.main").click()
    page.wait_for_url(lambda address: address.endswith(("/worker/", "/worker/relatives/")))


@pytest.fixture
def screens(browser: Browser, address: str) -> Iterator[Any]:
    opened: list[Officer] = []

    def come(language: str = "id", size: tuple[int, int] = NARROW, **more: Any) -> Officer:
        opened.append(Officer(browser, address, language, size, **more))
        return opened[-1]

    yield come
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.leaves()
    assert not faults, "\n".join(faults)


def test_everything_works_without_scripts(her: Any, screens: Any):
    visitor = screens(scripts=False)
    page = visitor.page
    comes_in(page, WORKER_PHONE)
    assert visitor.answer() == "Anda tercatat di Taiwan sejak 1 Maret 2024."
    visitor.leads("text=Siapa membuka data saya")
    assert "Tia di KDEI Taipei" in visitor.reads()
    visitor.leads("text=Yang boleh diketahui keluarga")
    visitor.leads("form[action$='/withdraw/'] button")
    assert "Anda berbagi dengan 0" in visitor.answer()
    visitor.leads("text=Telepon dan cara masuk saya")
    visitor.leads("text=Pakai telepon lain")
    page.fill("[name=phone]", "+6281233334444")
    visitor.leads("button.main")
    page.fill("[name=code]", last_code())
    visitor.leads("button.main")
    visitor.leads("form[action$='/stop/'] button")
    assert page.locator("form[action$='/stop/']").count() == 0
    visitor.leads("button[value=en]")
    page.goto("/worker/")
    assert visitor.answer() == "You are noted in Taiwan since 1 March 2024."
    visitor.leads("text=Sign out")
    page.goto("/worker/who/")
    assert page.url.endswith("/worker/in/")


def test_the_quick_way_out_leaves_nothing_to_go_back_to(her: Any, screens: Any):
    page = screens().page
    comes_in(page, WORKER_PHONE)
    page.route("https://www.bmkg.go.id/**", lambda route: route.fulfill(body="cuaca"))
    page.goto("/worker/who/")
    page.locator("[data-exit]").click()
    page.wait_for_url("https://www.bmkg.go.id/**")
    page.go_back()
    assert not page.url.endswith("/worker/who/")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_holds_wide_and_narrow(her: Any, screens: Any, language: str):
    found = []
    carded(begun(person_id=her).journey_id)

    def look(visitor: Officer, name: str) -> None:
        for width, height in (WIDE, NARROW):
            visitor.page.set_viewport_size({"width": width, "height": height})
            if SHOTS:
                visitor.page.screenshot(path=Path(SHOTS) / f"worker-{name}-{language}-{width}.png", full_page=True)
            found.extend(f"{name} at {width}: {pain}" for pain in hurts(visitor.page))
            if wide := too_wide(visitor.page):
                found.append(f"{name} at {width}: {wide}")

    outside = screens(language, axe=True)
    for path in ("/worker/in/", "/worker/in/card/", "/worker/outbox/", "/worker/no-such/"):
        outside.page.goto(path)
        look(outside, path.strip("/").replace("/", "-"))
    outside.page.goto("/worker/in/card/")
    outside.leads("button.main")
    look(outside, "mistake")
    visitor = screens(language, axe=True)
    comes_in(visitor.page, WORKER_PHONE)
    visitor.leads(f"button[value={language}]")
    for path in PAGES:
        visitor.page.goto(path)
        look(visitor, path.strip("/").replace("/", "-"))
    visitor.page.goto("/worker/card/")
    visitor.leads("form[action$='/phone/'] button.main")
    look(visitor, "worker-card-phone")
    relative = screens(language, axe=True)
    comes_in(relative.page, FAMILY_PHONE)
    relative.leads(f"button[value={language}]")
    relative.page.goto("/worker/relatives/")
    look(relative, "relative")
    officer = screens(language, axe=True).knows("dinas")
    for path in (reverse("person_ways", args=[her]), reverse("person_family", args=[her])):
        officer.page.goto(path)
        look(officer, "office-" + path.strip("/").split("/")[-1])
    officer.page.goto(reverse("person_ways", args=[her]))
    officer.page.select_option("#enrol_paper", "ktp")
    officer.page.fill("#enrol_phone", "+6281277778888")
    officer.page.locator("form[action$='/enrol/'] button.btn-primary").click()
    officer.page.wait_for_url("**/sign-in/code/")
    look(officer, "office-code")
    officer.page.goto(reverse("person_ways", args=[her]))
    officer.page.select_option("#card_paper", "ktp")
    officer.page.locator("form[action$='/card/'] button.btn-primary").click()
    officer.page.wait_for_url("**/sign-in/card/")
    look(officer, "office-card")
    assert not found, "\n".join(found)


def test_each_page_is_light_and_soon_there_on_slow_3g(her: Any, screens: Any):
    """400 kbit/s and 400 ms there and back, nothing in the browser's store; the weights are printed (run with -s)."""
    carded(begun(person_id=her).journey_id)
    visitor = screens()
    page = visitor.page
    comes_in(page, WORKER_PHONE)
    wire = visitor.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    slow = 400_000 / 8
    wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": slow, "uploadThroughput": slow})
    got = {"bytes": 0}
    wire.on("Network.loadingFinished", lambda event: got.__setitem__("bytes", got["bytes"] + int(event["encodedDataLength"])))
    told = {}
    for path in ("/worker/in/", *PAGES):
        got["bytes"] = 0
        tries = first_content(page, path, LATEST)
        told[path] = (got["bytes"] // len(tries), min(tries))
    print("\n" + "\n".join(f"{path:26} {size:6d} bytes, first content after {first} ms" for path, (size, first) in told.items()))
    assert all(0 < size <= MOST for size, _ in told.values()), told
    assert all(0 < first <= LATEST for _, first in told.values()), told
