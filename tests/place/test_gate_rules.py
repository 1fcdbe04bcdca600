"""The gate's rules, without a database: allow exactly when every rule that applies and decides is met, and the article of what is not."""

from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.checklist import ALLOW, HOLD
from selaras.law.load import law
from tests.place.checker import check
from tests.place.made import ANSWERS, CONDITIONS, SCHEMES, STARTED, TODAY, complete, judged, kinds_of, paper, some

VERDICTS = ("stated", "verified", "refused", "unverifiable")
DAYS = st.none() | st.integers(-900, 400).map(lambda n: TODAY + timedelta(n))


def told(made: dict[str, Any]) -> dict[str, Any]:
    """Say of the room's judgement what the checker says of its own."""
    found = judged(made)
    return {
        "values": {one.row.id: one.line.value for one in found.lines},
        "allow": found.list.against(ALLOW) is None,
        "reasons": sorted(one.row.id for one in found.reasons),
    }


@st.composite
def evidence(draw: Any, scheme: str) -> dict[str, Any]:
    """Draw a journey of a scheme: for each paper none, one or two, in any state; for each test any answer or none."""
    made = complete(scheme)
    one = st.builds(
        lambda journey, issued, until, value, verdict: {
            "journey": journey, "issued": issued, "until": until, "value": value, "verdict": verdict
        },
        st.sampled_from([True, True, True, False]), DAYS, DAYS, st.sampled_from(["", "", "fit", "unfit"]), st.sampled_from(VERDICTS),
    )  # fmt: skip
    spoilt = draw(st.sets(st.sampled_from(kinds_of(scheme)), max_size=3))
    made["papers"] = [p for p in made["papers"] if p["kind"] not in spoilt]
    for kind in sorted(spoilt):
        made["papers"] += [{"kind": kind, **p} for p in draw(st.lists(one, max_size=2))]
    answer = st.builds(lambda value, unsure: {"value": value, "unsure": unsure}, st.sampled_from(["met", "not_met", "not_yet"]), st.booleans())
    for test in draw(st.sets(st.sampled_from(ANSWERS), max_size=2)):
        made["told"][test] = draw(answer)
    for name in draw(st.sets(st.sampled_from(CONDITIONS), max_size=2)):
        made["conditions"][name] = draw(st.booleans())
    made["birth"] = draw(st.just(made["birth"]) | st.dates(date(2007, 1, 1), date(2009, 12, 31)) | st.none())
    made["precision"] = draw(st.sampled_from(["day", "month", "year"]))
    return made


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
@settings(max_examples=60)
def test_allow_is_open_exactly_when_every_rule_that_applies_and_decides_is_met(scheme: str, data: st.DataObject):
    made = data.draw(evidence(scheme))
    found = judged(made)
    deciding = [one.line for one in found.lines if one.line.decisive and one.line.value != "not_applicable"]
    every = all(line.value == "met" for line in deciding)
    assert (found.list.against(ALLOW) is None) == every
    assert (found.list.against(HOLD) is None) == (not every)
    assert bool(found.reasons) == (not every), "a hold has a reason of its own"
    assert told(made) == check(made)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_with_everything_there_she_may_leave(scheme: str):
    found = judged(complete(scheme))
    assert [(one.row.id, one.line.reason.code) for one in found.reasons] == []
    assert found.list.against(ALLOW) is None and found.list.against(HOLD) is not None


SINGLE = [(scheme, kind) for scheme in SCHEMES for kind in kinds_of(scheme)]


@pytest.mark.parametrize(("scheme", "kind"), SINGLE, ids=lambda v: str(v))
def test_each_single_missing_paper_gives_exactly_that_reason_with_its_article(scheme: str, kind: str):
    made = complete(scheme)
    made["papers"] = [p for p in made["papers"] if p["kind"] != kind]
    rows = [r for r in law().gate_of(scheme, STARTED) if r.evidence == kind or (kind == "social_security" and r.test == "social_security_active")]
    found = judged(made)
    assert [(one.row.id, one.line.reason.code, one.basis) for one in found.reasons] == [
        (row.id, "evidence_missing", row.basis) for row in rows if not row.unsure
    ]
    assert (found.list.against(ALLOW) is None) == all(row.unsure for row in rows), "an unsure rule is shown and never decides"
    assert {row.id for row in rows if row.unsure} <= set(found.list.shown_only)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_single_unmet_test_gives_exactly_that_reason_with_its_article(scheme: str):
    for row in law().gate_of(scheme, STARTED):
        if row.test not in ANSWERS:
            continue
        for value in ("not_met", "not_yet"):
            made = complete(scheme)
            made["told"][row.test] = {"value": value, "unsure": False}
            found = judged(made)
            assert [(one.row.id, one.basis) for one in found.reasons] == ([] if row.unsure else [(row.id, row.basis)])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_under_age_is_one_reason(scheme: str):
    made = complete(scheme) | {"birth": TODAY.replace(year=TODAY.year - 18) + timedelta(1)}
    row = next(r for r in law().gate_of(scheme, STARTED) if r.test == "age_min")
    assert [(one.row.id, one.line.reason.code, one.basis) for one in judged(made).reasons] == [(row.id, "under_age", row.basis)]
    made["precision"] = "year"
    assert [one.line.reason.code for one in judged(made).reasons] == ["age_unclear"]
    made["birth"] = None
    assert [one.line.reason.code for one in judged(made).reasons] == ["birth_unknown"]


