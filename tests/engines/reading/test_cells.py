"""NIK, dates and numbers: what is repaired, what is only noted, and that what was handed over is kept."""

import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.reading.dates import from_serial, parse_date
from selaras.engines.reading.doubles import Doubles
from selaras.engines.reading.layouts import DateOrder
from selaras.engines.reading.nik import PROVINCES, STRUCTURE, read_nik
from tests.engines.reading.tables import TODAY, person, put, read_all, text

BIRTH = datetime.date(1990, 7, 5)


@pytest.mark.parametrize(
    ("cell", "birth", "value", "code"),
    [
        ("3201014507900001", None, "3201014507900001", None),
        ("3.17E+15", None, None, "nik.scientific"),
        ("3,20101E+15", None, None, "nik.scientific"),
        ("3.201014507900001E+15", None, "3201014507900001", "nik.unfolded"),
        ("3201014507900001.0", None, "3201014507900001", "nik.decorated"),
        ("'3201014507900001", None, "3201014507900001", "nik.decorated"),
        ("32.01.01.450790.0001", None, "3201014507900001", "nik.decorated"),
        ("3201 0145 0790 0001", None, "3201014507900001", "nik.decorated"),
        ("٣٢٠١٠١٤٥٠٧٩٠٠٠٠١", None, "3201014507900001", "nik.decorated"),
        ("401014507900001", BIRTH, "0401014507900001", "nik.zero_restored"),
        ("401014507900001", None, "0401014507900001", "nik.zero_restored"),
        ("401014507900001", datetime.date(1990, 7, 6), "401014507900001", "nik.length"),
        # a digit of today's number lost in its first six: the date still lies right, but no zero was in front
        ("320104507900001", BIRTH, "320104507900001", "nik.length"),
        ("32010145079000011", BIRTH, "32010145079000011", "nik.length"),
        ("-", None, None, "nik.placeholder"),
        ("TIDAK ADA", None, None, "nik.placeholder"),
        ("0", None, None, "nik.placeholder"),
        ("32O1014507900001", None, "32O1014507900001", "nik.letters"),
    ],
)
def test_nik(cell: str, birth: datetime.date | None, value: str | None, code: str | None) -> None:
    assert read_nik(cell, birth) == (value, code)


def test_the_provinces_are_the_thirty_eight() -> None:
    assert len(PROVINCES) == len(set(PROVINCES)) == 38


@given(st.text(max_size=24))
def test_a_nik_is_never_invented(cell: str) -> None:
    value, code = read_nik(cell.strip())
    digits = "".join(str(int(c)) for c in cell if c.isdecimal())
    if value is not None and code not in ("nik.length", "nik.letters", None):
        kept = "".join(c for c in value if c.isdecimal())
        assert kept in (digits, "0" + digits, digits[:16], digits.rstrip("0"))[:4] or digits.startswith(kept)


@pytest.mark.parametrize(
    ("cell", "day", "code"),
    [
        ("1990-07-05", BIRTH, None),
        ("05/07/1990", BIRTH, "date.day_first"),
        ("5-7-1990", BIRTH, "date.day_first"),
        ("05.07.1990", BIRTH, "date.day_first"),
        ("5 Juli 1990", BIRTH, "date.month_name"),
        ("05 JUL 1990", BIRTH, "date.month_name"),
        ("5-Jul-90", BIRTH, "date.two_digit_year"),
        ("July 5, 1990", BIRTH, "date.month_name"),
        ("Kamis, 5 Juli 1990", BIRTH, "date.month_name"),
        ("17 Agustus 1985", datetime.date(1985, 8, 17), "date.month_name"),
        ("1 Nopember 1985", datetime.date(1985, 11, 1), "date.month_name"),
        ("19900705", BIRTH, "date.compact"),
        ("05071990", BIRTH, "date.compact"),
        ("33059", BIRTH, "date.serial"),
        ("33059.75", BIRTH, "date.serial"),
        ("1990/7/5", BIRTH, "date.year_first"),
        ("1990-07-05T00:00:00Z", BIRTH, "date.time_dropped"),
        ("05/07/1990 13:45", BIRTH, "date.day_first"),
        ("'05/07/1990", BIRTH, "date.day_first"),
        ("05/07/26", datetime.date(2026, 7, 5), "date.two_digit_year"),
        ("05/07/27", datetime.date(1927, 7, 5), "date.two_digit_year"),
        ("31/02/1990", None, "date.impossible"),
        ("1990-02-30", None, "date.impossible"),
        ("29-02-2023", None, "date.impossible"),
        ("29-02-2024", datetime.date(2024, 2, 29), "date.day_first"),
        ("07/25/1990", None, "date.other_order"),
        ("00/00/0000", None, "date.year_zero"),
        ("0000-01-01", None, "date.year_zero"),
        ("1990", None, "date.year_only"),
        ("-", None, "date.placeholder"),
        ("belum tahu", None, "date.unreadable"),
        ("5 Jully 1990", None, "date.unreadable"),
    ],
)
def test_dates(cell: str, day: datetime.date | None, code: str | None) -> None:
    assert parse_date(cell, TODAY) == (day, code)


