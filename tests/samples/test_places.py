"""The tables of places hold together: every mission, district and province is known to the others."""

import csv

import pycountry
import pytest

from selaras.samples import places
from selaras.samples.places import areas, short_regency, table


def test_areas_form_a_tree() -> None:
    a = areas()
    assert len(a.province) == 38 and len(a.regency) == 514 and len(a.village) > 80_000
    assert a.district_count.sum() == len(a.district) and a.village_count.sum() == len(a.village)
    for i in (0, 100, 513):
        first = a.district_start[i]
        assert a.district[first][:4] == a.regency[i] and a.district[first + a.district_count[i] - 1][:4] == a.regency[i]
    indramayu = list(a.regency).index("3212")
    assert a.regency_name[indramayu] == "INDRAMAYU" and a.province_name[a.province_of[indramayu]] == "JAWA BARAT"


def test_missing_tables_say_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(places, "VENDOR", tmp_path)
    with pytest.raises(places.PlacesMissing, match="assets step"):
        areas.__wrapped__()


@pytest.mark.parametrize(("name", "short"), [("Kabupaten Cilacap", "CILACAP"), ("Kota Cirebon", "KOTA CIREBON")])
def test_short_regency(name: str, short: str) -> None:
    assert short_regency(name) == short


def test_every_country_has_both_names() -> None:
    rows = table("countries_id")
    assert {row["iso3"] for row in rows} == {c.alpha_3 for c in pycountry.countries}
    assert all(row["name_id"] and row["name_en"] for row in rows)
    assert len({row["name_id"] for row in rows}) == len(rows)


def test_missions_cover_each_country_once() -> None:
    missions = table("missions")
    assert len({m["key"] for m in missions}) == len(missions) == 134
    kinds = {kind: sum(m["kind"] == kind for m in missions) for kind in ("KBRI", "KJRI", "KRI", "PTRI", "KDEI")}
    assert kinds == {"KBRI": 96, "KJRI": 30, "KRI": 4, "PTRI": 3, "KDEI": 1}
    covering: dict[str, set[str]] = {}
    for mission in missions:
        for code in mission["covers"].split() + ([mission["iso3"]] if mission["kind"] == "KBRI" else []):
            covering.setdefault(code, set()).add(mission["key"])
    assert all(len(keys) == 1 for keys in covering.values())
    # the twelve posts with labour staff that were published for 2021
    assert sum(m["labour"] != "no" for m in missions) == 12


def test_abroad_districts_point_to_missions() -> None:
    missions = {m["key"]: m for m in table("missions")}
    rows = table("abroad_districts")
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert row["code"].startswith(row["iso3"] + "-")
        covered = missions[row["mission"]]["covers"].split()
        assert row["code"] in covered or row["iso3"] in covered
    assert {r["mission"] for r in rows if r["iso3"] == "MYS"} == {
        "kbri-kuala-lumpur",
        "kjri-johor-bahru",
        "kjri-penang",
        "kjri-kuching",
        "kjri-kota-kinabalu",
        "kri-tawau",
    }


def test_regional_offices_cover_each_province_once() -> None:
    rows = table("bp3mi")
    covered = " ".join(row["provinces"] for row in rows).split()
    with (places.VENDOR / "provinces.csv").open(encoding="utf-8") as handle:
        provinces = [row["code"] for row in csv.DictReader(handle)]
    assert len(rows) == 23 and sorted(covered) == sorted(provinces)
