"""The plain forms of numbers, as nearly all are written, read by compiled loops straight from the bytes of a column."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.compiled import compiled

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
U8 = npt.NDArray[np.uint8]
Bool = npt.NDArray[np.bool_]

# A passport as a whole number: six bits a sign, ten signs at most.
BITS, PLACES = 6, 10
_ZERO, _NINE, _A, _Z, _SMALL_A, _SMALL_Z = (ord(sign) for sign in "09AZaz")
_SPACE, _PLUS = ord(" "), ord("+")
# Second letters of passports of the republic; other letters there are digits mistyped, which is read elsewhere.
_SECOND = np.zeros(256, dtype=np.bool_)
_SECOND[[ord(letter) for letter in "ACDEFH"]] = True


def bytes_of(column: pl.Series) -> tuple[I64, U8]:
    """Where each text begins in the bytes of all (and where the last ends), and the bytes; a missing text is empty."""
    # Under a missing cell Arrow may hold any bytes.
    text = column.cast(pl.String).fill_null("").rechunk().to_arrow()
    if not len(text):
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    _, ends, signs = text.buffers()
    edges = np.frombuffer(ends, dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    return edges, np.frombuffer(signs or b"", dtype=np.uint8)


def plain_niks(column: pl.Series) -> tuple[I64, Bool]:
    """Texts of sixteen digits as whole numbers, 0 for others, and which texts are such."""
    edges, signs = bytes_of(column)
    number, plain = np.zeros(len(edges) - 1, dtype=np.int64), np.zeros(len(edges) - 1, dtype=np.bool_)
    _niks(edges, signs, number, plain)
    return number, plain


def plain_passports(column: pl.Series) -> tuple[U64, Bool]:
    """One or two letters and six to eight digits, packed as `numbers.packed_signs` does (0 for one sign repeated and for
    keys in their order), and which texts have that form."""
    edges, signs = bytes_of(column)
    packed, plain = np.zeros(len(edges) - 1, dtype=np.uint64), np.zeros(len(edges) - 1, dtype=np.bool_)
    _passports(edges, signs, packed, plain)
    return packed, plain


def plain_phones(column: pl.Series) -> tuple[I64, Bool]:
    """Numbers such as 0812… and +6281… as whole numbers with their country code, and which texts have that form."""
    edges, signs = bytes_of(column)
    number, plain = np.zeros(len(edges) - 1, dtype=np.int64), np.zeros(len(edges) - 1, dtype=np.bool_)
    _phones(edges, signs, number, plain)
    return number, plain


@compiled
def _niks(edges: I64, signs: U8, number: I64, plain: Bool) -> None:
    for row in range(len(number)):
        start, stop = edges[row], edges[row + 1]
        if stop - start != 16:
            continue
        whole: Any = 0
        good: Any = True
        for at in range(start, stop):
            sign = np.int64(signs[at])
            good &= (sign >= _ZERO) & (sign <= _NINE)
            whole = whole * 10 + sign - _ZERO
        if good:
            number[row], plain[row] = whole, True


@compiled
def _passports(edges: I64, signs: U8, packed: U64, plain: Bool) -> None:
    for row in range(len(packed)):
        letters, digits, alike, good = 0, 0, True, True
        whole: Any = np.uint64(0)
        tail: Any = 0
        first: Any = -1
        for at in range(edges[row], edges[row + 1]):
            sign: Any = np.int64(signs[at])
            if sign == _SPACE:
                continue
            if _SMALL_A <= sign <= _SMALL_Z:
                sign -= _SMALL_A - _A
            if _ZERO <= sign <= _NINE:
                digit = sign - _ZERO
                first = digit if digits == 0 else first
                alike &= digit == first
                digits += 1
                tail = tail * 10 + digit
                code = digit + 1
            elif _A <= sign <= _Z and digits == 0 and (letters == 0 or (letters == 1 and _SECOND[sign])):
                letters += 1
                code = sign - _A + 11
            else:
                good = False
                break
            whole = whole << np.uint64(BITS) | np.uint64(code)
            if digits > 8:
                good = False
                break
        if not good or letters == 0 or digits < 6:
            continue
        plain[row] = True
        packed[row] = np.uint64(0) if alike or _in_order(tail, digits) else whole


@compiled
def _in_order(tail: int, digits: int) -> bool:
    """Whether digits are keys pressed one after another."""
    return (digits == 6 and (tail == 123456 or tail == 654321)) or (digits == 7 and (tail == 1234567 or tail == 7654321))


@compiled
def _phones(edges: I64, signs: U8, number: I64, plain: Bool) -> None:
    for row in range(len(number)):
        start, stop = edges[row], edges[row + 1]
        if stop - start < 10:
            continue
        abroad = signs[start] == _PLUS
        size = stop - start - 1
        if abroad and not 9 <= size <= 14:
            continue
        if not abroad and not (signs[start] == _ZERO and 9 <= size <= 13):
            continue
        run, good = 0, signs[start + 1] != _ZERO
        whole: Any = 0 if abroad else 62
        last: Any = -1
        for at in range(start + 1, stop):
            sign = np.int64(signs[at])
            good &= (sign >= _ZERO) & (sign <= _NINE)
            run = run + 1 if sign == last else 1
            last = sign
            # Six of one digit in a row are looked at by themselves.
            good &= run < 6
            whole = whole * 10 + sign - _ZERO
        if abroad and size >= 3:
            good &= not (signs[start + 1] == _ZERO + 6 and signs[start + 2] == _ZERO + 2 and signs[start + 3] == _ZERO)
        if good:
            number[row], plain[row] = whole, True
