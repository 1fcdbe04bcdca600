"""Turns keys: seals values and files again under the current key, a batch at a time, until none is left."""

from typing import Any, cast

from django.apps import apps
from django.db import connection, models

from selaras.ground.act import act, note
from selaras.ground.fields import SealedText
from selaras.ground.keeping import reseal_file
from selaras.ground.keyring import ring
from selaras.ground.models import KeptFile


def sealed_columns() -> list[tuple[type[models.Model], SealedText]]:
    """List every column of every table whose values are sealed."""
    found = [(m, f) for m in apps.get_models() for f in m._meta.fields if isinstance(f, SealedText)]
    return sorted(found, key=lambda pair: pair[1].place)


def _stale(model: type[models.Model], field: SealedText, limit: int) -> list[tuple[Any, bytes]]:
    key, column, table = cast(Any, model._meta.pk).column, field.column, model._meta.db_table
    with connection.cursor() as cursor:
        # Bytes 2 and 3 of a sealed value name its key.
        cursor.execute(
            f'select "{key}", "{column}" from {table} where "{column}" is not null'
            f' and get_byte("{column}", 1) * 256 + get_byte("{column}", 2) <> %s limit %s',
            (ring().current, limit),
        )
        return [(pk, bytes(raw)) for pk, raw in cursor.fetchall()]


@act
def reseal_values(*, limit: int = 2000) -> int:
    """Seal up to `limit` values and files again under the current key; give how many were; 0 when all are."""
    done = 0
    for model, field in sealed_columns():
        rows = _stale(model, field, limit - done)
        key, column, table = cast(Any, model._meta.pk).column, field.column, model._meta.db_table
        fresh = [(ring().seal_text(ring().open_text(raw, field.place), field.place), pk) for pk, raw in rows]
        with connection.cursor() as cursor:
            cursor.executemany(f'update {table} set "{column}" = %s where "{key}" = %s', fresh)
        done += len(rows)
        if done >= limit:
            break
    for kept in KeptFile.objects.order_by("id") if done < limit else ():
        if reseal_file(kept):
            done += 1
        if done >= limit:
            break
    note(count=done)
    return done
