"""Which row of which register is whose, as one table: for scoring a linkage and for handing it on."""

from typing import Any

import polars as pl

from selaras.ground.act import ask, note
from selaras.reconcile.models import Record

SCHEMA = {"rec_id": pl.String(), "cluster_id": pl.String(), "valid": pl.Boolean(), "source": pl.String()}


@ask
def export_clusters() -> pl.DataFrame:
    """Give rec_id (the register's own row id), cluster_id (the person), valid (not the row of nobody) and source."""
    rows = Record.objects.filter(withdrawn_at__isnull=True).order_by("source_id", "row_id")
    found: list[tuple[Any, ...]] = [
        (row_id, str(person) if person else None, not nobody, source)
        for row_id, person, nobody, source in rows.values_list("row_id", "person_id", "nobody", "source_id").iterator(20_000)
    ]
    note(count=len(found))
    return pl.DataFrame(found, schema=SCHEMA, orient="row")
