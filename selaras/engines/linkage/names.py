"""Names of persons: words in one order and spelling, search keys for half-remembered names, and likeness of two names.

`name_keys` are stored beside a person and looked up by equality; `search_keys` asks; `name_similarity` re-ranks.
The keys are part of stored data: to make them otherwise needs a new `KEY_VERSION` and a rebuild of what is stored.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from selaras.engines.linkage.spelling import (
    COMMON,
    DEGREES,
    FATHER_MARKS,
    TITLES,
    canonical,
    consonants,
    fold_letters,
    sound,
)

KEY_VERSION = 1
MOST_WORDS = 6
_MASK = (1 << 64) - 1
_WHOLE, _PAIR, _WORD_YEAR, _WORD_REGENCY, _WORD, _YEAR_REGENCY = range(1, 7)


def resolve(words: list[str]) -> list[str]:
    """Canonical words of a name: titles, degrees and father marks dropped, abbreviations read by where they stand."""
    balinese = False
    kept: list[str] = []
    last = len(words) - 1
    for at, word in enumerate(words):
        first = not kept
        more = at < last
        if word in TITLES or word in FATHER_MARKS or (word in DEGREES and at == last and len(kept) > 1):
            continue
        if word in {"H", "R"} and first and more:
            continue
        if word in {"I", "NI"} and first and more:
            balinese = True
            continue
        if word == "MD":
            word = "MADE" if balinese else "MUHAMMAD"
        elif word == "M" and first and more:
            word = "MUHAMMAD"
        elif word == "ST" and first and more:
            word = "SITI"
        elif word == "PT" and balinese:
            word = "PUTU"
        kept.append(canonical(word))
    return kept or [canonical(word) for word in words]


def name_words(text: str | None) -> list[str]:
    """The canonical words of a name as handed over, in order; empty for a missing or unreadable name."""
    return resolve(folded_name(text).split()) if text else []


def folded_name(text: str) -> str:
    """The letters of a name in capitals with single spaces, and without the degrees after a comma."""
    body, _, tail = text.partition(",")
    if tail and fold_letters(body) and _is_degrees(tail):
        text = body
    return fold_letters(text)


def _is_degrees(tail: str) -> bool:
    """True when what follows a comma is degrees (S.Pd., M.Si) and not the rest of the name (passport order)."""
    squeezed = [fold_letters(part.replace(".", "")).replace(" ", "") for part in tail.split(",")]
    return all(part in DEGREES or part == "ST" for part in squeezed if part)


def standardise_name(text: str | None) -> str:
    """The name in capitals, today's spelling, without titles: `Hj. Sitti Noerhajati, S.Pd` → `SITI NURHAYATI`."""
    return " ".join(name_words(text))


