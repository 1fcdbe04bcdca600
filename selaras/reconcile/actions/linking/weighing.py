"""Which pairs are kept, why each record is whose it is, and what a judgement would change."""

import json
from datetime import date
from typing import Any

import polars as pl

from selaras.engines.linkage import Linkage, reasons

_STRONGEST = 3
# Said of nearly every pair, or of the model as a whole: no officer learns anything from it on a link.
_NOT_A_WHY = ("pair.start", "rarity.")
_NOT_LEVELS = frozenset(
    {"left", "right", "probability", "weight", "decision", "judged", "joined", "effect", "left_rows", "right_rows", "_pattern", "_at"}
)


def patterns(pairs: pl.DataFrame, model: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs with the number of their pattern, and per pattern its reasons and the strongest of them as JSON.

    A few thousand patterns stand behind millions of pairs: each sentence is thought out once.
    """
    levels = [name for name in pairs.columns if name not in _NOT_LEVELS]
    distinct = pairs.select(levels).unique(maintain_order=True).with_row_index("_pattern")
    whole, strongest = [], []
    for row in distinct.iter_rows(named=True):
        said = [[r.code, r.params, round(r.weight, 2)] for r in reasons(row, model)]
        whole.append(json.dumps(said))
        strongest.append(json.dumps(_strongest(said)))
    pairs = pairs.join(distinct, on=levels, how="left", maintain_order="left", nulls_equal=True)
    told = distinct.select(
        "_pattern",
        reasons=pl.Series(whole, dtype=pl.String),
        why=pl.Series(strongest, dtype=pl.String),
    )
    return pairs, told


def _strongest(said: list[list[Any]]) -> list[list[Any]]:
    return [r for r in said if r[2] > 0 and not r[0].startswith(_NOT_A_WHY)][:_STRONGEST]


def weigh_pairs(linkage: Linkage, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the pairs to keep and the why of each row.

    `rows`: rec, record, iso3, on. First: left, right (record ids, the lower first), probability, weight, decision, reasons
    (JSON), matters, changes (JSON). Second: rec, why (JSON), judged, for rows that stand with another row.
    """
    pairs, told = patterns(linkage.pairs, linkage.model)
    kept = kept_pairs(pairs, linkage.clusters, rows, "_pattern")
    return with_reasons(kept, told), why_of(pairs, told)


def with_reasons(kept: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The pairs to keep with the reasons of their patterns."""
    return kept.join(told.select("_pattern", "reasons"), on="_pattern", how="left", maintain_order="left").drop("_pattern")


def why_of(pairs: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Per row, the pair that holds it most firmly to its person."""
    joined = pairs.filter("joined").select("left", "right", "weight", "judged", "_pattern")
    both = pl.concat(
        [
            joined.select("weight", "judged", "_pattern", rec="left"),
            joined.select("weight", "judged", "_pattern", rec="right"),
        ]
    )
    best = both.sort("rec", "judged", "weight", "_pattern", descending=[False, True, True, False]).unique(
        "rec", keep="first", maintain_order=True
    )
    return best.join(told, on="_pattern", how="left").select("rec", "why", "judged")


def kept_pairs(pairs: pl.DataFrame, clusters: pl.DataFrame, rows: pl.DataFrame, through: str) -> pl.DataFrame:
    """The pairs to keep, all but their reasons; `through`: a column of the pairs that comes along."""
    kept = pairs.filter(pl.col("decision").is_in(["link", "review"]) | pl.col("judged"))
    for side in ("left", "right"):
        record = rows.select(pl.col("rec").alias(side), pl.col("record").alias(f"record_{side}"))
        kept = kept.join(record, on=side, how="left", maintain_order="left")
    kept = kept.filter(pl.col("record_left").is_not_null() & pl.col("record_right").is_not_null())
    kept = kept.join(_changes(kept, clusters, rows), on=["left", "right"], how="left", maintain_order="left")
    first = pl.col("record_left") < pl.col("record_right")
    return kept.select(
        "probability", "weight", "decision", through,
        pl.col("changes").fill_null("{}"),
        matters=pl.col("effect").cast(pl.Float64),
        left=pl.when(first).then("record_left").otherwise("record_right"),
        right=pl.when(first).then("record_right").otherwise("record_left"),
    ).unique(["left", "right"], keep="first", maintain_order=True)  # fmt: skip


def _changes(kept: pl.DataFrame, clusters: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Say of each pair left to people what its judgement changes: left, right, changes (JSON).

    `rows`: how many hang on each side, the fewer first; `joined`: whether they are one person now; `country`: whose count has one
    person more or less, which is where the side that was seen last the earlier was seen; empty when a side counts nowhere.
    """
    asked = kept.filter(pl.col("decision") == "review").select("left", "right", "joined", "left_rows", "right_rows")
    about = clusters.select(rec="rec_id", cluster="cluster_id", valid="valid").filter(
        pl.col("cluster").is_in(
            clusters.filter(pl.col("rec_id").is_in(pl.concat([asked["left"], asked["right"]]).implode()))["cluster_id"].implode()
        )
    )
    about = about.join(rows.select("rec", "iso3", "on"), on="rec", how="left").filter("valid").sort("on", "rec", nulls_last=False)
    latest = about.group_by("cluster", maintain_order=True).last().select("cluster", last=pl.struct("on", "rec", "iso3"))
    own = about.select("rec", "cluster", own=pl.struct("on", "rec", "iso3")).join(latest, on="cluster", how="left")
    for side in ("left", "right"):
        mine = own.select(pl.col("rec").alias(side), pl.col("own").alias(f"own_{side}"), pl.col("last").alias(f"last_{side}"))
        asked = asked.join(mine, on=side, how="left", maintain_order="left")
        # inside a person it is the rows that part; between two persons, each is counted where she was seen last
        asked = asked.with_columns(pl.when("joined").then(f"own_{side}").otherwise(f"last_{side}").alias(side + "_seen"))
    told = []
    for joined, one, other, *seen in asked.select("joined", "left_rows", "right_rows", "left_seen", "right_seen").iter_rows():
        counted = all(s is not None for s in seen)
        earlier = min(seen, key=lambda s: (s["on"] or date.min, s["rec"])) if counted else {}
        said = {"rows": sorted((one, other)), "joined": joined, "country": earlier.get("iso3") or "", "counted": counted}
        told.append(json.dumps(said))
    return asked.select("left", "right", changes=pl.Series(told, dtype=pl.String))
