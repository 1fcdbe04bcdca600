"""One small nation for all tests of the samples."""

from pathlib import Path

import polars as pl
import pytest

from selaras.samples.nation import make_nation, make_world
from selaras.samples.world import World

PEOPLE, SEED = 20_000, 7


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("nation")
    make_nation(PEOPLE, SEED, out, messy=True, xlsx=True)
    return out


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(PEOPLE, SEED)


@pytest.fixture(scope="session")
def tables(folder: Path) -> dict[str, pl.DataFrame]:
    names = ("s", "p", "truth", "persons", "events", "returns", "returns_truth")
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in names}


@pytest.fixture(scope="session")
def pairs(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Every true pair of a placement row and a report of the same person."""
    truth = tables["truth"].filter(pl.col("person_id") >= 0)
    s = truth.join(tables["s"], left_on="rec_id", right_on="id_s")
    return s.join(truth.join(tables["p"], left_on="rec_id", right_on="id_p"), on="person_id", suffix="_p")
