"""Whether a text file stops in the middle of a row: looked up at its end without reading the whole again."""

import dataclasses
from pathlib import Path

from selaras.engines.reading.faults import Fault, Unreadable
from selaras.engines.reading.records import split_record
from selaras.engines.reading.shapes import Form

_TAIL_BYTES = 64 * 1024


def is_cut(path: Path, form: Form, *, refuse: bool) -> Form:
    """The form with `cut` set when the last line has no line end and too few cells; raises `file.cut` if `refuse`.

    A file that stops exactly at the end of a row cannot be told from a whole one.
    """
    encoding = form.encoding or "utf-8"
    step = 2 if encoding.startswith("utf-16") else 1
    start = max(0, form.size - _TAIL_BYTES)
    with path.open("rb") as file:
        file.seek(start - start % step)
        raw = file.read()
    odd = len(raw) % step
    text = raw.decode(encoding.replace("utf-8-sig", "utf-8"), "replace")
    if form.newline == "cr":
        text = text.replace("\r", "\n")
    if text.endswith(("\n", "\r")) and not odd:
        return form
    lines = [line.rstrip("\r") for line in text.rstrip("\x00\x1a").split("\n")]
    if not lines[-1].strip() or (start and len(lines) == 1) or form.lines < form.first_line:
        return form
    expected, delimiter = len(form.header), form.delimiter or ","
    record = split_record(lines, len(lines) - 1, delimiter)
    got = len(record.cells) + record.open_quote
    if got >= expected and not record.open_quote:
        return form
    for back in range(2, min(50, len(lines)) + 1):  # it may be the end of a cell that runs over several lines
        whole = split_record(lines, len(lines) - back, delimiter)
        if whole.lines == back and not whole.open_quote and len(whole.cells) >= expected:
            return form
    if refuse:
        raise Unreadable(Fault("file.cut", {"line": form.lines, "got": got, "expected": expected}))
    return dataclasses.replace(form, cut=True)
