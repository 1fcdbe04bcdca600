"""The verbs of insight: publish the count of record of a run, once."""

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from selaras.ground.act import Refused, act, note
from selaras.insight.models import Figure, Publication
from selaras.reconcile.queries.runs import figures_of

LOCK = 7_305_003


@act
def publish_headcount(run_id: UUID) -> Publication:
    """Publish the figures of a run; a run is published once, and an older run never replaces a newer one."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
    before = Publication.objects.filter(run=run_id).first()
    if before is not None:
        return before
    figures = figures_of(run_id)
    if figures is None:
        raise Refused("run_not_done")
    standing = Publication.objects.filter(current=True).first()
    newest = standing is None or figures.finished_at > figures_finished(standing)
    if standing is not None and newest:
        standing.current = False
        standing.save(update_fields=["current"])
    made = Publication.objects.create(
        as_of=date.fromisoformat(figures.as_of), run=run_id, sources=figures.sources, totals=_totals(figures.cells),
        current=newest,
    )  # fmt: skip
    Figure.objects.bulk_create((Figure(publication=made, **cell) for cell in figures.cells), batch_size=1000)
    digest = hashlib.sha256(json.dumps(figures.cells, sort_keys=True).encode()).hexdigest()
    note(count=len(figures.cells), content=f"sha256:{digest}", run=str(run_id), publication=str(made.pk))
    return made


def figures_finished(publication: Publication) -> Any:
    """Give when the run of a publication finished; a run that is gone counts as the oldest."""
    figures = figures_of(publication.run)
    return figures.finished_at if figures is not None else publication.at


def _totals(cells: list[dict[str, Any]]) -> dict[str, int]:
    return {c["indicator"]: c["count"] for c in cells if c["country"] == "*" and not c["capacity"]}
