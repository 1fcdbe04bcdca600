"""One register: rows as handed over in, standardised columns and counted faults out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import polars as pl

from selaras.engines.linkage.countries import country_iso3
from selaras.engines.linkage.dates import standardise_date
from selaras.engines.linkage.layouts import recognise
from selaras.engines.linkage.names import name_words
from selaras.engines.linkage.nobody import nobody
from selaras.engines.linkage.numbers import nik_columns, passport_column, phone_column, standardise_sex
from selaras.engines.linkage.places import standardise_place
from selaras.engines.linkage.spelling import SPECIAL, canonical
from selaras.engines.reading import CANONICAL


class ArrowTable(Protocol):
    """Anything that offers its columns as an Arrow stream, such as a pyarrow table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream as a capsule."""


@dataclass(frozen=True)
class Register:
    """A standardised register.

    `rows`: row_id (text), nik (int64, 0 none), nik_valid, name, mother (canonical words or null), passport (text or
    null), phone (int64, 0 none), birth, event (int32 yyyymmdd, 0 none), sex (0/1/2), birth_place, regency, village,
    country (ISO3 or null), capacity, agency, valid (false for a row that is nobody).
    `faults`: code → number of rows, e.g. `nik.placeholder`; an unknown country is `country.unknown:SPELLING`.
    """

    source: str
    rows: pl.DataFrame
    faults: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.rows.height


def register(
    table: pl.DataFrame | ArrowTable,
    source: str,
    layout: str | None = None,
    countries: Mapping[str, str] | None = None,
) -> Register:
    """Standardise one register.

    `countries`: the owner's own spellings of countries, spelling → ISO3; they win over the table of this engine.
    `table` has the headers of a known layout or canonical columns; missing optional columns are taken as empty.
    Raises `UnknownLayout` when no column can serve as row id or name.
    """
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table)
    mapping = recognise(frame.columns, layout)
    frame = frame.select(pl.col(header).alias(name) for header, name in mapping.items())
    frame = frame.with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in CANONICAL if name not in frame.columns
    )
    own = countries or {}
    numbers = nik_columns(frame["nik"])
    rows = pl.DataFrame(
        {
            "row_id": frame["row_id"].cast(pl.String).fill_null(""),
            "nik": numbers["nik"],
            "nik_valid": numbers["nik_valid"],
            "name": standard_names(frame["name"]).fill_null(""),
            "mother": standard_names(frame["mother"]),
            "passport": passport_column(frame["passport"]),
            "phone": phone_column(frame["phone"]),
            "birth": _dates(frame["birth_date"]),
            "event": _dates(frame["event_date"]),
            "sex": _each(frame["sex"], standardise_sex, pl.Int8).fill_null(0),
            "birth_place": _each(frame["birth_place"], standardise_place, pl.String),
            "regency": _each(frame["regency"], standardise_place, pl.String),
            "village": _each(frame["village"], standardise_place, pl.String),
            "country": _each(frame["country"], lambda text: own.get(text) or country_iso3(text), pl.String),
            "capacity": frame["status"].cast(pl.String),
            "agency": frame["agency"].cast(pl.String),
        }
    )
    rows = rows.with_columns(valid=~pl.Series(nobody(rows)))
    return Register(source, rows, _faults(frame, rows, numbers["nik_fault"]))


def _each(column: pl.Series, read: Callable[[str], Any], dtype: Any) -> pl.Series:
    """Apply a reading to each distinct text once; nulls stay null."""
    text = column.cast(pl.String)
    distinct = text.drop_nulls().unique()
    values = pl.Series([read(value) for value in distinct], dtype=dtype)
    return text.replace_strict(distinct, values, default=None, return_dtype=dtype)


def _dates(column: pl.Series) -> pl.Series:
    if column.dtype.is_temporal():
        day = column.dt
        return (day.year() * 10000 + day.month().cast(pl.Int32) * 100 + day.day()).cast(pl.Int32).fill_null(0)
    return _each(column, standardise_date, pl.Int32).fill_null(0)


_PLAIN_NAME = r"^[A-Z]+( [A-Z]+)*$"


def standard_names(column: pl.Series) -> pl.Series:
    """Canonical words of each name; only names with an unusual word are read one by one."""
    text = column.cast(pl.String)
    distinct = text.drop_nulls().unique()
    folded = distinct.str.to_uppercase()
    plain = folded.str.contains(_PLAIN_NAME)
    words = pl.DataFrame({"at": pl.int_range(len(folded), eager=True), "word": folded}).filter(plain)
    words = words.with_columns(pl.col("word").str.split(" ")).explode("word")
    known = words["word"].unique()
    odd = known.filter(pl.Series([w in SPECIAL or canonical(w) != w for w in known], dtype=pl.Boolean))
    slow = words.filter(pl.col("word").is_in(odd.implode()))["at"].unique()
    one_by_one = ~plain
    if len(slow):
        one_by_one = one_by_one.scatter(slow, True)
    read = [" ".join(name_words(name)) or None for name in distinct.filter(one_by_one)]
    standard = folded.scatter(one_by_one.arg_true(), pl.Series(read, dtype=pl.String)) if read else folded
    return text.replace_strict(distinct, standard, default=None, return_dtype=pl.String)


def _faults(given: pl.DataFrame, rows: pl.DataFrame, nik_fault: pl.Series) -> dict[str, int]:
    """Counts of what could not be used, by code; a country that no table knows is named, never dropped silently."""
    counted = {str(code): int(n) for code, n in nik_fault.drop_nulls().value_counts().rows()}
    said = {
        "birth.unreadable": ("birth_date", rows["birth"] == 0),
        "event.unreadable": ("event_date", rows["event"] == 0),
    }
    said["passport.unusable"] = ("passport", rows["passport"].is_null())
    said["country.unknown"] = ("country", rows["country"].is_null())
    for code, (column, unread) in said.items():
        if n := int((given[column].is_not_null() & unread).sum()):
            counted[code] = n
    unknown = given.filter(given["country"].is_not_null() & rows["country"].is_null())["country"].cast(pl.String)
    for spelling, n in unknown.value_counts(sort=True).head(20).rows():
        counted[f"country.unknown:{spelling}"] = int(n)
    counted["row.nobody"] = int((~rows["valid"]).sum())
    return {code: n for code, n in counted.items() if n}


def day_of(number: int) -> date:
    """The calendar day of a yyyymmdd number."""
    return date(number // 10000, number // 100 % 100, number % 100)
