"""The law tables: what ships holds together; what does not is refused with the table and the row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.law.load import LawFault, law, read

SOURCES = '[[sources]]\nid = "UU"\ntitle = "a"\ntitle_en = "a"\nstatus = "in force"\nsince = 2017-11-22\n'


def clock(basis: str = "UU:1", since: str = "2020-01-01", more: str = "", name: str = "x") -> str:
    return f'[[clocks]]\nid = "{name}"\nbasis = "{basis}"\nsince = {since}\ndays = 1\n{more}\n'


def test_the_tables_that_ship_hold_together():
    today = date(2026, 11, 21)
    assert law().role("reviewer", today) is not None
    assert law().role("reviewer", date(2017, 1, 1)) is None, "before its first day a role does not exist"
    assert law().clock("lapor_diri", today).days == 30 and law().clock("lapor_diri", today).unsure


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"clocks": clock("UU99:1")}, r"clocks.toml row 1, line 1 \(x\): basis UU99:1 names no source"),
        ({"clocks": clock(more="colour = 1")}, r"clocks.toml row 1, line 1 \(x\): unknown key colour"),
        ({"clocks": '[[clocks]]\nid = "x"\nbasis = "UU:1"\n'}, r"clocks.toml row 1, line 1 \(x\): since is missing"),
        ({"clocks": clock(since='"soon"')}, r"clocks.toml row 1, line 1 \(x\): since is not a date"),
        ({"clocks": clock(more="until = 2019-01-01")}, r"ends before it begins"),
        ({"clocks": clock() + clock(since="2021-01-01")}, r"clocks.toml row 2, line 7 \(x\): clocks \(x\): two rows hold on 2021-01-01"),
        ({"clocks": "[[clock]]\n"}, r"clocks.toml: unknown section clock"),
        ({"clocks": "id ="}, r"clocks.toml: .*end of document"),
        ({"clocks": "clocks = 3"}, r"clocks.toml: clocks is not a list of rows; each row begins with \[\[clocks\]\]"),
        ({"clocks": "[clocks]\nid = 1"}, r"clocks.toml: clocks is not a list of rows"),
        ({"clocks": clock("")}, r"\(x\): basis is empty"),
        ({"clocks": clock().replace("days = 1", "days = 0")}, r"\(x\): a clock counts days, workdays, months or years: one of them, at least 1"),
        ({"clocks": clock(more="months = 1")}, r"\(x\): a clock counts .* one of them"),
        ({"clocks": clock().replace("days = 1", "days = true")}, r"\(x\): days is not a whole number"),
        ({"clocks": clock().replace("days = 1", 'days = "1"')}, r"\(x\): days is not a whole number"),
        ({"clocks": "# [[clocks]]\n\n" + clock(more="colour = 1")}, r"clocks.toml row 1, line 3 \(x\): unknown key colour"),
        ({"clocks": clock() + clock(name="y", more="colour = 1")}, r"clocks.toml row 2, line 7 \(y\): unknown key colour"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_place(tables: dict[str, str], words: str):
    with pytest.raises(LawFault, match=words):
        read({"sources": SOURCES, **tables})


@given(st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.dates(date(2018, 1, 1), date(2030, 1, 1)))
def test_a_change_is_a_new_row_and_the_old_days_keep_the_old_rule(change: date, day: date):
    before = date.fromordinal(change.toordinal() - 1)
    tables = read({"sources": SOURCES, "clocks": clock(since="2017-11-22", more=f"until = {before}\nlabel = 'old'") + clock(since=str(change), more="label = 'new'")})
    assert tables.clock("x", day).label == ("new" if day >= change else "old")
