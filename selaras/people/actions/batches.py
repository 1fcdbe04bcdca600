"""Makes the rows of one batch of persons, ready to be copied: ids, sealed values, keyed indexes, search keys, reach.

Nothing here asks the database, so one batch is made while the database still writes the one before.
"""

import os
import time
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from selaras.ground.keyring import ring
from selaras.people.actions.frames import Frames
from selaras.people.keys import keys_of, places_of
from selaras.people.numbers import index_of
from selaras.people.sight import abroad_grant, home_grant, reach_of

MOTHER, VALUE = "people_person.mother", "people_identifier.value"


@dataclass(frozen=True, slots=True)
class Known:
    """What is there of a person already: her content hash, who stands for her when she was merged, and whether an officer wrote her."""

    content: str
    survivor: str | None
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one batch, a frame per temporary table; how many persons are new or changed; whose keys are made anew."""

    rows: dict[str, pl.DataFrame]
    new: int
    changed: int
    rekeyed: list[UUID]

    @property
    def all_new(self) -> bool:
        """Say whether nothing of these persons can be there already, so that rows are added without looking."""
        return not self.changed


def make(frames: Frames, part: pl.DataFrame, there: dict[str, Known]) -> Batch:
    """Make the rows of these persons and of all that is theirs; what is said of a merged person goes to the survivor."""
    merged = {i: k.survivor for i, k in there.items() if k.survivor}
    owner = pl.col("person_id").replace(merged) if merged else pl.col("person_id")
    names, numbers, presences = (
        f.join(part.select("person_id"), on="person_id", how="semi").with_columns(owner.alias("person_id"))
        for f in (frames.names, frames.numbers, frames.presences)
    )
    names = names.unique(["person_id", "text", "source"], keep="first", maintain_order=True)
    grants = _grants(part.with_columns(owner.alias("person_id")), presences)
    rows = {
        "t_person": _persons(part, grants, there),
        "t_name": names.with_columns(_ids(names.height)),
        "t_number": _numbers(numbers),
        "t_presence": presences.rename({"country": "country_id"}).with_columns(_ids(presences.height)),
        "t_grant": grants.with_columns(_ids(grants.height)),
        "t_key": _keys(part.filter(~pl.col("person_id").is_in(list(there))), names, grants),
    }
    return Batch(rows, part.height - len(there), len(there), [UUID(i) for i in {merged.get(i) or i for i in there}])


def _ids(count: int) -> pl.Series:
    """Make ids (UUIDv7) for many rows at once: one by one they take longer than the rows."""
    moment = f"{time.time_ns() // 1_000_000:012x}"
    head, raw = f"{moment[:8]}-{moment[8:]}-7", os.urandom(10 * count).hex()
    made = [
        f"{head}{raw[i : i + 3]}-{'89ab'[int(raw[i + 3], 16) & 3]}{raw[i + 4 : i + 7]}-{raw[i + 7 : i + 19]}"
        for i in range(0, 20 * count, 20)
    ]
    return pl.Series("id", made, dtype=pl.String)


def _sealed(values: pl.Series, place: str) -> pl.Series:
    keys = ring()
    return pl.Series(
        values.name,
        [None if v is None else "\\x" + keys.seal_text(v, place).hex() for v in values],
        dtype=pl.String,
    )


def _grants(persons: pl.DataFrame, presences: pl.DataFrame) -> pl.DataFrame:
    homes = persons.select("person_id", "home_area").iter_rows()
    stays = presences.select("person_id", "country", "district").iter_rows()
    rows = [(i, code, "home") for i, home in homes for code in home_grant(home)]
    rows += [(i, abroad_grant(country, district), "presence") for i, country, district in stays]
    frame = pl.DataFrame(rows, schema={"person_id": pl.String, "code": pl.String, "reason": pl.String}, orient="row")
    return frame.unique(["person_id", "code"], keep="first", maintain_order=True)


def _persons(part: pl.DataFrame, grants: pl.DataFrame, there: dict[str, Known]) -> pl.DataFrame:
    codes = dict(grants.group_by("person_id").agg("code").iter_rows())
    reach = ["{" + ",".join(reach_of([i], codes.get(i, ()))) + "}" for i in part["person_id"]]
    kept = [i for i, k in there.items() if k.by_hand or k.survivor]
    return part.rename({"person_id": "id", "home_area": "home_area_id"}).with_columns(
        _sealed(part["mother"], MOTHER),
        pl.Series("reach", reach, dtype=pl.String),
        pl.col("id").is_in(list(there)).alias("known"),
        pl.col("id").is_in(kept).alias("by_hand"),
    )


def _numbers(numbers: pl.DataFrame) -> pl.DataFrame:
    # two records of one survivor may bring the same number
    numbers = numbers.unique(["person_id", "kind", "value"], keep="first", maintain_order=True)
    indexes = [str(index_of(kind, value)) for kind, value in numbers.select("kind", "value").iter_rows()]
    return numbers.with_columns(
        pl.Series("index", indexes, dtype=pl.String), _sealed(numbers["value"], VALUE), _ids(numbers.height)
    )


def _keys(fresh: pl.DataFrame, names: pl.DataFrame, grants: pl.DataFrame) -> pl.DataFrame:
    forms = dict(names.group_by("person_id").agg("text").iter_rows())
    codes = dict(grants.group_by("person_id").agg("code").iter_rows())
    keys: list[int] = []
    places: list[int] = []
    owners: list[str] = []
    for i, birth in fresh.select("person_id", "birth_date").iter_rows():
        made = keys_of(forms[i], [birth.year if birth else None])
        for place in places_of(reach_of([], codes.get(i, ()))):
            keys += made
            places += [place] * len(made)
            owners += [i] * len(made)
    schema = {"key": pl.Int64, "place": pl.Int64, "person_id": pl.String}
    # in the order of the index that they go into
    return pl.DataFrame({"key": keys, "place": places, "person_id": owners}, schema=schema).sort("key", "place")
