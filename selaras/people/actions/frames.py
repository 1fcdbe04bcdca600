"""The columns that the bulk verb takes: checked, spelt in one way, and each person's content told in one keyed hash."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from selaras.engines.linkage.names import KEY_VERSION
from selaras.ground.keyring import ring
from selaras.ground.queries.offices import countries
from selaras.people.models import Presence
from selaras.people.numbers import KINDS, spelling
from selaras.people.places import known_areas

_TEXT, _DATE = pl.String, pl.Date
PERSONS = {
    "person_id": _TEXT, "name": _TEXT, "sex": _TEXT, "birth_date": _DATE, "birth_precision": _TEXT, "birth_place": _TEXT,
    "mother": _TEXT, "home_area": _TEXT, "home_text": _TEXT, "source": _TEXT,
}  # fmt: skip
NAMES = {"person_id": _TEXT, "text": _TEXT, "kind": _TEXT, "source": _TEXT}
NUMBERS = {
    "person_id": _TEXT, "kind": _TEXT, "value": _TEXT, "source": _TEXT, "confidence": pl.Int16, "sound": pl.Boolean,
}  # fmt: skip
PRESENCES = {
    "person_id": _TEXT, "country": _TEXT, "district": _TEXT, "capacity": _TEXT, "kind": _TEXT, "since": _DATE, "until": _DATE,
    "source": _TEXT, "source_row": _TEXT, "confidence": pl.Int16,
}  # fmt: skip
MAY_BE_MISSING = frozenset({"district"})
# as wide as the columns of the tables: what a register wrote beyond that is cut
WIDTHS = {"name": 160, "text": 160, "birth_place": 80, "home_text": 120, "source": 40, "source_row": 40, "district": 40}
_APART, _ROWS_APART, _MISSING = "\x1f", "\x1e", "\x00"


@dataclass(slots=True)
class Frames:
    """The frames of one call, ready to be staged, sorted by person; `persons` has a column `content` (UUID as text)."""

    persons: pl.DataFrame
    names: pl.DataFrame
    numbers: pl.DataFrame
    presences: pl.DataFrame
    sources: list[str]
    unknown_homes: int
    without_country: int


def prepared(
    persons: pl.DataFrame, names: pl.DataFrame | None, numbers: pl.DataFrame | None, presences: pl.DataFrame | None
) -> Frames:
    """Check the columns, drop what cannot be placed and count it, and add each person's content hash."""
    persons = _fitted("persons", persons, PERSONS)
    if persons["person_id"].n_unique() != persons.height:
        raise ValueError("persons: one row a person, but a person_id stands twice")
    bare = persons["name"].is_null() | (persons["name"] == "")
    if bare.any():
        raise ValueError(f"persons: {bare.sum()} rows have no name")
    homes = known_areas(persons["home_area"].drop_nulls().unique().to_list())
    unknown = persons["home_area"].is_not_null() & ~persons["home_area"].is_in(homes)
    persons = persons.with_columns(
        pl.when(pl.col("home_area").is_in(homes)).then("home_area").alias("home_area"),
        pl.when(pl.col("sex").is_in(["F", "M"])).then("sex").otherwise(pl.lit("")).alias("sex"),
        pl.when(pl.col("birth_precision").is_in(["month", "year"]))
        .then("birth_precision")
        .otherwise(pl.lit("day"))
        .alias("birth_precision"),
    )
    name_rows, number_rows = _names(persons, names), _numbers(numbers)
    presence_rows, without_country = _presences(presences)
    persons = _with_content(persons, [name_rows, number_rows, presence_rows])
    sources = {s for f in (persons, name_rows, number_rows) for s in f["source"].unique().to_list()}
    return Frames(persons, name_rows, number_rows, presence_rows, sorted(sources), int(unknown.sum()), without_country)


