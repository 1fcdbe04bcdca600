"""Delimited text: encodings, delimiters, quotes, line numbers, and lines that cannot be read."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.reading import sniff
from selaras.engines.reading.encodings import MAX_LINE
from tests.engines.reading.tables import HEADER, people, person, put, read_all, refused, text


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end_gives_the_same_rows(
    tmp_path: Path, encoding: str, found: str, delimiter: str, end: str
) -> None:
    rows = [person(1, name="JOSÉ | RIVAÏ; A, B"), person(2), person(3, village='KAMPUNG "BARU"')]
    done = read_all(put(tmp_path, text(rows, delimiter=delimiter, end=end), encoding=encoding))
    assert (done.form.encoding, done.form.delimiter) == (found, delimiter)
    assert done.column("name") == ["JOSÉ | RIVAÏ; A, B", "SITI AMINAH", "SITI AMINAH"]
    assert done.column("village")[2] == 'KAMPUNG "BARU"'
    assert done.lines == [2, 3, 4]
    assert done.rejects == []


def test_utf16_with_big_endian_mark(tmp_path: Path) -> None:
    path = put(tmp_path, b"\xfe\xff" + text(people(3)).encode("utf-16-be"))
    assert read_all(path).lines == [2, 3, 4]


def test_utf32_is_refused_by_name(tmp_path: Path) -> None:
    assert refused(put(tmp_path, text(people(3)), encoding="utf-32")) == "encoding.unsupported"


def test_excel_hint_names_the_delimiter(tmp_path: Path) -> None:
    done = read_all(put(tmp_path, "sep=;\n" + text(people(2))))
    assert done.form.header_line == 2
    assert done.lines == [3, 4]


def test_lines_of_another_encoding_are_set_aside_with_their_number(tmp_path: Path) -> None:
    lines = text([person(n, name="JOSÉ") for n in range(1, 6)]).splitlines()
    raw = [line.encode("cp1252" if place == 3 else "utf-8") for place, line in enumerate(lines)]
    done = read_all(put(tmp_path, b"\n".join(raw) + b"\n"))
    assert done.form.encoding == "utf-8"
    assert done.rejected() == [(4, "encoding.undecodable")]
    assert "JOSÉ" in (done.rejects[0].raw_line or "")
    assert done.lines == [2, 3, 5, 6]


def test_a_byte_that_windows_1252_does_not_have_rejects_its_line_only(tmp_path: Path) -> None:
    raw = text([person(1, name="JOSÉ"), person(2), person(3)]).encode("cp1252").replace(b"S000002", b"S00\x8d002")
    done = read_all(put(tmp_path, raw), sniffing={"encoding": "cp1252"})
    assert done.rejected() == [(3, "encoding.undecodable")]
    assert done.lines == [2, 4]


def test_an_odd_surrogate_in_utf16_rejects_its_line_only(tmp_path: Path) -> None:
    raw = text(people(3)).encode("utf-16-le")
    at = raw.index("S000002".encode("utf-16-le"))
    done = read_all(put(tmp_path, b"\xff\xfe" + raw[:at] + b"\x00\xd8" + raw[at + 2 :]))
    assert done.rejected() == [(3, "encoding.undecodable")]
    assert done.lines == [2, 4]


def test_line_ends_inside_quotes_keep_the_numbers_of_later_lines(tmp_path: Path) -> None:
    rows = [person(1, village="KAMPUNG\nBARU"), person(2), person(3, village="A\n\nB"), person(4)]
    done = read_all(put(tmp_path, text(rows)))
    assert done.lines == [2, 4, 5, 8]
    assert done.column("village") == ["KAMPUNG BARU", "CIBATOK", "A B", "CIBATOK"]


def test_a_quote_that_never_closes_takes_one_row_not_the_rest(tmp_path: Path) -> None:
    lines = text(people(300)).splitlines()
    lines[5] = lines[5].replace("SITI", '"SITI')
    done = read_all(put(tmp_path, "\n".join(lines) + "\n"))
    assert done.rejected() == [(6, "quote.unclosed")]
    assert done.rejects[0].raw_line == lines[5]
    assert len(done.lines) == 299


def test_a_broken_first_row_is_set_aside_and_not_passed_over(tmp_path: Path) -> None:
    lines = text(people(5)).splitlines()
    lines[1] = lines[1].replace("SITI", '"SITI')
    assert read_all(put(tmp_path, "\n".join(lines) + "\n")).rejected() == [(2, "quote.unclosed")]


def test_an_open_quote_does_not_meet_the_quote_of_a_later_row(tmp_path: Path) -> None:
    lines = text([person(n, village="A;B") for n in range(1, 8)]).splitlines()
    lines[3] = lines[3].replace("FORMAL", '"FORMAL')
    done = read_all(put(tmp_path, "\n".join(lines) + "\n"))
    assert done.rejected() == [(4, "quote.unclosed")]
    assert len(done.lines) == 6


def test_a_quote_inside_a_bare_cell_is_text(tmp_path: Path) -> None:
    lines = text(people(3)).replace("PT CONTOH", 'PT "CONTOH" JAYA').splitlines()
    lines[2] = lines[2].replace("CIBATOK", '"KAMP" BARU"')
    done = read_all(put(tmp_path, "\n".join(lines) + "\n"))
    assert done.column("agency") == ['PT "CONTOH" JAYA'] * 3
    assert done.column("village")[1] == 'KAMP" BARU'
    assert done.notes[None, "quote.stray"] == 3


def test_rows_with_too_few_or_too_many_cells(tmp_path: Path) -> None:
    lines = text(people(5)).splitlines()
    lines[2] = ";".join(["x"] * 10_000)
    lines[3] = ";".join(lines[3].split(";")[:9])
    lines[4] += ";;;"
    done = read_all(put(tmp_path, "\n".join(lines) + "\n"))
    assert done.rejected() == [(3, "columns.many"), (4, "columns.few")]
    assert dict(done.rejects[0].params) == {"got": 10_000, "expected": 15}
    assert done.lines == [2, 5, 6]
    assert done.notes[None, "columns.extra_empty"] == 1


def test_nul_bytes_are_taken_out_and_noted(tmp_path: Path) -> None:
    done = read_all(put(tmp_path, text([person(1, name="SITI\x00AMINAH"), person(2)])))
    assert done.column("name") == ["SITI AMINAH", "SITI AMINAH"]
    assert done.notes["name", "text.control_removed"] == 1


def test_a_cell_and_a_line_that_are_too_long(tmp_path: Path) -> None:
    rows = [person(1), person(2, name="A" * 5_000), person(3), person(4, village="B" * (3 * MAX_LINE)), person(5)]
    done = read_all(put(tmp_path, text(rows)))
    assert done.rejected() == [(3, "cell.too_long"), (5, "line.too_long")]
    assert done.rejects[0].column == "name"
    assert done.rejects[0].params["length"] == 5_000
    assert done.lines == [2, 4, 6]


def test_a_file_of_one_endless_line_needs_no_memory_for_it(tmp_path: Path) -> None:
    path = put(tmp_path, text(people(2)) + "A" * (9 * MAX_LINE))
    done = read_all(path, sniffing={"allow_cut": True})
    assert [code for _, code in done.rejected()] == ["line.too_long"]
    assert len(done.rejects[0].raw_line or "") <= 64 * 1024
    assert done.lines == [2, 3]


def test_blank_lines_and_headers_pasted_again_are_noted(tmp_path: Path) -> None:
    body = text([person(1)]) + "\n" + ";" * 14 + "\n" + text([person(2)])
    done = read_all(put(tmp_path, body))
    assert done.lines == [2, 6]
    assert done.notes[None, "row.blank"] == 2
    assert done.note_lines[None, "header.repeated"] == [5]


def test_a_file_cut_in_a_row_is_refused_unless_allowed(tmp_path: Path) -> None:
    whole = text(people(20))
    path = put(tmp_path, whole[: whole.rindex("NURHAYATI")])
    assert refused(path) == "file.cut"
    done = read_all(path, sniffing={"allow_cut": True})
    assert done.form.cut
    assert done.rejected() == [(21, "line.cut")]
    assert len(done.lines) == 19


def test_a_file_cut_inside_quotes_is_refused(tmp_path: Path) -> None:
    whole = text([person(n, village="A;B") for n in range(1, 9)])
    assert refused(put(tmp_path, whole[: whole.rindex("A;B") + 2])) == "file.cut"


def test_a_last_line_without_a_line_end_is_whole(tmp_path: Path) -> None:
    done = read_all(put(tmp_path, text([person(1), person(2, sector="A\nB")]).rstrip("\n")))
    assert done.lines == [2, 3]
    assert not done.form.cut


def test_line_numbers_hold_across_blocks(tmp_path: Path) -> None:
    rows = people(9_000)
    for place in range(100, 9_000, 700):
        rows[place][10] = "DUA\nBARIS"
    body = text(rows)
    path = put(tmp_path, body)
    done = read_all(path, batch_rows=700)
    reader = csv.reader(io.StringIO(body), delimiter=";")
    first_lines, at = [], 1
    for row in reader:
        first_lines.append((at, row[0]))
        at = reader.line_num + 1
    assert list(zip(done.lines, done.column("row_id"), strict=True)) == first_lines[1:]
    assert max(batch.rows.height for batch in done.batches) <= 700


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=["Cc", "Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.one_of(CELLS, st.text('";,\n |=', max_size=6)), min_size=2, max_size=2), min_size=1, max_size=12
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    everywhere=st.booleans(),
)
def test_what_the_standard_writer_writes_is_read_back(rows: list[list[str]], delimiter: str, everywhere: bool) -> None:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if everywhere else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerow(HEADER)
    for number, (village, regency) in enumerate(rows):
        writer.writerow(person(number, village=village, regency=regency))
    with TemporaryDirectory() as folder:
        done = read_all(put(Path(folder), out.getvalue()), sniffing={"delimiter": delimiter})
    assert done.rejects == []
    assert done.column("row_id") == [f"S{number:06}" for number in range(len(rows))]
    for place, name in enumerate(("village", "regency")):
        for cell, got in zip(rows, done.column(name), strict=True):
            assert "".join((got or "").split()) == _letters(cell[place])


def _letters(cell: str) -> str:
    """A cell without the marks that cleaning takes off."""
    kept = "".join(c for c in cell if c not in "\u200b\u200c\u200d\u200e\u200f\ufeff")
    kept = "".join(kept.split())
    return kept.lstrip("'") if kept.lstrip("'")[:1] in ("=", "+", "-", "@") and kept.lstrip("'") else kept


def test_wrong_delimiter_for_the_whole_file(tmp_path: Path) -> None:
    path = put(tmp_path, text(people(3), delimiter="~"))
    assert refused(path) == "delimiter.unknown"
    assert sniff(path, delimiter="~").header == tuple(HEADER)
