"""Loads the word lists and naming customs into arrays that a whole nation can be drawn from."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FASHIONS = ("old", "mid", "new")
TAIL = 0.10
# names are unequal, as in life: the first words of a list are borne by many, the last by few
FLATNESS, STEEPNESS = 5.0, 0.8


@dataclass(frozen=True, slots=True)
class Pool:
    """Words to draw from: row numbers of the vocabulary and their cumulative weights, one pair for each fashion."""

    words: tuple[np.ndarray, np.ndarray, np.ndarray]
    weights: tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to form a name: its weight by fashion and the pools of its words in order."""

    weight: tuple[float, float, float]
    slots: tuple[Pool, ...]


@dataclass(frozen=True, slots=True)
class Customs:
    """All peoples' customs: vocabulary, patterns by (people, sex), and the pool of fathers' names."""

    vocabulary: list[str]
    peoples: list[str]
    patterns: dict[tuple[int, bool], list[Pattern]]
    father: list[Pool]


def _words(text: str) -> tuple[list[str], list[float]]:
    """Split a list of words into words and weights; without a weight of its own a word's weight falls with its rank."""
    names, weights = [], []
    for rank, item in enumerate(text.split()):
        word, star, own = item.partition("*")
        names.append(word.replace("_", " "))
        weights.append(float(own) if star else (rank + FLATNESS) ** -STEEPNESS)
    return names, weights


def _tail(text: str) -> list[str]:
    """Join every beginning with every ending of a tail pool."""
    starts, ends = (part.split() for part in text.split("|"))
    return [start + end for start in starts for end in ends]


class _Vocabulary:
    """Gives every distinct word one number."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def numbers(self, words: list[str]) -> np.ndarray:
        return np.array([self.rows.setdefault(word, len(self.rows)) for word in words], dtype=np.int16)


def _pool(vocabulary: _Vocabulary, source: str | dict[str, str], tail: str | None) -> Pool:
    """Build one pool; a tail's words share a tenth of the weight."""
    words, weights = [], []
    for fashion in FASHIONS:
        names, weight = _words(source if isinstance(source, str) else source[fashion])
        share = np.array(weight) / sum(weight)
        if tail:
            extra = _tail(tail)
            names += extra
            share = np.concatenate([share * (1 - TAIL), np.full(len(extra), TAIL / len(extra))])
        words.append(vocabulary.numbers(names))
        weights.append(np.cumsum(share))
    return Pool(tuple(words), tuple(weights))


def _pattern(line: str, pools: dict[str, Pool], vocabulary: _Vocabulary) -> Pattern:
    """Read one pattern line such as `10 17 12 : siti islam_f`."""
    weight, slots = line.split(" : ")
    found = tuple(pools[slot] if slot[0] != "=" else _pool(vocabulary, slot[1:], None) for slot in slots.split())
    old, mid, new = (float(part) for part in weight.split())
    return Pattern((old, mid, new), found)


@lru_cache(maxsize=1)
def load_customs() -> Customs:
    """Read pools.toml and customs.toml; a pattern that names an unknown pool raises KeyError."""
    with (HERE / "pools.toml").open("rb") as handle:
        source = tomllib.load(handle)
    with (HERE / "customs.toml").open("rb") as handle:
        customs = tomllib.load(handle)
    vocabulary = _Vocabulary()
    pools = {key: _pool(vocabulary, value, source["tails"].get(key)) for key, value in source["pools"].items()}
    patterns = {
        (i, female): [_pattern(line, pools, vocabulary) for line in custom["f" if female else "m"]]
        for i, custom in enumerate(customs.values())
        for female in (False, True)
    }
    father = [pools[custom["father"]] for custom in customs.values()]
    return Customs(list(vocabulary.rows), list(customs), patterns, father)
