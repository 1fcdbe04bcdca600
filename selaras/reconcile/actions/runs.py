"""Runs of the linkage: asked for by a verb, done outside of any transaction, switched to in one."""

import hashlib
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from selaras.engines.linkage import link
from selaras.ground.act import NotThere, Refused, act, as_job, note
from selaras.ground.queue import put
from selaras.ground.scope import NATION, current
from selaras.people.actions.bulk import Upserted, upsert_persons
from selaras.people.actions.merging import merge
from selaras.people.queries.meanwhile import registered_meanwhile
from selaras.people.queries.surviving import survivors
from selaras.reconcile.actions.intake import DatabaseLost
from selaras.reconcile.actions.linking.laying import sweep, switch
from selaras.reconcile.actions.linking.meanwhile import gone_without, meanwhile, verdict_links, without
from selaras.reconcile.actions.linking.standing import standing
from selaras.reconcile.actions.linking.steps import Found, Linker, find
from selaras.reconcile.actions.linking.turn import alone, held_by_me, move_alone
from selaras.reconcile.actions.sampling import keep_for_drawing
from selaras.reconcile.models import Run
from selaras.reconcile.work import work_area

Progress = Callable[[str, int, int | None], None]
JOB = "link"
"""The queue's name for a run: who takes it up gets the run's id, and counts when it is done."""
ASKING = 7_305_004
_TRIES = 3
_DEADLOCK = "40P01"
_PAUSE = 1.0  # seconds between two looks at the database while the engine works


class Cancelled(Exception):
    """An officer asked this run to stop; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did: its id and state, counts by name, seconds by stage."""

    id: UUID
    state: str
    counts: dict[str, Any] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)


@act
def start_run() -> Run:
    """Ask for a run; one that waits already is given instead, for it will read everything too."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (ASKING,))  # two who ask at once get one run
    waiting = Run.objects.filter(state=Run.State.WAITING).order_by("asked_at").first()
    run: Run = waiting or Run.objects.create(asked_by=current().address, reach=[NATION])
    # In the same transaction: a run is never asked for without a job, nor a job without a run. Also for one that waits, in case its
    # job was lost: it would wait for ever.
    again = put(JOB, queue=JOB, lock=JOB, once=f"{JOB}:{run.pk}", run=str(run.pk))
    if waiting is None or again:
        note(run=str(run.pk))
    return run


@act
def cancel_run(run_id: UUID) -> Run:
    """Ask a run to stop at its next safe point; one that has not begun stops at once."""
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotThere("not there")
    if run.state == Run.State.WAITING:
        run.state, run.finished_at = Run.State.CANCELLED, timezone.now()
    elif run.state != Run.State.RUNNING:
        raise Refused("run_over")
    run.cancel_asked = True
    run.save()
    note(run=str(run.pk))
    return run


@act
def fail_run(run_id: UUID, code: str, state: str = Run.State.FAILED) -> None:
    """Write down that a run ended without result, and why."""
    Run.objects.filter(pk=run_id).update(state=state, finished_at=timezone.now(), fault={"code": code})
    note(run=str(run_id), code=code)


@act
def apply_run(
    run_id: UUID, found: Found, progress: Progress | None = None, known: Collection[str] = frozenset()
) -> RunSummary:
    """Switch the register over to what a run found: persons, links, pairs; all of it or nothing. `known`: verdicts' links before it read."""
    run = Run.objects.get(pk=run_id)
    if run.state != Run.State.RUNNING or not held_by_me():
        raise Refused("run_lost")
    move_alone(patience=60)  # a verdict takes a moment
    began = time.perf_counter()
    now = meanwhile(run_id, run.started_at, known)
    c = without(found.composed, now)
    written = upsert_persons(
        persons=c.persons, names=c.names, numbers=c.numbers, presences=c.presences, run=str(run_id), progress=progress,
        sources=found.sources,
    ) if len(c.persons) else Upserted()
    run.stages["persons"] = round(time.perf_counter() - began, 2)
    began = time.perf_counter()
    if progress:
        progress("switch", 0, None)
    done = switch(run_id, found.delivered)
    done["persons_merged"] = _merge_gone(gone_without(found.gone, now.persons))
    if run.started_at is not None and registered_meanwhile(run.started_at):
        # An officer and this run have each entered one whom the other could not see: the next run finds that out.
        start_run()
    run.stages = found.stages | run.stages | {"switch": round(time.perf_counter() - began, 2)}
    run.counts = found.counts | done | {"again": now.others, "persons_new": written.persons_new, "persons_changed": written.persons_changed}
    # The last safe point: whoever asked for a stop until now gets it, and all of this is rolled back.
    if Run.objects.select_for_update().filter(pk=run_id, cancel_asked=True).exists():
        raise Cancelled
    run.state, run.finished_at = Run.State.DONE, timezone.now()
    run.engine, run.model, run.figures, run.findings = found.engine, found.model, found.figures, found.findings
    # Row ids and shared numbers are for mending now: an older run keeps its counts only.
    Run.objects.filter(state=Run.State.DONE).update(findings={})
    run.progress = {}
    run.save()
    keep_for_drawing(run, found.drawable, found.strata)
    digest = hashlib.sha256("\n".join(found.moved).encode()).hexdigest()
    note(
        subjects=[UUID(person) for person in found.touched], count=done["records_moved"], content=f"sha256:{digest}",
        run=str(run_id), **done,
    )  # fmt: skip
    return RunSummary(run.pk, run.state, run.counts, run.stages)


