"""Linkage of encoded registers against linkage in clear, on one folder, and what an attacker gets out of the files.

`python -m benchmarks linkage veiled DATA_DIR [--names N]`; DATA_DIR holds s.parquet, p.parquet and truth.parquet. One
line of JSON for each: clear, veiled, the attack on each register. Encoding, linking and attacking are timed apart.
"""

import argparse
import json
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import polars as pl

from benchmarks.linkage import scoring
from benchmarks.linkage.attack import with_the_key, without_the_key
from selaras.engines.linkage import link_files
from selaras.engines.linkage.files import read_register
from selaras.engines.linkage.veiled.encoding import encode_file
from selaras.engines.linkage.veiled.keyed import Key, make_key
from selaras.engines.linkage.veiled.opening import link_veiled, open_veiled
from selaras.engines.linkage.veiled.rows import VeiledRegister, together

TODAY = datetime.now().astimezone().date()
NAMES = ("s", "p")


class _Clock:
    def __init__(self) -> None:
        self.wall, self.cpu = perf_counter(), process_time()

    def read(self) -> dict[str, float]:
        return {"wall": round(perf_counter() - self.wall, 1), "cpu": round(process_time() - self.cpu, 1)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--names", type=int, default=1000, help="how many names the attacker's list has")
    asked = parser.parse_args()
    rows = scoring.rows_of(asked.data)
    with tempfile.TemporaryDirectory() as area:
        folder = Path(area)
        clock = _Clock()
        clear = link_files([asked.data / f"{name}.parquet" for name in NAMES], folder / "clear", today=TODAY)
        print(json.dumps({"clear": _scored(rows, clear.clusters, folder / "clear") | {"cost": clock.read()}}), flush=True)
        key = make_key(folder / "key")
        clock = _Clock()
        for name in NAMES:
            encode_file(asked.data / f"{name}.parquet", folder / f"{name}.veiled", key, today=TODAY, ids=folder / f"{name}.csv")
        encoding = clock.read()
        clock = _Clock()
        linked = link_veiled([folder / f"{name}.veiled" for name in NAMES], folder / "veiled")
        cost = {"encoding": encoding, "cost": clock.read(), "peak_memory_mb": linked.run["peak_memory_mb"]}
        size = sum((folder / f"{name}.veiled").stat().st_size for name in NAMES)
        own = pl.concat([pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in NAMES])
        clusters = linked.clusters.join(own, left_on="rec_id", right_on="id").select("cluster_id", "valid", rec_id="row_id")
        quality = _scored(rows, clusters, folder / "veiled")
        print(json.dumps({"veiled": quality | cost | {"bytes_a_row": round(size / len(rows))}}), flush=True)
        for name in NAMES:
            print(json.dumps({f"attack on {name}": _attacked(asked.data, folder, name, key, asked.names)}), flush=True)


def _scored(rows: pl.DataFrame, clusters: pl.DataFrame, out: Path) -> dict[str, Any]:
    found = scoring.linked(rows, clusters)
    return scoring.pairwise(found) | scoring.by_intervals(rows, pl.read_csv(out / "headcount.csv"))


def _attacked(data: Path, folder: Path, name: str, key: Key, names: int) -> dict[str, float]:
    # The scoring knows which row is which; the attacker does not, and needs not.
    given, _, _ = read_register(data / f"{name}.parquet", TODAY, None)
    veiled = open_veiled(folder / f"{name}.veiled")
    v = together([_in_order(veiled, given.rows["row_id"], pl.read_csv(folder / f"{name}.csv", infer_schema=False))])
    clock = _Clock()
    found = without_the_key(given, v, names)
    return found | {"with_the_key": with_the_key(key, given, v), "cost": clock.read()["wall"]}


def _in_order(veiled: VeiledRegister, own: pl.Series, ids: pl.DataFrame) -> VeiledRegister:
    """Put the veiled rows into the order of the register's own."""
    place = veiled.rows.with_row_index("at").select("at", id="row_id")
    wanted = own.to_frame("row_id").join(ids, on="row_id", maintain_order="left").join(place, on="id", maintain_order="left")
    at = wanted["at"].to_numpy()
    return VeiledRegister(
        veiled.source, veiled.rows[at], veiled.long[at], veiled.short[at], veiled.flags[at], veiled.grade[at], {}, {}
    )


if __name__ == "__main__":
    main()
