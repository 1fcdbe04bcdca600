"""Memory: what is let go goes back to the system, and what a limit leaves no room for lives in files, with the same result."""

import gc
import os
import signal
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from selaras.doors.cli.link import link as command
from selaras.engines.linkage import headcount, link, memory, register
from selaras.engines.linkage.columns import encode
from tests.engines.linkage.people import persons, rows_of, table

MEGA = 1 << 20
linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells what a process holds")


def _registers(folder):
    for kind in "SP":
        table([r for p in persons(80, 4) for r in rows_of(p, kind, 4)]).write_parquet(folder / f"{kind}.parquet")
    return folder


@pytest.fixture
def files(tmp_path):
    return _registers(tmp_path)


def _command(files, *options):
    return [str(files / "S.parquet"), str(files / "P.parquet"), "--out", str(files / "out"), *options]


_LET_GO = """
import numpy as np
from selaras.engines.linkage import memory
MEGA = 1 << 20
memory.give_back()
# A freed large array is what makes the C library keep the next ones.
np.ones(24 * MEGA, dtype=np.uint8)
before = memory.held()
arrays = [np.ones(2 * MEGA, dtype=np.uint8) for _ in range(40)]
full = memory.held() - before
del arrays[:-1]
print(full // MEGA, (memory.held() - before) // MEGA)
"""


@linux
def test_arrays_that_are_let_go_leave_no_holes():
    # In a process of its own: what other tests freed before would be taken first and not be seen to grow.
    said = subprocess.run([sys.executable, "-c", _LET_GO], capture_output=True, text=True, check=True)
    full, left = map(int, said.stdout.split())
    assert full > 70 and left < 12


def test_a_register_given_away_is_let_go_and_codes_the_same():
    people = persons(60, 5)
    made = [register(table([r for p in people for r in rows_of(p, name, 5)]), name) for name in ("S", "P")]
    kept = encode(made)
    gone = [weakref.ref(one) for one in made]
    coded = encode(made.pop(0) for _ in range(2))
    gc.collect()
    assert [one() for one in gone] == [None, None]
    assert np.array_equal(coded.rows, kept.rows) and coded.row_id.equals(kept.row_id)


def test_what_does_not_fit_lives_in_files_and_the_result_is_the_same(tmp_path, monkeypatch):
    people = persons(700, 6)
    given = [register(table([r for p in people for r in rows_of(p, name, 6)]), name) for name in ("S", "P")]
    free = link(given)
    monkeypatch.setattr(memory, "_LARGE", 1)
    with memory.limited(tmp_path, 1):
        held = link(given)
        assert memory.frame_aside(given[0].rows).equals(given[0].rows)
    assert held.run["memory_spilled_mb"] > 0 and "memory_limit_mb" not in free.run
    assert held.clusters.equals(free.clusters) and held.pairs.equals(free.pairs) and held.model == free.model
    assert headcount(given, held).equals(headcount(given, free))
    assert list(tmp_path.iterdir()) == []


_BLOCKING = """
import resource, sys
from pathlib import Path
import numpy as np
from selaras.engines.linkage import memory
from selaras.engines.linkage.blocking import Key, candidates_by
def keys(size):
    return [Key("nik", np.arange(size, dtype=np.int32), np.arange(size, dtype=np.uint64) // 8 << 40, ())]
candidates_by(keys(800), 800)
given = keys(2_400_000)
said = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
most = (int(said["VmData"].split()[0]) << 10) + (100 << 20)
resource.setrlimit(resource.RLIMIT_DATA, (most, most))
if sys.argv[1:]:
    with memory.limited(Path(sys.argv[1]), 1):
        print(len(candidates_by(given, 2_400_000)))
else:
    print(len(candidates_by(given, 2_400_000)))
"""


@linux
def test_blocking_dies_of_a_hard_limit_without_files_and_ends_with_them(tmp_path):
    run = [sys.executable, "-c", _BLOCKING]
    free = subprocess.run(run, capture_output=True, text=True, check=False)
    assert free.returncode != 0 and "MemoryError" in free.stderr
    held = subprocess.run([*run, str(tmp_path)], capture_output=True, text=True, check=False)
    assert held.returncode == 0, held.stderr
    assert int(held.stdout) == 2_400_000 // 8 * 28


@pytest.mark.parametrize(
    ("text", "size"), [("800MB", 800 * MEGA), ("2 GB", 2048 * MEGA), ("1.5g", 1536 * MEGA), ("4096", 4096), ("1GiB", 1024 * MEGA)]
)
def test_sizes_are_read_as_people_write_them(text, size):
    assert memory.size_of(text) == size


