"""The command: one line in, a folder of files out; says what is wrong in one sentence."""

from pathlib import Path

from click.testing import CliRunner

from selaras.doors.cli.samples import samples
from selaras.samples import places
from selaras.samples.nation import LARGEST


def test_the_command_writes_a_nation(tmp_path: Path) -> None:
    result = CliRunner().invoke(samples, ["--people", "1000", "--seed", "2", "--out", str(tmp_path / "n"), "--messy"])
    assert result.exit_code == 0, result.output
    assert "Persons behind them" in result.output and "1,000" in result.output
    assert {"s.parquet", "truth.parquet", "peduliwni_export.csv"} <= {path.name for path in (tmp_path / "n").iterdir()}


def test_the_command_says_what_is_missing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(places, "VENDOR", tmp_path)
    places.areas.cache_clear()
    try:
        result = CliRunner().invoke(samples, ["--people", "1000", "--out", str(tmp_path / "n")])
    finally:
        places.areas.cache_clear()
    assert result.exit_code == 1 and "assets step" in result.output and "Traceback" not in result.output


def test_the_command_refuses_too_many(tmp_path: Path) -> None:
    result = CliRunner().invoke(samples, ["--people", str(LARGEST + 1), "--out", str(tmp_path)])
    assert result.exit_code == 2 and str(LARGEST) in result.output
