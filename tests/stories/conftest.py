"""What every story needs: the portal on a port, and a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser

from tests.stories.browsing import chromium
from tests.stories.officers import Officer
from tests.stories.serving import portal
from tests.stories.villages import Village


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    """Serve the portal against the tests' database."""
    with portal() as address:
        yield address


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:
    """Start Chromium once for the stories of a file; it ends before the portal, which waits for its open connections."""
    with chromium() as browser:
        yield browser
        # While Playwright's event loop runs this thread has connections of its own, which nobody finds afterwards.
        connections.close_all()


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Callable[..., Officer]]:
    """Open screens for people; at the end none of their pages may have complained."""
    open_screens: list[Officer] = []

    def come(language: str = "en", **more: object) -> Officer:
        open_screens.append(Officer(browser, address, language, **more))
        return open_screens[-1]

    yield come
    faults = [fault for one in open_screens for fault in one.faults]
    for one in open_screens:
        one.leaves()
    assert not faults, "\n".join(faults)


@pytest.fixture
def village(browser: Browser, address: str) -> Iterator[Callable[..., Village]]:
    """Give village officers their telephones."""
    made: list[Village] = []

    def come(who: str = "village", **more: Any) -> Village:
        made.append(Village(browser, address, who, **more))
        return made[-1]

    yield come
    for one in made:
        one.leaves()
