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
        ("gone.csv", None, "There is no file gone.csv."),
        ("empty.csv", b"", "The file empty.csv is empty."),
        ("odd.csv", b"a,b\n1,2\n", "no column for name and row_id"),
        ("half.parquet", b"PAR1 cut in the middle", "The file half.parquet cannot be read"),
    ],
)
def test_bad_input_is_one_clear_sentence(files, name, content, sentence):
    if content is not None:
        (files / name).write_bytes(content)
    said = CliRunner().invoke(link, [str(files / "S.parquet"), str(files / name), "--out", str(files / "out")])
    assert said.exit_code == 1
    assert sentence in said.output
    assert "Traceback" not in said.output
    assert not (files / "out" / "run.json").exists()


def test_a_refusal_quotes_no_row(files):
    (files / "ragged.csv").write_text("row_id,name\n1,SITI\n2,SITI,3212044505900001,extra\n")
    said = CliRunner().invoke(link, [str(files / "ragged.csv"), "--out", str(files / "out")])
    assert said.exit_code == 1
    assert "ragged.csv cannot be read" in said.output
    assert "3212044505900001" not in said.output + str(said.exception.__cause__)
