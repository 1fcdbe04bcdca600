"""The nation: the same by seed, true to the published shares, valid in its numbers, faulty at the stated rates."""

import filecmp
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from stdnum.exceptions import ValidationError
from stdnum.id import nik

from selaras.samples.nation import make_nation, make_world
from selaras.samples.people import CAPACITIES
from selaras.samples.places import areas
from selaras.samples.rates import Rates
from selaras.samples.registers import CITIZENS_COLUMNS, PLACEMENT_COLUMNS
from selaras.samples.world import World
from tests.samples.conftest import PEOPLE

Tables = dict[str, pl.DataFrame]


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        make_nation(1_500, seed, tmp_path / name, messy=True)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == 12
    same, other, _ = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", names, shallow=False)
    assert sorted(same) == names and other == []
    assert (
        pl.read_parquet(tmp_path / "a/s.parquet")["nama"].to_list()
        != pl.read_parquet(tmp_path / "c/s.parquet")["nama"].to_list()
    )


@pytest.mark.parametrize("people", [999, 10_400_001])
def test_a_nation_has_bounds(people: int) -> None:
    with pytest.raises(ValueError, match="people must lie between"):
        make_world(people, 1)


def test_the_form_of_the_files(tables: Tables) -> None:
    assert tuple(tables["s"].columns) == PLACEMENT_COLUMNS and tuple(tables["p"].columns) == CITIZENS_COLUMNS
    text = {name: dtype for name, dtype in tables["s"].schema.items() if name != "tgl_daftar"}
    assert set(text.values()) == {pl.String} and tables["s"].schema["tgl_daftar"] == pl.Date
    assert tables["truth"].schema == {"rec_id": pl.String, "person_id": pl.Int64}
    ids = pl.concat([tables["s"]["id_s"], tables["p"]["id_p"]])
    assert ids.n_unique() == len(ids) and set(ids) == set(tables["truth"]["rec_id"])
    assert tables["s"]["tgl_daftar"].is_sorted() and tables["p"]["tgl_lapor"].is_sorted()


def test_sizes_follow_the_national_registers(tables: Tables) -> None:
    assert tables["s"].height / PEOPLE == pytest.approx(4.67 / 5.197, abs=0.005)
    assert tables["p"].height / PEOPLE == pytest.approx(2.40 / 5.197, abs=0.005)
    truth = tables["truth"].filter(pl.col("person_id") >= 0)
    seen = truth.group_by("person_id").agg(
        s=pl.col("rec_id").str.starts_with("S").any(), p=pl.col("rec_id").str.starts_with("P").any()
    )
    assert seen.height == PEOPLE
    assert (seen["s"] & seen["p"]).mean() == pytest.approx(0.185, abs=0.02)


def test_every_person_is_there_once(tables: Tables) -> None:
    persons = tables["persons"]
    assert sorted(persons["person_id"]) == list(range(PEOPLE))
    assert persons["nik"].n_unique() == PEOPLE
    assert persons.select(pl.struct("name", "birth_date", "mother", "village").n_unique()).item() >= PEOPLE - 2
    second = persons["second_nik"].drop_nulls()
    assert len(second) > 200 and not set(second) & set(persons["nik"])
    assert persons["passport"].n_unique() == PEOPLE


def test_true_niks_are_valid_and_say_birth_and_sex(tables: Tables) -> None:
    districts = set(areas().district)
    refused = 0
    for number, birth, female in tables["persons"].select("nik", "birth_date", "female").head(4_000).iter_rows():
        assert len(number) == 16 and number[:6] in districts and number[12] == "8"
        assert int(number[6:8]) == birth.day + 40 * female and int(number[8:10]) == birth.month
        assert int(number[10:12]) == birth.year % 100
        try:
            nik.validate(number)
        except ValidationError:
            # the library's list of areas is older than the newest regencies
            refused += 1
    assert refused < 40


def test_the_registers_hold_the_nik_or_a_fault_at_the_stated_rate(tables: Tables) -> None:
    rates = Rates()
    for register, column, stated in (("s", "id_s", rates.placement.nik), ("p", "id_p", rates.citizens.nik)):
        rows = (
            tables[register].join(tables["truth"], left_on=column, right_on="rec_id").filter(pl.col("person_id") >= 0)
        )
        rows = rows.join(tables["persons"].select("person_id", "second_nik", true="nik"), on="person_id")
        assert rows["nik"].is_null().mean() == pytest.approx(stated.blank, rel=0.15)
        right = (rows["nik"] == rows["true"]) | (rows["nik"] == rows["second_nik"])
        wrong = 1 - stated.blank - right.fill_null(False).mean()
        faults = stated.placeholder + stated.family_card + stated.other_person + stated.excel
        faults += stated.typo + stated.swapped + stated.fifteen + stated.seventeen
        assert wrong == pytest.approx(faults, rel=0.20)
        lengths = rows["nik"].str.len_chars().value_counts()
        assert {15, 17} <= set(lengths["nik"])
        zeroed = rows.filter(
            pl.col("nik").str.slice(0, 15) == pl.col("true").str.slice(0, 15), pl.col("nik") != pl.col("true")
        )
        assert zeroed.filter(pl.col("nik").str.ends_with("0")).height > 0


def test_true_pairs_are_as_hard_as_in_the_field(pairs: pl.DataFrame) -> None:
    assert pairs.height > 4_000

    def agree(name: str) -> float:
        return (pairs[name] == pairs[f"{name}_p"]).fill_null(False).mean()

    assert agree("nik") == pytest.approx(0.49, abs=0.04)
    assert agree("no_paspor") == pytest.approx(0.41, abs=0.06)
    assert agree("nama") == pytest.approx(0.37, abs=0.05)
    assert agree("tgl_lahir") == pytest.approx(0.89, abs=0.03)
    assert agree("no_hp") == pytest.approx(0.08, abs=0.04)


