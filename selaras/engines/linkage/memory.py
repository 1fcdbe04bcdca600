"""What this process holds in memory."""

import ctypes
import resource
from contextlib import suppress

_MEGA = 1 << 20
# mallopt(3): from this size on an allocation is a mapping of its own, which goes back to the system the moment it is let go.
_M_MMAP_THRESHOLD = -3
_LARGE = _MEGA


def give_back() -> None:
    """Let arrays go back to the system as soon as they are let go.

    The C library raises that size to 32 MB by itself; columns of a million rows then leave holes that nothing fills.
    Where there is no such setting nothing happens.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def peak() -> float:
    """The most that this process held at once so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
