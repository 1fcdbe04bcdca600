"""`selaras encode` as a ministry runs it on its own premises, and `selaras link` on what it hands over."""

import polars as pl
import pytest
from click.testing import CliRunner

from selaras.doors.cli.encode import encode
from selaras.doors.cli.link import link
from tests.engines.linkage.people import persons, rows_of, table


@pytest.fixture
def files(tmp_path):
    for kind in "SP":
        table([r for p in persons(60, 4) for r in rows_of(p, kind, 4)]).write_csv(tmp_path / f"{kind}.csv")
    return tmp_path


def _encode(files, kind, *options, key="key"):
    args = [files / f"{kind}.csv", "--key-file", files / key, "--out", files / f"{kind}.veiled", *options]
    return CliRunner().invoke(encode, [str(arg) for arg in args])


def _link(files, *names, options=()):
    args = [*(str(files / name) for name in names), "--out", str(files / "out"), *options]
    return CliRunner().invoke(link, args)


def test_two_encoded_files_become_persons_with_ids_that_only_the_sender_can_read(files):
    made = _encode(files, "S", "--new-key", "--ids", str(files / "ids.csv"))
    assert made.exit_code == 0, made.output
    assert _encode(files, "P").exit_code == 0
    said = _link(files, "S.veiled", "P.veiled")
    assert said.exit_code == 0, said.output
    clusters = pl.read_parquet(files / "out" / "clusters.parquet")
    own = pl.read_csv(files / "ids.csv", infer_schema=False)
    assert own["id"].is_in(clusters["rec_id"].to_list()).all()
    assert not own["row_id"].is_in(clusters["rec_id"].to_list()).any()
    assert (files / "ids.csv").stat().st_mode & 0o077 == 0
    # The registers' persons are found: rows of one person are fewer clusters than rows.
    assert clusters["cluster_id"].n_unique() < clusters.height * 0.7


def test_refusals_are_one_sentence_in_both_languages(files):
    assert "key: Berkas kunci tidak ada." in _encode(files, "S").output
    _encode(files, "S", "--new-key")
    assert "key: There is a key in this file already" in _encode(files, "S", "--new-key").output
    _encode(files, "P", "--new-key", key="other")
    said = _link(files, "S.veiled", "P.veiled")
    assert said.exit_code == 1
    assert "P.veiled: This file was encoded with another key than S.veiled" in said.output
    assert "P.veiled: Berkas ini disandikan dengan kunci yang berbeda dari S.veiled" in said.output
    assert "P.csv: This file is not encoded" in _link(files, "S.veiled", "P.csv").output
    kept = _link(files, "S.veiled", options=["--index", str(files / "kept"), "--key-file", str(files / "key")])
    assert "S.veiled: A linkage of encoded files cannot be kept" in kept.output
    assert not (files / "out").exists()
