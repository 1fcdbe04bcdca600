"""`selaras link` as an officer's analyst runs it."""

import errno

import polars as pl
import pytest
from click.testing import CliRunner

from selaras.doors.cli import disk
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


def test_a_run_is_kept_and_a_delivery_added_to_it(files):
    key, index = files / "key", files / "index"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    table(rows_of(persons(81, 4)[80], "S", 4)).write_parquet(files / "today.parquet")

    def run(*args):
        return CliRunner().invoke(link, [*map(str, args), "--key-file", str(key), "--out", str(files / "out")])

    said = run(files / "S.parquet", files / "P.parquet", "--index", index)
    assert said.exit_code == 0, said.output
    unnamed = run(files / "today.parquet", "--onto", index)
    assert unnamed.exit_code == 1 and "--as" in unnamed.output and "Traceback" not in unnamed.output
    said = run(files / "today.parquet", "--onto", index, "--as", "S", "--headcount")
    assert said.exit_code == 0 and "Persons new" in said.output, said.output
    changed = pl.read_parquet(files / "out" / "clusters.parquet")
    assert changed.columns == ["rec_id", "cluster_id", "valid"] and "S000800" in changed["rec_id"]
    assert pl.read_parquet(files / "out" / "events.parquet")["event"].to_list() == ["new"]
    assert (files / "out" / "headcount.csv").exists()


def test_a_kept_run_asks_for_its_key(files):
    key = files / "key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o644)
    arguments = [str(files / "S.parquet"), "--index", str(files / "index"), "--out", str(files / "out")]
    assert "--key-file" in CliRunner().invoke(link, arguments).output
    said = CliRunner().invoke(link, [*arguments, "--key-file", str(key)])
    assert said.exit_code == 1 and "chmod 600" in said.output
    key.chmod(0o600)
    said = CliRunner().invoke(link, [*arguments[1:], "--onto", str(files / "index"), "--key-file", str(key)])
    assert said.exit_code == 2
    said = CliRunner().invoke(link, [arguments[0], *arguments[3:], "--onto", str(files / "none"), "--key-file", str(key)])
    assert said.exit_code == 1 and "There is no index" in said.output and not (files / "none").exists()


def test_a_folder_that_cannot_be_made_is_named_and_not_the_results(files):
    (files / "note.txt").write_text("a file, no folder")
    for option, other in (("--out", []), ("--index", ["--out", str(files / "out")])):
        key = files / "key"
        key.write_bytes(b"k" * 32)
        key.chmod(0o600)
        place = files / "note.txt" / "kept"
        named = [str(files / "S.parquet"), option, str(place), "--key-file", str(key), *other]
        said = CliRunner().invoke(link, named)
        assert said.exit_code == 1 and "Traceback" not in said.output
        assert f"Error: {place}: Not a directory." in said.output.replace("\n", "")


def test_where_the_system_names_no_file_the_results_are_named(tmp_path):
    full = OSError(errno.ENOSPC, "No space left on device")
    assert disk.refused(full, tmp_path).message == f"The results cannot be written to {tmp_path}: No space left on device."
    gone = FileNotFoundError(errno.ENOENT, "No such file or directory", str(tmp_path / "kept"))
    assert disk.refused(gone, tmp_path).message == f"{tmp_path / 'kept'}: No such file or directory."
