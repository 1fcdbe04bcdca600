"""The further registers: whose rows they hold, what they leave out, and the faults that belong to each."""

import filecmp
from pathlib import Path

import polars as pl
import pytest

from selaras.engines.reading import load_layouts
from selaras.samples.further import HEADINGS
from selaras.samples.movements import LOST
from selaras.samples.nation import make_nation

PEOPLE, SEED = 6_000, 5
FURTHER = ("imigrasi", "bpjs", "dukcapil", "gtog")
Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("further")
    counts = make_nation(PEOPLE, SEED, out, messy=True, registers=True)
    assert all(counts[name] > 0 for name in FURTHER)
    return out


@pytest.fixture(scope="module")
def further(whole: Path) -> Tables:
    names = (*FURTHER, "further_truth", "persons", "returns", "returns_truth", "truth")
    return {name: pl.read_parquet(whole / f"{name}.parquet") for name in names}


def _true(further: Tables, name: str) -> pl.DataFrame:
    rows = further[name]
    truth = further["further_truth"].rename({"rec_id": rows.columns[0]})
    return rows.join(truth, on=rows.columns[0]).join(further["persons"], on="person_id", suffix="_true")


def test_the_two_registers_are_the_same_without_the_others(whole: Path, tmp_path: Path) -> None:
    make_nation(PEOPLE, SEED, tmp_path)
    same, other, _ = filecmp.cmpfiles(whole, tmp_path, ["s.parquet", "p.parquet", "truth.parquet", "persons.parquet"], shallow=False)
    assert len(same) == 4 and other == []


def test_the_same_seed_gives_the_same_further_registers(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_nation(1_000, 3, tmp_path / name, registers=True)
    names = [f"{name}.parquet" for name in (*FURTHER, "further_truth", "returns")]
    same, _, _ = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", names, shallow=False)
    assert sorted(same) == sorted(names)


def test_every_row_has_one_person_and_strangers_are_among_them(further: Tables) -> None:
    truth = further["further_truth"]
    assert sorted(truth["rec_id"]) == sorted(row for name in FURTHER for row in further[name].to_series(0))
    assert truth["rec_id"].n_unique() == truth.height
    strangers = truth.filter(pl.col("person_id") >= PEOPLE)
    assert set(strangers["rec_id"].str.slice(0, 1)) == {"I", "D"} and strangers["person_id"].n_unique() > 300
    theirs = further["dukcapil"].join(strangers.rename({"rec_id": "id_petik"}), on="id_petik")["nik"]
    assert not set(theirs) & (set(further["persons"]["nik"]) | set(further["persons"]["second_nik"].drop_nulls()))


def test_the_border_reads_passports_and_knows_no_nik(further: Tables) -> None:
    rows = _true(further, "imigrasi")
    assert not {"nik", "nama_ibu", "kab", "desa"} & set(further["imigrasi"].columns)
    assert (rows["tgl_lahir"] == rows["passport_birth_date"].cast(pl.String)).mean() > 0.99
    assert rows["nama"].str.len_chars().max() == 20 and rows["nama"].str.contains("^[A-Z ]+$").all()
    assert 0.2 < (rows["nama"] != rows["name"]).mean() < 0.9
    assert set(rows["arah"]) == {"KELUAR", "MASUK"} and rows.group_by("person_id").len()["len"].max() > 3
    day = rows["tgl_lintas"].cast(pl.Int32)
    assert not ((day >= LOST[0]) & (day <= LOST[1])).any()


def test_the_population_register_is_clean(further: Tables) -> None:
    rows = _true(further, "dukcapil")
    assert (rows["nik"] == rows["nik_true"]).all() and (rows["tgl_lahir"] == rows["birth_date"].cast(pl.String)).mean() > 0.99
    assert rows["person_id"].n_unique() == rows.height
    dead = rows.filter(pl.col("status") == "MENINGGAL")
    assert 0 < dead.height < rows.height / 50 and (dead["tgl_status"] > dead["ended_on"]).all()


def test_members_are_typed_and_rosters_are_tidy(further: Tables) -> None:
    members, roster = _true(further, "bpjs"), _true(further, "gtog")
    assert 0.85 < (members["nik"] == members["nik_true"]).mean() < 0.97
    assert (roster["nik"] == roster["nik_true"]).mean() > 0.97 and (roster["nama"] == roster["name"]).mean() > 0.9
    assert set(roster["program"]) <= {"EPS-TOPIK KOREA", "IJEPA JEPANG", "TRIPLE WIN JERMAN"}
    assert (members["akhir"] > members["mulai"]).all()


def test_arrivals_are_typed_in_the_hall(further: Tables) -> None:
    rows = further["returns"].join(further["returns_truth"], left_on="row_id", right_on="rec_id")
    assert rows["nik"].is_null().mean() > 0.5 and (rows["person_id"] >= PEOPLE).any()
    deported = rows.filter(pl.col("cause") == "DEPORTASI")
    assert deported["passport"].str.starts_with("SP").mean() > 0.6
    assert rows.filter(pl.col("cause") != "DEPORTASI")["passport"].str.starts_with("SP").mean() < 0.2


@pytest.mark.parametrize("name", FURTHER)
def test_exports_have_the_headings_of_their_layouts(whole: Path, further: Tables, name: str) -> None:
    export = pl.read_csv(whole / f"{name}_export.csv", infer_schema=False)
    assert export.height == further[name].height and tuple(export.columns) == tuple(HEADINGS[name].values())
    layout = load_layouts()[name]
    assert None not in [layout.mapping(export.columns)[column] for column in layout.columns]
    assert None not in [layout.mapping(further[name].columns)[column] for column in layout.columns]
