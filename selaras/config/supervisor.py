"""One process that keeps others running: starts them, again when they die, and takes them along at its end."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

log = logging.getLogger("selaras.serve")

_SETTLED = 60.0  # seconds after which a process counts as healthy and its next death as its first
_LONGEST_WAIT = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep running. A `vital` one that never lived as long as `vital` seconds ends the supervisor."""

    name: str
    command: Sequence[str]
    vital: float | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    began: float = 0.0
    due: float = 0.0
    proven: bool = False


class Supervisor:
    """Keeps its children running until a signal or a vital child's failure ends it."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        every: Callable[[], Mapping[str, str]] | None = None,
        period: float = 5.0,
        patience: float = 30.0,
    ) -> None:
        """`every` runs each `period` seconds and returns environment changes; a change restarts the children."""
        self._children = children
        self._every = every
        self._period = period
        self._patience = patience
        self._wake = threading.Event()
        self._ending = False
        self._again = False
        self._extra: dict[str, str] = {}

    def run(self) -> int:
        """Run until told to stop. Returns 0 after a signal, 1 when a vital child cannot live."""
        before = {
            number: signal.signal(number, self._told) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        looked = time.monotonic()
        try:
            while not self._ending:
                now = time.monotonic()
                if self._every and now - looked >= self._period:
                    looked = now
                    self._look_after()
                if self._again:
                    self._again = False
                    self._stop_all()
                for child in self._children:
                    if not self._keep(child):
                        return 1
                self._wake.wait(0.2)
                self._wake.clear()
            return 0
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told(self, number: int, frame: object) -> None:
        """Take a signal: the hang-up restarts the children, the others end everything."""
        self._again = number == signal.SIGHUP
        self._ending = self._ending or number != signal.SIGHUP
        self._wake.set()

    def _look_after(self) -> None:
        """Run the regular duty; its failure is logged and tried again, because the children may still serve."""
        try:
            extra = dict(self._every()) if self._every else {}
        except Exception as problem:
            log.error("the regular check failed: %s", problem)
            return
        if extra != self._extra:
            self._again = bool(self._extra)
            self._extra = extra

    def _keep(self, child: Child) -> bool:
        """Start the child if it is due, note its death; False when a vital child has failed for good."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                self._start(child)
            return True
        code = child.process.poll()
        lived = now - child.began
        if code is None:
            child.proven = child.proven or (child.vital is not None and lived >= child.vital)
            if lived > _SETTLED:
                child.deaths = 0
            return True
        _end_group(child.process)  # its own children would keep the port and the work
        child.process = None
        child.deaths += 1
        wait = min(_LONGEST_WAIT, 0.5 * 2 ** (child.deaths - 1))
        child.due = now + wait
        log.error("%s ended with code %s after %.0f s; it starts again in %.1f s", child.name, code, lived, wait)
        if child.vital is not None and not child.proven and child.deaths >= 3:
            log.error("%s cannot start: see the lines above", child.name)
            return False
        return True

    def _start(self, child: Child) -> None:
        """Start the child in a session of its own, so that Ctrl-C reaches it once and in order: through us."""
        child.process = subprocess.Popen(  # noqa: S603
            child.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self._extra},
            start_new_session=True,
            preexec_fn=_follow_parent if sys.platform == "linux" else None,
        )
        child.began = time.monotonic()
        log.info("%s started as process %d", child.name, child.process.pid)

    def _stop_all(self) -> None:
        """End all children in good order, and those that do not listen by force."""
        living = [child for child in self._children if child.process]
        for child in living:
            if child.process:
                child.process.terminate()
        give_up = time.monotonic() + self._patience
        for child in living:
            if child.process:
                try:
                    child.process.wait(max(0.1, give_up - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.warning("%s did not stop in %.0f s and is killed", child.name, self._patience)
                _end_group(child.process)
                child.process.wait()
                child.process, child.due, child.deaths = None, 0.0, 0


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's process group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _follow_parent() -> None:
    """Ask the kernel for a SIGTERM when the supervisor dies, however it dies; else kill -9 would leave orphans."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
