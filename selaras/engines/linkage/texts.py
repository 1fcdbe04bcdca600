"""Distinct texts prepared once, so that millions of pairs of them can be compared without touching a string."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

_PACKED = 16


@dataclass(frozen=True)
class Texts:
    """Texts with their lengths, the set of their letters as bits, and their first 16 letters in two whole numbers."""

    text: npt.NDArray[np.object_]
    length: npt.NDArray[np.int16]
    letters: npt.NDArray[np.uint32]
    start: npt.NDArray[np.uint64]

    @staticmethod
    def of(values: npt.NDArray[np.object_]) -> "Texts":
        """Prepare texts; letters beyond Latin count as one kind."""
        raw = [str(value).encode("ascii", "replace") for value in values]
        letters = [sum({1 << (byte & 31) for byte in word}) for word in raw]
        start = np.frombuffer(b"".join(word[:_PACKED].ljust(_PACKED, b"\0") for word in raw), dtype=">u8")
        return Texts(
            values,
            np.array([len(word) for word in raw], dtype=np.int16),
            np.array(letters, dtype=np.uint32),
            start.astype(np.uint64).reshape(-1, 2),
        )

    def begins(self, a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Whether the shorter text, one letter or at least three, begins the longer (judged on 16 letters)."""
        short = np.minimum(self.length[a], self.length[b])
        differs = self.start[a] ^ self.start[b]
        out: npt.NDArray[np.bool_] = (((differs & _MASKS[np.minimum(short, _PACKED)]) == 0).all(axis=1)) & (
            (short == 1) | (short >= 3)
        )
        return out


def _masks() -> npt.NDArray[np.uint64]:
    rows = [(b"\xff" * kept).ljust(_PACKED, b"\0") for kept in range(_PACKED + 1)]
    return np.frombuffer(b"".join(rows), dtype=">u8").astype(np.uint64).reshape(-1, 2)


_MASKS = _masks()


def few_edits(
    texts: Texts, a: npt.NDArray[Any], b: npt.NDArray[Any], more_than: int, long: int
) -> npt.NDArray[np.bool_]:
    """Whether texts are one edit apart (longer ones only: more than `more_than` letters), or two beyond `long` letters.

    An edit is a letter put in, left out, changed, or exchanged with its neighbour. Letter sets are compared first:
    two edits change at most four of them, so most pairs never reach the exact distance.
    """
    length_a, length_b = texts.length[a], texts.length[b]
    longest = np.maximum(length_a, length_b)
    allowed = np.where(longest >= long, 2, 1)
    changed = np.bitwise_count(texts.letters[a] ^ texts.letters[b])
    at = np.flatnonzero((longest > more_than) & (np.abs(length_a - length_b) <= allowed) & (changed <= 2 * allowed))
    out = np.zeros(len(a), dtype=bool)
    if len(at):
        edits = cpdist(texts.text[a[at]], texts.text[b[at]], scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
        out[at] = edits <= allowed[at]
    return out
