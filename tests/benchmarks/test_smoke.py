"""The benchmarks still run: a few people, a few questions; nothing is timed here."""

import polars as pl
import pytest

from benchmarks.explain import examine, somebody
from benchmarks.population import fill
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")
KEYS = {"nation": "reviewer", "regency": "dinas", "mission": "hongkong"}


@pytest.fixture
def people(committed, tmp_path) -> pl.DataFrame:
    fill(500, tmp_path / "targets.parquet", chunk=300)
    return pl.read_parquet(tmp_path / "targets.parquet")


def test_the_invented_people_are_found_by_every_question_that_is_explained(people):
    assert people.height == 500
    for kind, key in KEYS.items():
        asked = {name: plans for name, _, plans in examine(actor(key), somebody(people, kind))}
        assert asked["find by number"] and asked["open person"]
        assert asked["find by name"][0].lines
