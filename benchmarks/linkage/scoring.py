"""How good a linkage is: pairs, whole persons, headcount, intervals and probabilities, all against the truth."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from selaras.engines.linkage import country_iso3
from selaras.engines.linkage.files import own_spellings
from selaras.engines.linkage.layouts import columns_of

LARGE = 1_000
NATION = 7.07e6
DOUBT = (0.05, 0.95)
_BINS = 20


def rows_of(data: Path) -> pl.DataFrame:
    """Every row of both registers: rec_id, event, iso3 (null for an unknown country), in_s, person_id (below 0: nobody).

    Countries are read by the folder's own countries.csv first, as the command reads them.
    """
    parts = []
    for name in ("s", "p"):
        path = data / f"{name}.parquet"
        headings = columns_of(list(pl.read_parquet_schema(path)))
        chosen = {"rec_id": headings["row_id"], "country": headings["country"], "event": headings["event_date"]}
        part = pl.scan_parquet(path).select(pl.col(heading).alias(own) for own, heading in chosen.items()).collect()
        parts.append(part.with_columns(in_s=pl.lit(name == "s")))
    rows = pl.concat(parts)
    own = own_spellings(data) or {}
    spelt = rows["country"].drop_nulls().unique().sort().to_list()
    codes = pl.DataFrame(
        {"country": spelt, "iso3": [own.get(text) or country_iso3(text) for text in spelt]},
        schema={"country": pl.String, "iso3": pl.String},
    )
    rows = rows.join(codes, on="country", how="left").drop("country")
    return rows.join(pl.read_parquet(data / "truth.parquet"), on="rec_id")


def linked(rows: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `cluster` and `valid` of a linkage (rec_id, cluster_id, maybe valid); a row it does not name is alone."""
    if "valid" not in clusters.columns:
        clusters = clusters.with_columns(valid=pl.lit(True))
    got = clusters.select("rec_id", "valid", cluster=pl.col("cluster_id").cast(pl.String)).unique("rec_id")
    return rows.join(got, on="rec_id", how="left").with_columns(
        pl.col("cluster").fill_null(pl.lit("alone ") + pl.col("rec_id")), pl.col("valid").fill_null(True)
    )


def pairs_of(rows: pl.DataFrame, by: list[str]) -> dict[str, int]:
    """Pairs of rows that share `by`: of one row of each register (`cross`), and of any two (`all`)."""
    sizes = rows.group_by(by).agg(n=pl.len().cast(pl.Int64), s=pl.col("in_s").sum().cast(pl.Int64))
    cross = pl.col("s") * (pl.col("n") - pl.col("s"))
    every = pl.col("n") * (pl.col("n") - 1) // 2
    return sizes.select(cross=cross.sum(), all=every.sum()).row(0, named=True)


def agreement(both: int, found: int, true: int) -> dict[str, float]:
    """Precision, recall and F1 from numbers of pairs."""
    return {
        "p": round(both / max(found, 1), 5),
        "r": round(both / max(true, 1), 5),
        "f1": round(2 * both / max(found + true, 1), 5),
    }


def pairwise(rows: pl.DataFrame) -> dict[str, Any]:
    """Pairwise agreement across registers and over all pairs, and the share of persons of several rows found exactly."""
    both, found, true = (
        pairs_of(rows, by) for by in (["cluster", "person_id"], ["cluster"], ["person_id"])
    )  # fmt: skip
    size = rows.group_by("person_id").agg(n=pl.len())
    exact = (
        rows.group_by("cluster", "person_id").agg(m=pl.len())
        .join(rows.group_by("cluster").agg(k=pl.len()), on="cluster")
        .join(size, on="person_id")
        .filter((pl.col("m") == pl.col("k")) & (pl.col("m") == pl.col("n")) & (pl.col("n") > 1))
    )  # fmt: skip
    out: dict[str, Any] = {kind: agreement(both[kind], found[kind], true[kind]) for kind in ("cross", "all")}
    out["exact"] = round(exact.height / max(size.filter(pl.col("n") > 1).height, 1), 5)
    out["largest"] = int(rows.group_by("cluster").len()["len"].max() or 0)
    return out


def counted(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Persons by the country of their latest dated row."""
    latest = rows.sort("event", "rec_id").group_by(key).agg(pl.col("iso3").last())
    return latest.group_by("iso3").agg(n=pl.len().cast(pl.Float64))


def count_errors(rows: pl.DataFrame, estimate: pl.DataFrame) -> dict[str, float]:
    """Errors of a headcount (iso3, n): summed over countries, and the worst of at least 1,000 true persons.

    `worst_scaled` takes countries of 1,000 persons in a register of the nation's size, fewer in a smaller file.
    """
    true = counted(rows.filter(pl.col("person_id") >= 0), "person_id")
    both = true.join(estimate, on="iso3", how="full", suffix="_e", coalesce=True, nulls_equal=True).fill_null(0.0)
    gap = (both["n_e"] - both["n"]).abs()
    share = gap / both["n"]
    scaled = LARGE * min(rows.height / NATION, 1.0)
    return {
        "sum": round(float(gap.sum()) / max(float(both["n"].sum()), 1), 5),
        "worst": _most(share, both["n"] >= LARGE),
        "worst_scaled": _most(share, both["n"] >= scaled),
    }


def _most(share: pl.Series, among: pl.Series) -> float:
    found = share.filter(among)
    return round(float(found.max() or 0.0), 5)  # type: ignore[arg-type]


def by_links(rows: pl.DataFrame, known: pl.Series | None = None) -> dict[str, float]:
    """Errors of the headcount that simply counts clusters; `known`: rows that are somebody, else the linkage's own."""
    return count_errors(rows, counted(rows.filter(pl.col("valid") if known is None else known), "cluster"))


def by_intervals(rows: pl.DataFrame, headcount: pl.DataFrame) -> dict[str, float]:
    """Errors of an expected headcount (iso3, expected, low, high) and how many countries its intervals hold."""
    out = count_errors(rows, headcount.select("iso3", n=pl.col("expected").cast(pl.Float64)))
    true = counted(rows.filter(pl.col("person_id") >= 0), "person_id")
    both = true.join(headcount, on="iso3", how="inner")
    held = both["n"].is_between(both["low"], both["high"])
    width = (both["high"] - both["low"]).sum() / max(both["n"].sum(), 1)
    return out | {"covered": round(float(held.mean() or 0.0), 4), "width": round(float(width), 5)}  # type: ignore[arg-type]


def with_truth(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs (left, right, probability) with `true`: both rows are the same person, and that person exists."""
    owner = rows.select("rec_id", "person_id")
    out = pairs.join(owner, left_on="left", right_on="rec_id").join(owner, left_on="right", right_on="rec_id", suffix="_r")
    return out.with_columns(true=(pl.col("person_id") == pl.col("person_id_r")))


def calibration(probability: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Expected calibration error over twenty equal bins: of all the pairs, and of the doubtful ones (.05 to .95)."""
    doubtful = (probability >= DOUBT[0]) & (probability <= DOUBT[1])
    return {
        "ece": _ece(probability, true),
        "ece_doubtful": _ece(probability[doubtful], true[doubtful]),
        "pairs": len(probability),
        "doubtful": int(doubtful.sum()),
    }


def _ece(probability: np.ndarray, true: np.ndarray) -> float:
    if not len(probability):
        return 0.0
    bins = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    said = np.bincount(bins, weights=probability, minlength=_BINS)
    came = np.bincount(bins, weights=true.astype(float), minlength=_BINS)
    return round(float(np.abs(said - came).sum() / len(probability)), 5)
