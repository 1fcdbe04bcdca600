"""The public pages on a cheap phone: bytes over the wire with everything, first content on slow 3G, and no JavaScript at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page

from selaras.market.models import JobOrder
from tests import database
from tests.market.demand import OWN, parties, permitted
from tests.stories.browsing import NARROW, first_content
from tests.stories.conftest import address, browser  # noqa: F401  the stories' own fixtures
from tests.stories.officers import Officer

pytestmark = pytest.mark.browser
MOST, MOST_STYLE = 50 * 1024, 10 * 1024
SLOWEST = 4_000  # milliseconds: two seconds is the goal; a busy machine of the tests may take a while longer to answer
PATHS = ["/", "/check/agency/", f"/check/agency/{OWN}/", "/check/job-order/", "/check/job-order/CODE/", "/check/record/", "/check/record/ABCD-2345-EFGH/", "/check/country/", "/check/country/?country=SAU&job=", "/check/cost/", "/check/cost/?scheme=p_to_p&country=TWN&job=elderly_carer", "/check/card/", "/desk/", "/desk/3212012007/", "/steps/", "/steps/p_to_p/", "/steps/g_to_g_germany/"]  # fmt: skip
CSS = Path(__file__).parents[2] / "selaras" / "doors" / "public" / "static" / "public" / "public.css"


@pytest.fixture(scope="module")
def code(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A job order that is real."""
    with django_db_blocker.unblock():
        try:
            parties()
            yield str(JobOrder.objects.get(pk=permitted().pk).code)
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()
            database.empty()


def weighed(page: Page, path: str) -> tuple[int, list[str]]:
    """Open a page with an empty cache; give the bytes of everything that came, headers too, and what came."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    came: list[float] = []
    what: list[str] = []
    wire.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    wire.on("Network.responseReceived", lambda event: what.append(event["response"]["url"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    wire.detach()
    return int(sum(came)), what


def test_the_stylesheet_is_small():
    assert CSS.stat().st_size <= MOST_STYLE


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["id", "en"])
def test_each_page_weighs_little_and_asks_nobody_else(browser: Browser, address: str, code: str, language: str):  # noqa: F811
    visitor = Officer(browser, address, language, NARROW)
    heavy = {}
    for path in PATHS:
        bytes_, what = weighed(visitor.page, path.replace("CODE", code))
        heavy[path] = bytes_
        assert all(url.startswith((visitor.address, "data:")) for url in what), what
        assert not any(url.endswith(".js") for url in what)
    visitor.leaves()
    print(language, heavy)
    assert {path: n for path, n in heavy.items() if not 0 < n <= MOST} == {}
    assert not visitor.faults


@pytest.mark.timeout(600)
def test_first_content_on_slow_3g_comes_in_about_two_seconds(browser: Browser, address: str, code: str):  # noqa: F811
    visitor = Officer(browser, address, "id", NARROW)
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000})
    first = {}
    for path in PATHS[:5]:
        first[path] = min(first_content(visitor.page, path.replace("CODE", code), SLOWEST))
    visitor.leaves()
    print(first)
    assert all(0 < ms <= SLOWEST for ms in first.values()), first


def test_everything_works_with_javascript_off(browser: Browser, address: str, code: str):  # noqa: F811
    visitor = Officer(browser, address, "en", NARROW, scripts=False)
    page = visitor.page
    page.goto("/")
    visitor.leads(page.get_by_role("link", name="Is this agency licensed?"))
    page.get_by_label("Name of the agency").fill("contoh jaya")
    visitor.leads(page.get_by_role("button", name="Check"))
    assert visitor.answer() == "Yes: PT Contoh Jaya has a licence (SIP3MI) today."
    visitor.leads(page.get_by_role("link", name="JO/TPE/1"))
    assert "5 of 5 places are left" in visitor.answer()
    page.goto("/check/country/")
    page.get_by_label("Country").select_option("KHM")
    visitor.leads(page.get_by_role("button", name="Check"))
    assert visitor.answer().startswith("Closed: Cambodia")
    visitor.leads(page.get_by_role("button", name="ID"))
    assert visitor.answer().startswith("Tertutup: "), "the same answer in the other language"
    page.goto("/desk/")
    page.get_by_role("searchbox").fill("haurkolot")
    with page.expect_navigation():
        page.get_by_role("searchbox").press("Enter")
    assert "Haurkolot" in visitor.answer()
    visitor.leaves()
    assert not visitor.faults
