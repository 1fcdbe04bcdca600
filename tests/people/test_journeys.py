"""A journey: who may begin it, who does which step after what, how it is given back, left out, ended and begun again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from selaras.ground.act import NotThere, Refused
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.law.load import law
from selaras.people.actions.correcting import correct
from selaras.people.actions.journeys import Aim, restart_journey, start_journey
from selaras.people.actions.merging import merge
from selaras.people.actions.stepping import MovedOn, NotYet
from selaras.people.actions.steps import do_step, fail_journey, refuse_step, return_step, skip_step, withdraw_journey
from selaras.people.jobs import end_places
from selaras.people.models import Grant, Journey, JourneyStep, Person
from selaras.people.queries.journeys import journeys_of
from selaras.people.queries.today import see_today
from tests.cast import actor
from tests.people.journeying import begun, bring, done, looked, papers_for, rows, until
from tests.people.someone import registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
TODAY = timezone.localdate()


def refused(call, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


def as_(who, verb, **kwargs):
    with acting(actor(who)):
        return verb(**kwargs)


def version(journey_id):
    return looked(journey_id).version


def age(years: int, days: int = 0) -> date:
    return TODAY.replace(year=TODAY.year - years) + timedelta(days=days)


# ---- beginning ----


def test_a_journey_begins_with_the_steps_that_nothing_comes_before():
    journey = begun()
    assert rows(journey.journey_id) == {"record": "now"}
    view = looked(journey.journey_id)
    assert [line.rule.id for line in view.now] == ["record"]
    assert view.started_on == TODAY and view.started_by.startswith("Desi") and view.state == "open"
    assert (view.reason, view.lines[0].reason) == ("", ""), "nothing was written, so nothing is shown"
    assert view.lines[-1].state == "next" and view.lines[-1].reasons[0].code == "step_before"


def test_a_second_beginning_gives_the_same_journey():
    first = begun()
    again = begun(who="dinas", person_id=first.person_id)
    assert (again.journey_id, again.again) == (first.journey_id, True)
    other = begun("self_placed", "dinas", first.person_id)
    assert other.journey_id != first.journey_id


def test_the_form_that_is_sent_again_is_answered_once_even_after_the_journey_ended():
    person_id = registered().person_id
    first = as_("village", start_journey, person_id=person_id, scheme="p_to_p", once="a")
    as_("dinas", withdraw_journey, journey_id=first.journey_id, version=1, reason="berubah pikiran")
    again = as_("village", start_journey, person_id=person_id, scheme="p_to_p", once="a")
    assert (again.journey_id, again.again) == (first.journey_id, True)
    assert as_("village", start_journey, person_id=person_id, scheme="p_to_p", once="b").journey_id != first.journey_id


@pytest.mark.parametrize(
    ("who", "scheme", "aim", "code"),
    [
        ("village", "nowhere", Aim(), "scheme_unknown"),
        ("village", "ukps", Aim(), "not_yours_to_start"),
        ("village", "g_to_g_korea", Aim(country="TWN"), "country_not_in_scheme"),
        ("village", "p_to_p", Aim(country="XXX"), "unknown_country"),
        ("village", "self_placed", Aim(agency="contoh-jaya"), "no_agency_here"),
        ("village", "p_to_p", Aim(agency="Contoh, Jaya"), "unknown_party"),
    ],
)
def test_who_may_not_begin_where_is_told_why(who, scheme, aim, code):
    person_id = registered("village").person_id
    fault = refused(as_, who, start_journey, person_id=person_id, scheme=scheme, aim=aim)
    assert fault.code == code
    assert looked_for(person_id) == []


def looked_for(person_id):
    with acting(actor("dinas")):
        return list(journeys_of(person_id))


@pytest.mark.parametrize(
    ("birth", "precision", "scheme", "code"),
    [
        (age(18, 1), "day", "p_to_p", "under_age"),
        (date(TODAY.year - 18, 1, 1), "year", "p_to_p", "under_age"),
        (age(40), "day", "g_to_g_korea", "over_age"),
        (None, "day", "p_to_p", "birth_unknown"),
    ],
)
def test_an_age_outside_the_law_is_refused_with_its_article(birth, precision, scheme, code):
    person_id = registered(birth_date=birth, birth_precision=precision, numbers=[]).person_id
    fault = refused(as_, "village", start_journey, person_id=person_id, scheme=scheme)
    assert fault.code == code and fault.basis
    source = fault.basis.partition(":")[0]
    assert source in {s.id for s in law().sources}


@pytest.mark.parametrize(("birth", "scheme"), [(age(18), "p_to_p"), (age(40, 1), "g_to_g_korea"), (date(TODAY.year - 19, 1, 1), "p_to_p")])
def test_the_very_day_of_the_birthday_is_enough(birth, scheme):
    begun(scheme, person_id=registered(birth_date=birth, numbers=[]).person_id)


def test_nobody_begins_for_the_dead_or_for_somebody_out_of_reach():
    person_id = registered().person_id
    as_("village", correct, person_id=person_id, version=1, changes={"died_on": TODAY}, reason="akta")
    assert refused(as_, "village", start_journey, person_id=person_id, scheme="p_to_p").code == "person_died"
    with pytest.raises(NotThere):
        as_("desk", start_journey, person_id=person_id, scheme="p_to_p")


def test_the_day_that_counts_is_not_chosen_at_will():
    person_id = registered().person_id
    days = law().clock("late_entry", TODAY).days
    assert refused(begun, person_id=person_id, on=TODAY + timedelta(days=1)).code == "day_to_come"
    assert refused(begun, person_id=person_id, on=TODAY - timedelta(days=days + 1)).code == "day_too_long_ago"
    journey = begun(person_id=person_id, on=TODAY - timedelta(days=days))
    assert looked(journey.journey_id).started_on == TODAY - timedelta(days=days)


def test_an_agency_that_is_named_sees_her_from_then_on():
    journey = begun(agency="contoh-jaya")
    with acting(actor("agency")):
        assert Journey.objects.get().agency == "contoh-jaya"
        assert Grant.objects.filter(code="party:contoh-jaya", reason="journey").exists()
    assert refused(begun, "crew_merchant", "agency", journey.person_id, agency="lain").code == "not_your_agency"
    assert looked(begun("crew_merchant", "agency", journey.person_id).journey_id).agency == "contoh-jaya"


# ---- steps ----


def test_a_step_is_done_by_whom_the_law_names_after_what_the_law_names_with_its_papers():
    journey = begun().journey_id
    assert refused(done, journey, "register", "dinas").code == "step_before"
    done(journey, "record", "village")
    done_by = looked(journey).lines[0]
    assert (done_by.state, done_by.on) == ("done", TODAY) and done_by.by.startswith("Desi") and "Haurkolot" in done_by.office
    fault = refused(done, journey, "letters")
    assert isinstance(fault, NotYet)
    assert [(r.code, r.params["evidence"], r.basis) for r in fault.reasons] == [
        ("evidence_missing", "marital_letter", "UU18:13a"), ("evidence_missing", "permission_letter", "UU18:13b"),
    ]
    assert refused(done, journey, "gate", "village").code == "not_your_step"


def test_a_step_of_another_scheme_is_refused():
    journey = begun("self_placed").journey_id
    assert refused(as_, "dinas", do_step, journey_id=journey, step="slc", version=1).code == "step_unknown"


def test_two_papers_open_the_step_and_it_is_done_once():
    journey = begun()
    done(journey.journey_id, "record")
    papers_for(journey, "letters")
    first = done(journey.journey_id, "letters", "village", once="x")
    again = done(journey.journey_id, "letters", "village", once="x", version=1)
    assert again.again and again.version == first.version
    assert done(journey.journey_id, "letters", "village", version=1).again, "a second press without a key of its own"
    fault = refused(done, journey.journey_id, "letters", "dinas", version=1)
    assert isinstance(fault, MovedOn) and fault.params["who"].startswith("Desi") and fault.params["step"] == "letters"
    assert refused(done, journey.journey_id, "letters", "dinas").code == "step_done_already"


def test_one_key_for_two_steps_is_two_forms():
    journey = begun()
    done(journey.journey_id, "record", "village", once="page")
    papers_for(journey, "letters")
    assert not done(journey.journey_id, "letters", "village", once="page").again
    assert rows(journey.journey_id)["letters"] == "done"


def test_who_saw_an_older_state_overwrites_nothing():
    journey = begun().journey_id
    seen = version(journey)
    done(journey, "record", "village")
    fault = refused(as_, "dinas", withdraw_journey, journey_id=journey, version=seen, reason="x")
    assert fault.code == "changed_meanwhile"
    assert (fault.params["what"], fault.params["step"], fault.params["version"]) == ("do_step", "record", seen + 1)
    assert looked(journey).state == "open"


def test_a_step_may_be_written_down_later_but_not_before_its_turn():
    journey = begun(on=TODAY - timedelta(days=9)).journey_id
    done(journey, "record", on=TODAY - timedelta(days=5))
    bring(looked(journey), "information_given")
    assert refused(done, journey, "inform", on=TODAY - timedelta(days=6)).code == "day_before_its_turn"
    assert refused(done, journey, "inform", on=TODAY + timedelta(days=1)).code == "day_to_come"
    done(journey, "inform", on=TODAY - timedelta(days=2))
    assert looked(journey).lines[1].on == TODAY - timedelta(days=2)


def test_a_clock_runs_from_the_day_of_the_step_that_starts_it():
    journey = begun()
    until(journey, "opp")
    line = next(line for line in looked(journey.journey_id).lines if line.rule.id == "opp")
    assert line.state == "now" and line.due is not None and TODAY < line.due <= TODAY + timedelta(days=7)
    with acting(actor("bp3mi")):
        assert [w.rule.id for w in see_today(step="opp").rows] == ["opp"]


@pytest.mark.parametrize("scheme", [s.id for s in law().schemes_on(TODAY)])
def test_each_scheme_leads_from_the_village_home_again(scheme):
    who = "dinas" if scheme in ("ukps",) else "village"
    journey = begun(scheme, who, country="" if law().scheme(scheme, TODAY).countries else "TWN")
    country = looked(journey.journey_id).country
    with acting(actor("reviewer")):
        Person.objects.filter(pk=journey.person_id).update(reach=[*Person.objects.get().reach, "abroad:TWN"])
    until(journey, "the end")
    view = looked(journey.journey_id)
    assert view.state == "finished" and view.ended_on == TODAY and country
    assert {line.state for line in view.lines if not line.rule.optional} <= {"done", "next"}
    assert [line for line in view.lines if line.state == "now"] == []
    with acting(actor("reviewer")):
        assert f"abroad:{country}" in Person.objects.get().reach, "her mission sees her"


def test_leaving_out_is_for_what_the_law_lets_be_left_out():
    journey = begun()
    until(journey, "competence")
    now = version(journey.journey_id)
    assert refused(as_, "dinas", skip_step, journey_id=journey.journey_id, step="competence", version=now, reason="x").code == "step_not_optional"
    assert refused(as_, "dinas", skip_step, journey_id=journey.journey_id, step="credit", version=now, reason=" ").code == "no_reason"
    until_credit(journey)
    now = version(journey.journey_id)
    as_("dinas", skip_step, journey_id=journey.journey_id, step="credit", version=now, reason="punya tabungan")
    line = next(line for line in looked(journey.journey_id).lines if line.rule.id == "credit")
    assert (line.state, line.reason) == ("skipped", "punya tabungan")


def until_credit(journey):
    for step in ("competence", "passport", "contract"):
        papers_for(journey, step)
        done(journey.journey_id, step)


# ---- back, and out ----


def test_a_step_that_is_given_back_waits_again_for_who_did_it_and_stays_readable():
    journey = begun()
    until(journey, "letters")
    papers_for(journey, "letters")
    done(journey.journey_id, "letters", "village")
    now = version(journey.journey_id)
    as_("dinas", return_step, journey_id=journey.journey_id, step="letters", version=now, reason="tanda tangan wali tidak ada", once="r")
    assert as_("dinas", return_step, journey_id=journey.journey_id, step="letters", version=now, reason="x", once="r").again
    line = next(line for line in looked(journey.journey_id).lines if line.rule.id == "letters")
    assert line.state == "now" and line.back_to.startswith("Desi")
    (attempt,) = line.attempts
    assert attempt.by.startswith("Desi") and attempt.given_back_by.startswith("Indra") and attempt.reason == "tanda tangan wali tidak ada"
    done(journey.journey_id, "letters", "village")
    assert rows(journey.journey_id)["letters"] == "done"


def test_what_rests_on_a_step_is_given_back_before_it():
    journey = begun()
    until(journey, "register")
    now = version(journey.journey_id)
    fault = refused(as_, "dinas", return_step, journey_id=journey.journey_id, step="record", version=now, reason="x")
    assert fault.code == "later_step_done" and fault.params["step"] in ("inform", "letters")
    assert refused(as_, "dinas", return_step, journey_id=journey.journey_id, step="register", version=now, reason="x").code == "step_not_done"
    assert refused(as_, "dinas", return_step, journey_id=journey.journey_id, step="inform", version=now, reason="").code == "no_reason"
    as_("dinas", return_step, journey_id=journey.journey_id, step="inform", version=now, reason="x")
    assert "register" not in [line.rule.id for line in looked(journey.journey_id).now]


def test_a_refusal_ends_the_journey_at_its_step():
    journey = begun()
    until(journey, "selection")
    now = version(journey.journey_id)
    assert refused(as_, "dinas", refuse_step, journey_id=journey.journey_id, step="gate", version=now, reason="x").code == "not_your_step"
    as_("dinas", refuse_step, journey_id=journey.journey_id, step="selection", version=now, reason="tidak lulus wawancara")
    view = looked(journey.journey_id)
    assert (view.state, view.reason) == ("refused", "tidak lulus wawancara") and view.now == ()
    line = next(line for line in view.lines if line.rule.id == "selection")
    assert line.state == "refused" and line.by.startswith("Indra")
    for verb in (withdraw_journey, fail_journey):
        assert refused(as_, "dinas", verb, journey_id=journey.journey_id, version=view.version, reason="x").code == "journey_over"
    assert refused(done, journey.journey_id, "selection", "dinas").code == "journey_over"


@pytest.mark.parametrize(("verb", "state"), [(withdraw_journey, "withdrawn"), (fail_journey, "failed")])
def test_a_journey_that_ends_early_says_at_which_step_and_why(verb, state):
    journey = begun().journey_id
    done(journey, "record")
    as_("dinas", verb, journey_id=journey, version=version(journey), reason="ibu sakit", once="w")
    assert as_("dinas", verb, journey_id=journey, version=1, reason="x", once="w").again
    view = looked(journey)
    assert (view.state, view.reason, view.ended_on) == (state, "ibu sakit", TODAY)
    assert {line.state for line in view.lines} == {"done", state, "next"}
    assert all(line.reasons == () for line in view.lines), "what is over is not explained any more"


def test_a_journey_begins_again_with_the_papers_about_her_and_without_those_of_the_earlier_one():
    journey = begun()
    until(journey, "visa")
    as_("dinas", fail_journey, journey_id=journey.journey_id, version=version(journey.journey_id), reason="visa batal")
    again = as_("dinas", restart_journey, journey_id=journey.journey_id, once="n")
    assert as_("dinas", restart_journey, journey_id=journey.journey_id, once="n").journey_id == again.journey_id
    view = looked(again.journey_id)
    assert view.earlier_id == journey.journey_id and looked(journey.journey_id).later_id == again.journey_id
    kinds = {p.kind for p in view.papers}
    assert {"passport", "competence_certificate", "marital_letter"} <= kinds
    assert kinds & {"contract", "placement_agreement", "information_given"} == set()
    assert refused(as_, "dinas", restart_journey, journey_id=again.journey_id).code == "journey_open"


def test_a_place_on_the_roster_that_is_over_ends_the_journey_and_nothing_else_does():
    journey = begun("g_to_g_korea")
    until(journey, "slc")
    assert end_places() == 0
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(step="slc").update(place_until=TODAY - timedelta(days=1))
        before = Journey.objects.get().version
    assert end_places() == 1 and end_places() == 0
    view = looked(journey.journey_id)
    assert view.state == "expired" and view.version == before + 1 and view.changed_by == "journeys"
    assert next(line for line in view.lines if line.rule.id == "slc").state == "expired"


def test_an_employer_who_chose_in_time_keeps_the_place():
    journey = begun("g_to_g_korea")
    until(journey, "slc")
    papers_for(journey, "slc")
    done(journey.journey_id, "slc")
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(step="slc").update(place_until=TODAY - timedelta(days=1))
    assert end_places() == 0 and looked(journey.journey_id).state == "open"


# ---- seeing ----


def test_out_of_reach_is_not_there_and_opening_is_a_line_of_the_ledger():
    journey = begun()
    for stranger in ("desk", "taipei", "agency"):
        with pytest.raises(NotThere):
            looked(journey.journey_id, stranger)
    looked(journey.journey_id, "dinas")
    with acting(actor("dinas")):
        assert LedgerLine.objects.filter(verb="people.open_journey", outcome="read", subject=journey.person_id).count() == 1


def test_the_queue_of_an_office_holds_what_the_law_gives_to_its_role():
    journey = begun()
    until(journey, "letters")
    with acting(actor("village")):
        waiting = see_today()
        assert [(w.rule.id, w.name) for w in waiting.rows] == [("letters", "Siti Nurhaliza binti Kasan")]
        assert (waiting.total, waiting.overdue) == (1, 0)
    with acting(actor("dinas")):
        assert {w.rule.id for w in see_today().rows} == {"letters", "register"}
        assert see_today(step="register").total == 1 and see_today(scheme="ukps").total == 0
    with acting(actor("desk")):
        assert see_today().total == 0, "her village is not theirs"
    assert refused(as_, "auditor", see_today).code == "not_your_role"


def test_what_is_overdue_comes_first():
    first, second = begun(), begun(person_id=registered(name="Wati binti Darma", numbers=[]).person_id)
    with acting(actor("reviewer")):
        JourneyStep.objects.filter(journey_id=second.journey_id).update(due=TODAY - timedelta(days=2))
    with acting(actor("village")):
        waiting = see_today()
        assert [w.journey_id for w in waiting.rows] == [second.journey_id, first.journey_id]
        assert waiting.overdue == 1 and waiting.rows[0].overdue


def test_a_merge_keeps_the_journey_and_no_second_one_is_begun_beside_it():
    kept, gone = registered(), registered(name="Siti Nurhaliza", numbers=[])
    journey = begun(person_id=gone.person_id)
    with acting(actor("reviewer")):
        merge(keep=kept.person_id, lose=gone.person_id, reason="satu orang")
    assert begun(person_id=kept.person_id).journey_id == journey.journey_id
    done(journey.journey_id, "record")
    assert [line.id for line in looked_for(kept.person_id)] == [journey.journey_id]
    assert refused(begun, person_id=gone.person_id).code == "merged_away"
