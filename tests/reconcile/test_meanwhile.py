"""What officers do while a run works: their judgement stands whenever it began, whom they register becomes one with whom the run wrote."""

import threading
import time
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from selaras.ground.act import as_job
from selaras.ground.scope import acting
from selaras.people.actions.merging import merge, unmerge
from selaras.people.actions.registering import register
from selaras.people.models import Identifier, Person
from selaras.reconcile.actions.judging import judge
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Run
from tests.cast import actor
from tests.reconcile.registers import broken_promises, person, put, whose
from tests.reconcile.test_judging import linked, pair, say

pytestmark = pytest.mark.usefixtures("committed")


class Beside:
    """A thread with connections of its own; what goes wrong in it is told at the end."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.fault: BaseException | None = None

        def go() -> None:
            try:
                call()
            except BaseException as fault:
                self.fault = fault
            finally:
                connections.close_all()

        self.thread = threading.Thread(target=go)
        self.thread.start()

    def ends(self) -> None:
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.fault:
            raise self.fault


def test_a_judgement_that_began_before_the_run_and_ended_after_it_had_read_stands():
    linked()
    before = whose()
    p = pair("P2", "S5")
    say("reviewer", p, "same")
    put("siskop2mi", {"S5": person(4)})  # the run would give S5 to the person of S4
    judged, read = threading.Event(), threading.Event()

    def slowly() -> None:
        with acting(actor("second")):
            assert judge(p, "same").verdict == "same"
            judged.set()
            assert read.wait(60)  # the transaction is open while the run reads

    beside = Beside(slowly)
    assert judged.wait(30)

    def tell(stage: str, done: int, total: int | None) -> None:
        if stage == "count":
            read.set()
            beside.ends()

    summary = run_now(tell)
    assert summary.state == "done" and summary.counts["links_left"] >= 1
    after = whose()
    assert after["siskop2mi:S5"] == after["peduliwni:P2"] == before["peduliwni:P2"] != before["siskop2mi:S4"]
    assert broken_promises() == []
    run_now()
    assert whose()["peduliwni:P2"] == whose()["siskop2mi:S5"], "and the next run knows of it"
    assert broken_promises() == []


def bearers(nik: str) -> int:
    with as_job("link"):
        rows = Identifier.objects.filter(kind="nik", person__merged_into__isnull=True).select_related("person")
        return len({row.person_id for row in rows if row.value == nik})


@pytest.mark.parametrize("moment", ["count", "persons", "switch"])
def test_whom_a_desk_registers_while_a_run_writes_the_same_person_is_one_after_the_run_that_is_asked_for(moment: str):
    """Neither can see what the other has not yet written: two stand for a moment, and never until the next delivery."""
    told = person(3)
    put("siskop2mi", {f"S{n}": person(n) for n in range(5)})
    seen: list[str] = []

    def at_the_desk() -> None:
        with acting(actor("dinas")):
            register(
                name=told["name"], sex="F" if told["sex"] == "P" else "M", birth_date=date.fromisoformat(told["birth_date"]),
                mother=told["mother"], home_area="3212", numbers=[("nik", told["nik"])],
            )  # fmt: skip

    def tell(stage: str, done: int, total: int | None) -> None:
        if stage == moment and not seen:
            seen.append(stage)
            Beside(at_the_desk).ends()

    assert run_now(tell).state == "done" and seen
    assert bearers(told["nik"]) == 2
    with as_job("link"):
        waiting = Run.objects.get(state="waiting")
    assert run_now(run_id=waiting.pk).state == "done"
    assert bearers(told["nik"]) == 1 and broken_promises() == []
    with as_job("link"):
        assert Person.objects.filter(merged_into__isnull=True).count() == 5
        assert not Run.objects.filter(state="waiting").exists(), "one more run is enough"


def test_a_registration_under_way_when_a_run_ends_makes_it_ask_for_another():
    put("siskop2mi", {"S1": person(1)})
    begun, over = threading.Event(), threading.Event()

    def slowly() -> None:
        with acting(actor("dinas")):
            register(name="Warsinah Kusuma", numbers=[("passport", "B7654321")])
            begun.set()
            assert over.wait(60)

    beside = Beside(slowly)
    assert begun.wait(30)
    assert run_now().state == "done"
    over.set()
    beside.ends()
    with as_job("link"):
        assert Run.objects.filter(state="waiting").count() == 1, "nobody can tell yet whom it enters"


def test_a_run_beside_which_nobody_registers_asks_for_none():
    linked()
    with as_job("link"):
        assert not Run.objects.filter(state="waiting").exists()


def test_taking_a_merge_back_never_waits_in_the_other_order_than_a_bulk_verb():
    linked()
    ids = sorted({i for i in whose().values() if i})
    with acting(actor("reviewer")):
        event = merge(keep=UUID(ids[1]), lose=UUID(ids[0]), reason="uji").event_id

    def take_back() -> None:
        with acting(actor("reviewer")):
            unmerge(event_id=event, reason="uji")

    lock = "select 1 from people_person where id = %s for no key update"
    with as_job("link"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(lock, [ids[0]])  # as the bulk verb does: in the order of the ids
        beside = Beside(take_back)
        _wait_until_it_waits()
        cursor.execute(lock, [ids[1]])
    beside.ends()
    with acting(actor("reviewer")):
        assert not Person.objects.filter(merged_into__isnull=False).exists()


def _wait_until_it_waits() -> None:
    for _ in range(200):
        with connections["owner"].cursor() as owner:
            owner.execute("select count(*) from pg_locks where not granted")
            if owner.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
