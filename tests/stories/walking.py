"""Walks through the portal by its own links and names every kind of page once, so that no page is forgotten."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
DOWNLOAD = re.compile(r'<a\b(?=[^>]*\bdownload\b)[^>]*?\bhref="(/[^"#]*)')
# Every step, kind of paper, party and desk has the same page with other words: one of each is looked at.
SAME = re.compile(r"(?:(?<=/add/)|(?<=/steps/)|(?<=/desk/)|(?<=/agencies/)(?!new/)|(?<=/parties/)(?!new/))[\w-]+")
# files, and pages that lead on at once
LEFT_OUT = re.compile(r"/export/|/rejects/|/static/|/review/next/|\.(csv|xlsx)")


@dataclass(frozen=True, slots=True)
class Place:
    """A page and who opens it; `kind` is its address with every id, step and kind of paper left out."""

    who: str
    path: str

    @property
    def kind(self) -> str:
        """Give the address without ids and filters."""
        return SAME.sub("one", ID.sub("id", self.path.partition("?")[0]))

    @property
    def name(self) -> str:
        """Give a name for a file."""
        parts = [p for p in self.kind.strip("/").split("/") if p] or ["front"]
        return "-".join(parts) + (f"-{self.who}" if self.who and self.kind == "/home/" else "")


def links(html: str) -> list[str]:
    """List the addresses to which a page links, files left out, in order."""
    files = set(DOWNLOAD.findall(html))
    return [unescape(a) for a in dict.fromkeys(LINK.findall(html)) if a not in files and not LEFT_OUT.search(a)]


def walk(who: str, starts: list[str], get: Callable[[str], str], seen: set[str]) -> Iterator[Place]:
    """Follow links from `starts`; yield each kind of page that nobody in `seen` opened before. `get` gives the HTML of an address."""
    waiting = list(starts)
    while waiting:
        place = Place(who, waiting.pop(0))
        mark = place.kind + (who if place.kind == "/home/" else "")
        if mark in seen:
            continue
        seen.add(mark)
        html = get(place.path)
        yield place
        waiting += links(html)
