"""A folder for plain files while a job works: closed to others, wiped at the end, and after a kill by the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from selaras.engines.held import hold

OURS = "area-"


@contextmanager
def work_area(kind: str) -> Iterator[Path]:
    """Give an empty folder of mode 0700 under SELARAS_WORK, and remove it with all that is in it afterwards.

    Its owner holds a lock on it while it lives. What a killed process left is known by its free lock and wiped here.
    """
    root = _root()
    with _locked(root):
        _sweep(root)
        area = Path(tempfile.mkdtemp(prefix=f"{OURS}{kind}-", dir=root))
        held = hold(area)
    try:
        yield area
    finally:
        shutil.rmtree(area)
        if held is not None:
            os.close(held)


def wipe_leftovers() -> int:
    """Remove the folders of processes that are gone; give their number."""
    root = _root()
    with _locked(root):
        return _sweep(root)


def _root() -> Path:
    root = Path(settings.SELARAS_WORK)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Only one process at a time makes or wipes folders, so that none is wiped before its owner has locked it."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(root: Path) -> int:
    wiped = 0
    for area in [entry for entry in root.iterdir() if entry.is_dir() and entry.name.startswith(OURS)]:
        with suppress(FileNotFoundError):
            handle = hold(area)
            if handle is not None:
                shutil.rmtree(area)
                os.close(handle)
                wiped += 1
    return wiped
