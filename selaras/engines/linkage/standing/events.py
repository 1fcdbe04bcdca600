"""What became of persons: new ones, gone ones, those who became one, those who became several, those with another id."""

import numpy as np
import polars as pl

from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.standing.index import Index

SCHEMA = {"event": pl.String, "old_id": pl.String, "new_id": pl.String}


def events_of(before: Index, after: Index, changed: I32, withdrawn: I32) -> pl.DataFrame:
    """event, old_id, new_id: a line for each old person and each new one that share a row, where something became of it.

    `new`: a person whom no row had (old_id null); `gone`: her last row was withdrawn (new_id null); `merged`: the new person
    has rows of several old ones; `split`: the old person's rows belong to several new ones; `renamed`: the same person, whose
    least row id is another one now. A person who both splits and merges has a line of each kind. `changed`: all rows of
    persons that changed. An id is the least row id of a person's rows.
    """
    rows = np.concatenate([changed, withdrawn])
    old = rows < len(before)
    was = np.where(old, before.label[np.minimum(rows, len(before) - 1)], -1)
    was[old & before.away[np.minimum(rows, len(before) - 1)]] = -1
    now = np.where(after.away[rows], -1, after.label[rows])
    return told(
        pl.DataFrame({"id": after.row_ids(rows), "was": was, "now": now}).with_columns(
            pl.when(pl.col(side) >= 0).then(pl.col(side)).alias(side) for side in ("was", "now")
        )
    )


def told(frame: pl.DataFrame) -> pl.DataFrame:
    """Events from rows with their `id` and the persons (any numbers, null for none) that they `was` and `now` belong to."""
    frame = frame.with_columns(
        old_id=pl.when(pl.col("was").is_not_null()).then(pl.col("id").min().over("was")),
        new_id=pl.when(pl.col("now").is_not_null()).then(pl.col("id").min().over("now")),
    )
    met = frame.select("was", "now", "old_id", "new_id").unique()
    lost_all = met.group_by("was").agg(stays=pl.col("now").is_not_null().sum()).drop_nulls("was")
    had = met.group_by("now").agg(had=pl.col("was").is_not_null().sum()).drop_nulls("now")
    met = met.join(lost_all, on="was", how="left").join(had, on="now", how="left")
    both = pl.col("was").is_not_null() & pl.col("now").is_not_null()
    kinds = {
        "new": pl.col("was").is_null() & (pl.col("had") == 0),
        "gone": pl.col("now").is_null() & (pl.col("stays") == 0),
        "merged": both & (pl.col("had") > 1),
        "split": both & (pl.col("stays") > 1),
        "renamed": both & (pl.col("had") == 1) & (pl.col("stays") == 1) & (pl.col("old_id") != pl.col("new_id")),
    }
    lines = [met.filter(of).select(pl.lit(kind).alias("event"), "old_id", "new_id") for kind, of in kinds.items()]
    return pl.concat(lines).cast(SCHEMA).unique().sort("event", "old_id", "new_id")  # type: ignore[arg-type]
