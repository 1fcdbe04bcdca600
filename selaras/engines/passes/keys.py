"""The keys that sign cards, credentials and status lists: which of them sign, which still verify, and of which nothing holds any more.

A key is active (it signs), turned (it signs to its last day, then another does; what it signed until then holds) or retired (it may
be known to somebody who should not know it: nothing that it signed holds). Each key has one use, so that a list can never pass for
a card.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from selaras.engines.passes.coding import from_text, json_bytes, to_text
from selaras.engines.reason import Unfit

ACTIVE, TURNED, RETIRED = "active", "turned", "retired"
STATES = (ACTIVE, TURNED, RETIRED)
CARD, CREDENTIAL, STATUS = "card", "credential", "status"
USES = (CARD, CREDENTIAL, STATUS)
ED25519, ES256 = "Ed25519", "ES256"  # RFC 9864 names what was EdDSA; verifiers here read both names
KIND = {ED25519: ("OKP", "Ed25519"), ES256: ("EC", "P-256")}
PARTS = ("kty", "crv", "x", "y", "d")
SIGNS = {CARD: ED25519, STATUS: ED25519, CREDENTIAL: ES256}
"""Credentials are signed with ES256, which every telephone reads; cards and lists with Ed25519, which is short."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key with what may be done with it; `jwk` holds the secret part (d) only where it signs."""

    kid: str
    alg: str
    use: str
    state: str
    since: date
    until: date | None
    jwk: tuple[tuple[str, str], ...]

    def public(self) -> "Key":
        """Give the key without its secret part."""
        return replace(self, jwk=tuple((name, value) for name, value in self.jwk if name != "d"))

    def signs_on(self, day: date) -> bool:
        """Say whether what this key signed on a day holds."""
        return self.state != RETIRED and self.since <= day and (self.until is None or day <= self.until)


@lru_cache(maxsize=256)
def jose_key(jwk: tuple[tuple[str, str], ...]) -> OKPKey | ECKey:
    """Give the key in the form that JOSE signatures take."""
    parts: dict[str, Any] = dict(jwk)
    try:
        return OKPKey.import_key(parts) if parts.get("kty") == "OKP" else ECKey.import_key(parts)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Unfit("key.unreadable") from None


@lru_cache(maxsize=256)
def raw_public(jwk: tuple[tuple[str, str], ...]) -> Ed25519PublicKey:
    """Give an Ed25519 key in the form that verifies plain bytes."""
    return Ed25519PublicKey.from_public_bytes(from_text(dict(jwk)["x"]))


@lru_cache(maxsize=256)
def raw_private(jwk: tuple[tuple[str, str], ...]) -> Ed25519PrivateKey:
    """Give an Ed25519 key in the form that signs plain bytes."""
    return Ed25519PrivateKey.from_private_bytes(from_text(dict(jwk)["d"]))


def _kid(jwk: Mapping[str, str]) -> str:
    """Name a key by its own thumbprint (RFC 7638), cut to what a small QR code can hold."""
    known = {name: jwk[name] for name in sorted(jwk) if name in ("kty", "crv", "x", "y")}
    return to_text(sha256(json_bytes(known)).digest())[:8]


def new_key(use: str, alg: str, since: date) -> Key:
    """Make a key that signs from a day on; cards on paper take Ed25519 only, for its short signature."""
    if use not in USES or alg not in KIND or (use == CARD and alg != ED25519):
        raise Unfit("key.use", use=use, alg=alg)
    made = OKPKey.generate_key("Ed25519") if alg == ED25519 else ECKey.generate_key("P-256")
    jwk = {name: str(value) for name, value in made.as_dict(private=True).items() if name in PARTS}
    return Key(_kid(jwk), alg, use, ACTIVE, since, None, tuple(sorted(jwk.items())))


