"""A standing linkage: kept on disk after a full run, so that a day's delivery is taken in within seconds."""

from selaras.engines.linkage.standing.building import Builder
from selaras.engines.linkage.standing.folder import (
    Busy,
    Damaged,
    NoIndex,
    commit,
    described,
    emptied,
    load,
    locked,
    next_generation,
    part,
    save_state,
    wipe,
)
from selaras.engines.linkage.standing.index import Index
from selaras.engines.linkage.standing.sealing import WrongKey
from selaras.engines.linkage.standing.taking import Added, Taken, add_rows, nothing_added, take_in
from selaras.engines.linkage.standing.whole import Drifted, Whole, whole

__all__ = [
    "Added", "Builder", "Busy", "Damaged", "Drifted", "Index", "NoIndex", "Taken", "Whole", "WrongKey", "add_rows", "commit",
    "described", "emptied", "load", "locked", "next_generation", "nothing_added", "part", "save_state", "take_in", "whole", "wipe",
]  # fmt: skip
