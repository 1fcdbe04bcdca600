"""When and where people went: placements year by year, so that every published margin is met."""

from dataclasses import dataclass

import numpy as np

from selaras.samples.shares import Shares

REPEAT_SAME_COUNTRY = 0.85


@dataclass(slots=True, eq=False)
class Placements:
    """Placements, one row each; `person` counts from 0 to `persons` - 1; days are days since 1970-01-01."""

    persons: int
    person: np.ndarray
    country: np.ndarray
    year: np.ndarray
    day: np.ndarray
    renewal: np.ndarray
    female: np.ndarray  # by person
    first_country: np.ndarray  # by person
    first_year: np.ndarray  # by person


def _quota(total: int, shares: np.ndarray) -> np.ndarray:
    """Split a whole number by shares, largest remainders first."""
    exact = total * shares / shares.sum()
    whole = np.floor(exact).astype(np.int64)
    short = total - whole.sum()
    if short:
        whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return whole


def _fill(rng: np.random.Generator, want: np.ndarray, taken: np.ndarray, count: int) -> np.ndarray:
    """Give `count` newcomers the countries that a year still lacks, in random order."""
    lack = np.maximum(want - taken, 0)
    out = np.repeat(np.arange(len(want)), _quota(count, lack if lack.sum() else want)).astype(np.int8)
    rng.shuffle(out)
    return out


def _choose(rng: np.random.Generator, pool: np.ndarray, count: int) -> np.ndarray:
    """Choose without putting back."""
    return rng.permutation(pool)[:count] if count < len(pool) else pool


def placements(
    rng: np.random.Generator, shares: Shares, persons: int, rows: int, twice: float, today: int
) -> Placements:
    """Let `persons` people have `rows` placements up to `today`, the share `twice` counted again on renewal."""
    quota = _quota(rows, shares.placed)
    doubles = np.floor(quota * twice).astype(np.int64)
    doubles[:2] = 0
    later = quota[2:].sum()
    again = np.zeros_like(quota)
    again[2:] = np.floor(quota[2:] * max(rows - persons - doubles.sum(), 0) / later).astype(np.int64)
    fresh = quota - doubles - again
    fresh[-1] += persons - fresh.sum()
    again[-1] = quota[-1] - doubles[-1] - fresh[-1]
    last_year = np.full(persons, -1, dtype=np.int8)
    last_country = np.zeros(persons, dtype=np.int8)
    female = np.zeros(persons, dtype=bool)
    first_country = np.zeros(persons, dtype=np.int8)
    first_year = np.zeros(persons, dtype=np.int8)
    parts: list[tuple[np.ndarray, np.ndarray, int, bool]] = []
    seen = 0
    for y in range(len(quota)):
        known = last_year[:seen]
        repeats = _choose(
            rng, np.flatnonzero((known >= y - 4) & (known <= y - 2) & (known >= 0)), max(int(again[y]), 0)
        )
        where = last_country[repeats].copy()
        moving = rng.random(len(repeats)) > REPEAT_SAME_COUNTRY
        where[moving] = rng.choice(len(shares.countries), moving.sum(), p=shares.destination[y])
        # a short pool leaves places free: newcomers take them, and the last year settles the account
        count = min(int(fresh[y] + again[y] - len(repeats)), persons - seen)
        if y == len(quota) - 1:
            count = persons - seen
        want = _quota(int(quota[y]), shares.destination[y])
        new = np.arange(seen, seen + count, dtype=np.int64)
        seen += count
        to = _fill(rng, want, np.bincount(where, minlength=len(want)), count)
        female[new] = rng.random(count) < shares.female[y, to]
        first_country[new], first_year[new] = to, y
        last_year[repeats], last_country[repeats] = y, where
        last_year[new], last_country[new] = y, to
        parts += [(repeats, where, y, False), (new, to, y, False)]
        base, base_to = (repeats, where) if len(repeats) >= doubles[y] else (new, to)
        pick = _choose(rng, np.arange(len(base)), int(doubles[y]))
        parts.append((base[pick], base_to[pick], y, True))
    person = np.concatenate([p for p, _, _, _ in parts])
    country = np.concatenate([c for _, c, _, _ in parts]).astype(np.int8)
    year = np.repeat(np.array([y for _, _, y, _ in parts], dtype=np.int8), [len(p) for p, _, _, _ in parts])
    renewal = np.repeat(np.array([r for _, _, _, r in parts]), [len(p) for p, _, _, _ in parts])
    day = _days(rng, shares, person, year, renewal, today)
    return Placements(persons, person, country, year, day, renewal, female, first_country, first_year)


def _days(
    rng: np.random.Generator, shares: Shares, person: np.ndarray, year: np.ndarray, renewal: np.ndarray, today: int
) -> np.ndarray:
    """Draw a day in the season of each year; a double count follows its renewal within three months."""
    month = np.empty(len(person), dtype=np.int64)
    for y in range(len(shares.years)):
        mine = year == y
        month[mine] = rng.choice(12, mine.sum(), p=shares.month[y])
    start = ((shares.years[year] - 1970) * 12 + month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    day = start + np.floor(rng.random(len(person)) * 28).astype(np.int64)
    # offices are closed on Sundays: 1970-01-04 was one
    day += (day - 3) % 7 == 0
    order = np.lexsort((renewal, year, person))
    doubled = np.flatnonzero(renewal[order])
    after = np.floor(rng.random(len(doubled)) ** 2 * 90).astype(np.int64)
    day[order[doubled]] = day[order[doubled - 1]] + after
    late = day > today
    day[late] = today - np.floor(rng.random(late.sum()) * 20).astype(np.int64)
    return day.astype(np.int32)
