"""Doubtful pairs to judge: two registers are invented and go through `selaras reconcile`, which queues what it doubts."""

import os
import subprocess
import sys
from uuid import UUID

from benchmarks.place import as_owner, here, prepare
from selaras.samples.nation import make_nation

PEOPLE = 40_000  # about three doubtful pairs in a hundred people
SEED = 7_001
OPEN = "select id from reconcile_pair where state = 'open' and decision = 'review' order by matters desc, id"


def open_pairs(count: int) -> list[UUID]:
    """Give so many pairs that nobody judged, those first that would change most; none when none are wanted.

    The registers are taken in once: a second nation has rows of the same names, and would change the people of the first.
    """
    if not count:
        return []
    folder = here() / "registers" / str(PEOPLE)
    if len(found := as_owner(OPEN)) < count and not (folder / "linked").exists():
        agreement = prepare()
        make_nation(PEOPLE, SEED, folder, messy=True)
        exports = [folder / "siskop2mi_export.csv", folder / "peduliwni_export.csv"]
        environment = os.environ | {"SELARAS_VAR": str(here())}
        subprocess.run(
            [sys.executable, "-m", "selaras", "reconcile", *exports, "--agreement", agreement],
            check=True,
            env=environment,
        )
        (folder / "linked").touch()
        as_owner("vacuum analyze")
        found = as_owner(OPEN)
    if len(found) < count:
        raise SystemExit(f"{len(found)} doubtful pairs are left, {count} are wanted: ask for fewer with --pairs, or begin a new copy")
    return [UUID(str(i)) for (i,) in found[:count]]


if __name__ == "__main__":
    raise SystemExit("this serves the benchmark `web`")
