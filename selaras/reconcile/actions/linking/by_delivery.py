"""A delivery's run: only rows that came, changed or went are opened and compared; only persons whom that touches are composed anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
from django.utils import timezone
from psycopg.sql import SQL

from selaras.engines.linkage.judged import Judged
from selaras.engines.linkage.standing import Added, Drifted, Whole, add_rows, nothing_added, whole
from selaras.ground.act import as_job
from selaras.reconcile.actions.linking import by_hand, laying, reading, reporting
from selaras.reconcile.actions.linking.composing import Composed, compose
from selaras.reconcile.actions.linking.found import Found, Tell, Watch, counts_of, drawable_records, figures_of
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.actions.linking.keeping_ids import keep_ids
from selaras.reconcile.actions.linking.meanwhile import verdict_links
from selaras.reconcile.actions.linking.standing import LEAST, MOST, CannotTake, Opened, Standing, seen_of
from selaras.reconcile.actions.linking.weighing import kept_pairs, patterns, why_of, with_reasons
from selaras.reconcile.models import Record, Run
from selaras.reconcile.queries.runs import last_cells
from selaras.reconcile.queries.sources import sources_at

_PAIRS = "copy (select left_id, right_id, probability, weight, decision, matters from reconcile_pair) to stdout (format csv)"
_STANDING_PAIRS = {
    "left": pl.String, "right": pl.String, "probability": pl.Float64, "weight": pl.Float64, "decision": pl.String, "matters": pl.Float64,
}  # fmt: skip
# Counted only when everything is linked anew: carried on from the last run.
_CARRIED = ("shared_numbers", "phones_shared", "rows_in_blocks_cut_short", "silver_pairs")


def find_delivered(run: UUID, tell: Tell, kept: Standing) -> Found:
    """Do what `steps.find` does, from the index and what has changed since; raises `CannotTake` before anything is laid down."""
    watch = Watch()
    as_of = timezone.localdate()
    opened = kept.open(reading.read_mark())
    tell("read", 0, None)
    heads, hands = reading.read_heads(), by_hand.persons_by_hand()
    rows = pl.concat([heads, hands.select(heads.columns)], how="vertical_relaxed")
    coming, going = _delta(opened, rows)
    come = _come(coming, hands)
    with as_job("link"):
        sources, cells_before = sources_at(as_of), last_cells()
        before = _last_run()
    watch.lap("read")
    judged, by_officers = reading.judged_pairs(), reading.merged_by_hand(rows)
    added, all_rows = _linked(opened, kept, rows, come, going, (judged, by_officers), tell)
    linkage = all_rows.linkage
    watch.lap("link")
    tell("compose", 0, None)
    clusters = by_hand.one_a_group(linkage.clusters.select(rec="rec_id", cluster="cluster_id", valid="valid"))
    held = keep_ids(rows, clusters)
    pairs, gone_pairs, links = _changes(all_rows, rows, held.rows)
    standing = rows.drop("person").join(held.rows.select("rec", "person"), on="rec", how="left", maintain_order="left")
    touched = _touched(standing, come, going, links, before)
    composed = _composed(standing, touched, opened)
    watch.lap("compose")
    tell("count", 0, None)
    figures = figures_of(standing, all_rows.registers, linkage, pairs, as_of, sources)
    watch.lap("count")
    told = standing.select("rec", "record", "source", "person", "iso3").filter(
        pl.col("record").is_not_null() & pl.col("person").is_not_null()
    )
    linkage.run["counts"] |= {name: before.counts[name] for name in _CARRIED if name in before.counts}
    linkage.run.update(faults=before.counts.get("faults", {}), calibration=before.counts.get("calibration", []), stages={})
    persons = told["person"].n_unique()
    counts = counts_of(linkage, told, persons, held.new, len(held.gone), len(judged) + len(by_officers))
    counts["changes"] = reporting.changes(held, links, figures["cells"], cells_before)
    findings = {name: before.findings.get(name, default) for name, default in (("faults", []), ("left_out", 0))}
    findings |= {"shared": reporting.shared(told.select("rec", "source", "person"), all_rows.registers)}
    watch.lap("report")
    tell("lay", 0, len(links) + len(pairs))
    laying.lay_links(run, links)
    laying.lay_pairs(run, pairs.filter("fresh"))
    laying.lay_gone(run, gone_pairs)
    mark = kept.prepare(opened, added, all_rows.settled(), _seen(opened, come, going))
    watch.lap("lay")
    counts["way"] = opened.way | {
        "kind": "delivery", "why": "", "index": mark, "taken": added.counts, "persons": len(touched),
        "groups": _groups(opened, added, all_rows),
    }  # fmt: skip
    moved = links.select(pl.concat_str("record", pl.col("person").fill_null("-"))).to_series().sort().to_list()
    return Found(
        composed, laying.touched(links), held.gone, moved, counts, watch.stages, f"linkage {linkage.run['version']}",
        linkage.model, figures, findings, drawable_records(linkage, rows), linkage.run["strata"],
        heads["source"].unique().sort().to_list(), True,
    )  # fmt: skip


@dataclass(frozen=True)
class _Last:
    counts: dict[str, Any]
    findings: dict[str, Any]
    read_at: datetime | None


def _last_run() -> _Last:
    run = Run.objects.filter(state=Run.State.DONE).order_by("-finished_at").only("counts", "findings", "started_at").first()
    return _Last(dict(run.counts), dict(run.findings), run.started_at) if run else _Last({}, {}, None)


def _delta(opened: Opened, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that came or changed since the index, and what it holds that is no more."""
    now = rows.with_columns(key=pl.coalesce("record", "row_id"))
    coming = now.join(opened.seen.select("key", "mark"), on=["key", "mark"], how="anti", maintain_order="left")
    going = opened.seen.join(now.select("key"), on="key", how="anti")
    many = len(coming) + len(going)
    if many > LEAST and many > MOST * len(opened.seen):
        raise CannotTake("much")
    known = set(opened.index.sources)
    if not set(coming["source"].unique().to_list()) <= known:
        raise CannotTake("registers")
    if len(opened.index) + len(coming) > opened.index.statistics.room:
        raise CannotTake("room")
    return coming, going


