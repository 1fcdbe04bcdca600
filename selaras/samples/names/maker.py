"""Draws full names for many people at once; a name is a row of word numbers until it is written out."""

import numpy as np
import polars as pl

from selaras.samples.names.lists import Customs, Pool

NONE = -1
SLOTS = 4
# cohorts blend: the fashion of a birth year is fuzzy by about this many years
BLEND = 6.0
OLD_UNTIL, NEW_FROM = 1970, 1992


def fashion(rng: np.random.Generator, year: np.ndarray) -> np.ndarray:
    """Give each birth year a fashion: 0 old, 1 middle, 2 new, blending near the borders."""
    felt = year + rng.normal(0, BLEND, len(year))
    return ((felt >= OLD_UNTIL).astype(np.int8) + (felt >= NEW_FROM)).astype(np.int8)


def _draw(rng: np.random.Generator, pool: Pool, style: np.ndarray) -> np.ndarray:
    """Draw one word for each person by its fashion."""
    out = np.empty(len(style), dtype=np.int16)
    point = rng.random(len(style))
    for i in range(3):
        mine = style == i
        cut = pool.weights[i]
        out[mine] = pool.words[i][np.minimum(np.searchsorted(cut, point[mine]), len(cut) - 1)]
    return out


def full_names(
    rng: np.random.Generator, customs: Customs, people: np.ndarray, female: np.ndarray, year: np.ndarray
) -> np.ndarray:
    """Draw a full name for each person: an array (n, 4) of vocabulary rows, NONE where a name has fewer words.

    people: row of the custom; female: truth values; year: birth years. A word is never repeated within a name.
    """
    names = np.full((len(people), SLOTS), NONE, dtype=np.int16)
    style = fashion(rng, year)
    group = people.astype(np.int16) * 2 + female
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(len(customs.peoples) * 2 + 1))
    for g in range(len(customs.peoples) * 2):
        mine = order[bounds[g] : bounds[g + 1]]
        if not len(mine):
            continue
        patterns = customs.patterns[g // 2, bool(g % 2)]
        point = rng.random(len(mine))
        cut = np.cumsum(np.array([pattern.weight for pattern in patterns]), axis=0)
        cut /= cut[-1]
        choice = (point[:, None] > cut[:, style[mine]].T).sum(axis=1)
        for k, pattern in enumerate(patterns):
            those = mine[choice == k]
            for slot, pool in enumerate(pattern.slots):
                names[those, slot] = _draw(rng, pool, style[those])
    return _without_repeats(names)


def _without_repeats(names: np.ndarray) -> np.ndarray:
    """Drop a word that stands twice in a name and close the gap."""
    for slot in range(1, SLOTS):
        for earlier in range(slot):
            names[(names[:, slot] == names[:, earlier]), slot] = NONE
    for _ in range(SLOTS - 1):
        for slot in range(SLOTS - 1):
            gap = names[:, slot] == NONE
            names[gap, slot], names[gap, slot + 1] = names[gap, slot + 1], NONE
    return names


def fathers(rng: np.random.Generator, customs: Customs, people: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Draw the one word by which each person's father is known."""
    out = np.empty(len(people), dtype=np.int16)
    style = fashion(rng, year)
    for i, pool in enumerate(customs.father):
        mine = people == i
        out[mine] = _draw(rng, pool, style[mine])
    return out


def render(customs: Customs, names: np.ndarray) -> pl.Series:
    """Write names out: one string for each row of word numbers, words parted by one space."""
    words = pl.Series("name", [*customs.vocabulary, None], dtype=pl.Utf8)
    end = len(customs.vocabulary)
    columns = [
        words.gather(np.where(names[:, i] == NONE, end, names[:, i]).astype(np.uint32)).alias(str(i))
        for i in range(names.shape[1])
    ]
    return pl.DataFrame(columns).select(name=pl.concat_str(pl.all(), separator=" ", ignore_nulls=True))["name"]
