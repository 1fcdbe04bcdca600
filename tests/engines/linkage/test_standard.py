"""Numbers, dates, places, countries and nobody: what one value means."""

from datetime import date

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selaras.engines.linkage import (
    country_iso3,
    register,
    standardise_date,
    standardise_name,
    standardise_nik,
    standardise_passport,
    standardise_phone,
    standardise_place,
    standardise_sex,
)
from selaras.engines.linkage.nobody import is_placeholder_name
from selaras.engines.linkage.numbers import nik_columns, nik_numbers, passport_signs, phone_numbers, texts_of_signs
from selaras.engines.linkage.registers import standard_names
from tests.engines.linkage.people import table


@pytest.mark.parametrize(
    ("text", "number", "valid", "fault"),
    [
        ("3212044505900001", 3212044505900001, True, None),
        (" 3212.0445.0590.0001 ", 3212044505900001, True, None),
        ("'3212044505900001", 3212044505900001, True, None),
        ("321204450590001", 321204450590001, False, "nik.structure"),
        ("3212043213900001", 3212043213900001, False, "nik.structure"),
        ("1111111111111111", 0, False, "nik.placeholder"),
        ("1234567890123456", 0, False, "nik.placeholder"),
        ("3201000000000000", 0, False, "nik.placeholder"),
        ("TIDAK ADA", 0, False, "nik.placeholder"),
        ("3.21204E+15", 0, False, "nik.spreadsheet"),
        ("", 0, False, None),
        (None, 0, False, None),
    ],
)
def test_a_nik_is_read_or_refused_with_its_fault(text, number, valid, fault):
    assert standardise_nik(text) == (number, valid, fault)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("B 1234568", "B1234568"), ("b1234568", "B1234568"), ("B12345O8", "B1234508"), ("XD596282", "XD596282"),
        ("4U395439", "U4395439"), ("A0000000", None), ("A1234567", None), ("", None), (None, None), ("-", None),
    ],
)  # fmt: skip
def test_a_passport_number_has_one_form(text, read):
    assert standardise_passport(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("081234567890", 6281234567890), ("+62 812-3456-7890", 6281234567890), ("81234567890", 6281234567890),
        ("+62081234567890", 6281234567890), ("+886912345678", 886912345678), ("00886912345678", 886912345678),
        ("0000000000", 0), ("-", 0), (None, 0),
    ],
)  # fmt: skip
def test_a_telephone_number_has_one_form(text, read):
    assert standardise_phone(text) == read


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text("AXB0123456789 +-O", max_size=12),
            st.text("08٣٤", max_size=13),
            st.from_regex(r"[03][0-9]{15}", fullmatch=True),
            st.sampled_from(["0000000000000000", "1111111111111111", "0812٣٤٥٦٧٨٩٠", "321204445055٠٠01"]),
        ),
        max_size=20,
    )
)
def test_whole_columns_read_as_single_values_do(values):
    column = pl.Series(values, dtype=pl.String)
    assert texts_of_signs(passport_signs(column)).to_list() == [standardise_passport(v) for v in values]
    assert phone_numbers(column).tolist() == [standardise_phone(v) for v in values]
    number, valid, faults = nik_numbers(column)
    one_by_one = nik_columns(column)
    assert number.tolist() == one_by_one["nik"].to_list()
    assert valid.tolist() == one_by_one["nik_valid"].to_list()
    assert faults == dict(one_by_one["nik_fault"].drop_nulls().value_counts().rows())


@pytest.mark.parametrize(
    ("read", "text"), [(lambda c: nik_numbers(c)[0], "3212045550590001"), (passport_signs, "C1234568"), (phone_numbers, "081234567890")]
)
def test_bytes_under_a_missing_cell_are_not_read(read, text):
    """Parquet readers leave the value of another row there."""
    whole = pa.array([text, text], pa.large_string())
    second_missing = pa.Array.from_buffers(whole.type, 2, [pa.py_buffer(b"\x01"), *whole.buffers()[1:]])
    first, second = read(pl.Series(pl.from_arrow(second_missing))).tolist()
    assert first > 0
    assert second == 0


@given(st.lists(st.one_of(st.none(), st.text("ASITIMUH. 'BNTOEDJ,1", max_size=18), st.text(max_size=8)), max_size=20))
def test_a_column_of_names_reads_as_single_names_do(values):
    assert standard_names(pl.Series(values, dtype=pl.String)).to_list() == [standardise_name(v) or None for v in values]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1990-05-04", 19900504), ("04/05/1990", 19900504), ("4-5-1990", 19900504), ("12/31/1990", 19901231),
        ("4 Mei 1990", 19900504), ("04-Agt-1990", 19900804), ("19900504", 19900504), ("32997", 19900504),
        ("1990-05-04 00:00:00", 19900504), ("31/02/1990", 0), ("0000-00-00", 0), ("kemarin", 0), (None, 0),
    ],
)  # fmt: skip
def test_a_date_in_any_form_is_one_number(text, read):
    assert standardise_date(text) == read


