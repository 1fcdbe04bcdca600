"""Verbs on deliveries: hand a file in, say which column is which, cancel, try again, and write down why one stands still."""

import errno
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.agreements.queries import allows
from selaras.engines.reading import REQUIRED, check_mapping, is_fatal
from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.keeping import forget, keep
from selaras.ground.models import KeptFile
from selaras.ground.queue import put
from selaras.ground.scope import NATION, current
from selaras.reconcile.actions.intake_staging import empty_staging, forget_rejects
from selaras.reconcile.models import Delivery, Source
from selaras.reconcile.models import Mapping as SavedMapping
from selaras.reconcile.sources import registers

PURPOSE = "reconcile"
PART = 1024 * 1024
STILL = 2.0  # seconds a file must have been left alone before it counts as written to its end
DEAD = 120.0  # seconds without a sign of life after which a reading may be taken up by hand

State = Delivery.State


@act
def hand_in(
    *, source: str, agreement: str, parts: Iterable[bytes], name: str, whole: bool = False, queue: bool = True
) -> Delivery:
    """Take a file over: encrypted on its way to disk, under an agreement that lets it flow; reading it comes later.

    The same file handed in before gives that delivery (`again` is set) and changes nothing; so do two people at once.
    `queue`: a worker shall read it; without, the caller does (`intake.run`). Refused: agreement.*, register.unknown,
    file.empty, file.too_large, file.growing, disk.full; then nothing is kept.
    """
    register = registers().get(source)
    if register is None:
        raise Refused("register.unknown", source=source)
    today = timezone.localdate()
    answer = allows(agreement, source=source, purpose=PURPOSE, columns=REQUIRED, day=today)
    if not answer.allowed or answer.agreement_id is None:
        raise Refused(answer.code, answer.basis, agreement=agreement, source=register.name, missing=list(answer.missing))
    reach = sorted({NATION, *current().reach})
    kept = _keep(parts, Path(name).name, reach)
    try:
        row, _ = Source.objects.get_or_create(
            key=source,
            defaults={"name": register.name, "owner": register.owner, "layout": register.layout, "trust": register.trust},
        )
        try:
            with transaction.atomic():
                delivery = Delivery.objects.create(
                    source=row, agreement_id=answer.agreement_id, file=kept, sha256=kept.sha256, whole=whole,
                    handed_in_by=current().address, reach=reach,
                )  # fmt: skip
        except IntegrityError:
            _throw_away(kept)
            delivery = _standing(source, kept.sha256)
            delivery.again = True
    except BaseException:
        forget(kept.pk)
        raise
    note(
        count=1, content=delivery.sha256, delivery=str(delivery.pk), source=source, agreement=agreement.strip(),
        again=delivery.again, size=delivery.file.size,
    )  # fmt: skip
    if queue and not delivery.again:
        enqueue(delivery.pk)
    return delivery


def parts_of(path: Path) -> Iterator[bytes]:
    """Give the bytes of a file on this machine; refuse one that grows or changes while it is read."""
    before = path.stat()
    if time.time() - before.st_mtime < STILL:
        time.sleep(STILL)
    left = before.st_size  # no further: whoever writes faster than we read would never let us end
    with path.open("rb") as file:
        while left and (part := file.read(min(PART, left))):
            left -= len(part)
            yield part
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Refused("file.growing", before=before.st_size, after=after.st_size)


@act
def map_columns(*, delivery_id: UUID, columns: Mapping[str, str | None], queue: bool = True) -> Delivery:
    """Say which heading is read as which column; kept for the next delivery with the same header."""
    delivery = _locked(delivery_id)
    if delivery.state != State.UNMAPPED:
        raise Refused("delivery.not_waiting", state=delivery.state)
    header = delivery.form["header"]
    chosen = {name: heading for name, heading in columns.items() if heading}
    for fault in check_mapping(header, chosen, chosen=chosen):
        if is_fatal(fault):
            raise Refused(fault.code, **dict(fault.params))
    mapping, _ = SavedMapping.objects.update_or_create(
        source_id=delivery.source_id,
        header_hash=delivery.form["header_hash"],
        defaults={"columns": chosen, "made_by": current().address},
    )
    delivery.mapping, delivery.state, delivery.fault = mapping, State.RECEIVED, None
    delivery.save(update_fields=["mapping", "state", "fault"])
    note(delivery=str(delivery.pk), columns=sorted(chosen))
    if queue:
        enqueue(delivery.pk)
    return delivery


