"""What a run found, whichever way it went: its counts, the count of record and the pairs kept for a sample."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from selaras.engines.linkage import Linkage, Register, headcount
from selaras.engines.linkage.meaning import ABROAD, DEAD, HOME, kind_of, rank_of
from selaras.reconcile.actions.linking import by_hand, reporting
from selaras.reconcile.actions.linking.composing import Composed
from selaras.reconcile.queries import counting

Tell = Callable[[str, int, int | None], None]
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
    # Of a delivery's run, which gives only what it touched: the registers that have rows at all.
    sources: list[str] = field(default_factory=list)
    delivered: bool = False


class Watch:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Close a stage."""
        now = time.perf_counter()
        self.stages[stage] = round(now - self.last, 2)
        self.last = now


def counts_of(
    linkage: Linkage, told: pl.DataFrame, persons: int, new: int, gone: int, judged: int
) -> dict[str, Any]:
    """What the run's page shows: sizes, largest groups, shared numbers, and faults by register."""
    sizes = told.group_by("person").len("rows")
    spread = sizes.group_by("rows").len("persons").sort("rows")
    read = linkage.run["counts"]["rows"]
    return linkage.run["counts"] | {
        "rows": {source: n for source, n in read.items() if source != by_hand.SOURCE},
        "by_hand": read.get(by_hand.SOURCE, 0),
        "persons": persons,
        "groups_new": new,
        "groups_gone": gone,
        "judged": judged,
        "sizes": [list(r) for r in spread.iter_rows()],
        "largest": reporting.largest(told),
        "faults": {source: f for source, f in linkage.run["faults"].items() if source != by_hand.SOURCE},
        "calibration": reporting.measured(linkage.run.get("calibration", ())),
        "engine_seconds": linkage.run["stages"],
        **{said: linkage.run[said] for said in ("peak_memory_mb", "memory_limit_mb", "memory_spilled_mb") if said in linkage.run},
    }


def figures_of(
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


def drawable_records(linkage: Linkage, rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs kept for a sample, by the ids of their records; not those with a person of whom no register has a row."""
    kept = linkage.drawable
    for side in ("left", "right"):
        named = rows.select(pl.col("rec").alias(side), pl.col("record").alias(f"{side}_record"))
        kept = kept.join(named, on=side, how="left", maintain_order="left")
    kept = kept.select("stratum", left="left_record", right="right_record")
    return kept.drop_nulls()


def counted_before_and_after(rows: pl.DataFrame, registers: list[Register], linkage: Linkage, as_of: date) -> list[list[float]]:
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
