"""What this process may hold in memory: arrays beyond that live in mapped files, which the kernel can write out and read back.

The limit is the process's own, as memory is, and not handed from call to call. It is about memory that nothing but swap could
take over; pages of mapped files are the kernel's to drop. Files have no name, or lose it at once: a killed run leaves none.
"""

import ctypes
import fcntl
import mmap
import os
import re
import resource
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_MEGA = 1 << 20
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)I?B?", re.IGNORECASE)
# Where the limit of a control group stands, by the controllers that a line of /proc/self/cgroup names; none is version 2.
_CGROUPS = {"": ("/sys/fs/cgroup", "memory.max"), "memory": ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")}
# What else runs on the machine, and the pages of files that one wants to keep in memory, get the rest.
_SHARE_OF_MACHINE = 0.8
# Arrays that last fill half of the limit; the other half is for what passes within a stage.
_SHARE_OF_ARRAYS = 0.5
# mallopt(3): from this size on an allocation is a mapping of its own, which goes back to the system the moment it is let go.
_M_MMAP_THRESHOLD = -3
_LARGE = _MEGA
# What reading one column of text of the largest register takes, and what stays of each row while the rest is read.
_START, _BYTES_A_ROW, _BYTES_OF_ALL = 64 * _MEGA, 230, 40
_WORK = ".work"


class TooLittle(MemoryError):
    """The limit is below what the work needs: `limit` and `needed` in bytes."""

    def __init__(self, limit: int, needed: int) -> None:
        super().__init__(f"{limit} bytes of memory are too little; {needed} are needed.")
        self.limit, self.needed = limit, needed


class InUse(RuntimeError):
    """Another run works in this folder."""


class _Limit:
    """The limit in force: `most` bytes of memory, and the `folder` for what is beyond it."""

    def __init__(self, most: int, folder: Path | None) -> None:
        self.most, self.folder, self.spilled = most, folder, 0


_now = _Limit(0, None)


def size_of(text: str) -> int:
    """Bytes of a size as people write it: 800MB, 2 GB, 1.5G. Raises ValueError."""
    read = _SIZE.fullmatch(text.strip())
    if not read:
        raise ValueError(f"{text!r} is not a size such as 800MB or 2GB.")
    return int(float(read[1]) * _UNITS[read[2].upper()])


def allowed() -> int:
    """Bytes that this process may use by default: four fifths of the machine's memory, or of its container's."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _limits():
        with suppress(OSError, ValueError):  # not there, or "max"
            whole = min(whole, int(path.read_text()))
    return int(whole * _SHARE_OF_MACHINE)


def _limits() -> Iterator[Path]:
    """Files that may hold the limit of this process's control group, or of one around it."""
    mine: list[tuple[str, str]] = []
    with suppress(OSError):
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        mine = [(kinds, path) for _, kinds, path in (line.split(":", 2) for line in lines)]
    for kind, (root, name) in _CGROUPS.items():
        # Inside a container its own group is what stands at the root.
        yield Path(root) / name
        for kinds, path in mine:
            if kind in kinds.split(","):
                own = Path(path.lstrip("/"))
                yield from (Path(root) / inner / name for inner in (own, *own.parents))


@contextmanager
def limited(folder: Path, most: int | None = None) -> Iterator[None]:
    """Hold at most `most` bytes (`allowed()` for None) while this lasts; what is beyond lives in `folder`, of mode 0700."""
    global _now
    before, _now = _now, _Limit(allowed() if most is None else most, folder)
    try:
        yield
    finally:
        _now = before


@contextmanager
def working_in(out: Path) -> Iterator[Path]:
    """A work folder of mode 0700 in `out`, for one run at a time, wiped afterwards, and what a killed run left before.

    Raises InUse while another run works in `out`.
    """
    there = out.exists()
    out.mkdir(parents=True, exist_ok=True)
    lock = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    work = out / _WORK
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"Another run is writing to {out}.") from None
        shutil.rmtree(work, ignore_errors=True)
        for half in out.glob(f".*.{'[0-9a-f]' * 32}"):
            half.unlink(missing_ok=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(lock)
        if not there:
            # A run that wrote nothing leaves nothing: only an empty folder can be removed so.
            with suppress(OSError):
                out.rmdir()


def empty(size: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array to be filled, in memory or in a mapped file."""
    bytes_of = size * np.dtype(dtype).itemsize
    if not _beyond(bytes_of):
        out = np.empty(size, dtype=dtype)
        if _now.folder and bytes_of >= _LARGE:
            # Touched, so that what is promised counts as held when the next array is asked for.
            out.view(np.uint8)[:: mmap.PAGESIZE] = 0
        return out
    return _mapped(size, np.dtype(dtype))


def zeros(size: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """`empty` with nothing but zeros in it."""
    kind = np.dtype(dtype)
    return _mapped(size, kind) if _beyond(size * kind.itemsize) else np.zeros(size, dtype=kind)


def aside(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array, or its copy in a mapped file when what is held goes beyond the limit."""
    if not _beyond(0, array.nbytes):
        return array
    out = _mapped(array.size, array.dtype)
    out[:] = array
    return out


def frame_aside(frame: pl.DataFrame) -> pl.DataFrame:
    """The same for the columns of a table."""
    if not _beyond(0, int(frame.estimated_size())) or not _now.folder:
        return frame
    handle, name = tempfile.mkstemp(dir=_now.folder)
    os.close(handle)
    try:
        frame.write_ipc(name, compression="uncompressed")
        _now.spilled += Path(name).stat().st_size
        mapped = pa.ipc.open_file(pa.memory_map(name)).read_all()  # type: ignore[no-untyped-call]
        return pl.DataFrame(pl.from_arrow(mapped, rechunk=False))
    finally:
        os.unlink(name)


def enough_for(rows: Sequence[int]) -> None:
    """Raise TooLittle when the limit cannot do for registers of so many rows."""
    needed = held() + _START + _BYTES_A_ROW * max(rows, default=0) + _BYTES_OF_ALL * sum(rows)
    if _now.folder and needed > _now.most:
        raise TooLittle(_now.most, needed)


def told() -> dict[str, float]:
    """What a run says of its memory, in MB: its peak, and under a limit that limit and what was put into files."""
    peak = _peak()
    if not _now.folder:
        return {"peak_memory_mb": peak}
    limit, spilled = (round(size / _MEGA, 1) for size in (_now.most, _now.spilled))
    return {"peak_memory_mb": peak, "memory_limit_mb": limit, "memory_spilled_mb": spilled}


def _peak() -> float:
    """The most that this process held at once, in MB. What `getrusage` says begins with its parent's."""
    with suppress(OSError, StopIteration):
        status = Path("/proc/self/status").read_text().splitlines()
        return round(int(next(line.split()[1] for line in status if line.startswith("VmHWM:"))) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def held() -> int:
    """Bytes of this process's own memory; 0 where the system does not tell."""
    try:
        resident, shared = (int(part) for part in Path("/proc/self/statm").read_text().split()[1:3])
    except OSError:
        return 0
    return (resident - shared) * mmap.PAGESIZE


def give_back() -> None:
    """Let arrays go back to the system as soon as they are let go.

    The C library raises that size to 32 MB by itself; columns of a million rows then leave holes that nothing fills.
    Where there is no such setting nothing happens.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def _beyond(more: int, own: int = 0) -> bool:
    """Whether `more` bytes, or `own` ones that are held already, are to live in a file."""
    return bool(_now.folder) and max(more, own) >= _LARGE and held() + more > _now.most * _SHARE_OF_ARRAYS


def _mapped(size: int, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """An array of zeros in a nameless file; its room on the disk is taken at once, since a full disk would kill the run later."""
    length = size * dtype.itemsize
    with tempfile.TemporaryFile(dir=_now.folder) as file:
        os.posix_fallocate(file.fileno(), 0, length)
        pages = mmap.mmap(file.fileno(), length)
    _now.spilled += length
    return np.frombuffer(pages, dtype=dtype)
