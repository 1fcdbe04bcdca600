"""Judging: two pairs of eyes, double clicks, disputes, effect at once, undo, two officers at the same moment, the next run."""

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from selaras.ground.act import NotThere, Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.people.models import Identifier, Person, Presence
from selaras.reconcile.actions.judging import VERDICTS, judge, standing, undo_judgement
from selaras.reconcile.actions.runs import run_now
from selaras.reconcile.models import Judgement, Link, Pair, Record, Run
from selaras.reconcile.queries.pairs import next_pair, see_pair, see_queue
from selaras.reconcile.queries.records import records_of
from tests.cast import actor
from tests.reconcile.registers import broken_promises, person, put, whose


@given(st.lists(st.sampled_from(VERDICTS), max_size=5), st.sampled_from(["link", "review", "no"]))
def test_a_verdict_holds_only_when_more_agree_than_differ(verdicts: list[str], decision: str):
    state, verdict = standing(verdicts, decision)
    sides = list(verdicts) + ([{"link": "same", "no": "different"}[decision]] if decision != "review" and verdicts else [])
    if verdict:
        assert state == "settled" and verdict in verdicts
        assert sides.count(verdict) >= 2
        assert all(sides.count(verdict) > sides.count(other) for other in set(verdicts) - {verdict})
    else:
        assert state == ("open" if not verdicts else "waiting" if len(set(verdicts)) == 1 else "disputed")
    assert standing(reversed(verdicts), decision) == (state, verdict), "the order in which officers speak does not matter"


needs_rows = pytest.mark.usefixtures("committed")


def linked() -> None:
    put("siskop2mi", {f"S{n}": person(n) for n in range(6)})
    put("peduliwni", {f"P{n}": person(n, event_date="2026-02-01", status="PEKERJA") for n in range(4)})
    run_now()


def pair(left: str, right: str, decision: str = "review", weight: float = 0.2) -> UUID:
    """Leave a pair to the reviewers, as a run does."""
    with as_job("link"):
        ids = sorted(str(Record.objects.get(row_id=r).pk) for r in (left, right))
        made, _ = Pair.objects.update_or_create(
            left_id=ids[0], right_id=ids[1],
            defaults={
                "run": Run.objects.latest("asked_at"), "probability": 0.55, "weight": weight, "decision": decision,
                "reasons": [["nik.missing", {}, 0.0], ["name.equal", {}, 2.0], ["birth.other_day", {}, -0.4]],
                "matters": 0.4, "state": "open", "reach": ["nation"],
            },
        )  # fmt: skip
        return made.pk


def say(who: str, pair_id: UUID, verdict: str) -> Any:
    with acting(actor(who)):
        return judge(pair_id, verdict)


@needs_rows
def test_one_says_so_and_nothing_moves_yet():
    linked()
    before = whose()
    p = pair("S4", "S5")
    said = say("reviewer", p, "same")
    assert (said.state, said.verdict, said.moved) == ("waiting", "", 0)
    assert whose() == before


@needs_rows
def test_two_agree_and_two_persons_become_one_at_once():
    linked()
    before = whose()
    p = pair("S4", "S5")
    say("reviewer", p, "same")
    said = say("second", p, "same")
    assert (said.state, said.verdict, said.moved) == ("settled", "same", 1)
    after = whose()
    assert after["siskop2mi:S4"] == after["siskop2mi:S5"] == min(before["siskop2mi:S4"], before["siskop2mi:S5"])
    with acting(actor("reviewer")):
        moved = Link.objects.get(judged_id=p)
        assert moved.how == "judgement" and moved.decided_by.count("officer:") == 2 and moved.why[0][0] == "name.equal"
        assert Identifier.objects.filter(person_id=moved.person_id, kind="nik", until__isnull=True).count() == 2
        row = next(r for r in records_of(moved.person_id) if r.row_id == Record.objects.get(pk=moved.record_id).row_id)
        assert row.links[0].deciders == ("Rani, penelaah pertama", "Dua, penelaah kedua")
    assert broken_promises() == []


@needs_rows
def test_the_next_run_holds_to_the_verdict_and_changes_nothing():
    linked()
    p = pair("S4", "S5")
    say("reviewer", p, "same")
    say("second", p, "same")
    after = whose()
    again = run_now()
    assert whose() == after and again.counts["links_new"] == 0
    with acting(actor("reviewer")):
        assert Pair.objects.get(pk=p).verdict == "same"
    taught = again.counts["taught"]
    assert (taught["verdicts"], taught["held"], taught["spread"]) == (1, 1, 0.0), "one verdict is held to and teaches nothing"
    assert taught["persons"] == [6, 5] and taught["links"] == [4, 5]
    assert taught["count"][0][0] - taught["count"][1][0] == pytest.approx(1, abs=0.1)
    assert broken_promises() == []


