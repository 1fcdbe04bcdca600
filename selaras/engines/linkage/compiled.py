"""Loops over millions of pairs, compiled once and kept on disk, and run on every core."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit
from numba.core import config

P = ParamSpec("P")
R = TypeVar("R")

CORES = max(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 1)
_PARTS_A_CORE = 8
_FOLDER = "compiled-"


def _place_for_machine_code(chosen: str) -> str:
    """A folder named by the engine's whole source, in the chosen one, or beside the source, or else in the user's cache;
    empty when none can be written.

    Numba looks only at the file of the outermost loop: a change in a loop that it calls would go unseen, and an
    upgraded engine would run old machine code.
    """
    here = Path(__file__).parent
    source = blake2b(digest_size=8)
    for path in sorted(here.rglob("*.py")):
        source.update(path.read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME") or "/nonexistent") / ".cache")
    for folder in (Path(chosen),) if chosen else (here / "__pycache__", cache / "selaras"):
        kept = folder / (_FOLDER + source.hexdigest())
        try:
            kept.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(kept, os.W_OK):
            for old in folder.glob(f"{_FOLDER}*"):
                if old != kept:
                    shutil.rmtree(old, ignore_errors=True)
            return str(kept)
    return ""


# Numba's settings are made by name when it starts, so that a type checker sees none of them.
setattr(config, "CACHE_DIR", _place_for_machine_code(getattr(config, "CACHE_DIR", "")))  # noqa: B010
KEPT_IN: str = getattr(config, "CACHE_DIR", "")
# Every loop by its name.
LOOPS: dict[str, Any] = {}


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop on its first call; it holds no lock of the interpreter, so that threads run side by side."""
    loop = LOOPS[f"{function.__module__}.{function.__qualname__}"] = njit(
        cache=bool(KEPT_IN), nogil=True, error_model="numpy"
    )(function)
    return cast(Callable[P, R], loop)


def in_parts(
    length: int, work: Callable[[int, int], Any], done: Callable[[int], None] | None = None, least: int = 1 << 15
) -> list[Any]:
    """Call `work(start, stop)` for parts that cover 0 to `length`, on all cores; results in order of the parts."""
    size = max(least, -(-length // (CORES * _PARTS_A_CORE)))
    if length <= size:
        results = [work(0, length)] if length else []
        if done and length:
            done(length)
        return results
    results = []
    with ThreadPoolExecutor(CORES) as pool:
        parts = [(start, min(start + size, length)) for start in range(0, length, size)]
        for (_, stop), result in zip(parts, pool.map(lambda part: work(*part), parts), strict=True):
            results.append(result)
            if done:
                done(stop)
    return results
