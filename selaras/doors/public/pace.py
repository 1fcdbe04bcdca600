"""How often one address may ask the public door: counted in this process's memory only, under a mark that nobody can turn back.

The mark is a keyed hash whose key is made at start and every hour anew, and is never written anywhere. Nothing of who asked, or of
what was asked, is kept: not in the database, not in a log. The allowance is wide, because a whole
village, or all telephones of a network, may share one address.
"""

import functools
import hashlib
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PER_MINUTE = 600
HOUR = 3600.0
MOST = 50_000
"""So many addresses are counted at once; beyond it counting begins anew rather than filling the memory."""


class Pace:
    """Counts questions by minute for addresses that it cannot name."""

    def __init__(self, per_minute: int = PER_MINUTE, now: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self._now = per_minute, now
        self._lock = threading.Lock()
        self._key, self._made, self._minute = secrets.token_bytes(32), now(), 0
        self._counts: dict[bytes, int] = {}

    def too_often(self, address: str) -> bool:
        """Count one question; say whether it is one too many in this minute."""
        now = self._now()
        with self._lock:
            if now - self._made > HOUR:
                self._key, self._made = secrets.token_bytes(32), now
            minute = int(now // 60)
            if minute != self._minute or len(self._counts) > MOST:
                self._minute, self._counts = minute, {}
            mark = hashlib.blake2b(_home(address).encode(), key=self._key, digest_size=16).digest()
            count = self._counts[mark] = self._counts.get(mark, 0) + 1
            return count > self.per_minute


def _home(address: str) -> str:
    """Give the part of an address that one connection has to itself: of a long one (IPv6) its network, for each holds billions."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address


PACE = Pace()


def address_of(request: HttpRequest) -> str:
    """Give the address that asks; behind a proxy, the one that the proxy itself saw."""
    if settings.SELARAS_BEHIND_PROXY:
        told: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if told:
            return told.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def paced(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page be asked only so often from one address; answer 429 with what to do beyond it."""

    @functools.wraps(page)
    def paced_page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if PACE.too_often(address_of(request)):
            response = render(request, "public/too_often.html", status=429)
            response["Retry-After"] = "60"
            return response
        return page(request, *args, **kwargs)

    return paced_page
