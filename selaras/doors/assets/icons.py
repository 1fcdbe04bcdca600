"""Which Tabler icons the pages may use: the names in icons.txt, no others."""

from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("icons.txt")


@cache
def icon_names() -> tuple[str, ...]:
    """Names of the icons in the sprite, in order."""
    lines = LIST.read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
