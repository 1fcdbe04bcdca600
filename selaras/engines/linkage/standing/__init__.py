"""A standing linkage: kept on disk after a full run, so that a day's delivery is taken in within seconds."""

from selaras.engines.linkage.standing.building import Builder
from selaras.engines.linkage.standing.folder import (
    Busy,
    NoIndex,
    commit,
    described,
    load,
    locked,
    part,
    save_state,
    wipe,
)
from selaras.engines.linkage.standing.index import Index
from selaras.engines.linkage.standing.sealing import WrongKey
from selaras.engines.linkage.standing.taking import Taken, take_in

__all__ = [
    "Builder", "Busy", "Index", "NoIndex", "Taken", "WrongKey", "commit", "described", "load", "locked", "part", "save_state",
    "take_in", "wipe",
]  # fmt: skip
