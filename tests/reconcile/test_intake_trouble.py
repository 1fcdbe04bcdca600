"""What goes wrong on the way in: two at once, a stop in the middle, a full disk, kill -9; nothing half done, nothing leaked."""

import asyncio
import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import close_old_connections, connection, connections
from procrastinate.contrib.django import app

from selaras.ground import jobs
from selaras.ground.act import Refused, as_job, job
from selaras.ground.keeping import path_of
from selaras.ground.models import KeptFile
from selaras.ground.scope import acting
from selaras.reconcile.actions import intake as taking
from selaras.reconcile.actions.deliveries import cancel_delivery, hand_in, parts_of
from selaras.reconcile.actions.intake import DatabaseLost, GivenBack, run
from selaras.reconcile.actions.intake_staging import begin
from selaras.reconcile.models import Delivery, Record, StagedRow
from tests.cast import actor
from tests.early import ROOT
from tests.reconcile.intake import AGREEMENT, NIK, counts, deliver, look, records, sign, take, text, worker

pytestmark = pytest.mark.usefixtures("committed")


def many(count: int) -> bytes:
    return text([worker(n) for n in range(1, count + 1)])


def nothing_half() -> None:
    with as_job("intake"):
        assert not StagedRow.objects.exists() and not Record.objects.exists()
    assert not any(Path(settings.SELARAS_WORK).glob("area-*"))


