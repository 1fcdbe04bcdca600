"""Which cards were revoked or suspended: two bits a card in a compressed, signed and dated list, as the IETF's Token Status List has it.

A verifier keeps whole lists, so nobody learns whose card it looks at. Places in a list are drawn by chance when a card is issued, so
that they say nothing of who was issued when.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from selaras.engines.passes.coding import from_text, to_text
from selaras.engines.passes.jose import signed, take_signed
from selaras.engines.passes.keys import STATUS, Key, Keys
from selaras.engines.reason import Reason, Unfit

VALID, REVOKED, SUSPENDED = 0, 1, 2
SIZE = 131_072  # places in one list: 32 KiB before it is compressed
LARGEST = 1 << 22  # bytes of an opened list; more is meant to fill a memory
TYPE = "statuslist+jwt"


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list as it was signed: its name, when it was made, when the next is due, and two bits a place."""

    name: str
    made: datetime
    next: datetime
    bits: bytes
    kid: str = ""

    @property
    def short(self) -> str:
        """Give the last part of its name, which cards carry."""
        return self.name.rpartition("/")[2]

    def at(self, index: int) -> int | None:
        """Give the state of one place, or None beyond the end."""
        byte, place = divmod(index, 4)
        return self.bits[byte] >> 2 * place & 3 if index >= 0 and byte < len(self.bits) else None


def pack(states: Mapping[int, int], size: int = SIZE) -> bytes:
    """Write states into two bits each, the first place lowest in its byte; places not named are valid."""
    out = bytearray((size + 3) // 4)
    for index, state in states.items():
        if not 0 <= index < size or state not in (VALID, REVOKED, SUSPENDED):
            raise Unfit("status.place", index=index, state=state)
        byte, place = divmod(index, 4)
        out[byte] |= state << 2 * place
    return bytes(out)


def sign_list(found: StatusList, key: Key) -> str:
    """Sign a list."""
    if key.use != STATUS or not key.signs_on(found.made.astimezone(UTC).date()):
        raise Unfit("key.use", use=key.use, alg=key.alg)
    made, following = int(found.made.timestamp()), int(found.next.timestamp())
    if following <= made:
        raise Unfit("status.next_before_made")
    body = {"bits": 2, "lst": to_text(zlib.compress(found.bits, 9))}
    claims = {"sub": found.name, "iat": made, "exp": following, "ttl": following - made, "status_list": body}
    return signed(claims, key, TYPE)


def read_list(text: str, keys: Keys) -> StatusList | Reason:
    """Give a list that a key of the set vouches for, or why it cannot be believed."""
    try:
        token = take_signed(text)
        if token.typ != TYPE:
            return Reason("pass.list_untrusted", {"why": "not_a_list"})
        key = keys.find(token.kid)
        if key is None or key.use != STATUS:
            return Reason("pass.list_untrusted", {"why": "key_unknown"})
        if not token.is_signed_by(key):
            return Reason("pass.list_untrusted", {"why": "altered"})
        found = _opened(token.claims, key.kid)
        if not key.signs_on(found.made.date()):
            return Reason("pass.list_untrusted", {"why": "key_retired"})
        return found
    except (Unfit, KeyError, TypeError, ValueError, OverflowError, AttributeError, zlib.error):
        return Reason("pass.list_untrusted", {"why": "not_a_list"})


def _opened(claims: Mapping[str, object], kid: str) -> StatusList:
    body = claims["status_list"]
    if not isinstance(body, dict) or body["bits"] != 2:
        raise Unfit("status.bits")
    opener = zlib.decompressobj()
    bits = opener.decompress(from_text(body["lst"]), LARGEST)
    if opener.unconsumed_tail or not opener.eof or opener.unused_data:
        raise Unfit("status.size")
    made, following = (_moment(claims[name]) for name in ("iat", "exp"))
    return StatusList(str(claims["sub"]), made, following, bits, kid)


def _moment(value: object) -> datetime:
    if type(value) is not int:
        raise Unfit("status.moment")
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=value)
