"""Doubtful pairs to judge: two small registers are invented and go through `selaras reconcile` until there are enough."""

import os
import subprocess
import sys
from uuid import UUID

from benchmarks.place import as_owner, here, prepare
from selaras.samples.nation import make_nation

PEOPLE = 20_000
OPEN = "select id from reconcile_pair where state = 'open' and decision = 'review'"


def open_pairs(count: int) -> list[UUID]:
    """Give so many pairs that nobody judged, those first that would change most; none when none are wanted."""
    if not count:
        return []
    agreement = ""
    for seed in range(1, 20):
        found = [UUID(str(i)) for (i,) in as_owner(f"{OPEN} order by matters desc, id")]
        if len(found) >= count:
            return found[:count]
        agreement = agreement or prepare()
        folder = here() / "registers" / str(seed)
        if (folder / "linked").exists():
            continue
        make_nation(PEOPLE, 7_000 + seed, folder, messy=True)
        exports = [folder / "siskop2mi_export.csv", folder / "peduliwni_export.csv"]
        environment = os.environ | {"SELARAS_VAR": str(here())}
        subprocess.run(
            [sys.executable, "-m", "selaras", "reconcile", *exports, "--agreement", agreement],
            check=True,
            env=environment,
        )
        (folder / "linked").touch()
        as_owner("vacuum analyze")
    raise SystemExit("the registers bring too few doubtful pairs")


if __name__ == "__main__":
    raise SystemExit("this serves the benchmark `web`")
