"""The work of a run before the switch: read, link, keep ids, compose, count, lay down."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.utils import timezone

from selaras.engines.linkage import Linkage, link, memory
from selaras.ground.act import as_job
from selaras.reconcile.actions.linking import by_hand, laying, reading, reporting
from selaras.reconcile.actions.linking.by_delivery import find_delivered
from selaras.reconcile.actions.linking.composing import Composed, compose
from selaras.reconcile.actions.linking.found import (
    Found,
    Tell,
    Watch,
    counted_before_and_after,
    counts_of,
    drawable_records,
    figures_of,
)
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.actions.linking.keeping_ids import keep_ids
from selaras.reconcile.actions.linking.standing import CannotTake, Standing, seen_of, way_of
from selaras.reconcile.actions.linking.weighing import weigh_pairs
from selaras.reconcile.queries.runs import last_cells
from selaras.reconcile.queries.sources import sources_at

Linker = Callable[..., Linkage]


def find(run: UUID, area: Path, tell: Tell, linker: Linker = link, kept: Standing | None = None) -> Found:
    """Do all that a run does without touching the register: its result lies in staging, and in the value given back.

    `linker`: what links the registers, as the engine's `link` does. `kept`: the standing linkage; where it takes what changed
    since, only that is linked, else all is linked anew, and kept.
    """
    if linker is not link or kept is None:
        return find_anew(run, area, tell, "engine" if kept else "busy", linker, None)
    if reading.how_many() < settings.SELARAS_LINK_ONTO:
        kept.empty()
        return find_anew(run, area, tell, "small", linker, None)
    try:
        return find_delivered(run, tell, kept)
    except CannotTake as reason:
        return find_anew(run, area, tell, reason.code, linker, kept)


def find_anew(run: UUID, area: Path, tell: Tell, why: str, linker: Linker, kept: Standing | None) -> Found:
    """Read and link all rows; `why` nothing less would do."""
    watch = Watch()
    as_of = timezone.localdate()
    rows = pl.concat([reading.read_rows(area, tell), by_hand.persons_by_hand()], how="vertical_relaxed")
    with as_job("link"):
        sources, before = sources_at(as_of), last_cells()
    watch.lap("read")
    registers = reading.registers_of(rows)
    if not registers:
        return _nothing(as_of, sources, watch)
    tell("standardise", 0, None)
    watch.lap("standardise")
    mark = reading.read_mark()
    judged, held, read = reading.judged_pairs(), reading.merged_by_hand(rows), reading.read_pairs()
    builder = kept.builder(seen_of(rows)) if kept else None
    with memory.limited(area, settings.SELARAS_LINK_MEMORY or None):
        for one in registers if builder else ():
            builder.register(one)
        linkage = linker(registers, judged, tell, held=held, read=read, **({"keep": builder.keep} if builder else {}))
    watch.lap("link")
    tell("compose", 0, None)
    clusters = by_hand.one_a_group(linkage.clusters.select(rec="rec_id", cluster="cluster_id", valid="valid"))
    held_ids = keep_ids(rows, clusters)
    pairs, whys = weigh_pairs(linkage, rows)
    links = laying.moves(rows, held_ids.rows, whys)
    standing = rows.drop("person").join(held_ids.rows.select("rec", "person"), on="rec", how="left", maintain_order="left")
    homes = Homes()
    composed = compose(standing.filter(pl.col("record").is_not_null()), registers, reading.trusts(), homes)
    watch.lap("compose")
    tell("lay", 0, len(links) + len(pairs))
    laying.lay_links(run, links)
    laying.lay_pairs(run, pairs)
    watch.lap("lay")
    tell("count", 0, None)
    figures = figures_of(standing, registers, linkage, pairs, as_of, sources)
    watch.lap("count")
    whole = pl.col("record").is_not_null() & pl.col("person").is_not_null()
    told = standing.select("rec", "record", "source", "person", "iso3").filter(whole)
    counts = counts_of(linkage, told, len(composed.persons), held_ids.new, len(held_ids.gone), len(judged) + len(held))
    if linkage.alone:
        counts["taught"] = linkage.run["judged"] | {"count": counted_before_and_after(standing, registers, linkage, as_of)}
    counts["changes"] = reporting.changes(held_ids, links, figures["cells"], before)
    counts["way"] = way_of("full", why, kept.mark() if kept else "", linkage.model, mark, str(run))
    findings = reporting.faults(rows, registers, homes) | {"shared": reporting.shared(told.select("rec", "source", "person"), registers)}
    watch.lap("report")
    moved = links.select(pl.concat_str("record", pl.col("person").fill_null("-"))).to_series().sort().to_list()
    return Found(
        composed, laying.touched(links), held_ids.gone, moved, counts, watch.stages, f"linkage {linkage.run['version']}",
        linkage.model, figures, findings, drawable_records(linkage, rows), linkage.run["strata"],
    )  # fmt: skip


def _nothing(as_of: date, sources: list[dict[str, Any]], watch: Watch) -> Found:
    empty = pl.DataFrame()
    figures = {"as_of": as_of.isoformat(), "sources": sources, "cells": []}
    return Found(Composed(empty, empty, empty, empty), [], {}, [], {"rows": {}}, watch.stages, "", {}, figures, {})
