"""The messy exports: the ministries' headers, bytes and separators, with a known list of broken lines."""

import csv
import io
from pathlib import Path

import polars as pl
import python_calamine

from selaras.samples.exports import BROKEN, BROKEN_OF_EACH

# as the ministries' own exports have them
PLACEMENT_HEADER = (
    "ID PMI;NIK;NAMA LENGKAP;TEMPAT LAHIR;TANGGAL LAHIR;JENIS KELAMIN;NAMA IBU KANDUNG;NO. PASPOR;NO. HP;"
    "KAB/KOTA ASAL;DESA;NEGARA TUJUAN;P3MI;SEKTOR;TGL DAFTAR"
)
CITIZENS_HEADER = (
    "No Registrasi,NIK,Nama,Tempat Lahir,Tgl Lahir,L/P,Nama Ibu,Nomor Paspor,Telepon,"
    "Kabupaten/Kota,Desa/Kelurahan,Negara,Kota,Status,Tanggal Lapor Diri"
)


def lines_of(folder: Path, name: str, encoding: str, separator: str) -> list[list[str]]:
    text = (folder / name).read_bytes().decode(encoding, errors="replace")
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def test_placement_export(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    assert (folder / "siskop2mi_export.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    rows = lines_of(folder, "siskop2mi_export.csv", "utf-8-sig", ";")
    assert rows[0] == PLACEMENT_HEADER.split(";")
    assert len(rows) - 1 - BROKEN_OF_EACH * len(BROKEN) == tables["s"].height
    births = [row[4] for row in rows[1:] if len(row) == 15]
    assert any("/" in birth for birth in births) and any(birth[4:5] == "-" for birth in births)


def test_citizens_export(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    rows = lines_of(folder, "peduliwni_export.csv", "cp1252", ",")
    assert rows[0] == CITIZENS_HEADER.split(",")
    assert len(rows) - 1 - BROKEN_OF_EACH * len(BROKEN) == tables["p"].height
    assert any("\u2019" in row[2] for row in rows if len(row) > 2)


def test_broken_lines_are_where_the_list_says(folder: Path) -> None:
    broken = pl.read_csv(folder / "broken.csv")
    assert broken.group_by("file", "kind").len()["len"].to_list() == [BROKEN_OF_EACH] * 2 * len(BROKEN)
    for name, separator, columns in (("siskop2mi_export.csv", b";", 15), ("peduliwni_export.csv", b",", 15)):
        raw = (folder / name).read_bytes().split(b"\n")
        for line, kind in broken.filter(pl.col("file") == name).select("line", "kind").iter_rows():
            text = raw[line - 1]
            cells = next(csv.reader(io.StringIO(text.decode("latin-1")), delimiter=separator.decode()))
            match kind:
                case "impossible_date":
                    assert cells[-1] in {"31/02/2023", "30/02/2022", "2024-02-31", "00/00/0000", "2023-13-07"}
                case "no_id":
                    assert cells[0] == "" and len(cells) == columns
                case "scientific_nik":
                    assert "E+15" in cells[1]
                case "repeated_id":
                    assert sum(other.startswith(cells[0].encode() + separator) for other in raw) == 2
                case "missing_columns":
                    assert len(cells) < columns
                case "too_many_columns":
                    assert len(cells) == columns + 2
                case "wrong_encoding":
                    assert b"\x81" in text or b"\xc9" in text


def test_returns_export(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    rows = lines_of(folder, "kepulangan_export.csv", "utf-8", ",")
    assert rows[0] == [
        "ID Kepulangan",
        "NIK",
        "No. Paspor",
        "Nama",
        "Tanggal Lahir",
        "Negara",
        "Tanggal Pulang",
        "Sebab",
    ]
    assert len(rows) - 1 == tables["returns"].height
    assert {"SELESAI KONTRAK", "MENINGGAL DUNIA", "DEPORTASI"} <= {row[-1] for row in rows}


def test_workbooks(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    sheet = python_calamine.load_workbook(folder / "peduliwni.xlsx").get_sheet_by_name("DATA").to_python()
    assert sheet[0][0] == "No Registrasi" and len(sheet) == tables["p"].height + 1
    assert len(str(sheet[1][0])) == 9


def test_every_spelling_of_a_country_is_in_the_table(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    known = pl.read_csv(folder / "countries.csv")
    assert known["variant"].n_unique() == known.height
    assert set(tables["s"]["negara_tujuan"]) | set(tables["p"]["negara"]) <= set(known["variant"])
