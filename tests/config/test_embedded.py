"""The embedded database: closed to everybody without a password, and what is wrong with it is told in one sentence."""

import stat

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from selaras.config.embedded import DatabaseTrouble, Embedded
from selaras.config.embedded.trouble import explained
from tests.config.asking import ask, write


def test_it_is_postgresql_18_with_the_settings_that_guard_people(embedded):
    url = embedded.ensure().app
    wanted = {
        "fsync": "on",
        "jit": "off",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "lc_messages": "C",
        "log_min_error_statement": "panic",
        "log_min_messages": "log",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_statement": "none",
        "password_encryption": "scram-sha-256",
        "data_checksums": "on",
    }
    names = ", ".join(f"'{name}'" for name in wanted)
    assert dict(ask(url, f"SELECT name, setting FROM pg_settings WHERE name IN ({names})")) == wanted
    assert ask(url, "SELECT current_setting('server_version_num')::int / 10000") == [(18,)]
    locale = "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'selaras'"
    assert ask(url, locale) == [("b", "C.UTF-8")]


@pytest.mark.parametrize("password", [None, "", "wrong"])
@pytest.mark.parametrize("role", ["selaras_root", "selaras_owner", "selaras_app", "selaras_ledger", "postgres"])
def test_nobody_connects_without_the_password(running, role, password):
    """Trust, peer or a role without password would let the first of these in."""
    parts = conninfo_to_dict(running.app)
    parts.update(user=role, password=password)
    with pytest.raises(psycopg.OperationalError), psycopg.connect(make_conninfo(**parts), passfile="/nonexistent"):
        pass


def test_the_roles_can_do_what_they_must_and_no_more(running):
    rows = ask(
        running.owner,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        " FROM pg_roles WHERE rolname LIKE 'selaras%' ORDER BY 1",
    )
    assert rows == [
        ("selaras_app", False, False, False, False, False),
        ("selaras_ledger", False, False, False, False, False),
        ("selaras_owner", False, False, True, False, False),
        ("selaras_root", True, True, True, True, True),
    ]
    owner = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'selaras'"
    assert ask(running.owner, owner) == [("selaras_owner",)]
    member_of = "SELECT count(*) FROM pg_auth_members WHERE pg_get_userbyid(member) LIKE 'selaras%'"
    assert ask(running.owner, member_of) == [(0,)]


def test_the_app_owns_nothing_and_cannot_make_anything_lasting(running):
    owns = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND pg_get_userbyid(refobjid) = '{}'"
    for url, role in ((running.app, "selaras_app"), (running.ledger, "selaras_ledger")):
        assert ask(running.owner, owns.format(role)) == [(0,)]
        for attempt in ("CREATE TABLE t (a int)", "CREATE SCHEMA s", "CREATE DATABASE d", "SET ROLE selaras_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                write(url, attempt)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        write(running.ledger, "CREATE TEMPORARY TABLE t (a int)")


def test_the_owner_makes_clones_of_a_template_and_the_app_reaches_them(running):
    write(running.owner, "CREATE DATABASE pattern", "CREATE DATABASE clone TEMPLATE pattern")
    assert ask(make_conninfo(running.app, dbname="clone"), "SELECT current_database()") == [("clone",)]


def test_the_log_holds_no_value_that_a_statement_brought(embedded, running):
    first = "INSERT INTO n VALUES ('3212014505900001', 1)"
    write(running.owner, "CREATE TABLE n (nik text PRIMARY KEY, age int)", first)
    for bad in (first, "SELECT '3212014505900001x'::int", "SELCT 3212014505900001"):
        with pytest.raises(psycopg.Error):
            write(running.owner, bad)
    logs = list((embedded.status().data / "log").iterdir())
    assert logs
    assert all("3212014505900001" not in log.read_text() for log in logs)


def test_what_is_private_is_private(embedded):
    urls = embedded.ensure()
    folder = embedded.folder

    def mode(path):
        return stat.S_IMODE(path.stat().st_mode)

    status = embedded.status()
    assert mode(folder) == 0o700
    assert mode(folder / "secrets.json") == 0o600
    assert mode(status.data) == 0o700
    assert mode(status.sockets) == 0o700
    assert len(str(status.sockets / ".s.PGSQL.5432")) <= 100
    assert conninfo_to_dict(urls.app)["require_auth"] == "scram-sha-256"
    asked = {conninfo_to_dict(url)["password"] for url in (urls.app, urls.owner, urls.ledger)}
    assert len(asked) == 3
    assert min(map(len, asked)) >= 40


def test_the_administrators_own_settings_are_kept(embedded):
    embedded.ensure()
    embedded.stop()
    local = embedded.status().data / "local.conf"
    local.write_text("work_mem = '7MB'\n")
    local.chmod(0o644)
    assert ask(embedded.ensure().app, "SHOW work_mem") == [("7MB",)]


def test_data_of_another_major_version_is_refused_with_advice(embedded):
    embedded.ensure()
    embedded.stop()
    version = embedded.status().data / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(DatabaseTrouble, match=r"made by PostgreSQL 16 and this copy brings 18: make a backup"):
        embedded.ensure()
    version.write_text("18\n")


def test_lost_passwords_are_named_before_anything_starts(embedded):
    embedded.ensure()
    embedded.stop()
    known = embedded.folder / "secrets.json"
    aside = known.rename(embedded.folder / "elsewhere")
    with pytest.raises(DatabaseTrouble, match=r"secrets.json is missing"):
        embedded.ensure()
    assert not embedded.status().running
    aside.rename(known)


def test_a_wrong_setting_is_told_in_one_sentence(embedded):
    embedded.ensure()
    embedded.stop()
    local = embedded.status().data / "local.conf"
    local.write_text("work_mem = 'much'\n")
    local.chmod(0o644)
    with pytest.raises(DatabaseTrouble, match=r"^The database did not start: invalid value for .*work_mem.: .much.\.$"):
        embedded.ensure()
    local.unlink()


def test_a_full_disk_is_told_in_one_sentence():
    said = 'running bootstrap script ... FATAL:  could not write "pg_wal/xlogtemp.9": No space left on device\n'
    told = "The disk that holds /data is full: free some space and try again."
    assert str(explained(said, "/data", "It failed")) == told


def test_a_folder_in_the_way_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseTrouble, match=r"cannot be made or opened: Not a directory"):
        Embedded(tmp_path / "file" / "pg").ensure()
