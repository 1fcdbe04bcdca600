"""Memory: what is let go goes back to the system, and the registers do not outlive their coding."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from selaras.engines.linkage import register
from selaras.engines.linkage.columns import encode
from selaras.engines.linkage.memory import give_back
from tests.engines.linkage.people import persons, rows_of, table

MEGA = 1 << 20


def _held():
    """Memory of this process's own, in bytes."""
    resident, shared = (int(n) for n in Path("/proc/self/statm").read_text().split()[1:3])
    return (resident - shared) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells what a process holds")
def test_arrays_that_are_let_go_leave_no_holes():
    give_back()
    # A freed large array is what makes the C library keep the next ones.
    np.ones(24 * MEGA, dtype=np.uint8)
    before = _held()
    arrays = [np.ones(2 * MEGA, dtype=np.uint8) for _ in range(40)]
    assert _held() > before + 70 * MEGA
    del arrays[:-1]
    assert _held() < before + 12 * MEGA


def test_a_register_given_away_is_let_go_and_codes_the_same():
    people = persons(60, 5)
    made = [register(table([r for p in people for r in rows_of(p, name, 5)]), name) for name in ("S", "P")]
    kept = encode(made)
    gone = [weakref.ref(one) for one in made]
    coded = encode(made.pop(0) for _ in range(2))
    gc.collect()
    assert [one() for one in gone] == [None, None]
    assert np.array_equal(coded.rows, kept.rows) and coded.row_id.equals(kept.row_id)
