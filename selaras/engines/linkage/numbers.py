"""Numbers of persons: NIK, passport and telephone as whole numbers, with what their structure says.

A NIK is PPRRDD ddmmyy ssss: place of first registration, birth date (day + 40 for women), serial. Sources: Permendagri
on the population number (structure); the traps (Excel keeps 15 digits, placeholders, letters for digits) are general.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import polars as pl

_KEYBOARD = {1234567890123456, 1234567890123450, 9876543210987654, 1231231231231231, 1212121212121212}
_CONFUSED = str.maketrans("OQDILZSGB", "000112568")
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
    if len(set(digits)) <= 1 or len(digits) < 4 or digits in {"1234567", "123456", "7654321", "654321"}:
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


def passport_column(column: pl.Series) -> pl.Series:
    """`standardise_passport` of a whole column; plain numbers (a letter and seven digits) are read all at once."""
    squeezed = column.cast(pl.String).str.to_uppercase().str.replace_all(" ", "")
    plain = squeezed.str.contains(r"^[A-Z]\d{7}$") & ~squeezed.str.contains(r"0{7}|1{7}|2{7}|3{7}|4{7}|5{7}|6{7}|7{7}")
    plain = plain & ~squeezed.str.contains(r"8{7}|9{7}|1234567|7654321")
    return _odd_ones(squeezed, plain.fill_null(True), squeezed, standardise_passport)


def phone_column(column: pl.Series) -> pl.Series:
    """`standardise_phone` of a whole column, 0 for none; plain forms (0812…, +6281…) are read all at once."""
    text = column.cast(pl.String)
    plain = text.str.contains(r"^(\+[1-9]\d{8,13}|0[1-9]\d{8,12})$") & ~text.str.contains(r"^\+620")
    plain = plain & ~text.str.contains(r"0{6}|1{6}|2{6}|3{6}|4{6}|5{6}|6{6}|7{6}|8{6}|9{6}")
    number = text.str.replace(r"^0", "62").str.replace(r"^\+", "").cast(pl.Int64, strict=False)
    return _odd_ones(text, plain.fill_null(True), number, standardise_phone).fill_null(0)


def _odd_ones(text: pl.Series, plain: pl.Series, fast: pl.Series, read: Callable[[str | None], Any]) -> pl.Series:
    """`fast` where the text is plain, else each text read on its own."""
    odd = (~plain).arg_true()
    if not len(odd):
        return fast
    return fast.scatter(odd, pl.Series([read(value) for value in text.gather(odd)], dtype=fast.dtype))