def test_a_column_of_dates_reads_as_single_dates_do():
    texts = ["1990-05-04", "1990-0٥-04", "31/12/1990", "1990-02-31", None]
    days = [date(1990, 5, 4), date(1, 1, 1), date(1850, 1, 1), None]
    rows = [{"row_id": str(n), "name": "SRI", "birth_date": text} for n, text in enumerate(texts)]
    assert register(table(rows), "s").rows["birth"].to_list() == [standardise_date(text) for text in texts]
    frame = pl.DataFrame({"row_id": ["1", "2", "3", "4"], "name": ["SRI"] * 4, "birth_date": days})
    assert register(frame, "s").rows["birth"].to_list() == [19900504, 0, 18500101, 0]
    assert register(frame.with_columns(pl.col("birth_date").cast(pl.Datetime)), "s").rows["birth"][0] == 19900504


@given(st.text(max_size=20))
def test_no_text_breaks_a_reading(text):
    standardise_nik(text), standardise_passport(text), standardise_phone(text), standardise_sex(text)
    assert 0 <= standardise_date(text) < 10**8
    country_iso3(text), standardise_place(text)


@pytest.mark.parametrize(
    ("spelt", "iso3"),
    [
        ("UEA", "ARE"), ("MLY", "MYS"), ("RRT", "CHN"), ("Chinese Taipei", "TWN"), ("TAIWAN (CHINA)", "TWN"),
        ("Arab Saudi", "SAU"), ("HONGKONG", "HKG"), ("Republik Korea", "KOR"), ("korea selatan", "KOR"),
        ("Türkiye", "TUR"), ("BRITANIA RAYA", "GBR"), ("SEYCHELLES", "SYC"), ("JPN", "JPN"), ("Atlantis", None), ("", None),
    ],
)  # fmt: skip
def test_a_country_in_any_spelling_is_its_code(spelt, iso3):
    assert country_iso3(spelt) == iso3


def test_places_lose_their_kind_and_province():
    assert standardise_place("KAB. NGAWI, JAWA TIMUR") == standardise_place("Ngawi") == "NGAWI"
    assert standardise_place("Kota") == "KOTA"
    assert standardise_place("-") is None


@pytest.mark.parametrize("name", ["TEST", "ASDF", "AAAA", "TIDAK ADA", "", "XXX XXX"])
def test_a_placeholder_is_no_name(name):
    assert is_placeholder_name(name)


@pytest.mark.parametrize("name", ["ANA", "NANA", "TESSA", "ADA", "SITI COBA"])
def test_a_rare_name_is_a_name(name):
    assert not is_placeholder_name(name)


def test_a_row_that_says_nothing_of_its_own_is_nobody():
    rows = [
        {"row_id": "1", "name": "TEST", "country": "MLY"},
        {"row_id": "2", "name": "SITI AMINAH", "birth_date": "1900-01-01", "nik": "0000000000000000"},
        {"row_id": "3", "name": "SITI AMINAH", "birth_date": "1988-04-07"},
        {"row_id": "4", "name": "TEST", "nik": "3212044505900001"},
        {"row_id": "5", "name": "SUMNIK", "phone": "081234567891"},
    ]
    assert register(table(rows), "p").rows["valid"].to_list() == [False, False, True, True, True]


def test_headers_of_the_exports_are_known():
    headers = "No Registrasi,NIK,Nama,Tempat Lahir,Tgl Lahir,L/P,Nama Ibu,Nomor Paspor,Telepon,Kabupaten/Kota"
    frame = pl.DataFrame({header: ["1"] for header in [*headers.split(","), "Negara", "Kota", "Tanggal Lapor Diri"]})
    assert register(frame, "p").rows["row_id"].to_list() == ["1"]
    headers = "ID PMI;NIK;NAMA LENGKAP;TANGGAL LAHIR;NAMA IBU KANDUNG;KAB/KOTA ASAL;NEGARA TUJUAN;P3MI;TGL DAFTAR"
    frame = pl.DataFrame({header: ["KEDIRI"] for header in headers.split(";")})
    read = register(frame, "s")
    assert read.mothers.texts().to_list() == ["KEDIRI"]
    assert read.places["regency"].to_list() == ["KEDIRI"]
    assert (read.rows["mother"][0], read.rows["regency"][0]) == (0, 0)
