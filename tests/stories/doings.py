"""Small things that people do on a page, and after which another page stands there: for pictures and for axe."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

PERSON = re.compile(r"/people/[0-9a-f]{8}-[0-9a-f-]{27}/$")
JOURNEY = re.compile(r"/journeys/[0-9a-f]{8}-[0-9a-f-]{27}/$")
NAME = "siti nurhayati"
Doing = Callable[[Page], None]


def search(page: Page) -> None:
    """Search by a half-remembered name."""
    page.goto("/people/")
    page.fill("[name=q]", NAME)
    page.press("[name=q]", "Enter")
    page.wait_for_url("**/found/**")


def open_somebody(page: Page) -> None:
    """Open the first whom a search finds."""
    search(page)
    first = next(a for a in page.locator("main a").all() if PERSON.search(a.get_attribute("href") or ""))
    first.click()
    page.wait_for_url(PERSON)


def open_number(page: Page) -> None:
    """Open a number with a reason."""
    open_somebody(page)
    form = page.locator("form[action*='/numbers/']").first
    page.locator("details:has(form[action*='/numbers/']) summary").first.click()
    form.locator("select").select_option(index=1)
    form.locator("button").click()
    page.locator(".masked code.user-select-all").first.wait_for()


def open_journey(page: Page) -> None:
    """Open the first journey that waits for the office."""
    page.goto("/journeys/")
    next(a for a in page.locator("main a").all() if JOURNEY.search(a.get_attribute("href") or "")).click()
    page.wait_for_url(JOURNEY)


def open_paper_number(page: Page) -> None:
    """Open the number of a paper with a reason."""
    open_journey(page)
    for _ in range(2):  # the first press asks why
        with page.expect_navigation():
            page.locator("form[action*='/number/'] button, main form .form-acts button").first.click()


def step_too_early(page: Page) -> None:
    """Try a step whose turn has not come."""
    open_journey(page)
    page.goto(f"{page.url}steps/competence/do/")
    with page.expect_navigation():
        page.locator("main form .form-acts button").click()


def mistake(page: Page) -> None:
    """Hand in an empty form."""
    page.goto("/people/new/")
    with page.expect_navigation():
        page.locator("main form .form-acts button").click()


def wrong_password(page: Page) -> None:
    """Sign in with a wrong password."""
    page.goto("/account/login/")
    page.fill("[name=login]", "nobody@selaras.example")
    page.fill("[name=password]", "salah-sama-sekali")
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def verify(page: Page) -> None:
    """Prove the ledger."""
    page.goto("/ledger/")
    with page.expect_navigation():
        page.locator("form[action='/ledger/verification/'] button").click()


def refused(page: Page) -> None:
    """Ask for a page that the role may not see."""
    page.goto("/ledger/")


def handed_in_wrongly(page: Page) -> None:
    """Hand nothing in."""
    page.goto("/deliveries/hand-in/")
    with page.expect_navigation():
        page.locator("main form .form-acts button").click()


def name_the_other(page: Page) -> None:
    """Search the other record of a merge."""
    open_somebody(page)
    page.goto(page.url + "merge/")
    page.fill("[name=q]", "Wagiyem Sumarni")
    with page.expect_navigation():
        page.press("[name=q]", "Enter")


def propose_merge(page: Page) -> None:
    """Compare both records of a merge, and send the proposal without a reason."""
    name_the_other(page)
    page.locator("main table a.btn").first.click()
    page.wait_for_url("**/merge/*/")
    with page.expect_navigation():
        page.locator("main form .form-acts button").click()


def open_pair_number(page: Page) -> None:
    """Open the number of both rows of a pair with a reason."""
    page.goto("/review/next/")
    page.locator("table.compare details summary").first.click()
    page.locator("table.compare details button").first.click()
    page.locator("table.compare code.user-select-all").first.wait_for()


def open_shared_number(page: Page) -> None:
    """Open a number that the rows of many share."""
    page.goto("/runs/")
    page.locator("main table a").first.click()
    page.locator("details:has(form[action*='/shared/']) summary").first.click()
    page.locator("form[action*='/shared/'] button").first.click()
    page.locator("h1 code.user-select-all").wait_for()


def next_drawn(page: Page) -> None:
    """Read the next pair of a drawn sample."""
    page.goto("/runs/")
    page.locator("main table a").first.click()
    page.locator("main a[href$='/sample/']").click()
    page.locator("a[href$='/sample/next/']").click()
    page.wait_for_url("**/drawn/**")


def entered_wrongly(page: Page) -> None:
    """Enter an officer without anything."""
    page.goto("/officers/new/")
    with page.expect_navigation():
        page.locator("main form .form-acts button").click()
