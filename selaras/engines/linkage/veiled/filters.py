"""Letter pairs of a name in a keyed Bloom filter of its own salt, and how alike two filters are."""

from typing import Any

import numpy as np

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.texts import U8, U64, Texts, bits_set, length_of
from selaras.engines.linkage.veiled.keyed import U32, Key, digest_of
from selaras.engines.linkage.veiled.scheme import FILTER_BITS, FILTER_SETS

WIDE = FILTER_BITS // 64
_EDGE = np.uint64(1)


def fill(key: Key, domain: int, names: I32, table: I32, sounds: Texts, salt: U64, out: U64) -> None:
    """Set the bits of each row's filter: pairs of letters of how each word sounds, its ends included, with the row's salt.

    `names`: codes into `table`, -1 for none. A row without name or salt keeps an empty filter.
    """
    in_parts(
        len(out),
        lambda i, j: _fill(
            key.inner, key.outer, np.uint64(domain), names[i:j], table, sounds.letters, sounds.shape, salt[i:j], out[i:j]
        ),
        least=1 << 12,
    )


@compiled
def _fill(
    inner: U32, outer: U32, domain: Any, names: I32, table: I32, letters: U8, shape: U64, salt: U64, out: U64
) -> None:
    room, digest = np.empty(64, dtype=np.uint32), np.empty(8, dtype=np.uint32)
    for row in range(len(out)):
        name = names[row]
        if name < 0 or salt[row] == 0:
            continue
        for at in range(rc.WORDS):
            if table[name, rc.HEARD + at] < 0:
                break
            word = table[name, rc.SPELT + at]
            before = _EDGE
            for place in range(length_of(shape[word]) + 1):
                after = np.uint64(letters[word, place]) if place < length_of(shape[word]) else _EDGE
                digest_of(inner, outer, domain, salt[row], before, after, room, digest)
                _set_bits(digest, out, row)
                before = after


@compiled
def _set_bits(digest: U32, out: U64, row: int) -> None:
    """Sixteen bits of the digest choose each bit: random hashing, not two hashes summed."""
    for part in range(FILTER_SETS):
        half = digest[part >> 1] >> np.uint32(16 * (part & 1))
        bit = np.uint64(half) % np.uint64(FILTER_BITS)
        out[row, bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))


@compiled
def shared_bits(table: U64, at: int, a: int, b: int) -> tuple[int, int, int]:
    """Bits that two filters have together, and each alone."""
    both, one, two = 0, 0, 0
    for part in range(WIDE):
        x, y = table[a, at + part], table[b, at + part]
        both += _bits(x & y)
        one += _bits(x)
        two += _bits(y)
    return both, one, two


@compiled
def _bits(word: Any) -> int:
    return bits_set(np.uint32(word & np.uint64(0xFFFFFFFF))) + bits_set(np.uint32(word >> np.uint64(32)))
