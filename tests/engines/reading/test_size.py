"""Memory does not grow with the file: a register ten times as large needs no more of it."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.engines.reading.tables import HEADER, people

_PROGRAM = """
import datetime, json, re, sys
from pathlib import Path
from selaras.engines.reading import read, recognise, sniff
path = Path(sys.argv[1])
form = sniff(path)
layout = recognise(form.header)
rows = sum(b.rows.height for b in read(path, form, layout.mapping(form.header), today=datetime.date(2026, 11, 21)))
# not getrusage: its peak is inherited from the process that started this one
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps([rows, int(peak.group(1)) // 1024]))
"""


def peak(path: Path) -> tuple[int, int]:
    """(rows, peak memory in MB) of reading a file in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM, str(path)], check=True, capture_output=True, text=True)
    rows, memory = json.loads(done.stdout)
    return rows, memory


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_memory_is_flat(tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame(people(1000), schema=HEADER, orient="row")
    small, large = tmp_path / f"small.{kind}", tmp_path / f"large.{kind}"
    rows_of = {small: 140_000, large: 1_400_000}
    for path, rows in rows_of.items():
        if kind == "csv":
            with path.open("wb") as file:
                for part in range(rows // 1000):
                    frame.with_columns((pl.lit(f"S{part}-") + pl.col("NO. PASPOR")).alias("ID PMI")).write_csv(
                        file, separator=";", include_header=part == 0
                    )
        else:
            ids = pl.int_range(rows, eager=True).cast(pl.String)
            whole = pl.concat([frame] * (rows // 1000)).with_columns(ids.alias("ID PMI"))
            whole.write_parquet(path, row_group_size=rows)  # one group: the worst case
            del whole
    if kind == "csv":
        assert small.stat().st_size > 18e6
        assert large.stat().st_size > 180e6
    (small_rows, small_peak), (large_rows, large_peak) = peak(small), peak(large)
    assert (small_rows, large_rows) == tuple(rows_of.values())
    print(f"{kind}: {small_peak} MB, {large_peak} MB")
    assert large_peak - small_peak <= 60
