"""Contract terms, costs, premiums, credit, causes, information, signals and rights: as many as the law lists, each with its letter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.law.load import LawFault, law, read
from tests.law.test_journey_law import SCHEMES, SOURCE

TODAY = date(2026, 11, 22)
DOMESTIC = "household_manager"
ITEMS = sorted(item.id for item in law().costs)
JOBS = sorted(job.id for job in law().jobs)


@pytest.mark.parametrize("scheme", sorted(SCHEMES - {"crew_merchant", "crew_fishing"}))
def test_a_contract_on_land_says_everything_from_a_to_g(scheme: str):
    terms = law().terms_of(scheme, TODAY)
    assert sorted({t.letter for t in terms}) == list("abcdefg")
    assert {t.id for t in terms if t.kind == "address"} == {"employer_address"}
    assert {"hours", "wage", "leave", "rest", "facilities", "insurance"} == {t.id for t in terms if t.letter == "e"} - {"wage_payment"}


@pytest.mark.parametrize("scheme", ["crew_merchant", "crew_fishing"])
def test_at_sea_the_law_bounds_work_and_rest_and_names_the_ship_and_its_flag(scheme: str):
    terms = {t.id: t for t in law().terms_of(scheme, TODAY)}
    assert (terms["hours_day"].most, terms["hours_week"].most) == (14, 72)
    assert (terms["rest_day"].least, terms["rest_week"].least) == (10, 77)
    assert {"ship_name", "ship_number", "ship_flag", "repatriation"} <= set(terms)
    assert ("fishing_zone" in terms) == (scheme == "crew_fishing")


def test_the_lists_are_as_long_as_the_law_makes_them():
    assert [c.letter for c in law().causes_on(TODAY)] == list("abcdefghi")
    assert [i.letter for i in law().information_on(TODAY)] == list("abcdefghijklm")
    worker = law().rights_of("worker", TODAY)
    assert [r.letter for r in worker if not r.duty] == list("abcdefghijklm") and [r.letter for r in worker if r.duty] == list("abcd")
    assert [r.letter for r in law().rights_of("family", TODAY)] == list("abcd")
    assert len(ITEMS) == 14 and len(JOBS) == 10
    assert law().information_on(date(2020, 1, 1)) == (), "the list came with the regulation of 2021"


def test_a_warning_says_what_was_seen_and_never_who():
    assert len(law().signals_on(TODAY)) >= 10
    words = " ".join(s.label_en for s in law().signals_on(TODAY)).lower()
    assert "suspect" not in words and "name" not in words


def payers(item: str, country: str, job: str, day: date = TODAY) -> tuple[tuple[str, ...], bool] | None:
    rules = law().cost_rules(item, country, job, day)
    return (rules[0].payers, rules[0].unsure) if rules else None


def test_ten_jobs_are_freed_twelve_items_by_the_employer_and_two_by_the_region():
    found = {item: payers(item, "MYS", DOMESTIC) for item in ITEMS}
    assert {item for item, who in found.items() if who == (("government",), False)} == {"training", "certificate"}
    assert {item for item, who in found.items() if who == (("employer",), False)} == set(ITEMS) - {"training", "certificate"}


@given(st.sampled_from(ITEMS), st.sampled_from(JOBS), st.sampled_from(["TWN", "HKG"]))
def test_for_taiwan_and_hong_kong_the_exemption_is_shown_as_disputed(item: str, job: str, country: str):
    found = payers(item, country, job)
    assert found is not None and found[1] is True
    assert payers(item, "MYS", job) == (found[0], False)


@given(st.sampled_from(ITEMS), st.sampled_from(["nurse", "welder", ""]), st.sampled_from(["JPN", "TWN", "KOR"]))
def test_for_other_jobs_nothing_certain_was_found_and_none_is_made_up(item: str, job: str, country: str):
    who, unsure = payers(item, country, job) or ((), False)
    assert unsure
    assert ("worker" in who) == (item in {"passport", "skck", "social_security", "health", "local_transport", "accommodation"})


@given(st.sampled_from(ITEMS), st.sampled_from(JOBS), st.dates(date(2017, 11, 22), date(2020, 7, 14)))
def test_before_the_rule_there_is_no_rule(item: str, job: str, day: date):
    assert payers(item, "MYS", job, day) is None


@given(st.sampled_from(ITEMS), st.sampled_from([*JOBS, "nurse"]), st.sampled_from(["TWN", "MYS"]), st.dates(date(2017, 11, 22), date(2030, 1, 1)))
def test_no_two_rules_are_equally_close_to_one_case(item: str, job: str, country: str, day: date):
    close = [rule.closeness for rule in law().cost_rules(item, country, job, day)]
    assert close == sorted(set(close), reverse=True)


COST = '[[costs]]\nid = "c"\nbasis = "UU:1"\nsince = 2020-01-01\nlabel = "a"\nlabel_en = "a"\n'


def rule(name: str, more: str = "", payers: str = '["employer"]') -> str:
    return f'[[payers]]\nid = "{name}"\nbasis = "UU:1"\nsince = 2020-01-01\nitems = ["c"]\npayers = {payers}\n{more}\n'


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (rule("a") + rule("b"), r"costs.toml row 2, line 14 \(b\): says who pays c, as costs.toml row 1, line 7 \(a\) does"),
        (rule("a", 'countries = ["TWN", "HKG"]') + rule("b", 'countries = ["HKG"]'), r"\(b\): says who pays c"),
        (rule("a", payers='["nobody"]'), r"\(a\): payers is 'nobody', which is none of"),
        (rule("a", payers="[]"), r"\(a\): a rule names items and who"),
        (rule("a", 'jobs = ["cook"]'), r"\(a\): jobs names cook, which is no job"),
    ],
)
def test_rules_of_cost_that_contradict_one_another_are_refused(rules: str, words: str):
    with pytest.raises(LawFault, match=words):
        read({"sources": SOURCE, "costs": COST + rules})


def test_rules_that_follow_one_another_or_name_other_countries_stand_side_by_side():
    rules = rule("a", "until = 2020-12-31") + rule("b").replace("2020-01-01", "2021-01-01") + rule("d", 'countries = ["TWN"]')
    tables = read({"sources": SOURCE, "costs": COST + rules})
    assert [r.id for r in tables.cost_rules("c", "TWN", "", date(2021, 5, 5))] == ["d", "b"]
    assert [r.id for r in tables.cost_rules("c", "MYS", "", date(2020, 5, 5))] == ["a"]


def test_premiums_and_credit_are_those_of_the_day():
    assert [(p.months, p.amount) for p in law().premiums_of("during", TODAY)] == [(6, 108_000), (12, 189_000), (24, 332_500)]
    assert [p.amount for p in law().premiums_of("before", TODAY, "p_to_p")] == [37_500]
    assert law().premiums_of("before", TODAY, "self_placed") == (), "the self-placed pay the second stage at once"
    assert [p.amount for p in law().premiums_of("excess", TODAY)] == [13_500]
    assert law().premiums_of("during", date(2022, 1, 1)) == (), "no rate of before was read"
    assert law().credit("kur", date(2021, 12, 31)).ceiling == 25_000_000 and law().credit("kur", date(2021, 12, 31)).unsure
    now = law().credit("kur", TODAY)
    assert (now.ceiling, now.rate_percent, now.months_max, now.grace_months) == (100_000_000, 6, 36, 6)
