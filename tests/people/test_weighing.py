"""What a draft of rules would change: counts by scheme and line, by the law of each journey's own first day, and nobody by name."""

from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.utils import timezone

from selaras.doors.cli.law import law_group
from selaras.ground.act import Refused, as_job
from selaras.ground.models import LedgerLine
from selaras.ground.scope import acting
from selaras.law.draft import drafted
from selaras.law.load import law, texts
from selaras.people.actions.steps import withdraw_journey
from selaras.people.models import JourneyStep, Person
from selaras.people.queries.weighing import Weight, weigh_draft
from tests.cast import actor
from tests.law.test_draft import COURSE, SHORTER
from tests.people.journeying import begun
from tests.people.someone import registered

pytestmark = pytest.mark.django_db(databases=["default", "ledger"])
TODAY = timezone.localdate()
NOW = COURSE.replace("2026-06-01", str(TODAY))
SELECTION = f"""
[[steps]]
id = "selection"
basis = "PP59:86(3)a"
since = {TODAY}
label = "Seleksi"
label_en = "Selection"
schemes = ["p_to_p"]
stage = "prepare"
after = ["register", "money_course"]
by = ["agency_officer", "dinas_officer"]
office = "P3MI"
office_en = "Agency"
evidence = ["selection_result"]
"""
OPP = """
[[gate]]
id = "state_opp"
basis = "UU18:8"
since = {since}
label = "OPP"
label_en = "Orientation"
group = "state"
schemes = ["p_to_p"]
order = 4
test = "registered"
"""


_serial = count(1)


def woman() -> UUID:
    """Register another woman, with a number of her own."""
    number = next(_serial)
    return registered(name=f"Warga Contoh {number}", numbers=[("nik", f"321201570590{number:04d}")]).person_id


def standing(before: str = "", scheme: str = "p_to_p", on: date = TODAY) -> UUID:
    """Let a journey stand before a step: all that come before it are done, and it is open. The rows are written as they would be."""
    journey = begun(scheme, person_id=woman(), on=on)
    steps = [s.id for s in law().steps_of(scheme, on) if not s.optional]
    with acting(actor("reviewer")):
        for step in steps[: steps.index(before) + 1] if before else ():
            state = JourneyStep.State.NOW if step == before else JourneyStep.State.DONE
            row = {"state": state, "person_id": journey.person_id, "waits_for": [], "since": on}
            JourneyStep.objects.update_or_create(journey_id=journey.journey_id, step=step, defaults=row)
    return journey.journey_id


def weighed(draft: str, since: date | None = None) -> dict[str, Weight]:
    with as_job("what_if"):
        return {w.scheme: w for w in weigh_draft(drafted(texts(), "draft.toml", draft, since))}


def counts(weight: Weight) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    return {(line.change.what, line.change.id): (line.now, line.ahead, line.late, line.passed) for line in weight.lines}


def test_only_journeys_that_began_from_its_first_day_would_change():
    standing(on=TODAY - timedelta(days=12))
    standing(on=TODAY - timedelta(days=1))
    standing()
    standing(scheme="g_to_g_korea")
    weights = weighed(NOW)
    assert set(weights) == {"p_to_p"}, "a scheme that it does not touch is not told"
    assert (weights["p_to_p"].open, weights["p_to_p"].changed) == (3, 1)
    early = weighed(NOW, since=TODAY - timedelta(days=5))
    assert early["p_to_p"].changed == 2, "as if it had begun five days ago"


def test_each_line_says_who_has_it_now_and_to_whom_it_comes():
    standing()  # nothing done yet
    standing("selection")  # registered: the new step would be open
    weight = weighed(NOW)["p_to_p"]
    assert counts(weight)["step", "money_course"] == (1, 1, 0, 0)
    assert counts(weight)["gate", "state_course"] == (0, 2, 0, 0)


def test_who_is_past_the_place_of_a_new_step_would_have_to_come_back_to_it():
    standing()
    standing("health")  # selected, which would now come after the new step
    standing("return")  # long gone
    lines = counts(weighed(NOW + SELECTION)["p_to_p"])
    assert lines["step", "money_course"] == (0, 1, 2, 0)
    assert lines["step", "selection"] == (0, 1, 0, 2)


def test_a_step_that_was_passed_is_not_changed_any_more():
    standing("return")
    standing("arrive")
    standing()
    weight = weighed(SHORTER.replace("2026-06-01", str(TODAY)))["p_to_p"]
    assert counts(weight) == {("clock", "arrive"): (1, 1, 0, 1)} and (weight.open, weight.changed) == (3, 2)


def test_a_line_of_the_gate_changes_nobody_who_is_past_the_gate():
    standing("depart")
    standing("gate")
    standing()
    weight = weighed(OPP.format(since=TODAY))["p_to_p"]
    assert counts(weight) == {("gate", "state_opp"): (1, 1, 0, 1)} and weight.changed == 2


def test_a_journey_that_ended_is_no_open_one():
    ended = standing()
    standing()
    with acting(actor("dinas")):
        withdraw_journey(journey_id=ended, version=1, reason="berubah pikiran")
    weight = weighed(NOW)["p_to_p"]
    assert (weight.open, weight.changed) == (1, 1)


def test_a_draft_of_tomorrow_changes_nobody_and_says_what_newcomers_meet(tmp_path):
    begun()
    draft = tmp_path / "draft.toml"
    draft.write_text(COURSE.replace("2026-06-01", str(TODAY + timedelta(days=1))), encoding="utf-8")
    said = CliRunner().invoke(law_group, ["what-if", str(draft)])
    assert said.exit_code == 0, said.output
    assert "p_to_p: Private placement through a licensed agency" in said.output
    assert "0 of 1 open journeys would change" in said.output
    assert "+ step money_course (article 35, Law 18/2017)" in said.output
    assert "no open journey; who begins from then on meets it" in said.output


def test_the_command_tells_counts_and_changed_keys_and_nobody_by_name(tmp_path):
    person = registered()
    begun(person_id=person.person_id)
    draft = tmp_path / "draft.toml"
    draft.write_text(SHORTER, encoding="utf-8")
    said = CliRunner().invoke(law_group, ["what-if", str(draft), "--since", str(TODAY)]).output
    assert "1 of 1 open journeys would change" in said
    assert "~ clock of step arrive (article 6, Law 18/2017)" in said and "days: 30 → 14" in said and "1 still come to it" in said
    with acting(actor("reviewer")):
        name = Person.objects.get(pk=person.person_id).name
    assert name not in said and str(person.person_id) not in said


def test_a_draft_that_does_not_hold_together_is_one_sentence(tmp_path):
    draft = tmp_path / "draft.toml"
    draft.write_text(COURSE.replace('after = ["register"]', 'after = ["nowhere"]'), encoding="utf-8")
    said = CliRunner().invoke(law_group, ["what-if", str(draft)])
    assert said.exit_code == 1 and said.output.startswith("Error: draft.toml row 1, line 2 (money_course): after names nowhere")


def test_only_the_job_may_weigh_and_its_line_holds_a_count():
    begun()
    with pytest.raises(Refused, match="not_your_role"), acting(actor("dinas")):
        weigh_draft(drafted(texts(), "draft.toml", NOW))
    weighed(NOW)
    line = LedgerLine.objects.filter(verb="people.weigh_draft", outcome="read").latest("id")
    assert line.count == 1 and line.subject is None
