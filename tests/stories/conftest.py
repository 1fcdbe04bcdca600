"""What every story needs: the portal on a port, and a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.stories.browsing import chromium
from tests.stories.officers import Officer
from tests.stories.serving import portal


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    """Serve the portal against the tests' database."""
    with portal() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for the stories of a file."""
    with chromium() as browser:
        yield browser


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
