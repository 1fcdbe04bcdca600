"""Whatever the bytes are, a file is refused with a fault or read with rejects: never a traceback, never a lost line."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.engines.reading import FAULT_CODES, Unreadable, propose_mapping, read, sniff
from tests.engines.reading.tables import TODAY, people, put, read_all, text


def try_bytes(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = put(Path(folder), content)
        try:
            form = sniff(path, allow_cut=True)
            mapping = {name: p.heading for name, p in propose_mapping(form.header).items()}
            mapping["row_id"] = mapping["row_id"] or form.header[0]
            mapping["name"] = mapping["name"] or form.header[-1]
            last = 0
            for batch in read(path, form, mapping, today=TODAY, batch_rows=5):
                for reject in batch.rejects:
                    assert FAULT_CODES[reject.code].severity == "row"
                assert batch.rows["line"].is_sorted()
                if batch.rows.height:
                    assert batch.rows["line"][0] > last
                    last = batch.rows["line"][-1]
        except Unreadable as error:
            assert FAULT_CODES[error.fault.code].severity in ("fatal", "mapping")


SEEDS = [
    text(people(6)).encode(),
    text(people(6), delimiter=",").encode("utf-16"),
    text(people(6), end="\r\n").encode("cp1252"),
]
EDITS = st.lists(
    st.tuples(
        st.integers(0, 1200),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=8), st.sampled_from([b'"', b"\n", b";", b"\x00", b"\xff", b'";"', b"\r", b"=1+1"])
        ),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_random_bytes(content: bytes) -> None:
    try_bytes(content)


@settings(max_examples=150, deadline=None)
@given(seed=st.sampled_from(SEEDS), edits=EDITS)
def test_mutated_registers(seed: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    content = bytearray(seed)
    for at, length, instead in edits:
        content[at : at + length] = instead
    try_bytes(bytes(content))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 39), st.sampled_from(['"', ";", "\x00", '";"', "", "\n"])), max_size=8))
def test_every_line_is_a_row_a_reject_or_a_note(damage: list[tuple[int, str]]) -> None:
    lines = text(people(40)).splitlines()
    for at, mark in damage:
        middle = len(lines[at]) // 2
        lines[at] = lines[at][:middle] + mark + lines[at][middle:]
    body = "\n".join(lines) + "\n"
    with TemporaryDirectory() as folder:
        done = read_all(put(Path(folder), body))
    told = set(done.lines) | {reject.line for reject in done.rejects}
    told |= {line for (_, code), of_code in done.note_lines.items() if code == "row.blank" for line in of_code}
    swallowed = sum(body.split("\n")[line - 1].count('"') % 2 for line in done.lines)  # cells over several lines
    assert set(range(2, body.count("\n") + 1)) - told == set() or swallowed
    ids = set(done.column("row_id"))
    assert len(ids) >= 39 - len({at for at, _ in damage}) * 2
