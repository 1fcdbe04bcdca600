"""What stands on disk says nothing without the key: records and texts are enciphered, block values keyed and permuted."""

import hashlib
import hmac
import os
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.mixing import U64

_LEAST_KEY = 16
_BLOCK = 16
_NONCE, _TAG = 12, 16
_ROUNDS = 6
_CHUNK = 1 << 18
_U = np.uint64


class WrongKey(ValueError):
    """The key does not open this index, or somebody changed what stands in it."""

    def __init__(self) -> None:
        super().__init__("The key does not open this index, or the index was changed by somebody else.")


class Keys:
    """All keys of an index, made from the caller's secret and the salt of the index."""

    def __init__(self, secret: bytes, salt: bytes) -> None:
        if len(secret) < _LEAST_KEY:
            raise ValueError(f"The key of an index has at least {_LEAST_KEY} bytes.")
        self._root = hashlib.blake2b(salt, key=hashlib.blake2b(secret, digest_size=64).digest(), digest_size=64).digest()
        self.block = np.frombuffer(self._made("block", 16), dtype=np.uint64)
        self.id = np.frombuffer(self._made("id", 16), dtype=np.uint64)

    def _made(self, purpose: str, size: int) -> bytes:
        return hashlib.blake2b(purpose.encode(), key=self._root, digest_size=size).digest()

    def tag(self, content: bytes) -> str:
        """A tag that nobody makes without the key."""
        return hmac.new(self._made("tag", 32), content, hashlib.sha256).hexdigest()

    def seal(self, content: bytes, name: str) -> bytes:
        """Encipher a whole file; `name` is bound to it."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._made("file", 32)).encrypt(nonce, content, name.encode())

    def open(self, path: Path, name: str) -> memoryview:
        """Read a file that `seal` made; raises `WrongKey`. A nation's ids are read where they lie and written once."""
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as sealed, memoryview(sealed) as held:
            out = np.empty(max(len(held) - _NONCE - _TAG, 0), dtype=np.uint8)
            try:
                AESGCM(self._made("file", 32)).decrypt_into(held[:_NONCE], held[_NONCE:], name.encode(), out.data)
            except InvalidTag:
                raise WrongKey from None
        return out.data

    def cover(self, records: npt.NDArray[Any], places: npt.NDArray[Any], series: str) -> npt.NDArray[Any]:
        """Encipher or decipher records (of whole blocks of 16 bytes) by their places in a series written once (AES-CTR)."""
        blocks = records.dtype.itemsize // _BLOCK
        out = np.empty(len(records), dtype=records.dtype)
        # A series has a key of its own, so that no counter is used twice; the counters are enciphered here and not by a
        # mode of the library because any record must open without those before it.
        encipher = Cipher(AES(self._made("rows " + series, 32)), ECB()).encryptor()  # noqa: S305
        for start in range(0, len(records), _CHUNK):
            part = slice(start, start + _CHUNK)
            own = np.asarray(places[part], dtype=np.uint64)
            counters = np.zeros((len(own), blocks, 2), dtype=np.uint64)
            counters[:, :, 1] = own[:, None] * _U(blocks) + np.arange(blocks, dtype=np.uint64)
            stream = np.frombuffer(encipher.update(counters.tobytes()), dtype=np.uint64)
            out[part] = (np.ascontiguousarray(records[part]).view(np.uint64) ^ stream).view(records.dtype)
        return out


def permuted(values: U64, width: int, section: int, key: U64) -> U64:
    """Values below 2^width, each exchanged for another by a keyed bijection: equal stay equal, others stay others."""
    out = np.empty(len(values), dtype=np.uint64)
    in_parts(len(values), lambda i, j: _permute(values[i:j], width, section, key[0], key[1], out[i:j]), least=1 << 18)
    return out


@compiled
def _permute(values: U64, width: int, section: int, key_0: Any, key_1: Any, out: U64) -> None:
    """A Feistel network over two halves whose rounds are SipHash-2-4."""
    low_bits = width // 2
    low_mask, high_mask = (_U(1) << _U(low_bits)) - _U(1), (_U(1) << _U(width - low_bits)) - _U(1)
    for at in range(len(values)):
        low, high = values[at] & low_mask, values[at] >> _U(low_bits)
        for turn in range(_ROUNDS):
            mark = _U(section << 40 | turn << 48)
            if turn % 2:
                low ^= siphash_word((high & high_mask) | mark, key_0, key_1) & low_mask
            else:
                high ^= siphash_word(low | mark, key_0, key_1) & high_mask
        out[at] = high << _U(low_bits) | low


@compiled
def _turned(value: Any, by: int) -> Any:
    return value << _U(by) | value >> _U(64 - by)


@compiled
def _sip(a: Any, b: Any, c: Any, d: Any, times: int) -> tuple[Any, Any, Any, Any]:
    for _ in range(times):
        a += b
        c += d
        b = _turned(b, 13) ^ a
        d = _turned(d, 16) ^ c
        a = _turned(a, 32)
        c += b
        a += d
        b = _turned(b, 17) ^ c
        d = _turned(d, 21) ^ a
        c = _turned(c, 32)
    return a, b, c, d


@compiled
def siphash_word(word: Any, key_0: Any, key_1: Any) -> Any:
    """SipHash-2-4 of eight bytes."""
    a, b = key_0 ^ _U(0x736F6D6570736575), key_1 ^ _U(0x646F72616E646F6D)
    c, d = key_0 ^ _U(0x6C7967656E657261), key_1 ^ _U(0x7465646279746573)
    a, b, c, d = _sip(a, b, c, d ^ word, 2)
    a ^= word
    last = _U(8) << _U(56)
    a, b, c, d = _sip(a, b, c, d ^ last, 2)
    a ^= last
    a, b, c, d = _sip(a, b, c ^ _U(0xFF), d, 4)
    return a ^ b ^ c ^ d


def hashed_ids(ids: Any, source: int, key: U64) -> U64:
    """A keyed number for each row id of a source."""
    out = np.empty(len(ids), dtype=np.uint64)
    if len(ids):
        _, ends, signs = ids.buffers()
        edges = np.frombuffer(ends, dtype=np.int64)[ids.offset : ids.offset + len(ids) + 1]
        _hash_texts(edges, np.frombuffer(signs or b"", dtype=np.uint8), source, key[0], key[1], out)
    return out


@compiled
def _hash_texts(edges: Any, signs: Any, source: int, key_0: Any, key_1: Any, out: U64) -> None:
    """A chain of SipHash over the signs, seven at a time, and how many they are."""
    for at in range(len(out)):
        whole = siphash_word(_U(source) << _U(32) | _U(edges[at + 1] - edges[at]), key_0, key_1)
        word, count = _U(0), 0
        for sign in range(edges[at], edges[at + 1]):
            word = word << _U(8) | _U(signs[sign])
            count += 1
            if count == 7:
                whole = siphash_word(whole ^ word, key_0, key_1)
                word, count = _U(0), 0
        out[at] = siphash_word(whole ^ word, key_0, key_1)