def _mix(value: int) -> int:
    """Scramble 64 bits (splitmix64), so that small differences spread over the whole key."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def _key(kind: int, a: int, b: int = 0) -> int:
    return _mix(_mix(a ^ (kind << 58)) ^ b) >> 1


@lru_cache(maxsize=1 << 18)
def word_code(consonant_form: str) -> int:
    """A consonant form as a whole number below 2^60, the same on every machine and every day."""
    return int.from_bytes(blake2b(consonant_form.encode(), digest_size=8).digest(), "big") >> 4


def _joined(words: list[str]) -> int:
    """The whole name without vowels and spaces, so that SITI AMINAH and SITIAMINAH agree."""
    return word_code("=" + "".join(consonants(word).replace("A", "") or "A" for word in words))


def _codes(words: list[str]) -> list[tuple[str, int]]:
    """Distinct words longer than an initial with their codes, uncommon and long words first."""
    distinct = dict.fromkeys(word for word in words[:MOST_WORDS] if len(word) > 1)
    ordered = sorted(distinct, key=lambda word: (word in COMMON, -len(word), word))
    return [(word, word_code(consonants(word))) for word in ordered]


def _place(regency: str | int | None) -> int:
    digits = "".join(c for c in str(regency or "") if c.isdigit())[:4]
    return int(digits) if len(digits) == 4 else 0


def name_keys(text: str | None, birth_year: int | None = None, regency: str | int | None = None) -> list[int]:
    """Search keys to store beside a person: distinct 63-bit whole numbers that fit PostgreSQL bigint.

    `birth_year` is a calendar year; `regency` the four-digit area code (a longer code is cut to its regency).
    """
    words = name_words(text)
    place = _place(regency)
    keys: list[int] = []
    if words:
        coded = _codes(words)
        keys.append(_key(_WHOLE, _joined(words)))
        keys += [_key(_PAIR, *sorted((a, b))) for (_, a), (_, b) in combinations(coded, 2)]
        keys += [_key(_WORD, code) for word, code in coded if word not in COMMON]
        if birth_year:
            keys += [_key(_WORD_YEAR, code, birth_year) for _, code in coded]
        if place:
            keys += [_key(_WORD_REGENCY, code, place) for _, code in coded]
    if birth_year and place:
        keys.append(_key(_YEAR_REGENCY, birth_year, place))
    return list(dict.fromkeys(keys))


def search_keys(query_text: str, year: int | None = None, regency: str | int | None = None) -> list[int]:
    """Keys to ask for a half-remembered name, the most selective first; stop asking once enough were found.

    A remembered year may be one off. An empty list means that the words are too common on their own: ask for a birth
    year or a place. With a year and a place the last key finds every name there, misspelt ones too.
    """
    words = name_words(query_text)
    coded = _codes(words)
    place = _place(regency)
    years = [year, year - 1, year + 1] if year else []
    keys: list[int] = []
    if len(words) > 1 or (coded and coded[0][0] not in COMMON):
        keys.append(_key(_WHOLE, _joined(words)))
    pairs = sorted(combinations(coded, 2), key=lambda pair: sum(word in COMMON for word, _ in pair))
    keys += [_key(_PAIR, *sorted((a, b))) for (_, a), (_, b) in pairs]
    for word, code in coded:
        keys += [_key(_WORD_YEAR, code, y) for y in years]
        if place:
            keys.append(_key(_WORD_REGENCY, code, place))
        if word not in COMMON:
            keys.append(_key(_WORD, code))
    if place:
        keys += [_key(_YEAR_REGENCY, y, place) for y in years]
    return list(dict.fromkeys(keys))


def word_similarity(a: str, b: str) -> float:
    """Likeness of two canonical words, 0 to 1: same word 1, same sound .96, an initial or cut word .85."""
    if a == b:
        return 1.0
    sound_a, sound_b = sound(a), sound(b)
    if sound_a == sound_b:
        return 0.96
    short, long = sorted((a, b), key=len)
    if not short:
        return 0.0
    if len(short) == 1:
        return 0.85 if long[0] == short else 0.0
    if len(short) >= 3 and long.startswith(short):
        return 0.85
    if consonants(a) == consonants(b) and len(short) > 3:
        return 0.9
    edits = DamerauLevenshtein.distance(sound_a, sound_b)
    longest = max(len(sound_a), len(sound_b))
    if edits == 1 and longest > 3:
        return 0.88
    likeness = JaroWinkler.similarity(sound_a, sound_b) * (1 - edits / longest)
    return likeness if likeness > 0.45 else 0.0


def name_similarity(a: str | None, b: str | None) -> float:
    """Likeness of two names, 0 to 1, blind to order, titles, spelling of the time and joined words; forgiving of typos.

    Words are paired best first; a common word (SITI) weighs a third; a word that only one name has costs half.
    """
    return likeness_to(a)(b)


def likeness_to(name: str | None) -> Callable[[str | None], float]:
    """`name_similarity` to one name, read once, for many others."""
    words = name_words(name)
    return lambda other: _alike(words, name_words(other))


def _alike(words_a: list[str], words_b: list[str]) -> float:
    if not words_a or not words_b:
        return 0.0
    if words_a == words_b:
        return 1.0
    joined = _joined_similarity("".join(words_a), "".join(words_b))
    scored = sorted(
        ((word_similarity(x, y), i, j) for i, x in enumerate(words_a) for j, y in enumerate(words_b)),
        key=lambda hit: (-hit[0], hit[1], hit[2]),
    )
    left_a, left_b = set(range(len(words_a))), set(range(len(words_b)))
    gained = weighed = 0.0
    for likeness, i, j in scored:
        if likeness and i in left_a and j in left_b:
            left_a.remove(i)
            left_b.remove(j)
            weight = (_weight(words_a[i]) + _weight(words_b[j])) / 2
            gained += weight * likeness
            weighed += weight
    rest_a = sum(_weight(words_a[i]) for i in left_a)
    rest_b = sum(_weight(words_b[j]) for j in left_b)
    # Words left over on both sides contradict each other; left over on one side they were only not written down.
    total = weighed + max(rest_a, rest_b) * 0.5 + min(rest_a, rest_b) * 0.5
    return max(joined, gained / total if total else 0.0)


def _joined_similarity(a: str, b: str) -> float:
    """Likeness of two names without their spaces: SITI AMINAH is SITIAMINAH; a longer name is no match by its start."""
    sound_a, sound_b = sound(a), sound(b)
    if sound_a == sound_b:
        return 0.95
    return 0.88 if len(sound_a) > 6 and DamerauLevenshtein.distance(sound_a, sound_b, score_cutoff=1) == 1 else 0.0


def _weight(word: str) -> float:
    return 0.34 if word in COMMON else 0.5 if len(word) < 3 else 1.0
