"""Both locks: nobody acting means no rows; a reused connection carries no reach; each table holds with either lock taken off."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, models, transaction
from psycopg_pool import ConnectionPool

from selaras.ground import locks
from selaras.ground.models import KeptFile
from selaras.ground.scope import NATION, NoActor, ScopedManager, acting, scoped_models
from tests import database
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")

VILLAGE = "area:3212012007"
PLACES = [NATION, "area:32", "area:3212", "area:321201", VILLAGE]


def kept(name: str, reach: list[str]) -> KeptFile:
    with acting(actor("reviewer")):
        return KeptFile.objects.create(name=name, media_type=name, size=1, sha256="0" * 64, reach=reach)  # names rest sealed, types do not


def names(sql: str = "select media_type from ground_keptfile order by media_type") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_nobody_acting_raises_instead_of_answering():
    kept("a", PLACES)
    with pytest.raises(NoActor):
        KeptFile.objects.count()
    with pytest.raises(NoActor):
        KeptFile._base_manager.count()


def test_nobody_acting_sees_nothing_even_in_plain_sql():
    kept("a", PLACES)
    assert names() == []


def test_reach_follows_the_tree_of_places():
    kept("here", PLACES)
    kept("elsewhere", [NATION, "area:52", "area:5203"])
    kept("unknown place", [NATION])
    seen = {}
    for who in ("village", "dinas", "bp3mi", "taipei", "reviewer", "admin"):
        with acting(actor(who)):
            seen[who] = (sorted(KeptFile.objects.values_list("media_type", flat=True)), names())
    assert seen["village"] == seen["dinas"] == seen["bp3mi"] == (["here"], ["here"])
    assert seen["taipei"] == seen["admin"] == ([], [])
    assert seen["reviewer"] == (["elsewhere", "here", "unknown place"],) * 2


def test_policy_alone_holds_when_the_manager_is_bypassed():
    kept("here", PLACES)
    kept("elsewhere", [NATION, "area:52"])
    with acting(actor("village")):
        assert [row.name for row in models.QuerySet(KeptFile)] == ["here"]


def test_manager_alone_holds_when_the_policy_is_dropped():
    kept("here", PLACES)
    kept("elsewhere", [NATION, "area:52"])
    with connections["owner"].cursor() as owner:
        owner.execute("alter table ground_keptfile disable row level security")
        try:
            with acting(actor("village")):
                assert names() == ["elsewhere", "here"], "the policy is off, so plain SQL sees all"
                assert list(KeptFile.objects.values_list("media_type", flat=True)) == ["here"]
                assert list(KeptFile._base_manager.values_list("media_type", flat=True)) == ["here"]
        finally:
            owner.execute("alter table ground_keptfile enable row level security")


def test_writing_outside_ones_reach_is_refused_by_the_database():
    with pytest.raises(Exception, match="row-level security"), acting(actor("village")):
        KeptFile.objects.create(name="x", size=1, sha256="0" * 64, reach=[NATION, "area:52"])


@pytest.mark.parametrize("end", ["commit", "rollback", "error"])
def test_a_pooled_connection_carries_no_reach_to_its_next_user(end: str):
    kept("a", PLACES)
    base = settings.DATABASES["default"]
    address = psycopg.conninfo.make_conninfo(
        dbname=base["NAME"], user=base["USER"], password=base["PASSWORD"], host=base["HOST"]
    )
    with ConnectionPool(address, min_size=1, max_size=1) as pool:
        with pool.connection() as first:
            pid = first.info.backend_pid
            try:
                with first.transaction():
                    first.execute("select set_config('selaras.reach', 'nation', true)")
                    assert first.execute("select count(*) from ground_keptfile").fetchone() == (1,)
                    if end == "rollback":
                        raise psycopg.Rollback
                    if end == "error":
                        first.execute("select 1 / 0")
            except psycopg.errors.DivisionByZero:
                pass
        with pool.connection() as second:
            assert second.info.backend_pid == pid, "the same connection is used again"
            assert second.execute("select current_setting('selaras.reach', true)").fetchone() == ("",)
            assert second.execute("select count(*) from ground_keptfile").fetchone() == (0,)


def test_a_nested_job_gives_the_outer_reach_back():
    kept("elsewhere", [NATION, "area:52"])
    with acting(actor("village")):
        with acting(actor("reviewer")):
            assert names() == ["elsewhere"]
        assert names() == []
        try:
            with acting(actor("reviewer")):
                raise ValueError
        except ValueError:
            pass
        assert names() == [] and list(KeptFile.objects.all()) == []


def test_an_error_inside_the_database_still_gives_the_outer_reach_back():
    kept("elsewhere", [NATION, "area:52"])
    with acting(actor("village")):
        with pytest.raises(Exception, match="division by zero"), acting(actor("reviewer")):
            names("select 1/0")
        assert names() == []


def test_reach_stays_with_its_thread():
    kept("a", PLACES)

    def ask() -> bool:
        try:
            KeptFile.objects.count()
        except NoActor:
            return True
        finally:
            connection.close()
        return False

    with acting(actor("reviewer")), ThreadPoolExecutor(1) as other:
        assert other.submit(ask).result()


def test_every_scoped_table_has_its_policy_and_every_other_table_says_why_not():
    with connections["owner"].cursor() as cursor:
        cursor.execute("select tablename, rowsecurity from pg_tables where schemaname = 'public'")
        secured = dict(cursor.fetchall())
        cursor.execute("select tablename, policyname from pg_policies where schemaname = 'public'")
        policies = {}
        for table, policy in cursor.fetchall():
            policies.setdefault(table, set()).add(policy)
    scoped = {m._meta.db_table for m in scoped_models()}
    said = {m._meta.db_table for m in _models() if getattr(m, "unscoped", "")}
    for table in scoped:
        assert secured[table] and "reach" in policies[table], table
    append_only = {m._meta.db_table for m in locks.APPEND_ONLY}
    for table in append_only:
        assert secured[table] and {"reading", "writing"} <= policies[table], table
    unexplained = set(secured) - scoped - said - set(locks.UNSCOPED)
    assert unexplained == set(), f"tables without a policy and without a reason: {unexplained}"


def test_every_scoped_model_uses_the_scoped_manager_everywhere():
    for model in scoped_models():
        assert isinstance(model._default_manager, ScopedManager), model
        assert isinstance(model._base_manager, ScopedManager), model


def _models():
    return list(connection.introspection.installed_models(locks.tables()))


def test_the_guard_fails_when_the_tests_run_as_the_owner():
    base = settings.DATABASES["default"]
    own = settings.DATABASES["owner"]
    before = {k: connections["default"].settings_dict[k] for k in ("USER", "PASSWORD")}
    connections["default"].close()
    connections["default"].settings_dict.update(USER=own["USER"], PASSWORD=own["PASSWORD"])
    try:
        with pytest.raises(AssertionError, match="does not hold"):
            database.guard()
    finally:
        connections["default"].close()
        connections["default"].settings_dict.update(before)
    database.guard()
    assert base["USER"] == before["USER"]


def test_the_app_role_cannot_take_the_locks_off():
    for statement in (
        "alter table ground_keptfile disable row level security",
        "drop policy reach on ground_keptfile",
        "set role selaras_owner",
        "alter role selaras_app bypassrls",
    ):
        with (
            pytest.raises(Exception, match="must be owner|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
