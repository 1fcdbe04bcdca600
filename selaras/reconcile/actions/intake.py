"""Takes a delivery in: reads its kept file, brings the rows into staging, and puts them into the register in one step."""

import errno
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from selaras.agreements.queries import allows, number_of
from selaras.engines.reading import CANONICAL, REQUIRED, Unreadable, read, sniff
from selaras.engines.sealing import SealBroken
from selaras.ground.act import NotThere, act, note
from selaras.ground.keeping import read_back
from selaras.ground.scope import Actor, acting
from selaras.reconcile.actions.deliveries import fail_delivery
from selaras.reconcile.actions.intake_form import Chosen, NotMapped, WrongRegister, as_json, choose_mapping
from selaras.reconcile.actions.intake_rows import Sealer, Tally
from selaras.reconcile.actions.intake_staging import Cancelled, Superseded, begin, checkpoint, empty_staging, stage
from selaras.reconcile.models import Delivery
from selaras.reconcile.work import work_area

log = logging.getLogger("selaras.reconcile")
Progress = Callable[[str, int, int | None], None]

PURPOSE = "reconcile"


class GivenBack(Exception):
    """The worker is asked to end: the delivery goes back into the queue and starts over."""


class DatabaseLost(Exception):
    """The database went away in the middle: nothing is half done, the job is tried again."""


class _Stop(Exception):
    """The delivery stands still here, for a reason with a code."""

    def __init__(self, outcome: str, code: str, **params: Any) -> None:
        super().__init__(code)
        self.outcome, self.code, self.params = outcome, code, params


