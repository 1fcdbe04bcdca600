"""`selaras reconcile --engine spark`: the register that comes out is the one that comes out of this process."""

import os

import pytest
from click.testing import CliRunner

from selaras.doors.cli.reconcile import reconcile
from selaras.ground.act import as_job
from selaras.people.models import Person
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Record, Run
from selaras.reconcile.work import work_area
from tests.reconcile.intake import AGREEMENT, HEADER, sign, text, worker
from tests.reconcile.registers import person, put
from tests.spark import on_spark

pytestmark = pytest.mark.usefixtures("committed")


def owners():
    with as_job("link"):
        return dict(Record.objects.values_list("row_id", "person_id")), Person.objects.count()


@on_spark
def test_a_run_on_spark_finds_the_register_as_it_is():
    from selaras.engines.linkage.spark.linking import linker

    put("siskop2mi", {f"S{n}": person(n) for n in range(40)})
    put("peduliwni", {f"P{n}": person(n, nik=None, status="PEKERJA") for n in range(20, 50)})
    here = run_now()
    before = owners()
    with work_area("spark") as area:
        there = run_now(linker=linker("local[2]", area))
        assert not list(area.iterdir())
    assert owners() == before and here.counts["persons"] == 50
    assert there.counts["records_moved"] == 0 and there.counts["pairs"] == here.counts["pairs"]
    with as_job("link"):
        first, second = Run.objects.order_by("started_at").values_list("figures", flat=True)
    assert first["cells"] == second["cells"]


def test_without_java_nothing_is_taken_in(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    sign()
    path = tmp_path / "s.csv"
    path.write_bytes(text([worker(1)], HEADER))
    os.utime(path, (1, 1))
    said = CliRunner().invoke(reconcile, [str(path), "--agreement", AGREEMENT, "--engine", "spark"])
    assert said.exit_code == 2 and "without --engine spark" in said.output and "tanpa --engine spark" in said.output
    with as_job("intake"):
        assert not Record.objects.exists()
