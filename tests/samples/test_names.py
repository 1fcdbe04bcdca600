"""Names: every people by its own custom, cohorts change the fashion, no word twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.samples.names import SLOTS, full_names, load_customs, render

CUSTOMS = load_customs()


def draw(people: str, *, female: bool, year: int, count: int = 1_500, seed: int = 1) -> list[str]:
    who = np.full(count, CUSTOMS.peoples.index(people))
    tokens = full_names(np.random.default_rng(seed), CUSTOMS, who, np.full(count, female), np.full(count, year))
    return render(CUSTOMS, tokens).to_list()


@settings(max_examples=25)
@given(st.sampled_from(CUSTOMS.peoples), st.booleans(), st.integers(1945, 2022), st.integers(0, 2**32 - 1))
def test_any_name_is_made_of_different_words(people: str, female: bool, year: int, seed: int) -> None:
    who = np.full(40, CUSTOMS.peoples.index(people))
    tokens = full_names(np.random.default_rng(seed), CUSTOMS, who, np.full(40, female), np.full(40, year))
    assert tokens.shape == (40, SLOTS) and (tokens[:, 0] >= 0).all()
    for row in tokens.tolist():
        used = [token for token in row if token >= 0]
        assert len(set(used)) == len(used) and row == used + [-1] * (SLOTS - len(used))
    assert all(name == name.strip() and name.isupper() for name in render(CUSTOMS, tokens))


def share(names: list[str], *starts: str) -> float:
    return sum(name.startswith(starts) for name in names) / len(names)


def test_balinese_names_tell_sex_and_order_of_birth() -> None:
    titles = ("I ", "IDA BAGUS", "ANAK AGUNG", "COKORDA", "NGAKAN")
    assert share(draw("bali", female=False, year=1985), *titles) == 1.0
    women = draw("bali", female=True, year=1985)
    assert (
        share(women, "NI ") > 0.8 and share(women, "IDA AYU", "I GUSTI AYU", "DESAK", "ANAK AGUNG", "I DEWA AYU") > 0.04
    )


def test_batak_names_end_in_a_clan_and_sasak_nobles_have_titles() -> None:
    clans = {name.split()[-1] for name in draw("batak", female=False, year=1988)}
    assert {"SIREGAR", "SINAGA", "NASUTION"} <= clans and len(clans) <= 38
    assert share(draw("sasak", female=False, year=1985), "LALU ") == pytest.approx(0.09, abs=0.04)
    assert share(draw("sasak", female=True, year=1985), "BAIQ ") == pytest.approx(0.09, abs=0.04)


def test_cohorts_change_the_fashion() -> None:
    old, new = (draw("jawa", female=True, year=year) for year in (1955, 2002))
    one_word = [sum(" " not in name for name in names) / len(names) for names in (old, new)]
    assert one_word[0] > 0.6 > 0.25 > one_word[1]
    assert share(draw("jawa", female=False, year=2003), "MUHAMMAD", "MOH", "MUH") > 0.12


def test_the_vocabulary_is_large_and_names_are_unequal() -> None:
    assert len(CUSTOMS.vocabulary) > 3_000
    names = draw("sunda", female=True, year=1985, count=4_000)
    counts = sorted((names.count(name) for name in set(names)), reverse=True)
    assert counts[0] > 5 * counts[len(counts) // 3]
