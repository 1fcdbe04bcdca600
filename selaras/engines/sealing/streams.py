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
STREAM_HEAD = len(MAGIC) + 18


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"selaras file").derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class Sealer:
    """Writes the sealed form of what is written to it; nothing is whole before close()."""

    def __init__(self, out: BinaryIO, *, key_id: int, key: bytes) -> None:
        salt = os.urandom(16)
        self._cipher = _cipher(key, salt)
        self._out = out
        self._rest = bytearray()
        self._number = 0
        out.write(MAGIC + key_id.to_bytes(2, "big") + salt)

    def write(self, part: bytes) -> int:
        """Take a part of the plain stream; whole chunks are sealed at once, the last is kept back for close()."""
        self._rest += part
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(part)

    def close(self) -> None:
        """Seal the last chunk with its mark."""
        self._put(bytes(self._rest), last=True)
        self._rest.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), chunk, None))
        self._number += 1


def seal_stream(parts: Iterable[bytes], out: BinaryIO, *, key_id: int, key: bytes) -> None:
    """Write the sealed form of a stream of bytes."""
    sealer = Sealer(out, key_id=key_id, key=key)
    for part in parts:
        sealer.write(part)
    sealer.close()


def key_id_of_stream(head: bytes) -> int:
    """Give the id of the key under which a stream was sealed, from its first STREAM_HEAD bytes."""
    if len(head) < STREAM_HEAD or head[: len(MAGIC)] != MAGIC:
        raise SealBroken("not a sealed file")
    return int.from_bytes(head[len(MAGIC) : len(MAGIC) + 2], "big")


def open_stream(source: BinaryIO, *, keys: Mapping[int, bytes]) -> Iterator[bytes]:
    """Give the plain chunks of a sealed stream, or raise SealBroken."""
    head = source.read(STREAM_HEAD)
    key = keys.get(key_id_of_stream(head))
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
