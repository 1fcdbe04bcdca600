"""Published shares that the invented nation follows, as arrays by year, country, province and regency."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from selaras.samples.names import load_customs
from selaras.samples.places import areas

HERE = Path(__file__).parent
# from this year on the newest published shares by province hold; before it the cumulative ones
RECENT_FROM = 2020
# a town sends fewer workers than a regency with the same number of villages
TOWN_WEIGHT = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """The jobs of one destination and sex: row numbers of `Shares.jobs` and cumulative weights."""

    rows: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """All shares; Y years, C countries, P provinces, R regencies. Rows of a share sum to 1 unless said otherwise."""

    years: np.ndarray  # (Y,) calendar years
    placed: np.ndarray  # (Y,) registered placements, as shares of all years
    female: np.ndarray  # (Y, C) share of women among a year's placements to a country
    month: np.ndarray  # (Y, 12)
    countries: list[str]  # ISO3
    destination: np.ndarray  # (Y, C)
    contract: np.ndarray  # (C,) months
    first_age: np.ndarray  # (C, 2) mean age at first placement, women and men
    reports: np.ndarray  # (C,) share of registered workers abroad who do their lapor diri
    unregistered: np.ndarray  # (3, C) where people live who are in the citizens' register only: worker, student, spouse
    province: np.ndarray  # (Y, C, P) home province given destination
    regency: list[np.ndarray]  # for each province the shares of its regencies, in the order of the area table
    peoples: np.ndarray  # (R, customs), cumulative
    jobs: list[tuple[str, str]]  # (job, FORMAL or INFORMAL)
    job: dict[tuple[int, bool], Job]  # by (country, female)
    scheme: np.ndarray  # (C, 4) cumulative: p_to_p, g_to_g, self_placed, own_company


def _interpolate(years: np.ndarray, anchors: list[int], values: list[float]) -> np.ndarray:
    """Fill the years between anchor years in a straight line."""
    return np.interp(years, anchors, values)


def _female(destination: np.ndarray, base: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Shift each country's share of women so that every year's total share is the published one."""
    out = np.empty_like(destination)
    logit = np.log(base / (1 - base))
    for y, share in enumerate(target):
        low, high = -8.0, 8.0
        for _ in range(50):
            middle = (low + high) / 2
            women = 1 / (1 + np.exp(-(logit + middle)))
            low, high = (middle, high) if (women * destination[y]).sum() < share else (low, middle)
        out[y] = 1 / (1 + np.exp(-(logit + (low + high) / 2)))
    return out


def _home(destination: np.ndarray, province: np.ndarray, affinity: np.ndarray) -> np.ndarray:
    """Balance provinces against destinations (Sinkhorn): both margins stay as published, pairs follow the affinity."""
    out = np.empty((*destination.shape, province.shape[1]))
    for y in range(len(destination)):
        joint = affinity * destination[y][:, None] * province[y]
        for _ in range(60):
            joint *= (province[y] / joint.sum(axis=0))[None, :]
            joint *= (destination[y] / joint.sum(axis=1))[:, None]
        out[y] = joint / joint.sum(axis=1, keepdims=True)
    return out


def _regencies(named: dict[str, float]) -> list[np.ndarray]:
    """Share out each province among its regencies: named ones as given, the rest by number of villages."""
    place = areas()
    villages = np.bincount(place.regency_of[place.district_of], minlength=len(place.regency)).astype(float)
    villages[np.char.startswith(place.regency_name, "KOTA ")] *= TOWN_WEIGHT
    given = np.array([named.get(code, 0.0) for code in place.regency]) / 100
    shares = []
    for p in range(len(place.province)):
        mine = np.flatnonzero(place.province_of == p)
        rest = np.where(given[mine] == 0, villages[mine], 0)
        shares.append(given[mine] + rest / max(rest.sum(), 1) * (1 - given[mine].sum()))
    return shares


def _peoples(source: dict[str, dict[str, float]], customs: list[str]) -> np.ndarray:
    """Cumulative shares of the peoples in each regency, by the regency's own row or its province's."""
    place = areas()
    out = np.zeros((len(place.regency), len(customs)))
    for r, code in enumerate(place.regency):
        for people, weight in (source.get(code) or source[code[:2]]).items():
            out[r, customs.index(people)] = weight
    return np.cumsum(out / out.sum(axis=1, keepdims=True), axis=1)


def _jobs(source: dict[str, dict[str, str]], countries: list[str]) -> tuple[list[tuple[str, str]], dict]:
    """Read the jobs of each destination and sex."""
    known: dict[tuple[str, str], int] = {}
    table = {}
    for c, country in enumerate(countries):
        for female in (False, True):
            rows = source["f" if female else "m"]
            parts = [part.split(":") for part in rows.get(country, rows["others"]).split()]
            number = [known.setdefault((job, sector), len(known)) for job, sector, _ in parts]
            weight = np.cumsum([float(w) for _, _, w in parts])
            table[c, female] = Job(np.array(number, dtype=np.int8), weight / weight[-1])
    return list(known), table


@lru_cache(maxsize=1)
def load_shares() -> Shares:
    """Read shares.toml and balance it; needs the area tables (PlacesMissing without them)."""
    with (HERE / "shares.toml").open("rb") as handle:
        source = tomllib.load(handle)
    place = areas()
    table = source["years"]
    years = table["first"] + np.arange(len(table["placed"]))
    placed = np.array(table["placed"]) * np.array(table["kept"])
    month = np.tile(table["month"], (len(years), 1))
    month[np.arange(len(years)), np.array(table["lebaran"]) - 1] *= 0.82
    month[-1, 11:] = 0  # the last year ends in November
    countries = list(source["countries"])
    rows = np.array(list(source["countries"].values()))
    flows = source["destinations"]
    destination = np.array(
        [_interpolate(years, flows["anchors"], flows.get(c, [0] * len(flows["anchors"]))) for c in countries]
    ).T
    destination /= destination.sum(axis=1, keepdims=True)
    affinity = np.ones((len(countries), len(place.province)))
    for country, homes in source["affinity"].items():
        for code, factor in homes.items():
            affinity[countries.index(country), list(place.province).index(code)] = factor
    home = np.array([source["provinces"][code] for code in place.province], dtype=float)
    home /= home.sum(axis=0)
    province = np.where((years >= RECENT_FROM)[:, None], home[:, 1], home[:, 0])
    jobs, job = _jobs(source["jobs"], countries)
    scheme = np.cumsum([source["schemes"].get(c, source["schemes"]["others"]) for c in countries], axis=1) / 100
    return Shares(
        years=years,
        placed=placed / placed.sum(),
        female=_female(destination, rows[:, 0], np.array(table["female"])),
        month=month / month.sum(axis=1, keepdims=True),
        countries=countries,
        destination=destination,
        contract=rows[:, 1],
        first_age=rows[:, 2:4],
        reports=rows[:, 4],
        unregistered=(rows[:, 5:8] / rows[:, 5:8].sum(axis=0)).T,
        province=_home(destination + 1e-12, province, affinity),
        regency=_regencies(source["regencies"]),
        peoples=_peoples(source["peoples"], load_customs().peoples),
        jobs=jobs,
        job=job,
        scheme=scheme,
    )