def _come(coming: pl.DataFrame, hands: pl.DataFrame) -> pl.DataFrame:
    """The rows that came or changed, with what they say, in their registers' order."""
    roots = reading.survivors()
    said = reading.read_records(coming["record"].drop_nulls().to_list(), roots)
    mine = hands.filter(pl.col("row_id").is_in(coming.filter(pl.col("record").is_null())["row_id"].implode()))
    return pl.concat([said, mine.select(said.columns)], how="vertical_relaxed")


def _withdrawn(going: pl.DataFrame) -> dict[str, pl.Series]:
    """The names of rows that are no more, by register."""
    ids = going.filter(~pl.col("hand"))["key"].to_list()
    with as_job("link"):
        named = list(Record.objects.filter(pk__in=ids).values_list("source_id", "row_id"))
    if len(named) < len(ids):
        raise CannotTake("drifted")
    found: dict[str, list[str]] = {}
    for source, row_id in named:
        found.setdefault(source, []).append(reading.rec_of(source, row_id))
    for person in going.filter("hand")["key"]:
        found.setdefault(by_hand.SOURCE, []).append(reading.rec_of(by_hand.SOURCE, person))
    return {source: pl.Series(recs, dtype=pl.String) for source, recs in found.items()}


def _linked(
    opened: Opened, kept: Standing, rows: pl.DataFrame, come: pl.DataFrame, going: pl.DataFrame,
    said: tuple[Judged, Judged], tell: Tell,
) -> tuple[Added, Whole]:  # fmt: skip
    """Everybody with the delivery in."""
    tell("standardise", 0, None)
    index = opened.index
    registers = reading.registers_of(come, index.statistics.crowds)
    withdrawn = _withdrawn(going)
    tell("compare", 0, None)
    try:
        added = add_rows(index, kept.folder, kept.generation, registers, withdrawn) if registers or withdrawn else nothing_added(index)
        tell("resolve", 0, None)
        ids = {str(name): part["rec"] for (name,), part in rows.group_by("source", maintain_order=True)}
        found = whole(added.index, ids, *said)
    except Drifted:
        raise CannotTake("drifted") from None
    except (ValueError, IndexError, KeyError, OSError, pl.exceptions.PolarsError):
        raise CannotTake("damaged") from None
    if not found.linkage.clusters["rec_id"].equals(rows["rec"]):
        raise CannotTake("drifted")
    return added, found


