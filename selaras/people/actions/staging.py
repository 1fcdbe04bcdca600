"""Temporary tables of the bulk verb: COPY refuses policies, so rows land there and go on under the policy in one statement.

They are PostgreSQL temporary tables: no other session ever sees them, they write no log, and nothing is left of them when the
transaction ends, however it ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.utils import timezone
from uuid6 import uuid7

from selaras.ground.keyring import ring
from selaras.people.actions.frames import Frames
from selaras.people.actions.indexing import rekey
from selaras.people.keys import search_keys_of
from selaras.people.models import Event, Person
from selaras.people.numbers import index_of
from selaras.people.queries.surviving import survivors
from selaras.people.sight import abroad_grant, home_grant, reach_of

TABLES = {
    "t_person": "id uuid primary key, name text, sex text, birth_date date, birth_precision text, birth_place text, mother bytea,"
    " home_area_id text, home_text text, source text, content uuid, reach text[], known boolean, by_hand boolean",
    "t_name": "id uuid, person_id uuid, text text, kind text, source text",
    "t_number": "id uuid, person_id uuid, kind text, value bytea, index uuid, source text, confidence smallint, sound boolean",
    "t_presence": "id uuid, person_id uuid, country_id text, district text, capacity text, kind text, since date, until date, source text,"
    " source_row text, confidence smallint",
    "t_grant": "id uuid, person_id uuid, code text, reason text",
    "t_key": "key bigint, person_id uuid",
}
MOTHER, VALUE = "people_person.mother", "people_identifier.value"


@dataclass(frozen=True, slots=True)
class Known:
    """What is there of a person already."""

    content: UUID | None
    merged: bool


@dataclass(frozen=True, slots=True)
class Staged:
    """How many of the staged persons are new, how many are changed, and the ids of the changed."""

    new: int
    changed: int
    rekeyed: list[UUID]


def _run(statement: str, params: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


@contextmanager
def tables() -> Iterator[None]:
    """Make the temporary tables, and take them away."""
    for name, columns in TABLES.items():
        _run(f"create temporary table {name} ({columns}) on commit drop")
    # Foreign keys are checked after each statement, not at the end: a queue of millions of checks would fill the memory.
    _run("set constraints all immediate")
    yield
    for name in TABLES:
        _run(f"drop table {name}")
    _run("set constraints all deferred")


def known(ids: list[str]) -> dict[str, Known]:
    """Give what is there already of these persons."""
    rows = Person.objects.filter(id__in=ids).values_list("id", "content", "merged_into_id")
    return {str(i): Known(content, merged is not None) for i, content, merged in rows.iterator(chunk_size=20_000)}


def _copy(table: str, frame: pl.DataFrame) -> None:
    if frame.is_empty():
        return
    columns = ", ".join(f'"{c}"' for c in frame.columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({columns}) from stdin (format csv)") as copy:
        copy.write(frame.write_csv(include_header=False).encode())


def _ids(count: int) -> pl.Series:
    return pl.Series("id", [str(uuid7()) for _ in range(count)], dtype=pl.String)


def _sealed(values: pl.Series, place: str) -> pl.Series:
    keys = ring()
    return pl.Series(
        values.name, [None if v is None else "\\x" + keys.seal_text(v, place).hex() for v in values], dtype=pl.String
    )


def fill(frames: Frames, part: pl.DataFrame, there: dict[str, Known]) -> Staged:
    """Stage these persons with all that is theirs; what is said of a merged person is staged for the survivor."""
    for name in TABLES:
        _run(f"truncate {name}")
    merged = {
        i: str(s) for i, s in survivors([UUID(i) for i in part["person_id"] if i in there and there[i].merged]).items()
    }
    owner = pl.col("person_id").replace(merged) if merged else pl.col("person_id")
    names, numbers, presences = (
        f.join(part.select("person_id"), on="person_id", how="semi").with_columns(owner.alias("person_id"))
        for f in (frames.names, frames.numbers, frames.presences)
    )
    grants = _grants(part.with_columns(owner.alias("person_id")), presences)
    changed = [i for i in part["person_id"] if i in there]
    touched = Event.objects.filter(person_id__in=changed, kind__in=("registered", "corrected"))
    by_hand = {str(i) for i in touched.values_list("person_id", flat=True)} if changed else set()
    _stage_persons(part, grants, set(changed), by_hand | merged.keys())
    names = names.unique(["person_id", "text", "source"], keep="first", maintain_order=True)
    _copy("t_name", names.insert_column(0, _ids(names.height)))
    _stage_numbers(numbers)
    _copy("t_presence", presences.rename({"country": "country_id"}).insert_column(0, _ids(presences.height)))
    _copy("t_grant", grants.insert_column(0, _ids(grants.height)))
    _stage_keys(part.filter(~pl.col("person_id").is_in(changed)), names)
    for name in TABLES:
        _run(f"analyze {name}")
    _write_persons()
    return Staged(part.height - len(changed), len(changed), [UUID(i) for i in {merged.get(i, i) for i in changed}])


def _grants(persons: pl.DataFrame, presences: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (i, code, "home")
        for i, home in persons.select("person_id", "home_area").iter_rows()
        for code in home_grant(home)
    ]
    rows += [
        (i, abroad_grant(country, district), "presence")
        for i, country, district in presences.select("person_id", "country", "district").iter_rows()
    ]
    frame = pl.DataFrame(rows, schema={"person_id": pl.String, "code": pl.String, "reason": pl.String}, orient="row")
    return frame.unique(["person_id", "code"], keep="first", maintain_order=True)


def _stage_persons(part: pl.DataFrame, grants: pl.DataFrame, changed: set[str], kept: set[str]) -> None:
    codes = dict(grants.group_by("person_id").agg("code").iter_rows())
    reach = ["{" + ",".join(reach_of([i], codes.get(i, ()))) + "}" for i in part["person_id"]]
    _copy("t_person", part.rename({"person_id": "id", "home_area": "home_area_id"}).with_columns(
        _sealed(part["mother"], MOTHER), pl.Series("reach", reach, dtype=pl.String),
        pl.col("id").is_in(list(changed)).alias("known"), pl.col("id").is_in(list(kept)).alias("by_hand"),
    ))  # fmt: skip


def _stage_numbers(numbers: pl.DataFrame) -> None:
    # two persons of one survivor may bring the same number
    numbers = numbers.unique(["person_id", "kind", "value"], keep="first", maintain_order=True)
    indexes = [str(index_of(kind, value)) for kind, value in numbers.select("kind", "value").iter_rows()]
    numbers = numbers.with_columns(pl.Series("index", indexes, dtype=pl.String), _sealed(numbers["value"], VALUE))
    _copy("t_number", numbers.insert_column(0, _ids(numbers.height)))


def _stage_keys(fresh: pl.DataFrame, names: pl.DataFrame) -> None:
    forms = dict(names.group_by("person_id").agg("text").iter_rows())
    lines = []
    for i, birth, home in fresh.select("person_id", "birth_date", "home_area").iter_rows():
        keys = search_keys_of(forms[i], [(birth.year if birth else None, home)])
        lines += [f"{key}\t{i}\n" for key in keys]
    if lines:
        with connection.cursor() as cursor, cursor.copy("copy t_key (key, person_id) from stdin") as copy:
            copy.write("".join(lines))


def _write_persons() -> None:
    _run(
        "insert into people_person (id, name, sex, birth_date, birth_precision, birth_place, mother, home_area_id, home_text,"
        " source, content, reach, made_at, changed_at, version)"
        " select id, name, sex, birth_date, birth_precision, birth_place, mother, home_area_id, home_text,"
        " source, content, reach, now(), now(), 1"
        " from t_person where not known order by id"
    )
    _run(
        "update people_person p set name = t.name, sex = t.sex, birth_date = t.birth_date, birth_precision = t.birth_precision,"
        " birth_place = t.birth_place, mother = t.mother, home_area_id = t.home_area_id, home_text = t.home_text"
        " from t_person t where p.id = t.id and t.known and not t.by_hand"
    )
    _run(
        "update people_person p set content = t.content, version = p.version + 1, changed_at = now()"
        " from t_person t where p.id = t.id and t.known"
    )


def add_names() -> int:
    """Add name forms that are not there yet."""
    return _run(
        "insert into people_nameform (id, person_id, text, kind, source) select id, person_id, text, kind, source from t_name"
        " on conflict (person_id, text, source) do nothing"
    )


def add_numbers() -> int:
    """Add numbers; one that had ended lives again."""
    return _run(
        "insert into people_identifier as i (id, person_id, kind, value, index, source, confidence, sound)"
        " select id, person_id, kind, value, index, source, confidence, sound from t_number"
        " on conflict (person_id, kind, index) do update set until = null, confidence = greatest(i.confidence, excluded.confidence)"
        " where (i.until is not null and i.source = excluded.source) or i.confidence < excluded.confidence"
    )


def end_numbers(sources: list[str]) -> int:
    """End numbers that these registers gave once and do not give now."""
    return _run(
        "update people_identifier i set until = %s from t_person t where i.person_id = t.id and t.known and i.until is null"
        " and i.source = any(%s) and not exists"
        " (select 1 from t_number n where n.person_id = i.person_id and n.kind = i.kind and n.index = i.index)"
        # a survivor bears the numbers of those merged into her, which her own rows do not give
        " and not exists (select 1 from people_person m where m.merged_into_id = i.person_id)",
        (timezone.localdate(), sources),
    )


def move_presences() -> int:
    """Give each register row's presence its present owner and values."""
    return _run(
        "update people_presence p set person_id = t.person_id, country_id = t.country_id, district = t.district, capacity = t.capacity,"
        " kind = t.kind, since = t.since, until = t.until, confidence = t.confidence from t_presence t"
        " where t.source_row <> '' and p.source = t.source and p.source_row = t.source_row and p.source_row <> ''"
        " and (p.person_id, p.country_id, p.district, p.capacity, p.kind, p.since, p.until, p.confidence) is distinct from"
        " (t.person_id, t.country_id::varchar, t.district::varchar, t.capacity::varchar, t.kind::varchar, t.since, t.until, t.confidence)"
    )


