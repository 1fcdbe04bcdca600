"""Registers spoilt in the ways that registers are spoilt: each gives the files, whose rows it touched, and the truth.

All work on canonical columns (text or null): two registers in, the same or more registers out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

Registers = dict[str, pl.DataFrame]
# Latin capitals that have a twin of another script; both look the same on a screen.
_TWINS = str.maketrans("ABCEHIKMNOPTXY", "АВСЕНІКМΝОРТХΥ")
_ARABIC = str.maketrans("ABDFHIKLMNRSTUWY", "ابدفهيكلمنرستوؤي")
_EMOJI = "🙂✈️🏠"


@dataclass(frozen=True)
class Spoilt:
    """The files, the ids of rows that were changed or added, and the person of added rows."""

    registers: Registers
    touched: set[str]
    added: dict[str, int] = field(default_factory=dict)


Case = Callable[[Registers, np.random.Generator, float], Spoilt]


def _some(table: pl.DataFrame, count: int, rng: np.random.Generator) -> pl.Series:
    """A mask of `count` rows drawn from a table."""
    mask = np.zeros(table.height, dtype=bool)
    mask[rng.choice(table.height, min(count, table.height), replace=False)] = True
    return pl.Series(mask)


def _changed(registers: Registers, name: str, mask: pl.Series, *columns: pl.Expr) -> Spoilt:
    table = registers[name]
    kept = [pl.when(mask).then(column).otherwise(pl.col(column.meta.output_name())).alias(column.meta.output_name()) for column in columns]
    touched = set(table["row_id"].filter(mask))
    return Spoilt(registers | {name: table.with_columns(kept)}, touched)


def _added(registers: Registers, name: str, rows: pl.DataFrame, persons: list[int]) -> Spoilt:
    """Rows more in one register, empty where nothing is said."""
    table = registers[name]
    whole = rows.select(
        (pl.col(column) if column in rows.columns else pl.lit(None, pl.String)).alias(column) for column in table.columns
    )
    ids = rows["row_id"].to_list()
    return Spoilt(registers | {name: pl.concat([table, whole])}, set(ids), dict(zip(ids, persons, strict=True)))


def _days(count: int, rng: np.random.Generator) -> list[str]:
    day = rng.integers(0, 40 * 365, count)
    return [str(np.datetime64("1965-01-01") + np.timedelta64(int(d), "D")) for d in day]


def _new(count: int) -> tuple[list[str], list[int]]:
    """Ids and persons that no row has yet."""
    return [f"X{at:08}" for at in range(count)], [10**9 + at for at in range(count)]


def nik_column_empty(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """No register has a single NIK."""
    empty = {name: table.with_columns(nik=pl.lit(None, pl.String)) for name, table in registers.items()}
    return Spoilt(empty, set())


def birth_column_empty(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """One register has no birth dates."""
    return Spoilt(registers | {"p": registers["p"].with_columns(birth_date=pl.lit(None, pl.String))}, set())


def one_nik(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """50,000 rows bear one NIK of sound structure."""
    mask = _some(registers["s"], round(50_000 * scale), rng)
    return _changed(registers, "s", mask, pl.lit("3212044505900001").alias("nik"))


def siti_aminah(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """200,000 rows more are of women named Siti Aminah, each another one, with a birth date and a home."""
    count = round(200_000 * scale)
    ids, persons = _new(count)
    homes = registers["s"]["regency"].drop_nulls().sample(count, with_replacement=True, seed=int(rng.integers(1 << 30)))
    rows = pl.DataFrame({"row_id": ids, "name": ["SITI AMINAH"] * count, "birth_date": _days(count, rng)})
    rows = rows.with_columns(sex=pl.lit("P"), regency=homes, event_date=pl.lit("2020-01-01"))
    return _added(registers, "s", rows, persons)


def given_twice(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """The second register is handed in once more, with other ids."""
    again = registers["p"].with_columns(row_id=pl.lit("again ") + pl.col("row_id"))
    return Spoilt(registers | {"again": again}, set(again["row_id"]))


def columns_swapped(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """In a tenth of the second register name and mother, and NIK and passport, stand in each other's place."""
    mask = _some(registers["p"], registers["p"].height // 10, rng)
    swap = (("name", "mother"), ("mother", "name"), ("nik", "passport"), ("passport", "nik"))
    # Where there is no mother there would be no name: such a row would be nobody.
    mask = mask & registers["p"]["mother"].is_not_null()
    return _changed(registers, "p", mask, *(pl.col(other).alias(own) for own, other in swap))


def junk(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """A third register, half as large as the second, is nine tenths noise and one tenth copied rows."""
    copied = registers["p"].sample(max(registers["p"].height // 20, 1), seed=int(rng.integers(1 << 30)))
    count = 9 * copied.height
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -./"))
    ids, persons = _new(count)

    def noise(size: int) -> list[str]:
        words = letters[rng.integers(0, len(letters), (count, size))]
        usual = np.array(["TEST", "-", "0000000000000000", "TIDAK ADA", "N/A", "", "1900-01-01", "SITI"])
        plain = ["".join(word) for word in words]
        return list(np.where(rng.random(count) < 0.5, plain, usual[rng.integers(0, len(usual), count)]))

    columns = {name: noise(size) for name, size in (("nik", 16), ("name", 12), ("birth_date", 10), ("passport", 8), ("regency", 9))}
    rows = pl.DataFrame({"row_id": ids, **columns}).with_columns(
        name=pl.when(pl.col("name") == "").then(pl.lit("-")).otherwise("name")
    )
    spoilt = _added({"junk": copied.with_columns(row_id=pl.lit("copy ") + pl.col("row_id"))}, "junk", rows, persons)
    table = spoilt.registers["junk"]
    return Spoilt(registers | {"junk": table}, set(table["row_id"]), spoilt.added)


def look_alikes(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """Of every twenty names one has letters of another script that look Latin, one is in Arabic script, one has emoji."""
    table = registers["p"]
    which = pl.Series(rng.integers(0, 20, table.height))
    mask = (which < 3) & table["name"].is_not_null()
    names = [
        name if kind > 2 or name is None else
        (name.translate(_TWINS), name.translate(_ARABIC), f"{name[:3]}{_EMOJI}{name[3:]}")[kind]
        for name, kind in zip(table["name"].to_list(), which.to_list(), strict=True)
    ]  # fmt: skip
    return _changed(registers, "p", mask, pl.lit(pl.Series("name", names, dtype=pl.String)).alias("name"))


def first_of_january(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """Of every birth date only the year is true; day and month are 1 January."""
    year = pl.col("birth_date").cast(pl.String).str.slice(0, 4) + "-01-01"
    return Spoilt({name: table.with_columns(birth_date=year) for name, table in registers.items()}, set())


def huge_block(registers: Registers, rng: np.random.Generator, scale: float) -> Spoilt:
    """50,000 rows more share birth date, home, village, birth place and sex, and the first word of their names."""
    count = round(50_000 * scale)
    ids, persons = _new(count)
    syllables = np.array(["MA", "RI", "TU", "SA", "NO", "KE", "LI", "WA", "DO", "YA", "PU", "JE"])
    second = ["".join(word) for word in syllables[rng.integers(0, len(syllables), (count, 4))]]
    rows = pl.DataFrame({"row_id": ids, "name": [f"NUR {word}" for word in second]}).with_columns(
        birth_date=pl.lit("1990-05-05"), regency=pl.lit("INDRAMAYU"), village=pl.lit("SUKAMAJU"),
        birth_place=pl.lit("INDRAMAYU"), sex=pl.lit("P"), event_date=pl.lit("2020-01-01"),
    )  # fmt: skip
    return _added(registers, "s", rows, persons)


CASES: tuple[Case, ...] = (
    nik_column_empty, birth_column_empty, one_nik, siti_aminah, given_twice, columns_swapped, junk, look_alikes,
    first_of_january, huge_block,
)  # fmt: skip
