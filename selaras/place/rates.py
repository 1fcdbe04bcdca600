"""What a month's pay can be at all, and what currencies are worth in rupiah: rounded, to compare and to catch slips, never to pay."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

from selaras.engines.contracts import WageBounds


@cache
def bounds() -> WageBounds:
    """Give the bounds of a month's pay with the worth of each known currency; the rupiah is worth one."""
    data = tomllib.loads(Path(__file__).with_name("rates.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    rates = {name: Decimal(worth) for name, worth in data["rates"].items()}
    return WageBounds(Decimal(data["low"]), Decimal(data["high"]), {"IDR": Decimal(1), **rates})
