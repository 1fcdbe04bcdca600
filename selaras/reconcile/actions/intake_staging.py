"""Brings rows into the staging table, batch by batch, as long as this try is the one that may write."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from uuid6 import uuid7

from selaras.engines.reading import Batch, Reject
from selaras.ground.scope import Actor, acting
from selaras.reconcile.actions.intake_rows import Sealer, marker, too_long
from selaras.reconcile.models import Delivery
from selaras.reconcile.models import Reject as RejectRow

COPY = (
    "copy reconcile_stagedrow (delivery_id, attempt, record_id, row_id, line, content, values, country, country_text, capacity,"
    " event_date) from stdin (format binary)"
)
TYPES = ("uuid", "uuid", "uuid", "varchar", "int4", "bytea", "bytea", "varchar", "varchar", "varchar", "date")


class Cancelled(Exception):
    """Somebody asked to stop this delivery."""


class Superseded(Exception):
    """Another try has taken this delivery up: this one may write nothing more."""


def begin(delivery_id: UUID, actor: Actor) -> tuple[Delivery, UUID] | None:
    """Start a try: from now on only it may write, and the staging of tries before it is empty. None: nothing to do."""
    with acting(actor):
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("file", "source").filter(pk=delivery_id).first()
        if delivery is None or delivery.state not in (Delivery.State.RECEIVED, Delivery.State.READING):
            return None
        empty_staging(delivery_id)
        forget_rejects(delivery_id)
        attempt = uuid7()
        delivery.attempt = attempt
        delivery.state = Delivery.State.READING
        delivery.fault = None
        delivery.progress = {"stage": "opening", "done": 0, "total": None, "started": timezone.now().isoformat()}
        delivery.save(update_fields=["attempt", "state", "fault", "progress"])
    return delivery, attempt


def empty_staging(delivery_id: UUID) -> None:
    """Empty the staging of a delivery, whichever try filled it."""
    with connection.cursor() as cursor:
        cursor.execute("delete from reconcile_stagedrow where delivery_id = %s", (delivery_id,))


def forget_rejects(delivery_id: UUID) -> None:
    """Forget what tries set aside: the next one finds it again."""
    RejectRow.objects.filter(delivery_id=delivery_id).delete()


@contextmanager
def checkpoint(delivery: Delivery, attempt: UUID, actor: Actor, stage: str, done: int, total: int | None) -> Iterator[None]:
    """Open a short transaction for a piece of work, and close it only if this try still stands and nobody asked to stop.

    The row of the delivery is locked last, after the work: whoever cancels or takes over never waits for a batch, and
    a try that was overtaken meanwhile takes its batch back.
    """
    with acting(actor):
        yield
        stand = Delivery.objects.select_for_update().filter(pk=delivery.pk).values_list("attempt", "cancel_asked").first()
        if stand is None or stand[0] != attempt:
            raise Superseded
        if stand[1]:
            raise Cancelled
        progress = {**delivery.progress, "stage": stage, "done": done, "total": total, "at": timezone.now().isoformat()}
        Delivery.objects.filter(pk=delivery.pk).update(progress=progress)


def stage(delivery: Delivery, attempt: UUID, batch: Batch, sealer: Sealer, row_id_heading: str) -> None:
    """Write one batch into staging: its rows sealed, and the rows set aside."""
    rows, long = too_long(batch.rows)
    rejects = [*batch.rejects, *long]
    tally = sealer.tally
    tally.take(batch.notes)
    tally.rows += rows.height
    tally.rejected += len(rejects)
    markers = [marker(row_id, reject.line) for reject in rejects if (row_id := _row_id(reject, row_id_heading))]
    tally.nameless += len(rejects) - len(markers)
    copy_rows(delivery.pk, attempt, sealer.rows(rows) if rows.height else ())
    copy_rows(delivery.pk, attempt, markers)
    RejectRow.objects.bulk_create([_row_of(reject, delivery.pk) for reject in rejects], batch_size=1000)


def copy_rows(delivery_id: UUID, attempt: UUID, rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY rows into staging; binary, so that sealed bytes are not doubled on the way.

    The driver's faults inside a COPY are turned into Django's, or nobody above would see that the database is gone.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        for row in rows:
            copy.write_row((delivery_id, attempt, *row))


def _row_id(reject: Reject, heading: str) -> str | None:
    """Give the row's own id when it can be told, and when it can be one."""
    found = reject.row.get(heading)
    return found.strip() if found and len(found.strip()) <= 40 else None


def _row_of(reject: Reject, delivery_id: UUID) -> RejectRow:
    raw = {"row": {heading: cell for heading, cell in reject.row.items() if cell}, "line": reject.raw_line}
    return RejectRow(
        delivery_id=delivery_id, line=reject.line, column=reject.column or "", code=reject.code, params=dict(reject.params),
        value=reject.value, raw=json.dumps(raw, ensure_ascii=False),
    )
