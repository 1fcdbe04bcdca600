"""XLSX, XLS, ODS and Parquet: the same rows as from text, and workbooks that would fill the memory."""

import datetime
import random
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from selaras.engines.reading import sniff
from tests.engines.reading.tables import (
    FILES,
    HEADER,
    ods,
    ods_cell,
    ods_row,
    people,
    person,
    put,
    read_all,
    refused,
    text,
    xlsx,
)

DAY = datetime.date(1990, 7, 5)


def test_a_workbook_gives_the_rows_of_the_same_text(tmp_path: Path) -> None:
    rows = people(50)
    from_text = read_all(put(tmp_path, text(rows))).rows
    assert read_all(xlsx(tmp_path / "a.xlsx", [HEADER, *rows])).rows.equals(from_text)
    by_hand = ods(tmp_path / "a.ods", [ods_row([ods_cell(cell) for cell in row]) for row in [HEADER, *rows]])
    assert read_all(by_hand, batch_rows=7).rows.equals(from_text)


def test_numbers_dates_and_serials_in_cells(tmp_path: Path) -> None:
    rows: list[list[Any]] = [person(1), person(2), person(3), person(4)]
    rows[0][1], rows[0][4] = 3201014507900000, DAY  # Excel keeps fifteen digits
    rows[1][1], rows[1][4] = 3201014507900001, datetime.datetime(1990, 7, 5, 8, 30)  # noqa: DTZ001 a sheet knows no zone
    rows[2][0], rows[2][4] = 77, 33059
    rows[3][8], rows[3][1] = 81234567890, 401014507900001
    done = read_all(xlsx(tmp_path / "a.xlsx", [["DAFTAR"], [], HEADER, *rows]))
    assert done.form.header_line == 3
    assert done.lines == [4, 5, 6, 7]
    assert done.column("nik") == ["3201014507900000", "3201014507900001", rows[2][1], "0401014507900001"]
    assert done.note_lines["nik", "nik.excel_rounded"] == [4]
    assert done.column("birth_date") == ["1990-07-05"] * 4
    assert done.column("row_id")[2] == "77"
    assert done.column("phone")[3] == "81234567890"


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    rows: list[list[Any]] = [person(1), person(2)]
    rows[0][4], rows[1][4] = DAY, 31597
    done = read_all(xlsx(tmp_path / "a.xlsx", [HEADER, *rows], {"date_1904": True}))
    assert done.form.epoch_1904
    assert done.column("birth_date") == ["1990-07-05", "1990-07-05"]


def test_an_old_xls(tmp_path: Path) -> None:
    done = read_all(put(tmp_path, (FILES / "siskop2mi.xls").read_bytes(), "named_wrongly.csv"))
    assert done.form.kind == "xls"
    assert done.form.header_line == 3
    assert done.lines == [4, 5, 6]
    assert done.column("birth_date") == ["1990-07-05", "1969-07-30", None]
    assert done.column("event_date") == ["2024-03-01", "2024-03-01", "2024-05-06"]
    assert done.column("nik") == ["3201014507900001", "3302137007690000", None]
    assert done.codes() >= {"sheet.others", "nik.excel_rounded", "date.impossible", "header.below_titles"}


