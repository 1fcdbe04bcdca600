"""The real-looking exports give, cell by cell, what the Parquet files beside them hold."""

import os
from pathlib import Path

import polars as pl
import pytest

from selaras.engines.reading import REPAIRED
from tests.engines.reading.tables import read_all

ROOT = Path(__file__).parents[3]
EXPORT = Path(os.environ.get("SELARAS_SHARED", ROOT.parent / "shared")) / "data" / "registers" / "export"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("export", "table"), [("siskop2mi_export.csv", "s.parquet"), ("peduliwni_export.csv", "p.parquet")]
)
def test_an_export_gives_the_cells_of_its_table(export: str, table: str) -> None:
    done, beside = read_all(EXPORT / export), read_all(EXPORT / table)
    assert done.rejects == beside.rejects == []
    assert done.lines == list(range(2, done.rows.height + 2))
    apart = ["line", *(f"raw_{name}" for name in REPAIRED)]
    assert done.rows.drop(apart).equals(beside.rows.drop(apart))
    # and, read by no code of ours: each text cell as it stands in the table, but for what was noted
    plain = pl.read_parquet(EXPORT / table)
    for name, heading in beside.mapping.items():
        if heading is None:
            continue
        cells = plain[heading].cast(pl.String).str.strip_chars()
        got = done.rows[name]
        changed = (got.ne_missing(cells)).sum()
        if name in ("nik", "birth_date"):
            as_handed_over = done.rows[f"raw_{name}"].fill_null(got)
            assert as_handed_over.str.strip_chars().equals(cells, null_equal=True), name
            noted = sum(count for (column, code), count in done.notes.items() if column == name)
            assert changed <= noted
        else:
            assert changed == 0, name
