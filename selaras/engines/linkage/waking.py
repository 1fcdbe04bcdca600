"""Loops taken from disk beside other work: Numba's first one takes it a second, each other a hundredth, for which nobody need wait."""

import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from selaras.engines.linkage.compiled import KEPT_IN, LOOPS, compiled

# A loop by its name, and the types that it was called with.
Used = tuple[str, tuple[Any, ...]]


@compiled
def _first(number: int) -> int:
    return number


@contextmanager
def awake(work: str) -> Iterator[Callable[[], None]]:
    """Let Numba and Arrow wake, and take from disk the loops that earlier work of this name took; gives what waits for it.

    What the work took itself is noted when it has ended well.
    """
    with ThreadPoolExecutor(1) as beside:
        waking = beside.submit(_wake, work)
        yield waking.result
    _note(work)


def _wake(work: str) -> None:
    _first(0)
    # Arrow makes its functions when the first of them is asked for.
    pa.array([0]).take(pa.array([0]))
    for name, types in _noted(work):
        if name in LOOPS:
            LOOPS[name].compile(types)


def _place(work: str) -> Path:
    return Path(KEPT_IN) / f"{work}.loops"


def _noted(work: str) -> list[Used]:
    """The loops that earlier work took; none where nothing can be read, for then each is taken when it is called."""
    try:
        # It lies among machine code that is run as it is found.
        noted: list[Used] = pickle.loads(_place(work).read_bytes())  # noqa: S301
    except Exception:
        return []
    return noted


def _note(work: str) -> None:
    """Note what was taken from disk. What had to be compiled is not among it: the next work does not call all of that by itself."""
    if not KEPT_IN:
        return
    used = [(name, types) for name, loop in LOOPS.items() if hasattr(loop, "stats") for types in loop.stats.cache_hits]
    noted = _noted(work)
    if new := [one for one in used if one not in noted]:
        aside = _place(work).with_suffix(f".{os.getpid()}")
        try:
            aside.write_bytes(pickle.dumps(noted + new))
            os.replace(aside, _place(work))
        except OSError:
            aside.unlink(missing_ok=True)
