"""Ties people into families: twins, siblings, couples, and mothers with children who are in a register too."""

import numpy as np

from selaras.samples.people import CHILD, YEAR, People
from selaras.samples.rates import Rates


def _sample(rng: np.random.Generator, who: np.ndarray, share: float, total: int) -> np.ndarray:
    """A random part of `who`, as large as `share` of all persons where there are enough."""
    return rng.permutation(who)[: int(share * total)]


def _pairs(people: People, who: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair neighbours of one regency in the order of `key`."""
    order = who[np.lexsort((key, people.regency[who]))]
    even = len(order) // 2 * 2
    first, second = order[:even:2], order[1:even:2]
    same = people.regency[first] == people.regency[second]
    return first[same], second[same]


def _share_home(people: People, first: np.ndarray, second: np.ndarray) -> None:
    """The second person of each pair grew up in the first one's home."""
    for column in (people.people, people.district, people.village):
        column[second] = column[first]
    people.sibling[second] = first


def _take(
    rng: np.random.Generator, pairs: tuple[np.ndarray, np.ndarray], fits: np.ndarray, share: float, total: int
) -> tuple[np.ndarray, np.ndarray]:
    """Of the pairs that fit, a random part in which `share` of all persons stand."""
    chosen = rng.permutation(np.flatnonzero(fits))[: int(share * total / 2)]
    return pairs[0][chosen], pairs[1][chosen]


def _twins(rng: np.random.Generator, people: People, who: np.ndarray, rates: Rates) -> np.ndarray:
    """Twins: same birth day, same district of registration; their NIKs differ only in the serial number."""
    pairs = _pairs(people, who, people.birth[who] + people.female[who] * 100_000)
    near = np.abs(people.birth[pairs[0]] - people.birth[pairs[1]]) < 3 * YEAR
    same = people.female[pairs[0]] == people.female[pairs[1]]
    first, second = _take(rng, pairs, near & same, rates.twins, len(people))
    _share_home(people, first, second)
    people.birth[second] = people.birth[first]
    people.nik_district[second] = people.nik_district[first]
    people.family[second] = people.family[first]
    people.twin[first] = people.twin[second] = True
    return np.concatenate([first, second])


def _siblings(rng: np.random.Generator, people: People, who: np.ndarray, rates: Rates) -> np.ndarray:
    """Siblings: one to twelve years apart, same parents; half of them still on one family card."""
    pairs = _pairs(people, who, people.birth[who] + rng.normal(0, 3.5 * YEAR, len(who)))
    gap = np.abs(people.birth[pairs[0]] - people.birth[pairs[1]])
    first, second = _take(rng, pairs, (gap > 320) & (gap < 12 * YEAR), rates.siblings, len(people))
    _share_home(people, first, second)
    together = rng.random(len(first)) < 0.5
    people.family[second[together]] = people.family[first[together]]
    return np.concatenate([first, second])


def _couples(rng: np.random.Generator, people: People, who: np.ndarray, rates: Rates) -> None:
    """Couples: husband and wife of one regency, one village and one family card."""
    group = _sample(rng, who, rates.couples, len(people))
    sides = []
    for female in (False, True):
        side = group[people.female[group] == female]
        side = side[np.lexsort((people.birth[side] - female * 3 * YEAR, people.regency[side]))]
        regency = people.regency[side]
        rank = np.arange(len(side)) - np.searchsorted(regency, regency)
        sides.append((side, regency.astype(np.int64) * 10_000_000 + rank))
    (men, men_key), (women, women_key) = sides
    _, i, j = np.intersect1d(men_key, women_key, assume_unique=True, return_indices=True)
    husband, wife = men[i], women[j]
    near = np.abs(people.birth[husband] - people.birth[wife]) < 15 * YEAR
    husband, wife = husband[near], wife[near]
    people.district[wife], people.village[wife] = people.district[husband], people.village[husband]
    people.family[wife] = people.family[husband]


def _mothers(rng: np.random.Generator, people: People, children: np.ndarray, min_gap: float, max_gap: float) -> None:
    """Give each child a mother of the register from the same regency, where the ages allow one."""
    women = np.flatnonzero(people.female & (people.capacity != CHILD) & ~people.twin)
    women = women[np.argsort(people.regency[women], kind="stable")]
    start = np.searchsorted(people.regency[women], people.regency[children])
    count = np.searchsorted(people.regency[women], people.regency[children], side="right") - start
    for _ in range(4):
        guess = women[np.minimum(start + np.floor(rng.random(len(children)) * count).astype(np.int64), len(women) - 1)]
        gap = people.birth[children] - people.birth[guess]
        fits = (gap > min_gap * YEAR) & (gap < max_gap * YEAR) & (count > 0) & (people.mother[children] < 0)
        child, mother = children[fits], guess[fits]
        people.mother[child] = mother
        for column in (people.people, people.district, people.village, people.nik_district):
            column[child] = column[mother]
        people.family[child] = people.family[mother]
        people.country[child] = np.where(people.capacity[child] == CHILD, people.country[mother], people.country[child])


def tie_families(rng: np.random.Generator, people: People, rates: Rates) -> None:
    """Tie twins, siblings, couples and children together; changes `people` in place."""
    adults = np.flatnonzero(people.capacity != CHILD)
    taken = np.zeros(len(people), dtype=bool)
    taken[_twins(rng, people, adults, rates)] = True
    taken[_siblings(rng, people, adults[~taken[adults]], rates)] = True
    _couples(rng, people, adults[~taken[adults]], rates)
    children = np.flatnonzero(people.capacity == CHILD)
    _mothers(rng, people, children, 18, 42)
    young = adults[~taken[adults] & (people.birth[adults] > 14 * YEAR)]
    _mothers(rng, people, _sample(rng, young, rates.mothers_known, len(people)), 17, 38)


def namesakes(rng: np.random.Generator, people: People, rates: Rates) -> tuple[np.ndarray, np.ndarray]:
    """Choose pairs of one people and sex, no kin, and give both the same birth day; their names are made equal later."""
    who = np.flatnonzero((people.capacity != CHILD) & (people.sibling < 0) & ~people.twin & (people.mother < 0))
    who = np.setdiff1d(who, np.concatenate([people.sibling, people.mother]))
    order = who[np.lexsort((people.birth[who], people.female[who], people.people[who]))]
    even = len(order) // 2 * 2
    pairs = order[:even:2], order[1:even:2]
    same = (people.people[pairs[0]] == people.people[pairs[1]]) & (people.female[pairs[0]] == people.female[pairs[1]])
    near = np.abs(people.birth[pairs[0]] - people.birth[pairs[1]]) < YEAR
    first, second = _take(rng, pairs, same & near, rates.namesakes, len(people))
    people.birth[second] = people.birth[first]
    return first, second
