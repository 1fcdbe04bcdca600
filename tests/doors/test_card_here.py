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

pytestmark = pytest.mark.browser
HERE = "/check/card/here/"


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


def asked(visitor: Officer, text: str) -> str:
    """Paste a code and give the answer of the page."""
    visitor.page.get_by_label("What stands in the code").fill(text)
    visitor.page.get_by_role("button", name="Check", exact=True).click()
    return visitor.page.locator("h1:visible").inner_text()


def test_the_device_itself_verifies_with_and_without_a_network(browser: Browser, address: str, cards: Any, django_db_blocker: Any):  # noqa: F811
    (card, token), (_other, sound) = cards
    visitor = Officer(browser, address, "en", NARROW)
    page = visitor.page
    page.goto(f"{HERE}#{token}")
    expect(page.locator("h1:visible")).to_have_text("The card holds.")
    shown = page.locator("[data-answer]").inner_text()
    assert "Siti Nurhaliza" in shown and card.number in shown and "just now" in shown and "a picture of a card is as good as the card" in shown
    assert page.url.endswith(HERE), "the name on the card does not stay in the history"
    at = len(token) - 40
    assert asked(visitor, token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :]) == "The card does not hold."
    assert "Siti Nurhaliza" not in page.locator("[data-answer]").inner_text()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.open('selaras-card').then(c => c.keys()).then(k => k.length >= 4)")
    visitor.context.set_offline(True)
    with django_db_blocker.unblock(), acting(actor("bp3mi")):
        revoke_pass(pass_id=card.pass_id, reason="misuse", words=WHY)
    page.goto(HERE)
    assert asked(visitor, token) == "The card holds.", "who has not synced cannot know, and says how old its list is"
    assert "just now" in page.locator("[data-store]").inner_text()
    visitor.context.set_offline(False)
    page.goto(HERE)
    page.get_by_role("button", name="Fetch the newest lists").click()
    expect(page.locator("[data-stored=yes]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked(visitor, token) == "The card does not hold."
    assert "The card was revoked" in page.locator("[data-answer]").inner_text()
    assert asked(visitor, sound) == "The card holds."
    assert asked(visitor, "SLR1.nothing") == "The card does not hold."
    visitor.leaves()
    assert [fault for fault in visitor.faults if "DISCONNECTED" not in fault] == []


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
