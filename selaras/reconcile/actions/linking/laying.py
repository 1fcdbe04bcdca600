"""Lays results down in staging tables, and switches the register over to them in one transaction."""

from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from selaras.ground.scope import NATION
from selaras.reconcile.actions.linking.keeping_ids import fresh_ids

CHUNK = 100_000
_GONE = "gone"


def sweep() -> None:
    """Take away what a run left in staging: only the holder of the lock comes here."""
    with connection.cursor() as cursor:
        cursor.execute("delete from reconcile_stagedlink")
        cursor.execute("delete from reconcile_stagedpair")


def lay_links(run: UUID, links: pl.DataFrame) -> int:
    """Lay down: record, person (null for none), former, nobody, how, decided_by, why."""
    frame = links.select(
        pl.Series("id", fresh_ids(len(links)), dtype=pl.String),
        pl.lit(str(run)).alias("run_id"),
        pl.col("record").alias("record_id"),
        pl.col("person").alias("person_id"),
        pl.col("former").alias("former_id"),
        "nobody", "how", "decided_by", "why",
    )  # fmt: skip
    return _copy("reconcile_stagedlink", frame)


def lay_pairs(run: UUID, pairs: pl.DataFrame) -> int:
    """Lay down: left, right, probability, weight, decision, reasons, matters, changes."""
    frame = pairs.select(
        pl.Series("id", fresh_ids(len(pairs)), dtype=pl.String),
        pl.lit(str(run)).alias("run_id"),
        pl.col("left").alias("left_id"),
        pl.col("right").alias("right_id"),
        "probability", "weight", "decision", "reasons", "matters", "changes",
    )  # fmt: skip
    return _copy("reconcile_stagedpair", frame)


def lay_gone(run: UUID, pairs: pl.DataFrame) -> int:
    """Lay down pairs (left, right) that stand no more: a delivery's run names them, for it lays down only what may differ."""
    told = pairs.with_columns(
        probability=pl.lit(0.0), weight=pl.lit(0.0), decision=pl.lit(_GONE), reasons=pl.lit("[]"), matters=pl.lit(0.0), changes=pl.lit("{}")
    )
    return lay_pairs(run, told)


def _copy(table: str, frame: pl.DataFrame) -> int:
    columns = ", ".join(frame.columns)
    with connection.cursor() as cursor:
        for part in frame.iter_slices(CHUNK):
            with connection.wrap_database_errors, cursor.copy(f"copy {table} ({columns}) from stdin (format csv)") as copy:
                copy.write(part.write_csv(include_header=False))
    return len(frame)


# Ended, never removed: the history of a record is its links.
_END = """
update reconcile_link l set until = now() from reconcile_stagedlink s
where s.run_id = %(run)s and l.record_id = s.record_id and l.until is null
"""
_BEGIN = """
insert into reconcile_link (id, record_id, person_id, former_id, run_id, decided_by, how, why, since)
select s.id, s.record_id, s.person_id, s.former_id, s.run_id, s.decided_by, s.how, s.why, now()
from reconcile_stagedlink s where s.run_id = %(run)s and s.person_id is not null
"""
_POINT = """
update reconcile_record r set person_id = s.person_id, nobody = s.nobody from reconcile_stagedlink s
where s.run_id = %(run)s and r.id = s.record_id
"""
_PAIRS = f"""
insert into reconcile_pair as p
  (id, left_id, right_id, run_id, probability, weight, decision, reasons, matters, changes, state, verdict, reach)
select s.id, s.left_id, s.right_id, s.run_id, s.probability, s.weight, s.decision, s.reasons, s.matters, s.changes, 'open', '',
  array['{NATION}']
from reconcile_stagedpair s where s.run_id = %(run)s and s.decision <> '{_GONE}'
on conflict (left_id, right_id) do update set run_id = excluded.run_id, probability = excluded.probability,
  weight = excluded.weight, decision = excluded.decision, reasons = excluded.reasons, matters = excluded.matters,
  changes = excluded.changes
where (p.probability, p.weight, p.decision, p.matters, p.changes) is distinct from
  (excluded.probability, excluded.weight, excluded.decision, excluded.matters, excluded.changes)
"""
# A pair that this run did not see goes, unless an officer ever judged it: then it stays, and the model says no.
_FORGET = """
delete from reconcile_pair p where not exists (
  select 1 from reconcile_stagedpair s where s.run_id = %(run)s and s.left_id = p.left_id and s.right_id = p.right_id)
and not exists (select 1 from reconcile_judgement j where j.pair_id = p.id)
and not exists (select 1 from reconcile_link l where l.judged_id = p.id)
"""
_DENY = """
update reconcile_pair p set decision = 'no', run_id = %(run)s where p.verdict = '' and p.decision <> 'no' and not exists (
  select 1 from reconcile_stagedpair s where s.run_id = %(run)s and s.left_id = p.left_id and s.right_id = p.right_id)
"""

