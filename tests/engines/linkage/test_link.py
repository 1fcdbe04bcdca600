"""Linking small registers: the same person found, others kept apart, bad input survived."""

import json
import random
from datetime import date

import polars as pl
import pytest

from selaras.engines.linkage import REASON_CODES, UnknownLayout, headcount, link, link_files, reasons, register
from selaras.engines.linkage.levels import NAME_EQUAL, NAME_PHONETIC
from selaras.engines.linkage.linking import MOST_REGISTERS
from selaras.engines.linkage.model import VERSION
from tests.engines.linkage.people import persons as invented
from tests.engines.linkage.people import rows_of, table

SMALL = 300


def two_registers(count=SMALL, seed=1):
    people = invented(count, seed)
    s = register(table([r for p in people[: count * 2 // 3] for r in rows_of(p, "S", seed)]), "s")
    p = register(table([r for p in people[count // 3 :] for r in rows_of(p, "P", seed)]), "p")
    return s, p


def same_person(clusters):
    groups = clusters.group_by("cluster_id").agg("rec_id")["rec_id"].to_list()
    return {frozenset(group) for group in groups}


def test_each_person_of_two_registers_is_found_once():
    s, p = two_registers()
    linkage = link([s, p])
    truth = {}
    for rec_id in linkage.clusters["rec_id"]:
        truth.setdefault(rec_id[1:6], set()).add(rec_id)
    expected = {frozenset(rows) for rows in truth.values()}
    found = same_person(linkage.clusters)
    assert len(found & expected) / len(expected) > 0.97
    for row in linkage.clusters.iter_rows(named=True):
        assert row["cluster_id"] <= row["rec_id"]


def test_the_same_input_gives_the_same_output():
    one, two = link(two_registers()), link(two_registers())
    assert one.clusters.equals(two.clusters)
    assert one.pairs.equals(two.pairs)
    assert one.model == two.model


def test_a_saved_model_scores_as_the_learnt_one():
    registers = two_registers()
    learnt = link(registers)
    again = link(registers, model=json.loads(json.dumps(learnt.model)))
    assert again.clusters.equals(learnt.clusters)
    assert again.pairs["weight"].to_list() == pytest.approx(learnt.pairs["weight"].to_list(), abs=1e-4)


def test_a_judgement_is_held_to():
    registers = two_registers()
    free = link(registers)
    linked = free.pairs.filter(pl.col("joined") & (pl.col("weight") > 3)).row(0, named=True)
    strangers = (registers[0].rows["row_id"][0], registers[1].rows["row_id"][-1])
    assert strangers[0][1:6] != strangers[1][1:6]
    judged = [(linked["left"], linked["right"], "different"), (*strangers, "same")]
    owner = dict(link(registers, judged=judged).clusters.select("rec_id", "cluster_id").iter_rows())
    assert owner[linked["left"]] != owner[linked["right"]]
    assert owner[strangers[0]] == owner[strangers[1]]


def test_judgements_keep_the_candidates_in_order_and_each_holds():
    s, p = two_registers()
    free = link([s, p])
    ids = [*s.rows["row_id"], *p.rows["row_id"]]
    rng = random.Random(4)
    judged = [(*rng.sample(ids, 2), rng.choice(["same", "different", "unsure"])) for _ in range(60)]
    judged += [(row["left"], row["right"], "different") for row in free.pairs.head(20).iter_rows(named=True)]
    judged += [("nobody knows it", ids[0], "same"), (ids[0], ids[0], "different")]
    held = link([s, p], judged=judged).pairs.filter("judged")
    said = {frozenset(pair[:2]): pair[2] for pair in judged if pair[2] != "unsure"}
    found = {frozenset((row["left"], row["right"])): row["probability"] for row in held.iter_rows(named=True)}
    known = {pair: verdict for pair, verdict in said.items() if len(pair) == 2 and pair <= set(ids)}
    assert found == {pair: float(verdict == "same") for pair, verdict in known.items()}


def test_too_many_registers_are_refused_and_not_mixed_up():
    few = [register(table([row | {"row_id": f"{n}{row['row_id']}"}]), f"r{n}")
           for n in range(MOST_REGISTERS + 1) for row in rows_of(invented(1, 1)[0], "S", 1)[:1]]  # fmt: skip
    assert link(few[:-1]).clusters["cluster_id"].n_unique() < 20
    with pytest.raises(ValueError, match="too many"):
        link(few)


def test_names_of_other_scripts_are_not_all_one():
    rows = [{"row_id": f"{n}", "name": name, "birth_date": "1990-05-04", "regency": "BLITAR", "sex": "P"}
            for n, name in enumerate(["王伟明张", "李娜丽陈"])]  # fmt: skip
    pairs = link([register(table(rows), "s")]).pairs
    assert not pairs["joined"].any()
    assert not pairs["name"].is_in([NAME_EQUAL, NAME_PHONETIC]).any()


def test_reasons_add_up_to_the_weight():
    linkage = link(two_registers())
    for row in linkage.pairs.head(20).iter_rows(named=True):
        said = reasons(row, linkage.model)
        assert {reason.code for reason in said} <= set(REASON_CODES)
        assert sum(reason.weight for reason in said) == pytest.approx(row["weight"], abs=1e-3)


def test_twins_with_neighbouring_niks_stay_two_persons():
    twins = [
        {"row_id": f"{source}{n}", "nik": f"321204450590000{n}", "name": name, "birth_date": "1990-05-05", "sex": "P",
         "mother": "SUKINEM", "regency": "INDRAMAYU", "village": "SUKAMAJU", "country": "TAIWAN", "event_date": "2020-01-01"}
        for source in "SP" for n, name in ((1, "SITI RATNASARI"), (2, "SITI KURNIASIH"))
    ]  # fmt: skip
    owner = dict(
        link([register(table(twins[:2]), "s"), register(table(twins[2:]), "p")])
        .clusters.select("rec_id", "cluster_id")
        .iter_rows()
    )
    assert owner["S1"] == owner["P1"] != owner["S2"] == owner["P2"]


def test_headcount_counts_each_person_once_at_her_latest_country():
    rows = [
        {"row_id": "S1", "nik": "3212044505900001", "name": "SITI RATNASARI", "birth_date": "1990-05-05", "country": "TAIWAN",
         "passport": "B1234568", "event_date": "2018-01-01"},
        {"row_id": "S2", "nik": "3212044505900001", "name": "SITI RATNASARI", "birth_date": "1990-05-05", "country": "RRT",
         "passport": "B1234568", "event_date": "2021-01-01"},
        {"row_id": "S3", "nik": "3502011203850003", "name": "BAGUS HARTONO", "birth_date": "1985-03-12", "country": "ATLANTIS",
         "event_date": "2020-01-01"},
        {"row_id": "S4", "name": "TEST", "country": "MLY", "event_date": "2020-01-01"},
    ]  # fmt: skip
    registers = [register(table(rows), "s")]
    linkage = link(registers)
    count = {row["iso3"]: row for row in headcount(registers, linkage).iter_rows(named=True)}
    assert count["CHN"]["expected"] == pytest.approx(1, abs=0.05)
    assert count["XXX"]["expected"] == pytest.approx(1, abs=0.05)
    assert count.get("TWN", {"expected": 0})["expected"] < 0.05
    assert "MYS" not in count
    assert registers[0].faults["country.unknown:ATLANTIS"] == 1
    before = {r["iso3"]: r["expected"] for r in headcount(registers, linkage, date(2019, 1, 1)).iter_rows(named=True)}
    assert before["TWN"] == pytest.approx(1, abs=0.05)
    assert "CHN" not in before
    assert all(row["low"] <= row["expected"] <= row["high"] for row in count.values())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: [{**r, "nik": None} for r in rows],
        lambda rows: [{**r, "birth_date": "1990-01-01"} for r in rows],
        lambda rows: [{**r, "nik": "3212044505900001"} for r in rows],
        lambda rows: [{**r, "name": "SITI AMINAH"} for r in rows],
        lambda rows: [{**r, "name": "🙂 محمد علي " + str(i)} for i, r in enumerate(rows)],
        lambda rows: [{**r, "passport": "A0000000", "phone": "081234567890"} for r in rows],
        lambda rows: [dict.fromkeys(r) | {"row_id": r["row_id"], "name": "SITI AMINAH"} for r in rows],
        lambda rows: rows[:1],
        lambda rows: [],
    ],
    ids=[
        "no nik",
        "all 1 January",
        "one nik",
        "one name",
        "other scripts",
        "one passport",
        "name only",
        "one row",
        "empty",
    ],
)
def test_bad_registers_are_survived(spoil):
    rows = [r for p in invented(200, 3) for r in rows_of(p, "S", 3)]
    other = [r for p in invented(200, 3)[:50] for r in rows_of(p, "P", 3)]
    spoilt, good = register(table(spoil(rows)), "s"), register(table(other), "p")
    for registers in ([spoilt, good], [spoilt], [good, spoilt]):
        linkage = link(registers)
        assert linkage.clusters.height == sum(len(r) for r in registers)
        count = headcount(registers, linkage)
        persons = linkage.clusters.filter("valid")["cluster_id"].n_unique()
        assert count["low"].sum() <= persons <= max(count["high"].sum(), persons)
        assert linkage.clusters.group_by("cluster_id").len()["len"].max() in (None, *range(1, 12))


def test_a_nik_on_thousands_of_rows_is_an_office_and_no_person():
    rows = [r | {"nik": "3212044505900001"} for p in invented(3000, 5) for r in rows_of(p, "S", 5)[:1]]
    linkage = link([register(table(rows), "s")])
    assert linkage.run["counts"]["shared_numbers"]["nik"] == 1
    assert linkage.clusters["cluster_id"].n_unique() > 2900


def test_thousands_of_one_name_stay_apart_and_cost_stays_linear():
    rows = [r | {"name": "SITI AMINAH", "mother": None} for p in invented(3000, 6) for r in rows_of(p, "S", 6)[:1]]
    linkage = link([register(table(rows), "s")])
    assert linkage.run["counts"]["candidates"] < 60 * len(rows)
    assert linkage.clusters["cluster_id"].n_unique() > 2800


def test_a_register_given_twice_links_each_row_to_its_copy():
    s, _ = two_registers()
    linkage = link([s, s])
    assert linkage.clusters.height == 2 * len(s)
    persons = linkage.clusters.filter("valid").group_by("rec_id").agg(pl.col("cluster_id").n_unique())
    assert persons["cluster_id"].max() == 1


def test_an_unfit_header_is_one_clear_sentence():
    with pytest.raises(UnknownLayout, match="no column for name"):
        register(pl.DataFrame({"id_s": ["1"], "negara_tujuan": ["X"]}), "s")


def test_files_are_written_whole(tmp_path):
    s, p = (table([r for person in invented(120, 9) for r in rows_of(person, kind, 9)]) for kind in "SP")
    s.write_parquet(tmp_path / "s.parquet")
    p.write_csv(tmp_path / "p.csv", separator=";")
    out = tmp_path / "out"
    link_files([tmp_path / "s.parquet", tmp_path / "p.csv"], out, today=date(2026, 11, 21))
    assert {path.name for path in out.iterdir()} == {
        "clusters.parquet", "pairs.parquet", "headcount.csv", "headcount_by_sex.csv", "not_returned.csv", "run.json",
    }  # fmt: skip
    clusters = pl.read_parquet(out / "clusters.parquet")
    assert clusters.columns == ["rec_id", "cluster_id", "valid"]
    assert clusters.height == s.height + p.height
    assert {"left", "right", "probability", "weight", "decision"} <= set(pl.read_parquet(out / "pairs.parquet").columns)
    assert pl.read_csv(out / "headcount.csv").columns == ["iso3", "expected", "low", "high"]
    assert pl.read_csv(out / "headcount_by_sex.csv").columns == ["iso3", "sex", "expected", "low", "high"]
    run = json.loads((out / "run.json").read_text())
    assert run["model"]["version"] == VERSION
    assert run["stages"]["block"]["cpu"] >= 0
    assert run["peak_memory_mb"] > 0
