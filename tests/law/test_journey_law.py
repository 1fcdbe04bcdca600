"""Schemes, steps, evidence and gate: what ships can be walked on every day, and says what the statutes say."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.law.load import LawFault, law, read, texts

TODAY = date(2026, 11, 22)
SCHEMES = {
    "p_to_p", "g_to_g_korea", "g_to_g_japan", "g_to_g_germany", "ssw_agency", "ssw_self", "ukps", "self_placed", "re_entry",
    "crew_merchant", "crew_fishing",
}  # fmt: skip
days = st.dates(date(2017, 11, 22), date(2035, 12, 31))


def gate(scheme: str, day: date = TODAY, group: str = "") -> list[str]:
    return [row.evidence or row.test or row.id for row in law().gate_of(scheme, day) if not group or row.group == group]


def test_all_eleven_schemes_hold_today():
    assert {s.id for s in law().schemes_on(TODAY)} == SCHEMES


@given(st.sampled_from(sorted(SCHEMES)), days)
def test_on_every_day_a_scheme_can_be_walked_from_a_first_step_to_one_last(scheme: str, day: date):
    if law().scheme(scheme, day) is None:
        return
    steps = law().steps_of(scheme, day)
    done: set[str] = set()
    for step in steps:
        assert done.issuperset(step.after), f"{step.id} comes before what it waits for"
        done.add(step.id)
    assert len(done) == len(steps), "no step twice on one day"
    assert not steps[0].after and [s.id for s in steps if s.ends] == ["home"]
    assert {"gate", "depart", "return"} <= done
    actors = {"worker", *(role.id for role in law().roles)}
    for step in steps:
        assert step.by and set(step.by) <= actors
        assert all(law().evidence_of(e, day) for e in (*step.evidence, *step.asked))
        assert all(law().clock(c, day) for c in (step.clock, step.expires) if c)
        assert not step.clock_from or step.clock_from in done | {"start"}


@given(st.sampled_from(sorted(SCHEMES)), days)
def test_whatever_the_gate_asks_a_step_before_it_brings(scheme: str, day: date):
    """A document that no step asks for could never be there, and everybody would be held."""
    brought = {e for step in law().steps_of(scheme, day) for e in step.evidence}
    for row in law().gate_of(scheme, day):
        if row.evidence and not row.unsure and row.group == "document" and not row.when:
            assert row.evidence in brought, f"{scheme}: nothing brings {row.evidence}"


EIGHT = ["marital_letter", "permission_letter", "competence_certificate", "health_result", "passport", "visa", "placement_agreement", "contract"]


@pytest.mark.parametrize(
    ("scheme", "documents"),
    [
        ("p_to_p", EIGHT),
        ("g_to_g_japan", EIGHT),
        ("g_to_g_germany", EIGHT),
        ("ukps", EIGHT),
        ("g_to_g_korea", [*EIGHT[:-1], "slc"]),
        ("ssw_agency", [*EIGHT[:2], "sector_test", "health_result_fresh", *EIGHT[4:]]),
        (
            "self_placed",
            ["marital_letter", "permission_letter", "competence_certificate", "health_result", "visa", "contract", "jkn", "call_letter",
             "employer_profile", "social_security", "risk_statement"],
        ),
        ("re_entry", ["photo", "passport", "contract", "leave_letter", "visa", "health_result", "social_security"]),
        ("crew_merchant", ["passport", "seaman_book", "pkl", "social_security", "health_result", "visa", "seafarer_id", "sea_certificates"]),
        ("crew_fishing", ["passport", "seaman_book", "pkl", "social_security", "health_result", "visa", "placement_agreement", "sea_certificates"]),
    ],
)  # fmt: skip
def test_each_scheme_has_its_own_list_of_documents(scheme: str, documents: list[str]):
    assert gate(scheme, group="document") == documents


def test_the_recruitment_permit_is_asked_of_those_whom_an_agency_places():
    with_permit = {s for s in SCHEMES if "sip2mi_active" in gate(s)}
    assert with_permit == {"p_to_p", "ssw_agency", "crew_merchant", "crew_fishing"}
    assert {s for s in SCHEMES if "employer_legal_entity" in gate(s)} == {"ssw_self", "self_placed"}
    assert law().scheme("self_placed", TODAY).employer_kinds == ("legal_entity",)


def test_five_requirements_stand_at_every_gate_and_only_two_of_them_are_their_own_lines():
    for scheme in SCHEMES - {"re_entry"}:
        rows = [row for row in law().gate_of(scheme, TODAY) if row.group == "requirement"]
        assert len(rows) == 5
        letters = [row.basis[-1] for row in rows]
        assert letters == ["a", "b", "c", "d", "e"]


def test_what_comes_from_papers_that_nobody_read_decides_nothing():
    unsure = {(s, row.id) for s in SCHEMES for row in law().gate_of(s, TODAY) if row.unsure}
    assert ("ukps", "permit_company") in unsure and ("self_placed", "permit_passport") in unsure
    assert not {scheme for scheme, _ in unsure} & {"p_to_p", "g_to_g_korea", "crew_merchant", "crew_fishing"}
    for row in (r for s in SCHEMES for r in (*law().gate_of(s, TODAY), *law().steps_of(s, TODAY)) if r.unsure):
        assert row.note and row.note_en, f"{row.id} does not say what is unsure"


def test_a_place_on_the_korean_roster_ends():
    slc = law().step("g_to_g_korea", "slc", TODAY)
    assert slc.expires == "roster_place" and slc.clock_from == "roster"
    assert law().clock("roster_place", TODAY).unsure


def test_registration_followed_the_system_of_its_day():
    def label(day: date) -> str:
        return law().step("p_to_p", "register", day).label

    assert "SISKOTKLN" in label(date(2022, 6, 1))
    assert "SIAPkerja" in label(date(2025, 12, 31))
    assert "SISKOP2MI" in label(date(2026, 1, 1))


@settings(max_examples=20)
@given(st.dates(date(2026, 2, 1), date(2030, 1, 1)), st.integers(-400, 400))
def test_a_journey_of_before_keeps_the_rule_of_before(change: date, shift: int):
    """One row ends and another begins on a later day, in a copy of the tables: earlier days keep the earlier row."""
    tables = dict(texts())
    before, rest = tables["steps"].split('id = "selection"', 1)
    mine, after = rest.split("[[steps]]", 1)
    old = mine.replace("since = 2021-04-07\n", f"since = 2021-04-07\nuntil = {change - timedelta(days=1)}\n")
    new = mine.replace("since = 2021-04-07\n", f"since = {change}\n").replace('"register"]', '"register", "letters"]')
    tables["steps"] = f'{before}id = "selection"{old}[[steps]]\nid = "selection"{new}[[steps]]{after}'
    changed, day = read(tables), change + timedelta(days=shift)
    step = changed.step("p_to_p", "selection", day)
    assert step is not None and ("letters" in step.after) == (day >= change)


SOURCE = '[[sources]]\nid = "UU"\ntitle = "a"\ntitle_en = "a"\nstatus = "in force"\nsince = 2017-11-22\n'
ROW = 'basis = "UU:1"\nsince = 2020-01-01\nlabel = "a"\nlabel_en = "a"\n'
SCHEME = f'[[schemes]]\nid = "s"\n{ROW}placing = "self"\nemployer_kinds = ["legal_entity"]\nage_min = 18\nstarted_by = ["worker"]\n'
EVIDENCE = f'[[evidence]]\nid = "e"\n{ROW}about = "person"\n'


def step(name: str, more: str = "", since: str = "2020-01-01", **keys: str) -> str:
    row = ROW.replace("2020-01-01", since)
    given = {"by": '["worker"]', "after": "[]"} | keys
    lines = "".join(f"{k} = {v}\n" for k, v in given.items())
    return f'[[steps]]\nid = "{name}"\n{row}schemes = ["s"]\nstage = "place"\noffice = "a"\noffice_en = "a"\n{lines}{more}\n'


LAST = step("z", "ends = true")


def tables(steps: str = LAST, gate: str = "", **more: str) -> dict[str, str]:
    return {"sources": SOURCE, "schemes": SCHEME, "steps": steps, "evidence": EVIDENCE, "gate": gate, **more}


def line(more: str) -> str:
    return f'[[gate]]\nid = "g"\n{ROW}group = "requirement"\nschemes = ["s"]\norder = 1\n{more}\n'


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("", r"schemes.toml row 1, line 1 \(s\): on 2020-01-01 it has no step"),
        (step("a"), r"it has 0 last steps"),
        (LAST + step("y", "ends = true"), r"it has 2 last steps"),
        (step("a", after='["b"]') + step("b", after='["a"]') + LAST, r"wait for one another: a → b → a|wait for one another: b → a → b"),
        (step("a", after='["nowhere"]') + LAST, r"steps.toml row 1, line 1 \(a\): after names nowhere, which is no step"),
        (step("a", by='["nobody"]') + LAST, r"\(a\): by names nobody, which is no role"),
        (step("a", by="[]") + LAST, r"\(a\): by is empty"),
        (step("a", 'evidence = ["x"]') + LAST, r"\(a\): evidence names x, which is no evidence"),
        (step("a", 'evidence = ["e"]', since="2019-01-01") + LAST, r"\(a\): evidence names e, but no such evidence holds on 2019-01-01"),
        (step("a", 'clock = "c"\nclock_from = "start"') + LAST, r"\(a\): clock names c, which is no clock"),
        (step("a", 'clock_from = "start"') + LAST, r"\(a\): a clock and clock_from go together"),
        (step("a", 'schemes = ["t"]').replace('schemes = ["s"]\n', "") + LAST, r"\(a\): schemes names t, which is no scheme"),
        (step("a") + step("a") + LAST, r"steps.toml row 2, line 14 \(a\): steps \(a of s\): two rows hold on 2020-01-01"),
        (step("a", "until = 2020-12-31") + step("a", since="2021-02-01") + LAST, r"no row holds from 2021-01-01 to 2021-01-31"),
        (step("a", 'stage = "later"').replace('stage = "place"\n', "") + LAST, r"stage is 'later', which is none of 'prepare'"),
        (step("z", "ends = true\noptional = true"), r"the last step cannot be optional"),
        (step("a", after='["z"]') + LAST, r"\(a\): comes after z, which is the last step"),
        (step("a", after='"z"') + LAST, r"\(a\): after is not a list"),
        (step("a", "ends = 1") + LAST, r"\(a\): ends is not true or false"),
    ],
)
def test_steps_that_cannot_be_walked_are_refused_with_row_and_line(steps: str, words: str):
    with pytest.raises(LawFault, match=words):
        read(tables(steps))


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (line(""), r"gate.toml row 1, line 1 \(g\): a line is met by evidence, by a test or through other lines"),
        (line('evidence = "e"\ntest = "age_min"'), r"one of the three"),
        (line('evidence = "x"'), r"evidence names x, which is no evidence"),
        (line('test = "mood"'), r"test is 'mood', which is none of"),
        (line('through = ["document"]'), r"through \(s\) names document, which is no line or group"),
        (line('test = "age_min"\nhold_basis = "XX:1"'), r"basis XX:1 names no source"),
        (line('test = "age_min"').replace("requirement", "state"), r"schemes.toml row 1, line 1 \(s\): the gate has no requirement"),
    ],
)  # fmt: skip
def test_a_gate_line_that_could_not_be_judged_is_refused(gate: str, words: str):
    with pytest.raises(LawFault, match=words):
        read(tables(gate=gate))


def test_a_long_table_may_stand_in_several_files_and_each_refusal_names_its_own():
    split = tables(LAST, steps_crew=step("a", after='["nowhere"]'))
    with pytest.raises(LawFault, match=r"steps_crew.toml row 1, line 1 \(a\)"):
        read(split)
    assert [s.id for s in read(tables(LAST, steps_crew=step("a"))).steps_of("s", TODAY)] == ["z", "a"]


def test_evidence_that_a_system_verifies_says_what_is_done_while_it_is_down():
    for row in law().evidence:
        assert bool(row.feed) == bool(row.manual) == bool(row.manual_en), row.id
    feed = '[[feeds]]\nid = "f"\n' + ROW + 'owner = "a"\n'
    with pytest.raises(LawFault, match=r"evidence.toml row 1, line 8 \(e\): a feed can be down"):
        read(tables() | {"evidence": feed + EVIDENCE + 'feed = "f"\n'})


def test_only_the_result_of_an_examination_leaves_the_clinic():
    private = {row.id for row in law().evidence if row.private}
    assert private == {"health_result", "health_result_fresh", "health_result_second"}
    assert all(row.file == "none" for row in law().evidence if row.private)
