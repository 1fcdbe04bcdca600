"""The registers as the ministries hand them over: other separators, mixed dates, broken lines, two alphabets of bytes."""

import csv
import io
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import xlsxwriter

PLACEMENT_HEADER = (
    "ID PMI", "NIK", "NAMA LENGKAP", "TEMPAT LAHIR", "TANGGAL LAHIR", "JENIS KELAMIN", "NAMA IBU KANDUNG", "NO. PASPOR",
    "NO. HP", "KAB/KOTA ASAL", "DESA", "NEGARA TUJUAN", "P3MI", "SEKTOR", "TGL DAFTAR",
)  # fmt: skip
CITIZENS_HEADER = (
    "No Registrasi", "NIK", "Nama", "Tempat Lahir", "Tgl Lahir", "L/P", "Nama Ibu", "Nomor Paspor", "Telepon",
    "Kabupaten/Kota", "Desa/Kelurahan", "Negara", "Kota", "Status", "Tanggal Lapor Diri",
)  # fmt: skip
RETURNS_HEADER = ("ID Kepulangan", "NIK", "No. Paspor", "Nama", "Tanggal Lahir", "Negara", "Tanggal Pulang", "Sebab")
PLACEMENT_FILE, CITIZENS_FILE, RETURNS_FILE = "siskop2mi_export.csv", "peduliwni_export.csv", "kepulangan_export.csv"
BROKEN_OF_EACH = 24
# what is wrong with a line; the first four can be seen in the cells, the last three only in the line or its bytes
BROKEN = (
    "impossible_date", "no_id", "scientific_nik", "repeated_id", "missing_columns", "too_many_columns", "wrong_encoding",
)  # fmt: skip
SHEET_ROWS = 20_000
CURLY = "\u2019"


def _mixed_dates(rng: np.random.Generator, column: pl.Series, share: float, form: str) -> pl.Series:
    """Write a share of ISO dates in another form."""
    frame = pl.DataFrame({"d": column.cast(pl.Utf8), "u": rng.random(len(column)) < share})
    parts = pl.col("d").str.slice(8, 2), pl.col("d").str.slice(5, 2), pl.col("d").str.slice(0, 4)
    other = pl.concat_str(parts, separator=form)
    return frame.select(x=pl.when("u").then(other).otherwise(pl.col("d")))["x"]


