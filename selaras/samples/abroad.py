"""How registers write places abroad: spellings of countries, towns, telephone numbers."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from selaras.samples.papers import LANDLESS, mix

TABLE = Path(__file__).parent / "abroad.toml"


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """For each country a run of texts in one flat list."""

    text: pl.Series
    start: np.ndarray
    count: np.ndarray

    def take(self, country: np.ndarray, offset: np.ndarray) -> pl.Series:
        """Give the text number `offset` of each country."""
        return self.text.gather((self.start[country] + offset).astype(np.uint32))


@dataclass(frozen=True, slots=True, eq=False)
class Abroad:
    """Spellings, towns and telephone forms by row of the country list."""

    countries: list[str]
    spelled: Choices
    towns: Choices
    dial: pl.Series  # calling code and first digits, with +
    digits: np.ndarray  # digits that follow


def _choices(lists: list[list[str]]) -> Choices:
    """Lay lists end to end."""
    count = np.array([len(x) for x in lists])
    return Choices(pl.Series([x for one in lists for x in one]), np.concatenate([[0], np.cumsum(count)[:-1]]), count)


def load_abroad(countries: list[str]) -> Abroad:
    """Read abroad.toml in the order of `countries`; a country without a row raises KeyError."""
    with TABLE.open("rb") as handle:
        source = tomllib.load(handle)
    rows = [source[c] for c in countries]
    return Abroad(
        countries=countries,
        spelled=_choices([row["spelled"] for row in rows]),
        towns=_choices([row["towns"] for row in rows]),
        dial=pl.Series([f"+{row['phone'][0]}{row['phone'][1]}" for row in rows]),
        digits=np.array([row["phone"][2] for row in rows]),
    )


def spellings(abroad: Abroad) -> pl.DataFrame:
    """All spellings with their ISO3 code: the table `countries.csv`."""
    iso = [c for c, n in zip(abroad.countries, abroad.spelled.count, strict=True) for _ in range(n)]
    return pl.DataFrame({"variant": abroad.spelled.text, "iso3": iso})


def write_country(rng: np.random.Generator, abroad: Abroad, country: np.ndarray, variant: float) -> pl.Series:
    """Write countries, mostly in the usual way."""
    others = abroad.spelled.count[country] - 1
    odd = rng.random(len(country)) < variant
    # later spellings in the list are rarer
    offset = np.where(odd & (others > 0), 1 + np.floor(rng.random(len(country)) ** 1.8 * others), 0)
    return abroad.spelled.take(country, offset)


def write_town(rng: np.random.Generator, abroad: Abroad, country: np.ndarray) -> pl.Series:
    """Write a town of each country, the first ones most often."""
    return abroad.towns.take(country, np.floor(rng.random(len(country)) ** 1.8 * abroad.towns.count[country]))


def home_phone(key: np.ndarray) -> pl.Series:
    """Indonesian mobile numbers for keys, always the same for a key; prefixes that no operator sells."""
    scattered = mix(key)
    prefix = pl.Series(LANDLESS).gather((scattered % np.uint64(len(LANDLESS))).astype(np.uint32))
    digits = pl.Series(((scattered >> np.uint64(8)) % np.uint64(10**8)).astype(np.int64))
    return pl.DataFrame({"p": prefix, "d": digits}).select(
        x=pl.lit("0") + pl.col("p") + pl.col("d").cast(pl.Utf8).str.zfill(8)
    )["x"]


def abroad_phone(abroad: Abroad, key: np.ndarray, country: np.ndarray) -> pl.Series:
    """Mobile numbers in the country of residence."""
    digits = pl.Series((mix(key) % np.uint64(10**10)).astype(np.int64))
    frame = pl.DataFrame({"c": abroad.dial.gather(country.astype(np.uint32)), "d": digits, "n": abroad.digits[country]})
    return frame.select(x=pl.col("c") + pl.col("d").cast(pl.Utf8).str.zfill(10).str.tail(pl.col("n")))["x"]
