"""A draft is laid over the tables: its rows take the place of others from their first day, and the difference is told row by row."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.law.draft import changes, drafted
from selaras.law.load import LawFault, law, texts
from tests.law.test_journey_law import SCHEMES

FIRST = date(2026, 6, 1)
TODAY = date(2026, 11, 22)
COURSE = """
[[steps]]
id = "money_course"
basis = "UU18:35"
since = 2026-06-01
label = "Kursus keuangan"
label_en = "Money course"
schemes = ["p_to_p"]
stage = "prepare"
after = ["register"]
by = ["desk_officer"]
office = "LTSA"
office_en = "One-stop desk"
evidence = ["course_paper"]

[[evidence]]
id = "course_paper"
basis = "UU18:35"
since = 2026-06-01
label = "Bukti kursus"
label_en = "Proof of the course"
about = "journey"

[[gate]]
id = "state_course"
basis = "UU18:35"
since = 2026-06-01
label = "Kursus keuangan diikuti"
label_en = "Money course attended"
group = "state"
schemes = ["p_to_p"]
order = 9
evidence = "course_paper"
"""
SHORTER = """
[[clocks]]
id = "lapor_diri"
basis = "UU18:6"
since = 2026-06-01
days = 14
label = "Lapor diri"
label_en = "Report"
"""
HEALTH = """
[[steps]]
id = "health"
basis = "UU18:13d"
since = 2026-06-01
label = "Pemeriksaan"
label_en = "Examination"
schemes = ["p_to_p", "ukps"]
stage = "prepare"
after = ["record"]
by = ["bp3mi_officer"]
office = "Klinik"
office_en = "Clinic"
evidence = ["health_result"]
"""


def told(draft: str, scheme: str = "p_to_p", day: date = TODAY, since: date | None = None) -> list[tuple[str, str, str]]:
    after = drafted(texts(), "draft.toml", draft, since)
    return [(c.kind, c.what, c.id) for c in changes(law(), after, scheme, day)]


def test_what_is_new_is_told_step_line_and_paper():
    assert told(COURSE) == [("added", "step", "money_course"), ("added", "gate", "state_course"), ("added", "evidence", "course_paper")]
    assert told(COURSE, "g_to_g_korea") == [], "another scheme keeps its own"


def test_a_day_before_the_draft_keeps_its_rule():
    assert told(COURSE, day=FIRST - timedelta(days=1)) == []
    assert told(COURSE, day=FIRST) != []


@settings(max_examples=15)
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(sorted(SCHEMES)))
def test_only_days_from_its_first_one_are_touched(day: date, scheme: str):
    assert bool(told(COURSE, scheme, day)) == (scheme == "p_to_p" and day >= FIRST)


def test_a_draft_may_be_asked_as_if_it_began_on_another_day():
    assert told(COURSE, day=date(2025, 5, 5), since=date(2025, 5, 1))
    assert not told(COURSE, day=date(2025, 4, 30), since=date(2025, 5, 1))


def test_a_clock_is_told_for_the_step_that_it_runs_for():
    after = drafted(texts(), "draft.toml", SHORTER)
    (change,) = changes(law(), after, "p_to_p", TODAY)
    assert (change.what, change.id, change.keys) == ("clock", "arrive", (("days", 30, 14),))


def test_a_row_for_some_schemes_leaves_the_others_what_they_had():
    after = drafted(texts(), "draft.toml", HEALTH)
    assert told(HEALTH, "ukps") == [("changed", "step", "health")] and told(HEALTH, "self_placed") == []
    assert after.step("ukps", "health", TODAY).after == ("record",)
    assert changes(law(), after, "ukps", FIRST - timedelta(days=1)) == ()
    (change,) = changes(law(), after, "p_to_p", TODAY)
    assert ("after", ("register", "selection"), ("record",)) in change.keys
    assert not {key for key, *_ in change.keys} & {"label", "office", "basis", "since"}, "other words change nothing for a journey"


def test_a_row_that_ends_again_gives_the_old_one_back():
    after = drafted(texts(), "draft.toml", HEALTH.replace("since = 2026-06-01", "since = 2026-06-01\nuntil = 2026-06-30"))
    assert after.step("ukps", "health", date(2026, 6, 15)).after == ("record",)
    assert changes(law(), after, "ukps", date(2026, 7, 1)) == ()


def test_a_rule_can_end_without_another_in_its_place():
    end = '[[ends]]\ntable = "gate"\nid = "doc_jkn"\non = 2026-05-31\n'
    assert told(end, "self_placed") == [("removed", "gate", "doc_jkn")]
    assert told(end, "self_placed", FIRST - timedelta(days=1)) == []
    some = '[[ends]]\ntable = "gate"\nid = "doc_jkn"\non = 2026-05-31\nschemes = ["ssw_self"]\n'
    assert told(some, "self_placed") == [] and told(some, "ssw_self")[0] == ("removed", "gate", "doc_jkn")


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("", r"draft.toml: holds no row"),
        ("id =", r"draft.toml: .*end of document"),
        ("[[wishes]]\nid = 1", r"draft.toml: unknown section wishes"),
        (COURSE.replace('evidence = ["course_paper"]', 'evidence = ["nothing"]'), r"draft.toml row 1, line 2 \(money_course\): evidence names nothing"),
        (COURSE.replace('after = ["register"]', 'after = ["home"]'), r"draft.toml row 1, line 2 \(money_course\): comes after home"),
        (COURSE.replace('basis = "UU18:35"', 'basis = "UU99:1"'), r"basis UU99:1 names no source"),
        (HEALTH.replace('after = ["record"]', 'after = ["gate"]'), r"schemes.toml row \d+, line \d+ \(p_to_p\): on 2026-06-01 its steps wait for one another"),
        ('[[ends]]\ntable = "gate"\nid = "nothing"\non = 2026-05-31\n', r"draft.toml: \[\[ends\]\] row 1: gate has no row nothing"),
        ('[[ends]]\ntable = "gate"\nid = "doc_jkn"\n', r"\[\[ends\]\] row 1: needs table, id and on"),
        ('[[ends]]\ntable = "gate"\nid = "doc_jkn"\non = 2026-05-31\nschemes = ["p_to_p"]', r"doc_jkn does not hold for p_to_p"),
        ('[[ends]]\ntable = "steps"\nid = "home"\non = 2026-05-31\n', r"on 2026-06-01 it has 0 last steps"),
    ],
)
def test_a_draft_that_does_not_hold_together_is_refused_with_its_place(draft: str, words: str):
    with pytest.raises(LawFault, match=words):
        drafted(texts(), "draft.toml", draft)


def test_a_draft_changes_nothing_that_ships():
    before = texts()
    drafted(before, "draft.toml", COURSE)
    assert before == texts() and law().step("p_to_p", "money_course", TODAY) is None
