"""The invented persons: who they are, before any register writes about them."""

from dataclasses import dataclass

import numpy as np

from selaras.samples.journeys import Placements
from selaras.samples.places import areas
from selaras.samples.shares import Shares

WORKER, STUDENT, SPOUSE, CHILD, CREW = range(5)
CAPACITIES = ("worker", "student", "spouse", "child", "crew")
# persons who are only in the citizens' register, by capacity: student holds professionals too
CITIZENS_ONLY = np.array([0.44, 0.29, 0.12, 0.10, 0.05])
WOMEN_ELSE = {STUDENT: 0.52, SPOUSE: 0.84, CHILD: 0.49, CREW: 0.02}
YEAR = 365.25
BLOCK = 200_000


@dataclass(slots=True, eq=False)
class People:
    """One entry per person in every array; days count from 1970-01-01, area columns are rows of the area table."""

    registered: np.ndarray  # in the placement register
    capacity: np.ndarray
    country: np.ndarray  # first destination, row of Shares.countries
    since: np.ndarray  # first known day
    female: np.ndarray
    birth: np.ndarray
    people: np.ndarray  # row of the naming custom
    regency: np.ndarray
    district: np.ndarray
    village: np.ndarray
    nik_district: np.ndarray
    family: np.ndarray
    mother: np.ndarray  # the person who is the mother, -1 when she is in no register
    sibling: np.ndarray  # the person whose parents are shared, -1 for none
    twin: np.ndarray

    def __len__(self) -> int:
        return len(self.birth)


def pick(rng: np.random.Generator, cumulative: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Draw a column for each row number by that row's cumulative shares, in blocks so that memory stays small."""
    out = np.empty(len(rows), dtype=np.int16)
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        point = rng.random(len(part))
        out[start : start + BLOCK] = (point[:, None] >= cumulative[part]).sum(axis=1)
    return np.minimum(out, cumulative.shape[1] - 1)


def _citizens(rng: np.random.Generator, shares: Shares, count: int, today: int) -> tuple[np.ndarray, ...]:
    """Capacity, destination, sex and first day of persons who are only in the citizens' register."""
    capacity = rng.choice(5, count, p=CITIZENS_ONLY).astype(np.int8)
    country = np.empty(count, dtype=np.int8)
    sea = np.zeros(len(shares.countries))
    for iso, weight in (
        ("TWN", 40),
        ("CHN", 16),
        ("USA", 8),
        ("FJI", 8),
        ("ESP", 8),
        ("KOR", 8),
        ("ZAF", 6),
        ("SGP", 6),
    ):
        sea[shares.countries.index(iso)] = weight
    tables = {
        WORKER: shares.unregistered[0],
        STUDENT: shares.unregistered[1],
        SPOUSE: shares.unregistered[2],
        CHILD: shares.unregistered[2],
        CREW: sea / sea.sum(),
    }
    female = np.empty(count, dtype=bool)
    for kind, table in tables.items():
        mine = capacity == kind
        country[mine] = rng.choice(len(table), mine.sum(), p=table)
        women = shares.female[-1][country[mine]] if kind == WORKER else WOMEN_ELSE[kind]
        female[mine] = rng.random(mine.sum()) < women
    # the register opened in 2018 and grows
    first = np.datetime64("2018-01-15", "D").astype(np.int64)
    since = first + (today - first) * rng.random(count) ** 0.75
    return capacity, country, female, np.minimum(since, today - 1).astype(np.int32)


def _birth(
    rng: np.random.Generator,
    shares: Shares,
    capacity: np.ndarray,
    country: np.ndarray,
    female: np.ndarray,
    since: np.ndarray,
) -> np.ndarray:
    """Birth days from the age at the first known day; old papers have many births on 1 January."""
    n = len(capacity)
    mean = shares.first_age[country, np.where(female, 0, 1)]
    age = 18.3 + rng.gamma(2.0, (mean - 18.3) / 2.0)
    young = female & (age < 21) & (capacity == WORKER)
    age[young] = 21 + rng.random(young.sum()) * 4
    for kind, low, shape, scale in ((STUDENT, 18.0, 2.2, 3.0), (SPOUSE, 21.0, 2.5, 5.0), (CREW, 18.5, 2.2, 4.0)):
        mine = capacity == kind
        age[mine] = low + rng.gamma(shape, scale, mine.sum())
    child = capacity == CHILD
    age[child] = rng.random(child.sum()) * 17
    birth = (since - np.minimum(age, 61) * YEAR - rng.random(n) * 60).astype(np.int32)
    heaped = rng.random(n) < np.where(birth < 1826, 0.06, 0.014)
    birth[heaped] = (
        birth[heaped].astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int32)
    )
    return birth


def _homes(rng: np.random.Generator, shares: Shares, province: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Regency, district and village of each person; a regency's districts weigh as many villages as they have."""
    place = areas()
    regency = np.empty(len(province), dtype=np.int16)
    for p, share in enumerate(shares.regency):
        mine = province == p
        regency[mine] = rng.choice(np.flatnonzero(place.province_of == p), mine.sum(), p=share / share.sum())
    return (regency, *_within(rng, regency))


def _within(rng: np.random.Generator, regency: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A district and a village inside each regency."""
    place = areas()
    district = place.district_start[regency] + np.floor(rng.random(len(regency)) * place.district_count[regency])
    district = district.astype(np.int16)
    # three districts of new regencies have no villages in the table yet: their people share the first village there
    count = np.maximum(place.village_count[district], 1)
    village = place.village_start[district] + np.floor(rng.random(len(regency)) * count)
    return district, np.minimum(village, len(place.village) - 1).astype(np.int32)


def make_people(rng: np.random.Generator, shares: Shares, placed: Placements, total: int, today: int) -> People:
    """Draw `total` persons: first those of the placements, then those who are only in the citizens' register."""
    place = areas()
    extra = total - placed.persons
    capacity, country, female, since = _citizens(rng, shares, extra, today)
    start = np.full(placed.persons, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(start, placed.person, placed.day)
    registered = np.arange(total) < placed.persons
    capacity = np.concatenate([np.full(placed.persons, WORKER, dtype=np.int8), capacity])
    country = np.concatenate([placed.first_country, country])
    female = np.concatenate([placed.female, female])
    since = np.concatenate([start, since])
    year = np.minimum(
        since.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970 - shares.years[0],
        len(shares.years) - 1,
    )
    flat = np.cumsum(shares.province, axis=2).reshape(-1, len(place.province))
    province = pick(rng, flat, year * len(shares.countries) + country)
    # students and families come from everywhere more evenly than workers do
    even = np.sqrt(shares.province.mean(axis=(0, 1)))
    others = (capacity != WORKER) & (capacity != CREW)
    province[others] = rng.choice(len(even), others.sum(), p=even / even.sum())
    regency, district, village = _homes(rng, shares, province)
    nik_district = district.copy()
    moved = rng.random(total) < 0.065
    elsewhere = np.where(rng.random(moved.sum()) < 0.4, regency[moved], rng.permutation(regency[moved]))
    nik_district[moved] = _within(rng, elsewhere)[0]
    return People(
        registered=registered,
        capacity=capacity,
        country=country,
        since=since,
        female=female,
        birth=_birth(rng, shares, capacity, country, female, since),
        people=pick(rng, shares.peoples, regency).astype(np.int8),
        regency=regency,
        district=district,
        village=village,
        nik_district=nik_district,
        family=np.arange(total, dtype=np.int32),
        mother=np.full(total, -1, dtype=np.int32),
        sibling=np.full(total, -1, dtype=np.int32),
        twin=np.zeros(total, dtype=bool),
    )
