"""The ledger: one line a verb, refusals stay after rollback, seals name what an owner changed."""

import json
import threading
import time
import tracemalloc
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from selaras.ground import ledger, sealing
from selaras.ground.act import Refused, as_job
from selaras.ground.actions.officers import add_officer
from selaras.ground.actions.offices import open_office
from selaras.ground.actions.seals import seal_ledger
from selaras.ground.keyring import ring
from selaras.ground.models import LedgerLine, LedgerSubject, Seal
from selaras.ground.queries.ledger import Proof, read_ledger, verify_ledger
from selaras.ground.scope import acting
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("committed")


def verify() -> Proof:
    with acting(actor("auditor")):
        return verify_ledger()


def seal(expected: int = 1) -> int:
    """Seal until at least so many lines are sealed: other runs on the same server may hold the window back a while."""
    sealed, until = 0, time.monotonic() + 60
    while sealed < expected and time.monotonic() < until:
        with as_job("seal", reads_ledger=True):
            sealed += seal_ledger()
        if sealed < expected:
            time.sleep(0.2)
    return sealed


def fill(count: int = 12) -> list[UUID]:
    for _ in range(count):
        with acting(actor("auditor")):
            read_ledger(limit=1)
    with as_job("seal", reads_ledger=True):
        return list(LedgerLine.objects.order_by("id").values_list("id", flat=True))


def owner(sql: str, *values: object) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


def test_a_verb_leaves_one_line_and_a_refusal_stays_after_rollback():
    with acting(actor("admin")):
        open_office(key="uji", kind="desk", name="Uji", area="3212", reach=["area:3212"])
    with pytest.raises(Refused), acting(actor("admin")):
        add_officer(email="uji@x.example", name="x", password="a-long-enough-passphrase-1")
        open_office(key="uji2", kind="desk", name="Uji", reach=["area:99999"])
    with pytest.raises(Refused), acting(actor("village")):
        open_office(key="uji3", kind="desk", name="Uji")
    with acting(actor("auditor")):
        lines = [(line.verb, line.outcome, line.detail.get("code")) for line in reversed(read_ledger())]
    assert lines == [
        ("ground.open_office", "done", None),
        ("ground.open_office", "refused", "unknown_reach"),
        ("ground.open_office", "refused", "not_your_role"),
    ], "the officer entered before the refusal is rolled back with its line; the refusals stay"


