"""Runs end to end on small invented registers: linked, stable, updated, withdrawn, cancelled, killed, one at a time."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections

from selaras.ground.act import Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.people.actions.merging import merge, unmerge
from selaras.people.models import Identifier, Person, Presence
from selaras.people.numbers import index_of
from selaras.reconcile.actions.runs import cancel_run, run_now, start_run
from selaras.reconcile.models import Link, Pair, Record, Run
from tests.cast import actor
from tests.early import ROOT
from tests.reconcile.registers import broken_promises, person, put, whose, withdraw

pytestmark = pytest.mark.usefixtures("committed")


def two_registers(count: int = 12) -> None:
    """Every person in the placement register; every second one also among the citizens abroad."""
    put("siskop2mi", {f"S{n}": person(n) for n in range(count)})
    put("peduliwni", {f"P{n}": person(n, event_date="2026-02-01", status="PEKERJA") for n in range(0, count, 2)})


def test_two_registers_become_one():
    two_registers()
    summary = run_now()
    assert summary.state == "done"
    who = whose()
    for n in range(0, 12, 2):
        assert who[f"siskop2mi:S{n}"] == who[f"peduliwni:P{n}"]
    assert len(set(who.values())) == 12
    assert broken_promises() == []
    with acting(actor("reviewer")):
        her = Person.objects.get(pk=who["siskop2mi:S0"])
        assert (her.name, her.sex, her.home_area_id) == ("SURATMI HANDAYANI", "F", "3212")
        assert str(her.birth_date) == "1975-01-01"
        assert {i.kind for i in Identifier.objects.filter(person=her)} == {"nik", "passport"}
        assert {p.kind for p in Presence.objects.filter(person=her)} == {"placement", "report"}
        link = Link.objects.get(record__row_id="P0")
        assert (link.how, link.decided_by, link.run_id) == ("model", "job:link", summary.id)
        assert link.why and link.why[0][0] == "nik.equal"
        line = LedgerLine.objects.filter(verb="reconcile.apply_run").first()
        assert line is None, "the reviewer does not read the ledger of others"
    with as_job("link", reads_ledger=True):
        line = LedgerLine.objects.get(verb="reconcile.apply_run")
        assert line.count == 18 and line.content.startswith("sha256:") and line.detail["links_new"] == 18


def test_the_same_run_again_changes_nothing():
    two_registers()
    run_now()
    before = whose()
    with acting(actor("reviewer")):
        links = set(Link.objects.values_list("id", flat=True))
    again = run_now()
    assert (again.counts["links_new"], again.counts["persons_new"], again.counts["persons_changed"]) == (0, 0, 0)
    assert whose() == before
    with acting(actor("reviewer")):
        assert set(Link.objects.values_list("id", flat=True)) == links


def test_an_updated_row_moves_with_its_person_and_history_is_kept():
    two_registers()
    run_now()
    before = whose()
    put("peduliwni", {"P0": person(3, event_date="2026-02-01", status="PEKERJA")})
    summary = run_now()
    after = whose()
    assert after["peduliwni:P0"] == before["siskop2mi:S3"]
    assert {k: v for k, v in after.items() if k != "peduliwni:P0"} == {k: v for k, v in before.items() if k != "peduliwni:P0"}
    assert summary.counts["links_ended"] == 1
    with acting(actor("reviewer")):
        history = list(Link.objects.filter(record__row_id="P0").order_by("since"))
        assert [str(link.person_id) for link in history] == [before["siskop2mi:S0"], before["siskop2mi:S3"]]
        assert history[0].until is not None and str(history[1].former_id) == before["siskop2mi:S0"]
        assert Presence.objects.get(source="peduliwni", source_row="P0").person_id == history[1].person_id
    assert broken_promises() == []


def test_two_persons_who_prove_to_be_one_are_merged_and_the_elder_record_stays():
    put("siskop2mi", {f"S{n}": person(n) for n in range(8)})
    put("peduliwni", {"P1": person(1, nik=None, passport=None, mother=None, birth_date="1990-09-09", name="MEGAWATI")})
    run_now()
    before = whose()
    assert before["peduliwni:P1"] != before["siskop2mi:S1"]
    put("peduliwni", {"P1": person(1, event_date="2026-05-01")})
    summary = run_now()
    assert summary.counts["persons_merged"] == 1
    assert whose()["peduliwni:P1"] == before["siskop2mi:S1"]
    with acting(actor("reviewer")):
        assert str(Person.objects.get(pk=before["peduliwni:P1"]).merged_into_id) == before["siskop2mi:S1"]
    assert broken_promises() == []


def test_a_withdrawn_row_no_longer_counts_but_keeps_its_history():
    two_registers()
    run_now()
    withdraw("peduliwni", "P0")
    summary = run_now()
    assert summary.counts["rows"]["peduliwni"] == 5
    with acting(actor("reviewer")):
        assert Record.objects.get(row_id="P0").person_id is not None
        cells = Run.objects.get(pk=summary.id).figures["cells"]
        whole = next(c for c in cells if c["country"] == "*" and not c["capacity"])
        assert whole["count"] == 12 and whole["parts"]["matched"] == 5
    assert broken_promises() == []


def test_a_row_that_is_nobody_gets_no_person():
    two_registers()
    put("peduliwni", {"PX": {"name": "TEST", "country": "TAIWAN", "event_date": "2026-01-01"}})
    run_now()
    assert whose()["peduliwni:PX"] is None
    with acting(actor("reviewer")):
        assert Record.objects.get(row_id="PX").nobody
    assert broken_promises() == []


def test_nothing_to_link_is_a_run_too():
    summary = run_now()
    assert summary.state == "done" and summary.counts["persons_new"] == 0


def test_a_run_is_asked_for_once_and_done_by_its_id():
    two_registers(4)
    with acting(actor("data")):
        first, second = start_run(), start_run()
    assert first.pk == second.pk
    assert run_now(run_id=first.pk).state == "done"
    assert run_now(run_id=first.pk).state == "done", "given again it answers, and does nothing"
    with acting(actor("reviewer")):
        assert Run.objects.count() == 1


def test_a_run_that_was_cancelled_before_it_began_does_nothing():
    two_registers(4)
    with acting(actor("data")):
        run = start_run()
        cancel_run(run.pk)
        with pytest.raises(Refused, match="run_over"):
            cancel_run(run.pk)
    assert run_now(run_id=run.pk).state == "cancelled"
    assert set(whose().values()) == {None}


@pytest.mark.parametrize("stage", ["read", "block", "compose", "lay", "persons"])
def test_a_stop_asked_for_in_the_middle_keeps_nothing(stage: str):
    two_registers(6)
    run: list[Run] = []

    def ask(at: str, done: int, total: int | None) -> None:
        if at != stage or run:
            return

        def officer() -> None:  # another person, another connection
            with acting(actor("data")):
                run.append(Run.objects.get(state="running"))
                cancel_run(run[0].pk)
            connection.close()

        other = threading.Thread(target=officer)
        other.start()
        other.join()

    summary = run_now(ask)
    assert run and summary.state == "cancelled"
    assert set(whose().values()) == {None}
    with acting(actor("reviewer")):
        assert not Person.objects.exists() and not Pair.objects.exists()
    assert broken_promises() == []
    assert run_now().state == "done"


def test_a_run_that_breaks_says_so_and_leaves_nothing():
    two_registers(6)

    def breaks(stage: str, done: int, total: int | None) -> None:
        if stage == "switch":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_now(breaks)
    with acting(actor("reviewer")):
        run = Run.objects.get()
        assert (run.state, run.fault) == ("failed", {"code": "run_failed"})
        assert not Person.objects.exists()
    assert broken_promises() == []


def test_only_one_run_at_a_time():
    two_registers(6)
    refused: list[str] = []

    def meanwhile(stage: str, done: int, total: int | None) -> None:
        if stage != "compose" or refused:
            return

        def second() -> None:
            try:
                run_now()
            except Refused as refusal:
                refused.append(refusal.code)
            finally:
                connections.close_all()

        other = threading.Thread(target=second)
        other.start()
        other.join()

    assert run_now(meanwhile).state == "done"
    assert refused == ["run_going"]
    assert broken_promises() == []


KILLED = """
    import os, signal, sys
    sys.path.insert(0, {root!r})
    import tests.early
    os.environ["DJANGO_SETTINGS_MODULE"] = "selaras.config.settings"
    import django
    django.setup()
    from django.conf import settings
    from tests import database
    database.use({name!r})
    settings.SELARAS_WORK = {work!r}
    from selaras.reconcile.actions import runs
    def die(stage, done, total):
        if stage == {stage!r}:
            os.kill(os.getpid(), signal.SIGKILL)
    if {stage!r} == "switched":
        real = runs.switch
        def switch(*args):
            real(*args)
            die("switched", 0, 0)
        runs.switch = switch
    runs.run_now(die)
