"""What a cell says about a NIK: sixteen digits, or what spreadsheets and hands have made of them."""

import datetime
import re

# The 38 provinces of the national numbering. A NIK begins with the code of the province of its first registration.
PROVINCES = (
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65,
    71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96,
)  # fmt: skip
_DAY_MONTH = r"(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])"
# province, regency, district; day (+40 for women), month, year; serial. Also understood by polars.
STRUCTURE = rf"^(?:{'|'.join(map(str, PROVINCES))})\d{{4}}{_DAY_MONTH}\d{{6}}$"

_SCIENTIFIC = re.compile(r"^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$")
_FLOAT = re.compile(r"^(\d+)[.,]0+$")
_DECORATION = re.compile(r"[\s.,\-/'’‘`´\"_]+")
_OLD = re.compile(rf"^0[1-9]\d{{4}}{_DAY_MONTH}\d{{6}}$")


def read_nik(text: str, birth: datetime.date | None = None) -> tuple[str | None, str | None]:
    """(NIK or what was handed over, note code) of one cell, already without outer white space.

    - `nik.scientific`: digits are lost (`3.17E+15`, `3,17E+15`): None. `nik.unfolded`: all sixteen are still there.
    - `nik.zero_restored`: 15 digits that are whole with a zero in front. Numbers older than the national numbering
      begin with 0, today's never do: fifteen digits that begin with today's province code lost some other digit and
      stay (`nik.length`). A known birth date must agree with the one in the number.
    - `nik.decorated`: dots, spaces, apostrophes taken off. `nik.placeholder`: no number at all (`-`, `0`): None.
    - `nik.length`, `nik.letters`: kept as handed over, for the eyes of whoever compares.
    """
    scientific = _SCIENTIFIC.match(text)
    if scientific:
        digits = scientific.group(1) + (scientific.group(2) or "")
        if len(digits) == 16 and scientific.group(3) == "15":
            return digits, "nik.unfolded"
        return None, "nik.scientific"
    bare = _FLOAT.sub(r"\1", text)
    digits = _DECORATION.sub("", bare)
    if digits.isdecimal() and not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    if not digits.isdecimal():
        return (text, "nik.letters") if any(c.isdecimal() for c in text) else (None, "nik.placeholder")
    if len(digits) == 16:
        return digits, None if digits == text else "nik.decorated"
    if len(digits) < 16 and set(digits) == {"0"}:
        return None, "nik.placeholder"
    if len(digits) == 15 and int(digits[:2]) not in PROVINCES and _OLD.match("0" + digits):
        day, month, year = int(digits[5:7]) % 40, int(digits[7:9]), int(digits[9:11])
        if birth is None or (birth.day, birth.month, birth.year % 100) == (day, month, year):
            return "0" + digits, "nik.zero_restored"
    return text, "nik.length"
