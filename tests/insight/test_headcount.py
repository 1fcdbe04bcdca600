"""The headcount from registers to publication: the checker agrees, it is published once, reach cuts it, files say the same."""

import json
from datetime import date
from uuid import uuid4

import pytest

from selaras.ground.act import Refused, as_job
from selaras.ground.scope import acting
from selaras.insight.actions import publish_headcount
from selaras.insight.models import Figure, Publication
from selaras.insight.queries.headcount import EXPORT, SEXES, export_headcount, latest, see_headcount
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Record, Run
from tests.cast import actor
from tests.insight.checker import Row, count
from tests.reconcile.registers import person, put

pytestmark = pytest.mark.usefixtures("committed")
PLACES = ("TAIWAN", "HONG KONG", "MALAYSIA", "NEGERI ANTAH")


def registers(with_returns: bool = True) -> None:
    put("siskop2mi", {f"S{n}": person(n, country=PLACES[n % 4], event_date=f"{2021 + n % 5}-03-01") for n in range(16)})
    put(
        "peduliwni",
        {
            f"P{n}": person(n, country=PLACES[(n + 1) % 3], event_date=f"{2020 + n % 6}-08-01", status=("PEKERJA", "PELAJAR")[n % 2])
            for n in range(0, 16, 3)
        },
    )
    if with_returns:
        keep = ("nik", "name", "birth_date", "passport")
        home = {n: {k: person(n)[k] for k in keep} | {"country": "TAIWAN", "event_date": "2026-04-01"} for n in (1, 5, 9)}
        home[9]["cause"] = "MENINGGAL DUNIA"
        put("returns", {f"R{n}": row for n, row in home.items()})


def published() -> Publication:
    summary = run_now()
    with as_job("link"):
        return publish_headcount(summary.id)


def as_checked() -> dict:
    with acting(actor("reviewer")):
        rows = [
            Row(f"{r.source_id}:{r.row_id}", r.source_id, str(r.person_id) if r.person_id else None, r.country or None,
                r.capacity, r.event_date, said.get("cause", ""), {"P": 2, "L": 1}.get(said.get("sex"), 0))
            for r in Record.objects.filter(withdrawn_at__isnull=True)
            for said in [json.loads(r.values)]
        ]  # fmt: skip
        as_of = Publication.objects.get(current=True).as_of
    return count(rows, as_of)


def test_what_is_published_is_what_the_checker_counts():
    registers()
    made = published()
    expected = as_checked()
    with acting(actor("reviewer")):
        figures = {(f.indicator, f.country, f.capacity): f for f in Figure.objects.filter(publication=made)}
    for key, cell in expected.items():
        assert figures[key].count == cell["count"], key
        assert {p: figures[key].parts[p] for p in cell["parts"]} == dict(cell["parts"]), key
    assert {k for k, f in figures.items() if f.count} <= set(expected)
    for indicator, country, capacity in expected:
        figure = figures[indicator, country, capacity]
        assert figure.low <= figure.expected <= figure.high, (indicator, country, capacity)
        assert figure.low <= figure.count <= figure.high + 1
    whole = figures["estimated_present", "*", ""]
    assert whole.parts["dead"] == 1 and whole.parts["returned"] == 2 and whole.parts["persons"] == 16


def test_a_run_is_published_once_and_the_newest_is_current():
    registers()
    first = published()
    with as_job("link"):
        assert publish_headcount(first.run).pk == first.pk
    second = published()
    with acting(actor("reviewer")):
        assert [p.pk for p in Publication.objects.filter(current=True)] == [second.pk]
        assert Publication.objects.count() == 2
    with as_job("link"):
        Publication.objects.all().delete()
        new, old = publish_headcount(second.run), publish_headcount(first.run)
        assert new.current and not old.current, "an older run never replaces a newer one"


def test_a_run_without_result_is_not_published():
    with as_job("link"):
        run = Run.objects.create(asked_by="test", reach=["nation"])
        for run_id in (run.pk, uuid4()):
            with pytest.raises(Refused, match="run_not_done"):
                publish_headcount(run_id)


def test_a_mission_sees_its_own_countries_and_the_nation_all():
    registers()
    published()
    with acting(actor("taipei")):
        mine = see_headcount()
        assert [r.iso3 for r in mine.rows] == ["TWN"] == list(mine.countries)
        assert mine.last_known == mine.rows[0].last_known
        assert [row["iso3"] for row in export_headcount()] == ["TWN"]
    with acting(actor("tawau")):
        there = see_headcount()
        assert there.countries == ("MYS",) and there.districts
    with acting(actor("steering")):
        whole = see_headcount()
        assert {r.iso3 for r in whole.rows} == {"TWN", "HKG", "MYS", ""}
        assert whole.last_known.count == 16 == sum(r.last_known.count for r in whole.rows)
        assert whole.last_known.low <= whole.last_known.expected <= whole.last_known.high
    with acting(actor("village")), pytest.raises(Refused, match="not_your_role"):
        see_headcount()


def test_the_file_holds_exactly_what_is_shown():
    registers()
    published()
    with acting(actor("steering")):
        shown, rows = see_headcount("worker", "country"), export_headcount("worker", "country")
        assert [r.iso3 for r in shown.rows] == [row["iso3"] for row in rows]
        assert [r.last_known.count for r in shown.rows] == [row["persons_by_last_known_country"] for row in rows]
        assert set(EXPORT) == set(rows[0]) and {row["capacity"] for row in rows} == {"worker"}


def test_women_and_men_are_counted_with_a_range_of_their_own():
    registers()
    published()
    with acting(actor("steering")):
        whole, rows = see_headcount(), export_headcount()
        workers = see_headcount("worker")
    parts = whole.last_known.parts
    assert sum(parts[sex] for sex in SEXES) == whole.last_known.count
    assert parts["women"] and parts["women_low"] <= parts["women_expected"] <= parts["women_high"]
    assert [row["women"] for row in rows] == [r.last_known.parts["women"] for r in whole.rows]
    assert sum(row["women"] + row["men"] + row["sex_unknown"] for row in rows) == whole.last_known.count
    assert sum(workers.last_known.parts[sex] for sex in SEXES) == workers.last_known.count
    assert "women_low" not in workers.last_known.parts, "a capacity has numbers by sex, without a range"


def test_a_register_that_never_came_is_said():
    registers(with_returns=False)
    published()
    found = None
    with acting(actor("steering")):
        found = see_headcount()
    states = {s.key: s.state for s in found.sources}
    assert states == {"siskop2mi": "fine", "peduliwni": "fine", "returns": "never"} | dict.fromkeys(("imigrasi", "bpjs", "dukcapil", "gtog"), "never")
    assert found.last_known.parts["returned"] is None and found.last_known.parts["dead"] is None
    with acting(actor("steering")):
        assert all(row["returned"] is None for row in export_headcount())


def test_before_the_first_run_there_is_nothing_and_no_zero():
    with acting(actor("steering")):
        assert latest() is None and see_headcount() is None and export_headcount() == []


def test_a_run_with_no_rows_counts_nobody():
    made = published()
    assert made.as_of <= date.today() and made.totals == {}  # noqa: DTZ011
