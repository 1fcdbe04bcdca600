"""Two at the same moment: one journey is begun, one step is done, nothing is lost, and who came second is told who was quicker."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from selaras.ground.act import Refused
from selaras.ground.scope import acting
from selaras.people.actions.facts import add_fact
from selaras.people.actions.journeys import restart_journey, start_journey
from selaras.people.actions.steps import do_step, withdraw_journey
from selaras.people.models import Event, Fact, Journey, JourneyStep
from selaras.people.telling import Stay
from tests.cast import actor
from tests.people.journeying import begun, closing, written
from tests.people.someone import registered

pytestmark = pytest.mark.usefixtures("committed")


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Let each run in a thread of its own at the same moment; give what came of each, a refusal as itself."""
    gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(n: int, call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answers[n] = call()
        except Refused as refusal:
            answers[n] = refusal

    threads = [threading.Thread(target=closing(run), args=(n, call)) for n, call in enumerate(calls)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return answers


def by(who: str, verb: Callable[..., Any], **kwargs: Any) -> Callable[[], Any]:
    officer = actor(who)  # looked up before the threads start

    def call() -> Any:
        with acting(officer):
            return verb(**kwargs)

    return call


def test_several_who_begin_at_once_get_one_journey():
    person_id = registered().person_id
    answers = together(*(by(who, start_journey, person_id=person_id, scheme="p_to_p") for who in ("village", "dinas", "bp3mi", "village")))
    assert len({a.journey_id for a in answers}) == 1
    assert sorted(a.again for a in answers) == [False, True, True, True]
    with acting(actor("reviewer")):
        assert JourneyStep.objects.count() == 1


def test_of_two_officers_who_do_one_step_one_did_it_and_the_other_is_told_who():
    journey = begun().journey_id
    answers = together(*(by(who, do_step, journey_id=journey, step="record", version=1) for who in ("village", "dinas")))
    (refusal,) = [a for a in answers if isinstance(a, Refused)]
    assert refusal.code == "changed_meanwhile"
    with acting(actor("reviewer")):
        row = JourneyStep.objects.get(step="record")
        assert (row.state, row.by_name) == ("done", refusal.params["who"])
        assert Journey.objects.get().version == 2


def test_a_double_click_does_it_once():
    journey = begun().journey_id
    answers = together(*(by("village", do_step, journey_id=journey, step="record", version=1, once="k") for _ in range(4)))
    assert sorted(a.again for a in answers) == [False, True, True, True]
    assert {a.version for a in answers} == {2}
    with acting(actor("reviewer")):
        assert JourneyStep.objects.filter(step="record").count() == 1


def test_a_step_and_an_end_at_once_do_not_both_happen_unseen():
    journey = begun().journey_id
    answers = together(
        by("village", do_step, journey_id=journey, step="record", version=1),
        by("dinas", withdraw_journey, journey_id=journey, version=1, reason="berubah pikiran"),
    )
    assert sorted(isinstance(a, Refused) for a in answers) == [False, True]
    with acting(actor("reviewer")):
        standing = Journey.objects.get()
        assert standing.version == 2 and (standing.state == "open") == (not isinstance(answers[0], Refused))


def test_two_who_begin_again_get_one_journey():
    first = begun()
    with acting(actor("dinas")):
        withdraw_journey(journey_id=first.journey_id, version=1, reason="x")
    answers = together(*(by(who, restart_journey, journey_id=first.journey_id) for who in ("village", "dinas")))
    assert len({a.journey_id for a in answers}) == 1
    with acting(actor("reviewer")):
        assert Journey.objects.count() == 2


def test_one_number_for_two_persons_at_once_is_taken_by_one():
    here = registered().person_id
    there = registered("hongkong", name="Wagiyem", sex="", birth_date=None, home_area="", numbers=[], presence=Stay("HKG")).person_id
    paper = written("skck", number="SKCK-77")
    answers = together(by("village", add_fact, person_id=here, paper=paper), by("hongkong", add_fact, person_id=there, paper=paper))
    assert sorted(a.fault for a in answers) == ["", "number_taken"]
    with acting(actor("reviewer")):
        assert Fact.objects.filter(verdict="stated").count() == 1
        assert Event.objects.filter(kind="conflict").count() == 1


def test_the_same_paper_sent_twice_at_once_is_kept_once():
    person_id = registered().person_id
    paper = written("skck", number="SKCK-1")
    answers = together(*(by("village", add_fact, person_id=person_id, paper=paper, once="f") for _ in range(3)))
    assert len({a.fact_id for a in answers}) == 1
    with acting(actor("reviewer")):
        assert Fact.objects.count() == 1
