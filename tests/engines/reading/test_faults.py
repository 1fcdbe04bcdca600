"""Every fault code is produced by some example file, with the parameters that the list promises."""

import json
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl
import pytest

from selaras.engines.reading import FAULT_CODES, Fault, Reject, Unreadable, check_mapping, read, recognise, sniff
from selaras.engines.reading import archives as archive_limits
from selaras.engines.reading.encodings import MAX_LINE
from tests.engines.reading.tables import (
    FILES,
    HEADER,
    PLACES,
    TODAY,
    ods,
    ods_cell,
    ods_row,
    people,
    person,
    put,
    read_all,
    text,
    xlsx,
)

Seen = Iterable[Fault | Reject | str]


def of(rows: list[list[str]], **options: object) -> Callable[[Path], Seen]:
    """What a text file of these rows gives."""

    def seen(folder: Path) -> Seen:
        done = read_all(put(folder, text(rows)), **options)  # type: ignore[arg-type]
        return [*done.rejects, *done.form.notes, *done.codes()]

    return seen


def cell(**changes: str) -> Callable[[Path], Seen]:
    return of([person(1), person(2, **changes)])


def raw(content: str | bytes, name: str = "x.csv", **sniffing: object) -> Callable[[Path], Seen]:
    def seen(folder: Path) -> Seen:
        done = read_all(put(folder, content, name), sniffing=sniffing)  # type: ignore[arg-type]
        return [*done.rejects, *done.form.notes, *done.codes()]

    return seen


def header(*changes: tuple[str, str], mapping: dict[str, str | None] | None = None) -> Callable[[Path], Seen]:
    def seen(_: Path) -> Seen:
        headings = [dict(changes).get(name, name) for name in HEADER]
        layout = recognise(headings)
        assert layout is not None
        return check_mapping(headings, layout.mapping(headings) | (mapping or {}))

    return seen


def growing(folder: Path) -> Seen:
    path = put(folder, text(people(3)))

    def write_on() -> None:
        with path.open("a") as file:
            file.write("S9;")

    sniff(path, pause=write_on)
    return []


def changed(folder: Path) -> Seen:
    path = put(folder, text(people(3)))
    form = sniff(path)
    os.utime(path, ns=(1, 1))
    list(read(path, form, {"row_id": "ID PMI", "name": "NAMA LENGKAP"}, today=TODAY))
    return []


