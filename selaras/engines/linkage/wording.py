"""Distinct names as handed over become lists of canonical words: each distinct word is read once, rules by a loop."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from selaras.engines.linkage.coding import I32, I64, coded
from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.names import folded_name
from selaras.engines.linkage.plain import bytes_of
from selaras.engines.linkage.spelling import DEGREES, FATHER_MARKS, TITLES, canonical

# What `names.resolve` asks of a word, as bits; the words that stand for others come first in the dictionary.
_DROPPED, _DEGREE, _H_R, _I_NI, _MD, _M, _ST, _PT = (1 << k for k in range(8))
_FIXED = ("MUHAMMAD", "MADE", "SITI", "PUTU")
_MUHAMMAD, _MADE, _SITI, _PUTU = range(len(_FIXED))
U8 = npt.NDArray[np.uint8]
Bool = npt.NDArray[np.bool_]
_A, _Z, _SMALL_A, _SMALL_Z, _ZERO, _NINE, _COMMA, _SPACE, _QUOTE, _BACKTICK = (ord(sign) for sign in "AZaz09, '`")


@dataclass(frozen=True)
class Wording:
    """`ends[n]`: where the words of name n end in `words`; `words`: positions in `spelt`, the distinct canonical words."""

    ends: I64
    words: I32
    spelt: pl.Series

    def __len__(self) -> int:
        return len(self.ends)

    def texts(self) -> pl.Series:
        """Each name in capitals, today's spelling, without titles; empty for a name without words."""
        starts = np.concatenate([[0], self.ends[:-1]])
        owner = np.repeat(np.arange(len(self.ends)), self.ends - starts)
        flat = pl.DataFrame({"name": owner, "word": self.spelt.gather(self.words)})
        joined = flat.group_by("name", maintain_order=True).agg(pl.col("word").str.join(" "))
        out = pl.Series([""], dtype=pl.String).new_from_index(0, len(self.ends)) if len(self.ends) else joined["word"]
        return out.scatter(joined["name"], joined["word"]) if len(joined) else out


def wording_of(values: pl.Series) -> Wording:
    """Read distinct names; see `names.name_words`, which reads one."""
    edges, signs = bytes_of(values)
    odd = np.ones(len(values), dtype=np.bool_)
    _odd(edges, signs, odd)
    at = np.flatnonzero(odd)
    if len(at):
        folded = [folded_name(text) if text else "" for text in values.gather(at)]
        edges, signs = bytes_of(values.clone().scatter(at, pl.Series(folded, dtype=pl.String)))
    ends = np.empty(len(values), dtype=np.int64)
    letters, stops = np.empty(len(signs), dtype=np.uint8), np.empty(len(signs) + 1, dtype=np.int64)
    count, size = _words(edges, signs, odd, letters, stops, ends)
    flat = coded(_texts(stops[: count + 1], letters[:size]))
    given = flat.values.to_list()
    kind = np.array([_kind(word) for word in given], dtype=np.uint8)
    spelt = coded(pl.Series([*_FIXED, *(canonical(word) for word in given)], dtype=pl.String))
    out, out_ends = np.empty(len(flat.codes), dtype=np.int32), np.empty(len(ends), dtype=np.int64)
    size = _resolve(ends, flat.codes, kind, spelt.codes, len(_FIXED), out, out_ends)
    return Wording(out_ends, out[:size].copy(), spelt.values)


def _texts(edges: I64, signs: U8) -> pl.Series:
    """Texts by the places in the bytes of all where each begins, and where the last ends."""
    buffers = [None, pa.py_buffer(edges), pa.py_buffer(signs)]
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.large_string(), len(edges) - 1, buffers)))


@compiled
def _odd(edges: I64, signs: U8, odd: Bool) -> None:
    """Unmark what is plain: ASCII without digits and commas."""
    for name in range(len(odd)):
        plain = True
        for at in range(edges[name], edges[name + 1]):
            sign = signs[at]
            plain &= (sign < 128) & ((sign < _ZERO) | (sign > _NINE)) & (sign != _COMMA)
        odd[name] = not plain


@compiled
def _words(edges: I64, signs: U8, odd: Bool, letters: U8, stops: I64, ends: I64) -> tuple[int, int]:
    """Split names into words in capitals: the bytes of all words, where each stops, and the last word of each name.

    In a plain name whatever is no letter parts two words, but for quotes, which are left out; odd ones are in capitals and spaces
    already. Gives the number of words and of bytes.
    """
    count, size = 0, 0
    stops[0] = 0
    for name in range(len(ends)):
        for at in range(edges[name], edges[name + 1]):
            sign = signs[at]
            if _SMALL_A <= sign <= _SMALL_Z and not odd[name]:
                sign -= np.uint8(_SMALL_A - _A)
            if sign != _SPACE if odd[name] else _A <= sign <= _Z:
                letters[size] = sign
                size += 1
            elif (odd[name] or (sign != _QUOTE and sign != _BACKTICK)) and size > stops[count]:
                count += 1
                stops[count] = size
        if size > stops[count]:
            count += 1
            stops[count] = size
        ends[name] = count
    return count, size


def _kind(word: str) -> int:
    return (
        (word in TITLES or word in FATHER_MARKS) * _DROPPED
        | (word in DEGREES) * _DEGREE
        | (word in {"H", "R"}) * _H_R
        | (word in {"I", "NI"}) * _I_NI
        | (word == "MD") * _MD
        | (word == "M") * _M
        | (word == "ST") * _ST
        | (word == "PT") * _PT
    )


@compiled
def _resolve(ends: I64, words: I32, kind: Any, spelt: I32, fixed: int, out: I32, out_ends: I64) -> int:
    """The rules of `names.resolve` on codes; gives the number of words kept."""
    start, size = 0, 0
    for name in range(len(ends)):
        stop = ends[name]
        balinese, kept = False, 0
        for at in range(start, stop):
            word = words[at]
            if word < 0:
                continue
            first, more, its = kept == 0, at < stop - 1, kind[word]
            if its & _DROPPED or (its & _DEGREE and not more and kept > 1) or (its & _H_R and first and more):
                continue
            if its & _I_NI and first and more:
                balinese = True
                continue
            code = spelt[fixed + word]
            if its & _MD:
                code = spelt[_MADE] if balinese else spelt[_MUHAMMAD]
            elif its & _M and first and more:
                code = spelt[_MUHAMMAD]
            elif its & _ST and first and more:
                code = spelt[_SITI]
            elif its & _PT and balinese:
                code = spelt[_PUTU]
            out[size + kept] = code
            kept += 1
        if kept == 0:
            for at in range(start, stop):
                if words[at] >= 0:
                    out[size + kept] = spelt[fixed + words[at]]
                    kept += 1
        size += kept
        out_ends[name] = size
        start = stop
    return size
