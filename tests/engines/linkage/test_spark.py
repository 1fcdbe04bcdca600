"""Linkage on Spark against linkage on one machine: the same rows give the same pairs, persons and counts."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pytest
from polars.testing import assert_frame_equal

from selaras.engines.linkage import Register, headcount, link, link_files, register
from selaras.engines.linkage.files import own_spellings, read_register, read_table
from selaras.engines.linkage.spark import ready as readiness
from selaras.engines.linkage.spark.ready import NoSpark, ready
from selaras.samples.nation import make_nation
from tests.engines.linkage.people import persons, rows_of, table
from tests.spark import on_spark

TODAY = date(2026, 11, 22)
MASTER = "local[2]"


def odd_rows():
    """Rows of a third register with what the statistics of all rows are about."""
    rows = [row for p in persons(60, 8) for row in rows_of(p, "P", 8)]
    for at, row in enumerate(rows):
        row["sector"] = None
        if at < 30:
            row["nik"] = "3212044505900001"
        if 20 <= at < 50:
            row["phone"], row["birth_date"] = "081234567890", "1987-06-05"
        if at % 9 == 0:
            row["country"] = "NEGERI ANTAH"
    bare = {"birth_date": "1987-06-05", "country": "TAIWAN", "event_date": "2020-02-02"}
    rows += [{"row_id": f"X{n}", "name": name, **bare} for n, name in enumerate(["SUMI", "سيتي", "TEST", None, "😀"])]
    rows += [{"row_id": f"Y{n}", "name": "YANTI", "birth_date": f"19{60 + n}-03-04"} for n in range(9)]
    return rows


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation")
    make_nation(2_000, 5, folder)
    for name in ("s", "p"):
        pl.read_parquet(folder / f"{name}.parquet").write_parquet(folder / f"{name}.parquet", row_group_size=700)
    table(odd_rows()).write_parquet(folder / "x.parquet")
    return [folder / f"{name}.parquet" for name in ("s", "p", "x")]


@pytest.fixture(scope="module")
def one(files):
    """The registers and their linkage on one machine."""
    registers = [read_register(path, TODAY, None)[0] for path in files]
    return registers, link(registers)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from selaras.engines.linkage.spark.session import session

    within = tmp_path_factory.mktemp("work")
    with session(MASTER, within) as spark:
        yield spark
    assert not list(within.iterdir()), "the work folder is wiped"


def same(got, expected):
    assert_frame_equal(got.pairs, expected.pairs, check_exact=True)
    assert_frame_equal(got.clusters, expected.clusters)
    assert got.model == expected.model
    assert got.run["counts"] == expected.run["counts"]
    assert got.run["faults"] == expected.run["faults"]


@on_spark
def test_files_read_by_the_workers_give_the_same_result(files, one, spark):
    from selaras.engines.linkage.spark.linking import InParquet, link_on_spark

    work = Path(spark.sparkContext.getConf().get("spark.local.dir"))
    names = pl.read_parquet(files[0])["nama"].drop_nulls().to_list()
    modes, seen = set(), []

    def look(stage, done, total):
        modes.add(work.stat().st_mode & 0o777)
        for path in (p for p in work.rglob("*") if p.is_file() and p.stat().st_size):
            content = path.read_bytes()
            seen.append(path.name)
            assert not any(name.encode() in content for name in names[:200]), "names lie in the clear on disk"

    given = [InParquet(path.stem, read_table(path, TODAY)[0], own_spellings(path.parent)) for path in files]
    got, counted = link_on_spark(spark, given, progress=look)
    registers, expected = one
    same(got, expected)
    assert len(expected.pairs) > 500 and expected.run["counts"]["shared_numbers"]["nik"] >= 1
    assert_frame_equal(headcount(counted, got), headcount(registers, expected))
    assert modes == {0o700} and seen


@on_spark
def test_judgements_and_a_frozen_model_hold_on_spark_too(one, spark):
    from selaras.engines.linkage.spark.linking import link_on_spark

    registers, first = one
    ids = [r.rows["row_id"] for r in registers]
    told = {
        "judged": [(ids[0][3], ids[1][5], "same"), (ids[0][8], ids[0][9], "different")],
        "held": [(ids[1][0], ids[2][0], "same")],
    }
    found = first.pairs.filter("joined").row(0)[:2]
    told["judged"].append((*found, "different"))
    got, _ = link_on_spark(spark, registers, model=first.model, **told)
    same(got, link(registers, model=first.model, **told))


@on_spark
def test_one_empty_register_and_one_of_a_few_rows(spark):
    from selaras.engines.linkage.spark.linking import link_on_spark

    few = register(table([row for p in persons(3, 2) for row in rows_of(p, "S", 2)]), "few", "canonical")
    empty = register(table([]), "empty", "canonical")
    got, _ = link_on_spark(spark, [few, empty])
    same(got, link([few, empty]))


@on_spark
def test_statistics_of_any_size_reach_the_workers(one, spark):
    from selaras.engines.linkage.columns import encode
    from selaras.engines.linkage.spark import pairing

    # Above 64 KB an array of its own is more than an encrypted broadcast of Spark can take.
    known = replace(encode(one[0]).frozen(), niks=np.arange(200_000))
    sent = spark.sparkContext.broadcast(pairing.packed(known))

    def look(batches):
        for batch in batches:
            assert len(pairing.opened(sent).niks) == 200_000
            yield batch

    assert spark.range(3).mapInArrow(look, "id long").count() == 3


@on_spark
def test_a_killed_run_leaves_no_result_and_the_next_one_wipes_its_folder_and_writes_the_same_files(files, tmp_path):
    link_files(files, tmp_path / "here", today=TODAY)
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    command = [sys.executable, "-m", "selaras", "link", *map(str, files), "--engine", "spark", "--master", MASTER, "--out", str(out)]
    environment = os.environ | {"TMPDIR": str(work)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        until = time.monotonic() + 300
        while not list(work.glob("selaras-spark-*/*")) and time.monotonic() < until and run.poll() is None:
            time.sleep(0.1)
        theirs = psutil.Process(run.pid).children(recursive=True)
        run.kill()
    # Java notices a moment later, and tidies up in the folder until then.
    psutil.wait_procs(theirs, timeout=60)
    # A work folder may be left, whose name begins with a dot; nothing that could be taken for a result.
    assert not [path.name for path in out.glob("*") if not path.name.startswith(".")]
    (left,) = work.glob("selaras-spark-*")
    os.utime(left, (1, 1))
    said = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "Persons" in said.stdout
    for name in ("clusters.parquet", "pairs.parquet"):
        assert_frame_equal(pl.read_parquet(out / name), pl.read_parquet(tmp_path / "here" / name))
    assert (out / "headcount.csv").read_text() == (tmp_path / "here" / "headcount.csv").read_text()
    assert not list(work.glob("selaras-spark-*"))
    assert {path.name for path in out.iterdir()} == {path.name for path in (tmp_path / "here").iterdir()}


@pytest.mark.parametrize(
    ("java", "code"),
    [(None, "spark.no_java"), ("echo nonsense", "spark.no_java"), ('echo \'openjdk version "11.0.2"\'', "spark.old_java")],
)
def test_what_is_missing_has_a_name(java, code, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "find_spec", lambda name: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if java:
        program = tmp_path / "bin" / "java"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{java} >&2\n")
        program.chmod(0o755)
    with pytest.raises(NoSpark) as refused:
        ready()
    assert refused.value.code == code


def test_the_command_says_in_both_languages_that_spark_is_missing(files, tmp_path):
    said = subprocess.run(
        [sys.executable, "-m", "selaras", "link", str(files[0]), "--engine", "spark", "--out", str(tmp_path / "out")],
        env=os.environ | {"JAVA_HOME": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert said.returncode == 1 and "Traceback" not in said.stderr
    assert "Apache Spark" in said.stderr and "without --engine spark" in said.stderr and "tanpa --engine" in said.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_of_spark_is_read_unless_it_is_asked_for():
    read = "import sys, selaras.doors.cli.link, selaras.engines.linkage; sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", read]).returncode == 0


def test_rows_laid_out_for_spark_are_the_same_register_again():
    pytest.importorskip("pyarrow")
    from selaras.engines.linkage.spark.rows import laid_out, register_of

    before = register(table(odd_rows()), "x", "canonical")
    batches = list(laid_out(before, pl.int_range(before.rows.height, eager=True), 0))
    after = register_of(pl.concat([pl.from_arrow(batch) for batch in batches]))
    assert isinstance(after, Register)
    got, expected = link([after]), link([before])
    assert_frame_equal(got.pairs, expected.pairs)
    assert_frame_equal(got.clusters, expected.clusters)
