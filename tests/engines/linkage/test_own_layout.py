"""A register with headings of its own: a TOML file says what they mean, and which cells make up one column."""

import polars as pl
import pytest
from click.testing import CliRunner

from selaras.doors.cli.link import link
from selaras.engines.linkage.layouts import UnknownLayout, columns_of
from tests.engines.linkage.people import persons, rows_of, table

LAYOUT = """
title = "A register of another country"
[columns]
row_id = "case no"
birth_date = ["born", "dob"]
sex = "gender"
passport = "social security"
regency = "suburb"
[joined]
name = ["given name", "family name"]
village = ["street number", "street"]
[dates]
birth_date = "mdy"
"""


def foreign(kind, seed):
    """Rows of a register of the cast under headings that no layout of ours knows."""
    rows = table([r for p in persons(120, seed) for r in rows_of(p, kind, seed)])
    words = pl.col("name").str.splitn(" ", 2).struct
    born = pl.col("birth_date").str.to_date().dt.strftime("%m/%d/%Y")
    return rows.select(
        pl.col("row_id").alias("case no"), words[0].alias("given name"), words[1].alias("family name"),
        born.alias("DOB"), pl.col("sex").alias("gender"), pl.col("passport").alias("social security"),
        pl.col("regency").alias("suburb"), pl.lit(None, pl.String).alias("street number"), pl.col("village").alias("street"),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "own.toml").write_text(LAYOUT)
    foreign("S", 5).write_csv(tmp_path / "a.csv")
    foreign("P", 5).with_columns(pl.col("DOB").str.to_date("%m/%d/%Y")).write_parquet(tmp_path / "b.parquet")
    return tmp_path


def run(folder, *layouts):
    files = [str(folder / "a.csv"), str(folder / "b.parquet"), "--out", str(folder / "out")]
    return CliRunner().invoke(link, [*files, *(word for name in layouts for word in ("--layout", name))])


def test_a_register_with_headings_of_its_own_is_linked(folder):
    own = str(folder / "own.toml")
    said = run(folder, own, own)
    assert said.exit_code == 0, said.output
    rows = pl.read_parquet(folder / "out" / "clusters.parquet").with_columns(person=pl.col("rec_id").str.slice(1, 5))
    whole = rows.group_by("person").agg(pl.col("cluster_id").n_unique())
    assert (whole["cluster_id"] == 1).mean() > 0.9
    assert rows.group_by("cluster_id").agg(pl.col("person").n_unique())["person"].max() == 1


def test_cells_are_put_together_with_a_space_and_nothing_of_nothing_is_missing(folder):
    (folder / "own.toml").write_text(LAYOUT + "\n")
    pl.DataFrame(
        {"case no": ["1", "2", "3"], "given name": ["SITI", None, "ENI"], "family name": ["AMINAH", "WATI", None],
         "street": ["MELATI", None, None], "street number": ["7", None, "3"], "gender": ["P", "P", "P"],
         "dob": ["02/28/1990", "03/01/1991", "04/05/1992"], "suburb": ["A", "B", "C"]}
    ).write_csv(folder / "a.csv")  # fmt: skip
    own = str(folder / "own.toml")
    assert run(folder, own, own).exit_code == 0
    assert not (folder / "out" / "set_aside_a.csv").exists()
    rows = pl.read_parquet(folder / "out" / "clusters.parquet").filter(pl.col("rec_id").is_in(["1", "2", "3"]))
    assert rows.height == 3 and rows["valid"].all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns\n", "no TOML file"),
        ('[columns]\nshoe = "size"\nrow_id = "a"\n', "unknown columns ['shoe']"),
        ('[columns]\nrow_id = 7\n', "a heading or a list of headings"),
        ('[columns]\nrow_id = "a"\n[dates]\nbirth_date = "backwards"\n', "orders dates by ['backwards']"),
        ('event = "party"\n[columns]\nrow_id = "a"\n', "has the event 'party'; known are registration, report"),
        ('[columns]\nrow_id = "a"\n[trust]\nshoe = 50\n', "unknown columns ['shoe']"),
        ('[columns]\nrow_id = "a"\n[trust]\nnik = 101\n', "no whole number from 0 to 100"),
    ],
)
def test_a_layout_that_is_none_is_refused_in_one_sentence(folder, text, said):
    (folder / "own.toml").write_text(text)
    with pytest.raises(UnknownLayout) as refusal:
        columns_of(["a", "b"], str(folder / "own.toml"))
    assert said in str(refusal.value)
    result = run(folder, str(folder / "own.toml"), "canonical")
    assert result.exit_code != 0 and "Traceback" not in result.output


def test_a_name_that_is_no_layout_is_refused(folder):
    said = run(folder, "febrl")
    assert said.exit_code == 2 and "neither a TOML file nor one of" in said.output
