"""Finding the header, recognising a register, proposing and checking a mapping."""

from pathlib import Path

import pytest

from selaras.engines.reading import (
    CANONICAL,
    Unreadable,
    check_mapping,
    is_fatal,
    load_layouts,
    propose_mapping,
    read,
    recognise,
    sniff,
)
from tests.engines.reading.tables import HEADER, TODAY, mapping_faults, people, person, put, read_all, refused, text

WNI = [
    "No Registrasi", "NIK", "Nama", "Tempat Lahir", "Tgl Lahir", "L/P", "Nama Ibu", "Nomor Paspor", "Telepon",
    "Kabupaten/Kota", "Desa/Kelurahan", "Negara", "Kota", "Status", "Tanggal Lapor Diri",
]  # fmt: skip
S_PARQUET = "id_s nik nama tempat_lahir tgl_lahir jk nama_ibu no_paspor no_hp kab_asal desa negara_tujuan p3mi sektor tgl_daftar"
P_PARQUET = (
    "id_p nik nama tempat_lahir tgl_lahir jk nama_ibu no_paspor no_hp kab_asal desa negara kota status tgl_lapor"
)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (HEADER, "siskop2mi"),
        (WNI, "peduliwni"),
        (S_PARQUET.split(), "siskop2mi"),
        (P_PARQUET.split(), "peduliwni"),
        ([h.lower().replace(" ", "_") for h in HEADER], "siskop2mi"),
        ([f"  {h.upper()}: " for h in WNI], "peduliwni"),
        (list(reversed(HEADER)), "siskop2mi"),
        ([*HEADER, "CATATAN", "#17"], "siskop2mi"),
        (["Tahun", "Anggaran", "Uraian"], None),
        ([], None),
    ],
)
def test_registers_are_recognised_by_their_header(header: list[str], name: str | None) -> None:
    layout = recognise(header)
    assert (layout.name if layout else None) == name
    if layout is not None:
        mapping = layout.mapping(header)
        assert {column for column, heading in mapping.items() if heading} == set(layout.columns)
        assert check_mapping(header, mapping) == []


def test_each_layout_knows_only_canonical_columns_and_one_column_per_heading() -> None:
    for layout in load_layouts().values():
        assert set(layout.columns) <= set(CANONICAL)
        headings = [heading for known in layout.columns.values() for heading in known]
        assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("titles", range(10))
def test_the_header_may_begin_in_any_of_the_first_ten_rows(tmp_path: Path, titles: int) -> None:
    body = "".join(f"DAFTAR PEKERJA MIGRAN BAGIAN {n}{';' * (n % 3)}\n" for n in range(titles)) + text(people(3))
    done = read_all(put(tmp_path, body))
    assert done.form.header == tuple(HEADER)
    assert done.form.header_line == titles + 1
    assert done.lines == [titles + 2, titles + 3, titles + 4]


def test_a_header_in_row_eleven_is_not_looked_for(tmp_path: Path) -> None:
    assert refused(put(tmp_path, "judul;1;2\n" * 10 + text(people(3)))) == "header.missing"


def test_group_titles_above_and_names_below_become_one_heading(tmp_path: Path) -> None:
    above = ["ID PMI", "NIK", "NAMA LENGKAP", "LAHIR", "", *HEADER[5:]]
    below = ["", "", "", "TEMPAT", "TANGGAL", *[""] * 10]
    done = read_all(put(tmp_path, text([below, *people(2)], header=above)))
    assert done.form.header[3:5] == ("LAHIR TEMPAT", "LAHIR TANGGAL")
    assert done.form.header_rows == 2
    assert done.lines == [3, 4]


def test_a_header_in_two_languages_and_one_with_column_numbers(tmp_path: Path) -> None:
    english = ["ID", "National ID", "Full Name", "Place of Birth", "Date of Birth", "Sex", "Mother", *[""] * 8]
    done = read_all(put(tmp_path, text([english, [f"({n})" for n in range(1, 16)], *people(2)])))
    assert done.form.header == tuple(HEADER)
    assert done.lines == [4, 5]