def add_presences() -> int:
    """Add presences that are not there yet."""
    return _run(
        "insert into people_presence (id, person_id, country_id, district, capacity, kind, since, until, source, source_row, confidence)"
        " select id, person_id, country_id, district, capacity, kind, since, until, source, source_row, confidence from t_presence t"
        " where source_row <> '' or not exists (select 1 from people_presence p where p.person_id = t.person_id"
        " and p.country_id = t.country_id and p.kind = t.kind and p.source = t.source and p.source_row = ''"
        " and p.since is not distinct from t.since)"
        " on conflict (source, source_row) where not (source_row = '') do nothing"
    )


def add_grants() -> int:
    """Add grants that are not open yet, and spread them to the reach of those who were there before."""
    made = _run(
        "insert into people_grant (id, person_id, code, since, reason) select id, person_id, code, %s, reason from t_grant"
        " on conflict (person_id, code) where until is null do nothing",
        (timezone.localdate(),),
    )
    with connection.cursor() as cursor:
        # the reach follows from the grants; that of new persons was written with them
        cursor.execute(
            "select g.person_id, array_agg(g.code) from t_grant g left join t_person t on t.id = g.person_id"
            " where t.known is not false group by g.person_id"
        )
        rows = [(str(i), "{" + ",".join(reach_of([i], codes)) + "}") for i, codes in cursor.fetchall()]
    if rows:
        _run("create temporary table t_reach (id uuid, reach text[]) on commit drop")
        _copy("t_reach", pl.DataFrame(rows, schema={"id": pl.String, "reach": pl.String}, orient="row"))
        _run(
            "update people_person p set reach = array(select distinct unnest(p.reach || t.reach) order by 1) from t_reach t"
            " where p.id = t.id and not p.reach @> t.reach"
        )
        _run("drop table t_reach")
    return made


def add_keys(staged: Staged) -> None:
    """Add the search keys of new persons, and make those of changed persons anew."""
    _run(
        "insert into people_personkey (key, person_id) select key, person_id from t_key order by key on conflict do nothing"
    )
    if staged.rekeyed:
        rekey(staged.rekeyed)


def add_subjects(line: UUID) -> None:
    """Write each person's row under the verb's ledger line, so that 'who opened my record' includes runs."""
    _run(
        "insert into ground_ledgersubject (id, line_id, subject) select gen_random_uuid(), %s, id from t_person",
        (line,),
    )
