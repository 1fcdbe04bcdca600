"""The test database: a template that the owner builds once per version, and a clone of it for each run."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from selaras.ground.locks import APPEND_ONLY
from selaras.ground.setting_up import prepare_database
from tests.cast import enter_cast
from tests.early import ROOT, VAR

# what the template brings: everything else is emptied between committed tests
KEPT = frozenset(
    {
        "ground_area",
        "ground_country",
        "ground_abroaddistrict",
        "ground_office",
        "ground_officereach",
        "ground_officer",
        "ground_posting",
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "selaras_cache",
        "agreements_agreement",
        "agreements_clause",
    }
)


def version() -> str:
    """Hash everything that shapes the template."""
    digest = hashlib.sha256()
    for pattern in (
        "selaras/*/migrations/*.py",
        "selaras/ground/**/*.py",
        "selaras/*/models/*.py",
        "selaras/*/models.py",
        "selaras/law/roles.toml",
        "selaras/ground/data/*.csv",
        "selaras/samples/cast.py",
        "tests/cast.py",
    ):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    digest.update((VAR / "keys" / "ring.json").read_bytes())
    return digest.hexdigest()[:12]


def _owner(name: str) -> psycopg.Connection:
    base = settings.DATABASES["owner"]
    return psycopg.connect(
        dbname=name,
        user=base["USER"],
        password=base["PASSWORD"],
        host=base["HOST"],
        port=base["PORT"] or None,
        autocommit=True,
    )


def use(name: str) -> None:
    """Point every connection of this process at one database."""
    connections.close_all()
    for alias in ("default", "ledger", "owner"):
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def _alone() -> Iterator[None]:
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def template() -> str:
    """Build the template of this version unless it is there; give its name."""
    name = f"selaras_template_{version()}"
    home = settings.DATABASES["owner"]["NAME"]
    with _alone():
        with _owner("postgres") as db:
            names = [
                r[0] for r in db.execute("select datname from pg_database where datname like 'selaras_template_%'")
            ]
            if name in names:
                return name
            for old in names:
                db.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(old)))
            building = f"{name}_part"
            db.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(building)))
            db.execute(sql.SQL("create database {} template template0").format(sql.Identifier(building)))
        use(building)
        prepare_database(lambda step: None)
        enter_cast()
        empty()
        use(home)
        with _owner("postgres") as db:
            db.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name)))
    return name


def clone() -> str:
    """Make this run's own database from the template and use it."""
    source = template()
    name = f"selaras_test_{os.getpid()}"
    with _alone(), _owner("postgres") as db:
        db.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(source)))
    use(name)
    return name


def drop(name: str) -> None:
    """Remove this run's database."""
    connections.close_all()
    with _owner("postgres") as db:
        # Not by force: that would end our own last sessions, which are about to end and belong to another role. This waits for them.
        db.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def empty() -> None:
    """Empty every table that the template does not fill, as the owner."""
    with _owner(settings.DATABASES["default"]["NAME"]) as db:
        names = [r[0] for r in db.execute("select tablename from pg_tables where schemaname = 'public'")]
        gone = sorted({n for n in names if n not in KEPT} | {m._meta.db_table for m in APPEND_ONLY})
        # Truncating an empty table costs a file each: look first.
        look = sql.SQL(" union all ").join(
            sql.SQL("select {}::text where exists (select 1 from {})").format(sql.Literal(n), sql.Identifier(n)) for n in gone
        )
        full = [r[0] for r in db.execute(look)]
        if full:
            db.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(sql.Identifier(n) for n in full)))
        # what tests add to the kept tables bears a key that begins with uji (trial)
        db.execute(
            "delete from ground_officereach where office_id in (select id from ground_office where key like 'uji%')"
        )
        db.execute(
            "delete from ground_posting where office_id in (select id from ground_office where key like 'uji%') or officer_id in (select id from ground_officer where email like 'uji%')"
        )
        db.execute("delete from ground_office where key like 'uji%'")
        db.execute("delete from ground_officer where email like 'uji%'")


def guard() -> None:
    """Fail when the tests connect as someone whom row-level security does not hold."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, rolbypassrls, (select count(*) from pg_class where relowner = r.oid) from pg_roles r where rolname = current_user"
        )
        name, superuser, bypass, owned = cursor.fetchone()
    if superuser or bypass or owned:
        raise AssertionError(
            f"the tests run as {name}, whom row-level security does not hold: superuser={superuser}, bypass={bypass}, owns={owned}"
        )
