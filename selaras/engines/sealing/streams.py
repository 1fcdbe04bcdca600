"""Seals a stream in chunks, so that a file of any size is encrypted and read back in constant memory.

Each chunk is sealed under a key of its own file (derived with HKDF from the key ring's key and a random salt), with a nonce of
chunk number and a last-chunk mark: a chunk that is dropped, doubled, reordered or cut off does not open.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from selaras.engines.sealing.values import SealBroken

CHUNK = 256 * 1024
MAGIC = b"SLRS1"
TAG = 16


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"selaras file").derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _in_chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    rest = bytearray()
    for part in parts:
        rest += part
        while len(rest) > CHUNK:
            yield bytes(rest[:CHUNK])
            del rest[:CHUNK]
    yield bytes(rest)


def seal_stream(parts: Iterable[bytes], out: BinaryIO, *, key_id: int, key: bytes) -> None:
    """Write the sealed form of a stream of bytes."""
    salt = os.urandom(16)
    cipher = _cipher(key, salt)
    out.write(MAGIC + key_id.to_bytes(2, "big") + salt)
    held: bytes | None = None
    number = 0
    for chunk in _in_chunks(parts):
        if held is not None:
            out.write(cipher.encrypt(_nonce(number, False), held, None))
            number += 1
        held = chunk
    out.write(cipher.encrypt(_nonce(number, True), held or b"", None))


def open_stream(source: BinaryIO, *, keys: Mapping[int, bytes]) -> Iterator[bytes]:
    """Give the plain chunks of a sealed stream, or raise SealBroken."""
    head = source.read(len(MAGIC) + 18)
    if len(head) < len(MAGIC) + 18 or head[: len(MAGIC)] != MAGIC:
        raise SealBroken("not a sealed file")
    key = keys.get(int.from_bytes(head[len(MAGIC) : len(MAGIC) + 2], "big"))
    if key is None:
        raise SealBroken("the key of this file is not in the key ring")
    cipher = _cipher(key, head[len(MAGIC) + 2 :])
    number = 0
    block = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), block, None)
        except InvalidTag as fault:
            raise SealBroken("the file was altered or cut") from fault
        if not following:
            return
        block, number = following, number + 1