def test_excel_counts_days_in_two_systems() -> None:
    assert from_serial(61, False) == datetime.date(1900, 3, 1)
    assert from_serial(33_059 - 1_462, True) == from_serial(33_059, False) == BIRTH
    assert parse_date("31597", TODAY, epoch_1904=True) == (BIRTH, "date.serial")


FORMS = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%Y%m%d",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y-%m-%dT%H:%M:%S",
]


@given(day=st.dates(datetime.date(1910, 1, 1), TODAY), form=st.sampled_from(FORMS))
def test_every_day_is_read_in_every_form(day: datetime.date, form: str) -> None:
    assert parse_date(day.strftime(form), TODAY)[0] == day


@given(cell=st.text(max_size=30), order=st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_text_gives_a_day_or_a_reason(cell: str, order: DateOrder) -> None:
    day, code = parse_date(cell, TODAY, order)
    assert day is not None or code is not None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.dates(), st.none()), min_size=1, max_size=20), st.sampled_from(FORMS[:4]))
def test_whole_columns_are_read_as_single_cells_are(days: list[datetime.date | None], form: str) -> None:
    cells = ["" if day is None else f"{day:{form}}".zfill(10) for day in days]
    rows = [person(number, event_date=cell) for number, cell in enumerate(cells)]
    with TemporaryDirectory() as folder:
        done = read_all(put(Path(folder), text(rows)))
    for cell, got in zip(cells, done.column("event_date"), strict=True):
        day, _ = parse_date(cell, TODAY) if cell else (None, None)
        expected = day if day and datetime.date(1950, 1, 1) <= day <= TODAY + datetime.timedelta(days=1) else None
        assert got == (expected.isoformat() if expected else None)


def test_mixed_forms_in_one_column_and_what_was_handed_over(tmp_path: Path) -> None:
    cells = ["2024-03-01", "01/03/2024", "1 Maret 2024", "45352", "20240301", "01-03-24", "31/02/2024", ""]
    done = read_all(put(tmp_path, text([person(n, event_date=cell) for n, cell in enumerate(cells)])))
    assert done.column("event_date") == ["2024-03-01"] * 6 + [None, None]
    assert done.column("raw_event_date") == [None, *cells[1:7], None]
    assert done.notes["event_date", "date.impossible"] == 1
    assert done.note_lines["event_date", "date.impossible"] == [8]


def test_days_beyond_reason_are_put_aside_with_their_reason(tmp_path: Path) -> None:
    rows = [
        person(1, birth_date="2030-01-01"),
        person(2, birth_date="1900-01-01"),
        person(3, birth_date="2024-03-02", event_date="01/03/2024"),
        person(4, birth_date="2024-03-01", event_date="01/03/2024"),
        person(5, event_date="22/11/2026"),
        person(6, event_date="23/11/2026"),
        person(7, event_date="01/01/1949"),
    ]
    done = read_all(put(tmp_path, text(rows)))
    assert done.column("birth_date")[:4] == [None, None, None, "2024-03-01"]
    assert done.column("raw_birth_date")[:4] == ["2030-01-01", "1900-01-01", "2024-03-02", None]
    assert done.column("event_date")[4:] == ["2026-11-22", None, None]
    assert done.notes["birth_date", "date.birth_after_event"] == 1