def test_two_people_at_once_make_one_delivery():
    sign()
    together = threading.Barrier(2)
    found: list[tuple[str, bool]] = []

    def slow(content: bytes) -> Iterator[bytes]:
        yield content[:50]
        together.wait(20)
        yield content[50:]

    def one(who: str) -> None:
        try:
            with acting(actor(who)):
                made = hand_in(source="siskop2mi", agreement=AGREEMENT, parts=slow(many(3)), name=f"{who}.csv", queue=False)
                time.sleep(0.3)  # both stand in their transactions when the first commits
            found.append((str(made.pk), made.again))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=one, args=(who,)) for who in ("data", "reviewer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({pk for pk, _ in found}) == 1 and sorted(again for _, again in found) == [False, True]
    with as_job("intake"):
        assert Delivery.objects.count() == KeptFile.objects.count() == 1
        kept = KeptFile.objects.get()
    assert [p for p in Path(settings.SELARAS_FILES).rglob("*") if p.is_file()] == [path_of(kept.pk)]


def test_two_readers_of_one_delivery_the_later_wins_and_no_row_is_doubled(monkeypatch):
    delivery = deliver(many(50))
    stage = taking.stage

    def overtaken(*args: object) -> None:
        monkeypatch.setattr(taking, "stage", stage)
        stage(*args)
        other = threading.Thread(target=lambda: (begin(delivery.pk, job("intake")), connection.close()))
        other.start()
        other.join()

    monkeypatch.setattr(taking, "stage", overtaken)
    assert run(delivery.pk, job("intake")) == "reading", "the first gives way and writes nothing"
    nothing_half()
    assert run(delivery.pk, job("intake")) == "taken_in"
    assert counts(look(delivery.pk)) == (50, 0, 0, 0, 0) and len(records()) == 50


def test_cancel_before_reading_ends_it_at_once_and_the_file_is_gone():
    delivery = deliver(many(3))
    with acting(actor("reviewer")):
        assert cancel_delivery(delivery_id=delivery.pk).state == "cancelled"
    assert run(delivery.pk, job("intake")) == "cancelled" and not path_of(delivery.file_id).exists()
    nothing_half()
    assert take(many(3)).state == "taken_in", "the same file can be handed in anew"


def test_cancel_in_the_middle_stops_at_the_next_checkpoint():
    delivery = deliver(many(60_000))

    def stop_at(stage: str, done: int, total: int | None) -> None:
        if stage == "rows" and not look(delivery.pk).cancel_asked:
            with acting(actor("data")):
                cancel_delivery(delivery_id=delivery.pk)

    assert run(delivery.pk, job("intake"), progress=stop_at) == "cancelled"
    nothing_half()
    with pytest.raises(Refused, match=r"delivery\.over"), acting(actor("data")):
        cancel_delivery(delivery_id=delivery.pk)


def test_a_worker_that_ends_gives_the_delivery_back_and_the_next_one_finishes():
    delivery = deliver(many(10))
    with pytest.raises(GivenBack):
        run(delivery.pk, job("intake"), stop=lambda: True)
    assert look(delivery.pk).state == "reading"
    nothing_half()
    assert run(delivery.pk, job("intake")) == "taken_in" and len(records()) == 10


def test_a_full_disk_on_the_way_in_is_one_refusal_and_nothing_is_kept():
    sign()
    script = """
import os, resource, sys
os.environ["PYTEST_VERSION"] = ""
import tests.early
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "selaras.config.settings"
django.setup()
from django.conf import settings
from tests import database
database.use(sys.argv[1]); settings.SELARAS_FILES = sys.argv[2]
from selaras.ground.act import Refused, job
from selaras.ground.scope import acting
from selaras.reconcile.actions.deliveries import hand_in
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    with acting(job("setup")):
        hand_in(source="siskop2mi", agreement=sys.argv[3], parts=[b"x" * 100_000] * 20, name="x.csv", queue=False)
except Refused as refused:
    print(refused.code)
"""
    name = settings.DATABASES["default"]["NAME"]
    done = subprocess.run([sys.executable, "-c", script, name, settings.SELARAS_FILES, AGREEMENT], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "disk.full", done.stderr[-2000:]
    assert not [p for p in Path(settings.SELARAS_FILES).rglob("*") if p.is_file()]
    with as_job("intake"):
        assert not KeptFile.objects.exists() and not Delivery.objects.exists()


def test_a_full_disk_while_reading_leaves_a_delivery_that_can_be_tried_again():
    delivery = deliver(many(5000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        assert run(delivery.pk, job("intake")) == "failed"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert look(delivery.pk).fault["code"] == "disk.full"
    nothing_half()


def test_too_large_and_empty_files_are_refused(settings):
    settings.SELARAS_UPLOAD_LIMIT = 1000
    for content, code in ((b"x" * 1001, r"file\.too_large"), (b"", r"file\.empty")):
        with pytest.raises(Refused, match=code):
            deliver(content)
    assert not [p for p in Path(settings.SELARAS_FILES).rglob("*") if p.is_file()]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "grows.csv"
    path.write_bytes(many(10))
    os.utime(path, (1, 1))
    sign()

    def growing() -> Iterator[bytes]:
        for part in parts_of(path):
            with path.open("ab") as file:
                file.write(b"more\n")
            yield part

    with pytest.raises(Refused, match=r"file\.growing"), acting(actor("data")):
        hand_in(source="siskop2mi", agreement=AGREEMENT, parts=growing(), name="x.csv", queue=False)


def test_a_fault_of_ours_tells_neither_the_log_nor_the_queue_what_stood_in_a_row(monkeypatch, caplog):
    def broken(*args: object) -> None:
        raise ValueError(f"cannot read {NIK}")

    monkeypatch.setattr(taking, "stage", broken)
    delivery = deliver(many(3))
    assert run(delivery.pk, job("intake")) == "failed"
    assert look(delivery.pk).fault["code"] == "our.fault" and "ValueError" in caplog.text and NIK not in caplog.text
    nothing_half()


def queue() -> list[tuple[str, str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, status::text, args::text from procrastinate_jobs order by id")
        return cursor.fetchall()


def worker_process(*, slow: bool = False, wait: bool = False) -> subprocess.Popen[bytes]:
    """A real worker on this run's database; `slow` lets it sleep in every batch, so that it can be killed in the middle."""
    script = f"""
import os, sys, time
import tests.early
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "selaras.config.settings"
django.setup()
from django.conf import settings
from tests import database
database.use(sys.argv[1])
settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS = sys.argv[2:5]
from selaras.reconcile.actions import intake
if {slow}:
    stage = intake.stage
    def slowly(*args):
        stage(*args)
        print("staged", flush=True)
        time.sleep(4)
    intake.stage = slowly
from selaras.doors.cli import worker
worker.PATIENCE = 0.5
worker.worker(["--queue", "reconcile", *{[] if wait else ["--until-empty"]}], standalone_mode=False)
"""
    folders = [settings.SELARAS_FILES, settings.SELARAS_WORK, settings.SELARAS_SEALS]
    return subprocess.Popen(
        [sys.executable, "-c", script, settings.DATABASES["default"]["NAME"], *folders], cwd=ROOT, stdout=subprocess.PIPE
    )


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_finishes_and_no_row_is_doubled():
    delivery = deliver(many(30_000), queue=True)
    assert queue() == [("selaras.reconcile.jobs.intake", "todo", f'{{"delivery_id": "{delivery.pk}"}}')]
    first = worker_process(slow=True)
    assert first.stdout is not None and first.stdout.readline() == b"staged\n"
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert look(delivery.pk).state == "reading" and queue()[0][1] == "doing"
    assert list(Path(settings.SELARAS_WORK).glob("area-*")), "the killed worker left its plain file behind"
    with connections["owner"].cursor() as owner:
        owner.execute("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    take_up_stalled()
    assert queue()[0][1] == "todo"
    second = worker_process()
    assert second.wait(120) == 0
    assert look(delivery.pk).state == "taken_in" and counts(look(delivery.pk)) == (30_000, 0, 0, 0, 0)
    assert len({r.row_id for r in records()}) == 30_000
    with as_job("intake"):
        assert not StagedRow.objects.exists()
    assert not list(Path(settings.SELARAS_WORK).glob("area-*")), "and the next one wiped it"
    assert not any(name.endswith("intake") for name, status, _ in queue() if status in ("todo", "doing"))


def test_a_worker_told_to_end_gives_the_job_back_to_the_queue():
    delivery = deliver(many(60_000), queue=True)
    first = worker_process(slow=True, wait=True)
    assert first.stdout is not None and first.stdout.readline() == b"staged\n"
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert look(delivery.pk).state == "reading" and queue()[0][1] == "todo" and records() == []
    assert not list(Path(settings.SELARAS_WORK).glob("area-*"))
    with connections["owner"].cursor() as owner:
        owner.execute("update procrastinate_jobs set scheduled_at = null")  # it waits three seconds before the next try
    assert worker_process().wait(120) == 0
    assert look(delivery.pk).state == "taken_in" and len(records()) == 60_000


def take_up_stalled() -> None:
    """Run the ground's own periodic job, as a worker does."""

    async def go() -> int:
        async with app.open_async():
            return await jobs.retry_stalled.func(None, 0)

    with app.replace_connector(app.connector.get_worker_connector()):
        assert asyncio.run(go()) == 1


def test_no_number_of_the_row_is_found_in_log_queue_or_work_area(caplog):
    delivery = deliver(many(200), queue=True)
    second = worker_process()
    out, _ = second.communicate(timeout=120)
    assert look(delivery.pk).state == "taken_in"
    assert NIK not in caplog.text and NIK.encode() not in out and NIK not in str(queue())
    for folder in (settings.SELARAS_WORK, settings.SELARAS_FILES, settings.SELARAS_SEALS):
        for path in Path(folder).rglob("*"):
            assert not path.is_file() or NIK.encode() not in path.read_bytes()
    with connections["owner"].cursor() as owner:
        owner.execute("select count(*) from ground_ledgerline l where l::text like %s", [f"%{NIK}%"])
        assert owner.fetchone() == (0,)


def test_disk_faults_are_known_by_their_number():
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        found = taking._reason(OSError(number, "x"))
        assert found is not None and found.code == "disk.full"


def test_a_database_lost_while_rows_flow_in_is_seen_as_lost(monkeypatch):
    delivery = deliver(many(50))
    rows_of = taking.Sealer.rows

    def cut_off(sealer, rows):
        given = list(rows_of(sealer, rows))
        yield from given[:10]
        monkeypatch.setattr(taking.Sealer, "rows", rows_of)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.close()
        for _ in range(20_000):
            yield from given[10:]

    monkeypatch.setattr(taking.Sealer, "rows", cut_off)
    with pytest.raises(DatabaseLost):
        run(delivery.pk, job("intake"))
    connection.close()
    assert look(delivery.pk).state == "reading"
    nothing_half()
    assert run(delivery.pk, job("intake")) == "taken_in" and len(records()) == 50


def test_a_database_lost_in_the_middle_is_no_failure_and_the_next_try_finishes(monkeypatch):
    delivery = deliver(many(50))
    stage = taking.stage

    def cut_off(*given: object) -> None:
        stage(*given)
        monkeypatch.setattr(taking, "stage", stage)
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(taking, "stage", cut_off)
    with pytest.raises(DatabaseLost):
        run(delivery.pk, job("intake"))
    connection.close()
    assert look(delivery.pk).state == "reading"
    nothing_half()
    assert run(delivery.pk, job("intake")) == "taken_in" and len(records()) == 50
