"""Writes set-aside rows as a CSV that a clerk can open in Excel, mend and hand in again."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from selaras.engines.reading.faults import Params, Reject

# Excel runs a cell that begins like this; an apostrophe in front makes it text. Reading takes it off again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_rejects(
    rejects: Iterable[Reject],
    path: Path,
    *,
    header: Sequence[str] = (),
    say: Callable[[str, Params], str] | None = None,
) -> int:
    """Write rejects as UTF-8 with byte order mark and semicolons; returns how many.

    Columns: line, column, value, code, reason, then the source headings (`header`, so that the rows can be mended and
    handed in again), then raw_line. `say` renders a code with parameters in the reader's language; without it the
    parameters are written as JSON. Personal data: the caller keeps the file where such data may be.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
        writer.writerow(["#line", "#column", "#value", "#code", "#reason", *map(_safe, header), "#raw_line"])
        for reject in rejects:
            reason = say(reject.code, reject.params) if say else json.dumps(dict(reject.params), ensure_ascii=False)
            cells = [str(reject.line), reject.column, reject.value, reject.code, reason]
            cells += [reject.row.get(heading) for heading in header]
            writer.writerow([_safe(cell) for cell in [*cells, reject.raw_line]])
            count += 1
    return count


def _safe(text: str | None) -> str:
    if not text:
        return ""
    text = text.replace("\x00", "")
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text