def test_kind_is_by_content_not_by_name(tmp_path: Path) -> None:
    assert sniff(xlsx(tmp_path / "a.csv", [HEADER, *people(2)])).kind == "xlsx"
    assert sniff(put(tmp_path, text(people(2)), "a.xlsx")).kind == "csv"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
        (b'{"nik": 1}', "json"),
        (b"<?xml version='1.0'?><Workbook/>", "xml"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><table>", "html"),
        (bytes(range(32)) * 40, "binary"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, content: bytes, kind: str) -> None:
    path = put(tmp_path, content, "a.xls")
    assert refused(path) == "kind.unsupported"
    try:
        sniff(path)
    except Exception as error:
        assert error.fault.params["kind"] == kind  # type: ignore[attr-defined]


def test_a_zip_and_a_text_document_are_no_workbooks(tmp_path: Path) -> None:
    for name, part in (("a.zip", "a.csv"), ("b.docx", "word/document.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(part, "x")
        assert refused(tmp_path / name) == "kind.unsupported"


def test_a_lone_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    far: list[list[Any]] = [HEADER, *people(2)]
    path = xlsx(tmp_path / "far.xlsx", far)
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert refused(path) == "workbook.too_many_cells"


def test_one_long_text_shared_by_many_cells_does_not_fill_the_memory(tmp_path: Path) -> None:
    rows = [HEADER, *[["A" * 32_000] * 15 for _ in range(3_000)]]
    path = xlsx(tmp_path / "a.xlsx", rows)
    assert path.stat().st_size < 1_000_000
    assert refused(path) == "workbook.too_big_unpacked"


def test_repeated_cells_of_an_ods_do_not_fill_the_memory(tmp_path: Path) -> None:
    head = ods_row([ods_cell(cell) for cell in HEADER])
    many = ods(tmp_path / "a.ods", [head, ods_row([ods_cell("x", 3_000)], 20_000)])
    assert refused(many) == "workbook.too_many_cells"
    padding = [
        ods_row([ods_cell(cell) for cell in person()] + [ods_cell("", 16_000)]),
        ods_row([ods_cell("", 16_384)], 10**6),
    ]
    assert read_all(ods(tmp_path / "b.ods", [head, *padding])).lines == [2]


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.xls", "a.parquet"])
def test_cut_and_damaged_files_are_refused_without_a_traceback(tmp_path: Path, name: str) -> None:
    whole = {
        "a.xlsx": lambda path: xlsx(path, [HEADER, *people(40)]),
        "a.ods": lambda path: ods(path, [ods_row([ods_cell(c) for c in row]) for row in [HEADER, *people(40)]]),
        "a.xls": lambda path: path.write_bytes((FILES / "siskop2mi.xls").read_bytes()),
        "a.parquet": lambda path: parquet(40).write_parquet(path),
    }
    path = tmp_path / name
    whole[name](path)
    raw = path.read_bytes()
    chance = random.Random(7)
    for place in range(40):
        damaged = bytearray(raw)
        if place % 2:
            for _ in range(chance.randint(1, 30)):
                damaged[chance.randrange(len(raw))] = chance.randrange(256)
        else:
            del damaged[chance.randrange(20, len(raw)) :]
        put(tmp_path, bytes(damaged), name)
        try:
            read_all(path)
        except AssertionError:
            pass  # the header was hit: no layout
        except Exception as error:
            assert type(error).__name__ == "Unreadable", error


def parquet(count: int) -> pl.DataFrame:
    names = "id_s nik nama tempat_lahir tgl_lahir jk nama_ibu no_paspor no_hp kab_asal desa negara_tujuan p3mi sektor"
    rows = people(count)
    frame = pl.DataFrame({name: [row[place] for row in rows] for place, name in enumerate(names.split())})
    return frame.with_columns(pl.lit(datetime.date(2024, 3, 1)).alias("tgl_daftar"))


def test_parquet_gives_the_rows_of_the_same_text(tmp_path: Path) -> None:
    from_text = read_all(put(tmp_path, text(people(50)))).rows.drop("line", "raw_event_date")
    parquet(50).write_parquet(tmp_path / "s.parquet")
    done = read_all(tmp_path / "s.parquet", batch_rows=7)
    assert done.lines == list(range(1, 51))
    assert done.rows.drop("line", "raw_event_date").equals(from_text)


def test_types_that_a_parquet_file_may_have(tmp_path: Path) -> None:
    frame = parquet(3).with_columns(
        pl.col("nik").cast(pl.Float64),
        pl.col("nama").cast(pl.Categorical),
        pl.col("tgl_lahir").str.to_datetime("%Y-%m-%d"),
        pl.Series("desa", [b"CIBATOK", b"\xff\xfe", None]),
        pl.Series("id_s", [1, 2, 3]),
    )
    frame.write_parquet(tmp_path / "s.parquet")
    done = read_all(tmp_path / "s.parquet")
    assert done.column("row_id") == ["1", "3"]
    assert done.rejected() == [(2, "encoding.undecodable")]
    assert done.column("nik")[0] == person(1)[1]
    assert done.column("birth_date") == ["1990-07-05"] * 2
    assert done.column("village") == ["CIBATOK", None]


def test_a_parquet_text_that_is_no_utf8_rejects_its_row_only(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    parquet(4).with_columns(nama=pl.Series(["SITI", "JOKO", "RUDI", "TUTI"])).write_parquet(
        path, compression="uncompressed", statistics=False
    )
    raw = path.read_bytes()
    assert raw.count(b"JOKO") == 1
    path.write_bytes(raw.replace(b"JOKO", b"JO\xffO"))
    done = read_all(path)
    assert done.rejected() == [(2, "encoding.undecodable")]
    assert done.column("name") == ["SITI", "RUDI", "TUTI"]


def test_a_zip_directory_that_points_before_the_file_is_a_fault_of_the_file(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", [ods_row([ods_cell(cell) for cell in row]) for row in [HEADER, person()]])
    raw = bytearray(path.read_bytes())
    offset = raw.rindex(b"PK\x05\x06") + 16
    raw[offset : offset + 4] = (int.from_bytes(raw[offset : offset + 4], "little") + 5_000).to_bytes(4, "little")
    assert refused(put(tmp_path, bytes(raw), "a.ods")) == "workbook.broken"


def test_a_table_that_begins_below_and_beside_the_corner(tmp_path: Path) -> None:
    rows: list[list[str]] = [[], [], *([["", *row] for row in [HEADER, person(1), [""] * 15, person(2)]])]
    for path in (
        xlsx(tmp_path / "a.xlsx", rows),
        ods(tmp_path / "a.ods", [ods_row([ods_cell(cell) for cell in row]) for row in rows]),
        put(tmp_path, (FILES / "beside.xls").read_bytes(), "a.xls"),
    ):
        done = read_all(path)
        assert done.form.header_line == 3, path
        assert done.lines == [4, 6]
        assert done.notes[None, "row.blank"] == 1
        assert done.column("row_id") == ["S000001", "S000002"]


def test_a_damaged_xls_that_asks_for_all_memory_ends_its_own_process_only(tmp_path: Path) -> None:
    raw = bytearray((FILES / "siskop2mi.xls").read_bytes())
    raw[940], raw[3238] = 0o13, 0o75  # the record of the sheet's dimensions then claims 171 GB
    assert refused(put(tmp_path, bytes(raw), "a.xls")) == "workbook.broken"
