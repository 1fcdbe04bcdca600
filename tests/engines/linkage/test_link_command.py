"""`selaras link` as an officer's analyst runs it."""

import polars as pl
import pytest
from click.testing import CliRunner

from selaras.doors.cli.link import link
from tests.engines.linkage.people import persons, rows_of, table


@pytest.fixture
def files(tmp_path):
    for kind in "SP":
        table([r for p in persons(80, 4) for r in rows_of(p, kind, 4)]).write_parquet(tmp_path / f"{kind}.parquet")
    return tmp_path


def test_two_files_become_persons(files):
    said = CliRunner().invoke(link, [str(files / "S.parquet"), str(files / "P.parquet"), "--out", str(files / "out")])
    assert said.exit_code == 0, said.output
    assert "Persons" in said.output
    assert pl.read_parquet(files / "out" / "clusters.parquet").height > 80


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone.csv", None, "gone.csv: The file is not there"),
        ("empty.csv", b"", "empty.csv: The file is empty."),
        ("odd.csv", b"a,b\n1,2\n3,4\n", "odd.csv: No column"),
        ("half.parquet", b"PAR1 cut in the middle", "half.parquet: The Parquet file"),
    ],
)
def test_bad_input_is_one_clear_sentence(files, name, content, sentence):
    if content is not None:
        (files / name).write_bytes(content)
    said = CliRunner().invoke(link, [str(files / "S.parquet"), str(files / name), "--out", str(files / "out")])
    assert said.exit_code == 1
    assert sentence in said.output
    assert "Traceback" not in said.output and f"{name}: Berkas" in said.output.replace("Tidak ada kolom", "Berkas")
    assert not (files / "out" / "run.json").exists()


def test_a_row_that_cannot_be_read_is_set_aside_and_not_printed(files):
    (files / "ragged.csv").write_text(
        "row_id,name,birth_date\n1,SITI,1990-01-01\n2,SITI,3212044505900001,extra\n3,WATI,1991-02-03\n"
    )
    said = CliRunner().invoke(link, [str(files / "S.parquet"), str(files / "ragged.csv"), "--out", str(files / "out")])
    assert said.exit_code == 0, said.output
    assert "3212044505900001" not in said.output
    aside = (files / "out" / "set_aside_ragged.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(aside) == 2 and aside[1].startswith("3;")


def test_the_owners_own_spellings_of_countries_win(files):
    (files / "countries.csv").write_text("variant,iso3\nTAIWAN,XTW\n")
    said = CliRunner().invoke(link, [str(files / "S.parquet"), str(files / "P.parquet"), "--out", str(files / "out")])
    assert said.exit_code == 0, said.output
    codes = {line.split(",")[0] for line in (files / "out" / "headcount.csv").read_text().splitlines()}
    assert "TWN" not in codes
