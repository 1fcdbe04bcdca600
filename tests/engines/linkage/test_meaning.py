"""What a row means for where a person is: a registration is no return, a crossing beats it, and whoever died is nowhere."""

from datetime import date

import polars as pl
import pytest

from selaras.engines.linkage import headcount, link
from selaras.engines.linkage.files import link_files
from selaras.engines.linkage.meaning import ABROAD, DEAD, HOME, NOTHING, kind_of, meanings, rank_of
from selaras.engines.linkage.registers import register
from selaras.engines.reading import load_layouts
from tests.engines.linkage.people import persons, rows_of, table

TODAY = date(2026, 11, 21)


def kinds(event, words):
    cells = pl.Series(words, dtype=pl.String)
    return kind_of(meanings(event, cells, cells)).tolist()


def test_each_event_means_something_else():
    words = ["KELUAR", "masuk", "MENINGGAL", "DEPORTASI", None]
    assert kinds("registration", words) == kinds("report", words) == kinds("departure", words) == [ABROAD] * 5
    assert kinds("crossing", words) == [ABROAD, HOME, NOTHING, NOTHING, NOTHING]
    assert kinds("return", words) == [HOME, HOME, DEAD, HOME, HOME]
    assert kinds("population", words) == [NOTHING, NOTHING, DEAD, NOTHING, NOTHING]


def test_of_one_day_what_was_seen_beats_what_was_told():
    empty = pl.Series(["KELUAR"])
    ranks = [int(rank_of(meanings(event, empty, empty))[0]) for event in ("registration", "report", "departure", "return", "crossing")]
    assert ranks == sorted(ranks) and len(set(ranks)) == 5


def _count(rows, as_of=None):
    """Count one woman who has a row in each named register: (register, day, country, word)."""
    woman = {"nik": "3212014203900001", "name": "SITI NURHAYATI", "birth_date": "1990-03-02", "passport": "C1234567", "mother": "SUTINI"}
    given = []
    for n, (source, day, country, word) in enumerate(rows):
        row = woman | {"row_id": f"{source}{n}", "event_date": day, "country": country, "status": word, "cause": word}
        given.append(register(pl.DataFrame([row]), f"{source}{n}", "canonical", kept=load_layouts()[source]))
    linkage = link(given)
    assert linkage.clusters["cluster_id"].n_unique() == 1
    asked = [headcount(given, linkage, as_of, still_there=there) for there in (False, True)]
    return [{iso3: round(n) for iso3, n in found.select("iso3", "expected").iter_rows() if round(n)} for found in asked]


PLACED = ("siskop2mi", "2020-01-05", "TAIWAN", None)


@pytest.mark.parametrize(
    ("rows", "last_known", "still_there"),
    [
        ([PLACED], {"TWN": 1}, {"TWN": 1}),
        ([PLACED, ("dukcapil", "2026-01-01", None, "HIDUP")], {"TWN": 1}, {"TWN": 1}),
        ([("dukcapil", "2026-01-01", None, "HIDUP")], {}, {}),
        ([PLACED, ("dukcapil", "2021-01-01", None, "MENINGGAL")], {"TWN": 1}, {}),
        ([PLACED, ("returns", "2022-02-02", "TAIWAN", "SELESAI KONTRAK")], {"TWN": 1}, {}),
        ([PLACED, ("returns", "2019-02-02", "MALAYSIA", "DEPORTASI")], {"TWN": 1}, {"TWN": 1}),
        ([PLACED, ("imigrasi", "2022-02-02", "TAIWAN", "MASUK")], {"TWN": 1}, {}),
        ([PLACED, ("imigrasi", "2020-01-05", "MALAYSIA", "KELUAR")], {"MYS": 1}, {"MYS": 1}),
        ([PLACED, ("imigrasi", "2021-01-05", "TAIWAN", "MASUK"), ("imigrasi", "2021-02-05", "HONG KONG", "KELUAR")], {"HKG": 1}, {"HKG": 1}),
        ([PLACED, ("imigrasi", "2021-02-05", "HONG KONG", None)], {"TWN": 1}, {"TWN": 1}),
        ([PLACED, ("returns", "2021-01-05", "TAIWAN", "MENINGGAL DUNIA"), ("peduliwni", "2021-03-01", "TAIWAN", None)], {"TWN": 1}, {}),
        ([PLACED, ("gtog", "2020-01-05", "KOREA SELATAN", None), ("bpjs", "2020-01-05", "JEPANG", None)], {"KOR": 1}, {"KOR": 1}),
    ],
)  # fmt: skip
def test_a_person_is_counted_by_what_her_rows_mean(rows, last_known, still_there):
    assert _count(rows) == [last_known, still_there]


def test_before_she_came_home_she_was_there():
    rows = [PLACED, ("returns", "2022-02-02", "TAIWAN", "CUTI")]
    assert _count(rows, date(2021, 1, 1)) == [{"TWN": 1}, {"TWN": 1}]


def test_files_of_three_registers_give_both_figures(tmp_path):
    people = persons(150, 3)
    placed = table([r for p in people for r in rows_of(p, "S", 3)])
    told = table([r for p in people[:80] for r in rows_of(p, "P", 3)])
    home = placed.select(
        pl.lit("R").add(pl.col("row_id")).alias("ID Kepulangan"), pl.col("nik").alias("NIK"), pl.col("passport").alias("No. Paspor"),
        pl.col("name").alias("Nama"), pl.col("birth_date").alias("Tanggal Lahir"), pl.col("country").alias("Negara"),
        pl.lit("2026-01-01").alias("Tanggal Pulang"), pl.lit("SELESAI KONTRAK").alias("Sebab"),
    ).unique("NIK", keep="first", maintain_order=True).head(60)  # fmt: skip
    for name, rows in (("s", placed), ("p", told), ("pulang", home)):
        rows.write_parquet(tmp_path / f"{name}.parquet")
    paths = [tmp_path / f"{name}.parquet" for name in ("s", "p", "pulang")]
    linkage = link_files(paths, tmp_path / "out", today=TODAY)
    known = pl.read_csv(tmp_path / "out" / "headcount.csv")["expected"].sum()
    there = pl.read_csv(tmp_path / "out" / "not_returned.csv")["expected"].sum()
    assert known == pytest.approx(150, abs=4) and there == pytest.approx(90, abs=4)
    assert linkage.run["counts"]["rows"]["pulang"] == 60
