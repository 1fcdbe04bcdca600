"""Link on Spark: rows, statistics, blocks and comparisons on the workers; weights, persons and lists on the driver."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from selaras.engines.linkage import records as rc
from selaras.engines.linkage.blocking import Candidates
from selaras.engines.linkage.coding import I32
from selaras.engines.linkage.comparing import U64
from selaras.engines.linkage.grouping import MOST_REGISTERS
from selaras.engines.linkage.judged import Judged, Read
from selaras.engines.linkage.linking import Linkage, Progress, Watch, link_coded
from selaras.engines.linkage.meaning import USUAL, meanings
from selaras.engines.linkage.registers import ParquetColumns, Register
from selaras.engines.linkage.spark import pairing
from selaras.engines.linkage.spark.knowing import count_statistics, without_crowds
from selaras.engines.linkage.spark.ready import NoSpark
from selaras.engines.linkage.spark.rows import SAID, SCHEMA, laid_out, standardise
from selaras.engines.linkage.spark.session import session
from selaras.engines.linkage.statistics import Statistics, among
from selaras.engines.linkage.wording import wording_of
from selaras.engines.reading import Layout

# Lines of block keys that one part holds: about 200 MB in its worker while it makes pairs of them.
_KEYS_A_PART = 1_500_000
_KEYS_A_ROW = 14
_GATHERED = np.dtype(
    [("source", np.uint16), ("flags", np.uint16), ("phone", np.int32), ("nik", np.int64), ("passport", np.uint64)]
)
_PAIR = ("left", "right", "found", "pattern")
_NO_WORDS = wording_of(pl.Series([], dtype=pl.String))


@dataclass(frozen=True)
class InParquet:
    """A register in a Parquet file that the workers read themselves; `countries`: the owner's own spellings."""

    source: str
    columns: ParquetColumns
    countries: Mapping[str, str] | None = None
    layout: Layout | None = None

    def means(self) -> pl.Series:
        """What each row says of where she is, see `meaning`."""
        empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(self))
        words = [self.columns[name] if name in self.columns.columns else empty for name in ("status", "cause")]
        return pl.Series(meanings(self.layout.event if self.layout else USUAL, *words))

    def __len__(self) -> int:
        return int(pl.scan_parquet(self.columns.path).select(pl.len()).collect().item())


@dataclass(frozen=True)
class _Gathered(rc.Records):
    """What the driver keeps of each row, in the order given; of its flags: who is somebody, whose telephone is shared."""

    shared_numbers: dict[str, int]