def _merge_gone(gone: dict[str, str]) -> int:
    """Merge each person of whom no row is left into the one who has most of her rows now."""
    merged = 0
    standing = survivors([UUID(i) for pair in gone.items() for i in pair])
    for lose, keep in sorted(gone.items()):
        # An officer may have merged one of them while the engine worked.
        into = standing.get(UUID(keep), UUID(keep))
        if UUID(lose) not in standing and into != UUID(lose):
            merge(keep=into, lose=UUID(lose), reason="link")
            merged += 1
    return merged


class _Teller:
    """Passes progress on, writes it down once a second, and stops the run when an officer asked for that."""

    def __init__(self, run_id: UUID, progress: Progress | None) -> None:
        self.run_id, self.progress = run_id, progress
        self.stage, self.last = "", 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if self.progress:
            self.progress(stage, done, total)
        now = time.monotonic()
        if stage == self.stage and now - self.last < _PAUSE:
            return
        self.stage, self.last = stage, now
        with as_job("link"):
            mine = Run.objects.filter(pk=self.run_id)
            mine.update(progress={"stage": stage, "done": done, "total": total, "at": timezone.now().isoformat()})
            if mine.filter(cancel_asked=True).exists():
                raise Cancelled


def run_now(progress: Progress | None = None, run_id: UUID | None = None, linker: Linker = link) -> RunSummary:
    """Link all current rows of the registers, now, in this process; call it outside of acting().

    `run_id`: a run that was asked for; without it one is made. Refused with `run_going` while another run goes on. A run
    that was killed left nothing but staging rows and a folder, which the next one sweeps away; given its id again it
    starts anew, and one that is done gives its summary. DatabaseLost when the database went away: give it again.
    `linker`: what links the rows, as the engine's `link` does; another one may have the work done elsewhere.
    """
    with alone():
        run = _take_up(run_id)
        if run.state != Run.State.RUNNING:
            return RunSummary(run.pk, run.state, run.counts, run.stages)
        tell = _Teller(run.pk, progress)
        try:
            sweep()
            with work_area("link") as area, standing() as kept:
                with as_job("link"):
                    known = frozenset(verdict_links(run.started_at))
                found = find(run.pk, area, tell, linker, kept)
                tell("persons", 0, len(found.composed.persons))
                summary = _apply(run.pk, found, progress, known)
                if kept:
                    kept.commit()
                return summary
        except Cancelled:
            _give_up(run.pk, "cancelled", Run.State.CANCELLED)
            return RunSummary(run.pk, Run.State.CANCELLED)
        except Refused as refusal:
            _give_up(run.pk, refusal.code)
            raise
        except (OperationalError, InterfaceError) as fault:
            if lost(fault):
                raise DatabaseLost from None  # nothing can be written down; whoever takes the run up again does
            _give_up(run.pk, "run_failed")
            raise
        except MemoryError:
            _give_up(run.pk, "run_out_of_memory")
            raise
        except OSError:
            _give_up(run.pk, "run_no_room")
            raise
        except Exception:
            _give_up(run.pk, "run_failed")
            raise


def _apply(run_id: UUID, found: Found, progress: Progress | None, known: Collection[str]) -> RunSummary:
    """Switch over; again when the database broke a deadlock with an officer's verb by ending our side of it."""
    for left in range(_TRIES - 1, -1, -1):
        try:
            with as_job("link"):
                return apply_run(run_id, found, progress, known)
        except OperationalError as fault:
            if getattr(fault.__cause__, "sqlstate", "") != _DEADLOCK or not left:
                raise
    raise AssertionError("the last try returns or raises")


def lost(fault: Exception) -> bool:
    """Whether the connection is gone, and not a statement that failed: by the lack of a code, or the codes of a server that goes down."""
    code = getattr(fault.__cause__, "sqlstate", None) or ""
    return isinstance(fault, InterfaceError) or not code or code.startswith(("08", "57P"))


def _give_up(run_id: UUID, code: str, state: str = Run.State.FAILED) -> None:
    sweep()
    with as_job("link"):
        fail_run(run_id, code, state)


def _take_up(run_id: UUID | None) -> Run:
    """Begin a run; whatever else is marked as running has died, for we hold the lock."""
    with as_job("link") as actor:
        died = Run.objects.filter(state=Run.State.RUNNING).exclude(pk=run_id)
        died.update(state=Run.State.FAILED, finished_at=timezone.now(), fault={"code": "run_died"})
        if run_id is None:
            run: Run = Run.objects.create(asked_by=actor.address, reach=[NATION])
        else:
            run = Run.objects.select_for_update().get(pk=run_id)
            if run.state in (Run.State.DONE, Run.State.CANCELLED):
                return run
        run.state, run.started_at, run.fault = Run.State.RUNNING, timezone.now(), None
        run.cancel_asked = False if run_id is None else run.cancel_asked
        run.save()
        return run
