"""The search keys of a person: of every form of her name with every birth year told of her, in every place where offices see her.

A key stands beside a place: the regency or the country by which an office sees her. An office asks for a key in its own places, so
a name that thousands bear is looked through as far as the office sees, not in the whole nation; who sees the nation asks for the
key alone.
"""

from collections.abc import Iterable
from functools import lru_cache

from selaras.engines.linkage.names import MOST_WORDS, name_keys, name_words
from selaras.engines.linkage.spelling import COMMON
from selaras.people.places import regencies

# In place of the engine's regency, for its keys of a word or a year "with a regency": here the place stands beside the key.
_ANYWHERE = "9999"
_ABROAD = 10_000
MOST_PLACES = 128  # an office that sees more places asks for the key alone


@lru_cache(maxsize=1 << 16)
def word_key(word: str) -> int:
    """Give the key of one word of a name; a common one has its own kind, for it is asked with a year or a place only."""
    return name_keys(word, None, _ANYWHERE)[-1] if word in COMMON else name_keys(word)[-1]


@lru_cache(maxsize=512)
def year_key(year: int) -> int:
    """Give the key of a birth year alone."""
    return name_keys(None, year, _ANYWHERE)[-1]


def words_of(name: str) -> list[str]:
    """Give the words of a name that have keys."""
    return list(dict.fromkeys(word for word in name_words(name)[:MOST_WORDS] if len(word) > 1))


def keys_of(names: Iterable[str], years: Iterable[int | None]) -> set[int]:
    """Make the keys to store: each name form with each birth year that is told of her."""
    told = [year for year in dict.fromkeys(years) if year]
    found = {year_key(year) for year in told}
    for name in dict.fromkeys(names):
        found.update(word_key(word) for word in words_of(name) if word in COMMON)
        for year in told or [None]:
            found.update(name_keys(name, year))
    return found


def _country(iso3: str) -> int:
    number = 0
    for letter in iso3[:3]:
        number = number * 32 + ord(letter) % 32
    return _ABROAD + number


def places_of(reach: Iterable[str]) -> list[int]:
    """Give the places in which a person's keys stand, of the codes of her reach: regencies, provinces where no regency is known,
    countries; 0 when she has none of these."""
    regency, province, abroad = set(), set(), set()
    for code in reach:
        kind, _, value = code.partition(":")
        if kind == "area" and len(value) >= 4:
            regency.add(int(value[:4]))
        elif kind == "area":
            province.add(int(value[:2]))
        elif kind == "abroad":
            abroad.add(_country(value))
    known = {place // 100 for place in regency}
    return sorted({*regency, *(p * 100 for p in province - known), *abroad}) or [0]


@lru_cache(maxsize=4096)
def places_seen(reach: frozenset[str]) -> tuple[int, ...] | None:
    """Give the places in which stand the keys of everybody within an office's reach; None when all places must be asked."""
    found: set[int] = set()
    for code in reach:
        kind, _, value = code.partition(":")
        if kind == "area" and len(value) >= 4:
            found.add(int(value[:4]))
        elif kind == "area":
            found.update({int(value) * 100, *(int(r) for r, _ in regencies() if r.startswith(value))})
        elif kind == "abroad":
            found.add(_country(value))
        else:
            return None
    return tuple(sorted(found)) if 0 < len(found) <= MOST_PLACES else None


def place_of(regency: str) -> int:
    """Give the place of a regency by its code or by the code of an area in it."""
    return int(regency[:4])
