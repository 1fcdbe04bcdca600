"""Fixtures of all tests: a clone of the template, the cast, and the guard that row-level security holds."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

from selaras.ground.scope import Actor, acting
from tests import database
from tests.cast import actor

# A busy machine is not a fault of the code: Hypothesis looks for wrong answers here, not for slow ones.
hypothesis.settings.register_profile("selaras", deadline=None)
hypothesis.settings.load_profile("selaras")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs the builders' shared data unless SHARED=1 says that it is there; give browsers on a busy machine time."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(900))
    if os.environ.get("SHARED") != "1":
        left_out = [i for i in items if i.get_closest_marker("shared")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [i for i in items if not i.get_closest_marker("shared")]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """Clone the template for this run, check the role, and drop the clone afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        name = database.clone()
        database.guard()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.drop(name)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> Iterator[None]:
    """Give each test folders of its own for files, work and seals."""
    before = (settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS)
    settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS = (
        str(tmp_path / n) for n in ("files", "work", "seals")
    )
    yield
    settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS = before


@pytest.fixture
def db_both(request: pytest.FixtureRequest) -> None:
    """Use both connections inside a transaction that is rolled back: for verbs whose refusals are not read back."""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Let the test commit for real, on several connections; empty the tables afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        try:
            yield
        finally:
            cache.clear()
            for connection in connections.all(initialized_only=True):
                connection.close()
            database.empty()


@pytest.fixture
def as_(django_db_setup: None) -> Callable[[str], AbstractContextManager[Actor]]:
    """Act as a member of the cast: `with as_("desk"):`."""
    return lambda key: acting(actor(key))


@pytest.fixture(scope="session", autouse=True)
def _no_leftovers() -> Iterator[None]:
    yield
    shutil.rmtree(Path(settings.SELARAS_WORK), ignore_errors=True)
