"""JSON Web Signatures as credentials and status lists need them: one key, one algorithm, one type; the header is never asked which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from joserfc import jws
from joserfc.errors import JoseError

from selaras.engines.passes.coding import from_text, json_bytes, read_json
from selaras.engines.passes.keys import ED25519, ES256, Key, jose_key, raw_public
from selaras.engines.reason import Unfit

LONGEST = 8 << 20  # characters
OLDER = "EdDSA"  # the name before RFC 9864, which other issuers and phones still write
NAMES = {OLDER: ED25519, ED25519: ED25519, ES256: ES256}


def signed(claims: Mapping[str, Any], key: Key, typ: str) -> str:
    """Sign claims as a compact JWS under a key."""
    header = {"alg": key.alg, "typ": typ, "kid": key.kid}
    return jws.serialize_compact(header, json_bytes(claims), jose_key(key.jwk), algorithms=[key.alg])


@dataclass(frozen=True, slots=True)
class Signed:
    """A compact JWS taken apart, not yet believed."""

    text: str
    alg: str
    typ: str
    kid: str
    claims: Mapping[str, Any]

    def is_signed_by(self, key: Key) -> bool:
        """Say whether a key signed exactly this, by that key's own algorithm."""
        return NAMES.get(self.alg) == key.alg and self.holds(key.public().jwk, self.alg)

    def holds(self, jwk: tuple[tuple[str, str], ...], alg: str) -> bool:
        """Say whether the signature holds under a public key and an algorithm."""
        try:
            if alg == OLDER:
                said, _, signature = self.text.rpartition(".")
                raw_public(jwk).verify(from_text(signature), said.encode())
            else:
                jws.deserialize_compact(self.text, jose_key(jwk), algorithms=[alg])
        except (JoseError, InvalidSignature, ValueError, TypeError, KeyError):
            return False
        return True


def take_signed(text: str) -> Signed:
    """Take a compact JWS apart without believing it; each of its parts can be written in one way only."""
    parts = text.split(".")
    if len(parts) != 3 or len(text) > LONGEST:
        raise Unfit("pass.not_a_pass")
    header, claims = (read_json(from_text(part)) for part in parts[:2])
    from_text(parts[2])
    if not isinstance(header, dict) or not isinstance(claims, dict) or "crit" in header:
        raise Unfit("pass.not_a_pass")
    alg, typ, kid = (str(header.get(name, "")) for name in ("alg", "typ", "kid"))
    if alg not in NAMES:
        raise Unfit("pass.not_a_pass")
    return Signed(text, alg, typ, kid, claims)
