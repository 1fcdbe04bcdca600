"""Which pairs are kept, why each record is whose it is, and what a judgement would change."""

import json
from typing import Any

import polars as pl

from selaras.engines.linkage import Linkage, reasons

REVIEW_SHARE = 0.01  # reviewers get at most one pair for a hundred rows
_STRONGEST = 3
# Said of nearly every pair, or of the model as a whole: no officer learns anything from it on a link.
_NOT_A_WHY = ("pair.start", "rarity.")
_NOT_LEVELS = frozenset({"left", "right", "probability", "weight", "decision", "judged", "joined", "_pattern", "kept"})


def _patterns(linkage: Linkage) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs with the number of their pattern, and per pattern its reasons and the strongest of them as JSON.

    A few thousand patterns stand behind millions of pairs: each sentence is thought out once.
    """
    levels = [name for name in linkage.pairs.columns if name not in _NOT_LEVELS]
    distinct = linkage.pairs.select(levels).unique(maintain_order=True).with_row_index("_pattern")
    whole, strongest = [], []
    for row in distinct.iter_rows(named=True):
        said = [[r.code, r.params, round(r.weight, 2)] for r in reasons(row, linkage.model)]
        whole.append(json.dumps(said))
        strongest.append(json.dumps(_strongest(said)))
    pairs = linkage.pairs.join(distinct, on=levels, how="left", maintain_order="left", nulls_equal=True)
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

    `rows`: rec, record, iso3. First: left, right (record ids, the lower first), probability, weight, decision, reasons
    (JSON), matters. Second: rec, why (JSON), judged, for rows that stand with another row.
    """
    pairs, told = _patterns(linkage)
    sizes = linkage.clusters.select("rec_id", size=pl.len().over("cluster_id"))
    about = rows.select("rec", "record", "iso3").join(sizes, left_on="rec", right_on="rec_id", how="left")
    joined = pairs.filter("joined").select("left", "right", "probability", "weight", "judged", "_pattern")
    return _kept(pairs, told, about, len(rows)), _why(joined, told)


def _why(joined: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Per row, the pair that holds it most firmly to its person."""
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


def _kept(pairs: pl.DataFrame, told: pl.DataFrame, about: pl.DataFrame, rows: int) -> pl.DataFrame:
    kept = pairs.filter(pl.col("decision").is_in(["link", "review"]) | pl.col("judged"))
    for side in ("left", "right"):
        kept = kept.join(
            about.select(pl.col("rec").alias(side), pl.all().exclude("rec").name.suffix(f"_{side}")),
            on=side, how="left", maintain_order="left",
        )  # fmt: skip
    kept = kept.filter(pl.col("record_left").is_not_null() & pl.col("record_right").is_not_null())
    kept = kept.join(told.select("_pattern", "reasons"), on="_pattern", how="left", maintain_order="left")
    kept = kept.with_columns(matters=_matters())
    most = int(REVIEW_SHARE * rows)
    review = kept.filter(pl.col("decision") == "review").sort("matters", "left", "right", descending=[True, False, False])
    ordered = pl.concat([kept.filter(pl.col("decision") != "review"), review.head(most)])
    first = pl.col("record_left") < pl.col("record_right")
    return ordered.select(
        "probability", "weight", "decision", "reasons", "matters",
        left=pl.when(first).then("record_left").otherwise("record_right"),
        right=pl.when(first).then("record_right").otherwise("record_left"),
    ).unique(["left", "right"], keep="first", maintain_order=True)  # fmt: skip


def _matters() -> pl.Expr:
    """What a judgement changes: how open the pair is, times the rows and the country counts that hang on it."""
    p = pl.col("probability")
    fewest = pl.min_horizontal("size_left", "size_right")
    other_country = (pl.col("iso3_left") != pl.col("iso3_right")).fill_null(True)
    # One person or two is one head more or less; in two countries it moves the count of both.
    heads = 1 + other_country.cast(pl.Float64)
    # A pair inside a group that also holds together without it changes less.
    apart = pl.when(pl.col("joined") & (fewest > 2)).then(0.5).otherwise(1.0)
    return p * (1 - p) * (heads * apart + fewest.log1p() * 0.25)
