"""A sample drawn for reading: drawn once, read blind, undone, estimated, taught to the next run; who may."""

from uuid import UUID

import pytest

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.actions.sampling import draw_sample, read_drawn, unread_drawn
from selaras.reconcile.models import DrawnPair, Record, Run, Sample
from selaras.reconcile.queries.sampling import next_drawn, readings, see_drawn, see_sample
from tests.cast import actor
from tests.reconcile.registers import broken_promises, person, put, whose

pytestmark = pytest.mark.usefixtures("committed")


def linked(count: int = 40) -> UUID:
    put("siskop2mi", {f"S{n}": person(n) for n in range(count)})
    put("peduliwni", {f"P{n}": person(n, event_date="2026-02-01", status="PEKERJA") for n in range(count * 3 // 4)})
    return run_now().id


def drawn(run: UUID, size: int = 20, who: str = "reviewer") -> Sample:
    with acting(actor(who)):
        return draw_sample(run, size)


def test_a_run_keeps_pairs_and_an_officer_draws_some_once():
    run = linked()
    with acting(actor("reviewer")):
        offered = see_sample(run)
        assert offered.size is None and offered.quality is None and next_drawn(run) is None
        kept = DrawnPair.objects.count()
        assert kept == sum(min(line.pairs, 300) for line in offered.strata) >= 30
    sample = drawn(run)
    assert sample.size == 20
    with acting(actor("reviewer")):
        turns = sorted(DrawnPair.objects.filter(turn__isnull=False).values_list("turn", flat=True))
        assert turns == list(range(20)) and next_drawn(run) == DrawnPair.objects.get(turn=0).pk
        with pytest.raises(Refused, match="sample_drawn"):
            draw_sample(run, 20)
        for size in (0, 19, 1_001):
            with pytest.raises(Refused, match="sample_size"):
                draw_sample(run, size)
        with pytest.raises(NotThere):
            draw_sample(UUID(int=1), 20)


def read_all(run: UUID, wrong: int = 0) -> None:
    """Read every drawn pair by whose rows they truly are; `wrong` of the linked ones as two persons."""
    with acting(actor("reviewer")):
        while (at := next_drawn(run)) is not None:
            pair = DrawnPair.objects.get(pk=at)
            true = pair.left.row_id[1:] == pair.right.row_id[1:]
            if true and wrong:
                true, wrong = False, wrong - 1
            read_drawn(at, "same" if true else "different")


def test_what_is_read_becomes_precision_and_recall_with_intervals():
    run = linked()
    drawn(run)
    read_all(run, wrong=2)
    with acting(actor("auditor")):
        page = see_sample(run)
    assert (page.left, page.unsure, page.quality.read) == (0, 0, 20)
    linked_read = sum(line.read for line in page.strata if line.linked)
    linked_same = sum(line.same for line in page.strata if line.linked)
    assert linked_same == linked_read - 2
    assert 0.6 < page.quality.precision.low < page.quality.precision.value < page.quality.precision.high <= 1
    assert page.quality.recall.low <= page.quality.recall.value <= page.quality.recall.high
    with as_job("link"):
        told = readings()
    assert len(told) == 20 and {t[4] for t in told} == {"same", "different"}
    assert sum(t[5] for t in told) == pytest.approx(sum(line.pairs for line in page.strata))


def test_reading_is_blind_and_a_ledger_line_and_moves_nothing():
    run = linked()
    drawn(run)
    before = whose()
    with acting(actor("second")):
        first = next_drawn(run)
        page = see_drawn(first)
        assert page.left.person_id is None and page.right.person_id is None, "whose it is would tell what the model thinks"
        assert {c.sign for c in page.compared} <= {"same", ""}
        assert all("•" in c.left for c in page.compared if c.sealed and c.left)
        read_drawn(first, "different")
        assert next_drawn(run) != first
        assert see_drawn(first).verdict == "different"
    with acting(actor("reviewer")):
        assert see_drawn(first).verdict == "", "nor is what another reader said"
        with pytest.raises(Refused, match="read_already"):
            read_drawn(first, "same")
        with pytest.raises(Refused, match="nothing_to_undo"):
            unread_drawn(first)
    assert whose() == before
    with acting(actor("second")):
        unread_drawn(first)
        assert next_drawn(run) == first
        with pytest.raises(Refused, match="unknown_verdict"):
            read_drawn(first, "perhaps")
        waiting = DrawnPair.objects.filter(turn__isnull=True).first()
        with pytest.raises(NotThere):
            read_drawn(waiting.pk, "same")
        with pytest.raises(NotThere):
            see_drawn(waiting.pk)
    with as_job("link", reads_ledger=True):
        line = LedgerLine.objects.filter(verb="reconcile.see_drawn").first()
        rows = DrawnPair.objects.get(pk=first)
        persons = {str(p) for p in Record.objects.filter(pk__in=[rows.left_id, rows.right_id]).values_list("person_id", flat=True)}
        assert {str(s.subject) for s in line.ledgersubject_set.all()} == persons
    assert broken_promises() == []


def test_the_next_run_learns_from_readings_holds_none_and_keeps_what_was_drawn():
    run = linked()
    drawn(run)
    read_all(run)
    before = whose()
    again = run_now()
    assert whose() == before
    assert again.counts["taught"]["drawn"] == 20 and again.counts["taught"]["held"] == 0
    with acting(actor("reviewer")):
        assert see_sample(run).quality.read == 20
        assert see_sample(again.id).size is None
    third = run_now()
    with acting(actor("reviewer")):
        assert see_sample(again.id).strata == (), "of a run that nobody drew from nothing is kept"
        assert set(Sample.objects.values_list("run_id", flat=True)) == {run, third.id}
        assert Run.objects.count() == 3


def test_who_may_not_draw_or_read_is_refused():
    run = linked()
    for who in ("data", "auditor", "village"):
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            draw_sample(run, 20)
    drawn(run)
    with acting(actor("reviewer")):
        first = next_drawn(run)
    for who in ("data", "auditor", "village"):
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            read_drawn(first, "same")
        with acting(actor(who)), pytest.raises(Refused, match="not_your_role"):
            see_drawn(first)
