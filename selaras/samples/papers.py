"""The numbers on people's papers: NIK, family card, passports over time, telephones.

On purpose no NIK, family card or Indonesian telephone number can belong to a real person: the serials begin so high
that no civil registry has reached them, and the prefixes are ones that no operator sells. Passport numbers and foreign
telephone numbers are drawn at random and may exist.
"""

from dataclasses import dataclass

import numpy as np

from selaras.samples.people import CHILD, WORKER, YEAR, People
from selaras.samples.places import areas
from selaras.samples.rates import Rates

SERIAL = 8_001
SECOND_SERIAL = 9_001
PASSPORT_PERIOD = (1_500, 1_826)
# letters by year of issue: from, to, letters
SERIES = ((1990, 2010, "RST"), (2010, 2015, "A"), (2015, 2019, "B"), (2019, 2022, "C"), (2022, 2100, "EX"))
TWO_LETTERS = ("XA", "XB", "XC", "XD", "XE", "XF")
STEP = 7_368_787
LANDLESS = ("860", "861", "862", "863", "864", "865", "866", "867", "869")


@dataclass(slots=True, eq=False)
class Papers:
    """Numbers by person; passports as a flat list with `first[i]` the row of person i's first one."""

    nik: np.ndarray
    second_nik: np.ndarray  # 0 for none
    family_card: np.ndarray
    false_birth: np.ndarray  # day on the passport of a worker whose age was falsified; the true day for all others
    fathers_name: np.ndarray  # the passport carries the father's name
    first: np.ndarray
    passports: np.ndarray
    issued: np.ndarray
    period: np.ndarray
    letter: np.ndarray  # row of LETTERS
    number: np.ndarray


LETTERS = (*"RSTABCEX", *TWO_LETTERS)


def parts(day: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of month of day numbers."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    return (
        date.astype("datetime64[Y]").astype(int) + 1970,
        month.astype(int) % 12 + 1,
        (date - month.astype("datetime64[D]")).astype(int) + 1,
    )


def _rank(key: np.ndarray) -> np.ndarray:
    """Number equal keys 0, 1, 2 … in order of appearance."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(key) else np.zeros(0, dtype=bool)
    start = np.maximum.accumulate(np.where(new, np.arange(len(key)), 0))
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - start
    return rank


def nik(district: np.ndarray, birth: np.ndarray, female: np.ndarray, serial: int = SERIAL) -> np.ndarray:
    """Build NIKs by the rule: district code, DDMMYY with 40 added to a woman's day, serial number."""
    year, month, day = parts(birth)
    code = areas().district[district].astype(np.int64)
    prefix = code * 1_000_000 + (day + 40 * female) * 10_000 + month * 100 + year % 100
    return prefix * 10_000 + serial + _rank(prefix)


def _family_cards(rng: np.random.Generator, people: People, today: int) -> np.ndarray:
    """Family card numbers: district, day of issue, serial; one for each family."""
    heads = np.flatnonzero(people.family == np.arange(len(people)))
    issued = today - np.floor(rng.random(len(heads)) * 14 * YEAR).astype(np.int64)
    card = np.zeros(len(people), dtype=np.int64)
    card[heads] = nik(people.district[heads], issued, np.zeros(len(heads), dtype=bool))
    return card[people.family]


def _false_births(rng: np.random.Generator, people: People, rates: Rates) -> np.ndarray:
    """Make some workers older on their passport (the young) or younger (those past forty)."""
    out = people.birth.copy()
    who = np.flatnonzero((people.capacity == WORKER) & (rng.random(len(people)) < rates.workers_with_false_age))
    age = (people.since[who] - people.birth[who]) / YEAR
    year, month, day = parts(people.birth[who])
    shift = np.where(age < 36, -rng.integers(1, 9, len(who)), rng.integers(2, 9, len(who)))
    keep = rng.random(len(who)) < 0.6
    first = rng.random(len(who)) < 0.4
    month = np.where(keep, month, np.where(first, 1, rng.integers(1, 13, len(who))))
    day = np.where(keep, np.minimum(day, 28), np.where(first, 1, rng.integers(1, 29, len(who))))
    start = ((year + shift - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    out[who] = start + day - 1
    return out


def _passports(rng: np.random.Generator, people: People, last: np.ndarray) -> tuple[np.ndarray, ...]:
    """Issue passports from before the first known day until the last; every one has a number of its own."""
    n = len(people)
    issued = people.since - np.floor(5 + rng.random(n) ** 2 * 400).astype(np.int64)
    abroad = people.capacity == CHILD
    issued[abroad] = np.maximum(issued[abroad], people.birth[abroad] + 30)
    period = rng.integers(*PASSPORT_PERIOD, n)
    # one more than the days ask for: lost, or renewed early at a mission
    count = np.maximum((last - issued) // period, 0) + 2
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    owner = np.repeat(np.arange(n), count)
    day = issued[owner] + (np.arange(len(owner)) - first[owner]) * period[owner]
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    letter = np.zeros(len(owner), dtype=np.int8)
    point = rng.random(len(owner))
    for since, until, series in SERIES:
        mine = (year >= since) & (year < until)
        rows = np.array([LETTERS.index(x) for x in series])
        letter[mine] = rows[(point[mine] * len(rows)).astype(int)]
    two = rng.random(len(owner)) < 0.025
    letter[two] = LETTERS.index("XA") + rng.integers(0, len(TWO_LETTERS), two.sum())
    room = np.where(letter >= LETTERS.index("XA"), 1_000_000, 10_000_000)
    number = (_rank(letter) * STEP + 1_234_567 + letter.astype(np.int64) * 91_193) % room
    return first, count, issued.astype(np.int32), period.astype(np.int32), letter, number.astype(np.int32)


def make_papers(rng: np.random.Generator, people: People, last: np.ndarray, rates: Rates, today: int) -> Papers:
    """Draw all numbers; `last` is each person's last known day."""
    false_birth = _false_births(rng, people, rates)
    second = np.zeros(len(people), dtype=np.int64)
    twice = np.flatnonzero(rng.random(len(people)) < rates.persons_with_second_nik)
    away = rng.random(len(twice)) < 0.6
    district = np.where(away, rng.permutation(people.nik_district[twice]), people.nik_district[twice])
    birth = np.where(away, people.birth[twice], false_birth[twice])
    second[twice] = nik(district, birth, people.female[twice], SECOND_SERIAL)
    first, count, issued, period, letter, number = _passports(rng, people, last)
    return Papers(
        nik=nik(people.nik_district, people.birth, people.female),
        second_nik=second,
        family_card=_family_cards(rng, people, today),
        false_birth=false_birth,
        fathers_name=rng.random(len(people)) < rates.passports_with_fathers_name,
        first=first,
        passports=count,
        issued=issued,
        period=period,
        letter=letter,
        number=number,
    )


def mix(value: np.ndarray) -> np.ndarray:
    """Scatter whole numbers over 64 bits, always the same way (the finalizer of splitmix64)."""
    with np.errstate(over="ignore"):
        x = value.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))
