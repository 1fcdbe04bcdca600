"""Faults change what is written without ever failing or emptying it."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.samples import damage

CHANGES = [
    damage.spelling, damage.typo, damage.shorter, damage.initial, damage.joined, damage.split, damage.swapped, damage.cut,
    damage.title,
]  # fmt: skip
NAMES = st.lists(st.text("ABDEHIKLMNRSTUYZ'", min_size=1, max_size=12), min_size=1, max_size=5).map(" ".join)
SEEDS = st.integers(0, 2**31 - 1)


@given(NAMES, st.lists(st.tuples(st.sampled_from(CHANGES), SEEDS), max_size=6))
def test_names_stay_names_under_any_series_of_faults(name: str, series: list) -> None:
    for change, seed in series:
        name = change(name, seed)
    assert name.strip() == name and name and "  " not in name


@given(st.integers(10**15, 10**16 - 1), SEEDS)
def test_number_faults_change_what_they_say(number: int, seed: int) -> None:
    text = str(number)
    assert sum(a != b for a, b in zip(text, damage.digit_typo(text, seed), strict=True)) == 1
    assert sorted(damage.digit_swap(text, seed)) == sorted(text)
    assert len(damage.fifteen(text, seed)) == 15 and len(damage.seventeen(text, seed)) == 17
    assert damage.excel(text, seed) == text[:15] + "0"


@given(st.dates(), SEEDS)
def test_date_faults_give_dates(day, seed: int) -> None:
    for change in (damage.date_typo, damage.day_month, damage.first_january, damage.year_1900):
        year, month, number = change(day.isoformat(), seed).split("-")
        assert len(year) == 4 and 1 <= int(month) <= 12 and 1 <= int(number) <= 31


@pytest.mark.parametrize(
    ("change", "seed", "before", "after"),
    [
        (damage.spelling, 1, "MUHAMMAD ALI", "MOHAMMAD ALI"),
        (damage.spelling, 1, "SITI AMINAH", "ST AMINAH"),
        (damage.joined, 0, "SITI AMINAH", "SITIAMINAH"),
        (damage.swapped, 0, "RINI LESTARI", "LESTARI RINI"),
        (damage.initial, 1, "AHMAD FAUZI", "AHMAD F"),
        (damage.shorter, 2, "SRI RAHAYU", "SRI"),
        (damage.cut, 0, "FRANSISKUS XAVERIUS", "FRANSISKUS XAVE"),
        (damage.day_month, 0, "1990-03-11", "1990-11-03"),
    ],
)
def test_examples(change, seed: int, before: str, after: str) -> None:
    assert change(before, seed) == after


def test_edit_changes_the_stated_share_and_leaves_empty_cells() -> None:
    rng = np.random.default_rng(1)
    text = pl.Series(["AMINAH", None] * 5_000)
    new = damage.edit(rng, text, 0.2, lambda name, _: name.lower())
    assert new.null_count() == 5_000
    assert (new.drop_nulls() == "aminah").mean() == pytest.approx(0.2, abs=0.03)
