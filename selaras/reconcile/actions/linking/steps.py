"""The work of a run before the switch: read, link, keep ids, compose, count, lay down."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.utils import timezone

from selaras.engines.linkage import Linkage, Register, headcount, link, memory
from selaras.engines.linkage.meaning import ABROAD, DEAD, HOME, kind_of, rank_of
from selaras.ground.act import as_job
from selaras.reconcile.actions.linking import by_hand, laying, reading, reporting
from selaras.reconcile.actions.linking.composing import Composed, compose
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.actions.linking.keeping_ids import keep_ids
from selaras.reconcile.actions.linking.weighing import weigh_pairs
from selaras.reconcile.queries import counting
from selaras.reconcile.queries.runs import last_cells
from selaras.reconcile.queries.sources import sources_at

Tell = Callable[[str, int, int | None], None]
Linker = Callable[..., Linkage]
_BETWEEN = "|"


@dataclass(frozen=True)
class Found:
    """What a run found and laid down, ready for the switch."""

    composed: Composed
    touched: list[str]  # persons whose links change
    gone: dict[str, str]  # persons of whom no row is left → who has most of her rows now
    moved: list[str]  # one text a changed link: record and person, for the content hash
    counts: dict[str, Any]
    stages: dict[str, float]
    engine: str
    model: dict[str, Any]
    figures: dict[str, Any]
    findings: dict[str, Any]
    drawable: pl.DataFrame = field(default_factory=pl.DataFrame)  # pairs kept for a sample: stratum, left, right
    strata: dict[str, Any] = field(default_factory=dict)


class _Watch:
    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.stages[stage] = round(now - self.last, 2)
        self.last = now


def find(run: UUID, area: Path, tell: Tell, linker: Linker = link) -> Found:
    """Do all that a run does without touching the register: its result lies in staging, and in the value given back.

    `linker`: what links the registers, as the engine's `link` does.
    """
    watch = _Watch()
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
    judged, held = reading.judged_pairs(), reading.merged_by_hand(rows)
    with memory.limited(area, settings.SELARAS_LINK_MEMORY or None):
        linkage = linker(registers, judged, tell, held=held, read=reading.read_pairs())
    watch.lap("link")
    tell("compose", 0, None)
    clusters = by_hand.one_a_group(linkage.clusters.select(rec="rec_id", cluster="cluster_id", valid="valid"))
    kept = keep_ids(rows, clusters)
    pairs, why = weigh_pairs(linkage, rows)
    links = laying.moves(rows, kept.rows, why)
    standing = rows.drop("person").join(kept.rows.select("rec", "person"), on="rec", how="left", maintain_order="left")
    homes = Homes()
    composed = compose(standing.filter(pl.col("record").is_not_null()), registers, reading.trusts(), homes)
    watch.lap("compose")
    tell("lay", 0, len(links) + len(pairs))
    laying.lay_links(run, links)
    laying.lay_pairs(run, pairs)
    watch.lap("lay")
    tell("count", 0, None)
    figures = _figures(standing, registers, linkage, pairs, as_of, sources)
    watch.lap("count")
    whole = pl.col("record").is_not_null() & pl.col("person").is_not_null()
    told = standing.select("rec", "record", "source", "person", "iso3").filter(whole)
    counts = _counts(linkage, told, composed, kept.new, len(kept.gone), [*judged, *held])
    if linkage.alone:
        counts["taught"] = linkage.run["judged"] | {"count": _counted_before_and_after(standing, registers, linkage, as_of)}
    counts["changes"] = reporting.changes(kept, links, figures["cells"], before)
    findings = reporting.faults(rows, registers, homes) | {"shared": reporting.shared(told.select("rec", "source", "person"), registers)}
    watch.lap("report")
    moved = links.select(pl.concat_str("record", pl.col("person").fill_null("-"))).to_series().sort().to_list()
    return Found(
        composed, laying.touched(links), kept.gone, moved, counts, watch.stages, f"linkage {linkage.run['version']}",
        linkage.model, figures, findings, _drawable(linkage, rows), linkage.run["strata"],
    )  # fmt: skip


def _nothing(as_of: date, sources: list[dict[str, Any]], watch: _Watch) -> Found:
    empty = pl.DataFrame()
    figures = {"as_of": as_of.isoformat(), "sources": sources, "cells": []}
    return Found(Composed(empty, empty, empty, empty), [], {}, [], {"rows": {}}, watch.stages, "", {}, figures, {})


def _counts(
    linkage: Linkage, told: pl.DataFrame, composed: Composed, new: int, gone: int, judged: list[Any]
) -> dict[str, Any]:
    """What the run's page shows: sizes, largest groups, shared numbers, and faults by register."""
    sizes = told.group_by("person").len("rows")
    spread = sizes.group_by("rows").len("persons").sort("rows")
    read = linkage.run["counts"]["rows"]
    return linkage.run["counts"] | {
        "rows": {source: n for source, n in read.items() if source != by_hand.SOURCE},
        "by_hand": read.get(by_hand.SOURCE, 0),
        "persons": len(composed.persons),
        "groups_new": new,
        "groups_gone": gone,
        "judged": len(judged),
        "sizes": [list(r) for r in spread.iter_rows()],
        "largest": reporting.largest(told),
        "faults": {source: f for source, f in linkage.run["faults"].items() if source != by_hand.SOURCE},
        "calibration": reporting.measured(linkage.run.get("calibration", ())),
        "engine_seconds": linkage.run["stages"],
        **{said: linkage.run[said] for said in ("peak_memory_mb", "memory_limit_mb", "memory_spilled_mb") if said in linkage.run},
    }


