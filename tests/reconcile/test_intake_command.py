"""`selaras reconcile`: two files in, a headcount out; every bad file is one clear sentence, exit code 2, and nothing taken in."""

import csv
import io
import os
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from selaras.doors.cli.reconcile import reconcile
from selaras.ground.act import as_job
from selaras.ground.models import KeptFile
from selaras.reconcile.models import Delivery
from tests.reconcile.intake import AGREEMENT, CITIZENS, HEADER, NIK, citizen, counts, records, sign, take, text, worker

pytestmark = pytest.mark.usefixtures("committed")


def command(*arguments: str | Path, agreement: str = AGREEMENT) -> Result:
    sign()
    return CliRunner().invoke(reconcile, [*map(str, arguments), *(["--agreement", agreement] if agreement else [])])


def put(folder: Path, content: bytes, name: str = "register.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (1, 1))  # written long ago, so that nobody waits for it to grow
    return path


def nothing_taken_in() -> None:
    with as_job("intake"):
        assert records() == [] and not Delivery.objects.filter(state="taken_in").exists()


def bomb() -> bytes:
    """A workbook of half a megabyte that would swell to half a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(500):
                sheet.write(b" " * 1024 * 1024)
    return out.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "The file is empty."),
    "only a header": (lambda: text([]), "but no rows below it"),
    "wrong delimiter": (lambda: text([worker(1)]).replace(b";", b"~"), "The columns cannot be told apart"),
    "cut in the middle": (lambda: text([worker(1), worker(2)])[:-60], "The file stops in the middle of line 3"),
    "zip bomb": (bomb, "The workbook would swell to more than"),
    "damaged workbook": (lambda: b"PK\x03\x04" + b"x" * 500, "The workbook is damaged"),
    "pdf": (lambda: b"%PDF-1.7 ...", "This is no table that we can read, but pdf."),
    "damaged parquet": (lambda: b"PAR1" + b"x" * 500, "The Parquet file is damaged"),
    "no header": (lambda: text([worker(1), worker(2)]).split(b"\n", 1)[1], "No header was found"),
    "unknown register": (lambda: b"A,B,C\nx,y,z\nx,y,z\n", "There is no register called"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_one_sentence_in_two_languages_and_nothing_is_kept(kind: str, tmp_path: Path):
    make, said = BAD[kind]
    good = put(tmp_path, text([citizen(1)], CITIZENS, ","), "good.csv")
    done = command(good, put(tmp_path, make()))
    assert done.exit_code == 2 and said in done.output, done.output
    assert len([line for line in done.output.splitlines() if line.startswith("register.csv: ")]) == 2
    nothing_taken_in()
    with as_job("intake"):
        assert not KeptFile.objects.exists(), "the good file beside it was not handed in either"


@pytest.mark.parametrize(("header", "row", "said"), [
    ([h for h in HEADER if h != "NO. PASPOR"], worker(1)[:7] + worker(1)[8:], "No column was found for Passport."),
    (["NOMOR BUKU" if h == "NO. PASPOR" else h for h in HEADER], worker(1), "No column was found for Passport."),
    ([*HEADER, "NIK"], [*worker(1), NIK], "The heading NIK stands in the file more than once"),
], ids=["missing", "renamed", "doubled"])  # fmt: skip
def test_a_column_that_is_not_sure_is_asked_for_and_can_be_named(header: list[str], row: list[str], said: str, tmp_path: Path):
    path = put(tmp_path, text([row], header))
    done = command(path)
    assert done.exit_code == 2 and said in done.output and "--column" in done.output, done.output
    nothing_taken_in()
    named = {"NOMOR BUKU": "passport=NOMOR BUKU"}.get(header[7], "nik=NIK")
    more = ["--column", named] if "passport" in named or header[-1] == "NIK" else ["--without", "passport"]
    assert command(path, *more).exit_code == 0 and len(records()) == 1


@pytest.mark.parametrize(("agreement", "said"), [
    ("", "without one no register is taken in"), ("PKS-9999", "No agreement has the number “PKS-9999”"),
])  # fmt: skip
def test_without_the_right_agreement_nothing_is_read(agreement: str, said: str, tmp_path: Path):
    done = command(put(tmp_path, text([worker(1)])), agreement=agreement)
    assert done.exit_code == 2 and said in done.output and "perjanjian" in done.output
    nothing_taken_in()


def test_a_file_still_being_written_is_refused(tmp_path: Path):
    path = put(tmp_path, text([worker(n) for n in range(1, 4000)]))
    path.touch()
    stop = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not stop.wait(0.05):
                file.write(text([worker(9)]).split(b"\n", 1)[1])
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.2)
    try:
        done = command(path)
    finally:
        stop.set()
        writer.join()
    assert done.exit_code == 2 and "still being written" in done.output, done.output
    nothing_taken_in()


def test_two_registers_become_one_and_the_headcount_is_printed_and_written(tmp_path: Path):
    s = put(tmp_path, text([worker(n) for n in range(1, 30)]), "s.csv")
    p = put(tmp_path, text([citizen(n) for n in range(1, 10)], CITIZENS, ","), "p.csv")
    done = command(s, p, "--out", tmp_path / "out", "--whole")
    assert done.exit_code == 0, done.output
    assert "Persons by country" in done.output and "Taiwan" in done.output and "Never delivered: Returns and deaths" in done.output
    assert NIK not in done.output and "AMINAH" not in done.output
    clusters = pl.read_parquet(tmp_path / "out" / "clusters.parquet")
    assert clusters.height == 38 and set(clusters["source"]) == {"siskop2mi", "peduliwni"}
    with (tmp_path / "out" / "headcount.csv").open(encoding="utf-8") as file:
        assert {row["iso3"] for row in csv.DictReader(file)} <= {"TWN"}
    again = command(s, p, "--whole")
    assert again.exit_code == 0 and again.output.count("handed in before") == 2
    assert len(records()) == 38


# What is mended while reading: taken in, with a note or a reject, never silently.


def test_titles_above_the_header_and_a_header_in_two_rows():
    titled = b"LAPORAN SISKOP2MI\nper 1 November 2026\n" + text([worker(1)])
    assert take(titled).form["header_line"] == 3 and len(records()) == 1
    numbered = text([[str(n) for n in range(1, 16)], worker(2)])
    line = take(numbered)
    assert line.state == "taken_in" and line.form["header_rows"] == 2 and len(records()) == 2


def test_numbers_that_a_spreadsheet_spoilt_are_noted_or_mended():
    line = take(text([worker(1, NIK="3.17E+15"), worker(2, NIK="0" + NIK[1:]), worker(3, NIK="'" + NIK)]))
    assert line.state == "taken_in" and counts(line)[0] == 3
    assert {"nik.scientific", "text.apostrophe"} <= {note[1] for note in line.counts["notes"]}


def test_six_forms_of_dates_and_those_that_are_no_day():
    forms = ["1990-07-05", "05/07/1990", "5 Juli 1990", "19900705", "33059", "05-07-90", "31/02/1990", "0000-00-00"]
    line = take(text([worker(n, TANGGAL_LAHIR=form) for n, form in enumerate(forms, 1)]))
    days = {r.row_id: pl.Series([r.values]).str.json_path_match("$.birth_date")[0] for r in records()}
    assert line.state == "taken_in" and [days[f"S{n:06}"] for n in range(1, 9)] == ["1990-07-05"] * 6 + [None, None]


def test_mixed_encodings_and_a_row_of_ten_thousand_columns_set_single_rows_aside():
    mixed = text([worker(1)]) + ";".join(worker(2, NAMA_LENGKAP="RENÉ")).encode("cp1252") + b"\n" + text([worker(3, DESA="DÉSA")]).split(b"\n", 1)[1]
    wide = mixed + b";".join([b"x"] * 10_000) + b"\n"
    line = take(wide)
    assert line.state == "taken_in" and line.counts["rejected"] >= 1
    assert {r.row_id for r in records()} >= {"S000001", "S000003"}