def test_ten_thousand_random_journeys_agree_with_the_checker():
    allowed = 0
    for seed in range(10_000):
        made = some(seed)
        before = deepcopy(made)
        expected = check(made)
        assert told(made) == expected, (seed, made)
        assert made == before
        allowed += expected["allow"]
    assert 2_000 < allowed < 8_000, "both answers come up often, else the agreement means little"


def test_the_order_in_which_papers_come_changes_nothing():
    for seed in range(500):
        made = some(seed)
        other = made | {"papers": Random(seed).sample(made["papers"], len(made["papers"]))}
        assert told(made) == told(other)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"verdict": "refused"}, "evidence_refused"), ({"until": TODAY - timedelta(1)}, "evidence_expired"),
        ({"issued": TODAY + timedelta(1)}, "evidence_to_come"), ({"verdict": "stated"}, "evidence_unverified"),
        ({"verdict": "unverifiable"}, "evidence_unverifiable"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_paper_is_named(changes: dict[str, Any], code: str):
    made = complete("p_to_p")
    made["papers"] = [p for p in made["papers"] if p["kind"] != "passport"] + [paper("passport", **changes)]
    found = judged(made)
    assert [(one.row.id, one.line.reason.code, one.basis) for one in found.reasons] == [("doc_passport", code, "UU18:13e")]
    documents = found.list.line("req_documents")
    assert documents.value == ("not_yet" if code.startswith("evidence_unv") else "not_met")
    assert documents.reason.params == {"rules": ["doc_passport"]}


def test_an_unfit_result_keeps_her_and_a_second_fit_one_does_not():
    made = complete("p_to_p")
    health = [p for p in made["papers"] if p["kind"] == "health_result"]
    health[0]["value"] = "unfit"
    assert [one.line.reason.code for one in judged(made).reasons] == ["evidence_unfit"]
    made["papers"].append(paper("health_result", value="fit"))
    assert judged(made).reasons == ()
    made["papers"].append(paper("health_result", value="unfit", issued=TODAY - timedelta(5)))
    assert [one.line.reason.code for one in judged(made).reasons] == ["evidence_unfit"], "the latest examination speaks"
    made["papers"].append(paper("health_result", value="fit", issued=TODAY - timedelta(20)))
    assert [one.line.reason.code for one in judged(made).reasons] == ["evidence_unfit"], "whichever was handed in last"


def test_a_paper_that_must_be_fresh_is_looked_at_on_the_day_on_which_it_was_used():
    made = complete("ssw_self")
    fresh = next(p for p in made["papers"] if p["kind"] == "health_result_fresh")
    fresh["issued"] = date(2026, 7, 1)
    assert [one.line.reason.code for one in judged(made).reasons] == ["evidence_too_old"]
    made["used"]["health_result_fresh"] = date(2026, 10, 1)
    assert judged(made).reasons == ()
    made["used"]["health_result_fresh"] = date(2026, 10, 2)
    assert [one.line.reason.params["months"] for one in judged(made).reasons] == [3]


def test_a_row_whose_condition_nobody_told_waits_and_one_whose_condition_does_not_hold_is_not_applicable():
    made = complete("crew_merchant")
    made["papers"] = [p for p in made["papers"] if p["kind"] != "visa"]
    made["conditions"] = {"visa_required": False, "seafarer_id_required": True}
    assert judged(made).reasons == ()
    assert judged(made).list.line("doc_visa").value == "not_applicable"
    del made["conditions"]["visa_required"]
    assert [one.line.reason.code for one in judged(made).reasons] == ["condition_unknown"]


def test_a_journey_keeps_the_law_of_its_first_day():
    """The row for orientation rests on another article since PP 59/2021: an older journey keeps the older one."""
    for started, basis in ((date(2021, 4, 6), "SP_BP3MI:OPP"), (date(2021, 4, 7), "PP59:86(3)k")):
        made = complete("p_to_p") | {"started": started}
        made["told"]["opp_done"] = {"value": "not_met", "unsure": False}
        assert [(one.row.id, one.basis) for one in judged(made).reasons] == [("state_opp", basis)]
