"""The page of the law is made from the tables, and a basis is said in words."""

import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from selaras.doors.cli.law import law_group
from selaras.law.load import TABLES, law, read, texts
from selaras.law.page import page
from selaras.law.shapes.citation import cited
from tests.early import ROOT


def test_the_committed_page_is_current():
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == page(law()), "run `selaras law docs` and commit the page"


def test_each_row_stands_on_the_page_with_its_basis_and_its_first_day():
    text = page(law())
    for table in set(TABLES) - {"roles", "indicators", "sharing", "limits"}:
        for row in getattr(law(), table):
            lines = [line for line in text.split("\n") if f"`{row.id}`" in line and str(row.since) in line]
            assert lines, f"{table} ({row.id}) is not on the page"
            if row.unsure:
                assert any("**unsure**" in line for line in lines), f"{table} ({row.id}) does not say that it is unsure"
            if table != "sources":
                assert any(law().cite(row.basis, "en") in line for line in lines), f"{table} ({row.id}) does not say its basis"


def test_a_row_that_ended_stays_on_the_page():
    text = page(law()).split("## Steps and lines of the gate that held before")[1].split("\n## ")[0]
    assert "SISKOTKLN" in text and "2017-11-22 to 2023-02-16" in text


@pytest.mark.parametrize(
    ("basis", "indonesian", "english"),
    [
        ("UU18:13b", "pasal 13 huruf b UU 18/2017", "article 13 letter b, Law 18/2017"),
        ("UU18:6(2)d", "pasal 6 ayat (2) huruf d UU 18/2017", "article 6 paragraph 2 letter d, Law 18/2017"),
        ("UU18:13ab", "pasal 13 huruf a dan b UU 18/2017", "article 13 letters a and b, Law 18/2017"),
        ("UU18:70", "pasal 70 UU 18/2017", "article 70, Law 18/2017"),
        ("EPS:roster", "EPS Korea", "EPS Korea"),
        ("HOUSE:count", "aturan rumah", "house rule"),
    ],
)
def test_a_basis_is_said_in_words(basis: str, indonesian: str, english: str):
    assert law().cite(basis, "id") == indonesian
    assert law().cite(basis, "en") == english


@given(st.sampled_from([row.basis for table in TABLES if table != "sources" for row in getattr(law(), table)]))
def test_every_basis_that_ships_can_be_said(basis: str):
    for language in ("id", "en"):
        assert law().cite(basis, language).strip()
    place = basis.partition(":")[2]
    if re.match(r"\d", place):
        assert cited(basis).article, f"{basis} is not read as an article"


def test_the_command_writes_the_page_and_says_where_it_cannot(tmp_path):
    run = CliRunner().invoke(law_group, ["docs", "--out", str(tmp_path / "law.md")])
    assert run.exit_code == 0 and (tmp_path / "law.md").read_text(encoding="utf-8") == page(law())
    refused = CliRunner().invoke(law_group, ["docs", "--out", str(tmp_path / "no" / "law.md")])
    assert refused.exit_code == 1 and "There is no folder" in refused.output


def test_the_command_counts_what_holds_together():
    run = CliRunner().invoke(law_group, ["check"])
    assert run.exit_code == 0
    assert re.search(r"^steps\s+\d+ rows, \d+ unsure$", run.output, re.MULTILINE)


def test_a_bar_in_a_label_does_not_break_the_table():
    tables = dict(texts())
    tables["causes"] = tables["causes"].replace("The contract ended", "The contract | ended")
    line = next(line for line in page(read(tables)).split("\n") if "`contract_end`" in line)
    assert line.count("|") == 6