@dataclass(frozen=True, slots=True)
class Keys:
    """A set of keys, secret ones (who signs) or public ones (who verifies); `issuer` is whose credentials they vouch for, when it is said."""

    keys: tuple[Key, ...] = ()
    issuer: str = field(default="", kw_only=True)

    def find(self, kid: str) -> Key | None:
        """Give the key of a name, or None."""
        return next((key for key in self.keys if key.kid == kid), None)

    def signer(self, use: str, day: date, alg: str | None = None) -> Key:
        """Give the key that signs for a use on a day: the youngest that has begun."""
        fit = [
            key for key in self.keys
            if key.use == use and key.signs_on(day) and alg in (None, key.alg) and "d" in dict(key.jwk)
        ]  # fmt: skip
        if not fit:
            raise Unfit("key.none_signs", use=use, day=day)
        return max(fit, key=lambda key: key.since)

    def turned(self, new: Key) -> "Keys":
        """Put a new key in: from its first day on it signs, and the one before only verifies.

        With a first day that is still to come verifiers can fetch the new key before any card is signed with it.
        """
        old = (
            replace(key, state=TURNED, until=new.since) if (key.use, key.alg, key.state) == (new.use, new.alg, ACTIVE) else key
            for key in self.keys
        )  # fmt: skip
        return replace(self, keys=(*old, new))

    def retired(self, kid: str) -> "Keys":
        """Take a key's word away for ever: nothing that it signed holds."""
        if self.find(kid) is None:
            raise Unfit("key.unknown", kid=kid)
        return replace(self, keys=tuple(replace(key, state=RETIRED) if key.kid == kid else key for key in self.keys))

    def public(self) -> "Keys":
        """Give the set as verifiers get it."""
        return replace(self, keys=tuple(key.public() for key in self.keys))

    def as_json(self) -> dict[str, Any]:
        """Write the set as a JWK set with the state, use and days of each key beside it."""
        return {"keys": [_written(key) for key in self.keys]} | ({"issuer": self.issuer} if self.issuer else {})


def _written(key: Key) -> dict[str, str]:
    days = {"selaras_since": key.since.isoformat()} | ({"selaras_until": key.until.isoformat()} if key.until else {})
    return {**dict(key.jwk), "kid": key.kid, "alg": key.alg, "selaras_use": key.use, "selaras_state": key.state, **days}


def read_keys(data: Any) -> Keys:
    """Read a JWK set as `as_json` writes it; a key that is not what it says it is refuses the whole set."""
    if not isinstance(data, dict) or not isinstance(data.get("keys"), list):
        raise Unfit("keys.unreadable")
    found = [_read(raw) for raw in data["keys"]]
    _each_once(key.kid for key in found)
    return Keys(tuple(found), issuer=str(data.get("issuer", "")))


def fresh_keys(since: date) -> Keys:
    """Make one key for each use."""
    return Keys(tuple(new_key(use, alg, since) for use, alg in SIGNS.items()))


def _each_once(kids: Iterable[str]) -> None:
    seen: set[str] = set()
    for kid in kids:
        if kid in seen:
            raise Unfit("keys.twice", kid=kid)
        seen.add(kid)


def _read(raw: Any) -> Key:
    try:
        jwk = {name: str(raw[name]) for name in PARTS if name in raw}
        until = raw.get("selaras_until")
        key = Key(
            str(raw["kid"]), str(raw["alg"]), str(raw["selaras_use"]), str(raw["selaras_state"]),
            date.fromisoformat(raw["selaras_since"]), date.fromisoformat(until) if until else None, tuple(sorted(jwk.items())),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unfit("keys.unreadable") from None
    named = _kid(jwk) == key.kid
    foreign = (jwk["kty"], jwk["crv"]) != KIND.get(key.alg) or (key.use == CARD and key.alg != ED25519)
    if not named or key.state not in STATES or key.use not in USES or foreign:
        raise Unfit("keys.not_what_it_says", kid=key.kid)
    jose_key(key.jwk)
    return key