def _fitted(what: str, frame: pl.DataFrame | None, columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The frame with exactly these columns in this order; empty when there is none; texts are never null except codes."""
    if frame is None:
        return pl.DataFrame(schema=columns)
    missing = columns.keys() - set(frame.columns) - MAY_BE_MISSING
    if missing:
        raise ValueError(f"{what}: the columns {', '.join(sorted(missing))} are missing")
    made = []
    for name, kind in columns.items():
        column = pl.col(name).cast(kind) if name in frame.columns else pl.lit("", dtype=kind).alias(name)
        if kind is _TEXT:
            column = column.str.replace_all("\x00", "", literal=True)
            if name in WIDTHS:
                column = column.str.slice(0, WIDTHS[name])
            column = column if name in ("home_area", "mother", "value", "country") else column.fill_null("")
        made.append(column)
    return frame.select(made)


def _names(persons: pl.DataFrame, names: pl.DataFrame | None) -> pl.DataFrame:
    """Name forms with each person's own name among them, every form once per source."""
    own = persons.select("person_id", text=pl.col("name"), kind=pl.lit("main"), source=pl.col("source"))
    rows = pl.concat([own, _fitted("names", names, NAMES).filter(pl.col("text") != "")])
    rows = rows.with_columns(
        pl.when(pl.col("kind").is_in(["main", "passport", "former"]))
        .then("kind")
        .otherwise(pl.lit("written"))
        .alias("kind")
    )
    return rows.unique(["person_id", "text", "source"], keep="first", maintain_order=True).sort("person_id")


def _numbers(numbers: pl.DataFrame | None) -> pl.DataFrame:
    """Numbers in the one spelling in which they are stored, each once for a person."""
    rows = _fitted("numbers", numbers, NUMBERS).filter(pl.col("value").is_not_null())
    wrong = set(rows["kind"].unique().to_list()) - set(KINDS)
    if wrong:
        raise ValueError(f"numbers: unknown kinds {', '.join(sorted(wrong))}")
    spelt = [spelling(kind, value)[:60] for kind, value in rows.select("kind", "value").iter_rows()]
    rows = rows.with_columns(
        pl.Series("value", spelt, dtype=_TEXT), pl.col("confidence").fill_null(50), pl.col("sound").fill_null(False)
    ).filter(pl.col("value") != "")
    rows = rows.sort(
        ["person_id", "kind", "value", "confidence", "source"], descending=[False, False, False, True, False]
    )
    return rows.unique(["person_id", "kind", "value"], keep="first", maintain_order=True)


def _presences(presences: pl.DataFrame | None) -> tuple[pl.DataFrame, int]:
    """Presences in known countries, each register row once, and how many were left out."""
    rows = _fitted("presences", presences, PRESENCES)
    kept = rows.filter(pl.col("country").is_in([iso3 for iso3, _, _ in countries()]))
    kept = kept.with_columns(
        pl.when(pl.col("capacity").is_in(Presence.Capacity.values))
        .then("capacity")
        .otherwise(pl.lit("other"))
        .alias("capacity"),
        pl.when(pl.col("kind").is_in(Presence.Kind.values)).then("kind").otherwise(pl.lit("stated")).alias("kind"),
        pl.col("confidence").fill_null(50),
    )
    named = kept.filter(pl.col("source_row") != "").unique(["source", "source_row"], keep="first", maintain_order=True)
    return pl.concat([named, kept.filter(pl.col("source_row") == "").unique(maintain_order=True)]).sort(
        "person_id"
    ), rows.height - kept.height


def _told(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """One text per person of all rows of a frame, in an order of its own."""
    cells = [pl.col(c).cast(_TEXT).fill_null(_MISSING) for c in frame.columns if c != "person_id"]
    lines = frame.select("person_id", line=pl.concat_str(cells, separator=_APART))
    return lines.group_by("person_id").agg(pl.col("line").sort().str.join(_ROWS_APART).alias(kind))


def _with_content(persons: pl.DataFrame, children: list[pl.DataFrame]) -> pl.DataFrame:
    """Add each person's content: a keyed hash over all that is said of her, so that what is the same can be left alone."""
    told = _told(persons, "0")
    for n, frame in enumerate(children, start=1):
        told = told.join(_told(frame, str(n)), on="person_id", how="left")
    parts = [pl.col(str(n)).fill_null(_MISSING) for n in range(len(children) + 1)]
    told = told.select("person_id", text=pl.concat_str(parts, separator="\x1d"))
    keys, salt = ring(), json.dumps(["content", 1, KEY_VERSION])
    hashed = [str(keys.index_of(salt, text)) for text in told["text"]]
    told = told.select("person_id", content=pl.Series(hashed, dtype=_TEXT))
    return persons.join(told, on="person_id", how="left").sort("person_id")
