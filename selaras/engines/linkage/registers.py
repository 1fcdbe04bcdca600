"""One register: rows as handed over in, standardised columns and counted faults out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from selaras.engines.linkage.coding import I32, Coded, coded, read_apart
from selaras.engines.linkage.countries import country_iso3
from selaras.engines.linkage.dates import standardise_date
from selaras.engines.linkage.layouts import layout_of, recognise
from selaras.engines.linkage.meaning import USUAL, meanings
from selaras.engines.linkage.nobody import crowd_of, nobody, unreal_names
from selaras.engines.linkage.numbers import nik_numbers, passport_signs, phone_numbers, standardise_sex, texts_of_signs
from selaras.engines.linkage.places import plain_places, standardise_place
from selaras.engines.linkage.wording import Wording, wording_of
from selaras.engines.reading import Layout


class ArrowTable(Protocol):
    """Anything that offers its columns as an Arrow stream, such as a pyarrow table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream as a capsule."""


class ParquetColumns:
    """A Parquet file whose columns are read when they are asked for, so that it never lies in memory whole as text.

    `headings`: canonical column -> its heading, or several whose cells are put together with a space.
    """

    def __init__(self, path: Path, headings: Mapping[str, Sequence[str]]) -> None:
        self.path, self.headings = path, headings

    @property
    def columns(self) -> list[str]:
        """The canonical names that the file has."""
        return list(self.headings)

    def __getitem__(self, name: str) -> pl.Series:
        """Read one column."""
        headings = list(self.headings[name])
        table = pl.read_parquet(self.path, columns=headings)
        if len(headings) == 1:
            return table[headings[0]]
        texts = [pl.col(heading).cast(pl.String) for heading in headings]
        return table.select(pl.concat_str(texts, separator=" ", ignore_nulls=True).replace("", None)).to_series()


@dataclass(frozen=True)
class Register:
    """A standardised register.

    `rows`: row_id (text), nik (int64, 0 none), nik_valid, passport (uint64, see `numbers.packed_signs`, 0 none), phone
    (int64, 0 none), birth, event (int32 yyyymmdd, 0 none), sex (0/1/2), country (ISO3 or null), valid (false for a row
    that is nobody), means (what the row says of where she is, see `meaning`), and codes (int32, -1 none) of name, mother,
    birth_place, regency, village.
    `names`, `mothers`: the words of the coded names; `places`: the texts of the coded places, by column.
    `faults`: code → number of rows, e.g. `nik.placeholder`; an unknown country is `country.unknown:SPELLING`.
    `crowd`: birth dates that a form fills in by itself, see `nobody.crowd_of`. `trust`: how far each column is believed.
    """

    source: str
    rows: pl.DataFrame
    names: Wording = field(repr=False)
    mothers: Wording = field(repr=False)
    places: Mapping[str, pl.Series] = field(repr=False)
    faults: dict[str, int] = field(default_factory=dict)
    crowd: I32 = field(default_factory=lambda: np.zeros(0, dtype=np.int32), repr=False)
    trust: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.rows.height

    def for_counting(self) -> "Register":
        """The register with only what a headcount reads."""
        nothing = wording_of(pl.Series([], dtype=pl.String))
        return replace(
            self,
            rows=self.rows.select("row_id", "event", pl.col("country").cast(pl.Categorical), "valid", "means", "sex"),
            names=nothing,
            mothers=nothing,
            places={},
        )

    def passports(self) -> pl.Series:
        """The passport of each row as text, null for none."""
        return texts_of_signs(self.rows["passport"].to_numpy())


def register(
    table: pl.DataFrame | ArrowTable | ParquetColumns,
    source: str,
    layout: str | None = None,
    countries: Mapping[str, str] | None = None,
    crowd: I32 | None = None,
    kept: Layout | None = None,
) -> Register:
    """Standardise one register, a column at a time.

    `countries`: the owner's own spellings of countries, spelling → ISO3; they win over the table of this engine.
    `crowd`: its crowded birth dates where a frozen model knows them, else they are learnt from the rows.
    `kept`: the layout that its rows came in, where the table has canonical columns already: it says what its events mean.
    `table` has the headers of a known layout or canonical columns; missing optional columns are taken as empty.
    Raises `UnknownLayout` when no column can serve as row id or name.
    """
    if isinstance(table, pl.DataFrame | ParquetColumns):
        given: pl.DataFrame | ParquetColumns = table
    else:
        given = pl.DataFrame(table)
    headings = {name: heading for heading, name in recognise(given.columns, layout).items()}
    known = kept or layout_of(given.columns, layout)
    row_id = given[headings["row_id"]].cast(pl.String).fill_null("")

    def text(name: str) -> pl.Series:
        if name not in headings:
            return pl.Series(name, [None], dtype=pl.String).new_from_index(0, len(row_id))
        column: pl.Series = given[headings[name]]
        return column

    said: dict[str, int] = {}

    def counted(name: str, column: pl.Series) -> pl.Series:
        said[name] = int(column.is_not_null().sum())
        return column

    nik, nik_valid, faults = nik_numbers(text("nik"))
    columns: dict[str, Any] = {"row_id": row_id, "nik": nik, "nik_valid": nik_valid}
    columns["passport"] = passport_signs(counted("passport", text("passport")))
    columns["phone"] = phone_numbers(text("phone"))
    for name, column in (("birth", "birth_date"), ("event", "event_date")):
        columns[name] = _dates(counted(column, text(column)))
    columns["sex"] = coded(text("sex")).numbers(lambda v: pl.Series([standardise_sex(t) for t in v], dtype=pl.Int8))
    columns["means"] = meanings(known.event if known else USUAL, text("status"), text("cause"))
    places = {}
    for name in ("birth_place", "regency", "village"):
        place = coded(text(name)).mapped(_places)
        columns[name], places[name] = place.codes, place.values
    country, unknown = _countries(coded(counted("country", text("country"))), countries or {})
    columns["country"] = country
    names, mothers = coded(text("name")), coded(text("mother"))
    worded, mother_words = wording_of(names.values), wording_of(mothers.values)
    wordless = np.append(np.diff(worded.ends, prepend=0) == 0, True)
    no_mother = np.append(np.diff(mother_words.ends, prepend=0) == 0, True)
    columns["name"] = np.where(wordless[names.codes], np.int32(-1), names.codes)
    columns["mother"] = np.where(no_mother[mothers.codes], np.int32(-1), mothers.codes)
    rows = pl.DataFrame(columns)
    unreal = np.append(unreal_names(worded), True)[rows["name"].to_numpy()]
    crowd = crowd_of(rows["birth"].to_numpy()) if crowd is None else crowd
    rows = rows.with_columns(valid=~pl.Series(nobody(rows, unreal, crowd)))
    faults |= _faults(rows, said, unknown)
    return Register(source, rows, worded, mother_words, places, faults, crowd, known.trust if known else {})


def _dates(column: pl.Series) -> npt.NDArray[np.int32] | pl.Series:
    if column.dtype.is_temporal():
        return _day_numbers(column)

    def read(values: pl.Series) -> pl.Series:
        plain = values.str.contains(r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$")
        return read_apart(values, plain, _day_numbers(values.str.to_date("%Y-%m-%d", strict=False)), standardise_date)

    numbers: npt.NDArray[np.int32] = coded(column).numbers(read)
    return numbers


def _day_numbers(days: pl.Series) -> pl.Series:
    """Days as yyyymmdd, 0 for none and for years that `standardise_date` refuses."""
    day = days.dt
    number = day.year() * 10000 + day.month().cast(pl.Int32) * 100 + day.day()
    return number.cast(pl.Int32).zip_with(day.year().is_between(1850, 9999), pl.Series([0], dtype=pl.Int32)).fill_null(0)


def _places(values: pl.Series) -> pl.Series:
    return read_apart(values, plain_places(values), values, standardise_place)


def _countries(given: Coded, own: Mapping[str, str]) -> tuple[pl.Series, dict[str, int]]:
    """ISO3 codes of each row, and the spellings that no table knows with their rows, the commonest first."""
    read = [own.get(text) or country_iso3(text) for text in given.values]
    found = given.mapped(lambda values: pl.Series(read, dtype=pl.String))
    rows = np.bincount(given.codes[given.codes >= 0], minlength=len(given.values))
    unknown = {text: int(n) for text, iso3, n in zip(given.values, read, rows, strict=True) if iso3 is None}
    listed = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
    return found.texts(), dict(listed)


def _faults(rows: pl.DataFrame, said: Mapping[str, int], unknown: Mapping[str, int]) -> dict[str, int]:
    """Counts of what could not be used, by code; a country that no table knows is named, never dropped silently."""
    used = {
        "birth.unreadable": ("birth_date", (rows["birth"] > 0).sum()),
        "event.unreadable": ("event_date", (rows["event"] > 0).sum()),
        "passport.unusable": ("passport", (rows["passport"] > 0).sum()),
        "country.unknown": ("country", rows["country"].is_not_null().sum()),
    }
    counted = {code: said[column] - int(read) for code, (column, read) in used.items()}
    counted |= {f"country.unknown:{spelling}": n for spelling, n in list(unknown.items())[:20]}
    counted["row.nobody"] = int((~rows["valid"]).sum())
    return {code: n for code, n in counted.items() if n}


def standard_names(column: pl.Series) -> pl.Series:
    """Canonical words of each name as one text; null for a missing name or one without words."""
    return coded(column).mapped(lambda values: wording_of(values).texts().replace("", None)).texts()