# The same of the pairs that a delivery's run named: all others stand as they stood.
_FORGET_NAMED = f"""
delete from reconcile_pair p using reconcile_stagedpair s
where s.run_id = %(run)s and s.decision = '{_GONE}' and s.left_id = p.left_id and s.right_id = p.right_id
and not exists (select 1 from reconcile_judgement j where j.pair_id = p.id)
and not exists (select 1 from reconcile_link l where l.judged_id = p.id)
"""
_DENY_NAMED = f"""
update reconcile_pair p set decision = 'no', run_id = %(run)s from reconcile_stagedpair s
where s.run_id = %(run)s and s.decision = '{_GONE}' and s.left_id = p.left_id and s.right_id = p.right_id
and p.verdict = '' and p.decision <> 'no'
"""

# What an officer's judgement moved while the engine worked stays as she left it: the next run knows of it. Told by whose the record was
# when the run read it, not by the hour: a judgement may begin before the run and take effect after it has read.
_YIELD = """
delete from reconcile_stagedlink s using reconcile_record r
where s.run_id = %(run)s and r.id = s.record_id and r.person_id is distinct from s.former_id
"""


def switch(run: UUID, delivered: bool = False) -> dict[str, int]:
    """Make the register say what was laid down; the caller holds the transaction and the lock of moving. Gives the rows by step.

    `delivered`: only what a delivery touched was laid down, with the pairs that go by name.
    """
    forget, deny = (_FORGET_NAMED, _DENY_NAMED) if delivered else (_FORGET, _DENY)
    done: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name, statement in (
            ("links_left", _YIELD), ("links_ended", _END), ("links_new", _BEGIN), ("records_moved", _POINT), ("pairs_kept", _PAIRS),
            ("pairs_forgotten", forget), ("pairs_denied", deny),
        ):  # fmt: skip
            cursor.execute(statement, {"run": run})
            done[name] = cursor.rowcount
        for table in ("stagedlink", "stagedpair"):
            cursor.execute(f"delete from reconcile_{table} where run_id = %s", (run,))
    return done


def moves(rows: pl.DataFrame, kept: pl.DataFrame, why: pl.DataFrame) -> pl.DataFrame:
    """The links that change: rows whose person is another than before, or that became or ceased to be nobody.

    `rows`: rec, record, linked (whose it is in the table), person (who that person was merged into), nobody_was.
    `kept`: rec, person. `why`: rec, why, judged.
    """
    mine = rows.filter(pl.col("record").is_not_null())
    both = mine.select("rec", "record", "linked", "nobody_was", survivor="person").join(
        kept.select("rec", "person"), on="rec", how="left", maintain_order="left"
    )
    both = both.with_columns(nobody=pl.col("person").is_null())
    changed = both.filter(
        pl.col("person").ne_missing(pl.col("linked")) | (pl.col("nobody") != pl.col("nobody_was"))
    ).join(why, on="rec", how="left", maintain_order="left")
    judged = pl.col("judged").fill_null(False)
    return changed.select(
        "record", "person", "nobody",
        former="linked",
        how=pl.when((pl.col("survivor") != pl.col("linked")) & (pl.col("person") == pl.col("survivor")))
        .then(pl.lit("merge"))
        .when(judged)
        .then(pl.lit("judgement"))
        .otherwise(pl.lit("model")),
        decided_by=pl.lit("job:link"),
        why=pl.col("why").fill_null("[]"),
    )  # fmt: skip


def touched(links: pl.DataFrame) -> list[Any]:
    """List the persons whom these moves concern."""
    return pl.concat([links["person"], links["former"]]).drop_nulls().unique().to_list()
