"""A sample for reading: a run keeps pairs, an officer draws some of them, readers say of each whether it is one person."""

import random
from typing import Any
from uuid import UUID

import polars as pl
from django.utils import timezone

from selaras.engines.linkage.clerical import Stratum, allocate
from selaras.ground.act import NotThere, Refused, act, note
from selaras.ground.scope import NATION, current
from selaras.reconcile.actions.judging import VERDICTS
from selaras.reconcile.models import DrawnPair, Run, Sample

SMALLEST, LARGEST = 20, 1_000
"""How many pairs may be drawn at once."""


def keep_for_drawing(run: Run, drawable: pl.DataFrame, told: dict[str, Any]) -> None:
    """Keep the pairs of a run that can be drawn; those of runs before it of which none was drawn go. Part of `apply_run`.

    `drawable`: stratum, left, right (ids of records); `told`: the strata and what lies beyond them.
    """
    Sample.objects.filter(drawn_at__isnull=True).delete()
    if not told or drawable.is_empty():
        return
    kept = set(drawable["stratum"].to_list())
    # Of a stratum whose pairs are all with persons that no register has, nothing can be read, so nothing is said of it.
    strata = [s if at in kept else s | {"pairs": 0, "expected": 0.0} for at, s in enumerate(told["strata"])]
    sample = Sample.objects.create(run=run, strata=strata, beyond=told["beyond"], reach=[NATION])
    DrawnPair.objects.bulk_create(
        [
            DrawnPair(sample=sample, stratum=stratum, left_id=left, right_id=right)
            for stratum, left, right in drawable.select("stratum", "left", "right").iter_rows()
        ],
        batch_size=1_000,
    )


@act
def draw_sample(run_id: UUID, size: int) -> Sample:
    """Draw so many pairs of a run for reading, of each stratum by what it adds to the estimate; once for a run."""
    if not SMALLEST <= size <= LARGEST:
        raise Refused("sample_size", least=SMALLEST, most=LARGEST)
    sample = Sample.objects.select_for_update(of=("self",)).filter(run_id=run_id).first()
    if sample is None:
        raise NotThere("not there")
    if sample.drawn_at is not None:
        raise Refused("sample_drawn")
    # By the run's id, so that the draw can be done again and checked.
    chance = random.Random(str(run_id))
    chosen: list[DrawnPair] = []
    for stratum, number in enumerate(allocate([Stratum(**s) for s in sample.strata], size)):
        mine = list(DrawnPair.objects.filter(sample=sample, stratum=stratum).order_by("id"))
        chosen += chance.sample(mine, min(number, len(mine)))
    chance.shuffle(chosen)
    for turn, pair in enumerate(chosen):
        pair.turn = turn
    DrawnPair.objects.bulk_update(chosen, ["turn"], batch_size=500)
    sample.size, sample.drawn_by, sample.drawn_at = len(chosen), current().address, timezone.now()
    sample.save(update_fields=["size", "drawn_by", "drawn_at"])
    note(run=str(run_id), count=len(chosen))
    return sample


@act
def read_drawn(drawn_id: UUID, verdict: str) -> DrawnPair:
    """Say of a drawn pair that it is the same person, is not, or cannot be told; its reader may say otherwise later."""
    if verdict not in VERDICTS:
        raise Refused("unknown_verdict")
    pair = _locked(drawn_id)
    if pair.verdict and pair.reader != current().address:
        raise Refused("read_already")
    pair.verdict, pair.reader, pair.read_at = verdict, current().address, timezone.now()
    return _kept(pair, verdict)


@act
def unread_drawn(drawn_id: UUID) -> DrawnPair:
    """Take one's own reading of a drawn pair back."""
    pair = _locked(drawn_id)
    if not pair.verdict or pair.reader != current().address:
        raise Refused("nothing_to_undo")
    pair.verdict, pair.reader, pair.read_at = "", "", None
    return _kept(pair, "")


def _locked(drawn_id: UUID) -> DrawnPair:
    pair: DrawnPair | None = (
        DrawnPair.objects.select_for_update(of=("self",)).filter(pk=drawn_id, turn__isnull=False).first()
    )
    if pair is None:
        raise NotThere("not there")
    return pair


def _kept(pair: DrawnPair, said: str) -> DrawnPair:
    pair.save(update_fields=["verdict", "reader", "read_at"])
    persons = [p for p in (pair.left.person_id, pair.right.person_id) if p is not None]
    note(subjects=list(dict.fromkeys(persons)), drawn=str(pair.pk), said=said)
    return pair
