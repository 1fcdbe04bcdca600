"""Runs of the linkage: which there were, how far one is, what it found, and the figures that it counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from selaras.ground.act import NotThere, ask, note
from selaras.reconcile.models import Judgement, Pair, Run
from selaras.reconcile.queries.findings import Findings, findings_of


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run as a list shows it."""

    id: UUID
    state: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    rows: int | None
    persons: int | None
    links_new: int | None
    review: int | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run with all that it wrote down; `before` holds the counts of the run before it, to compare with."""

    line: RunLine
    started_at: datetime | None
    cancel_asked: bool
    fault: dict[str, Any] | None
    progress: dict[str, Any]
    engine: str
    model: dict[str, Any]
    counts: dict[str, Any]
    stages: dict[str, float]
    before: dict[str, Any]
    findings: Findings


@dataclass(frozen=True, slots=True)
class Figures:
    """The count of record of one run."""

    as_of: str
    finished_at: datetime
    sources: list[dict[str, Any]]
    cells: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the next run would take up: verdicts that came after the last one."""

    going: UUID | None
    verdicts: int


@dataclass(frozen=True, slots=True)
class RunNow:
    """How far a run is at this moment."""

    id: UUID
    state: str
    cancel_asked: bool
    fault: dict[str, Any] | None
    progress: dict[str, Any]
    started_at: datetime | None
    finished_at: datetime | None


def run_now_at(run_id: UUID) -> RunNow:
    """Give how far a run is; asked every few seconds, so it writes no ledger line."""
    row = Run.objects.filter(pk=run_id).values_list(*RunNow.__slots__).first()
    if row is None:
        raise NotThere("not there")
    return RunNow(*row)


def last_cells() -> list[dict[str, Any]]:
    """Give the figures of the newest run that is done; none when there is none."""
    done = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at").values_list("figures", flat=True).first()
    return list((done or {}).get("cells", []))


def figures_of(run_id: UUID) -> Figures | None:
    """Give the count of record of a run that is done, else None."""
    run = Run.objects.defer("findings", "model").filter(pk=run_id, state=Run.State.DONE).first()
    if run is None or run.finished_at is None:
        return None
    return Figures(run.figures["as_of"], run.finished_at, run.figures["sources"], run.figures["cells"])


def _line(run: Run) -> RunLine:
    rows = run.counts.get("rows")
    return RunLine(
        run.pk, run.state, run.asked_by, run.asked_at, run.finished_at,
        sum(rows.values()) if rows else None, run.counts.get("persons"), run.counts.get("links_new"),
        run.counts.get("pairs", {}).get("review"),
    )  # fmt: skip


@ask
def see_runs(limit: int = 50) -> list[RunLine]:
    """List the runs, the newest first."""
    found = [_line(run) for run in Run.objects.defer("model", "figures", "findings").order_by("-asked_at")[:limit]]
    note(count=len(found))
    return found


@ask
def see_run(run_id: UUID) -> RunPage:
    """Show one run."""
    run = Run.objects.defer("figures").filter(pk=run_id).first()
    if run is None:
        raise NotThere("not there")
    before = (
        Run.objects.filter(state=Run.State.DONE, asked_at__lt=run.asked_at)
        .order_by("-asked_at")
        .values_list("counts", flat=True)
        .first()
    )
    note(run=str(run_id))
    return RunPage(
        _line(run), run.started_at, run.cancel_asked, run.fault, run.progress, run.engine, run.model, run.counts,
        run.stages, before or {}, findings_of(run.findings),
    )  # fmt: skip


def waiting_for_run() -> Waiting:
    """Say which run is going, and how many verdicts came after the last one that finished."""
    going = (
        Run.objects.filter(state__in=[Run.State.WAITING, Run.State.RUNNING])
        .order_by("-asked_at")
        .values_list("pk", flat=True)
        .first()
    )
    last = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at").values_list("started_at", flat=True).first()
    settled = Pair.objects.exclude(verdict="")
    if last is not None:
        fresh = Judgement.objects.filter(at__gt=last).values("pair_id")
        settled = settled.filter(pk__in=fresh)
    return Waiting(going, settled.count())