def _figures(
    rows: pl.DataFrame, registers: list[Register], linkage: Linkage, pairs: pl.DataFrame, as_of: date,
    sources: list[dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """The count of record at this run, with the expectation and interval that the match probabilities give."""
    review = pairs.filter(pl.col("decision") == "review")
    reviewed = pl.concat([review["left"], review["right"]]).unique()
    told = _meant(rows, registers).select(
        "rec", "source", "person", "iso3", "capacity", "on", "rank", "there", "sex",
        ended=pl.col("kind").replace_strict({HOME: "returned", DEAD: "dead"}, default=None, return_dtype=pl.String),
        reviewed=pl.col("record").is_in(reviewed.implode()),
    )  # fmt: skip
    persons = counting.last_known(told, as_of)
    missing = tuple(s["key"] for s in sources if not s["delivered_at"])
    cells = counting.cells(persons, missing)
    here = counting.present(persons)["person"]
    told = told.join(_person_sexes(persons), on="person", how="left", maintain_order="left")
    with_interval = {
        counting.LAST_KNOWN: _expected(told, registers, linkage, None, as_of),
        counting.PRESENT: _expected(told, registers, linkage, here, as_of),
    }
    for cell in cells:
        known = with_interval[cell["indicator"]]
        if found := known.get((cell["country"], cell["capacity"])):
            cell["expected"], cell["low"], cell["high"] = (round(x, 1) for x in found)
        for sex in () if cell["capacity"] else counting.SEXES.values():
            if found := known.get((cell["country"], sex)):
                cell["parts"] |= {f"{sex}_{bound}": round(x, 1) for bound, x in zip(counting.BOUNDS, found, strict=True)}
    return {"as_of": as_of.isoformat(), "sources": sources, "cells": cells}


def _meant(rows: pl.DataFrame, registers: list[Register]) -> pl.DataFrame:
    """The rows with what each says of where she is (kind), whether it puts her abroad (there), and its rank on a day."""
    means = pl.concat([r.rows.select(rec="row_id", means="means", sex="sex") for r in registers])
    number = means["means"].to_numpy()
    said = means.select("rec", "sex", kind=pl.Series(kind_of(number)), rank=pl.Series(rank_of(number)).cast(pl.Int64))
    there = (pl.col("kind") == ABROAD) & pl.col("source").is_in(counting.PLACED)
    return rows.join(said, on="rec", how="left", maintain_order="left").with_columns(there=there)


def _drawable(linkage: Linkage, rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs kept for a sample, by the ids of their records; not those with a person of whom no register has a row."""
    kept = linkage.drawable
    for side in ("left", "right"):
        named = rows.select(pl.col("rec").alias(side), pl.col("record").alias(f"{side}_record"))
        kept = kept.join(named, on=side, how="left", maintain_order="left")
    kept = kept.select("stratum", left="left_record", right="right_record")
    return kept.drop_nulls()


def _counted_before_and_after(rows: pl.DataFrame, registers: list[Register], linkage: Linkage, as_of: date) -> list[list[float]]:
    """Expectation and interval of all persons with a last known country, without people's verdicts and with them."""
    unaided = replace(linkage, persons=linkage.alone or linkage.persons)
    told = _meant(rows, registers).with_columns(of_sex=pl.lit(""))
    found = (_expected(told, registers, one, None, as_of).get((counting.ALL, ""), (0.0, 0.0, 0.0)) for one in (unaided, linkage))
    return [[round(x, 1) for x in one] for one in found]


def _expected(
    told: pl.DataFrame, registers: list[Register], linkage: Linkage, only: pl.Series | None, as_of: date
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Expectation and interval per country, per capacity or sex, per both and for all: the same weighing over other names of places."""
    counted = pl.col("there")
    if only is not None:
        counted &= pl.col("person").is_in(only.implode())
    where = told.select("rec", pl.col("iso3", "capacity", "of_sex").fill_null(""), counted=counted)
    found: dict[tuple[str, str], tuple[float, float, float]] = {}
    for country in (pl.col("iso3"), pl.lit(counting.ALL)):
        for part in (pl.lit(""), pl.col("capacity"), pl.col("of_sex")):
            placed = [_placed(r, where, pl.concat_str(country, part, separator=_BETWEEN)) for r in registers]
            for name, expected, low, high in headcount(placed, linkage, as_of).iter_rows():
                place, _, kind = name.partition(_BETWEEN)
                # rows whose capacity nobody said are no capacity of their own
                found.setdefault((place, kind), (expected, low, high))
    return found


def _person_sexes(persons: pl.DataFrame) -> pl.DataFrame:
    """Per person the name of the part in which her sex is counted."""
    name = pl.coalesce(*(pl.when(pl.col(part)).then(pl.lit(part)) for part in counting.SEXES.values()))
    return persons.select("person", of_sex=name)


def _placed(register: Register, where: pl.DataFrame, name: pl.Expr) -> Register:
    """The register with rows that do not count left out, and its countries named as we count them."""
    rows = register.rows.join(
        where.select(row_id="rec", counted="counted", place=name), on="row_id", how="left", maintain_order="left"
    )
    rows = rows.with_columns(valid=pl.col("valid") & pl.col("counted").fill_null(False), country="place")
    return replace(register, rows=rows.drop("counted", "place"))