def run(
    delivery_id: UUID,
    actor: Actor,
    *,
    progress: Progress = lambda stage, done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> str:
    """Take one delivery in, from wherever a try before this one ended; give the state in which it is left.

    Raises GivenBack when `stop` says so at a checkpoint, DatabaseLost when the database goes away. Whatever happens, the
    register holds all of the delivery or nothing of it, and the plain file is gone.
    """
    attempt = None
    try:
        begun = begin(delivery_id, actor)
        if begun is None:
            return _state(delivery_id, actor)
        delivery, attempt = begun
        with work_area("intake") as area:
            _take(delivery, attempt, actor, area, progress, stop)
    except Superseded:
        return _state(delivery_id, actor)
    except GivenBack:
        raise
    except Exception as fault:
        found = _reason(fault)
        if found is None:
            raise DatabaseLost(type(fault).__name__) from None
        try:
            with acting(actor):
                fail_delivery(
                    delivery_id=delivery_id, attempt=attempt, outcome=found.outcome, code=found.code, params=found.params
                )
        except (OperationalError, InterfaceError) as gone:
            # The reason cannot be written down: the delivery stays under way, and the next try finds it.
            raise DatabaseLost(type(gone).__name__) from None
        return found.outcome
    return _state(delivery_id, actor)


def _take(delivery: Delivery, attempt: UUID, actor: Actor, area: Path, progress: Progress, stop: Callable[[], bool]) -> None:
    def step(stage: str, done: int, total: int | None) -> Any:
        if stop():
            raise GivenBack
        progress(stage, done, total)
        return checkpoint(delivery, attempt, actor, stage, done, total)

    path = area / "delivery"
    _open_file(delivery, path, lambda done: step("opening", done, delivery.file.size))
    form = sniff(path)
    with step("looking", 0, None):
        chosen = choose_mapping(delivery.source_id, delivery.source.layout, form)
        Delivery.objects.filter(pk=delivery.pk).update(form=as_json(form, chosen), mapping_id=chosen.mapping_id)
    if chosen.mapping_id is None:
        raise NotMapped(chosen.faults)
    flowing = _flowing(delivery, chosen, actor)
    tally = Tally()
    for name in chosen.columns:
        if name not in flowing:
            tally.add(name, "column.not_shared", 1, ())
    columns = {name: heading for name, heading in chosen.columns.items() if name in flowing}
    sealer = Sealer.of(delivery.source_id, columns, tally)
    batches = read(path, form, columns, today=timezone.localdate(), chosen=chosen.by_hand, scratch=area)
    for batch in batches:
        with step("rows", batch.done, batch.total):
            stage(delivery, attempt, batch, sealer, columns["row_id"])
    progress("storing", 0, None)
    with step("storing", 0, None):
        pass
    with acting(actor):
        take_in(delivery_id=delivery.pk, attempt=attempt, counts=tally.as_json(), nameless=tally.nameless)


def _open_file(delivery: Delivery, path: Path, step: Callable[[int], Any]) -> None:
    """Write the kept file plain into the work area, looking up every few megabytes."""
    done = seen = 0
    with path.open("xb") as out:
        for part in read_back(delivery.file):
            out.write(part)
            done += len(part)
            if done - seen > 32 * 1024 * 1024:
                seen = done
                with step(done):
                    pass


def _flowing(delivery: Delivery, chosen: Chosen, actor: Actor) -> frozenset[str]:
    """The columns that the agreement lets flow today; it may have ended since the file was handed in."""
    with acting(actor):
        number = number_of(delivery.agreement_id)
        answer = allows(
            number, source=delivery.source_id, purpose=PURPOSE, columns=REQUIRED, day=timezone.localdate()
        )
    if not answer.allowed:
        raise _Stop("refused", answer.code, agreement=number, source=delivery.source_id, missing=list(answer.missing))
    return answer.columns & frozenset(CANONICAL)


@act
def take_in(*, delivery_id: UUID, attempt: UUID, counts: dict[str, Any], nameless: int) -> Delivery:
    """Put the staged rows into the register: new, changed and, when the delivery is whole, withdrawn; all or nothing."""
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotThere("not there")
    if delivery.attempt != attempt or delivery.state != Delivery.State.READING:
        raise Superseded
    if delivery.cancel_asked:
        raise Cancelled
    now = timezone.now()
    given = {"source": delivery.source_id, "delivery": delivery.pk, "attempt": attempt, "now": now}
    with connection.cursor() as cursor:
        # A large register takes longer than a page may; and two deliveries of one register wait for each other here.
        cursor.execute("set local statement_timeout = 0")
        # Nobody has counted the rows just staged, so the planner takes them for a handful and would loop over them.
        cursor.execute("set local enable_nestloop = off")
        cursor.execute("select pg_advisory_xact_lock(hashtext('reconcile.take_in'), hashtext(%(source)s))", given)
        cursor.execute(MERGE, given)
        new, changed, persons, same, doubled = cursor.fetchone()
        withdrawn = held_back = 0
        if delivery.whole and nameless:
            cursor.execute(f"select count(*) from reconcile_record r where {MISSING}", given)
            held_back = cursor.fetchone()[0]
        elif delivery.whole:
            cursor.execute(WITHDRAW, given)
            gone = cursor.fetchall()
            withdrawn = len(gone)
            persons = [*persons, *(row[0] for row in gone if row[0])]
    staged = delivery.progress
    delivery.counts = {
        **counts, "new": new, "changed": changed, "same": same, "doubled": doubled, "withdrawn": withdrawn, "held_back": held_back,
    }  # fmt: skip
    delivery.state = Delivery.State.TAKEN_IN
    delivery.taken_in_at = now
    delivery.attempt = None
    delivery.progress = {**staged, "stage": "done", "at": now.isoformat()}
    delivery.save(update_fields=["counts", "state", "taken_in_at", "attempt", "progress"])
    empty_staging(delivery_id)
    shown = {key: value for key, value in delivery.counts.items() if key != "notes"}
    note(
        subjects=list(dict.fromkeys(persons)), count=counts["rows"], content=delivery.sha256,
        delivery=str(delivery.pk), source=delivery.source_id, **shown,
    )  # fmt: skip
    return delivery


# One row id twice in a file: the last line holds. A row whose content is what it was is not touched.
MERGE = """
with last as (
  select max(id) as id, count(*) as times from reconcile_stagedrow
  where attempt = %(attempt)s and content <> '' group by row_id
), put as (
  insert into reconcile_record as r (id, source_id, row_id, content, "values", country, country_text, capacity, event_date,
    nobody, first_delivery_id, last_delivery_id, changed_at)
  select s.record_id, %(source)s, s.row_id, s.content, s."values", s.country, s.country_text, s.capacity, s.event_date,
    false, %(delivery)s, %(delivery)s, %(now)s
  from reconcile_stagedrow s join last using (id)
  on conflict (source_id, row_id) do update set
    content = excluded.content, "values" = excluded."values", country = excluded.country, country_text = excluded.country_text,
    capacity = excluded.capacity, event_date = excluded.event_date, last_delivery_id = excluded.last_delivery_id,
    changed_at = excluded.changed_at, withdrawn_at = null
  where r.content <> excluded.content or r.withdrawn_at is not null
  returning (xmax = 0) as fresh, person_id
)
select (select count(*) from put where fresh), (select count(*) from put where not fresh),
  (select coalesce(array_agg(person_id) filter (where person_id is not null), '{}') from put where not fresh),
  (select count(*) from last) - (select count(*) from put), (select coalesce(sum(times - 1), 0)::int from last)
"""
MISSING = """
r.source_id = %(source)s and r.withdrawn_at is null
and not exists (select 1 from reconcile_stagedrow s where s.attempt = %(attempt)s and s.row_id = r.row_id)
"""
WITHDRAW = f"""
update reconcile_record r set withdrawn_at = %(now)s, changed_at = %(now)s, last_delivery_id = %(delivery)s
where {MISSING} returning person_id
"""


def _state(delivery_id: UUID, actor: Actor) -> str:
    with acting(actor):
        state = Delivery.objects.values_list("state", flat=True).filter(pk=delivery_id).first()
    if state is None:
        raise NotThere("not there")
    return str(state)


def _reason(fault: Exception) -> _Stop | None:
    """Turn what stopped a delivery into its outcome and code; None when the database is gone.

    The text of an exception may hold what stood in a row, so it goes nowhere: neither into the log nor into the queue.
    """
    if isinstance(fault, _Stop):
        return fault
    if isinstance(fault, Cancelled):
        return _Stop("cancelled", "cancelled")
    if isinstance(fault, NotMapped):
        return _Stop("unmapped", "unmapped", faults=fault.faults)
    if isinstance(fault, WrongRegister):
        return _Stop("refused", "layout.other", found=fault.found, expected=fault.expected)
    if isinstance(fault, Unreadable):
        return _Stop("refused", fault.fault.code, **dict(fault.fault.params))
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _Stop("failed", "disk.full")
    if isinstance(fault, SealBroken | FileNotFoundError):
        return _Stop("failed", "file.damaged")
    if isinstance(fault, DatabaseError | InterfaceError):
        if getattr(fault.__cause__, "sqlstate", None) == "53100":
            return _Stop("failed", "disk.full")
        if isinstance(fault, OperationalError | InterfaceError):
            return None
    frames = traceback.extract_tb(fault.__traceback__)
    where = ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-4:])
    log.error("a delivery could not be taken in: %s at %s", type(fault).__name__, where)
    return _Stop("failed", "our.fault")