@needs_rows
def test_different_splits_one_person_and_the_next_run_keeps_them_apart():
    linked()
    before = whose()
    with acting(actor("reviewer")):
        p = Pair.objects.get(left__row_id__in=["S0", "P0"], right__row_id__in=["S0", "P0"]).pk
    say("reviewer", p, "different")
    assert whose() == before, "the model was sure: one officer does not overrule it"
    said = say("second", p, "different")
    assert (said.state, said.moved) == ("settled", 1)
    after = whose()
    assert after["siskop2mi:S0"] != after["peduliwni:P0"]
    assert before["siskop2mi:S0"] in (after["siskop2mi:S0"], after["peduliwni:P0"]), "one side stays the person it was"
    with acting(actor("reviewer")):
        theirs = Presence.objects.get(source="peduliwni", source_row="P0").person_id
        assert str(theirs) == after["peduliwni:P0"]
        assert Person.objects.get(pk=theirs).name == "SURATMI HANDAYANI"
    run_now()
    assert whose() == after
    assert broken_promises() == []


@needs_rows
def test_a_verdict_that_is_taken_back_restores_what_was():
    linked()
    before = whose()
    for left, right, verdict in (("S4", "S5", "same"), ("S0", "P0", "different")):
        p = pair(left, right)
        say("reviewer", p, verdict)
        say("second", p, verdict)
        assert whose() != before
        with acting(actor("second")):
            undone = undo_judgement(p)
        assert (undone.state, undone.verdict, undone.moved) == ("waiting", "", 1)
        assert whose() == before
        assert broken_promises() == []
    with acting(actor("reviewer")):
        assert {link.how for link in Link.objects.filter(until__isnull=True)} == {"model", "undone"}
        standing_persons = Person.objects.filter(merged_into__isnull=True)
        assert standing_persons.count() == 6
        assert Identifier.objects.filter(person__in=standing_persons, kind="nik", until__isnull=True).count() == 6


@needs_rows
def test_two_who_differ_leave_it_to_a_third():
    linked()
    p = pair("S4", "S5")
    say("reviewer", p, "same")
    assert say("second", p, "different").state == "disputed"
    with acting(actor("reviewer")):
        assert see_queue("disputed").lines[0].id == p
        assert next_pair() is None, "each of the two has judged it"


@needs_rows
def test_unsure_by_two_settles_and_moves_nothing():
    linked()
    before = whose()
    p = pair("S4", "S5")
    say("reviewer", p, "unsure")
    assert say("second", p, "unsure").verdict == "unsure"
    assert whose() == before
    run_now()
    assert whose() == before


@needs_rows
def test_a_double_click_is_one_judgement_and_a_change_of_mind_replaces_it():
    linked()
    p = pair("S4", "S5")
    for _ in range(3):
        say("reviewer", p, "same")
    with acting(actor("reviewer")):
        assert Judgement.objects.filter(pair_id=p).count() == 1
    assert say("reviewer", p, "different").state == "waiting"
    with acting(actor("reviewer")):
        assert list(Judgement.objects.filter(pair_id=p, undone_at__isnull=True).values_list("verdict", flat=True)) == ["different"]
        assert Judgement.objects.filter(pair_id=p).count() == 2, "what was said before is still there"


@needs_rows
@pytest.mark.parametrize("verdicts", [("same", "same"), ("same", "different")])
def test_two_officers_at_the_same_moment(verdicts: tuple[str, str]):
    linked()
    p = pair("S4", "S5")
    gate = threading.Barrier(2)
    states: list[str] = []

    def officer(who: str, verdict: str) -> None:
        try:
            gate.wait()
            states.append(say(who, p, verdict).state)
        finally:
            connections.close_all()

    both = [threading.Thread(target=officer, args=a) for a in zip(("reviewer", "second"), verdicts, strict=True)]
    [t.start() for t in both]
    [t.join() for t in both]
    last = "settled" if verdicts[0] == verdicts[1] else "disputed"
    assert sorted(states) == sorted(["waiting", last])
    with acting(actor("reviewer")):
        assert Pair.objects.get(pk=p).state == last
        assert Judgement.objects.filter(pair_id=p).count() == 2
    assert broken_promises() == []


