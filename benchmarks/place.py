"""The copy in which a benchmark measures: tables, both locks, the tree, the cast, all under one folder of its own."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connections

from selaras.config.embedded import Embedded
from selaras.ground.queries.actors import actor_of, posts_of
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import Actor
from selaras.ground.setting_up import prepare_database
from selaras.samples.cast import CAST
from selaras.samples.enter import enter_cast, sign_the_agreement


def prepare() -> str:
    """Bring the copy to this version and enter the cast; give the number of the agreement for registers."""
    prepare_database(lambda step: None)
    enter_cast()
    return sign_the_agreement()


def here() -> Path:
    """Give the folder of the copy."""
    return Path(settings.VAR)


def postmaster() -> int:
    """Give the process id of the copy's database server."""
    pid = Embedded(here() / "pg").status().pid
    if pid is None:
        raise SystemExit("the database of this copy does not run")
    return pid


def cast_actor(key: str) -> Actor:
    """Give the actor that a member of the cast is."""
    member = next(m for m in CAST if m.key == key)
    officer = officer_by_email(member.email)
    if officer is None:
        raise SystemExit(f"{key} is not entered: run the benchmark `population` first")
    return actor_of(officer, posts_of(officer.pk)[0])


def as_owner(statement: str, values: Sequence[object] = ()) -> list[tuple]:
    """Run one statement as the owner of the tables, outside of any transaction, however long it takes."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def sizes() -> list[dict[str, object]]:
    """List the tables of persons and the ledger with rows and megabytes on disk, indexes apart, the largest first."""
    rows = as_owner(
        "select relname, reltuples::bigint, pg_table_size(oid) / 1048576.0, pg_indexes_size(oid) / 1048576.0 from pg_class"
        " where relkind = 'r' and relname ~ '^(people|ground_ledger|reconcile)_?' and reltuples > 0"
        " order by pg_total_relation_size(oid) desc"
    )
    return [{"table": t, "rows": int(n), "MB": round(mb), "indexes MB": round(ix)} for t, n, mb, ix in rows]
