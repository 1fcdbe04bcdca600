"""Runs a command in a fresh process and says what it cost: wall, CPU and peak memory of that process alone."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import polars as pl

_LINK = "from selaras.doors.cli.link import link; link()"
_WARM_ROWS = 2_000
# An installed program has its bytecode; without it each start compiles some hundred files of libraries anew, whoever is measured.
_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and megabytes of one process; `load` is the machine's load average before it began."""

    wall_s: float
    cpu_s: float
    peak_mb: int
    load: float


class Failed(RuntimeError):
    """A command ended with an error; the text is the end of what it said."""


# The peak of a process begins with that of the one which started it, and a benchmark that holds registers is large.
_SMALL = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def fresh(command: Sequence[str]) -> Cost:
    """Run a command to its end; raises `Failed` when it does not end well."""
    load = os.getloadavg()[0]
    started = perf_counter()
    ran = subprocess.run([sys.executable, "-S", "-c", _SMALL, *command], capture_output=True, text=True, check=False, env=_INSTALLED)
    wall = perf_counter() - started
    code, cpu, most = ran.stdout.split() if ran.returncode == 0 else (ran.returncode, 0, 0)
    if int(code):
        raise Failed(f"{' '.join(command[:4])} … ended with {code}: {ran.stderr[-2000:]}")
    return Cost(round(wall, 2), round(float(cpu), 2), round(int(most) / 1024), round(load, 1))


def link_command(files: Sequence[Path], out: Path, *options: str) -> list[str]:
    """The command `selaras link` as a user runs it, in this Python."""
    return [sys.executable, "-c", _LINK, *map(str, files), "--out", str(out), *options]


def warm(files: Sequence[Path], *options: str) -> Cost:
    """Link the first rows of some Parquet files once, so that the engine's loops are compiled before anything is measured."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        heads = [folder / path.name for path in files]
        for path, head in zip(files, heads, strict=True):
            pl.scan_parquet(path).head(_WARM_ROWS).collect().write_parquet(head)
        return fresh(link_command(heads, folder / "out", *options))


def middle(values: Sequence[float], digits: int = 1) -> str:
    """The median, and the least and the most in brackets when there are several."""
    shown = f"{median(values):,.{digits}f}"
    return shown if len(values) == 1 else f"{shown} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def percent(share: float | None, digits: int = 2) -> str | None:
    """A share as a percentage."""
    return None if share is None else f"{100 * share:.{digits}f} %"


def three(figures: dict[str, Any], digits: int = 3) -> str:
    """Precision, recall and F1 as `.991 / .984 / .987`."""
    return " / ".join(f"{figures[kind]:.{digits}f}".removeprefix("0") for kind in ("p", "r", "f1"))
