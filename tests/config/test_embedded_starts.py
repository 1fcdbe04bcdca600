"""The embedded database is safe to start twice, whole after a kill, and found again whatever the last one left."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys

import psycopg

from selaras.config.embedded import account, place
from selaras.config.embedded.process import command_line
from tests.config.asking import ENSURE, ROOT_DIR, ask, wait_for, write


def test_the_second_start_finds_the_first(embedded):
    assert embedded.ensure() == embedded.ensure()
    assert embedded.status().running


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


def test_an_initdb_that_outlives_its_killed_start_is_in_nobodys_way(fresh):
    """It goes on writing where it began, faster than anybody can delete."""
    fresh.folder.mkdir(parents=True)
    half = place.settle(fresh.folder, account.choose(None)).with_name("data.making")
    writes = "import itertools, pathlib, sys\nfor n in itertools.count():\n d = pathlib.Path(sys.argv[1], str(n % 9)); d.mkdir(parents=True, exist_ok=True)"
    initdb = subprocess.Popen([sys.executable, "-c", writes, half])
    try:
        wait_for(half.exists)
        assert ask(fresh.ensure().app, "SELECT 1") == [(1,)]
        assert initdb.poll() is None
    finally:
        initdb.kill()
        initdb.wait()


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
    while home.exists():  # as root this is not inside the folder; a living server may write while we delete
        shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(fresh.folder, ignore_errors=True)
    new = fresh.ensure()
    assert new.app != old.app
    assert ask(new.app, "SELECT 1") == [(1,)]
    assert fresh.status().pid != pid
    with contextlib.suppress(ProcessLookupError):  # it may have noticed by itself
        os.kill(pid, signal.SIGQUIT)
    wait_for(lambda: not command_line(pid))
    assert ask(new.app, "SELECT 1") == [(1,)]


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
