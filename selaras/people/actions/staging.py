"""Temporary tables of the bulk verb: COPY refuses policies, so rows land there and go on under the policy in one statement.

They are PostgreSQL temporary tables: no other session ever sees them, they write no log, and nothing is left of them when the
transaction ends, however it ends.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.utils import timezone

from selaras.people.actions.batches import Batch, Known
from selaras.people.actions.indexing import BATCH, wanted_keys
from selaras.people.queries.surviving import survivors
from selaras.people.sight import reach_of

TABLES = {
    "t_person": "id uuid primary key, name text, sex text, birth_date date, birth_precision text, birth_place text, mother bytea,"
    " home_area_id text, home_text text, source text, content uuid, reach text[], known boolean, by_hand boolean",
    "t_name": "id uuid, person_id uuid, text text, kind text, source text",
    "t_number": "id uuid, person_id uuid, kind text, value bytea, index uuid, source text, confidence smallint, sound boolean",
    "t_presence": "id uuid, person_id uuid, country_id text, district text, capacity text, kind text, since date, until date, source text,"
    " source_row text, confidence smallint",
    "t_grant": "id uuid, person_id uuid, code text, reason text",
    "t_key": "key bigint, place bigint, person_id uuid",
}


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
    with connection.cursor() as cursor:
        # one array instead of thousands of parameters
        cursor.execute(
            "select p.id, p.content, p.merged_into_id is not null, exists (select 1 from people_event e where e.person_id = p.id"
            " and e.kind in ('registered', 'corrected')) from people_person p where p.id = any(%s::uuid[])",
            (ids,),
        )
        rows = cursor.fetchall()
    into = survivors([i for i, _, merged, _ in rows if merged])
    return {
        str(i): Known(str(content), str(into[i]) if merged else None, by_hand) for i, content, merged, by_hand in rows
    }


def _copy(table: str, frame: pl.DataFrame) -> None:
    if frame.is_empty():
        return
    columns = ", ".join(f'"{c}"' for c in frame.columns)
    statement = f"copy {table} ({columns}) from stdin (format csv)"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(frame.write_csv(include_header=False).encode())


def load(batch: Batch) -> None:
    """Copy a batch into the temporary tables and write its persons."""
    for name, rows in batch.rows.items():
        _run(f"truncate {name}")
        _copy(name, rows)
    for name in TABLES if batch.changed else ("t_presence",):
        _run(f"analyze {name}")
    if batch.changed:
        # Whoever corrects one of them has done so, or waits: the statements after this one see what was corrected since it was read.
        _run(
            "select from people_person p join t_person t on t.id = p.id where t.known order by p.id for no key update of p"
        )
    _write_persons()


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
        " and not exists (select 1 from people_event e where e.person_id = p.id and e.kind = 'corrected')"
    )
    _run(
        "update people_person p set content = t.content, version = p.version + 1, changed_at = now()"
        " from t_person t where p.id = t.id and t.known"
    )


def add_names(batch: Batch) -> int:
    """Add name forms that are not there yet."""
    return _run(
        "insert into people_nameform (id, person_id, text, kind, source) select id, person_id, text, kind, source from t_name"
        + ("" if batch.all_new else " on conflict (person_id, text, source) do nothing")
    )


def add_numbers(batch: Batch) -> int:
    """Add numbers; one that had ended lives again."""
    again = (
        " on conflict (person_id, kind, index) do update set until = null, confidence = greatest(i.confidence, excluded.confidence)"
        " where (i.until is not null and i.source = excluded.source) or i.confidence < excluded.confidence"
    )
    return _run(
        "insert into people_identifier as i (id, person_id, kind, value, index, source, confidence, sound)"
        " select id, person_id, kind, value, index, source, confidence, sound from t_number"
        + ("" if batch.all_new else again)
    )


def end_numbers(batch: Batch, sources: list[str]) -> int:
    """End numbers that these registers gave once and do not give now."""
    if batch.all_new:
        return 0
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


def add_grants(batch: Batch) -> int:
    """Add grants that are not open yet, and spread them to the reach of those who were there before."""
    made = _run(
        "insert into people_grant (id, person_id, code, since, reason) select id, person_id, code, %s, reason from t_grant"
        + ("" if batch.all_new else " on conflict (person_id, code) where until is null do nothing"),
        (timezone.localdate(),),
    )
    if batch.all_new:
        return made
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


_ADD_KEYS = (
    "insert into people_personkey (key, place, person_id) select key, place, person_id from t_key order by key, place"
    " on conflict do nothing"
)


def add_keys(batch: Batch) -> None:
    """Add the search keys of new persons, and make those of changed persons anew, as `indexing.rekey` does for a few."""
    _run(_ADD_KEYS)
    for start in range(0, len(batch.rekeyed), BATCH):
        ids = batch.rekeyed[start : start + BATCH]
        rows = [(key, place, str(person)) for key, place, person in wanted_keys(ids)]
        _run("truncate t_key")
        _copy("t_key", pl.DataFrame(rows, schema={"key": pl.Int64, "place": pl.Int64, "person_id": pl.String}, orient="row"))
        _run("analyze t_key")
        _run(
            "delete from people_personkey k where k.person_id = any(%s::uuid[]) and not exists (select from t_key t"
            " where t.key = k.key and t.place = k.place and t.person_id = k.person_id)",
            ([str(i) for i in ids],),
        )
        _run(_ADD_KEYS)


def add_subjects(line: UUID) -> None:
    """Write each person's row under the verb's ledger line, so that 'who opened my record' includes runs."""
    _run(
        "insert into ground_ledgersubject (id, line_id, subject) select gen_random_uuid(), %s, id from t_person",
        (line,),
    )
