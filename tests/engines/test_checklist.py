"""The checklist: allow and hold are never open together, and an unsure rule never decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.checklist import (
    ALLOW,
    HOLD,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    NOT_YET,
    Known,
    Rule,
    judge,
)  # fmt: skip
from selaras.engines.reason import Reason, Unfit

ids = st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, max_size=8)


@st.composite
def cases(draw):
    rules = [Rule(name, decisive=draw(st.booleans()), applies=draw(st.booleans())) for name in draw(ids)]
    values = {rule.id: draw(st.sampled_from([MET, NOT_MET, NOT_YET, NOT_APPLICABLE, None])) for rule in rules}
    return rules, values


@given(cases())
def test_allow_is_open_exactly_when_each_rule_that_applies_and_decides_is_met(case):
    rules, values = case
    found = judge(rules, {name: Known(value, Reason("seen")) for name, value in values.items() if value})
    obvious = all(values[rule.id] in (MET, NOT_APPLICABLE) for rule in rules if rule.applies and rule.decisive)
    assert found.may_allow is obvious
    assert found.may_hold is not found.may_allow
    assert (found.against(ALLOW) is None) is obvious
    assert (found.against(HOLD) is None) is not obvious
    assert [line.rule for line in found.lines] == [rule.id for rule in rules], "each rule is shown, in order"
    assert all(found.line(rule.id).value == NOT_APPLICABLE for rule in rules if not rule.applies)


@given(cases())
def test_an_unsure_rule_changes_neither_decision(case):
    rules, values = case
    known = {name: Known(value, Reason("seen")) for name, value in values.items() if value}
    sure = [rule for rule in rules if rule.decisive]
    with_unsure, without = judge(rules, known), judge(sure, {rule.id: known[rule.id] for rule in sure if rule.id in known})
    assert (with_unsure.may_allow, with_unsure.unmet) == (without.may_allow, without.unmet)


def test_refusals_name_the_rules():
    rules = [Rule("passport"), Rule("visa"), Rule("photo", decisive=False)]
    known = {"passport": Known(MET, Reason("seen")), "photo": Known(NOT_MET, Reason("photo.missing"))}
    found = judge(rules, known)
    assert found.against(ALLOW) == Reason("allow.unmet", {"rules": ("visa",)})
    assert found.line("visa").value == NOT_YET and found.line("visa").reason.code == "rule.nothing_known"
    complete = judge(rules, known | {"visa": Known(MET, Reason("seen"))})
    assert complete.against(HOLD) == Reason("hold.nothing_unmet", {"unsure": ("photo",)})
    assert complete.against(ALLOW) is None and not complete.line("photo").stops


def test_what_is_known_of_no_rule_a_rule_twice_and_a_strange_value_are_refused():
    for rules, known, code in (
        ([Rule("a")], {"b": Known(MET, Reason("seen"))}, "rule.unknown"),
        ([Rule("a"), Rule("a")], {}, "rule.twice"),
        ([Rule("a")], {"a": Known("perhaps", Reason("seen"))}, "rule.value"),
    ):
        with pytest.raises(Unfit) as refused:
            judge(rules, known)
        assert refused.value.reason.code == code
    with pytest.raises(Unfit):
        judge([], {}).against("maybe")
