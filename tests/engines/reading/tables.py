"""Small registers with invented people, written in the forms that ministries hand over."""

import csv
import datetime
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from selaras.engines.reading import Batch, Form, Reject, Unreadable, check_mapping, read, recognise, sniff

TODAY = datetime.date(2026, 11, 21)
FILES = Path(__file__).parent / "files"
HEADER = [
    "ID PMI", "NIK", "NAMA LENGKAP", "TEMPAT LAHIR", "TANGGAL LAHIR", "JENIS KELAMIN", "NAMA IBU KANDUNG", "NO. PASPOR",
    "NO. HP", "KAB/KOTA ASAL", "DESA", "NEGARA TUJUAN", "P3MI", "SEKTOR", "TGL DAFTAR",
]  # fmt: skip
PLACES = {
    "row_id": 0, "nik": 1, "name": 2, "birth_place": 3, "birth_date": 4, "sex": 5, "mother": 6, "passport": 7, "phone": 8,
    "regency": 9, "village": 10, "country": 11, "agency": 12, "sector": 13, "event_date": 14,
}  # fmt: skip


def person(number: int = 1, **changes: str) -> list[str]:
    """A row of the SiskoP2MI form; `changes` by canonical column."""
    row = [
        f"S{number:06}", f"32010145079{number % 90:02}{number % 9000 + 1:03}"[:16], "SITI AMINAH", "BOGOR", "1990-07-05", "P",
        "NURHAYATI", f"C{1000000 + number}", "081234567890", "BOGOR", "CIBATOK", "TAIWAN", "PT CONTOH", "FORMAL", "01/03/2024",
    ]  # fmt: skip
    for name, value in changes.items():
        row[PLACES[name]] = value
    return row


def people(count: int) -> list[list[str]]:
    return [person(number) for number in range(1, count + 1)]


def text(
    rows: Sequence[Sequence[str]], *, header: Sequence[str] | None = None, delimiter: str = ";", end: str = "\n"
) -> str:
    """A delimited text with its header."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(HEADER if header is None else header)
    writer.writerows(rows)
    return out.getvalue()


def put(folder: Path, content: str | bytes, name: str = "register.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def xlsx(
    path: Path, rows: Sequence[Sequence[Any]], options: dict[str, Any] | None = None, sheets: Sequence[str] = ()
) -> Path:
    """A workbook with one sheet of cells as given, and further empty ones."""
    with xlsxwriter.Workbook(path, options or {}) as book:
        sheet = book.add_worksheet("Data")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(r, c, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(r, c, cell)
                else:
                    sheet.write(r, c, cell)
        for name in sheets:
            book.add_worksheet(name).write(0, 0, "catatan")
    return path


_ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Data">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
_ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods_cell(value: Any, repeated: int = 1) -> str:
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    if value == "":
        return f"<table:table-cell{times}/>"
    if isinstance(value, datetime.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}{times}><text:p>{value}</text:p></table:table-cell>"


def ods_row(cells: Sequence[str], repeated: int = 1) -> str:
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


def ods(path: Path, rows: Sequence[str]) -> Path:
    """An ODS built by hand from rows of `ods_row`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_MIME, zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_MIME}"/></manifest:manifest>',
        )
        archive.writestr("content.xml", _ODS.format(rows="".join(rows)))
    return path


class Reading:
    """Everything that reading one file gave."""

    def __init__(self, form: Form, mapping: dict[str, str | None], batches: list[Batch]) -> None:
        self.form, self.mapping, self.batches = form, mapping, batches
        self.rows = pl.concat([batch.rows for batch in batches]) if batches else pl.DataFrame()
        self.rejects: list[Reject] = [reject for batch in batches for reject in batch.rejects]
        self.notes: Counter[tuple[str | None, str]] = Counter()
        self.note_lines: dict[tuple[str | None, str], list[int]] = {}
        for batch in batches:
            for note in batch.notes:
                self.notes[note.column, note.code] += note.count
                self.note_lines.setdefault((note.column, note.code), []).extend(note.lines)
        self.superseded = [row for batch in batches for row in batch.superseded.rows()]

    @property
    def lines(self) -> list[int]:
        return self.rows["line"].to_list()

    def column(self, name: str) -> list[str | None]:
        return self.rows[name].to_list()

    def rejected(self) -> list[tuple[int, str]]:
        return [(reject.line, reject.code) for reject in self.rejects]

    def codes(self) -> set[str]:
        notes = {code for _, code in self.notes} | {fault.code for fault in self.form.notes}
        return notes | {reject.code for reject in self.rejects}


def read_all(path: Path, *, sniffing: dict[str, Any] | None = None, **options: Any) -> Reading:
    """Sniff, map by the recognised layout and read."""
    form = sniff(path, **(sniffing or {}))
    layout = recognise(form.header)
    assert layout is not None, form.header
    mapping = layout.mapping(form.header)
    batches = list(read(path, form, mapping, today=TODAY, **options))
    assert all(batch.rows.columns == batches[0].rows.columns for batch in batches)
    return Reading(form, mapping, batches)


def refused(path: Path, **options: Any) -> str:
    """The code for which a file is refused."""
    try:
        read_all(path, **options)
    except Unreadable as error:
        assert str(error) == error.fault.code
        return error.fault.code
    raise AssertionError("the file was read")


def mapping_faults(header: Sequence[str]) -> list[tuple[str, str | None]]:
    layout = recognise(header)
    assert layout is not None
    faults = check_mapping(header, layout.mapping(header))
    return [(fault.code, str(fault.params.get("canonical"))) for fault in faults]