def test_the_app_can_neither_change_nor_remove_a_line():
    fill(1)
    for statement in (
        "update ground_ledgerline set verb = 'x'",
        "delete from ground_ledgerline",
        "truncate ground_ledgerline",
        "delete from ground_seal",
    ):
        with (
            pytest.raises(Exception, match="permission denied"),
            as_job("seal", reads_ledger=True),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_line_cannot_be_written_in_another_actors_name():
    with pytest.raises(Exception, match="row-level security"), acting(actor("village")), connection.cursor() as cursor:
        cursor.execute(
            "insert into ground_ledgerline (id, at, actor, actor_name, office, verb, outcome, count, content, detail) values (gen_random_uuid(), now(), 'officer:someone', '', '', 'people.merge', 'done', 0, '', '{}')"
        )


def test_only_those_who_audit_read_all_lines():
    fill(3)
    with acting(actor("desk")):
        assert LedgerLine.objects.count() == 0
    with acting(actor("auditor")):
        assert LedgerLine.objects.count() >= 3


def test_a_whole_ledger_verifies_and_says_what_is_not_sealed_yet():
    fill(5)
    assert seal(5) >= 5
    proof = verify()
    assert proof.whole and proof.sealed >= 5 and proof.seals >= 1 and proof.unsealed >= 1
    fill(5)
    assert seal(5) >= 5 and verify().whole


def found(kind: str) -> set[UUID | None]:
    return {f.line for f in verify().findings if f.kind == kind}


def test_a_changed_line_is_named():
    ids = fill()
    seal(12)
    owner("update ground_ledgerline set outcome = 'done' where id = %s", ids[3])
    assert found("changed") == {ids[3]}


def test_a_removed_line_is_named():
    ids = fill()
    seal(12)
    owner("delete from ground_ledgerline where id = %s", ids[4])
    assert found("missing") == {ids[4]}


def test_two_lines_in_exchanged_order_are_named():
    ids = fill()
    seal(12)
    spare = UUID(int=0)
    for old, new in ((ids[2], spare), (ids[5], ids[2]), (spare, ids[5])):
        owner("update ground_ledgerline set id = %s where id = %s", new, old)
    assert found("changed") == {ids[2], ids[5]}


def test_a_line_slipped_into_a_sealed_window_is_named():
    ids = fill()
    seal(12)
    owner(
        "insert into ground_ledgerline (id, at, actor, actor_name, office, verb, outcome, count, content, detail, xid) select gen_random_uuid(), at, actor, actor_name, office, verb, outcome, count, content, detail, xid from ground_ledgerline where id = %s",
        ids[0],
    )
    assert len(found("added")) == 1


def test_a_rewritten_chain_is_named_by_signature_and_by_the_copy_outside():
    ids = fill()
    seal(12)
    owner("update ground_ledgerline set outcome = 'done' where id = %s", ids[3])
    with as_job("seal", reads_ledger=True):
        last = Seal.objects.get(number=1)
        listed = [i for i, _ in sealing.unpacked(last.lines)]
        lines = list(LedgerLine.objects.filter(id__in=listed).order_by("id"))
    raw = sealing.packed(lines)
    root = sealing.merkle_root([h for _, h in sealing.unpacked(raw)])
    owner("update ground_seal set lines = %s, root = %s where number = 1", raw, root)
    kinds = {f.kind for f in verify().findings}
    assert {"signature", "copy"} <= kinds and "changed" not in kinds
    # even with the signing key in the owner's hands the copy outside tells
    last.lines, last.root = raw, root
    _, signature = ring().sign(sealing.statement(last))
    owner("update ground_seal set signature = %s where number = 1", signature)
    assert {f.kind for f in verify().findings} == {"copy"}


def test_a_removed_last_seal_is_named_by_its_copy():
    fill()
    seal(12)
    fill(3)
    seal(3)
    owner("delete from ground_seal where number = (select max(number) from ground_seal)")
    assert "seal_missing" in {f.kind for f in verify().findings}


def test_a_sealing_under_way_is_not_taken_for_a_removed_seal():
    fill()
    copied, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with as_job("seal", reads_ledger=True):
            while not seal_ledger():
                time.sleep(0.1)
            copied.set()
            finish.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert copied.wait(60) and sealing.copy_path(1).exists()
    ending = threading.Timer(1, finish.set)
    ending.start()
    proof = verify()
    assert finish.is_set() and proof.whole, proof.findings
    thread.join()
    assert verify().whole


def test_a_late_line_of_a_long_transaction_is_sealed_later_and_nothing_is_lost():
    started, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with acting(actor("admin")):
            open_office(key="uji-lama", kind="desk", name="Lama")
            started.set()
            finish.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(10)
    fill(6)
    with as_job("seal", reads_ledger=True):
        early = seal_ledger()
    finish.set()
    thread.join()
    fill(1)
    late = seal(8)
    assert early == 0, "nothing younger than the open transaction may be sealed"
    assert late >= 8 and verify().whole


def test_seals_hold_no_more_than_a_batch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    fill(11)
    seal(11)
    with as_job("seal", reads_ledger=True):
        counts = list(Seal.objects.order_by("number").values_list("count", flat=True))
    assert max(counts) <= 4 and sum(counts) >= 11 and verify().whole


def test_the_copy_outside_holds_no_line_only_hashes():
    fill(3)
    seal()
    body = json.loads(sealing.copy_path(1).read_text())
    assert set(body) == {"statement", "signature", "key"} and "auditor" not in body["statement"]


def test_a_removed_last_seal_stays_named_when_its_window_is_sealed_again():
    ids = fill()
    seal(12)
    owner("delete from ground_seal")
    owner("delete from ground_ledgerline where id = %s", ids[3])
    assert seal(11) >= 11, "sealing goes on"
    assert "seal_missing" in {f.kind for f in verify().findings}, "the copy outside is not written over"


def test_a_seal_that_was_copied_but_never_committed_is_taken_up_from_its_copy():
    fill()
    seal(12)
    with as_job("seal", reads_ledger=True):
        before = list(Seal.objects.order_by("number").values_list("number", "root", "signature", "made_at"))
    owner("delete from ground_seal")
    fill(2)
    assert seal(14) >= 14
    with as_job("seal", reads_ledger=True):
        after = list(Seal.objects.order_by("number").values_list("number", "root", "signature", "made_at"))
    assert after[: len(before)] == before and verify().whole


def test_a_line_about_very_many_subjects_names_each_and_takes_little_memory():
    many = [UUID(int=n) for n in range(1, 60_002)]
    with acting(actor("auditor")) as auditor:
        tracemalloc.start()
        line = ledger.write(auditor, "reconcile.apply_run", "done", subjects=many)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert line.count == len(many) and peak < 25_000_000
        assert LedgerSubject.objects.filter(line=line).count() == len(many)
        assert LedgerSubject.objects.filter(line=line, subject__in=[many[0], many[20_000], many[-1]]).count() == 3


def test_a_subject_that_was_taken_from_a_sealed_line_or_added_to_one_is_named():
    many = sorted(uuid4() for _ in range(5))
    with acting(actor("auditor")) as auditor:
        first, second, third = (ledger.write(auditor, "people.find_by_number", "read", subjects=many).id for _ in range(3))
    fill(2)
    seal(5)
    assert verify().whole
    owner("delete from ground_ledgersubject where line_id = %s and subject = %s", first, many[2])
    owner("update ground_ledgersubject set subject = %s where line_id = %s and subject = %s", uuid4(), second, many[0])
    assert found("subjects") == {first, second}
    owner("delete from ground_ledgersubject where line_id = %s", third)
    assert found("subjects") == {first, second, third}
