"""The spelling of numbers: the same number however it is written, and spelling twice is spelling once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.people.numbers import (
    KINDS,
    index_of,
    masked,
    nik_disagrees,
    nik_fault,
    number_faults,
    possible_indexes,
    sound,
    spelling,
)

digits = st.text("0123456789", min_size=8, max_size=11)


@given(st.sampled_from(KINDS), st.text("0123456789ABCabc oOiIlL.-+/() ", max_size=30))
def test_spelling_twice_is_spelling_once(kind, text):
    once = spelling(kind, text)
    assert spelling(kind, once) == once


@given(st.from_regex(r"\A[A-Z]{1,2}[0-9]{6,7}\Z"), st.sampled_from([" ", "-", ".", "/"]))
def test_a_passport_is_one_however_it_is_written(number, sign):
    assert spelling("passport", sign.join(number.lower())) == number
    assert sound("passport", number)
    assert index_of("passport", number) in possible_indexes(f" {number.lower()} ")


@given(st.from_regex(r"\A8[1-35-9][0-9]{7,10}\Z"))
def test_a_home_telephone_is_one_however_it_is_written(number):
    forms = (f"0{number}", f"+62{number}", f"62{number}", f"+62 {number[:3]}-{number[3:]}", f"+620{number}", f"0062{number}")
    assert {spelling("phone", form) for form in forms} == {f"+62{number}"}
    assert len({index_of("phone", f"+62{number}")} & set(possible_indexes(f"0{number}"))) == 1


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("0912-345-678", "TWN", "+886912345678"), ("9123 4567", "HKG", "+85291234567"), ("012-345 6789", "MYS", "+60123456789"),
        ("080-1234-5678", "JPN", "+818012345678"), ("0812 3456 7890", "JPN", "+6281234567890"), ("+886 912 345 678", "", "+886912345678"),
    ],
)
def test_a_number_abroad_is_read_by_its_country(typed, country, stored):
    assert spelling("phone", typed, country) == stored
    assert sound("phone", stored)


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.booleans(), st.integers(1, 9999), st.sampled_from(["321201", "110101", "940101", "950101"]))
def test_a_nik_made_by_the_rule_is_sound_and_agrees(birth, woman, serial, place):
    nik = f"{place}{birth.day + 40 * woman:02d}{birth.month:02d}{birth.year % 100:02d}{serial:04d}"
    assert nik_fault(nik) is None
    assert nik_disagrees(nik, birth, "day", "F" if woman else "M") is None
    assert nik_disagrees(nik, birth, "year", "") is None
    assert nik_disagrees(nik, birth, "day", "M" if woman else "F") == "nik_sex"
    other = birth.replace(day=1 if birth.day != 1 else 2)
    assert nik_disagrees(nik, other, "day", "") == "nik_birth" and nik_disagrees(nik, other, "month", "") is None


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_any_text_is_judged_without_an_error_and_no_fault_holds_the_value(kind, text):
    for fault in number_faults(kind, spelling(kind, text)):
        assert not fault.params


@given(st.text("0123456789ABC", min_size=1, max_size=20))
def test_a_mask_never_shows_more_than_four_signs(value):
    shown = masked(value).replace("•", "").replace(" ", "")
    assert shown == (value[-4:] if len(value) > 8 else "")


@given(st.sampled_from(KINDS), st.from_regex(r"\A[1-9][0-9]{9,15}\Z"), st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"]))
def test_a_number_typed_in_the_digits_of_another_script_is_the_same_number(kind, number, digits):
    """A telephone set to Arabic writes ٣٢١٢ for 3212: the same NIK must not stand twice, and must be found."""
    typed = number.translate(str.maketrans("0123456789", digits))
    assert spelling(kind, typed) == spelling(kind, number)
    assert possible_indexes(typed, kind) == possible_indexes(number, kind)
    assert set(possible_indexes(typed)) == set(possible_indexes(number))
