"""The cache in the database, written as JSON: whoever can write into its table can place values there, but no code.

Django's own backend writes Python's pickle form, and reading a pickle runs what stands in it.
"""

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone

SWEEP = 50
"""One writing in so many looks for what has run out: counting the table at each would cost more than the writing."""


class NotJson(TypeError):
    """A value that would not come out of the cache as it went in."""


def _written(value: Any) -> str:
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as fault:
        raise NotJson(f"a {type(value).__name__} cannot be kept in the cache: only what JSON can say") from fault
    # a tuple would come back as a list, a number as a key as a text
    if not _alike(json.loads(text), value):
        raise NotJson(f"a {type(value).__name__} would come back from the cache as something else")
    return text


def _alike(told: Any, value: Any) -> bool:
    if type(told) is not type(value):
        return False
    if isinstance(told, list):
        return len(told) == len(value) and all(map(_alike, told, value))
    if isinstance(told, dict):
        return told.keys() == value.keys() and all(_alike(told[key], value[key]) for key in told)
    return bool(told == value)


class JsonCache(DatabaseCache):
    """Django's cache table with JSON in it; another form of value is refused, and what is not JSON in the table is not there."""

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Give what is there of these keys and has not run out."""
        asked = {self.make_and_validate_key(key, version=version): key for key in keys}
        connection = connections[router.db_for_read(self.cache_model_class)]
        table = connection.ops.quote_name(self._table)
        found = {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"select cache_key, value from {table} where cache_key = any(%s) and expires >= %s", (list(asked), timezone.now())
            )
            for key, text in cursor.fetchall():
                try:
                    found[asked[key]] = json.loads(text)
                except ValueError:  # an entry of Django's own backend, from before
                    continue
        return found

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Write in one statement, so that of two who add at once one succeeds. `mode`: set, add, touch."""
        database = router.db_for_write(self.cache_model_class)
        connection = connections[database]
        table = connection.ops.quote_name(self._table)
        now = timezone.now()
        ends = self.get_backend_timeout(timeout)
        until = datetime(9999, 12, 1, tzinfo=UTC) if ends is None else datetime.fromtimestamp(ends, tz=UTC)
        with connection.cursor() as cursor:
            if mode == "touch":
                cursor.execute(f"update {table} set expires = %s where cache_key = %s and expires >= %s", (until, key, now))
                return cursor.rowcount == 1
            if random.randrange(SWEEP) == 0:
                self._sweep(database, cursor, now)
            free = "" if mode == "set" else f" where {table}.expires < %s"
            cursor.execute(
                f"insert into {table} (cache_key, value, expires) values (%s, %s, %s) on conflict (cache_key)"
                f" do update set value = excluded.value, expires = excluded.expires{free}",
                (key, _written(value), until, *([now] if free else [])),
            )
            return cursor.rowcount == 1

    def _sweep(self, database: str, cursor: Any, now: datetime) -> None:
        """Remove what has run out, and more when there is still too much."""
        table = connections[database].ops.quote_name(self._table)
        cursor.execute(f"delete from {table} where expires < %s", (now,))
        cursor.execute(f"select count(*) from {table}")
        count = cursor.fetchone()[0]
        if count > self._max_entries:
            self._cull(database, cursor, now, count)
