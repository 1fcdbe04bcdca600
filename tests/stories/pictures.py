"""Pictures of every page at two widths from a running demo: `python -m tests.stories.pictures http://localhost:8000 FOLDER [id|en] [only]`."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from playwright.sync_api import Browser

from tests.stories.browsing import NARROW, WIDE, Visitor, chromium, hurts, too_wide
from tests.stories.doings import (
    Doing,
    handed_in_wrongly,
    mistake,
    open_number,
    refused,
    search,
    verify,
    wrong_password,
)
from tests.stories.walking import Place, walk

# who walks, in this order: a page is shown as the first of them sees it
WHO = ("kemenko", "dinas", "kemlu", "penelaah", "desa", "taipei", "auditor", "admin", "p3mi")
BEFORE = ("/", "/demo/", "/account/login/", "/account/password/reset/", "/no-such-page/")
OWN = ("/account/2fa/", "/account/logout/", "/account/password/change/", "/account/2fa/totp/activate/")


def comes_in(visitor: Visitor, who: str) -> None:
    """Sign in as one of the demo's cast."""
    visitor.page.goto("/demo/")
    visitor.page.locator(f"form[action='/demo/{who}/'] button").click()
    visitor.page.wait_for_url("**/home/")


def places(browser: Browser, address: str) -> Iterator[tuple[str, list[Place]]]:
    """Name every kind of page, by who opens it."""
    seen: set[str] = set()
    visitor = Visitor(browser, address)
    yield "", list(walk("", list(BEFORE), _get(visitor), seen))
    for who in WHO:
        visitor = Visitor(browser, address)
        comes_in(visitor, who)
        starts = ["/home/", *(OWN if who == "dinas" else ())]
        if who == "dinas":
            search(visitor.page)
            starts.append(visitor.page.url.removeprefix(address))
        yield who, [p for p in walk(who, starts, _get(visitor), seen) if "/found/" not in p.path]
        visitor.leaves()


def _get(visitor: Visitor) -> Callable[[str], str]:
    return lambda path: visitor.context.request.get(path).text()


DOINGS: tuple[tuple[str, str, Doing], ...] = (
    ("people-found", "dinas", search), ("number-open", "dinas", open_number), ("people-new-mistakes", "dinas", mistake),
    ("deliveries-hand-in-wrong", "kemlu", handed_in_wrongly), ("login-wrong", "", wrong_password), ("ledger-proof", "auditor", verify), ("refused", "desa", refused),
)  # fmt: skip


@click.command()
@click.argument("address")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("language", default="id", type=click.Choice(["id", "en"]))
@click.argument("only", default="")
def main(address: str, folder: Path, language: str, only: str) -> None:
    """Take the pictures, and say what sticks out, complains or hurts."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        found = dict(places(browser, address))
        for who, theirs in found.items():
            scenes = [(p.name, _opening(p.path)) for p in theirs] + [(n, do) for n, w, do in DOINGS if w == who]
            scenes = [(name, do) for name, do in scenes if only in name]
            if scenes:
                visitor = Visitor(browser, address, language, axe=True)
                if who:
                    comes_in(visitor, who)
                for name, do in scenes:
                    click.echo(f"{who or 'visitor':10} {name}")
                    for words in _take(visitor, do, folder / name):
                        click.echo(f"           {words}")
                visitor.leaves()


def _opening(path: str) -> Doing:
    return lambda page: page.goto(path) and None


def _take(visitor: Visitor, do: Doing, target: Path) -> Iterator[str]:
    """Do it, take it at both widths, and name every fault."""
    page = visitor.page
    try:
        do(page)
    except Exception as fault:
        yield f"could not be done: {str(fault)[:300]}"
    page.wait_for_timeout(300)
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        page.screenshot(path=f"{target}-{width}.png", full_page=True)
        if wide := too_wide(page):
            yield f"{width}: {wide}"
        yield from (f"{width}: {pain}" for pain in hurts(page))
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    yield from visitor.faults
    visitor.faults.clear()


if __name__ == "__main__":
    sys.exit(main())
