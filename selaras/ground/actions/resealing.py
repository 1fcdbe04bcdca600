"""Turns keys: seals again under the current key whatever the ring has sealed, a batch at a time, until none is left.

Who uses the ring stands in HOLDERS; a test holds that list against the code.
"""

from collections.abc import Callable
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db import connection, models
from django.utils.module_loading import import_string

from selaras.engines.sealing import SealBroken
from selaras.ground.act import act, note
from selaras.ground.fields import SealedText
from selaras.ground.keeping import reseal_file
from selaras.ground.keyring import ring
from selaras.ground.models import KeptFile

SESSIONS, SECOND_STEPS = "django_session", "mfa_authenticator.data"
"""The places under which the doors seal: a session's content, and the secrets of a second step."""

Column = tuple[type[models.Model], str, str]


class _AsItIs:
    """Lets the library that signs sessions hand out the sealed bytes, unopened."""

    def dumps(self, raw: bytes) -> bytes:
        return raw

    def loads(self, raw: bytes) -> bytes:
        return raw


def sealed_columns() -> list[Column]:
    """List every column whose values are sealed: model, column, and the place to which the values are bound.

    A table of rows on their way elsewhere says itself for which places its bytes are sealed (`sealed_for`).
    """
    found: list[Column] = [(m, str(f.column), f.place) for m in apps.get_models() for f in m._meta.fields if isinstance(f, SealedText)]
    found += [(m, c, p) for m in apps.get_models() for c, p in getattr(m, "sealed_for", {}).items()]
    return sorted(found, key=lambda column: (column[0]._meta.db_table, column[1]))


def _again(sealed: bytes, place: str) -> bytes:
    return ring().seal_text(ring().open_text(sealed, place), place)


def _values(limit: int) -> int:
    done = 0
    for model, column, place in sealed_columns():
        if done >= limit:
            break
        key, table = cast(Any, model._meta.pk).column, model._meta.db_table
        with connection.cursor() as cursor:
            # Bytes 2 and 3 of a sealed value name its key.
            cursor.execute(
                f'select "{key}", "{column}" from {table} where length("{column}") > 2'
                f' and get_byte("{column}", 1) * 256 + get_byte("{column}", 2) <> %s limit %s',
                (ring().current, limit - done),
            )
            rows = [(pk, bytes(raw)) for pk, raw in cursor.fetchall()]
            # The old value once more: whoever changed it meanwhile has sealed it under the current key.
            fresh = [(_again(raw, place), pk, raw) for pk, raw in rows]
            cursor.executemany(f'update {table} set "{column}" = %s where "{key}" = %s and "{column}" = %s', fresh)
        done += len(rows)
    return done


def _files(limit: int) -> int:
    done = 0
    for kept in KeptFile.objects.order_by("id"):
        if done >= limit:
            break
        done += reseal_file(kept)
    return done


def _sessions(limit: int) -> int:
    """Sessions that are not ours to read, such as those of another secret, are left to run out."""
    salt = import_string(f"{settings.SESSION_ENGINE}.SessionStore")().key_salt
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("select session_key, session_data from django_session")
        for key, text in cursor.fetchall():
            try:
                sealed = signing.loads(text, salt=salt, serializer=cast(Any, _AsItIs))
                if ring().is_current(sealed):
                    continue
                fresh = signing.dumps(_again(sealed, SESSIONS), salt=salt, serializer=cast(Any, _AsItIs), compress=True)
            except (signing.BadSignature, SealBroken):
                continue
            cursor.execute(
                "update django_session set session_data = %s where session_key = %s and session_data = %s", (fresh, key, text)
            )
            done += 1
            if done >= limit:
                break
    return done


def _second_steps(limit: int) -> int:
    """The secrets stand as hexadecimal texts somewhere in the JSON of the library's table."""
    model: Any = apps.get_model("mfa", "Authenticator")
    done = 0
    for row in model.objects.select_for_update().order_by("pk"):
        if done >= limit:
            break
        fresh = _turned(row.data)
        if fresh != row.data:
            row.data = fresh
            row.save(update_fields=["data"])
            done += 1
    return done


def _turned(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _turned(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_turned(value) for value in told]
    if not isinstance(told, str):
        return told
    try:
        sealed = bytes.fromhex(told)
        return told if ring().is_current(sealed) else _again(sealed, SECOND_STEPS).hex()
    except (ValueError, SealBroken):
        return told  # another text, not a secret of ours


HOLDERS: dict[str, Callable[[int], int]] = {
    "values": _values, "files": _files, "sessions": _sessions, "second steps": _second_steps,
}  # fmt: skip


@act
def reseal_values(*, limit: int = 2000) -> int:
    """Seal up to `limit` things again under the current key; give how many were; 0 when all are."""
    turned: dict[str, int] = {}
    for name, turn in HOLDERS.items():
        left = limit - sum(turned.values())
        if left > 0 and (done := turn(left)):
            turned[name] = done
    note(count=sum(turned.values()), turned=turned)
    return sum(turned.values())
