"""Coded rows of one register in, veiled rows out: every statement about a person as a keyed hash.

The rule of the scheme: what many people share (a name, a birth date) never stands alone. Names, mothers, places and sex
are hashed together with the birth date, parts of the birth date and slips of numbers together with the whole name. So
nobody's name can be looked for among all rows, but only among those born on one day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.coding import I32, I64
from selaras.engines.linkage.columns import Columns
from selaras.engines.linkage.mixing import U64
from selaras.engines.linkage.veiled import filters, slips
from selaras.engines.linkage.veiled.keyed import U32, Key, keyed
from selaras.engines.linkage.veiled.scheme import (
    AT,
    LONG,
    LONGS,
    MOTHER_WORDS,
    NIK_PLACES,
    PASSPORT_PLACES,
    SHORTS,
    WORDS,
    Domain,
)

# Flags of a veiled row beside those of `records`.
ENDS_IN_0, MOTHER_RARE = 1 << 9, 1 << 10
# Sex is hashed, the rarity of a country is counted anew where it is read.
KEPT_FLAGS = rc.BIRTH_COMMON | rc.PHONE_SHARED | rc.NIK_DISAGREES | rc.VALID | rc.HOME_SAID
_RARE_MOTHER = 6.0
# A name's rarity in few grades: -ln(share of rows whose name sounds like it) at least this.
GRADES = (7.0, 9.0)
_BATCH = 1 << 16


@dataclass(frozen=True)
class Veiled:
    """Veiled rows: `long`, `short`: see `scheme`; `flags`: see `records` and above; `grade`: how rare the name is."""

    long: U64
    short: U32
    flags: Any
    grade: Any


def veil(c: Columns, key: Key, order: I64) -> Iterator[Veiled]:
    """Veil rows a batch at a time, in the order given."""
    for start in range(0, len(order), _BATCH):
        yield _veil(c, key, c.rows[order[start : start + _BATCH]])


def _veil(c: Columns, key: Key, rows: Any) -> Veiled:
    r = {name: np.ascontiguousarray(rows[name]) for name in rc.ROW.names or ()}
    long = np.zeros((len(r["nik"]), LONGS), dtype=np.uint64)
    short = np.zeros((len(r["nik"]), SHORTS), dtype=np.uint32)
    birth, nik_birth = rc.order_free(r["birth"]), rc.order_free(r["nik_birth"])
    born = np.where(birth > 0, birth, nik_birth)
    other = np.where((birth > 0) & (nik_birth > 0) & (nik_birth != birth), nik_birth, 0)
    full = np.where(c.names.has_words(r["name"]), c.names.full[r["name"]], np.uint64(0))

    def say(field: str, domain: Domain, usable: Any, *values: Any, column: int = 0) -> None:
        """Hash what rows say into one column; 0 where they say nothing."""
        rows = np.flatnonzero(usable)
        hashed = keyed(key, domain, *(value[rows] for value in values))
        table = long if field in _LONG else short
        table[rows, AT[field] + column] = hashed if field in _LONG else hashed.astype(np.uint32)

    _numbers(r, full, key, short, say)
    phone = c.phones[r["phone"]]
    say("phone", Domain.PHONE, phone > 0, phone)
    say("birth", Domain.BIRTH, birth > 0, birth)
    say("nik_birth", Domain.BIRTH, nik_birth > 0, nik_birth)
    _names(c, r, born, other, say)
    places = {name: c.place_says[r[name]].astype(np.uint64) for name in ("birth_place", "home", "village")}
    places["birth_place"][(r["flags"] & rc.PLACE_IS_PROVINCE) > 0] = 0
    for name, place in places.items():
        say(name, Domain.PLACE, (place > 0) & (born > 0), born, place)
    _keys(c, r, places, full, say)
    _birth_parts(r["birth"], full, places["home"], say)
    salt = born.astype(np.uint64)
    at = AT["letters"]
    filters.fill(key, Domain.LETTERS, r["name"], c.names.table, c.names.sounds, salt, long[:, at : at + filters.WIDE])
    return Veiled(long, short, _flags(c, r), _grades(c, r["name"]))


_LONG = frozenset(field.name for field in LONG)


def _numbers(r: dict[str, Any], full: U64, key: Key, short: U32, say: Any) -> None:
    """NIK, passport, and what they look like with a sign left out, for somebody of the same name."""
    nik = r["nik"]
    say("nik", Domain.NIK, nik > 0, nik)
    say("nik_but_last", Domain.NIK_BUT_LAST, nik >= 10**15, nik // 10)
    say("nik_head", Domain.NIK_HEAD, nik > 0, nik // 10**4)
    say("passport", Domain.PASSPORT, r["passport"] > 0, r["passport"])
    for field, domain, signs, bits, places in (
        ("nik_slips", Domain.NIK_SLIP, r["nik_signs"], rc.NIK_BITS, NIK_PLACES),
        ("passport_slips", Domain.PASSPORT_SLIP, r["passport"], rc.PASSPORT_BITS, PASSPORT_PLACES),
    ):
        at = AT[field]
        slips.without_each(key, domain, signs, bits, full, short[:, at : at + places + 1])


def _birth_parts(birth: I32, full: U64, home: U64, say: Any) -> None:
    """Year and month, year and day, month and day, year; told apart by their last two bits, hashed with name and home."""
    year, month, day = birth >> 9, birth >> 5 & 15, birth & 31
    usable = (birth > 0) & (full > 0) & (home > 0)
    for at, value in enumerate((year << 4 | month, year << 5 | day, month << 5 | day, year)):
        say("birth_parts", Domain.BIRTH_PART, usable, value.astype(np.int64) << 2 | at, full, home, column=at)


def _names(c: Columns, r: dict[str, Any], born: I32, other: I32, say: Any) -> None:
    """Words of the name with the row's date, once more with the date inside the NIK where that is another."""
    words = _words(c, r["name"])
    for at in range(WORDS):
        word = words[:, at]
        say("words", Domain.WORD, (word > 0) & (born > 0), born, word, column=at)
        say("nik_words", Domain.WORD, (word > 0) & (other > 0), other, word, column=at)
    named = words[:, 0] > 0
    joined, start = c.names.joined(r["name"]), c.names.initial[r["name"]]
    say("joined", Domain.JOINED, named & (born > 0), born, joined)
    say("start", Domain.START, named & (born > 0), born, start)
    mother = _words(c, r["mother"])
    for at in range(MOTHER_WORDS):
        say("mother", Domain.MOTHER, (mother[:, at] > 0) & (born > 0), born, mother[:, at], column=at)


