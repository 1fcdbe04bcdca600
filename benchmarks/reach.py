"""Compare two forms of the reach, side by side: a table of grants asked by EXISTS, and a text[] column with GIN.

The people are those of the copy; both forms get tables of their own with policies of the same shape, asked as the app's role.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from uuid6 import uuid7

from benchmarks.machine import percentiles, stamp, table
from benchmarks.place import as_owner, cast_actor
from selaras.ground.scope import Actor, acting

FORMS = ("array", "grants")
ACTORS = {"nation": "penelaah", "province": "bp3mi", "regency": "dinas", "village": "desa", "mission": "hongkong"}
TABLES = ("scratch_array", "scratch_array_key", "scratch_grants", "scratch_grants_key", "scratch_grants_grant")
NATION = "(select 'nation' = any (selaras_reach()))"
GRANTED = (
    "select 1 from scratch_grants_grant g where g.code = any ((select selaras_reach())::text[]) and g.person_id = "
)
POLICIES = {
    "scratch_array": "reach && (select selaras_reach())",
    "scratch_array_key": f"{NATION} or exists (select 1 from scratch_array p where p.id = scratch_array_key.person_id"
    " and p.reach && (select selaras_reach()))",
    "scratch_grants": f"{NATION} or exists ({GRANTED} scratch_grants.id)",
    "scratch_grants_key": f"{NATION} or exists ({GRANTED} scratch_grants_key.person_id)",
}
# what each form takes to fill, from the people of the copy; a grant of the nation would be a row a person that says nothing
FILLING = {
    "array": (
        "create table scratch_array as select id, name, reach from people_person",
        "alter table scratch_array add primary key (id)",
        "create index on scratch_array using gin (reach)",
        "create table scratch_array_key as select distinct key, person_id from people_personkey",
        "alter table scratch_array_key add primary key (key, person_id)",
    ),
    "grants": (
        "create table scratch_grants as select id, name from people_person",
        "alter table scratch_grants add primary key (id)",
        "create table scratch_grants_grant as select id as person_id, unnest(reach) as code from people_person",
        "delete from scratch_grants_grant where code = 'nation'",
        "alter table scratch_grants_grant add primary key (code, person_id)",
        "create index on scratch_grants_grant (person_id, code)",
        "create table scratch_grants_key as select distinct key, person_id from people_personkey",
        "alter table scratch_grants_key add primary key (key, person_id)",
    ),
}


def build() -> list[dict[str, Any]]:
    """Make both forms; give seconds and megabytes of each."""
    found = []
    app = settings.DATABASES["default"]["USER"]
    for form in FORMS:
        started = time.perf_counter()
        for statement in FILLING[form]:
            as_owner(statement)
        seconds = time.perf_counter() - started
        mine = [t for t in TABLES if t.startswith(f"scratch_{form}")]
        for name in mine:
            as_owner(f"grant select, insert, update on {name} to {app}")
            as_owner(f"vacuum analyze {name}")
            if name in POLICIES:
                as_owner(f"alter table {name} enable row level security")
                as_owner(f"create policy reach on {name} using ({POLICIES[name]}) with check (true)")
        sizes = {t: as_owner(f"select pg_total_relation_size('{t}') / 1048576")[0][0] for t in mine}
        found.append(
            {
                "form": form,
                "seconds to fill": round(seconds, 1),
                "MB": int(sum(sizes.values())),
                "MB without keys": int(sum(s for t, s in sizes.items() if not t.endswith("_key"))),
            }
        )
    return found


def clear() -> None:
    """Take the tables away again."""
    as_owner(f"drop table if exists {', '.join(TABLES)}")


def _timed(statement: str, params: Sequence[Any] = ()) -> tuple[float, list[tuple]]:
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(statement, params)
        rows = cursor.fetchall() if cursor.description else []
        return time.perf_counter() - started, rows


def ask(actor: Actor, keys: Sequence[int], rounds: int) -> dict[tuple[str, str], tuple[list[float], Any]]:
    """Ask both forms the same, in turn, round by round; give seconds and the answer, by (question, form)."""
    found: dict[tuple[str, str], tuple[list[float], Any]] = {}
    for turn in range(rounds):
        for form in FORMS if turn % 2 else reversed(FORMS):
            questions = {
                "find by key": [
                    (f"select person_id from scratch_{form}_key where key = %s limit 201", [k]) for k in keys
                ],
                "count in reach": [(f"select count(*) from scratch_{form}", ())],
                "list 50": [(f"select id, name from scratch_{form} order by id limit 50", ())],
            }
            for question, statements in questions.items():
                with acting(actor):
                    for statement, params in statements:
                        seconds, rows = _timed(statement, params)
                        times, _ = found.setdefault((question, form), ([], None))
                        times.append(seconds)
                answer = rows[0][0] if question == "count in reach" else len(rows)
                found[question, form] = (times, answer)
    return found


def widen(people: Sequence[UUID]) -> dict[str, list[float]]:
    """Let one more place see each of these persons, in both forms, each in a transaction of its own."""
    found: dict[str, list[float]] = {form: [] for form in FORMS}
    nation = cast_actor(ACTORS["nation"])
    for person in people:
        code = f"party:{uuid7()}"
        for form, statement in (
            ("array", "update scratch_array set reach = array_append(reach, %s) where id = %s"),
            ("grants", "insert into scratch_grants_grant (code, person_id) values (%s, %s)"),
        ):
            started = time.perf_counter()
            with acting(nation):
                _timed(statement, (code, person))
            found[form].append(time.perf_counter() - started)
    return found


def main() -> None:
    """Build, ask, print, clear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var", help="the folder of the copy (default var/bench)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keys", type=int, default=100)
    asked = parser.parse_args()
    print(stamp())
    clear()
    print(table(build()))
    # from rare keys to such as a thousand share
    drawn = as_owner(
        "select key from (select key, count(*) n from people_personkey tablesample system (10) group by key) s"
        f" order by md5(key::text) limit {asked.keys}"
    )
    keys = [key for (key,) in drawn]
    rows = []
    for kind, key in ACTORS.items():
        found = ask(cast_actor(key), keys, asked.rounds)
        for question in dict.fromkeys(q for q, _ in found):
            row: dict[str, Any] = {"actor": kind, "question": question}
            for form in FORMS:
                times, answer = found[question, form]
                row |= {
                    f"{form} p50 ms": percentiles(times)["p50"],
                    f"{form} p95 ms": percentiles(times)["p95"],
                    "answer": answer,
                }
            a, g = (statistics.median(found[question, form][0]) for form in FORMS)
            row["grants ÷ array"] = round(g / a, 2)
            rows.append(row)
            if found[question, "array"][1] != found[question, "grants"][1]:
                raise SystemExit(f"the two forms differ: {kind}, {question}")
    print(table(rows))
    people = [i for (i,) in as_owner("select id from people_person order by md5(id::text) limit 300")]
    print(
        table(
            [
                {
                    "verb": "widen by one place",
                    **{f"{f} {k} ms": v for f, s in widen(people).items() for k, v in percentiles(s).items()},
                }
            ]
        )
    )
    clear()
    print(stamp()["load"])


if __name__ == "__main__":
    raise SystemExit("run this with: python -m benchmarks reach")
