"""Names: the customs of Indonesia, keys that meet, likeness that orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.linkage import name_keys, name_similarity, search_keys, standardise_name
from selaras.engines.linkage.spelling import consonants, sound


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Hj. Sitti Noerhajati, S.Pd", "SITI NURHAYATI"),
        ("M. Tjipto", "MUHAMMAD CIPTO"),
        ("MOCHAMAD DJOKO", "MUHAMMAD JOKO"),
        ("St. Aminah binti Abd. Rahman", "SITI AMINAH ABDUL RAHMAN"),
        ("I MD SUKARTA", "MADE SUKARTA"),
        ("Md. Ali", "MUHAMMAD ALI"),
        ("NI LUH PT AYU", "LUH PUTU AYU"),
        ("H. Ma'ruf", "MARUF"),
        ("S1TI AM1NAH 🙂", "SITI AMINAH"),
        ("ＳＩＴＩ", "SITI"),
        ("Аminah", "AMINAH"),
        ("SUMIATI, SITI", "SUMIATI SITI"),
        ("Hj.", "HJ"),
        (None, ""),
        ("12345", ""),
    ],
)
def test_a_name_is_read_as_it_was_meant(written, meant):
    assert standardise_name(written) == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SOEPRIJADI", "SUPRIYADI"), ("ZAINAL", "JAENAL"), ("FATIMAH", "PATIMA"), ("SHOLEH", "SOLEH"),
        ("YULIANTI", "JULIANTI"), ("QOMARIYAH", "KOMARIAH"), ("SYAIFUL", "SAIPUL"), ("CHOIRUL", "COIRUL"),
        ("KHUSNUL", "HUSNUL"), ("SUWARNI", "SUARNI"), ("AZIZ", "AZIS"), ("MAHMUD", "MAHMUT"),
    ],
)  # fmt: skip
def test_spellings_that_officers_take_for_one_another_share_their_consonants(one, other):
    assert consonants(one) == consonants(other), (sound(one), sound(other))


def test_arabic_script_meets_its_latin_spelling():
    assert set(name_keys("محمد")) & set(name_keys("MUHAMMAD"))


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("SITI AMINAH", "aminah siti"),
        ("SITI AMINAH", "Sitiaminah"),
        ("SITI NURHALIZAH", "nurhaliza"),
        ("MUHAMMAD SYAHRUL RAMADHAN", "syahrul romadon"),
        ("MUHAMMAD SYAHRUL RAMADHAN", "M. Sahrul"),
        ("SUKIYEM", "soekijem"),
    ],
)
def test_a_half_remembered_name_meets_the_stored_keys(stored, asked):
    assert set(name_keys(stored)) & set(search_keys(asked))


def test_a_common_word_alone_asks_for_a_year_or_a_place():
    assert search_keys("SITI") == []
    stored = set(name_keys("SITI AMINAH", 1990, "3212"))
    assert stored & set(search_keys("siti", year=1991))
    assert stored & set(search_keys("siti", regency="3212042001"))
    assert not stored & set(search_keys("siti", year=1999))


def test_a_misspelt_word_is_found_by_year_and_place():
    assert set(name_keys("SUMNIK", 1980, "3502")) & set(search_keys("SUMBIR", year=1980, regency="3502"))


def test_the_most_selective_key_comes_first():
    first = search_keys("siti sumnik", year=1980)[0]
    assert first in name_keys("SITI SUMNIK")
    assert first not in name_keys("SITI DAIMAH")
    assert first not in name_keys("NUR SUMNIK")


@given(st.text(max_size=60), st.one_of(st.none(), st.integers(1900, 2030)))
def test_any_text_gives_distinct_bigints_and_finds_itself(text, year):
    keys = name_keys(text, year, "3212")
    assert len(keys) == len(set(keys))
    assert all(0 <= key < 2**63 for key in keys)
    if year and standardise_name(text):
        assert set(search_keys(text, year, "3212")) & set(keys)


def test_keys_never_change_without_a_new_version():
    assert name_keys("SITI SUMNIK", 1980, "3502") == KNOWN


KNOWN = [
    1246313551619487936, 5481543118152401025, 1164368006784400385, 7237105340447798084,
    6212297604555939056, 987832041703723100, 9075934758555311774, 1923905461983175170,
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SITI AMINAH", "AMINAH SITI"), ("Muhammad Ali", "M. Ali"), ("SITI AMINAH", "Sitiaminah"),
        ("SOEKARNO", "SUKARNO"), ("SITI AMINAH BINTI RAHMAN", "SITI AMINAH"), ("WIJAYANTI", "WIJYANTI"),
        ("Hj. Fatimah", "PATIMAH"),
    ],
)  # fmt: skip
def test_one_person_written_twice_looks_alike(one, other):
    assert name_similarity(one, other) >= 0.7
    assert name_similarity(one, other) == pytest.approx(name_similarity(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SITI AMINAH", "SITI SUMNIK"),
        ("MUHAMMAD ALI", "MUHAMMAD RIDWAN"),
        ("SUMNIK", "DAIMAH"),
        ("", "SITI"),
        (None, None),
    ],
)
def test_two_persons_look_different(one, other):
    assert name_similarity(one, other) < 0.5


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_symmetric_and_bounded(a, b):
    there, back = name_similarity(a, b), name_similarity(b, a)
    assert 0 <= there <= 1
    assert there == pytest.approx(back)
    if standardise_name(a):
        assert name_similarity(a, a) == 1.0