def _changes(found: Whole, rows: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """All pairs to keep, of which those are `fresh` that may differ from what stands; those that stand no more; links that change."""
    linkage = found.linkage
    pairs = linkage.pairs.with_row_index("_at")
    kept = kept_pairs(pairs, linkage.clusters, rows, "_at")
    with as_job("link"):
        stood = reading.copied_out(SQL(_PAIRS), _STANDING_PAIRS)
    as_before = kept.join(stood, on=list(_STANDING_PAIRS), how="semi")["_at"]
    kept = kept.with_columns(fresh=(pl.col("decision") == "review") | ~pl.col("_at").is_in(as_before.implode()))
    gone = stood.join(kept, on=["left", "right"], how="anti").select("left", "right")
    nothing = pl.DataFrame(schema={"rec": pl.String, "why": pl.String, "judged": pl.Boolean})
    moved = laying.moves(rows, now, nothing)["record"]
    recs = rows.filter(pl.col("record").is_in(moved.implode()))["rec"].implode()
    ties = pairs.filter("joined").filter(pl.col("left").is_in(recs) | pl.col("right").is_in(recs))["_at"]
    at = pl.concat([kept.filter("fresh")["_at"], ties]).unique().sort()
    detailed, told = patterns(found.detailed(at.cast(pl.Int64).to_numpy()).with_columns(at), linkage.model)
    known = detailed.select("_at", "_pattern")
    kept = with_reasons(kept.join(known, on="_at", how="left", maintain_order="left"), told)
    return kept, gone, laying.moves(rows, now, why_of(detailed.filter(pl.col("_at").is_in(ties.implode())), told))


def _touched(
    standing: pl.DataFrame, come: pl.DataFrame, going: pl.DataFrame, links: pl.DataFrame, before: _Last
) -> pl.Series:
    """The persons of whom the registers may say something else now."""
    roots = reading.survivors()
    with as_job("link"):
        left = Record.objects.filter(pk__in=going.filter(~pl.col("hand"))["key"].to_list(), person__isnull=False)
        lost = [str(p) for p in left.values_list("person_id", flat=True)]
        lost += [p for persons in verdict_links(before.read_at).values() for p in persons]
    lost = [roots.get(p, p) for p in (*lost, *before.counts.get("again", ()))]
    theirs = standing.filter(pl.col("rec").is_in(come["rec"].implode()))["person"]
    moved = [links[side] for side in ("person", "former")]
    return pl.concat([theirs, *moved, pl.Series(lost, dtype=pl.String)]).drop_nulls().unique().sort()


def _composed(standing: pl.DataFrame, touched: pl.Series, opened: Opened) -> Composed:
    """What the registers say of these persons now."""
    mine = standing.filter(pl.col("record").is_not_null() & pl.col("person").is_in(touched.implode()))
    said = reading.read_records(mine["record"].to_list(), {})
    said = said.drop("person").join(mine.select("rec", "person"), on="rec", how="left", maintain_order="left")
    if said.is_empty():
        empty = pl.DataFrame()
        return Composed(empty, empty, empty, empty)
    registers = reading.registers_of(said, opened.index.statistics.crowds)
    return compose(said, registers, reading.trusts(), Homes())


def _seen(opened: Opened, come: pl.DataFrame, going: pl.DataFrame) -> pl.DataFrame:
    fresh = seen_of(come)
    stays = opened.seen.join(pl.concat([fresh["key"], going["key"]]).to_frame(), on="key", how="anti", maintain_order="left")
    return pl.concat([stays, fresh])


def _groups(opened: Opened, added: Added, found: Whole) -> Mapping[str, int]:
    """How much was looked at again: rows, and persons that they make."""
    if not (len(added.new) or len(added.gone)):
        return {"rows": 0, "persons": 0}
    rows = added.touched(opened.index)
    place = np.full(len(found.index), -1, dtype=np.int64)
    place[found.rows] = np.arange(len(found.rows))
    return {"rows": len(rows), "persons": len(np.unique(found.linkage.persons.label[place[rows]]))}
