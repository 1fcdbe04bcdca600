"""Distinct texts laid out as bytes, so that compiled loops compare millions of pairs of them without touching a string."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.mixing import scramble_one
from selaras.engines.linkage.plain import bytes_of

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
# Letters kept of each text; what two texts differ in after them is not seen.
WIDTH = 24
_SET, _LETTERS = np.uint64(32), np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class Texts:
    """`letters`: texts x 24 bytes, zeros after the end; `shape`: the length (24 at most) above 32 bits for the letters
    that are there."""

    letters: U8
    shape: U64

    @staticmethod
    def of(values: pl.Series | Sequence[str]) -> "Texts":
        """Lay texts out; letters beyond ASCII fall into 128 kinds, so that names of other scripts of one length differ."""
        column = values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)
        edges, signs = bytes_of(column)
        letters = np.zeros((len(column), WIDTH), dtype=np.uint8)
        length, odd = np.minimum(np.diff(edges), WIDTH), np.zeros(len(column), dtype=np.bool_)
        _lay_out(edges, signs, letters, odd)
        for at in np.flatnonzero(odd):
            kinds = [min(c, 128 + c % 128) for c in map(ord, column[int(at)][:WIDTH])]
            letters[at], length[at] = kinds + [0] * (WIDTH - len(kinds)), len(kinds)
        shape = np.empty(len(column), dtype=np.uint64)
        _shapes(letters, length, shape)
        return Texts(letters, shape)


@compiled
def _lay_out(edges: Any, signs: U8, letters: U8, odd: Any) -> None:
    """Fill in the letters of ASCII texts and mark the others."""
    for text in range(len(odd)):
        for at in range(edges[text], edges[text + 1]):
            if signs[at] > 127:
                odd[text] = True
            elif at - edges[text] < WIDTH:
                letters[text, at - edges[text]] = signs[at]


@compiled
def _shapes(letters: U8, length: Any, shape: U64) -> None:
    """The length of each text and its letters as bits."""
    for text in range(len(shape)):
        bits = np.uint64(0)
        for at in range(WIDTH):
            letter = letters[text, at]
            if letter:
                bits |= np.uint64(1) << np.uint64(letter & 31)
        shape[text] = np.uint64(length[text]) << _SET | bits


def content_of(values: pl.Series) -> U64:
    """A number for each text that says what it says: the same in every run, whatever stands beside it."""
    edges, signs = bytes_of(values)
    out = np.empty(len(edges) - 1, dtype=np.uint64)
    _contents(edges, signs, out)
    return out


@compiled
def _contents(edges: Any, signs: U8, out: U64) -> None:
    for at in range(len(out)):
        whole = np.uint64(0)
        for sign in range(edges[at], edges[at + 1]):
            whole = scramble_one(whole ^ np.uint64(signs[sign]))
        out[at] = whole


@compiled
def length_of(shape: Any) -> int:
    """Length of a text, by its shape."""
    return int(np.int64(shape >> _SET))


@compiled
def begins(letters: U8, shape: U64, a: int, b: int) -> bool:
    """Whether the shorter of two texts, one letter or at least three, begins the longer."""
    short = min(length_of(shape[a]), length_of(shape[b]))
    if short != 1 and short < 3:
        return False
    for at in range(short):  # noqa: SIM110  a generator is slower in a compiled loop
        if letters[a, at] != letters[b, at]:
            return False
    return True


@compiled
def few_edits(letters: U8, shape: U64, a: int, b: int, more_than: int, long: int) -> bool:
    """Whether texts are one edit apart (longer ones only: more than `more_than` letters), or two from `long` letters on.

    An edit is a letter put in, left out, changed, or exchanged with its neighbour. Letter sets are compared first:
    two edits change at most four of them, so most pairs never reach the letters.
    """
    size_a, size_b = length_of(shape[a]), length_of(shape[b])
    longest = max(size_a, size_b)
    allowed = 2 if longest >= long else 1
    changed = bits_set(np.uint32((shape[a] ^ shape[b]) & _LETTERS))
    if (longest <= more_than) | (abs(size_a - size_b) > allowed) | (changed > 2 * allowed):
        return False
    return edits(letters, a, size_a, letters, b, size_b, allowed) <= allowed


@compiled
def bits_set(word: Any) -> int:
    """How many of 32 bits are set, without a branch."""
    v = np.uint32(word)
    v = np.uint32(v - ((v >> np.uint32(1)) & np.uint32(0x55555555)))
    v = np.uint32((v & np.uint32(0x33333333)) + ((v >> np.uint32(2)) & np.uint32(0x33333333)))
    v = np.uint32((v + (v >> np.uint32(4))) & np.uint32(0x0F0F0F0F))
    return int(np.int64(np.uint32(v * np.uint32(0x01010101)) >> np.uint32(24)))


@compiled
def edits(one: U8, a: int, size_a: int, two: U8, b: int, size_b: int, most: int) -> int:
    """Edits between two texts, or `most` + 1 when there are more; `most` is 1 or 2.

    Up to the first letter that differs nothing is edited; there, one of four edits must have happened, and what is
    left over is at most one edit apart. So no table of distances is needed.
    """
    if abs(size_a - size_b) > most:
        return most + 1
    at, end_a, end_b = 0, size_a, size_b
    while at < end_a and at < end_b and one[a, at] == two[b, at]:
        at += 1
    if at == end_a and at == end_b:
        return 0
    if _at_most_one(one, a, at, end_a, two, b, at, end_b):
        return 1
    if most == 1:
        return 2
    if at < end_a and at < end_b and _at_most_one(one, a, at + 1, end_a, two, b, at + 1, end_b):
        return 2
    if at < end_a and _at_most_one(one, a, at + 1, end_a, two, b, at, end_b):
        return 2
    if at < end_b and _at_most_one(one, a, at, end_a, two, b, at + 1, end_b):
        return 2
    crossed = at + 1 < end_a and at + 1 < end_b and one[a, at] == two[b, at + 1] and one[a, at + 1] == two[b, at]
    if crossed and _at_most_one(one, a, at + 2, end_a, two, b, at + 2, end_b):
        return 2
    return 3


@compiled
def _at_most_one(one: U8, a: int, start_a: int, end_a: int, two: U8, b: int, start_b: int, end_b: int) -> bool:
    """Whether what is left of two texts is at most one edit apart."""
    if abs((end_a - start_a) - (end_b - start_b)) > 1:
        return False
    while start_a < end_a and start_b < end_b and one[a, start_a] == two[b, start_b]:
        start_a += 1
        start_b += 1
    while start_a < end_a and start_b < end_b and one[a, end_a - 1] == two[b, end_b - 1]:
        end_a -= 1
        end_b -= 1
    rest_a, rest_b = end_a - start_a, end_b - start_b
    if rest_a <= 1 and rest_b <= 1:
        return True
    return (
        rest_a == 2
        and rest_b == 2
        and one[a, start_a] == two[b, start_b + 1]
        and one[a, start_a + 1] == two[b, start_b]
    )
