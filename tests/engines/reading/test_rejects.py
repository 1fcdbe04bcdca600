"""Rejects written for a clerk: safe to open in Excel, mended and handed in again."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.reading import Reject, write_rejects
from tests.engines.reading.tables import HEADER, person, put, read_all, text


def test_a_file_of_rejects_is_mended_and_read_again(tmp_path: Path) -> None:
    rows = [person(1), person(2, row_id="", phone="+6281234", name="=cmd"), person(3, name="")]
    done = read_all(put(tmp_path, text(rows)))
    written = write_rejects(done.rejects, tmp_path / "rejects.csv", header=done.form.header)
    assert written == 2
    raw = (tmp_path / "rejects.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"'=cmd" in raw
    assert b"'+6281234" in raw
    mended = raw.decode("utf-8-sig").replace(";;3201", ";S000002;3201").replace(";;BOGOR", ";MENDED;BOGOR")
    again = read_all(put(tmp_path, mended, "mended.csv"))
    assert again.rejects == []
    assert again.column("name") == ["=cmd", "MENDED"]
    assert again.column("phone")[0] == "+6281234"
    assert again.column("row_id") == ["S000002", "S000003"]


def test_the_reason_is_said_by_the_caller(tmp_path: Path) -> None:
    rejects = [Reject(7, None, None, "columns.few", {"got": 2, "expected": 15}, raw_line="a;b")]
    write_rejects(
        rejects, tmp_path / "r.csv", say=lambda code, params: f"{code}: {params['got']} of {params['expected']}"
    )
    assert "columns.few: 2 of 15" in (tmp_path / "r.csv").read_text("utf-8-sig")
    write_rejects(rejects, tmp_path / "r.csv")
    assert '{""got"": 2' in (tmp_path / "r.csv").read_text("utf-8-sig")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=15, max_size=15))
def test_no_cell_begins_like_a_formula(cells: list[str]) -> None:
    reject = Reject(2, "name", cells[0], "name.missing", {}, dict(zip(HEADER, cells, strict=True)), cells[1])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.csv"
        write_rejects([reject], path, header=HEADER)
        body = path.read_text("utf-8-sig")
    written = list(csv.reader(io.StringIO(body, newline=""), delimiter=";"))[1]
    assert len(written) == 6 + 15
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in written)
