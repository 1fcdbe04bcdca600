"""How many distinct words sound, all at once: the rules of `spelling.sound` and `spelling.consonants` on a column."""

import re
import string
from collections.abc import Callable

import polars as pl

from selaras.engines.linkage.spelling import LAST_LETTERS, SOUNDS, canonical, consonants, sound

_BEFORE_ITSELF = re.compile(r"([A-Z])(?=\1)")
_DOUBLED = "|".join(letter * 2 for letter in string.ascii_uppercase)


def sounds_of(words: pl.Series) -> pl.Series:
    """`spelling.sound` of each word."""
    s = words = pl.Series([canonical(word) for word in words], dtype=pl.String)
    christian = s.str.starts_with("CH")
    if christian.any():
        first = pl.when(s.str.slice(2, 1) == "R").then(pl.lit("K")).otherwise(pl.lit("C"))
        s = pl.select(pl.when(christian).then(first + s.str.slice(2)).otherwise(s)).to_series()
    s = s.str.replace_all("CH", "H", literal=True)
    for spelt, heard in SOUNDS:
        s = s.str.replace_all(spelt, heard, literal=True)
    last = s.str.slice(-1)
    turned = last.replace(LAST_LETTERS)
    changes = (turned != last) & ~s.str.ends_with("NG")
    s = pl.select(pl.when(changes).then(s.str.head(-1) + turned).otherwise(s)).to_series()
    s = s.str.replace_all("Z", "J", literal=True).str.replace("^Y", "J")
    for given, heard in (("E", "I"), ("O", "U"), ("Y", "I")):
        s = s.str.replace_all(given, heard, literal=True)
    s = _single(s)
    silent = s.str.ends_with("H") & (s.str.len_chars() > 2)
    s = pl.select(pl.when(silent).then(s.str.head(-1)).otherwise(s)).to_series()
    return _others(words, s, sound)


def consonants_of(words: pl.Series, sounds: pl.Series) -> pl.Series:
    """`spelling.consonants` of each canonical word, whose sounds are given."""
    head = sounds.str.slice(0, 1).str.replace("[AIU]", "A")
    return _others(words, head + _single(sounds.str.slice(1).str.replace_all("[AIUH]", "")), consonants)


def _single(words: pl.Series) -> pl.Series:
    """Doubled letters as one."""
    at = words.str.contains(_DOUBLED).fill_null(False).arg_true()
    if not len(at):
        return words
    # Polars' patterns know no sign met before, and a turn for each letter takes longer than the few words one by one.
    return words.clone().scatter(at, pl.Series([_BEFORE_ITSELF.sub("", word) for word in words.gather(at)], dtype=pl.String))


def _others(words: pl.Series, quick: pl.Series, slow: Callable[[str], str]) -> pl.Series:
    """Words of other signs than A to Z are read one by one."""
    odd = (~words.str.contains("^[A-Z]*$")).arg_true()
    if not len(odd):
        return quick
    return quick.clone().scatter(odd, pl.Series([slow(word) for word in words.gather(odd)], dtype=pl.String))