def test_a_limit_that_cannot_do_is_one_sentence_and_nothing_is_written(files):
    said = CliRunner().invoke(command, _command(files, "--memory", "1MB"))
    assert said.exit_code == 1 and "Traceback" not in said.output
    assert "At most 1.0\xa0MB of memory" in said.output and "banyak 1,0\xa0MB, padahal" in said.output
    assert not (files / "out").exists()
    assert CliRunner().invoke(command, _command(files, "--memory", "much")).exit_code == 2


def test_a_run_says_its_limit(files):
    said = CliRunner().invoke(command, _command(files, "--memory", "3GB"))
    assert said.exit_code == 0, said.output
    run = (files / "out" / "run.json").read_text()
    assert '"memory_limit_mb": 3072.0' in run and '"memory_spilled_mb": 0.0' in run


# Where each stage begins or ends: what of it, when it is killed or runs out of memory, must leave no half result.
STAGES = {
    "read": "selaras.engines.linkage.files.read_register",
    "encode": "selaras.engines.linkage.linking.encode",
    "block": "selaras.engines.linkage.linking.candidates",
    "compare": "selaras.engines.linkage.linking.compare",
    "learn": "selaras.engines.linkage.linking.learn",
    "resolve": "selaras.engines.linkage.linking.resolve",
    "list": "selaras.engines.linkage.linking.list_pairs",
    "count": "selaras.engines.linkage.files.headcounts",
    "write": "selaras.engines.linkage.files.os.replace",
}
_KILLED = """
import importlib, os, signal, sys
from selaras.doors.cli.link import link
files, stages = sys.argv[1], sys.argv[2:]
for stage in stages:
    name, _, path = stage.partition("=")
    # No thread has begun yet, so that a copy of this process is as good as a new one, and cheaper.
    if child := os.fork():
        print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    owner, _, function = path.rpartition(".")
    holder = importlib.import_module(owner.removesuffix(".os"))
    holder = holder.os if owner.endswith(".os") else holder
    setattr(holder, function, lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL))
    link([f"{files}/S.parquet", f"{files}/P.parquet", "--out", f"{files}/{name}"])
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder with an output folder for each stage, in which a run was killed."""
    folder = _registers(tmp_path_factory.mktemp("killed"))
    stages = [f"{name}={path}" for name, path in STAGES.items()]
    ran = subprocess.run([sys.executable, "-c", _KILLED, str(folder), *stages], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [word for name in STAGES for word in (name, str(-signal.SIGKILL))], ran.stderr
    return folder


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_killed_in_any_stage_leaves_nothing_that_looks_whole_and_can_be_given_again(killed, stage):
    out = killed / stage
    assert not (out / "run.json").exists()
    again = CliRunner().invoke(command, [str(killed / "S.parquet"), str(killed / "P.parquet"), "--out", str(out)])
    assert again.exit_code == 0, again.output
    names = {path.name for path in out.iterdir()}
    assert {"clusters.parquet", "pairs.parquet", "headcount.csv", "run.json"} <= names
    assert not [name for name in names if name.startswith(".")]


@pytest.mark.parametrize("stage", STAGES)
def test_memory_that_ends_in_any_stage_is_one_sentence(files, stage, monkeypatch):
    def ends(*given, **named):
        raise MemoryError

    monkeypatch.setattr(STAGES[stage], ends)
    said = CliRunner().invoke(command, _command(files))
    assert said.exit_code == 1 and isinstance(said.exception, SystemExit)
    assert said.output.count("The memory of this machine was not enough") == said.output.count("Memori mesin ini tidak cukup") == 1
    assert not (files / "out").exists()


def test_two_runs_do_not_write_to_one_folder(files):
    with memory.working_in(files / "out") as work:
        assert work.stat().st_mode & 0o777 == 0o700
        (work / "left").write_text("by a killed run")
        said = CliRunner().invoke(command, _command(files))
        assert said.exit_code == 1 and "Another run" in said.output and (work / "left").exists()
    assert not work.exists()


def test_what_a_killed_run_left_is_wiped_by_the_next(tmp_path):
    (tmp_path / ".work").mkdir()
    (tmp_path / ".work" / "left").write_text("rows")
    (tmp_path / f".clusters.parquet.{'a' * 32}").write_text("half")
    (tmp_path / ".mine").write_text("kept")
    with memory.working_in(tmp_path) as work:
        assert os.listdir(work) == []
    assert [path.name for path in tmp_path.iterdir()] == [".mine"]


def test_by_default_a_run_stays_below_what_its_machine_or_group_allows():
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < memory.allowed() <= 0.8 * machine


@linux
def test_a_small_process_of_a_large_one_tells_its_own_peak():
    own = "from selaras.engines.linkage import memory; print(memory.told()['peak_memory_mb'])"
    large = np.ones(600 * MEGA, dtype=np.uint8)
    said = subprocess.run([sys.executable, "-c", own], capture_output=True, text=True, check=True)
    assert float(said.stdout) < 400 < large.nbytes / MEGA
