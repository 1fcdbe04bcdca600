"""What a figure stands beside: machine, load, commit; and the CPU and memory that processes took."""

import os
import platform
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil


def stamp() -> dict[str, Any]:
    """Say when, on which commit, on what machine and under which load a figure was taken."""
    here = Path(__file__).resolve().parents[1]
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=here, capture_output=True, text=True, check=False
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": asked.stdout.strip() or "?",
        "load": [round(x, 1) for x in os.getloadavg()],
        "loop_ms": _loop(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "processor": _processor(),
        "python": platform.python_version(),
    }


def _loop() -> float:
    """Give the CPU milliseconds of a fixed piece of work: on a crowded machine even CPU time grows, and this says how much."""
    took = []
    for _ in range(5):
        began = time.thread_time()
        sum(range(1_000_000))
        took.append(time.thread_time() - began)
    return round(1000 * sorted(took)[2], 1)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def percentiles(values: Iterable[float]) -> dict[str, float]:
    """Give p50, p95, p99 and the worst of some seconds, in milliseconds (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        return {}
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    found = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for name, share in at.items()}
    return {name: round(1000 * value, 1) for name, value in (found | {"max": ordered[-1]}).items()}


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Give rows as a Markdown table; a column that a row lacks is a dash."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in names) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds: of some processes, of the database's connections, and of its background (log, checkpoints, vacuum)."""

    app: float
    database: float
    background: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(self.app - before.app, self.database - before.database, self.background - before.background)


def spent(app: Iterable[int], postmaster: int) -> Spent:
    """Read the CPU seconds until now of processes with their children, and of a database server."""
    mine = sum(_cpu(process) for pid in app for process in _family(pid))
    connections, rest = 0.0, 0.0
    for process in _family(postmaster):
        line = " ".join(_asked(process, "cmdline") or [])
        if "selaras_app" in line or "selaras_ledger" in line:
            connections += _cpu(process)
        else:
            rest += _cpu(process)
            # connections that have ended (and the helpers of vacuum) are counted by the server that buried them
            connections += _buried(process) if process.pid == postmaster else 0.0
    return Spent(mine, connections, rest)


def memory(pids: Iterable[int]) -> float:
    """Give the megabytes of processes with their children, shared pages counted once over all (PSS)."""
    total = 0
    for pid in pids:
        for process in _family(pid):
            full = _asked(process, "memory_full_info")
            total += getattr(full, "pss", 0) if full else 0
    return total / 2**20


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _asked(process: psutil.Process, what: str) -> Any:
    try:
        return getattr(process, what)()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return None


def _buried(process: psutil.Process) -> float:
    times = _asked(process, "cpu_times")
    return times.children_user + times.children_system if times else 0.0


def _cpu(process: psutil.Process) -> float:
    times = _asked(process, "cpu_times")
    return times.user + times.system if times else 0.0
