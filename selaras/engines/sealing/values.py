"""Seals short values with AES-256-GCM and makes the keyed index by which they are found.

A sealed value is: 1 byte form (1), 2 bytes key id, 12 bytes nonce, the ciphertext with its 16-byte tag. The place where the
value belongs (table and column) is authenticated too, so that a value copied into another column does not open.
Source: NIST SP 800-38D for GCM, RFC 2104 for HMAC.
"""

import hmac
import os
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = 1
NONCE = 12


class SealBroken(ValueError):
    """A sealed value that does not open: altered, moved, or sealed under a key that is not here."""


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal_value(plain: bytes, *, key_id: int, key: bytes, place: str) -> bytes:
    """Seal bytes for one place (such as people_identifier.value) under a 32-byte key."""
    nonce = os.urandom(NONCE)
    return bytes([FORM]) + key_id.to_bytes(2, "big") + nonce + _cipher(key).encrypt(nonce, plain, place.encode())


def key_id_of(sealed: bytes) -> int:
    """Give the id of the key under which a value was sealed."""
    if len(sealed) < 3 + NONCE + 16 or sealed[0] != FORM:
        raise SealBroken("not a sealed value")
    return int.from_bytes(sealed[1:3], "big")


def open_value(sealed: bytes, *, keys: Mapping[int, bytes], place: str) -> bytes:
    """Open a sealed value for its place, or raise SealBroken."""
    key = keys.get(key_id_of(sealed))
    if key is None:
        raise SealBroken(f"key {key_id_of(sealed)} is not in the key ring")
    try:
        return _cipher(key).decrypt(sealed[3 : 3 + NONCE], sealed[3 + NONCE :], place.encode())
    except InvalidTag as fault:
        raise SealBroken("the value was altered or does not belong here") from fault


def index_of(kind: str, value: str, *, key: bytes) -> UUID:
    """Give the keyed index of a number: 128 bits of HMAC-SHA-256 over kind and value, as a UUID.

    A UUID because PostgreSQL compares it with a leakproof operator, so an index on it is used under row-level security.
    """
    digest = hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")
    return UUID(bytes=digest[:16])
