"""A village officer's telephone, whose net comes and goes."""

import os
import re
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from selaras.ground.scope import acting
from selaras.prepare.models import Movement
from tests.cast import actor
from tests.stories.browsing import NARROW, WIDE
from tests.stories.officers import Officer
from tests.stories.wires import Wire

SHOTS = os.environ.get("SELARAS_SHOTS")
"""A folder for pictures of each page, for whoever wants to look at them."""
KEPT_HERE = """async () => {
  const base = await new Promise((good) => { const asked = indexedDB.open("selaras-queue"); asked.onsuccess = () => good(asked.result); });
  const asked = base.transaction("pages").objectStore("pages").get(location.href);
  const found = await new Promise((good) => { asked.onsuccess = () => good(Boolean(asked.result)); });
  base.close();
  return found;
}"""


class Village:
    """A village officer's telephone, and its net."""

    def __init__(self, browser: Browser, address: str, who: str = "village", language: str = "en", **more: Any) -> None:
        self.wire = Wire(address)
        self.screen = Officer(browser, self.wire.address, language, NARROW, **more).signs_in(who)
        self.page: Page = self.screen.page
        self.page.evaluate(
            "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise((good) => navigator.serviceWorker.addEventListener('controllerchange', good)))"
        )

    def net(self, there: bool) -> None:
        """Take the net away, or give it back; the browser tells its pages, the wire makes it so."""
        self.wire.mend() if there else self.wire.cut()
        self.screen.context.set_offline(not there)

    def opens(self, name: str, *args: Any) -> None:
        """Open a page."""
        self.page.goto(reverse(name, args=args))

    def keeps(self) -> None:
        """Wait until the device has kept the page that is open: that happens after it is shown."""
        self.page.wait_for_function(KEPT_HERE)

    def leaves(self) -> None:
        """Put the telephone away."""
        self.screen.leaves()
        self.wire.close()

    def writes(self, name: str) -> None:
        """Write down that somebody left."""
        self.page.check("[name=kind][value=left]")
        self.page.fill("[name=on]", timezone.localdate().isoformat())
        self.page.select_option("[name=place]", "TWN")
        self.page.select_option("[name=told_by]", "family")
        self.page.fill("[name=name]", name)

    def sends(self) -> None:
        """Press the button of the form."""
        self.page.locator("form[data-queue] .form-acts button").last.click()

    def sees(self, state: str, count: int = 1) -> None:
        """Wait until so many forms of the list are in a state."""
        found = self.page.locator("[data-queue-list] [data-state]", has_text=re.compile(rf"^{state}$"))
        expect(found).to_have_count(count)

    def shot(self, name: str) -> None:
        """Take a picture for whoever wants to look."""
        if SHOTS:
            for width, height in (WIDE, NARROW):
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.screenshot(path=Path(SHOTS) / f"queue-{name}-{width}.png", full_page=True)


def moves() -> list[str]:
    """Name who is written down as having moved."""
    with acting(actor("village")):
        return sorted(Movement.objects.values_list("person__name", flat=True))
