"""The card on the phone: an SD-JWT verifiable credential, of which the holder shows what she wants and proves that it is her phone.

Each statement stands in the credential as a salted digest only; whoever presents hands over the statements (disclosures) that she
chose, and signs the verifier's own question (nonce) with the key that the credential was bound to. Form: RFC 9901 (SD-JWT) and the
SD-JWT VC draft, type dc+sd-jwt.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from selaras.engines.passes.coding import from_text, json_bytes, read_json, to_text
from selaras.engines.passes.jose import NAMES, Signed, signed, take_signed
from selaras.engines.passes.keys import CREDENTIAL, KIND, PARTS, Key
from selaras.engines.reason import Unfit

E_KPMI = "urn:selaras:e-kpmi:1"
"""The kind of credential (vct) that is a migrant worker's card; whatever else a key signed is none."""
TYPE, TYPES = "dc+sd-jwt", ("dc+sd-jwt", "vc+sd-jwt")
PROOF = "kb+jwt"
HASH = "sha-256"
# What stands open in the credential and can be neither hidden nor said by a disclosure.
OPEN = frozenset({"iss", "vct", "iat", "nbf", "exp", "cnf", "status", "_sd", "_sd_alg", "..."})
MOST = 64  # statements


def digest_of(text: str) -> str:
    """Give the digest by which a credential stands for a text."""
    return to_text(sha256(text.encode("ascii")).digest())


def _salt() -> str:
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Bound:
    """What stands open in a credential: who issued which kind, the days between which it holds, its place in which status list."""

    issuer: str
    kind: str
    issued: datetime
    since: datetime
    until: datetime
    status_list: str
    status_index: int


def issue(
    said: Mapping[str, Any], bound: Bound, holder: Mapping[str, str] | None, key: Key, *, decoys: int = 4, salt: Callable[[], str] = _salt
) -> str:  # fmt: skip
    """Issue a credential of what is said, bound to the public key of the holder's phone; without one, to whoever has the text.

    The day of issue is written without its hour, and digests of nothing are mixed in, so that neither tells credentials apart.
    """
    if key.use != CREDENTIAL or not key.signs_on(bound.issued.date()):
        raise Unfit("key.use", use=key.use, alg=key.alg)
    if strange := sorted(OPEN & set(said)):
        raise Unfit("credential.field", field=strange[0])
    if not said or len(said) > MOST or bound.until <= bound.since:
        raise Unfit("credential.field", field="until" if said and len(said) <= MOST else "said")
    jwk = {name: holder[name] for name in PARTS if name in holder and name != "d"} if holder else {}
    if holder is not None and (jwk.get("kty"), jwk.get("crv")) not in KIND.values():
        raise Unfit("credential.holder_key")
    disclosures = [to_text(json_bytes([salt(), name, value])) for name, value in said.items()]
    digests = sorted([*(digest_of(one) for one in disclosures), *(digest_of(salt()) for _ in range(decoys))])
    day = bound.issued.replace(hour=0, minute=0, second=0, microsecond=0)
    claims = {
        "iss": bound.issuer, "vct": bound.kind, "iat": int(day.timestamp()), "nbf": int(bound.since.timestamp()),
        "exp": int(bound.until.timestamp()), **({"cnf": {"jwk": jwk}} if jwk else {}), "_sd": digests, "_sd_alg": HASH,
        "status": {"status_list": {"idx": bound.status_index, "uri": bound.status_list}},
    }  # fmt: skip
    return "~".join([signed(claims, key, TYPE), *disclosures, ""])


def present(credential: str, show: Collection[str], holder: Key, *, audience: str, nonce: str, at: datetime) -> str:
    """Show chosen statements of a credential to one verifier, who asked with a nonce; the holder's key signs."""
    shown = chosen(credential, show)
    proof = {"iat": int(at.timestamp()), "aud": audience, "nonce": nonce, "sd_hash": digest_of(shown)}
    return shown + signed(proof, holder, PROOF)


def chosen(credential: str, show: Collection[str]) -> str:
    """Leave of a credential only the statements that are to be shown; the signature holds as before."""
    jwt, *disclosures, _ = credential.split("~")
    names = {one: _disclosed(one)[0] for one in disclosures}
    if strange := sorted(set(show) - set(names.values())):
        raise Unfit("credential.field", field=strange[0])
    return "~".join([jwt, *(one for one in disclosures if names[one] in show), ""])


def statements(credential: str) -> dict[str, Any]:
    """Give every statement that a credential can disclose, for its holder."""
    return dict(_disclosed(one) for one in credential.split("~")[1:-1])


def _disclosed(text: str) -> tuple[str, Any]:
    parts = read_json(from_text(text))
    if not isinstance(parts, list) or len(parts) != 3 or not isinstance(parts[0], str) or not isinstance(parts[1], str):
        raise Unfit("pass.not_a_pass")
    return parts[1], parts[2]


@dataclass(frozen=True, slots=True)
class Presented:
    """A presentation taken apart, not yet believed."""

    jwt: Signed
    disclosures: Sequence[str]
    proof: Signed | None
    hashed: str

    def said(self) -> dict[str, Any]:
        """Give what is disclosed; call it when the signature holds. Whatever the credential has no digest of is refused."""
        digests = self.jwt.claims.get("_sd", [])
        if self.jwt.claims.get("_sd_alg", HASH) != HASH or not isinstance(digests, list):
            raise Unfit("pass.not_a_pass")
        out: dict[str, Any] = {}
        used: set[str] = set()
        for one in self.disclosures:
            name, value = _disclosed(one)
            digest = digest_of(one)
            if digests.count(digest) != 1 or digest in used or name in out or name in OPEN or name in self.jwt.claims:
                raise Unfit("pass.altered")
            used.add(digest)
            out[name] = value
        return out

    def wrong_proof(self, audience: str | None, nonce: str | None, now: datetime, within: int) -> str | None:
        """Say why the proof that it is the holder's phone does not hold, or None; call it only when there is a proof."""
        if self.proof is None:
            return "none"
        confirmed = self.jwt.claims.get("cnf")
        jwk = confirmed.get("jwk") if isinstance(confirmed, dict) else None
        if not isinstance(jwk, dict):
            return "no_key"
        key = tuple(sorted((name, str(jwk[name])) for name in PARTS if name in jwk and name != "d"))
        kind = KIND.get(NAMES[self.proof.alg])
        if self.proof.typ != PROOF or kind != (jwk.get("kty"), jwk.get("crv")) or not self.proof.holds(key, self.proof.alg):
            return "signature"
        claims = self.proof.claims
        if claims.get("sd_hash") != self.hashed:
            return "other_statements"
        if audience is not None and claims.get("aud") != audience:
            return "audience"
        if nonce is not None and claims.get("nonce") != nonce:
            return "nonce"
        made = claims.get("iat")
        if nonce is not None and (type(made) is not int or abs(now.timestamp() - made) > within):
            return "time"
        return None


def take_presented(text: str) -> Presented:
    """Read a presentation (or a whole credential) without believing it."""
    jwt, *rest = text.strip().split("~")
    if not rest or len(rest) > MOST + 1:
        raise Unfit("pass.not_a_pass")
    *disclosures, proof = rest
    if not all(one.isascii() for one in disclosures):
        raise Unfit("pass.not_a_pass")
    hashed = digest_of("~".join([jwt, *disclosures, ""])) if jwt.isascii() else ""
    return Presented(take_signed(jwt), disclosures, take_signed(proof) if proof else None, hashed)
