"""Numbers one slip apart, seen in keyed hashes: each number with each of its signs left out.

Two numbers that differ in one sign agree when it is left out of both; two whose neighbouring signs are exchanged agree
when the same sign is left out of each; one that lost a sign is the other with that sign left out.
"""

from typing import Any

import numpy as np

from selaras.engines.linkage.compiled import compiled, in_parts
from selaras.engines.linkage.texts import U64
from selaras.engines.linkage.veiled.keyed import U32, Key, digest_of


def without_each(key: Key, domain: int, signs: U64, bits: int, salt: U64, out: U32) -> None:
    """Per number the hash without each sign, the highest first, and in the last column the hash of the whole.

    `signs`: numbers held sign by sign, `bits` each; `salt`: what the other number's owner must share for a hash to
    agree; rows without a number or a salt are left at 0.
    """
    in_parts(
        len(out),
        lambda i, j: _without_each(key.inner, key.outer, np.uint64(domain), signs[i:j], bits, salt[i:j], out[i:j]),
        least=1 << 12,
    )


@compiled
def _without_each(inner: U32, outer: U32, domain: Any, signs: U64, bits: int, salt: U64, out: U32) -> None:
    room, digest = np.empty(64, dtype=np.uint32), np.empty(8, dtype=np.uint32)
    width, places = np.uint64(bits), out.shape[1] - 1
    for row in range(len(out)):
        number = signs[row]
        if number == 0 or salt[row] == 0:
            continue
        size = np.int64(0)
        rest = number
        while rest > 0:
            rest >>= width
            size += 1
        for place in range(min(size, places)):
            below = np.uint64(size - 1 - place) * width
            left = ((number >> (below + width)) << below) | (number & ((np.uint64(1) << below) - np.uint64(1)))
            digest_of(inner, outer, domain, left, salt[row], np.uint64(size - 1), room, digest)
            out[row, place] = digest[0]
        digest_of(inner, outer, domain, number, salt[row], np.uint64(size), room, digest)
        out[row, places] = digest[0]


@compiled
def slip_place(table: U32, at: int, places: int, a: int, b: int) -> int:
    """Where two numbers of one length differ by one sign or an exchange of neighbours; `places` when one lost a sign;
    -1 when they are further apart."""
    whole_a, whole_b = table[a, at + places], table[b, at + places]
    if whole_a == 0 or whole_b == 0:
        return -1
    # One changed sign first: in a run of equal signs an exchange would be seen in an earlier place.
    for place in range(places):
        if table[a, at + place] != 0 and table[a, at + place] == table[b, at + place]:
            return place
    for place in range(places):
        one, two = table[a, at + place], table[b, at + place]
        if place + 1 < places:
            if one != 0 and one == table[b, at + place + 1]:
                return place
            if two != 0 and two == table[a, at + place + 1]:
                return place
        if one == whole_b or two == whole_a:
            return places
    return -1