@act
def cancel_delivery(*, delivery_id: UUID) -> Delivery:
    """Ask to stop a delivery: at once when nobody reads it, else at the reader's next checkpoint. Nothing of it is kept."""
    delivery = _locked(delivery_id)
    if delivery.state not in (State.RECEIVED, State.UNMAPPED, State.READING):
        raise Refused("delivery.over", state=delivery.state)
    delivery.cancel_asked = True
    delivery.save(update_fields=["cancel_asked"])
    if delivery.state != State.READING or _seems_dead(delivery):
        _close(delivery, State.CANCELLED, "cancelled", {})
    note(delivery=str(delivery.pk), state=delivery.state)
    return delivery


@act
def retry_delivery(*, delivery_id: UUID, queue: bool = True) -> Delivery:
    """Try a delivery again that failed, was refused, or whose reader gave no sign of life for two minutes."""
    delivery = _locked(delivery_id)
    stuck = delivery.state == State.READING and _seems_dead(delivery)
    if delivery.state not in (State.FAILED, State.REFUSED) and not stuck:
        raise Refused("delivery.not_stuck", state=delivery.state)
    if delivery.wiped_at is not None:
        raise Refused("delivery.wiped")
    delivery.state, delivery.fault, delivery.attempt, delivery.progress = State.RECEIVED, None, None, {}
    try:
        with transaction.atomic():
            delivery.save(update_fields=["state", "fault", "attempt", "progress"])
    except IntegrityError:
        raise Refused("delivery.handed_in_again") from None
    note(delivery=str(delivery.pk))
    if queue:
        enqueue(delivery.pk)
    return delivery


@act
def fail_delivery(
    *, delivery_id: UUID, attempt: UUID | None, outcome: str, code: str, params: Mapping[str, Any] | None = None
) -> Delivery:
    """Write down why a delivery stands still (refused, failed, cancelled, unmapped), and empty its staging."""
    delivery = _locked(delivery_id)
    if delivery.attempt == attempt and delivery.state in (State.RECEIVED, State.READING):
        _close(delivery, State(outcome), code, dict(params or {}))
    note(delivery=str(delivery.pk), outcome=delivery.state, code=code)
    return delivery


def enqueue(delivery_id: UUID) -> None:
    """Put the reading of a delivery into the queue, in the caller's transaction; once, however often it is asked."""
    # By name: the module of the jobs imports the actions.
    lock = f"intake:{delivery_id}"
    put("selaras.reconcile.jobs.intake", queue="reconcile", lock=lock, once=lock, delivery_id=str(delivery_id))


def _keep(parts: Iterable[bytes], name: str, reach: list[str]) -> KeptFile:
    """Keep the stream encrypted; an empty, too large or unwritable one is refused and nothing of it stays."""
    try:
        kept = keep(_counted(parts), name, reach=reach)
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Refused("disk.full") from None
        raise
    if not kept.size:
        _throw_away(kept)
        raise Refused("file.empty")
    return kept


def _counted(parts: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > settings.SELARAS_UPLOAD_LIMIT:
            raise Refused("file.too_large", limit=settings.SELARAS_UPLOAD_LIMIT)
        yield part


def _throw_away(kept: KeptFile) -> None:
    forget(kept.pk)
    KeptFile.objects.filter(pk=kept.pk).delete()


def _standing(source: str, sha256: str) -> Delivery:
    """The delivery that holds this very file, whoever handed it in."""
    closed = (State.CANCELLED, State.FAILED, State.REFUSED)
    found = Delivery.objects.select_related("file").exclude(state__in=closed).filter(source_id=source, sha256=sha256).first()
    if found is None:  # handed in by somebody whose deliveries are out of reach
        raise Refused("delivery.handed_in_again")
    return found


def _locked(delivery_id: UUID) -> Delivery:
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotThere("not there")
    return delivery


def _seems_dead(delivery: Delivery) -> bool:
    """Whether the reader of a delivery has given no sign of life for long."""
    seen = delivery.progress.get("at") or delivery.progress.get("started")
    return seen is None or (timezone.now() - timezone.datetime.fromisoformat(seen)).total_seconds() > DEAD


def give_up(delivery: Delivery, code: str) -> None:
    """Close a delivery that nobody will read any more; the caller holds its row and its transaction."""
    _close(delivery, State.CANCELLED, code, {})


def _close(delivery: Delivery, state: Delivery.State, code: str, params: dict[str, Any]) -> None:
    empty_staging(delivery.pk)
    forget_rejects(delivery.pk)
    delivery.state, delivery.attempt = state, None
    delivery.fault = {"code": code, "params": params}
    delivery.save(update_fields=["state", "attempt", "fault"])
    if state == State.CANCELLED:
        file_id = delivery.file_id
        transaction.on_commit(lambda: forget(file_id) and None)
