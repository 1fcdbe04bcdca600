"""Questions about deliveries: which came, how far they are, what was set aside, which feed stopped."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from selaras.engines.reading import Reject as ReadReject
from selaras.engines.reading import write_rejects
from selaras.ground.act import NotThere, Refused, ask, note
from selaras.reconcile.models import Delivery, Reject, Run
from selaras.reconcile.queries.retention import kept_until
from selaras.reconcile.sources import registers

STUCK = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery as a list shows it; `form` and `fault` hold codes and headings, nothing about a person."""

    id: UUID
    source: str
    source_name: str
    agreement: str
    name: str
    size: int
    whole: bool
    state: str
    cancel_asked: bool
    handed_in_by: str
    handed_in_at: datetime
    taken_in_at: datetime | None
    progress: Mapping[str, Any]
    counts: Mapping[str, Any]
    fault: Mapping[str, Any]
    form: Mapping[str, Any]
    stuck: bool
    kept_until: date | None = None
    wiped_at: datetime | None = None

    @property
    def going(self) -> bool:
        """Say whether it may still change by itself."""
        return self.state in ("received", "reading")


@dataclass(frozen=True, slots=True)
class RejectLine:
    """One row that was set aside: where, why, and the value at fault."""

    line: int
    column: str
    code: str
    params: Mapping[str, Any]
    value: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """One register's feed: when it last came, when it stopped, and whether it ever came. Never a zero for a missing one."""

    source: str
    name: str
    name_en: str
    owner: str
    every_days: int
    last: datetime | None
    last_id: UUID | None
    stopped_since: date | None


@ask
def see_deliveries(*, source: str = "", state: str = "", offset: int = 0, limit: int = 50) -> tuple[list[DeliveryLine], int]:
    """List deliveries, the newest first, and how many there are in all."""
    rows = Delivery.objects.order_by("-handed_in_at", "-id")
    if source:
        rows = rows.filter(source_id=source)
    if state:
        rows = rows.filter(state=state)
    found = [_line(row) for row in _whole(rows)[offset : offset + limit]]
    note(count=len(found))
    return found, rows.count()


@ask
def see_delivery(*, delivery_id: UUID) -> DeliveryLine:
    """Open one delivery."""
    note(delivery=str(delivery_id))
    return delivery_now(delivery_id)


def delivery_now(delivery_id: UUID) -> DeliveryLine:
    """Give one delivery as it stands, for a progress bar that asks every two seconds: codes and counts only."""
    row = _whole(Delivery.objects.filter(pk=delivery_id)).first()
    if row is None:
        raise NotThere("not there")
    return _line(row)


@ask
def see_rejects(*, delivery_id: UUID, offset: int = 0, limit: int = 50) -> tuple[list[RejectLine], int]:
    """List the rows set aside, in the order of the file, and how many there are; they hold personal values."""
    delivery_now(delivery_id)
    rows = Reject.objects.filter(delivery_id=delivery_id).order_by("line", "id")
    found = [RejectLine(r.line, r.column, r.code, r.params, r.value) for r in rows.defer("raw")[offset : offset + limit]]
    note(count=len(found), delivery=str(delivery_id))
    return found, rows.count()


@ask
def download_rejects(*, delivery_id: UUID, path: Path, say: Callable[[str, Mapping[str, Any]], str]) -> int:
    """Write every row set aside as a CSV that can be mended and handed in again; `path` lies in a work area."""
    delivery = delivery_now(delivery_id)
    if delivery.wiped_at is not None:
        raise Refused("delivery.wiped")
    count = write_rejects(_rejects(delivery_id), path, header=delivery.form.get("header", ()), say=say)
    note(count=count, delivery=str(delivery_id))
    return count


def feeds(day: date | None = None) -> list[Feed]:
    """Say of every register when it last came, and since when it is missing, by the rhythm that its owner promised."""
    day = day or timezone.localdate()
    taken = Delivery.objects.filter(state=Delivery.State.TAKEN_IN)
    last = dict(taken.values("source_id").annotate(at=Max("taken_in_at")).order_by().values_list("source_id", "at"))
    ids = {row.source_id: row.pk for row in taken.filter(taken_in_at__in=list(last.values())).only("pk", "source_id")}
    found = []
    for key, register in registers().items():
        at = last.get(key)
        came = timezone.localtime(at).date() if at else None
        late = came is not None and (day - came).days > register.every_days
        found.append(
            Feed(key, register.name, register.name_en, register.owner, register.every_days, at, ids.get(key), came if late else None)
        )
    return found


def others_waiting(delivery_id: UUID) -> bool:
    """Say whether another delivery is being read or waits for its reader."""
    states = (Delivery.State.RECEIVED, Delivery.State.READING)
    return Delivery.objects.filter(state__in=states).exclude(pk=delivery_id).exists()


def waits_for_linking() -> bool:
    """Say whether a delivery was taken in that no run has read: none began since."""
    read = (Run.State.RUNNING, Run.State.DONE)
    last = Run.objects.filter(state__in=read).aggregate(at=Max("started_at"))["at"]
    taken = Delivery.objects.filter(state=Delivery.State.TAKEN_IN)
    return (taken.filter(taken_in_at__gt=last) if last else taken).exists()


def _whole(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related("file", "agreement")


def _line(row: Delivery) -> DeliveryLine:
    register = registers().get(row.source_id)
    seen = row.progress.get("at") or row.progress.get("started")
    quiet = seen is not None and timezone.now() - datetime.fromisoformat(seen) > STUCK
    return DeliveryLine(
        row.pk, row.source_id, register.name if register else row.source_id, row.agreement.number, row.file.name,
        row.file.size, row.whole, row.state, row.cancel_asked, row.handed_in_by, row.handed_in_at, row.taken_in_at,
        row.progress, row.counts, row.fault or {}, row.form, quiet and row.state == Delivery.State.READING,
        kept_until(row), row.wiped_at,
    )  # fmt: skip


def _rejects(delivery_id: UUID) -> Iterator[ReadReject]:
    for row in Reject.objects.filter(delivery_id=delivery_id).order_by("line", "id").iterator(500):
        raw = json.loads(row.raw or "{}")
        yield ReadReject(row.line, row.column or None, row.value, row.code, row.params, raw.get("row", {}), raw.get("line"))
