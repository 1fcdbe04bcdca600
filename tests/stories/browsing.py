"""People in front of a browser: each visitor has cookies, a language and a screen of her own, and notes every fault of a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

AXE = Path(__file__).parents[2] / "selaras" / "doors" / "assets" / "vendor" / "axe.min.js"
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--disable-extensions", "--mute-audio",
)  # fmt: skip
WIDE, NARROW = (1280, 900), (360, 740)
HARMFUL = ("serious", "critical")
PATIENCE = 60_000
"""Milliseconds after which a wait is given up: only a ceiling, so that a busy machine does not look like a fault. It is longer than the
twenty seconds after which a page tries to send again what waits."""
expect.set_options(timeout=PATIENCE)


def executable() -> str:
    """Give the browser: SELARAS_BROWSER, or Chromium where Debian puts it."""
    found = os.environ.get("SELARAS_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise RuntimeError("no browser: install Chromium or set SELARAS_BROWSER (see .ci/browser)")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser without a window; end it afterwards."""
    # Chromium refuses its own sandbox to root, as which containers run.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable(), headless=True, args=flags, timeout=3 * PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One person at one screen; `faults` holds what the console, the content policy and the network complained of."""

    def __init__(
        self, browser: Browser, address: str, language: str = "en", size: tuple[int, int] = WIDE, *, scripts: bool = True, axe: bool = False
    ) -> None:
        self.address, self.language = address, language
        self.faults: list[str] = []
        # The content policy of our pages rightly keeps axe out: only a visitor who carries it goes round the policy.
        self.context: BrowserContext = browser.new_context(
            base_url=address, locale={"id": "id-ID", "en": "en-GB"}[language], viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts, bypass_csp=axe, reduced_motion="reduce", accept_downloads=True,
            timezone_id="Asia/Jakarta",
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda fault: self._note(f"script: {fault}"))
        self.page.on("requestfailed", lambda request: self._note_request(request))

    def _heard(self, message: Any) -> None:
        # That a page answered 403, 404 or 422 is what the visitor wanted to see; a file that is missing is a fault.
        answered = "the server responded with a status of 4" in message.text and message.location["url"] == self.page.url
        if message.type in ("error", "warning") and not answered:
            self._note(f"console {message.type}: {message.text}")

    def _note_request(self, request: Any) -> None:
        # a page left before its picture came, and a download, are no faults
        if "ERR_ABORTED" not in (request.failure or ""):
            self._note(f"request: {request.failure}")

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.page.url.removeprefix(self.address)}: {fault}")

    def carries(self, name: str, value: str) -> None:
        """Take a cookie along."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def leads(self, what: str | Locator) -> None:
        """Press what leads to another page, and wait until that is there: what is read next is not the page before, or half of the new one."""
        with self.page.expect_navigation():
            (self.page.locator(what).first if isinstance(what, str) else what).click()

    def reads(self) -> str:
        """Give the text of the page as it is seen."""
        self.page.wait_for_load_state()
        return " ".join(self.page.locator("body").inner_text().split())

    def answer(self) -> str:
        """Give the first line of the page."""
        self.page.wait_for_load_state()
        return " ".join(self.page.locator("h1").first.inner_text().split())

    def leaves(self) -> None:
        """Close the screen."""
        self.context.close()


def too_wide(page: Page) -> str:
    """Name what sticks out at the right of the screen; nothing when the page fits."""
    return page.evaluate(
        """() => {
          const screen = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= screen) return "";
          const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > screen + 1);
          const names = out.slice(-3).map((e) => e.tagName.toLowerCase() + (e.className ? "." + e.className : ""));
          return `${document.documentElement.scrollWidth} px wide: ${names.join(", ")}`;
        }"""
    )


def first_content(page: Page, path: str, most: int) -> list[int]:
    """Give after how many milliseconds the first content of a page stood there; a busy machine gets three tries to do it in `most`."""
    told = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    tries: list[int] = []
    while not tries or (tries[-1] > most and len(tries) < 3):
        page.goto(path, wait_until="networkidle")
        page.wait_for_function(told)
        tries.append(round(page.evaluate(told)))
    return tries


def hurts(page: Page) -> list[str]:
    """Ask axe-core what is seriously or critically wrong for people with a disability."""
    page.wait_for_load_state()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], elementRef: false})")
    return [
        f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} places) {v['nodes'][0].get('failureSummary', '')[:200]}"
        for v in found["violations"]
        if v["impact"] in HARMFUL
    ]