def test_a_heading_over_two_lines_does_not_shift_line_numbers(tmp_path: Path) -> None:
    done = read_all(put(tmp_path, text(people(2), header=[*HEADER[:2], "NAMA\nLENGKAP", *HEADER[3:]])))
    assert done.form.header[2] == "NAMA LENGKAP"
    assert done.lines == [3, 4]


def test_a_first_data_row_without_numbers_is_not_taken_for_header(tmp_path: Path) -> None:
    row = ["S-A", "", "SITI", "BOGOR", "", "P", "NUR", "", "", "BOGOR", "", "TAIWAN", "", "FORMAL", ""]
    assert read_all(put(tmp_path, text([row, *people(2)]))).lines == [2, 3, 4]


def test_missing_doubled_and_renamed_columns_are_named() -> None:
    assert mapping_faults([h for h in HEADER if h != "NAMA LENGKAP"]) == [("column.missing", "name")]
    assert mapping_faults(["NOMOR" if h == "NO. HP" else h for h in HEADER]) == [("column.missing", "phone")]
    assert mapping_faults([*HEADER, "NIK (2)"]) == [("column.doubled", "nik")]
    layout = recognise(HEADER)
    assert layout is not None
    renamed = ["NO. HP (WA)" if h == "NO. HP" else h for h in HEADER]
    assert check_mapping(renamed, layout.mapping(renamed))[0].params["nearest"] == "NO. HP (WA)"
    fault = check_mapping(["ID PMI BARU" if h == "ID PMI" else h for h in HEADER], layout.mapping(HEADER))[0]
    assert (fault.code, fault.params["heading"], fault.params["nearest"]) == ("column.renamed", "ID PMI", "ID PMI BARU")


def test_only_id_and_name_must_be_there() -> None:
    header = [h for h in HEADER if h not in ("NO. HP", "ID PMI")]
    layout = recognise(header)
    assert layout is not None
    assert [(f.params["canonical"], is_fatal(f)) for f in check_mapping(header, layout.mapping(header))] == [
        ("row_id", True),
        ("phone", False),
    ]


def test_a_doubled_column_is_read_once_a_person_chose_it(tmp_path: Path) -> None:
    rows = [[*person(1), "3201014507900009"]]
    path = put(tmp_path, text(rows, header=[*HEADER, "NIK"]))
    form = sniff(path)
    assert form.header[-1] == "NIK (2)"
    mapping: dict[str, str | None] = {"row_id": "ID PMI", "name": "NAMA LENGKAP", "nik": "NIK (2)"}
    with pytest.raises(Unreadable) as caught:
        list(read(path, form, mapping, today=TODAY))
    assert caught.value.fault.params["positions"] == (2, 16)
    batches = list(read(path, form, mapping, today=TODAY, chosen={"nik"}))
    assert batches[0].rows["nik"].to_list() == ["3201014507900009"]


def test_a_mapping_is_proposed_for_an_unknown_form() -> None:
    header = ["No", "Nomor Induk", "Nama Pekerja", "Nomor KTP", "Lahir Tempat", "Tgl. Lahir", "No Paspr", "Catatan"]
    proposed = propose_mapping(header)
    assert set(proposed) == set(CANONICAL)
    found = {name: (p.heading, p.confidence) for name, p in proposed.items() if p.heading}
    assert found["row_id"] == ("Nomor Induk", 1.0)
    assert found["name"] == ("Nama Pekerja", 1.0)
    assert found["nik"] == ("Nomor KTP", 1.0)
    assert found["birth_place"] == ("Lahir Tempat", 0.95)
    assert found["birth_date"] == ("Tgl. Lahir", 1.0)
    assert found["passport"][0] == "No Paspr"
    assert 0.8 <= found["passport"][1] < 0.95
    assert "Catatan" not in {heading for heading, _ in found.values()}


def test_a_known_form_is_proposed_as_it_is() -> None:
    layout = recognise(WNI)
    assert layout is not None
    assert {name: p.heading for name, p in propose_mapping(WNI).items()} == layout.mapping(WNI)
