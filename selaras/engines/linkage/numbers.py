"""Numbers of persons: NIK, passport and telephone as whole numbers, with what their structure says.

A NIK is PPRRDD ddmmyy ssss: place of first registration, birth date (day + 40 for women), serial. Sources: Permendagri
on the population number (structure); the traps (Excel keeps 15 digits, placeholders, letters for digits) are general.
"""

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.compiled import compiled
from selaras.engines.linkage.plain import BITS, PLACES, plain_niks, plain_passports, plain_phones

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
Bool = npt.NDArray[np.bool_]

_KEYBOARD = {1234567890123456, 1234567890123450, 9876543210987654, 1231231231231231, 1212121212121212}
_CONFUSED = str.maketrans("OQDILZSGB", "000112568")
_KEYS_IN_ORDER = frozenset({"1234567", "123456", "7654321", "654321"})
NO_NIK = 0


class Nik(NamedTuple):
    """A NIK as a whole number, whether its structure holds, and why it was refused if it was."""

    number: int
    valid: bool
    fault: str | None


def standardise_nik(text: str | None) -> Nik:
    """One NIK as handed over; number 0 when there is none. Faults: nik.placeholder, nik.spreadsheet, nik.structure."""
    row = nik_columns(pl.Series("nik", [text], dtype=pl.String)).row(0, named=True)
    return Nik(row["nik"], row["nik_valid"], row["nik_fault"])


def nik_columns(column: pl.Series) -> pl.DataFrame:
    """NIK text → columns nik (int64, 0 for none), nik_valid (structure holds), nik_fault (code or null); same length."""
    digits = pl.col("t").str.replace(r"\.0$", "").str.replace_all(r"\D", "")
    frame = pl.DataFrame({"t": column.cast(pl.String)})
    frame = frame.with_columns(
        sci=pl.col("t").str.contains(r"(?i)^\s*\d[.,]\d+E\+?\d+\s*$"),
        d=digits,
    ).with_columns(
        n=pl.when(pl.col("d").str.len_chars().is_between(14, 18)).then(pl.col("d").cast(pl.Int64, strict=False)),
    )
    n = pl.col("n")
    region, birth, serial = n // 10**10, n // 10**4 % 10**6, n % 10**4
    province, regency, district = region // 10**4, region // 100 % 100, region % 100
    day, month = birth // 10**4 % 40, birth // 100 % 100
    raw_day = birth // 10**4
    repeated = n % 1111111111111111 == 0
    placeholder = repeated | n.is_in(list(_KEYBOARD)) | (pl.col("d").str.count_matches("0") >= 12)
    structure = (
        (pl.col("d").str.len_chars() == 16)
        & province.is_between(11, 97)
        & regency.is_between(1, 79)
        & (district >= 1)
        & day.is_between(1, 31)
        & (raw_day <= 71)
        & month.is_between(1, 12)
        & (serial > 0)
    )
    said = pl.col("t").is_not_null() & (pl.col("t").str.strip_chars() != "")
    fault = (
        pl.when(pl.col("sci"))
        .then(pl.lit("nik.spreadsheet"))
        .when(said & (placeholder.fill_null(False) | n.is_null()))
        .then(pl.lit("nik.placeholder"))
        .when(said & ~structure.fill_null(False))
        .then(pl.lit("nik.structure"))
    )
    usable = ~placeholder.fill_null(True) & ~pl.col("sci").fill_null(False)
    return frame.select(
        nik=pl.when(usable).then(n).fill_null(NO_NIK).cast(pl.Int64),
        nik_valid=(structure & usable).fill_null(False),
        nik_fault=fault,
    )


def nik_numbers(column: pl.Series) -> tuple[I64, Bool, dict[str, int]]:
    """NIK text → whole numbers (0 for none), whether the structure holds, and how many rows have which fault.

    The same as `nik_columns`; sixteen digits, as nearly all are, are read at once.
    """
    text = column.cast(pl.String)
    number, quick = plain_niks(text)
    valid = quick.copy()
    placeholders, broken = _structures(number, valid, np.array(sorted(_KEYBOARD)))
    odd = np.flatnonzero(~quick & text.is_not_null().to_numpy())
    read = nik_columns(text.gather(odd))
    number[odd], valid[odd] = read["nik"].to_numpy(), read["nik_valid"].to_numpy()
    faults = {str(code): int(n) for code, n in read["nik_fault"].drop_nulls().value_counts().rows()}
    for code, n in (("nik.placeholder", placeholders), ("nik.structure", broken)):
        if n:
            faults[code] = faults.get(code, 0) + n
    return number, valid, faults


