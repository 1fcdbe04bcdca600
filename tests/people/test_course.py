"""Where a journey stands, without a database: what is open, why not yet, until when; by the law of its own day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.deadlines import add_months
from selaras.law.load import law
from selaras.people.course import UNFIT, Course, Paper, course_by, course_of, last_day, years_between

DAY = date(2026, 11, 22)
SCHEMES = [s.id for s in law().schemes_on(DAY)]


def course(scheme: str = "p_to_p", day: date = DAY) -> Course:
    found = course_of(scheme, day)
    assert found is not None
    return found


def test_nothing_but_the_first_steps_is_open_at_the_beginning():
    assert [s.id for s in course().open(())] == ["record"]
    assert [s.id for s in course().open({"record"})] == ["inform", "letters"]


@pytest.mark.parametrize("scheme", SCHEMES)
@given(seed=st.randoms(use_true_random=False))
def test_whatever_open_step_is_done_next_the_way_leads_to_the_end(scheme, seed):
    way, passed = course(scheme), []
    while opened := [s for s in way.open(passed) if s.id not in passed and not s.optional]:
        step = seed.choice(opened)
        assert all(b.id in passed for b in way.before(step)), "nothing comes before what it waits for"
        passed.append(step.id)
    ends = [s.id for s in way.steps if s.ends]
    assert set(ends) <= set(passed), "the end is reached"
    assert {s.id for s in way.steps if not s.optional} - set(passed) == set() or set(ends) & set(passed)


def test_nothing_waits_for_an_optional_step_only_for_what_stands_before_it():
    way = course()
    assert way.step("credit").optional
    steps = tuple(replace(s, after=("credit",)) if s.id == "visa" else s for s in way.steps)
    changed = replace(way, steps=steps)
    assert {s.id for s in changed.before(changed.step("visa"))} == {"placement_agreement", "contract"}


def test_what_may_be_done_again_stays_open_until_the_journey_ends():
    way = course()
    passed = {s.id for s in way.steps if not s.optional and s.id not in ("return", "home")}
    assert "extend" in [s.id for s in way.open(passed)]
    assert "extend" in [s.id for s in way.open(passed | {"extend"})]
    ends = next(s.id for s in way.steps if s.ends)
    assert way.open(passed | {ends}) == ()


def test_a_step_says_what_comes_before_it_with_the_article():
    way = course()
    step = way.step("register")
    reasons = way.why_not(step, {"record"}, (), DAY)
    assert [(r.code, r.params) for r in reasons] == [("step_before", {"step": "inform"})]
    assert reasons[0].basis == step.basis


OLD = DAY - timedelta(days=400)
PAPERS = [
    ("passport", None, "evidence_missing", {}),
    ("passport", Paper("passport", valid_until=DAY - timedelta(days=1)), "evidence_expired", {"on": DAY - timedelta(days=1)}),
    ("passport", Paper("passport", issued_on=DAY + timedelta(days=1)), "evidence_to_come", {"on": DAY + timedelta(days=1)}),
    ("passport", Paper("passport", refused=True), "evidence_refused", {}),
    ("health_result", Paper("health_result", value=UNFIT), "evidence_unfit", {}),
    ("contract", Paper("contract"), "evidence_missing", {}),
]


@pytest.mark.parametrize(("kind", "paper", "code", "params"), PAPERS, ids=lambda v: v if isinstance(v, str) else "")
def test_each_fault_of_a_paper_has_its_own_reason_with_the_article_of_the_paper(kind, paper, code, params):
    way = course()
    reason = way.lacks(kind, [paper] if paper else [], DAY)
    assert (reason.code, reason.params) == (code, {"evidence": kind} | params)
    assert reason.basis == way.evidence[kind].basis


def test_a_health_result_for_the_card_of_japan_is_three_months_old_at_most():
    way = course("ssw_self")
    kind = "health_result_fresh"
    fresh = Paper(kind, issued_on=add_months(DAY, -3), value="fit")
    assert way.lacks(kind, [fresh], DAY) is None
    assert way.lacks(kind, [fresh], DAY + timedelta(days=1)).code == "evidence_too_old"
    assert way.lacks(kind, [Paper(kind, value="fit")], DAY).code == "evidence_undated"


def test_of_several_examinations_the_latest_speaks():
    fit, unfit = (Paper("health_result", issued_on=DAY - timedelta(days=d), value=v) for d, v in ((9, "fit"), (2, UNFIT)))
    for papers in ([fit, unfit], [unfit, fit]):
        assert course().lacks("health_result", papers, DAY).code == "evidence_unfit"
    again = Paper("health_result", issued_on=DAY - timedelta(days=2), value="fit")
    assert course().lacks("health_result", [unfit, again], DAY) is None, "of one day the one that was written down last"


def test_one_paper_that_holds_is_enough_whatever_others_there_are():
    bad = [Paper("passport", refused=True), Paper("passport", valid_until=OLD)]
    assert course().lacks("passport", [*bad, Paper("passport", valid_until=DAY)], DAY) is None


def test_a_paper_holds_as_long_as_it_says_or_as_the_law_says_whichever_is_shorter():
    row = law().evidence_of("eps_topik", DAY)
    assert row is not None and row.valid_months == 24
    assert last_day(row, date(2025, 1, 31), None) == date(2027, 1, 31)
    assert last_day(row, date(2025, 1, 31), date(2026, 1, 1)) == date(2026, 1, 1)
    assert last_day(row, None, None) is None


def test_the_place_on_the_korean_roster_ends_two_years_after_the_entry():
    way = course("g_to_g_korea")
    slc = way.step("slc")
    assert way.place_until(slc, DAY, DAY, {"roster": date(2024, 2, 29)}) == date(2026, 2, 28)
    assert way.place_until(slc, DAY, DAY, {}) is None
    assert way.place_until(way.step("roster"), DAY, DAY, {"roster": DAY}) is None


def test_a_clock_of_working_days_leaves_out_the_weekend():
    way = course()
    assert way.due(way.step("opp"), DAY, DAY, {"opp_request": date(2026, 11, 20)}) == date(2026, 11, 23)
    assert way.due(way.step("record"), DAY, DAY, {}) is None


def test_a_rule_that_changes_leaves_the_journeys_of_earlier_days_as_they_were():
    before, after = course("p_to_p", date(2025, 12, 31)), course("p_to_p", date(2026, 1, 1))
    assert "SIAPkerja" in before.step("register").label and "SISKOP2MI" in after.step("register").label
    tables = law()
    new = next(s for s in tables.steps if s.id == "passport" and "p_to_p" in s.schemes)
    ends, follows = replace(new, until=date(2027, 1, 1)), replace(new, since=date(2027, 1, 2), evidence=(*new.evidence, "skck"))
    changed = replace(tables, steps=(*(s for s in tables.steps if s is not new), ends, follows))
    assert course_by(changed, "p_to_p", DAY).step("passport").evidence == ("passport",)
    assert course_by(changed, "p_to_p", date(2027, 1, 2)).step("passport").evidence == ("passport", "skck")


def test_the_law_of_a_day_on_which_a_scheme_was_not_there_knows_no_way():
    assert course_of("ssw_self", date(2018, 1, 1)) is None
    assert course_of("nowhere", DAY) is None


@given(st.dates(date(1940, 1, 1), date(2010, 1, 1)), st.dates(date(2011, 1, 1), date(2040, 1, 1)))
def test_an_age_in_years_is_counted_by_birthdays(birth, day):
    years = years_between(birth, day)
    assert add_months(birth, 12 * years) <= day or (birth.month, birth.day) == (2, 29)
    assert day < add_months(birth, 12 * (years + 1)) + timedelta(days=1)