def test_niks_of_a_file_are_repaired_and_the_originals_kept(tmp_path: Path) -> None:
    rows = [
        person(1, nik="3.17E+15"),
        person(2, nik="'3201014507900001"),
        person(3, nik="3201014507900000"),
        person(4, nik="3201014507900002"),
        person(5, nik="401014507900001"),
    ]
    done = read_all(put(tmp_path, text(rows)))
    assert done.column("nik") == [None, "3201014507900001", "3201014507900000", "3201014507900002", "0401014507900001"]
    assert done.column("raw_nik") == ["3.17E+15", "'3201014507900001", None, None, "401014507900001"]
    assert done.note_lines["nik", "nik.excel_rounded"] == [4]
    assert done.rejects == []


def test_formula_text_stays_text_and_arabic_apostrophes_stay(tmp_path: Path) -> None:
    rows = [person(1, name="=1+1"), person(2, name="'Aisyah"), person(3, name="@SUM(A1)"), person(4, phone="+62812")]
    done = read_all(put(tmp_path, text(rows)))
    assert done.column("name")[:3] == ["=1+1", "'Aisyah", "@SUM(A1)"]
    assert done.column("phone")[3] == "+62812"
    assert done.notes["name", "text.formula"] == 2


def test_rows_without_id_or_name_are_set_aside_with_all_their_cells(tmp_path: Path) -> None:
    rows = [person(1), person(2, row_id=" "), person(3, name="\u00a0"), person(4)]
    done = read_all(put(tmp_path, text(rows)))
    assert [(r.line, r.column, r.code) for r in done.rejects] == [
        (3, "row_id", "row_id.missing"),
        (4, "name", "name.missing"),
    ]
    assert done.rejects[0].row["NAMA LENGKAP"] == "SITI AMINAH"
    assert done.lines == [2, 5]


def test_the_last_row_of_an_id_wins_and_the_earlier_lines_are_told(tmp_path: Path) -> None:
    rows = [person(1), person(2), person(1), person(3), person(2, name="SITI AMINAH BINTI"), person(1)]
    done = read_all(put(tmp_path, text(rows)), batch_rows=2)
    assert sorted(done.superseded) == [(2, 7, True), (3, 6, False), (4, 7, True)]
    assert done.notes["row_id", "row_id.doubled_same"] == 2
    assert done.notes["row_id", "row_id.doubled_other"] == 1
    by_id = dict(zip(done.column("row_id"), done.column("name"), strict=True))
    assert by_id["S000002"] == "SITI AMINAH BINTI"


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=80))
def test_doubles_are_found_as_a_plain_dictionary_finds_them(ids: list[int]) -> None:
    doubles = Doubles(None)
    lines = list(range(2, len(ids) + 2))
    for start in range(0, len(ids), 7):
        part = pl.Series([f"S{i}" for i in ids[start : start + 7]])
        doubles.add(part, pl.Series(ids[start : start + 7], dtype=pl.UInt64), pl.Series(lines[start : start + 7]))
        for bucket in range(32):
            if doubles._held[bucket]:
                doubles._spill(bucket)
    found = sorted(row for frame in doubles.superseded() for row in frame.rows())
    doubles.close()
    last = dict(zip(ids, lines, strict=True))
    assert found == [(line, last[i], True) for i, line in zip(ids, lines, strict=True) if last[i] != line]


def test_structure_of_a_nik() -> None:
    good, bad = pl.Series(["3201014507900001", "9604017112991234"]), pl.Series(["3201013207900001", "3201014513900001"])
    assert good.str.contains(STRUCTURE).all()
    assert not bad.str.contains(STRUCTURE).any()