class MessyExports:
    """Open exports that take blocks of rows; `finish` writes the list of broken lines."""

    def __init__(self, folder: Path, seed: int, *, text: bool, xlsx: bool) -> None:
        self.folder, self.text, self.rng = folder, text, np.random.default_rng([seed, 9])
        self.broken: list[tuple[str, int, str]] = []
        self.lines = {PLACEMENT_FILE: 1, CITIZENS_FILE: 1}
        self.files: dict[str, io.BufferedWriter] = {}
        self.books: dict[str, tuple[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet]] = {}
        self.sheet_rows = {PLACEMENT_FILE: 0, CITIZENS_FILE: 0}
        for name, header in ((PLACEMENT_FILE, PLACEMENT_HEADER), (CITIZENS_FILE, CITIZENS_HEADER)):
            if text:
                self.files[name] = (folder / name).open("wb")
                self.files[name].write(self._encode(name, self._line(name, header), first=True))
            if xlsx:
                book = xlsxwriter.Workbook(
                    folder / name.replace("_export.csv", ".xlsx"),
                    {"constant_memory": True, "default_date_format": "dd/mm/yyyy"},
                )
                book.set_properties({"created": date(2026, 11, 21)})
                sheet = book.add_worksheet("DATA")
                sheet.write_row(0, 0, header)
                self.books[name] = (book, sheet)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in self.files.values():
            handle.close()
        for book, _ in self.books.values():
            book.close()

    @staticmethod
    def _line(name: str, cells: tuple[str | None, ...]) -> str:
        """Write one line as CSV."""
        out = io.StringIO()
        csv.writer(out, delimiter=";" if name == PLACEMENT_FILE else ",", lineterminator="\n").writerow(cells)
        return out.getvalue()

    @staticmethod
    def _encode(name: str, text: str, *, first: bool = False) -> bytes:
        """Turn text into the file's bytes: UTF-8 with a mark for placements, Windows-1252 for citizens."""
        if name == PLACEMENT_FILE:
            return text.encode("utf-8-sig" if first else "utf-8")
        return text.encode("cp1252")

    def placements(self, rng: np.random.Generator, frame: pl.DataFrame) -> None:
        """Take a block of the placement register."""
        frame = frame.with_columns(
            tgl_lahir=_mixed_dates(rng, frame["tgl_lahir"], 0.22, "/"),
            tgl_daftar=_mixed_dates(rng, frame["tgl_daftar"], 0.85, "/"),
        )
        self._take(PLACEMENT_FILE, frame)

    def citizens(self, rng: np.random.Generator, frame: pl.DataFrame) -> None:
        """Take a block of the citizens' register; telephones write a curly apostrophe."""
        frame = frame.with_columns(
            pl.col("nama", "nama_ibu").str.replace_all("'", CURLY),
            tgl_lahir=_mixed_dates(rng, frame["tgl_lahir"], 0.12, "-"),
            tgl_lapor=_mixed_dates(rng, frame["tgl_lapor"], 0.06, "/"),
        )
        self._take(CITIZENS_FILE, frame)

    def returns(self, frame: pl.DataFrame) -> None:
        """Take a block of the list of returns and deaths: clean UTF-8, Indonesian dates."""
        if not self.text:
            return
        if RETURNS_FILE not in self.files:
            self.files[RETURNS_FILE] = (self.folder / RETURNS_FILE).open("wb")
            self.files[RETURNS_FILE].write(self._line(RETURNS_FILE, RETURNS_HEADER).encode())
        frame = frame.with_columns(pl.col("event_date").dt.strftime("%d/%m/%Y"))
        self.files[RETURNS_FILE].write(frame.write_csv(include_header=False).encode())

    def _take(self, name: str, frame: pl.DataFrame) -> None:
        if self.text:
            text = frame.write_csv(include_header=False, separator=";" if name == PLACEMENT_FILE else ",")
            self.files[name].write(self._encode(name, text))
            self.lines[name] += frame.height
            if self.lines[name] - frame.height == 1:
                self._break(name, frame)
        if name in self.books:
            for row in frame.head(max(SHEET_ROWS - self.sheet_rows[name], 0)).iter_rows():
                self.sheet_rows[name] += 1
                self.books[name][1].write_row(self.sheet_rows[name], 0, row)

    def _break(self, name: str, frame: pl.DataFrame) -> None:
        """After the first block, add a few dozen broken lines of each kind; their ids stand outside of the register."""
        each = min(BROKEN_OF_EACH, max(frame.height // 40, 3))
        letter = "S" if name == PLACEMENT_FILE else "P"
        rows = frame.sample(each * len(BROKEN), with_replacement=True, seed=int(self.rng.integers(2**31))).rows()
        for i, row in enumerate(rows):
            kind = BROKEN[i % len(BROKEN)]
            cells = [f"{letter}9{i:07d}", *row[1:]]
            self.files[name].write(self._broken_line(name, kind, cells, str(row[0]), i))
            self.lines[name] += 1
            self.broken.append((name, self.lines[name], kind))

    def _broken_line(self, name: str, kind: str, cells: list[str | None], known: str, i: int) -> bytes:
        """Break one line."""
        if kind == "impossible_date":
            cells[-1] = ("31/02/2023", "30/02/2022", "2024-02-31", "00/00/0000", "2023-13-07")[i % 5]
        elif kind == "no_id":
            cells[0] = None
        elif kind == "scientific_nik":
            cells[1] = ("3.17E+15", "3,21E+15", "3.20912E+15")[i % 3]
        elif kind == "repeated_id":
            cells[0] = known
        elif kind == "missing_columns":
            cells = cells[: 5 + i % 6]
        elif kind == "too_many_columns":
            cells = [*cells[:3], "ALIAS", *cells[3:], "CATATAN"]
        elif kind == "wrong_encoding":
            cells[2] = "JOS\u00c9 RAM\u00d3N " + (cells[2] or "").split(" ")[0]
            line = self._line(name, tuple(cells))
            # 0x81 stands for nothing in Windows-1252, and the accents' single bytes are no UTF-8
            return (
                line.encode("cp1252", "replace")
                if name == PLACEMENT_FILE
                else line.encode("cp1252", "replace").replace(b"\xc9", b"\x81")
            )
        return self._encode(name, self._line(name, tuple(cells)))

    def finish(self) -> int:
        """Write the list of broken lines (file, line number, kind) and give how many there are."""
        if self.text:
            pl.DataFrame(self.broken, schema=["file", "line", "kind"], orient="row").write_csv(
                self.folder / "broken.csv"
            )
        return len(self.broken)
