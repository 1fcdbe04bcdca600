"""Rows handed over many times, row ids that stand twice, and rows that carry too little to be anybody's."""

import json

import polars as pl
import pytest
from click.testing import CliRunner

from selaras.doors.cli.link import link as command
from selaras.engines.linkage import link, register
from tests.engines.linkage.people import persons, rows_of, table

PLAIN = {"name": "SITI AMINAH", "regency": "INDRAMAYU", "sex": "P"}
RICH = PLAIN | {
    "birth_date": "1990-05-05", "village": "SUKAMAJU", "mother": "WARTINIH BINTI KASAN", "phone": "081234567890",
    "passport": "B7654321",
}  # fmt: skip
NUMBERED = PLAIN | {"birth_date": "1990-05-05", "nik": "3212044505900001"}


@pytest.fixture(scope="module")
def others():
    people = persons(400, 6)
    return [table([r for p in people for r in rows_of(p, kind, 6)]) for kind in "SP"]


def _linked(others, rows, judged=()):
    more = pl.DataFrame([{"row_id": f"X{at:06}"} | row for at, row in enumerate(rows)])
    missing = [pl.lit(None, pl.String).alias(name) for name in others[0].columns if name not in more.columns]
    first = pl.concat([others[0], more.with_columns(missing).select(others[0].columns)], how="vertical_relaxed")
    linkage = link([register(first, "S"), register(others[1], "P")], judged)
    return linkage.clusters.filter(pl.col("rec_id").str.starts_with("X"))


@pytest.mark.parametrize("row", [RICH, NUMBERED], ids=["rich", "numbered"])
def test_a_row_delivered_two_thousand_times_is_one_person(others, row):
    own = _linked(others, [row] * 2_000)
    assert own["cluster_id"].n_unique() == 1 and own["valid"].all()


def test_rows_that_carry_too_little_stay_apart_however_many_they_are(others):
    assert _linked(others, [PLAIN] * 2_000)["cluster_id"].n_unique() == 2_000


def test_two_persons_delivered_many_times_stay_two(others):
    other = RICH | {"name": "DEWI SARTIKA", "birth_date": "1971-11-12", "passport": "C1112223", "phone": "081999888777"}
    own = _linked(others, [RICH, other] * 300)
    sizes = own.group_by("cluster_id").len()["len"].to_list()
    assert sizes == [300, 300]


def test_what_officers_judged_holds_in_a_crowd_too(others):
    own = _linked(others, [RICH] * 40, judged=[("X000000", "X000001", "different")])
    owner = dict(own.select("rec_id", "cluster_id").iter_rows())
    assert owner["X000000"] != owner["X000001"]


@pytest.fixture
def files(tmp_path):
    for kind in "SP":
        table([r for p in persons(80, 4) for r in rows_of(p, kind, 4)]).write_parquet(tmp_path / f"{kind}.parquet")
    return tmp_path


def _run(files, *options):
    said = CliRunner().invoke(command, [str(files / "S.parquet"), str(files / "P.parquet"), "--out", str(files / "out"), *options])
    assert said.exit_code == 0, said.output
    return pl.read_parquet(files / "out" / "clusters.parquet"), json.loads((files / "out" / "run.json").read_text())


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_of_rows_with_one_id_the_last_wins_and_the_others_are_counted(files, form):
    rows = pl.read_parquet(files / "S.parquet")
    again = rows.head(3).with_columns(name=pl.lit("NAMA LAIN SEKALI"))
    twice = pl.concat([rows, again])
    if form == "parquet":
        twice.write_parquet(files / "S.parquet")
    else:
        twice.write_csv(files / "S.csv")
        (files / "S.parquet").unlink()
        (files / "S.csv").rename(files / "S.parquet")
    clusters, run = _run(files)
    assert clusters.height == rows.height + pl.read_parquet(files / "P.parquet").height == clusters["rec_id"].n_unique()
    assert run["faults"]["S"]["row.id_again"] == 3


def test_rows_without_an_id_are_left_out_and_counted(files):
    rows = pl.read_parquet(files / "S.parquet")
    bare = rows.head(2).with_columns(row_id=pl.lit(None, pl.String))
    pl.concat([rows, bare]).write_parquet(files / "S.parquet")
    clusters, run = _run(files)
    assert run["faults"]["S"]["row.no_id"] == 2 and not (clusters["rec_id"] == "").any()


def test_two_files_that_count_their_rows_alike_are_told_apart(files):
    own, _ = _run(files)
    for kind in "SP":
        rows = pl.read_parquet(files / f"{kind}.parquet")
        rows.with_columns(row_id=pl.int_range(1, pl.len() + 1).cast(pl.String)).write_parquet(files / f"{kind}.parquet")
    clusters, _ = _run(files)
    assert set(clusters["rec_id"].str.slice(0, 2)) == {"S:", "P:"} and clusters["rec_id"].n_unique() == clusters.height
    assert clusters["cluster_id"].n_unique() == own["cluster_id"].n_unique()