@compiled
def _structures(number: I64, valid: Bool, keyboard: I64) -> tuple[int, int]:
    """Set placeholders to 0 and keep marked what has a sound structure; give how many placeholders and others there are.

    `valid` marks the numbers of sixteen digits that are to be looked at.
    """
    placeholders, broken = 0, 0
    for at in range(len(number)):
        n = number[at]
        if not valid[at]:
            continue
        zeros, rest = 0, n
        for _ in range(16):
            zeros += rest % 10 == 0
            rest //= 10
        typed = n % 1111111111111111 == 0 or zeros >= 12
        for keys in keyboard:
            typed |= keys == n
        if typed:
            number[at], valid[at] = 0, False
            placeholders += 1
            continue
        raw_day, month = n // 10**8 % 100, n // 10**6 % 100
        day = raw_day % 40
        sound = (
            11 <= n // 10**14 <= 97
            and 1 <= n // 10**12 % 100 <= 79
            and n // 10**10 % 100 >= 1
            and 1 <= day <= 31
            and raw_day <= 71
            and 1 <= month <= 12
            and n % 10**4 > 0
        )
        valid[at] = sound
        broken += not sound
    return placeholders, broken


def standardise_passport(text: str | None) -> str | None:
    """A passport number in one form: capitals, no spaces, letters typed for digits mended; None for placeholders."""
    if not text:
        return None
    squeezed = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not 6 <= len(squeezed) <= 10:
        return None
    if squeezed[0].isdigit() and squeezed[1].isalpha():  # typed in the wrong order: 4U395439
        squeezed = squeezed[1] + squeezed[0] + squeezed[2:]
    letters = 2 if squeezed[0].isalpha() and squeezed[1] in "ACDEFH" else 1
    head, tail = squeezed[:letters], squeezed[letters:].translate(_CONFUSED)
    digits = "".join(c for c in tail if c.isdigit())
    if len(set(digits)) <= 1 or len(digits) < 4 or digits in _KEYS_IN_ORDER:
        return None
    return head + tail


def standardise_phone(text: str | None) -> int:
    """A telephone number as a whole number with its country code (62 for a leading 0); 0 when there is none."""
    if not text:
        return 0
    plus = "+" in text
    digits = re.sub(r"\D", "", text)
    if digits.startswith("00"):
        digits = digits[2:]
    elif plus and digits.startswith("0") and "+" in text[1:2]:
        digits = digits[1:]
    elif digits.startswith("0") and not plus:
        digits = "62" + digits[1:]
    elif digits.startswith("8") and not plus and len(digits) <= 12:
        digits = "62" + digits
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    if not 8 <= len(digits) <= 15 or len(set(digits[3:])) <= 1:
        return 0
    return int(digits)


def standardise_sex(text: str | None) -> int:
    """1 man, 2 woman, 0 unknown, from the letters and words that registers use."""
    word = (text or "").strip().upper()
    if word in {"L", "LK", "LAKI", "LAKI-LAKI", "LAKI LAKI", "PRIA", "M", "MALE", "1"}:
        return 1
    return 2 if word in {"P", "PR", "PEREMPUAN", "WANITA", "F", "FEMALE", "W", "2"} else 0


def passport_signs(column: pl.Series) -> U64:
    """`standardise_passport` of a whole column, six bits a sign (see `packed_signs`), 0 for none."""
    text = column.cast(pl.String)
    out, plain = plain_passports(text)
    odd = np.flatnonzero(~plain & text.is_not_null().to_numpy())
    if len(odd):
        out[odd] = packed_signs(pl.Series([standardise_passport(t) or "" for t in text.gather(odd)], dtype=pl.String))
    return out


def packed_signs(texts: pl.Series) -> U64:
    """Capitals and digits, ten at most, as one whole number each: six bits a sign, 1 to 10 for 0 to 9, 11 to 36 for A to Z."""
    row = texts.str.pad_end(PLACES, " ").str.join("")
    fixed = np.frombuffer((row[0] or "").encode("ascii") if len(row) else b"", dtype=np.uint8).reshape(-1, PLACES)
    out = np.zeros(len(fixed), dtype=np.uint64)
    for place in range(PLACES):
        sign = fixed[:, place].astype(np.int64)
        there = sign > 32
        sign = np.where(sign < 58, sign - 47, sign - 54).astype(np.uint64)
        out[there] = out[there] << np.uint64(BITS) | sign[there]
    return out


def texts_of_signs(packed: U64) -> pl.Series:
    """The numbers that `packed_signs` made, as texts; null for 0."""
    signs = np.stack([packed >> np.uint64(BITS * place) & np.uint64(63) for place in reversed(range(PLACES))], axis=1)
    letters = np.where(signs == 0, 32, np.where(signs < 11, signs + np.uint64(47), signs + np.uint64(54))).astype(
        np.uint8
    )
    text = pl.Series(letters.view(f"S{PLACES}").ravel().astype(str).tolist(), dtype=pl.String).str.strip_chars(" ")
    return text.replace("", None)


def phone_numbers(column: pl.Series) -> I64:
    """`standardise_phone` of a whole column, 0 for none; plain forms (0812…, +6281…) are read all at once."""
    text = column.cast(pl.String)
    out, plain = plain_phones(text)
    odd = np.flatnonzero(~plain & text.is_not_null().to_numpy())
    out[odd] = [standardise_phone(value) for value in text.gather(odd)]
    return out