def test_shares_follow_the_published_figures(tables: Tables) -> None:
    events = tables["events"].filter(pl.col("kind") == "registration").with_columns(y=pl.col("day").dt.year())
    published = {
        2023: {"TWN": 83_216, "MYS": 72_260, "HKG": 65_916, "KOR": 12_580, "JPN": 9_673},
        2024: {"HKG": 99_773, "TWN": 84_581, "MYS": 51_723, "JPN": 12_720, "SGP": 10_819, "KOR": 10_750},
    }
    totals = {2023: 274_965, 2024: 297_434, 2025: 296_948}
    by_year = dict(events["y"].value_counts().iter_rows())
    assert by_year[2024] / by_year[2025] == pytest.approx(totals[2024] / totals[2025], rel=0.06)
    for year, countries in published.items():
        mine = events.filter(pl.col("y") == year)
        for iso, number in countries.items():
            assert (mine["iso3"] == iso).mean() == pytest.approx(number / totals[year], abs=0.025), (year, iso)
    women = events.join(tables["persons"].select("person_id", "female"), on="person_id")
    for year, share in ((2011, 0.642), (2021, 0.879), (2025, 0.631)):
        assert women.filter(pl.col("y") == year)["female"].mean() == pytest.approx(share, abs=0.06), year


def test_origins_follow_the_published_figures(tables: Tables) -> None:
    workers = tables["persons"].filter("registered")
    province = workers["regency"].str.slice(0, 2)
    cumulative = {"35": 1_200_751, "32": 1_136_741, "33": 1_131_058, "52": 614_815, "18": 261_328}
    for code, number in cumulative.items():
        assert (province == code).mean() == pytest.approx(number / 5_166_900, abs=0.035), code
    top = workers["regency"].value_counts(sort=True)["regency"].to_list()
    assert top[0] == "3212" and {"3301", "3209", "5203"} <= set(top[:6])


def test_siti_is_as_frequent_as_in_life_and_villages_are_real(tables: Tables) -> None:
    persons = tables["persons"]
    assert persons["name"].str.contains(r"\b(?:SITI|SITTI|ST)\b").mean() == pytest.approx(0.085, abs=0.02)
    assert set(persons["village"]) <= set(areas().village)
    assert (persons["village"].str.slice(0, 6) == persons["district"]).mean() > 0.995


def test_families(world: World, tables: Tables) -> None:
    people, names, mothers = world.nation.people, world.nation.names, world.nation.mothers
    twins = tables["persons"].filter("twin")
    assert 60 < twins.height < 200
    brothers = np.flatnonzero(people.sibling >= 0)
    assert (mothers[brothers] == mothers[people.sibling[brothers]]).all()
    pair = brothers[people.twin[brothers]]
    other = people.sibling[pair]
    assert (people.birth[pair] == people.birth[other]).all()
    assert (world.nation.papers.nik[pair] // 10_000 == world.nation.papers.nik[other] // 10_000).all()
    children = np.flatnonzero((people.mother >= 0) & (people.capacity == CAPACITIES.index("child")))
    assert len(children) > 200
    assert (mothers[children] == names[people.mother[children]]).all()
    assert people.female[people.mother[children]].all()
    gap = (people.birth[children] - people.birth[people.mother[children]]) / 365.25
    assert gap.min() > 16 and gap.max() < 45


def test_events_come_in_order_and_ends_have_causes(tables: Tables) -> None:
    events, persons = tables["events"], tables["persons"]
    assert set(events["kind"]) == {"registration", "departure", "lapor_diri", "return", "death"}
    assert (
        events["day"].max() == persons.select(pl.max_horizontal(pl.col("since", "last_known", "ended_on").max())).item()
    )
    assert len(set(persons["end_cause"].drop_nulls())) == 9
    assert (persons["ended_on"].is_null() == persons["abroad"]).all()
    late = persons.filter(pl.col("ended_on") < pl.col("last_known"))
    assert late.height == 0
    deaths = events.filter(pl.col("kind") == "death").height * 5_197_213 / PEOPLE
    assert 2_000 < deaths < 16_000  # a few hundred a year over nineteen years


def test_reported_returns_are_true(tables: Tables) -> None:
    returns = (
        tables["returns"]
        .join(tables["returns_truth"], left_on="row_id", right_on="rec_id")
        .join(tables["persons"], on="person_id", suffix="_true")
    )
    assert returns.height > 4_000 and not returns["abroad"].any()
    assert (returns["event_date"] == returns["ended_on"]).all()
    assert (returns["nik"] == returns["nik_true"]).drop_nulls().mean() > 0.97
    assert returns["passport"].is_null().mean() == pytest.approx(0.18, abs=0.03)


def test_rates_are_parameters() -> None:
    calm = Rates(workers_with_false_age=0.0, persons_with_second_nik=0.0, passports_with_fathers_name=0.0)
    world = make_world(2_000, 5, calm)
    assert (world.nation.papers.false_birth == world.nation.people.birth).all()
    assert not world.nation.papers.second_nik.any() and not world.nation.papers.fathers_name.any()
    wild = make_world(2_000, 5, Rates(workers_with_false_age=0.5))
    assert (wild.nation.papers.false_birth != wild.nation.people.birth).mean() > 0.3
