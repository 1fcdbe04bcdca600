"""The sample of a run: how far its reading has come, what it says of the links, and one drawn pair without the model's view."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from selaras.engines.linkage.clerical import Quality, Stratum, estimate
from selaras.ground.act import NotThere, ask, note
from selaras.ground.scope import current
from selaras.reconcile.models import DrawnPair, Record, Run, Sample
from selaras.reconcile.queries.pairs import Compared, Side, compared, side


@dataclass(frozen=True, slots=True)
class StratumLine:
    """One stratum: its pairs, how many were drawn, read as one person or two, and as one."""

    linked: bool
    low: float
    high: float
    pairs: int
    drawn: int
    read: int
    same: int


@dataclass(frozen=True, slots=True)
class SamplePage:
    """`size` is None while nothing was drawn; `quality` while a stratum was not read at all."""

    run_id: UUID
    size: int | None
    drawn_at: datetime | None
    left: int
    unsure: int
    strata: tuple[StratumLine, ...]
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One drawn pair: both rows, and nothing of what the model thinks."""

    id: UUID
    run_id: UUID
    left: Side
    right: Side
    compared: tuple[Compared, ...]
    verdict: str
    mine: bool
    turn: int
    size: int


@ask
def see_sample(run_id: UUID) -> SamplePage:
    """Show the sample of a run: how far it was read, and precision and recall with their intervals."""
    sample = Sample.objects.filter(run_id=run_id).first()
    if sample is None:
        if not Run.objects.filter(pk=run_id).exists():
            raise NotThere("not there")
        note(run=str(run_id))
        return SamplePage(run_id, None, None, 0, 0, (), None)
    drawn = {
        stratum: counts
        for stratum, *counts in DrawnPair.objects.filter(sample=sample, turn__isnull=False)
        .values_list("stratum")
        .annotate(
            drawn=Count("pk"),
            read=Count("pk", filter=Q(verdict__in=["same", "different"])),
            same=Count("pk", filter=Q(verdict="same")),
            unsure=Count("pk", filter=Q(verdict="unsure")),
        )
    }
    strata = [Stratum(**s) for s in sample.strata]
    lines = tuple(
        StratumLine(s.linked, s.low, s.high, s.pairs, *drawn.get(at, [0, 0, 0])[:3]) for at, s in enumerate(strata)
    )
    unsure = sum(counts[3] for counts in drawn.values())
    quality = estimate(strata, [line.read for line in lines], [line.same for line in lines], sample.beyond)
    note(run=str(run_id), count=sum(line.read for line in lines))
    left = sum(line.drawn - line.read for line in lines) - unsure
    return SamplePage(run_id, sample.size, sample.drawn_at, left, unsure, lines, quality)


def next_drawn(run_id: UUID, after: UUID | None = None) -> UUID | None:
    """Give the drawn pair of a run that is read next, in the order that was drawn."""
    rows = DrawnPair.objects.filter(sample__run_id=run_id, turn__isnull=False, verdict="")
    if after is not None:
        rows = rows.exclude(pk=after)
    return rows.order_by("turn").values_list("pk", flat=True).first()


@ask
def see_drawn(drawn_id: UUID) -> DrawnPage:
    """Open a drawn pair: both rows side by side, blind to the model and to other readers."""
    pair = DrawnPair.objects.filter(pk=drawn_id, turn__isnull=False).first()
    if pair is None:
        raise NotThere("not there")
    sample = Sample.objects.get(pk=pair.sample_id)
    records = {r.pk: r for r in Record.objects.filter(pk__in=[pair.left_id, pair.right_id])}
    left, right = records[pair.left_id], records[pair.right_id]
    mine = pair.reader == current().address
    persons = [p for p in (left.person_id, right.person_id) if p is not None]
    note(subjects=list(dict.fromkeys(persons)), drawn=str(drawn_id))
    return DrawnPage(
        pair.pk, sample.run_id, side(left, blind=True), side(right, blind=True), compared(left, right, ()),
        pair.verdict if mine else "", mine, pair.turn, sample.size,
    )  # fmt: skip


def read_so_far() -> list[tuple[str, str]]:
    """Name all that was read of samples, drawn pair and verdict: the same when a row of it is withdrawn, which is nothing new to learn."""
    read = DrawnPair.objects.filter(verdict__in=["same", "different"]).order_by("pk")
    return [(str(pk), verdict) for pk, verdict in read.values_list("pk", "verdict")]


def readings() -> list[tuple[str, str, str, str, str, float]]:
    """List what was read of all samples: register and row of both, verdict, and how many pairs each stands for."""
    found = DrawnPair.objects.filter(
        verdict__in=["same", "different"], left__withdrawn_at__isnull=True, right__withdrawn_at__isnull=True
    )
    rows = list(
        found.order_by("read_at").values_list(
            "sample_id", "stratum", "left__source_id", "left__row_id", "right__source_id", "right__row_id", "verdict"
        )
    )
    strata = dict(Sample.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "strata"))
    read: dict[tuple[UUID, int], int] = {}
    for sample, stratum, *_ in rows:
        read[sample, stratum] = read.get((sample, stratum), 0) + 1
    return [(*pair, strata[sample][stratum]["pairs"] / read[sample, stratum]) for sample, stratum, *pair in rows]
