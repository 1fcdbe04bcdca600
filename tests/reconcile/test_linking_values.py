"""What a run chooses and keeps, on columns alone: persons' ids, values, home codes, pairs and reasons."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.linkage import register
from selaras.ground.queries.offices import regencies_by_name
from selaras.reconcile.actions.linking.by_hand import one_a_group
from selaras.reconcile.actions.linking.composing import compose
from selaras.reconcile.actions.linking.homes import Homes
from selaras.reconcile.actions.linking.keeping_ids import fresh_ids, keep_ids
from selaras.reconcile.actions.linking.reading import BESIDE, CANONICAL, HEAD
from tests.reconcile.registers import person

groupings = st.lists(
    st.tuples(st.sampled_from([None, "p1", "p2", "p3", "p4"]), st.sampled_from(["a", "b", "c", "d"]), st.booleans()), max_size=14
)


def kept_of(told: list[tuple[str | None, str, bool]]):
    recs = [f"r{n:02d}" for n in range(len(told))]
    rows = pl.DataFrame({"rec": recs, "person": [t[0] for t in told]}, schema={"rec": pl.String, "person": pl.String})
    clusters = pl.DataFrame(
        {"rec": recs, "cluster": [t[1] for t in told], "valid": [t[2] for t in told]},
        schema={"rec": pl.String, "cluster": pl.String, "valid": pl.Boolean},
    )
    return keep_ids(rows, clusters)


@given(groupings)
def test_a_group_is_one_person_and_a_person_one_group(told: list[tuple[str | None, str, bool]]):
    kept = kept_of(told)
    by_rec = dict(kept.rows.select("rec", "person").iter_rows())
    groups: dict[str, set[Any]] = {}
    for n, (_, cluster, valid) in enumerate(told):
        if valid:
            groups.setdefault(cluster, set()).add(by_rec[f"r{n:02d}"])
        else:
            assert by_rec[f"r{n:02d}"] is None
    assert all(len(persons) == 1 and None not in persons for persons in groups.values())
    assert len({next(iter(p)) for p in groups.values()}) == len(groups)
    for lose, keep in kept.gone.items():
        assert keep in set().union(*groups.values()) and lose not in set().union(*groups.values())


@given(groupings)
def test_a_second_look_at_the_same_groups_changes_nothing(told: list[tuple[str | None, str, bool]]):
    first = kept_of(told)
    now = dict(first.rows.select("rec", "person").iter_rows())
    again = kept_of([(now[f"r{n:02d}"], cluster, valid) for n, (_, cluster, valid) in enumerate(told)])
    assert again.rows["person"].to_list() == first.rows["person"].to_list()
    assert again.new == 0 and again.gone == {}


def test_a_row_that_moves_does_not_take_its_old_person_along():
    kept = kept_of([("p1", "a", True), ("p1", "b", True), ("p2", "b", True)])
    assert kept.rows["person"].to_list() == ["p1", "p2", "p2"]


def test_fresh_ids_are_version_seven_ascending_and_never_twice():
    made = fresh_ids(70_000)
    assert made == sorted(made) and len(set(made)) == 70_000
    assert {i[14] for i in made} == {"7"} and {i[19] for i in made} <= set("89ab")


def test_two_whom_officers_entered_are_left_to_officers():
    clusters = pl.DataFrame(
        {
            "rec": ["siskop2mi:S1", "by_hand:x", "by_hand:y", "by_hand:z", "by_hand:w"],
            "cluster": ["a", "a", "a", "b", "b"],
            "valid": [True] * 5,
        }
    )
    assert one_a_group(clusters)["cluster"].to_list() == ["a", "a", "by_hand:y", "by_hand:z", "by_hand:w"]


pytestmark = pytest.mark.django_db(databases=["default", "ledger"])


def composed(*told: tuple[str, dict[str, Any]]):
    """Compose one person of these (source, values) rows."""
    rows = []
    for n, (source, values) in enumerate(told):
        rows.append(
            {
                "rec": f"{source}:{n}", "record": str(n), "source": source, "row_id": str(n), "person": "p",
                "iso3": "TWN", "capacity": "worker", "on": None, "nobody_was": False,
            }
            | {f"said_{k}": v for k, v in values.items()}
        )  # fmt: skip
    schema = HEAD | dict.fromkeys([f"said_{c}" for c in CANONICAL], pl.String) | dict.fromkeys(BESIDE, pl.String)
    frame = pl.DataFrame(rows, schema=schema)
    registers = [
        register(
            frame.filter(pl.col("source") == s).select(row_id="rec", **{c: f"said_{c}" for c in CANONICAL}), s, "canonical"
        )
        for s in frame["source"].unique(maintain_order=True)
    ]
    return compose(frame, registers, {"siskop2mi": 70, "peduliwni": 60}, Homes())


def test_the_fullest_form_the_majority_and_the_number_decide():
    told = composed(
        ("siskop2mi", person(1, name="WAGIMAN P", birth_date="1976-02-02", mother="SITI")),
        ("peduliwni", person(1, name="WAGIMAN PRAYITNO", birth_date="1976-03-02", nik=None, mother="SITI AMINAH")),
        ("peduliwni", person(1, name="WAGIMAN", birth_date="1976-02-02", sex=None, mother=None)),
    )
    her = told.persons.row(0, named=True)
    assert her["name"] == "WAGIMAN PRAYITNO" and str(her["birth_date"]) == "1976-02-02"
    assert her["sex"] == "M" and her["mother"] == "SITI AMINAH" and her["home_area"] == "3212"
    assert her["source"] == "siskop2mi"
    assert told.names["text"].to_list() == ["WAGIMAN P", "WAGIMAN PRAYITNO", "WAGIMAN"]
    assert sorted(told.numbers["kind"]) == ["nik", "passport"]
    assert sorted(told.presences["kind"]) == ["placement", "report", "report"]


def test_a_birth_date_that_the_nik_bears_out_wins_a_tie():
    told = composed(
        ("siskop2mi", person(1, nik=None, birth_date="1980-12-30")), ("peduliwni", person(1, birth_date="1976-02-02"))
    )
    assert str(told.persons["birth_date"][0]) == "1976-02-02"


def test_a_village_gives_its_code_only_where_its_regency_has_one_of_that_name():
    told = composed(("siskop2mi", person(1, regency="INDRAMAYU", village="DESA HAURKOLOT")))
    assert told.persons["home_area"][0] == "3212012007"
    nowhere = composed(("siskop2mi", person(1, regency="ANTAH BERANTAH", village="HAURKOLOT")))
    assert nowhere.persons["home_area"][0] is None and nowhere.persons["home_text"][0] == "ANTAH BERANTAH"


def test_each_official_regency_is_found_by_its_own_name():
    homes = Homes()
    known = regencies_by_name()
    lost = {name: homes.regency(name) for name, code in known.items() if homes.regency(name) != code}
    assert lost == {}
    assert homes.regency("KAB. INDRAMAYU, JAWA BARAT") == homes.regency("Kab Indramayu") == "3212"
    assert homes.regency("BEKASI") == "3216" and homes.regency("KOTA BEKASI") == homes.regency("Kodya Bekasi") == "3275"
    assert homes.regency("") is None
