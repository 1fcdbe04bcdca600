"""Bytes as text that fits into addresses and QR codes, in one way only: a text that says the same in another way is refused."""

import base64
import binascii
import json
from typing import Any

from selaras.engines.reason import Unfit


def to_text(raw: bytes) -> str:
    """Give bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """Give the bytes of a text back; spare bits that are not nothing, padding and other letters are refused."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Unfit("pass.not_a_pass") from None
    if to_text(raw) != text:
        raise Unfit("pass.not_a_pass")
    return raw


def json_bytes(value: Any) -> bytes:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def read_json(raw: bytes | str) -> Any:
    """Read JSON; a member that stands twice, and anything that is not JSON, is refused."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) != len(pairs):
            raise Unfit("pass.not_a_pass")
        return out

    try:
        value = json.loads(raw, object_pairs_hook=once)
        text = raw if isinstance(raw, str) else raw.decode()
        if "\\u" in text:  # half a character, which no page could show
            json_bytes(value)
        return value
    except (ValueError, RecursionError) as fault:
        if isinstance(fault, Unfit):
            raise
        raise Unfit("pass.not_a_pass") from None
