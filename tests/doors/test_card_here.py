"""The verifier's page in a browser: on the device itself, with and without a network, as the engine answers, and light."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect

from selaras.ground.scope import acting
from selaras.place.actions.passes import revoke_pass
from selaras.place.queries.passes import open_pass
from tests import database
from tests.cast import actor
from tests.doors.test_public_weight import MOST, weighed
from tests.place.test_passes import WHY, at_card, issued
from tests.stories.browsing import NARROW
from tests.stories.conftest import address, browser  # noqa: F401  the stories' own fixtures
from tests.stories.officers import Officer
from tests.stories.wires import Wire

pytestmark = pytest.mark.browser
HERE = "/check/card/here/"
FETCHED = "() => JSON.parse(localStorage.getItem('selaras-card')).at"


@pytest.fixture(scope="module")
def cards(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[tuple[Any, str]]]:
    """Two cards, each with its token."""
    with django_db_blocker.unblock():
        try:
            made = [issued(at_card()) for _ in range(2)]
            with acting(actor("bp3mi")):
                told = [(card, open_pass(card.pass_id).text) for card in made]
            yield told
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()
            database.empty()


def asked(visitor: Officer, text: str, answer: str) -> None:
    """Paste a code and wait for the answer of the page, which comes when the device has reckoned."""
    visitor.page.get_by_label("What stands in the code").fill(text)
    visitor.page.get_by_role("button", name="Check", exact=True).click()
    expect(visitor.page.locator("h1:visible")).to_have_text(answer)


def test_the_device_itself_verifies_with_and_without_a_network(browser: Browser, address: str, cards: Any, django_db_blocker: Any):  # noqa: F811
    (card, token), (_other, sound) = cards
    wire = Wire(address)
    visitor = Officer(browser, wire.address, "en", NARROW)
    page = visitor.page
    page.goto(f"{HERE}#{token}")
    expect(page.locator("h1:visible")).to_have_text("The card holds.")
    expect(page.locator("[data-answer]")).to_contain_text("Siti Nurhaliza")
    shown = page.locator("[data-answer]").inner_text()
    assert "Siti Nurhaliza" in shown and card.number in shown and "just now" in shown and "a picture of a card is as good as the card" in shown
    assert page.url.endswith(HERE), "the name on the card does not stay in the history"
    at = len(token) - 40
    asked(visitor, token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :], "The card does not hold.")
    assert "Siti Nurhaliza" not in page.locator("[data-answer]").inner_text()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.open('selaras-card').then(c => c.keys()).then(k => k.length >= 4)")
    wire.cut()
    visitor.context.set_offline(True)
    with django_db_blocker.unblock(), acting(actor("bp3mi")):
        revoke_pass(pass_id=card.pass_id, reason="misuse", words=WHY)
    page.goto(HERE)
    asked(visitor, token, "The card holds.")  # who has not synced cannot know, and says how old its list is
    assert "just now" in page.locator("[data-store]").inner_text()
    before = page.evaluate(FETCHED)
    wire.mend()
    visitor.context.set_offline(False)
    page.goto(HERE)
    page.get_by_role("button", name="Fetch the newest lists").click()
    page.wait_for_function(f"before => ({FETCHED})() > before", arg=before)
    expect(page.locator("[data-stored=yes]")).to_be_visible()
    asked(visitor, token, "The card does not hold.")
    assert "The card was revoked" in page.locator("[data-answer]").inner_text()
    asked(visitor, sound, "The card holds.")
    asked(visitor, "SLR1.nothing", "The card does not hold.")
    visitor.leaves()
    wire.close()
    assert [fault for fault in visitor.faults if "net::ERR_" not in fault] == []


def test_a_browser_without_ed25519_or_without_scripts_asks_the_server(browser: Browser, address: str, cards: Any):  # noqa: F811
    _, (_card, token) = cards
    for scripts in (False, True):
        visitor = Officer(browser, address, "en", NARROW, scripts=scripts)
        if scripts:
            visitor.page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('NotSupportedError'))")
        visitor.page.goto(f"{HERE}#{token}")
        if scripts:
            expect(visitor.page.locator("[data-cannot]")).to_be_visible()
            assert visitor.page.url.endswith(HERE), "the name on the card does not stay in the history"
            assert visitor.page.get_by_label("What stands in the code").input_value() == token
        else:
            visitor.page.get_by_label("What stands in the code").fill(token)
        visitor.page.get_by_role("button", name="Check", exact=True).click()
        visitor.page.wait_for_url("**/check/card/")
        assert visitor.answer() == "The card holds."
        visitor.leaves()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_of_cards_weigh_little(browser: Browser, address: str, cards: Any, language: str):  # noqa: F811
    visitor = Officer(browser, address, language, NARROW)
    heavy = {path: weighed(visitor.page, path)[0] for path in (HERE, "/check/card/")}
    visitor.leaves()
    print(language, heavy)
    assert {path: n for path, n in heavy.items() if not 0 < n <= MOST} == {}
