"""Deciding at the gate: allow and hold, each only when the list leaves it open; a second person; appeals; what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.scope import acting
from selaras.people.actions.steps import do_step, refuse_step, return_step
from selaras.people.models import Fact, Journey, JourneyStep, Person
from selaras.people.queries.journeys import open_journey
from selaras.place.actions.appeals import answer_appeal, appeal
from selaras.place.actions.gate import DecidedMeanwhile, NotOpen, confirm_allow, decide, decline_allow, say_condition
from selaras.place.models import Decision
from selaras.place.queries.gate import check_record, open_record
from selaras.place.queries.queue import see_gate_queue
from tests.cast import actor
from tests.market.demand import AGENCY, OTHER, OWN, RIVAL, parties, permitted
from tests.place.standing import WHY, before_gate, decided, fact, looked, second, woman

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def _market(committed: None) -> None:
    parties()
    permitted()


def gate_step(journey_id: Any) -> str:
    with acting(actor("reviewer")):
        states = JourneyStep.objects.filter(journey_id=journey_id, step="gate").order_by("id").values_list("state", flat=True)
        return str(list(states)[-1])


def test_who_has_everything_may_leave_and_the_journey_goes_on():
    journey = before_gate()
    seen = looked(journey)
    assert (seen.may_allow, seen.may_hold, seen.reasons, seen.at_gate, seen.mine) == (True, False, (), True, True)
    done = decided(journey, "allow")
    assert (done.kind, done.state, done.turn) == ("allow", "standing", 1)
    assert gate_step(journey) == "done"
    with acting(actor("bp3mi")):
        now = {line.rule.id for line in open_journey(journey).lines if line.state == "now"}
    assert "depart" in now
    kept = looked(journey).standing
    assert kept is not None and kept.whole and kept.by == "Bima di BP3MI Jawa Barat" and kept.words == WHY


def test_each_line_shows_rule_article_paper_verifier_and_time_with_the_number_masked():
    line = next(one for one in looked(before_gate()).lines if one["rule"] == "doc_passport")
    assert (line["value"], line["basis"], line["paper"]["verified_by"], line["paper"]["path"]) == ("met", "UU18:13e", "Indra", "manual")
    assert "•" in line["paper"]["masked"] and "2026" not in line["paper"]["masked"]
    assert line["paper"]["verified_at"]
    health = next(one for one in looked(before_gate()).lines if one["rule"] == "doc_health")
    assert (health["paper"]["result"], health["paper"]["masked"]) == ("fit", ""), "only the result leaves the clinic"


def test_neither_decision_goes_against_the_list():
    whole, lacking = before_gate(), before_gate(without=("visa", "passport"))
    with pytest.raises(NotOpen) as held:
        decided(whole, "hold")
    assert (held.value.code, held.value.basis) == ("hold_nothing_unmet", "UU18:70(2)")
    with pytest.raises(NotOpen) as allowed:
        decided(lacking, "allow")
    assert (allowed.value.code, allowed.value.basis) == ("allow_unmet", "UU18:70(1)")
    assert allowed.value.reasons == (
        ("doc_passport", "evidence_missing", "UU18:13e"), ("doc_visa", "evidence_missing", "UU18:13f"),
    )  # fmt: skip
    assert decided(lacking, "hold").state == "standing"
    assert gate_step(lacking) == "now"
    with acting(actor("reviewer")):
        assert Decision.objects.count() == 1


def test_a_paper_that_nobody_verified_names_the_way_by_hand():
    journey = before_gate(without=("passport",))
    with acting(actor("reviewer")):
        person = JourneyStep.objects.filter(journey_id=journey).first().journey
        fact(person, "passport", verdict="unverifiable")
    line = next(one for one in looked(journey).lines if one["rule"] == "doc_passport")
    assert (line["value"], line["code"], line["feed"]) == ("not_yet", "evidence_unverifiable", "imigrasi")
    assert line["manual"] and line["manual_en"]
    with pytest.raises(NotOpen):
        decided(journey, "allow")
    assert decided(journey, "hold").state == "standing", "what is not verifiable yet is not met"


def test_without_a_justification_or_off_the_gate_nothing_is_decided():
    journey = before_gate()
    with pytest.raises(Refused) as empty:
        decided(journey, "allow", justification=" ok ")
    assert empty.value.code == "no_justification"
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(journey_id=journey, step__in=("card", "gate")).delete()
    assert not looked(journey).at_gate
    with pytest.raises(Refused) as early:
        decided(journey, "allow")
    assert (early.value.code, early.value.params["steps"]) == ("not_at_gate", ["card"])


def test_only_the_regional_office_decides_and_only_within_its_reach():
    journey = before_gate()
    for who in ("desk", "dinas", "agency"):
        with acting(actor(who)), pytest.raises(Refused) as refused:
            decide(journey_id=journey, decision="allow", justification=WHY, version=0)
        assert refused.value.code == "not_your_role"
    with pytest.raises(NotThere):
        looked(journey, actor("desk"))
    with pytest.raises(NotThere):
        looked(journey, actor("agency"))


def test_the_gate_is_passed_by_no_other_verb():
    journey = before_gate()
    with acting(actor("bp3mi")):
        version = open_journey(journey).version
        for verb, more in ((do_step, {}), (refuse_step, {"reason": "x"}), (return_step, {"reason": "x"})):
            with pytest.raises(Refused) as refused:
                verb(journey_id=journey, step="gate", version=version, **more)
            assert refused.value.code == "step_by_verb"


def test_a_decision_on_lines_that_changed_since_they_were_seen_is_refused():
    journey = before_gate()
    seen = looked(journey)
    with acting(actor("reviewer")):
        Fact.objects.filter(journey_id=journey, kind="visa").update(verdict="stated")
        Fact.objects.filter(journey_id=journey, kind="passport").update(verdict="stated")
    with pytest.raises(NotOpen):
        decided(journey, "allow", seen=seen.seen)
    lacking = before_gate(without=("visa",))
    seen = looked(lacking)
    with acting(actor("reviewer")):
        Fact.objects.filter(journey_id=lacking, kind="passport").update(verdict="refused")
    with pytest.raises(Refused) as changed:
        decided(lacking, "hold", seen=seen.seen)
    assert changed.value.code == "lines_changed"


def test_a_hold_becomes_an_approval_only_by_a_second_person():
    journey = before_gate(without=("visa",))
    held = decided(journey, "hold")
    with acting(actor("reviewer")):
        fact(JourneyStep.objects.filter(journey_id=journey).first().journey, "visa")
    proposed = decided(journey, "allow")
    assert (proposed.state, gate_step(journey)) == ("proposed", "now")
    with pytest.raises(Refused) as waits:
        decided(journey, "allow")
    assert waits.value.code == "proposal_waits"
    with acting(actor("bp3mi")), pytest.raises(Refused) as same:
        confirm_allow(decision_id=proposed.decision_id, justification=WHY)
    assert same.value.code == "second_person"
    other = second()
    with acting(other):
        done = confirm_allow(decision_id=proposed.decision_id, justification="Visa dilihat di sistem kedutaan", once="a")
        again = confirm_allow(decision_id=proposed.decision_id, justification="Visa dilihat di sistem kedutaan", once="a")
    assert (done.state, done.kind, gate_step(journey)) == ("standing", "allow", "done")
    assert (again.decision_id, again.again) == (done.decision_id, True)
    states = {one.id: one.state for one in looked(journey).decisions}
    assert states == {held.decision_id: "replaced", proposed.decision_id: "confirmed", done.decision_id: "standing"}
    assert looked(journey).standing.proposed_by == "Bima di BP3MI Jawa Barat"


def test_a_second_person_may_decline_and_may_not_confirm_what_is_no_longer_met():
    journey = before_gate(without=("visa",))
    decided(journey, "hold")
    with acting(actor("reviewer")):
        visa = fact(JourneyStep.objects.filter(journey_id=journey).first().journey, "visa")
    proposed = decided(journey, "allow")
    other = second()
    with acting(actor("reviewer")):
        Fact.objects.filter(pk=visa.pk).update(verdict="refused")
    with acting(other), pytest.raises(NotOpen):
        confirm_allow(decision_id=proposed.decision_id, justification=WHY)
    with acting(other):
        assert decline_allow(decision_id=proposed.decision_id, justification="Visa ternyata ditolak").state == "declined"
        with pytest.raises(DecidedMeanwhile):
            confirm_allow(decision_id=proposed.decision_id, justification=WHY)
    assert looked(journey).standing.kind == "hold"
    with pytest.raises(Refused) as stands:
        decided(journey, "hold")
    assert stands.value.code == "decision_stands"


def test_an_approval_becomes_a_hold_until_she_has_left():
    journey = before_gate()
    decided(journey, "allow")
    with acting(actor("reviewer")):
        Fact.objects.filter(journey_id=journey, kind="visa").update(verdict="refused")
    assert decided(journey, "hold").state == "standing"
    assert gate_step(journey) == "now"
    gone = before_gate()
    decided(gone, "allow")
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(journey_id=gone, step="depart").update(state="done", done_on="2026-11-01")
        Fact.objects.filter(journey_id=gone, kind="visa").update(verdict="refused")
    with pytest.raises(Refused) as left:
        decided(gone, "hold")
    assert left.value.code == "later_step_done"


def test_an_appeal_is_answered_by_somebody_who_did_not_decide():
    journey = before_gate(without=("visa",))
    held = decided(journey, "hold")
    with acting(actor("village")):
        raised = appeal(decision_id=held.decision_id, words="Visa sudah ada di tangan keluarga", once="b")
        assert appeal(decision_id=held.decision_id, words="Visa sudah ada di tangan keluarga", once="b").again
        with pytest.raises(Refused) as waits:
            appeal(decision_id=held.decision_id, words="Sekali lagi", once="c")
    assert waits.value.code == "appeal_waits"
    with acting(actor("bp3mi")), pytest.raises(Refused) as own:
        answer_appeal(appeal_id=raised.appeal_id, grant=False, words="Tetap ditahan")
    assert own.value.code == "not_in_own_case"
    with acting(actor("bp3mi")):
        assert see_gate_queue(state="appealed").total == 1
    with acting(second()):
        answered = answer_appeal(appeal_id=raised.appeal_id, grant=True, words="Visa ada, diperiksa ulang")
        with pytest.raises(Refused) as late:
            answer_appeal(appeal_id=raised.appeal_id, grant=False, words="Lain pendapat")
    assert (answered.state, late.value.code) == ("granted", "appeal_answered")
    shown = looked(journey)
    assert (shown.standing, shown.decisions[0].state) == (None, "set_aside")
    with acting(actor("reviewer")):
        fact(JourneyStep.objects.filter(journey_id=journey).first().journey, "visa")
    assert decided(journey, "allow").state == "proposed", "what was refused once needs a second person, appeal or not"


def test_an_appeal_against_a_hold_that_is_no_more_is_closed_with_it():
    journey = before_gate(without=("visa",))
    held = decided(journey, "hold")
    with acting(actor("village")):
        raised = appeal(decision_id=held.decision_id, words="Visa sudah ada")
    with acting(actor("reviewer")):
        fact(JourneyStep.objects.filter(journey_id=journey).first().journey, "visa")
    proposed = decided(journey, "allow")
    with acting(second()):
        assert see_gate_queue(state="appealed").total == 1
        confirm_allow(decision_id=proposed.decision_id, justification=WHY)
        assert see_gate_queue(state="appealed").total == 0
        with pytest.raises(Refused) as late:
            answer_appeal(appeal_id=raised.appeal_id, grant=False, words="Tetap ditahan")
    assert late.value.code == "appeal_answered"


def test_a_condition_that_no_register_tells_is_an_officers_word_with_her_reason():
    journey = before_gate("crew_merchant", without=("visa", "seafarer_id"))
    assert {one["code"] for one in looked(journey).reasons} == {"condition_unknown"}
    with acting(actor("bp3mi")):
        for name in ("visa_required", "seafarer_id_required"):
            say_condition(journey_id=journey, condition=name, holds=False, words="Pelabuhan singgah tidak memintanya")
        with pytest.raises(Refused) as strange:
            say_condition(journey_id=journey, condition="employer_individual", holds=False, words="tidak tahu pasti")
    assert strange.value.code == "condition_not_here"
    assert looked(journey).may_allow
    assert {one["value"] for one in looked(journey).lines if one["rule"] in ("doc_visa", "doc_seafarer_id")} == {"not_applicable"}


def test_a_record_is_found_by_its_number_and_tells_when_it_was_changed():
    journey = before_gate()
    done = decided(journey, "allow")
    with acting(actor("dinas")):
        found = check_record(done.number.lower().replace("-", " "))
        assert (found.decision.id, found.decision.whole) == (done.decision_id, True)
        with pytest.raises(NotThere):
            check_record("AAAA-BBBB-CCCC")
    with acting(actor("desk")), pytest.raises(NotThere):
        open_record(done.decision_id)
    with connections["owner"].cursor() as cursor:
        cursor.execute("update place_decision set by_name = 'Orang lain' where id = %s", [done.decision_id])
    with acting(actor("dinas")):
        assert not open_record(done.decision_id).decision.whole


def test_the_queue_shows_what_stands_before_the_gate():
    new, held = before_gate(), before_gate(without=("visa",))
    decided(held, "hold")
    gone = before_gate()
    decided(gone, "allow")
    with acting(actor("bp3mi")):
        queue = see_gate_queue()
        assert {row.journey_id: row.states for row in queue.rows} == {new: ("new",), held: ("held",)}
        assert queue.counts == {"new": 1, "held": 1, "proposed": 0, "appealed": 0}
        assert [row.journey_id for row in see_gate_queue(state="held").rows] == [held]
        assert see_gate_queue(scheme="ukps").total == 0
    with acting(actor("desk")):
        assert see_gate_queue().total == 0


def test_a_merged_record_is_judged_by_what_is_known_of_her_today():
    journey = before_gate()
    with acting(actor("reviewer")):
        begun = Journey.objects.get(id=journey).person
        left = woman()
        Person.objects.filter(id=begun.id).update(merged_into=left)
    assert looked(journey).may_allow
    with acting(actor("reviewer")):
        Person.objects.filter(id=left.id).update(birth_date=timezone.localdate() - timedelta(365 * 16))
    seen = looked(journey)
    assert not seen.may_allow and "req_age" in {line["rule"] for line in seen.reasons}
    with acting(actor("reviewer")):
        Person.objects.filter(id=left.id).update(died_on=timezone.localdate())
    with pytest.raises(Refused) as died:
        decided(journey, "hold")
    assert died.value.code == "person_died"


def test_an_agency_sees_the_journeys_that_name_it_and_no_other_of_hers():
    journey = before_gate()
    with acting(actor("reviewer")):
        person = Journey.objects.get(id=journey).person
        Person.objects.filter(id=person.id).update(reach=[*person.reach, f"party:{OWN}", f"party:{OTHER}"])
    assert looked(journey, AGENCY).journey_id == journey
    for question in (lambda: looked(journey, RIVAL), lambda: opened(journey, RIVAL)):
        with pytest.raises(NotThere):
            question()
    with acting(RIVAL), pytest.raises(NotThere):
        do_step(journey_id=journey, step="credit", version=1)


def opened(journey: Any, who: Any) -> Any:
    with acting(who):
        return open_journey(journey)


def test_an_employer_outside_the_order_keeps_her():
    seen = looked(before_gate(employer="tw-household-1"))
    line = next(line for line in seen.reasons if line["rule"] == "permit_job_order")
    assert line["code"] == "order.other_employer" and not seen.may_allow


def test_a_journey_begun_again_after_a_hold_still_needs_a_second_person():
    journey = before_gate(without=("visa",))
    decided(journey, "hold")
    with acting(actor("reviewer")):
        first = Journey.objects.get(id=journey)
        her = first.person
        Journey.objects.filter(id=journey).update(state="failed", ended_on=timezone.localdate())
    again = before_gate(earlier=first, person=her)
    assert looked(again).turns
    assert decided(again, "allow").state == "proposed"


def test_a_journey_of_another_scheme_beside_one_that_was_held_needs_a_second_person_too():
    held = before_gate(without=("visa",))
    decided(held, "hold")
    with acting(actor("reviewer")):
        her = Journey.objects.get(id=held).person
    beside = before_gate("self_placed", person=her)
    assert looked(beside).turns
    assert decided(beside, "allow").state == "proposed"
    assert not looked(before_gate("self_placed")).turns, "of somebody else nothing was held"
