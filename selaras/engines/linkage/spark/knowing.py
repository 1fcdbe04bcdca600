"""What all rows together say about one, counted by Spark: the same statistics that encoding on one machine learns."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.columns import MOST_NAMES_ON_ONE_NUMBER, MOST_NAMES_ON_ONE_PHONE, RARE_COUNTRY
from selaras.engines.linkage.levels import RARITY_EDGES
from selaras.engines.linkage.naming import F32, Rarity
from selaras.engines.linkage.nobody import crowd_among
from selaras.engines.linkage.statistics import Statistics, room_for

U64 = npt.NDArray[np.uint64]


def count_statistics(rows: DataFrame, sources: list[str]) -> Statistics:
    """Count the standardised rows of all registers; only what is shared by many comes to the driver."""
    niks = _borne_by_many(rows, "nik", MOST_NAMES_ON_ONE_NUMBER)
    passports = _borne_by_many(rows, "passport", MOST_NAMES_ON_ONE_NUMBER)
    births = _table(rows.where("birth > 0").groupBy("source", "birth").count())
    totals = dict.fromkeys(births["birth"].tolist(), 0)
    for birth, count in zip(births["birth"].tolist(), births["count"].tolist(), strict=True):
        totals[birth] += count
    values = np.array(sorted(totals), dtype=np.int32)
    days = np.unique(rc.order_free(rc.packed_date(values)))
    latest = rows.agg(f.max("event")).head()
    return Statistics(
        np.sort(niks),
        np.sort(passports.view(np.uint64)),
        np.sort(_borne_by_many(rows, "phone", MOST_NAMES_ON_ONE_PHONE)),
        crowd_among(values, np.array([totals[day] for day in values.tolist()], dtype=np.int64)),
        {source: _crowd(births, at) for at, source in enumerate(sources)},
        int((latest[0] if latest else 0) or 0) // 10000,
        _homes(rows, niks),
        _usual(rows),
        float(sum(totals.values()) / max(len(days), 1)),
        room_for(rows.count()),
        _rarity(rows),
    )


def without_crowds(rows: DataFrame, known: Statistics, sources: list[str]) -> DataFrame:
    """Take back those rows as nobody's of which nothing was known but a birth date that a form fills in by itself."""
    crowded = f.lit(False)
    for at, source in enumerate(sources):
        if len(known.crowds[source]):
            crowded |= (f.col("source") == at) & f.col("birth").isin(known.crowds[source].tolist())
    return rows.withColumn("valid", f.col("valid") & ~(f.col("only_birth") & crowded))


def _table(counted: DataFrame) -> Any:
    """Columns of a small result, by name."""
    table = counted.toArrow()
    return {name: table[name].to_numpy() for name in table.column_names}


def _crowd(births: Any, source: int) -> npt.NDArray[np.int32]:
    mine = births["source"] == source
    order = np.argsort(births["birth"][mine])
    return crowd_among(births["birth"][mine][order], births["count"][mine][order])


def _borne_by_many(rows: DataFrame, kind: str, most: int) -> npt.NDArray[np.int64]:
    """Numbers borne under more than `most` differently sounding names."""
    names = rows.where(f.col(kind) != 0).select(kind, "full").distinct().groupBy(kind).count()
    found: npt.NDArray[np.int64] = _table(names.where(f.col("count") > most).select(kind))[kind]
    return found


def _homes(rows: DataFrame, niks: npt.NDArray[np.int64]) -> dict[int, str]:
    """The usual regency by region of the NIK; of equals the last by name."""
    region = f.expr("nik div 1000000000000")
    own = rows.where("nik > 0 and regency is not null").where(region > 0)
    if len(niks):
        own = own.where(~f.col("nik").isin(niks.tolist()))
    counted = own.groupBy(region.alias("region"), "regency").count()
    usual = counted.groupBy("region").agg(f.max(f.struct("count", "regency")).alias("most"))
    return {int(row["region"]): row["most"]["regency"] for row in usual.orderBy("region").collect()}


def _usual(rows: DataFrame) -> tuple[str, ...]:
    counted = rows.where("country is not null").groupBy("country").count().collect()
    total = sum(row["count"] for row in counted)
    return tuple(sorted(row["country"] for row in counted if -np.log(row["count"] / total) < RARE_COUNTRY))


def _rarity(rows: DataFrame) -> Rarity:
    """Rarity of names and of sounds. Names so rare that no comparison tells them from unseen ones are left out."""
    total_row = rows.agg(f.count("name"), f.count("mother")).head()
    total = sum(total_row or (0,))
    name = rows.where("name is not null").select("full")
    names = name.unionAll(rows.where("mother is not null").select(f.col("mother_full").alias("full")))
    least = int(total * np.exp(-RARITY_EDGES[-1]))
    full, times = _numbers(names, f.col("full"), least)
    heard, often = _numbers(rows, f.explode("heard"), 0)
    return Rarity(full, _rare(times, total), heard, _rare(often, total), float(np.log(max(total, 1))))


def _numbers(rows: DataFrame, number: Column, least: int) -> tuple[U64, npt.NDArray[np.int64]]:
    """Numbers, rising, and how often each stands there; only those that do so at least `least` times."""
    counted = rows.select(number.alias("number")).groupBy("number").count()
    found = _table(counted.where(f.col("count") >= least))
    values: U64 = found["number"].view(np.uint64)
    order = np.argsort(values)
    return values[order], found["count"][order]


def _rare(times: npt.NDArray[np.int64], total: int) -> F32:
    return np.asarray(-np.log(np.maximum(times, 1) / max(total, 1)), dtype=np.float32)
