"""The last day: files and the content of rows set aside are wiped when it is past, counts and reasons stay, strays go, and each is a ledger line."""

import datetime as dt
import os
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from selaras.ground.act import Refused, as_job, job
from selaras.ground.actions.files import remove_strays
from selaras.ground.keeping import keep, path_of
from selaras.ground.models import KeptFile, LedgerLine
from selaras.ground.queries.offices import officer_by_email
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.reconcile.actions.deliveries import hand_in, retry_delivery
from selaras.reconcile.actions.intake import run
from selaras.reconcile.actions.retention import wipe_delivery
from selaras.reconcile.jobs import wipe
from selaras.reconcile.models import Delivery, Reject
from selaras.reconcile.queries.deliveries import download_rejects, see_rejects
from selaras.reconcile.queries.retention import past_their_day
from tests.cast import BY_KEY, actor
from tests.reconcile.intake import AGREEMENT, HEADER, deliver, look, records, sign, take, text, worker

pytestmark = pytest.mark.usefixtures("committed")
KEPT = law().clock("keep_delivery", timezone.localdate()).days or 0


def aged(delivery_id: UUID, days: int) -> None:
    """Let a delivery have come so many days ago."""
    past = timezone.now() - dt.timedelta(days=days)
    row = look(delivery_id)
    with as_job("intake"):
        Delivery.objects.filter(pk=delivery_id).update(handed_in_at=past, taken_in_at=past if row.taken_in_at else None)


def file_of(delivery_id: UUID) -> Path:
    with as_job("intake"):
        return path_of(Delivery.objects.get(pk=delivery_id).file_id)


def test_past_its_day_the_file_and_what_stood_in_rejects_are_gone_and_counts_and_reasons_stay(tmp_path: Path):
    line = take(text([worker(1), worker(2, NAMA_LENGKAP="")]))
    file = file_of(line.id)
    with acting(actor("data")):
        before, _ = see_rejects(delivery_id=line.id)
    aged(line.id, KEPT)
    assert wipe.func(0) == 0 and file.exists(), "its last day is not over yet"
    aged(line.id, KEPT + 1)
    assert wipe.func(0) == 1 and not file.exists()
    after = look(line.id)
    assert after.wiped_at is not None and after.counts == line.counts and after.state == "taken_in"
    assert "header" not in after.form and "sample" not in after.form and after.form["kind"] == "csv"
    with acting(actor("data")):
        rejects, total = see_rejects(delivery_id=line.id)
        assert total == 1 and (rejects[0].line, rejects[0].code) == (before[0].line, before[0].code)
        assert all(r.value is None and r.raw is None for r in Reject.objects.filter(delivery_id=line.id))
        with pytest.raises(Refused, match=r"delivery\.wiped"):
            download_rejects(delivery_id=line.id, path=tmp_path / "x.csv", say=lambda code, params: code)
    assert len(records()) == 1, "what was taken in stands"
    with connections["owner"].cursor() as owner:
        owner.execute("select count(*) from reconcile_reject where raw is not null or value is not null")
        assert owner.fetchone() == (0,)
    with as_job("seal", reads_ledger=True):
        told = LedgerLine.objects.get(verb="reconcile.wipe_delivery")
        assert (told.count, told.actor, told.detail["file"]) == (1, "job:retention", True)
        assert told.detail["delivery"] == str(line.id) and told.content
    assert wipe.func(0) == 0, "a second night finds nothing to do"


def test_what_waits_for_its_reader_is_kept_and_what_waits_for_a_person_is_given_up():
    waiting = deliver(text([worker(1)])).pk
    strange = deliver(text([worker(1)], ["NOMOR SURAT PERJALANAN" if h == "NO. PASPOR" else h for h in HEADER])).pk
    assert run(strange, job("intake")) == "unmapped"
    for delivery_id in (waiting, strange):
        aged(delivery_id, 10 * KEPT)
    assert look(waiting).kept_until is None
    assert wipe.func(0) == 1
    assert file_of(waiting).exists() and look(waiting).state == "received"
    given_up = look(strange)
    assert given_up.state == "cancelled" and given_up.fault["code"] == "delivery.past_its_day" and not file_of(strange).exists()


def test_a_failed_delivery_whose_file_is_gone_is_not_tried_again():
    line = take(b"\x00\x01 no table")
    assert line.state == "refused"
    aged(line.id, KEPT + 1)
    with as_job("retention"):
        assert past_their_day() == [line.id] and wipe_delivery(delivery_id=line.id)
    with acting(actor("data")), pytest.raises(Refused, match=r"delivery\.wiped"):
        retry_delivery(delivery_id=line.id)


def test_a_wiping_that_fails_is_done_the_next_night(monkeypatch: pytest.MonkeyPatch):
    line = take(text([worker(1)]))
    aged(line.id, KEPT + 1)
    real = Delivery.save
    monkeypatch.setattr(Delivery, "save", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("the power went")))
    with pytest.raises(RuntimeError):
        wipe.func(0)
    assert look(line.id).wiped_at is None
    monkeypatch.setattr(Delivery, "save", real)
    assert wipe.func(0) == 1 and look(line.id).wiped_at is not None


def test_a_file_that_a_rolled_back_request_left_is_found_and_removed_and_no_other():
    mine = deliver(text([worker(1)]))
    with acting(actor("desk")):
        keep([b"a paper"], "surat.pdf")  # within the reach of a desk
    sign()
    with pytest.raises(KeyError), acting(actor("data")):
        hand_in(source="siskop2mi", agreement=AGREEMENT, parts=[text([worker(2)])], name="b.csv", queue=False)
        raise KeyError("the request fails after the verb")
    folder = Path(settings.SELARAS_FILES)
    half = folder / "aa" / f"{uuid4().hex}.part"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    young = folder / "aa" / f"{uuid4().hex}.part"
    young.write_bytes(b"being written")
    long_ago = time.time() - 2 * 86_400
    for path in folder.glob("??/*"):
        if path != young:
            os.utime(path, (long_ago, long_ago))
    assert len(list(folder.glob("??/*"))) == 5
    assert wipe.func(0) == 2
    with as_job("retention"):
        kept = {path_of(i) for i in KeptFile.objects.values_list("id", flat=True)}
    assert set(folder.glob("??/*")) == {young, *kept} and path_of(mine.file_id) in kept and len(kept) == 2
    with as_job("seal", reads_ledger=True):
        assert LedgerLine.objects.get(verb="ground.remove_strays").count == 2


def test_only_the_nightly_job_may_wipe():
    line = take(text([worker(1)]))
    for who in ("data", "reviewer", "admin"):
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            wipe_delivery(delivery_id=line.id)
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            remove_strays()


def test_the_page_says_until_when_and_afterwards_that_it_is_gone():
    line = take(text([worker(1), worker(2, NAMA_LENGKAP="")]))
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(officer_by_email(BY_KEY["data"].email))
    page = client.get(reverse("delivery", args=[line.id])).content.decode()
    assert "kept until" in page and f'datetime="{(timezone.localdate() + dt.timedelta(days=KEPT)).isoformat()}"' in page
    assert reverse("delivery_rejects", args=[line.id]) in page
    aged(line.id, KEPT + 1)
    wipe.func(0)
    page = client.get(reverse("delivery", args=[line.id])).content.decode()
    assert "wiped on" in page and "lines and reasons stay" in page and "kept until" not in page
    assert reverse("delivery_rejects", args=[line.id]) not in page
