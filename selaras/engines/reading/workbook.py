"""Rows of an XLSX, XLS or ODS sheet as text, decoded in a process apart after its size has been checked."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selaras.engines.reading import archives
from selaras.engines.reading.faults import Fault, Unreadable
from selaras.engines.reading.headers import find_header
from selaras.engines.reading.kinds import refuse
from selaras.engines.reading.shapes import Kind

_DECODER = Path(__file__).with_name("decoder.py")


class Workbook:
    """A workbook whose size and spread have been checked, with the first rows of each sheet."""

    def __init__(self, path: Path, kind: Kind) -> None:
        self.path, self.kind = path, kind
        with refuse("workbook.broken", kind=kind):
            archives.check_sizes(path)
            archives.check_spread(path, kind)
            self.epoch_1904 = kind == "xlsx" and archives.is_1904(path)
        looked = list(decode(path, kind, "look"))
        self.heads: dict[str, list[list[str]]] = {sheet["sheet"]: sheet["head"] for sheet in looked}
        self.heights: dict[str, int] = {sheet["sheet"]: sheet["height"] for sheet in looked}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in order."""
        return tuple(self.heads)

    def filled_sheets(self) -> list[str]:
        """The sheets that hold anything, in order."""
        return [name for name, height in self.heights.items() if height]

    def pick_sheet(self, sheet: str | None) -> str:
        """The sheet asked for, else the first with a header, else the first that holds anything."""
        if sheet is not None:
            if sheet not in self.heads:
                raise Unreadable(Fault("workbook.no_sheet", {"sheet": sheet, "sheets": self.sheets}))
            return sheet
        filled = self.filled_sheets()
        if not filled:
            raise Unreadable(Fault("file.empty"))
        return next((name for name in filled if find_header(self.heads[name])), filled[0])


def sheet_rows(path: Path, kind: Kind, sheet: str, column: int) -> Iterator[tuple[list[str], bool]]:
    """(cells as text, whether the cell in `column` was a number) of every row from the first of the sheet.

    For a file that `Workbook` has let through. Column -1: nobody asks.
    """
    for some in decode(path, kind, "rows", sheet, str(column)):
        yield from zip(some["rows"], some["numbers"], strict=True)


def decode(path: Path, kind: Kind, *task: str) -> Iterator[dict[str, Any]]:
    """What the decoder writes for a task; raises Unreadable when it reports a fault or comes to a sudden end."""
    command = [sys.executable, str(_DECODER), task[0], str(path), *task[1:]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 own script
        try:
            for line in process.stdout or ():
                try:
                    thing = json.loads(line)
                except ValueError:  # it ended in the middle of a line
                    break
                if "end" in thing:
                    return
                if thing.get("fault") == "locked":
                    raise Unreadable(Fault("workbook.locked"))
                if "fault" in thing:
                    break
                yield thing
            raise Unreadable(Fault("workbook.broken", {"kind": kind}))
        finally:
            process.kill()
