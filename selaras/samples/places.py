"""Reads the tables of places for the samples: home areas, countries, missions, regional offices."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

DATA = Path(str(files("selaras"))) / "ground" / "data"
VENDOR = DATA / "vendor"


class PlacesMissing(RuntimeError):
    """The area tables are not there: the assets step has not been run."""


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """The areas as columns: official codes without dots; every `*_of` is a row number one level up."""

    province: np.ndarray
    province_name: np.ndarray
    regency: np.ndarray
    regency_name: np.ndarray
    province_of: np.ndarray
    district: np.ndarray
    regency_of: np.ndarray
    village: np.ndarray
    village_name: np.ndarray
    district_of: np.ndarray
    district_start: np.ndarray
    district_count: np.ndarray
    village_start: np.ndarray
    village_count: np.ndarray


def table(name: str) -> list[dict[str, str]]:
    """Give the rows of one committed table of places, for example `missions` or `countries_id`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _level(name: str) -> tuple[list[str], list[str]]:
    """Read one level of areas, sorted by code without dots."""
    path = VENDOR / f"{name}.csv"
    if not path.exists():
        raise PlacesMissing(f"The table of areas {name}.csv is missing: run the assets step first (make test does it).")
    frame = pl.read_csv(path, infer_schema=False).with_columns(pl.col("code").str.replace_all(".", "", literal=True))
    frame = frame.sort("code")
    return frame["code"].to_list(), frame["name"].to_list()


def _parents(codes: list[str], parents: list[str], width: int) -> np.ndarray:
    """Row number of the parent of each code, which is its own first `width` digits."""
    row = {code: i for i, code in enumerate(parents)}
    return np.array([row[code[:width]] for code in codes], dtype=np.int32)


@lru_cache(maxsize=1)
def areas() -> Areas:
    """Load the 38 provinces, 514 regencies, their districts and villages; raises PlacesMissing without the tables."""
    province, province_name = _level("provinces")
    regency, regency_name = _level("regencies")
    district, _ = _level("districts")
    village, village_name = _level("villages")
    regency_of = _parents(district, regency, 4)
    district_of = _parents(village, district, 6)
    return Areas(
        province=np.array(province),
        province_name=np.array([name.upper() for name in province_name]),
        regency=np.array(regency),
        regency_name=np.array([short_regency(name) for name in regency_name]),
        province_of=_parents(regency, province, 2),
        district=np.array(district),
        regency_of=regency_of,
        village=np.array(village),
        village_name=np.array([name.upper() for name in village_name]),
        district_of=district_of,
        district_start=np.searchsorted(regency_of, np.arange(len(regency))).astype(np.int32),
        district_count=np.bincount(regency_of, minlength=len(regency)).astype(np.int32),
        village_start=np.searchsorted(district_of, np.arange(len(district))).astype(np.int32),
        village_count=np.bincount(district_of, minlength=len(district)).astype(np.int32),
    )


def short_regency(name: str) -> str:
    """Write a regency as registers do: `Kabupaten Indramayu` is INDRAMAYU, `Kota Cirebon` stays KOTA CIREBON."""
    return name.upper().removeprefix("KABUPATEN ").removeprefix("KAB. ")