@needs_rows
def test_the_same_officer_twice_at_the_same_moment_is_one_judgement():
    linked()
    p = pair("S4", "S5")
    gate = threading.Barrier(2)

    def click() -> None:
        try:
            gate.wait()
            say("reviewer", p, "same")
        finally:
            connections.close_all()

    both = [threading.Thread(target=click) for _ in range(2)]
    [t.start() for t in both]
    [t.join() for t in both]
    with acting(actor("reviewer")):
        assert Judgement.objects.filter(pair_id=p).count() == 1


@needs_rows
def test_a_judgement_while_a_run_works_is_kept():
    linked()
    p = pair("S4", "S5")
    say("reviewer", p, "same")
    done: list[Any] = []

    def meanwhile(stage: str, n: int, total: int | None) -> None:
        if stage == "compose" and not done:

            def second() -> None:
                done.append(say("second", p, "same"))
                connections.close_all()

            thread = threading.Thread(target=second)
            thread.start()
            thread.join()

    run_now(meanwhile)
    assert done[0].moved == 1
    after = whose()
    assert after["siskop2mi:S4"] == after["siskop2mi:S5"]
    assert broken_promises() == []
    run_now()
    assert whose() == after


@needs_rows
def test_opening_a_pair_is_written_down_for_both_persons_and_the_other_verdict_stays_hidden():
    linked()
    before = whose()
    p = pair("S4", "S5")
    say("reviewer", p, "same")
    with acting(actor("second")):
        page = see_pair(p)
        assert [(s.officer, s.verdict) for s in page.said] == [("Rani, penelaah pertama", "")]
        judge(p, "different")
        assert {s.verdict for s in see_pair(p).said} == {"same", "different"}
    with as_job("link", reads_ledger=True):
        line = LedgerLine.objects.filter(verb="reconcile.see_pair").first()
        subjects = {str(s.subject) for s in line.ledgersubject_set.all()}
        assert subjects == {before["siskop2mi:S4"], before["siskop2mi:S5"]}


@needs_rows
def test_numbers_are_masked_whether_they_agree_or_differ():
    linked()
    with acting(actor("reviewer")):
        same = Pair.objects.get(left__row_id__in=["S0", "P0"], right__row_id__in=["S0", "P0"]).pk
        nik = next(c for c in see_pair(same).compared if c.field == "nik")
        assert nik.left == nik.right and "•" in nik.left and nik.sign == "same"
        other = next(c for c in see_pair(pair("S4", "S5")).compared if c.field == "nik")
        assert "•" in other.left and "•" in other.right and other.left != other.right and other.sign != "same"


@needs_rows
def test_who_may_not_judge_is_refused_and_a_strange_verdict_too():
    linked()
    p = pair("S4", "S5")
    with acting(actor("data")), pytest.raises(Refused, match="not_your_role"):
        judge(p, "same")
    with acting(actor("reviewer")):
        with pytest.raises(Refused, match="unknown_verdict"):
            judge(p, "perhaps")
        with pytest.raises(Refused, match="nothing_to_undo"):
            undo_judgement(p)
        with pytest.raises(NotThere):
            judge(UUID(int=1), "same")
    assert broken_promises() == []


@needs_rows
def test_a_verdict_while_a_run_switches_over_waits_or_is_refused_and_nothing_is_half_done():
    linked()
    p = pair("S4", "S5")
    say("reviewer", p, "same")
    codes: list[str] = []

    def meanwhile(stage: str, n: int, total: int | None) -> None:
        if stage != "switch" or codes:
            return

        def second() -> None:
            try:
                say("second", p, "same")
            except Refused as refusal:
                codes.append(refusal.code)
            finally:
                connections.close_all()

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert run_now(meanwhile).state == "done"
    assert codes == ["run_switching"]
    with acting(actor("reviewer")):
        assert Pair.objects.get(pk=p).state == "waiting" and Judgement.objects.filter(pair_id=p).count() == 1
    assert broken_promises() == []
    assert say("second", p, "same").moved == 1


@needs_rows
def test_two_verdicts_about_one_person_at_the_same_moment_both_hold():
    linked()
    one, other = pair("S3", "S4"), pair("S4", "S5")
    for p in (one, other):
        say("reviewer", p, "same")
    gate = threading.Barrier(2)

    def second(p: UUID) -> None:
        try:
            gate.wait()
            say("second", p, "same")
        finally:
            connections.close_all()

    both = [threading.Thread(target=second, args=(p,)) for p in (one, other)]
    [t.start() for t in both]
    [t.join() for t in both]
    who = whose()
    assert who["siskop2mi:S3"] == who["siskop2mi:S4"] == who["siskop2mi:S5"]
    assert broken_promises() == []
