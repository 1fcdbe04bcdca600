"""What a work took from disk is taken beside the next one of its name; a note that cannot be read costs nothing but time."""

import os
import subprocess
import sys

import pytest

from selaras.engines.linkage import waking

SOURCE = """
import sys
import numpy as np
from selaras.engines.linkage import waking
from selaras.engines.linkage.compiled import LOOPS
from selaras.engines.linkage.mixing import mix
with waking.awake("mixing") as woken:
    woken()
    before = sum(LOOPS["selaras.engines.linkage.mixing._mix_in"].stats.cache_hits.values())
    mix(np.arange(3))
print(before, len(waking._noted("mixing")))
"""


def run(folder):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", SOURCE], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return tuple(map(int, done.stdout.split()))


def test_the_third_work_of_a_name_finds_its_loops_awake(tmp_path):
    assert run(tmp_path) == (0, 0), "the first one compiles them"
    assert run(tmp_path) == (0, 2), "the second one takes them when it calls them, and notes that"
    assert run(tmp_path) == (1, 2)
    note = next(tmp_path.glob("compiled-*/mixing.loops"))
    note.write_bytes(b"no note")
    assert run(tmp_path) == (0, 2)


def test_work_that_fails_notes_nothing(monkeypatch):
    noted = []
    monkeypatch.setattr(waking, "_note", noted.append)
    with pytest.raises(KeyError), waking.awake("failing") as woken:
        woken()
        raise KeyError
    assert not noted
