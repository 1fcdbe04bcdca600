"""Frozen statistics as bytes and back."""

import io
import json
from typing import Any

import numpy as np

from selaras.engines.linkage.naming import Rarity
from selaras.engines.linkage.statistics import Statistics

_NUMBERS = ("niks", "passports", "phones", "births")
_RARITY = ("names", "name_rarity", "words", "word_rarity")


def written(s: Statistics) -> bytes:
    """All of it, rarities included; without them a row would mean another thing later."""
    if s.rarity is None:
        raise ValueError("Statistics are frozen with the rarities of names.")
    plain = {
        "latest": s.latest,
        "homes": [[region, home] for region, home in s.homes.items()],
        "usual": list(s.usual),
        "a_day": s.a_day,
        "room": s.room,
        "unseen": s.rarity.unseen,
        "crowds": {source: dates.tolist() for source, dates in s.crowds.items()},
    }
    arrays: dict[str, Any] = {name: getattr(s, name) for name in _NUMBERS}
    arrays |= {name: getattr(s.rarity, name) for name in _RARITY}
    content = io.BytesIO()
    np.savez(content, plain=np.frombuffer(json.dumps(plain).encode(), dtype=np.uint8), **arrays)
    return content.getvalue()


def read(content: bytes | memoryview) -> Statistics:
    """What `written` wrote."""
    with np.load(io.BytesIO(content)) as arrays:
        plain = json.loads(arrays["plain"].tobytes())
        rarity = Rarity(**{name: arrays[name] for name in _RARITY}, unseen=plain["unseen"])
        return Statistics(
            **{name: arrays[name] for name in _NUMBERS},
            crowds={source: np.array(dates, dtype=np.int32) for source, dates in plain["crowds"].items()},
            latest=plain["latest"],
            homes=dict(plain["homes"]),
            usual=tuple(plain["usual"]),
            a_day=plain["a_day"],
            room=plain["room"],
            rarity=rarity,
        )
