"""What a veiled row is made of: its columns, the parameters of the scheme, and what each keyed hash stands for.

A change to anything here, or to how names, places or numbers are read, needs a new `SCHEME`: encodings of two schemes
never agree.
"""

from dataclasses import dataclass
from enum import IntEnum, auto

SCHEME = 1
# A filter's bits, and how many of them one letter pair sets (random hashing: sixteen bits of the digest each).
FILTER_BITS, FILTER_SETS = 512, 16
WORDS, MOTHER_WORDS = 4, 3
NIK_PLACES, PASSPORT_PLACES = 16, 10


class Domain(IntEnum):
    """What a message says; no two kinds of statement share a keyed hash."""

    NIK = auto()
    NIK_HEAD = auto()
    NIK_BUT_LAST = auto()
    NIK_SLIP = auto()
    PASSPORT = auto()
    PASSPORT_SLIP = auto()
    PHONE = auto()
    BIRTH = auto()
    BIRTH_PART = auto()
    WORD = auto()
    JOINED = auto()
    START = auto()
    LETTERS = auto()
    MOTHER = auto()
    PLACE = auto()
    NAME_MOTHER = auto()
    NAME_PLACE = auto()
    NAME_HOME = auto()
    ROW_ID = auto()


@dataclass(frozen=True)
class Field:
    """Some numbers of a veiled row: `count` of them from `at` on, in the table of long (64 bits) or short ones (32)."""

    name: str
    long: bool
    at: int
    count: int


def _fields(long: bool, **counts: int) -> tuple[Field, ...]:
    out, at = [], 0
    for name, count in counts.items():
        out.append(Field(name, long, at, count))
        at += count
    return tuple(out)


LONG = _fields(
    True, nik=1, nik_but_last=1, passport=1, phone=1, birth=1, nik_birth=1, words=WORDS, nik_words=WORDS, joined=1,
    start=1, name_mother=1, name_place=1, name_home=1, letters=FILTER_BITS // 64,
)  # fmt: skip
SHORT = _fields(
    False, nik_head=1, nik_slips=NIK_PLACES + 1, passport_slips=PASSPORT_PLACES + 1, birth_parts=4,
    mother=MOTHER_WORDS, birth_place=1, home=1, village=1,
)  # fmt: skip
LONGS, SHORTS = (fields[-1].at + fields[-1].count for fields in (LONG, SHORT))
AT = {field.name: field.at for field in (*LONG, *SHORT)}
