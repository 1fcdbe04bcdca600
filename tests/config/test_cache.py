"""The cache: what rests in its table is JSON, so nothing that is put there runs; rate limits need it to be atomic."""

import base64
import os
import pickle
import threading
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.core.cache import cache
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from selaras.config.cache import NotJson
from selaras.ground.scope import acting
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


class Bomb:
    """Runs a command in whoever unpickles it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.path),))


def test_a_pickle_that_somebody_places_in_the_table_does_not_run(tmp_path: Path):
    cache.set("limit", 1, 60)
    bomb = base64.b64encode(pickle.dumps(Bomb(tmp_path / "run"))).decode()
    with connection.cursor() as cursor:
        cursor.execute("update selaras_cache set value = %s where cache_key like '%%limit'", [bomb])
        assert cursor.rowcount == 1
    assert cache.get("limit") is None and cache.get_many(["limit"]) == {}
    assert not (tmp_path / "run").exists()
    assert cache.add("limit", 2, 60) is False, "it stands, though nobody can read it; it runs out like any other"
    cache.set("limit", 3, 60)
    assert cache.get("limit") == 3


def test_no_cache_and_no_session_is_written_as_pickle():
    for name, told in settings.CACHES.items():
        assert told["BACKEND"] == "selaras.config.cache.JsonCache", name
    assert settings.SESSION_SERIALIZER == "selaras.doors.office.sessions.Sealed"
    assert issubclass(import_module(settings.SESSION_ENGINE).SessionStore, Stored)  # in the database, not in the cache
    assert "pickle" not in Path("selaras/doors/office/sessions.py").read_text()


@given(JSON)
def test_what_json_can_say_comes_back_as_it_went_in(value: Any):
    cache.set("value", value, 60)
    assert cache.get("value", "nothing") == value


THING = pytest.param(object(), id="object")  # its repr would be another in each process


@pytest.mark.parametrize("value", [b"x", {1, 2}, (1, 2), {1: 2}, [(1,)], float("nan"), timedelta(1), THING], ids=repr)
def test_anything_else_is_refused_loudly(value: Any):
    with pytest.raises(NotJson):
        cache.set("value", value, 60)
    assert cache.get("value") is None


def test_what_has_run_out_is_not_there_and_can_be_added_again():
    cache.set("a", 1, 60)
    assert not cache.add("a", 2, 60) and cache.get("a") == 1
    assert cache.touch("a", -1) and cache.get("a") is None and not cache.touch("a", 60)
    assert cache.add("a", 2, 60) and cache.get("a") == 2 and "a" in cache
    cache.set("ever", 1, None)
    assert cache.get("ever") == 1
    assert cache.incr("a") == 3 and cache.delete("a") and not cache.delete("a")


def test_of_many_who_add_at_once_one_succeeds():
    won: list[int] = []
    start = threading.Barrier(6)

    def one(number: int) -> None:
        start.wait(10)
        if cache.add("lock", number, 60):
            won.append(number)
        connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and cache.get("lock") == won[0]


def test_what_has_run_out_is_swept_and_too_much_is_culled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("selaras.config.cache.SWEEP", 1)
    for n in range(20):
        cache.set(f"old{n}", n, -1)
    cache.set("new", 1, 60)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from selaras_cache")
        assert cursor.fetchone() == (1,)
        monkeypatch.setattr(cache._connections["default"], "_max_entries", 10)
        for n in range(30):
            cache.set(f"many{n}", n, 60)
        cursor.execute("select count(*) from selaras_cache")
        assert cursor.fetchone()[0] <= 12


def test_a_refused_value_leaves_the_transaction_whole():
    with acting(actor("desk")):
        with pytest.raises(NotJson):
            cache.set("x", b"1", 60)
        assert cache.get("x") is None