class _Work:
    """The stages on Spark of one run."""

    def __init__(self, spark: SparkSession, given: Sequence[Register | InParquet], known: Statistics | None) -> None:
        self.spark, self.sources, self.given = spark, [one.source for one in given], given
        self.length = [len(one) for one in given]
        parts = -(-sum(self.length) * _KEYS_A_ROW // _KEYS_A_PART)
        self.parts = max(parts, spark.sparkContext.defaultParallelism)
        spark.conf.set("spark.sql.shuffle.partitions", str(self.parts))
        starts = np.cumsum([0, *self.length]).tolist()
        laid = [self._laid(one, at, starts[at]) for at, one in enumerate(given)]
        self.whole = laid[0]
        for more in laid[1:]:
            self.whole = self.whole.unionAll(more)
        self.whole = self.whole.persist()
        self.known = known or count_statistics(self.whole, self.sources)
        self._sent = spark.sparkContext.broadcast(pairing.packed(self.known))
        self.rows = without_crowds(self.whole, self.known, self.sources).select("pos", "source", *SAID)
        self.skipped = 0

    def _laid(self, one: Register | InParquet, at: int, start: int) -> DataFrame:
        """A register's rows, standardised."""
        if isinstance(one, Register):
            if not len(one):
                return self.spark.createDataFrame([], from_arrow_schema(SCHEMA))
            pos = pl.int_range(start, start + len(one), eager=True)
            table = pa.Table.from_batches(list(laid_out(one, pos, at)), SCHEMA)
            return self.spark.createDataFrame(table, from_arrow_schema(SCHEMA)).repartition(self.parts)
        file = self.spark.read.parquet(one.columns.path.absolute().as_uri())
        columns = [_named(headings).alias(name) for name, headings in one.columns.headings.items()]
        rows = file.select((f.col("_metadata.row_index") + start).alias("pos"), *columns)
        if rows.rdd.getNumPartitions() < self.spark.sparkContext.defaultParallelism:
            rows = rows.repartition(self.parts)
        laid: DataFrame = rows.mapInArrow(partial(standardise, source=at, countries=one.countries), from_arrow_schema(SCHEMA))
        return laid

    def pairs(self) -> pa.Table:
        """Candidate pairs with their patterns, in order."""
        known = partial(pairing.opened, self._sent)
        lines = self.rows.mapInArrow(partial(pairing.entries, known=known), from_arrow_schema(pairing.ENTRIES))
        found = (
            lines.repartition(self.parts, "key", "value")
            .mapInArrow(pairing.blocks, from_arrow_schema(pairing.FOUND))
            .persist()
        )
        cut = found.agg(f.sum("skipped")).head()
        self.skipped = int((cut[0] if cut else 0) or 0)
        pairs = found.where("left is not null").groupBy("left", "right").agg(f.bit_or("found").alias("found"))
        said = f.struct(*SAID)
        both = pairs.join(self.rows.select(f.col("pos").alias("left"), said.alias("a")), "left").join(
            self.rows.select(f.col("pos").alias("right"), said.alias("b")), "right"
        )
        compared = both.select("left", "right", "found", "a", "b").mapInArrow(
            partial(pairing.liken, known=known), from_arrow_schema(pairing.COMPARED)
        )
        # In few bytes: all pairs meet on the driver.
        narrow: list[Column | str] = [f.col("left").cast("int"), f.col("right").cast("int"), f.col("found").cast("short"), "pattern"]
        out = compared.orderBy("left", "right").select(*narrow).toArrow()
        found.unpersist()
        return out

    def rows_at(self, pos: I32) -> pl.DataFrame:
        """A few rows by their positions, in order."""
        return pl.DataFrame(self.rows.where(f.col("pos").isin(np.unique(pos).tolist())).orderBy("pos").toArrow())

    def gathered(self) -> tuple[_Gathered, list[Register]]:
        """What stays on the driver of each row, and the registers as a count reads them."""
        columns = ("source", "row_id", "valid", "phone", "nik", "passport", "event", "country", "sex")
        told = pl.DataFrame(self.rows.select("pos", *columns).orderBy("pos").toArrow())
        rows = np.zeros(len(told), dtype=_GATHERED)
        phone = told["phone"].to_numpy()
        rows["nik"], rows["passport"] = told["nik"].to_numpy(), told["passport"].to_numpy().view(np.uint64)
        shared = among(phone, self.known.phones)
        rows["source"], rows["flags"] = told["source"].to_numpy(), told["valid"].to_numpy() * np.uint16(rc.VALID)
        rows["flags"][shared] |= np.uint16(rc.PHONE_SHARED)
        rows["phone"][shared] = np.searchsorted(self.known.phones, phone[shared]) + 1
        counts = {"nik": len(self.known.niks), "passport": len(self.known.passports)}
        registers, start = [], 0
        for one, source, length in zip(self.given, self.sources, self.length, strict=True):
            means = one.rows["means"] if isinstance(one, Register) else one.means()
            own = told[start : start + length].select("row_id", "event", "country", "valid", "sex", means=means)
            registers.append(Register(source, own, _NO_WORDS, _NO_WORDS, {}))
            start += length
        return _Gathered(told["row_id"], rows, counts), registers

    def faults(self, registers: Sequence[Register]) -> dict[str, dict[str, int]]:
        """Counts of what could not be used, by register, added up over the parts."""
        summed: list[dict[str, int]] = [{} for _ in registers]
        for row in self.whole.where("faults is not null").select("source", "faults").collect():
            own = summed[row["source"]]
            for code, count in json.loads(row["faults"]).items():
                own[code] = own.get(code, 0) + count
        for own, register in zip(summed, registers, strict=True):
            own["row.nobody"] = int((~register.rows["valid"]).sum())
        return {
            register.source: {code: count for code, count in own.items() if count}
            for own, register in zip(summed, registers, strict=True)
        }

    def close(self) -> None:
        """Let go of what Spark holds of the rows."""
        self.whole.unpersist()
        self._sent.destroy()


def link_on_spark(
    spark: SparkSession,
    given: Sequence[Register | InParquet],
    judged: Judged = (),
    progress: Progress | None = None,
    seed: int = 0,
    model: dict[str, Any] | None = None,
    statistics: Statistics | None = None,
    held: Judged = (),
    read: Read = (),
) -> tuple[Linkage, list[Register]]:
    """`linking.link` with the work on rows and pairs done by Spark, and the registers with what a count reads.

    Arguments as there. The same rows give the same pairs, levels, weights and persons as on one machine. Raises NoSpark (spark.failed).
    """
    if not given:
        raise ValueError("There is no register to link.")
    if len(given) > MOST_REGISTERS:
        raise ValueError(f"{len(given)} registers are too many to link at once; {MOST_REGISTERS} are the most.")
    watch = Watch()
    tell = progress or _silent
    tell("encode", 0, None)
    with _plainly():
        work = _Work(spark, given, statistics)
        rows, registers = work.gathered()
        faults = work.faults(registers)
        watch.lap("encode")
        tell("block", 0, None)
        table = work.pairs()
        # The compiled loops are kept for arrays that may be written to; others would be compiled anew.
        left, right, bits, pattern = (np.require(table[name].to_numpy(), requirements="W") for name in _PAIR)
        found = Candidates(left, right, bits.view(np.uint16), work.skipped)
        pattern = pattern.view(np.uint64)
        del table

    def liken(_: _Gathered, left: I32, right: I32, progress: Progress | None) -> U64:
        """The patterns that came with the pairs; judged pairs that no key found are compared here."""
        with _plainly():
            return pattern if len(left) == len(pattern) else _with_missing(work, found, pattern, left, right)

    linkage = link_coded(
        rows, lambda *_: found, liken, dict(zip(work.sources, work.length, strict=True)), faults, judged, progress, seed,
        model, watch, None, held, read,
    )  # fmt: skip
    work.close()
    return linkage, registers


def linker(master: str, within: Path | None = None) -> Callable[..., Linkage]:
    """What links registers that are standardised already, as `linking.link` does, but on `master`."""

    def link(registers: Iterable[Register], *given: Any, **named: Any) -> Linkage:
        with session(master, within) as spark:
            return link_on_spark(spark, list(registers), *given, **named)[0]

    return link


def _with_missing(work: _Work, found: Candidates, pattern: U64, left: I32, right: I32) -> U64:
    """Patterns of pairs among which those of `found` are, in the same order."""
    have = found.left.astype(np.int64) << 32 | found.right
    asked = left.astype(np.int64) << 32 | right
    new = ~among(asked, have)
    out = np.empty(len(asked), dtype=np.uint64)
    out[~new] = pattern
    rows = work.rows_at(np.concatenate([left[new], right[new]]))
    out[new] = pairing.likened(rows, left[new].astype(np.int64), right[new].astype(np.int64), work.known)
    return out


def _named(headings: Sequence[str]) -> Column:
    """A column by its heading, whatever signs it has; the cells of several are put together with a space."""
    columns = [f.col("`" + heading.replace("`", "``") + "`") for heading in headings]
    return columns[0] if len(columns) == 1 else f.nullif(f.concat_ws(" ", *columns), f.lit(""))


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody asked for."""


@contextmanager
def _plainly() -> Iterator[None]:
    """Say that Spark gave up, and no more: its own words may quote a row, and rows hold personal numbers."""
    try:
        yield
    except PySparkException as fault:
        raise NoSpark("spark.failed", reason=fault.getCondition() or type(fault).__name__) from None
    except Py4JError as fault:
        raise NoSpark("spark.failed", reason=type(fault).__name__) from None