def bomb(folder: Path) -> Seen:
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(archive_limits.MAX_UNPACKED // 2**22 + 1):
                part.write(bytes(2**22))
    assert path.stat().st_size < 2_000_000
    sniff(path)
    return []


def too_big(folder: Path) -> Seen:
    path = xlsx(folder / "big.xlsx", [HEADER])
    with path.open("r+b") as file:  # a hole: takes no room on the disk
        file.truncate(archive_limits.MAX_WORKBOOK + 1)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", "")
    sniff(path)
    return []


def far_cell(folder: Path) -> Seen:
    rows = [HEADER, *people(2)]
    path = folder / "far.ods"
    padding = ods_row([ods_cell("", 16_384)], 999_000)
    ods(
        path,
        [*(ods_row([ods_cell(c) for c in row]) for row in rows), padding, ods_row([ods_cell("", 50), ods_cell("x")])],
    )
    sniff(path)
    return []


def locked(folder: Path) -> Seen:
    # the head of a compound file whose directory names the stream of an encrypted workbook
    return raw((FILES / "siskop2mi.xls").read_bytes()[:1024] + "EncryptedPackage".encode("utf-16-le") * 8, "l.xlsx")(
        folder
    )


def nested(folder: Path) -> Seen:
    path = folder / "n.parquet"
    pl.DataFrame({"id_s": [["a"]], "nama": ["B"], "nik": ["1"]}).write_parquet(path)
    list(read(path, sniff(path), {"row_id": "id_s", "name": "nama"}, today=TODAY))
    return []


def sheets(folder: Path) -> Seen:
    done = read_all(xlsx(folder / "s.xlsx", [HEADER, *people(2)], sheets=["Catatan"]))
    return done.form.notes


def no_sheet(folder: Path) -> Seen:
    sniff(xlsx(folder / "s.xlsx", [HEADER, *people(2)]), sheet="Lain")
    return []


LINES = text(people(3)).splitlines()
EXAMPLES: dict[str, Callable[[Path], Seen]] = {
    "file.missing": lambda folder: [*map(str, sniff(folder / "none.csv").header)],
    "file.empty": raw(""),
    "file.no_rows": raw(";".join(HEADER) + "\n"),
    "file.growing": growing,
    "file.changed": changed,
    "file.cut": raw(text(people(3))[:-40]),
    "kind.unsupported": raw("<html><table><tr><td>NIK</td></tr></table>", "x.xls"),
    "encoding.unsupported": raw(text(people(3)).encode("utf-32")),
    "delimiter.unknown": raw("NIK\n1\n2\n"),
    "header.missing": raw(text(people(12), header=person(99))),
    "header.too_wide": raw(text([[*person(n), *["x"] * 1_000] for n in range(2)], header=[*HEADER, *(f"K{n}" for n in range(1_000))])),
    "workbook.locked": locked,
    "workbook.broken": raw((FILES / "siskop2mi.xls").read_bytes()[:3_000], "x.xls"),
    "workbook.too_big": too_big,
    "workbook.too_big_unpacked": bomb,
    "workbook.too_many_cells": far_cell,
    "workbook.no_sheet": no_sheet,
    "parquet.broken": raw(b"PAR1" + bytes(100), "x.parquet"),
    "parquet.nested": nested,
    "column.missing": header(("NO. HP", "CATATAN")),
    "column.renamed": header(mapping={"phone": "NOMOR HAPE"}),
    "column.doubled": header(("DESA", "NIK")),
    "column.shared": header(mapping={"birth_place": "DESA"}),
    "column.unknown": header(mapping={"shoe_size": "DESA"}),
    "row_id.missing": cell(row_id=" "),
    "name.missing": cell(name=""),
    "columns.few": raw("\n".join([*LINES[:2], "a;b", LINES[3], ""])),
    "columns.many": raw("\n".join([*LINES[:2], LINES[2] + ";x", LINES[3], ""])),
    "quote.unclosed": raw("\n".join([*LINES[:2], LINES[2].replace("SITI", '"SITI'), LINES[3], ""])),
    "encoding.undecodable": raw("\n".join([LINES[0], LINES[1], "JOSÉ" + LINES[2], ""]).encode() + b"\xff\n"),
    "line.too_long": raw(text([*people(2), person(3, name="A" * 2 * MAX_LINE)])),
    "cell.too_long": cell(village="A" * 1_001),
    "line.cut": raw(text(people(3))[:-40], allow_cut=True),
    "row.blank": of([person(1), [""] * 15, person(2)]),
    "header.repeated": of([person(1), HEADER, person(2)]),
    "header.two_rows": raw("\n".join([LINES[0], ";".join(map(str, range(1, 16))), *LINES[1:], ""])),
    "header.below_titles": raw("DAFTAR PMI\n\n" + text(people(3))),
    "sheet.others": sheets,
    "columns.extra_empty": raw("\n".join([LINES[0], LINES[1] + ";;", ""])),
    "quote.stray": raw("\n".join([LINES[0], LINES[1].replace("SITI", 'SI"TI'), ""])),
    "text.control_removed": cell(name="SITI\x07AMINAH"),
    "text.apostrophe": cell(phone="'081234567890"),
    "text.formula": cell(name='=HYPERLINK("x")'),
    "number.float": cell(phone="81234567890.0"),
    "row_id.doubled_same": of([person(1), person(1)]),
    "row_id.doubled_other": of([person(1), person(1, name="LAIN")]),
    "nik.scientific": cell(nik="3.17E+15"),
    "nik.unfolded": cell(nik="3,201014507900001E+15"),
    "nik.zero_restored": cell(nik="401014507900001", birth_date="1990-07-05"),
    "nik.excel_rounded": cell(nik="3201014507900000"),
    "nik.decorated": cell(nik="32.0101.450790.0001"),
    "nik.placeholder": cell(nik="-"),
    "nik.length": cell(nik="32010145079000011"),
    "nik.letters": cell(nik="32O1014507900001"),
    "nik.structure": cell(nik="9901014507900001"),
    "phone.scientific": cell(phone="8.12E+10"),
    "date.day_first": cell(birth_date="05/07/1990"),
    "date.month_first": of([person(1, birth_date="07/25/1990")], date_orders={"birth_date": "mdy"}),
    "date.year_first": cell(birth_date="1990/7/5"),
    "date.month_name": cell(birth_date="5 Juli 1990"),
    "date.compact": cell(birth_date="19900705"),
    "date.serial": cell(birth_date="33059"),
    "date.time_dropped": cell(birth_date="1990-07-05 00:00:00"),
    "date.two_digit_year": cell(birth_date="05/07/90"),
    "date.impossible": cell(birth_date="31/02/1990"),
    "date.other_order": cell(birth_date="07/25/1990"),
    "date.year_zero": cell(birth_date="0000-00-00"),
    "date.year_only": cell(birth_date="1990"),
    "date.placeholder": cell(birth_date="-"),
    "date.unreadable": cell(birth_date="tidak tahu"),
    "date.implausible": cell(birth_date="1900-01-01"),
    "date.future": cell(birth_date="2030-01-01"),
    "date.birth_after_event": cell(birth_date="2025-01-01", event_date="01/01/2024"),
}


def test_the_list_and_the_examples_are_the_same() -> None:
    assert set(EXAMPLES) == set(FAULT_CODES)


@pytest.mark.parametrize("code", FAULT_CODES)
def test_an_example_gives_the_code_with_its_parameters(code: str, tmp_path: Path) -> None:
    try:
        seen = list(EXAMPLES[code](tmp_path))
    except Unreadable as error:
        seen = [error.fault]
        assert FAULT_CODES[error.fault.code].severity in ("fatal", "mapping")
    named = [item for item in seen if not isinstance(item, str)]
    assert code in {item if isinstance(item, str) else item.code for item in seen}
    for item in named:
        assert set(item.params) == set(FAULT_CODES[item.code].params)
        json.dumps(dict(item.params))  # parameters travel to pages and the database


def test_the_columns_of_the_examples_are_all_of_the_form() -> None:
    assert list(PLACES.values()) == list(range(len(HEADER)))


def test_no_value_shows_in_what_is_printed_of_a_reject_or_fault(tmp_path: Path) -> None:
    done = read_all(put(tmp_path, text([person(1), person(2, name="", nik="3201014507900001")])))
    assert "3201014507900001" not in repr(done.rejects)
    assert "3201014507900001" not in repr(done.form)
    assert done.rejects[0].row["NIK"] == "3201014507900001"
