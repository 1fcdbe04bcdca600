"""A folder that a process holds for as long as it lives: whether its owner was killed is known by the lock that is free."""

import fcntl
import os
from pathlib import Path


def hold(folder: Path) -> int | None:
    """Lock a folder, and give the handle whose closing lets it go; None when another process holds it.

    Raises FileNotFoundError when the folder is gone. The system lets go of it by itself when the process ends, however it ends.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
