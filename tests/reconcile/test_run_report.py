"""What a run reports: what changed since the run before, the largest persons, shared numbers, and faults by office."""

import polars as pl
import pytest
from django.db import connection

from selaras.engines.linkage import register
from selaras.ground.scope import acting
from selaras.reconcile.actions.linking.reporting import shared
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Run
from tests.cast import actor
from tests.reconcile.registers import person, put, whose, withdraw

pytestmark = pytest.mark.usefixtures("committed")
SHARED = "3212015001900001"


def findings(run_id):
    with acting(actor("reviewer")):
        return Run.objects.get(pk=run_id).findings


def test_what_changed_is_told_by_persons_links_and_countries():
    put("siskop2mi", {f"S{n}": person(n) for n in range(8)})
    put("peduliwni", {f"P{n}": person(n, event_date="2026-02-01", status="PEKERJA") for n in range(0, 8, 2)})
    first = run_now().counts["changes"]
    assert (first["appeared"], first["split"], first["merged"], first["vanished"]) == (8, 0, 0, 0)
    assert first["links"] == {"first": 12, "moved": 0, "followed": 0, "ended": 0}
    assert first["countries"] == [], "there is no run before to compare with"
    who = whose()
    # P0 proves to be somebody else who lives in another country, P2 another row of person 3, S1 nobody, S9 is new.
    stranger = person(40, event_date="2026-02-01", status="PEKERJA", country="MALAYSIA")
    put("peduliwni", {"P0": stranger, "P2": person(3, event_date="2026-02-01", status="PEKERJA")})
    put("siskop2mi", {"S1": {"name": "TEST", "country": "TAIWAN", "event_date": "2026-01-01"}, "S9": person(9)})
    second = run_now()
    told, now = second.counts["changes"], whose()
    assert (told["appeared"], told["split"], told["merged"], told["vanished"]) == (1, 1, 0, 1)
    (split,) = {now["siskop2mi:S0"], now["peduliwni:P0"]} - {who["siskop2mi:S0"]}
    assert told["splits"] == [[who["siskop2mi:S0"], split, 1]]
    assert told["links"] == {"first": 1, "moved": 2, "followed": 0, "ended": 1}
    assert told["countries"] == [["*", 8, 9], ["MYS", 0, 1]], "in Taiwan one went and one came"


def test_two_persons_that_become_one_are_told_with_their_ids():
    put("siskop2mi", {"S0": person(0, nik=None, passport=None, birth_date="1980-01-01"), "S1": person(1)})
    run_now()
    before = whose()
    put("siskop2mi", {"S0": person(1)})
    told, stays = run_now().counts["changes"], whose()["siskop2mi:S0"]
    (gone,) = {before["siskop2mi:S0"], before["siskop2mi:S1"]} - {stays}
    assert told["merged"] == 1 and told["merges"] == [[gone, stays, 1]]


def test_the_largest_persons_are_told_with_the_registers_of_their_rows():
    put("siskop2mi", {f"S{n}": person(0) for n in range(3)} | {"S9": person(9)})
    put("peduliwni", {"P0": person(0, country="MALAYSIA", event_date="2026-02-01", status="PEKERJA")})
    largest = run_now().counts["largest"]
    assert largest == [[whose()["siskop2mi:S0"], 4, {"peduliwni": 1, "siskop2mi": 3}, 2]], "who has one row is not large"


def test_a_number_that_several_persons_give_is_found_and_rests_sealed():
    put("siskop2mi", {f"S{n}": person(n, nik=SHARED) for n in range(3)} | {f"T{n}": person(n + 20) for n in range(3)})
    summary = run_now()
    found = findings(summary.id)["shared"]
    told = [(s["kind"], s["number"], s["rows"], s["persons"], s["sources"]) for s in found]
    assert told == [("nik", SHARED, 3, 3, {"siskop2mi": 3})]
    with acting(actor("reviewer")), connection.cursor() as cursor:
        cursor.execute("select row_to_json(r)::text, findings from reconcile_run r")
        assert not any(SHARED in plain or SHARED.encode() in bytes(sealed) for plain, sealed in cursor.fetchall())


def test_passports_are_told_too_those_of_most_persons_first():
    rows = pl.DataFrame([{"row_id": f"r{n}", "name": "SITI", "passport": "C4821937" if n < 4 else "B5830214", "nik": SHARED} for n in range(6)])
    standing = pl.DataFrame([{"rec": f"r{n}", "source": "peduliwni", "person": f"p{min(n, 4)}"} for n in range(6)])
    told = shared(standing, [register(rows, "peduliwni", "canonical")])
    assert [(s["kind"], s["number"], s["rows"], s["persons"]) for s in told] == [("nik", SHARED, 6, 5), ("passport", "C4821937", 4, 4)]


def test_faults_are_counted_by_register_kind_and_office_with_rows_to_mend():
    put("siskop2mi", {
        "S1": person(1, nik="3.21201E+15"), "S2": person(2, nik="3.21201E+15", regency="KAB. CIREBON"), "S3": person(3, birth_date="31/02/1990"),
        "S4": person(4, nik=None, regency="ENTAH"), "S5": person(5),
    })  # fmt: skip
    put("peduliwni", {"P1": person(1, country="NEGERI ANTAH", event_date="dulu"), "P2": person(2, passport="??")})
    found = {(f["source"], f["code"], f["place"]): (f["rows"], f["of"], f["examples"]) for f in findings(run_now().id)["faults"]}
    assert found == {
        ("siskop2mi", "nik.spreadsheet", "area:3212"): (1, 3, ["S1"]),
        ("siskop2mi", "nik.spreadsheet", "area:3209"): (1, 1, ["S2"]),
        ("siskop2mi", "birth.unreadable", "area:3212"): (1, 3, ["S3"]),
        ("siskop2mi", "nik.empty", ""): (1, 1, ["S4"]),
        ("peduliwni", "country.unknown", ""): (1, 1, ["P1"]),
        ("peduliwni", "event.unreadable", ""): (1, 1, ["P1"]),
        ("peduliwni", "passport.unusable", "abroad:TWN"): (1, 1, ["P2"]),
    }


def test_only_the_newest_run_keeps_what_is_to_be_mended():
    put("siskop2mi", {f"S{n}": person(n, nik=None) for n in range(3)})
    first = run_now()
    assert findings(first.id)["faults"]
    second = run_now()
    assert findings(first.id) == {} and findings(second.id)["faults"]


def test_a_run_without_rows_reports_nothing():
    put("siskop2mi", {"S1": person(1)})
    withdraw("siskop2mi", "S1")
    assert findings(run_now().id) == {}