"""


@pytest.mark.parametrize("stage", ["read", "compose", "lay", "count", "persons", "switch", "switched"])
def test_killed_in_any_stage_the_next_run_finishes_and_nothing_is_doubled(stage: str, tmp_path: Path):
    two_registers(6)
    work = tmp_path / "killed"
    code = textwrap.dedent(KILLED).format(
        root=str(ROOT), name=settings.DATABASES["default"]["NAME"], stage=stage, work=str(work)
    )
    ended = subprocess.run([sys.executable, "-c", code], env=os.environ.copy(), capture_output=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]
    assert set(whose().values()) == {None}, "no link is half made"
    settings.SELARAS_WORK = str(work)
    summary = run_now()
    assert summary.state == "done" and len(set(whose().values())) == 6
    assert broken_promises() == []
    assert not [p for p in work.iterdir() if p.name.startswith("area-")], "what the killed run left is wiped"
    with acting(actor("reviewer")):
        assert Person.objects.count() == 6
        assert sorted(Run.objects.values_list("state", "fault__code")) == [("done", None), ("failed", "run_died")]


def test_a_killed_run_that_is_given_again_starts_anew():
    two_registers(6)
    with acting(actor("data")):
        run = start_run()
    with as_job("link"):
        Run.objects.filter(pk=run.pk).update(state="running")
    assert run_now(run_id=run.pk).state == "done"
    assert broken_promises() == []


def test_whom_a_desk_registered_is_found_again_in_the_registers_and_not_entered_twice():
    told = person(2)
    with acting(actor("reviewer")):
        hers = Person.objects.create(
            name=told["name"], sex="M", birth_date=told["birth_date"], mother=told["mother"], home_area_id="3212",
            source="officer", reach=["nation", "area:32", "area:3212"],
        )  # fmt: skip
        for kind in ("nik", "passport"):
            Identifier.objects.create(
                person=hers, kind=kind, value=told[kind], index=index_of(kind, told[kind]), source="officer"
            )
    two_registers(6)
    run_now()
    assert whose()["siskop2mi:S2"] == whose()["peduliwni:P2"] == str(hers.pk)
    with acting(actor("reviewer")):
        assert Person.objects.count() == 6
        assert Presence.objects.filter(person=hers).count() == 2
    assert broken_promises() == []
    again = run_now()
    assert (again.counts["links_new"], again.counts["persons_changed"], again.counts["persons_merged"]) == (0, 0, 0)


def test_whom_a_desk_registered_after_a_run_is_merged_with_what_the_registers_know():
    two_registers(6)
    run_now()
    before = whose()
    told = person(4)
    with acting(actor("reviewer")):
        hers = Person.objects.create(name=told["name"], birth_date=told["birth_date"], source="officer", reach=["nation"])
        Identifier.objects.create(
            person=hers, kind="nik", value=told["nik"], index=index_of("nik", told["nik"]), source="officer"
        )
    assert run_now().counts["persons_merged"] == 1
    assert whose() == before
    with acting(actor("reviewer")):
        assert str(Person.objects.get(pk=hers.pk).merged_into_id) == before["siskop2mi:S4"]
    assert broken_promises() == []


def test_an_officers_merge_is_held_to_by_the_next_run():
    two_registers(6)
    run_now()
    before = whose()
    keep, lose = sorted((before["siskop2mi:S1"], before["siskop2mi:S3"]))
    with acting(actor("reviewer")):
        event = merge(keep=UUID(keep), lose=UUID(lose), reason="uji").event_id
    run_now()
    after = whose()
    assert after["siskop2mi:S1"] == after["siskop2mi:S3"] == keep
    with acting(actor("reviewer")):
        assert Link.objects.get(person_id=keep, former_id=lose).how == "merge"
    assert broken_promises() == []
    assert run_now().counts["links_new"] == 0
    with acting(actor("reviewer")):
        unmerge(event_id=event, reason="uji")
    run_now()
    assert whose() == before, "and when the officer takes the merge back, each row finds its person again"
    assert broken_promises() == []