def _words(c: Columns, names: I32) -> U64:
    """How each word of each name sounds, as a number that is the same on every machine; 0 for none."""
    heard = c.names.table[names, rc.HEARD : rc.HEARD + rc.WORDS]
    return np.where(heard >= 0, np.append(c.names.heard, np.uint64(0))[heard], np.uint64(0))


def _keys(c: Columns, r: dict[str, Any], places: dict[str, U64], full: U64, say: Any) -> None:
    """What brings rows together whose birth dates differ: the whole name with something else that is rare."""
    place, home, named = places["birth_place"], places["home"], full > 0
    mothered = named & c.names.has_words(r["mother"])
    say("name_mother", Domain.NAME_MOTHER, mothered, full, c.names.full[r["mother"]])
    say("name_place", Domain.NAME_PLACE, named & (place > 0), full, place)
    say("name_home", Domain.NAME_HOME, named & (home > 0), full, home)


def _flags(c: Columns, r: dict[str, Any]) -> Any:
    floats = c.names.table.view(np.float32)
    rare = (r["mother"] >= 0) & (floats[r["mother"], rc.RARITY] >= _RARE_MOTHER)
    ends = (r["nik"] > 0) & (r["nik"] % 10 == 0)
    return (r["flags"] & KEPT_FLAGS | rare * np.uint16(MOTHER_RARE) | ends * np.uint16(ENDS_IN_0)).astype(np.uint16)


def _grades(c: Columns, names: I32) -> Any:
    rarity = c.names.table.view(np.float32)[names, rc.RARITY]
    grade = 1 + sum((rarity >= edge).astype(np.uint8) for edge in GRADES)
    return np.where(names >= 0, grade, 0).astype(np.uint8)
