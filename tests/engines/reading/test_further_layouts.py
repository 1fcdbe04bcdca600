"""The registers beside the two: each known by its header, each with what must not be missing, and what is done with bad rows."""

from pathlib import Path

import pytest

from selaras.engines.reading import check_mapping, is_fatal, load_layouts, recognise
from selaras.samples.further import HEADINGS
from tests.engines.reading.tables import mapping_faults, put, read_all, text

RETURNS = ["ID Kepulangan", "NIK", "No. Paspor", "Nama", "Tanggal Lahir", "Negara", "Tanggal Pulang", "Sebab"]
HEADERS = {name: list(headings.values()) for name, headings in HEADINGS.items()} | {"returns": RETURNS}
ROWS = {
    "imigrasi": ["I1", "C1234567", "AMINAH SITI", "02/03/1990", "P", "IDN", "KELUAR", "JUANDA", "TAIWAN", "05/06/2024"],
    "bpjs": ["B1", "3212014203900001", "SITI AMINAH", "02/03/1990", "P", "SUTINI", "081234567890", "TAIWAN", "01/06/2024", "01/06/2026", "AKTIF"],
    "dukcapil": [
        "D1", "3212014203900001", "3212010101010001", "SITI AMINAH", "INDRAMAYU", "02/03/1990", "P", "SUTINI",
        "3212042001", "SUKAWATI", "INDRAMAYU", "HIDUP", "21/11/2026",
    ],
    "gtog": ["G1", "3212014203900001", "SITI AMINAH", "C1234567", "02/03/1990", "P", "IJEPA JEPANG", "CARE", "JEPANG", "05/06/2024"],
    "returns": ["R1", "", "SP1234567", "SITI AMINAH", "02/03/1990", "MALAYSIA", "05/06/2025", "DEPORTASI"],
}  # fmt: skip
NAMES = sorted(HEADERS)


def _with(name: str, heading: str, value: str) -> list[str]:
    row = list(ROWS[name])
    row[HEADERS[name].index(heading)] = value
    return row


@pytest.mark.parametrize("name", NAMES)
def test_a_further_register_is_known_by_its_header(name: str, tmp_path: Path) -> None:
    layout = recognise(HEADERS[name])
    assert layout is not None and layout.name == name
    assert check_mapping(HEADERS[name], layout.mapping(HEADERS[name])) == []
    done = read_all(put(tmp_path, text([ROWS[name]], header=HEADERS[name])))
    row = done.rows.row(0, named=True)
    assert row["birth_date"] == "1990-03-02" and row["event_date"] is not None and "AMINAH" in row["name"]


@pytest.mark.parametrize("name", NAMES)
def test_no_layout_takes_another_registers_header(name: str) -> None:
    """Nor does one that lost its last column."""
    layout = recognise(HEADERS[name][:-1])
    assert layout is not None and layout.name == name


def test_every_layout_says_what_its_events_mean_and_whom_to_believe() -> None:
    layouts = load_layouts()
    assert {name: layout.event for name, layout in layouts.items()} == {
        "siskop2mi": "registration", "peduliwni": "report", "returns": "return", "imigrasi": "crossing",
        "bpjs": "registration", "dukcapil": "population", "gtog": "departure",
    }  # fmt: skip
    assert all(set(layout.trust) <= set(layout.columns) for layout in layouts.values())
    assert min(layouts["dukcapil"].trust[column] for column in ("nik", "birth_date", "sex")) >= 90
    assert layouts["imigrasi"].trust["passport"] >= 90 and layouts["imigrasi"].trust["name"] < 50


@pytest.mark.parametrize(("name", "heading", "column"), [("imigrasi", "Arah Lintas", "status"), ("dukcapil", "NIK", "nik")])
def test_what_a_register_is_for_must_be_there(name: str, heading: str, column: str) -> None:
    header = [h for h in HEADERS[name] if h != heading]
    layout = recognise(header)
    assert layout is not None
    faults = check_mapping(header, layout.mapping(header))
    assert [(f.params["canonical"], is_fatal(f)) for f in faults] == [(column, True)]


def test_a_doubled_passport_of_a_roster_is_not_guessed() -> None:
    assert mapping_faults([*HEADERS["gtog"], "No. Paspor (2)"]) == [("column.doubled", "passport")]


def test_a_members_nik_that_excel_rounded_is_no_nik_and_an_impossible_day_is_no_day(tmp_path: Path) -> None:
    rows = [_with("bpjs", "NIK", "3.21201E+15"), _with("bpjs", "Mulai Iuran", "31/02/2024")]
    rows[1][0] = "B2"
    done = read_all(put(tmp_path, text(rows, header=HEADERS["bpjs"])))
    first, second = done.rows.rows(named=True)
    assert first["nik"] is None and first["raw_nik"] == "3.21201E+15"
    assert second["event_date"] is None and second["raw_event_date"] == "31/02/2024"


def test_an_arrival_without_a_name_is_set_aside_and_kept(tmp_path: Path) -> None:
    rows = [ROWS["returns"], _with("returns", "Nama", "")]
    rows[1][0] = "R2"
    done = read_all(put(tmp_path, text(rows, header=RETURNS)))
    assert done.rows["row_id"].to_list() == ["R1"]
    assert [(reject.code, reject.row["ID Kepulangan"]) for reject in done.rejects] == [("name.missing", "R2")]
