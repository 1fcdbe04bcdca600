"""More than two registers in one register of persons: what each adds to the count, and what none of them may pretend."""

import pytest

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.people.models import Person
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.queries.runs import figures_of
from tests.cast import actor
from tests.reconcile.registers import broken_promises, person, put, whose

pytestmark = pytest.mark.usefixtures("committed")


def _figures():
    run = run_now()
    assert run.state == "done"
    with as_job("link"):
        return figures_of(run.id)


def _cell(figures, indicator):
    return next(c for c in figures.cells if c["indicator"] == indicator and c["country"] == "*" and not c["capacity"])


def test_five_registers_become_persons_and_count_for_what_they_mean():
    put("siskop2mi", {f"S{n}": person(n) for n in range(12)})
    put("peduliwni", {f"P{n}": person(n, event_date="2025-06-01") for n in range(6)})
    crossing = {"nik": None, "mother": None, "regency": None, "birth_place": None}
    put("imigrasi", {
        "I0": person(0, **crossing, status="MASUK", event_date="2026-01-05"),
        "I1": person(1, **crossing, status="KELUAR", country="HONG KONG", event_date="2026-01-05"),
        "I40": person(40, **crossing, status="KELUAR", country="MALAYSIA", event_date="2026-02-01"),
    })  # fmt: skip
    put("dukcapil", {
        "D2": person(2, passport=None, country=None, status="MENINGGAL", event_date="2025-09-01"),
        "D3": person(3, passport=None, country=None, status="HIDUP", event_date="2026-11-20"),
        "D50": person(50, passport=None, country=None, status="HIDUP", event_date="2026-11-20"),
    })  # fmt: skip
    figures = _figures()
    who = whose()
    assert who["imigrasi:I0"] == who["siskop2mi:S0"] == who["peduliwni:P0"]
    assert who["dukcapil:D2"] == who["siskop2mi:S2"] and who["dukcapil:D3"] == who["siskop2mi:S3"]
    assert broken_promises() == []
    known, present = (_cell(figures, name) for name in ("persons_by_last_known_country", "estimated_present"))
    # Fifty stands in the population register alone: at home as far as anybody knows.
    assert known["count"] == 13 and known["parts"]["only_others"] == 1
    assert known["parts"]["returned"] == 1 and known["parts"]["dead"] == 1
    assert present["count"] == 11
    places = {c["country"]: c["count"] for c in figures.cells if c["indicator"] == "estimated_present" and not c["capacity"]}
    assert places["HKG"] == 1 and places["MYS"] == 1


def test_feeds_that_never_came_are_named_and_are_never_zero():
    put("siskop2mi", {f"S{n}": person(n) for n in range(3)})
    figures = _figures()
    assert {s["key"] for s in figures.sources if s["delivered_at"] is None} == {
        "peduliwni", "returns", "imigrasi", "bpjs", "dukcapil", "gtog",
    }  # fmt: skip
    parts = _cell(figures, "persons_by_last_known_country")["parts"]
    assert [parts[name] for name in ("matched", "only_others", "returned", "dead")] == [None] * 4


def test_the_population_register_decides_a_birth_date_whatever_the_others_say():
    wrong = person(4)["birth_date"][:8] + "27"
    put("siskop2mi", {"S4": person(4, birth_date=wrong)})
    put("peduliwni", {"P4": person(4, birth_date=wrong), "P5": person(4, birth_date=wrong)})
    put("dukcapil", {"D4": person(4, passport=None, country=None, status="HIDUP")})
    _figures()
    who = whose()
    assert len(set(who.values())) == 1
    with acting(actor("reviewer")):
        assert str(Person.objects.get(pk=who["dukcapil:D4"]).birth_date) == person(4)["birth_date"]
