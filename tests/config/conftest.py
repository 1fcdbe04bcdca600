"""Embedded databases for the tests of this folder: one that is common, one that is made anew."""

import shutil
import tempfile
from pathlib import Path

import pytest

from selaras.config.embedded import Embedded, Urls


@pytest.fixture
def fresh(tmp_path):
    """A database not yet made; as root, pytest's folders are closed, so it will keep its data under /var/lib."""
    database = Embedded(tmp_path / "pg")
    yield database
    database.remove()


@pytest.fixture(scope="package")
def made(tmp_path_factory):
    """One database for the tests that only look or stop and start: making one takes a second."""
    database = Embedded(tmp_path_factory.mktemp("one") / "pg")
    database.ensure()
    yield database
    database.remove()


@pytest.fixture
def embedded(made):
    """The common database, running, and afterwards without what the test wrote beside it."""
    made.ensure()
    yield made
    (made.status().data / "local.conf").unlink(missing_ok=True)


@pytest.fixture
def running(embedded) -> Urls:
    """The addresses of the common database."""
    return embedded.ensure()


@pytest.fixture
def open_folder():
    """A folder whose parents let everybody pass, as an ordinary clone's do."""
    folder = Path(tempfile.mkdtemp(prefix="selaras-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
